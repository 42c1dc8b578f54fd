"""Who may reach the page: which addresses are this machine's own, and the check of a login."""

import hmac
import ipaddress
import time
from collections.abc import Callable

_REFUSED_LOGINS = 10
_REFUSED_FOR_S = 60.0


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach a server at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def own_names(host: str) -> frozenset[str]:
    """The names that a browser on this machine uses for a server at the loopback address `host`."""
    return frozenset({"127.0.0.1", "localhost", "[::1]", host.casefold()})


def gate(name: str, password: str) -> Callable[[str, str], bool]:
    """Checks a login in constant time; after ten wrong ones in a minute, refuses all for a while: guessing is slow."""
    wrong: list[float] = []

    def is_welcome(given_name: str, given_password: str) -> bool:
        now = time.monotonic()
        wrong[:] = [at for at in wrong if now - at < _REFUSED_FOR_S]
        if len(wrong) >= _REFUSED_LOGINS:
            return False
        is_name = hmac.compare_digest(given_name.encode(), name.encode())
        if hmac.compare_digest(given_password.encode(), password.encode()) and is_name:
            return True
        wrong.append(now)
        return False

    return is_welcome
