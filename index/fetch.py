"""One page of the web, for `briefing ingest --allow-url`: to public addresses only, in bounds of time and size.

An address is looked up once, every answer is checked, and the connection goes to the address that was checked: a name
that answers otherwise the second time (DNS rebinding) gains nothing. Redirects are followed by hand, each checked anew.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from index.errors import BadReport

MAX_REDIRECTS = 5
_PIECE_BYTES = 65_536
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# IPv6 forms that carry an IPv4 address, which decides.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], list[str]]
"""IP addresses of a host name."""
Allow = Callable[[str], bool]
"""Whether an IP address may be connected to."""


class Page(NamedTuple):
    """What came."""

    address: str
    """After redirects."""
    media_type: str
    """As declared, lower case, "text/html"; empty when it is not."""
    data: bytes


class FetchLimits(NamedTuple):
    """For one page, redirects included."""

    seconds: float = 30.0
    max_bytes: int = 50_000_000


DEFAULT_LIMITS = FetchLimits()


def resolved(host: str, port: int) -> list[str]:
    """What the system's resolver says."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet: not here, not in a private network, no link's own."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def fetch(
    url: str, limits: FetchLimits = DEFAULT_LIMITS, *, resolve: Resolve = resolved, allow: Allow = is_public
) -> Page:
    """The page at `url`. Raises `BadReport` with the reason: refused, too large, too slow, or not there."""
    deadline = time.monotonic() + limits.seconds
    address = url
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(address)
        try:
            found = _get(parts, limits, deadline, resolve, allow)
        except TimeoutError:
            raise BadReport(f"it takes more than {limits.seconds:g} seconds to fetch; left alone") from None
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise BadReport(f"it cannot be fetched ({type(error).__name__}: {str(error)[:120]})") from None
        if isinstance(found, Page):
            return found._replace(address=address)
        address = _joined(address, found)
    raise BadReport(f"it leads on to other addresses more than {MAX_REDIRECTS} times; left alone")


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        raise BadReport(f"it leads on to {location[:200]!r}, which is no address") from None


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise BadReport(f"{address[:200]!r} is no address") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadReport(f"{address[:200]!r} is not fetched; expected http:// or https:// and a host")
    if parts.username is not None or port == 0:
        raise BadReport("an address with a name and password in it, or without a port, is not fetched")
    return parts


def _get(parts: SplitResult, limits: FetchLimits, deadline: float, resolve: Resolve, allow: Allow) -> Page | str:
    """The page, or the address it redirects to."""
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    addresses = resolve(host, port)
    # One private answer among public ones is no accident either.
    refused = [address for address in addresses if not allow(address)]
    if refused or not addresses:
        raise BadReport(
            f"{host} is at {refused[0] if refused else 'no address'}, which is not public; it is not fetched"
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    name = f"[{host}]" if ":" in host else host
    name = name if port == _PORTS[parts.scheme] else f"{name}:{port}"
    if any(not "!" <= character <= "~" for character in target + name):
        raise BadReport("the address holds characters that must be written as %XX")
    request = (
        f"GET {target} HTTP/1.1\r\nHost: {name}\r\nAccept: text/html, */*;q=0.5\r\n"
        "Accept-Encoding: identity\r\nUser-Agent: briefing\r\nConnection: close\r\n\r\n"
    )
    plain = socket.create_connection((addresses[0], port), timeout=max(0.01, deadline - time.monotonic()))
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    stream = secure.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False) if secure else plain
    # A socket's own timeout starts again with every byte; a server that drips would never be too slow.
    alarm = threading.Timer(max(0.0, deadline - time.monotonic()), _hang_up, (stream,))
    alarm.start()
    try:
        if isinstance(stream, ssl.SSLSocket):
            stream.do_handshake()
        stream.sendall(request.encode("ascii"))
        found = _reply(stream, limits)
        if time.monotonic() >= deadline:  # what came until we hung up may look whole
            raise TimeoutError
        return found
    except (OSError, http.client.HTTPException):
        if time.monotonic() >= deadline:
            raise TimeoutError from None
        raise
    finally:
        alarm.cancel()
        stream.close()


def _hang_up(stream: socket.socket) -> None:
    with suppress(OSError):
        stream.shutdown(socket.SHUT_RDWR)


def _reply(stream: socket.socket, limits: FetchLimits) -> Page | str:
    reply = http.client.HTTPResponse(stream)
    reply.begin()
    if reply.status in _REDIRECTS and reply.getheader("Location"):
        return str(reply.getheader("Location"))
    if reply.status != 200:
        raise BadReport(f"its server answers with status {reply.status}")
    if (reply.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise BadReport("its server sends it packed though asked not to; left alone")
    data = bytearray()
    while piece := reply.read(_PIECE_BYTES):
        data += piece
        if len(data) > limits.max_bytes:
            raise BadReport(f"it is larger than {limits.max_bytes / 1e6:,.0f} MB; left alone")
    if reply.length:  # what was announced did not all come
        raise http.client.IncompleteRead(b"", reply.length)
    media_type = (reply.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return Page("", media_type, bytes(data))
