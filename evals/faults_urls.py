"""Fault 11: addresses that lead into the private network, to endless pages and to slow ones. Servers on loopback.

The resolver and the rule of what may be connected to are the tests' own, so that a server on 127.0.0.1 can play a
public one; connections to any other are counted.
"""

import http.server
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from evals.faults import Bench, Seen
from evals.loopback import served
from index.errors import BadReport
from index.fetch import FetchLimits, Page, fetch, is_public
from index.ingest import Rejection, read_reports

_PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12::9", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2001:db8::1", "not an address", "",
)  # fmt: skip
_PUBLIC = ("93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101")
_ODD_ADDRESSES = (
    "ftp://example.org/x", "file:///etc/passwd", "http://", "http://[", "http://user:word@example.org/",
    "http://example.org:0/", "http://example.org:99999/", "gopher://example.org/", "http://exa mple.org/a b",
    "http://example.org/\r\nHost: other", "http://2130706433/", "http://0x7f.1/", "http://localhost/",
)  # fmt: skip
_PAGE = (
    b"<html><head><meta name='date' content='2020-05-05'></head>"
    b"<body><p>The market of Gao reopened on 4 May 2020.</p></body></html>"
)
_LIMITS = FetchLimits(seconds=1.0, max_bytes=200_000)


def addresses(bench: Bench) -> Seen:  # noqa: ARG001 - every row takes it
    """Refused by default; with leave, what is private stays out and limits are kept."""
    failures: list[str] = []
    failures += [f"{address} counts as public" for address in _PRIVATE if is_public(address)]
    failures += [f"{address} counts as private" for address in _PUBLIC if not is_public(address)]
    [refusal] = read_reports(["http://example.org/"])
    if not isinstance(refusal, Rejection) or "--allow-url" not in refusal.reason:
        failures.append(f"fetched without leave, or not said how: {refusal}")
    for address in _ODD_ADDRESSES:
        if not _is_refused(address):
            failures.append(f"{address!r} was not refused")
    with _server() as (port, visits), _server() as (inner, private_visits):
        cases = _served_cases(port, inner)
        for name, run in cases.items():
            began = time.monotonic()
            wrong = run()
            if wrong:
                failures.append(f"{name}: {wrong}")
            # The page that is read also starts a parser.
            if run is not cases["a page"] and time.monotonic() - began > 3 * _LIMITS.seconds:
                failures.append(f"{name}: took {time.monotonic() - began:.1f} s of {_LIMITS.seconds:g}")
        if private_visits:
            failures.append(f"{len(private_visits)} private connections: {private_visits[0]}")
    count = len(_PRIVATE) + len(_PUBLIC) + 1 + len(_ODD_ADDRESSES) + len(cases)
    return Seen(count, f"0 private connections, {len(visits)} to the server that may be reached", tuple(failures))


def _served_cases(port: int, inner: int) -> dict[str, Callable[[], str]]:
    """What is wrong with each case; empty when it holds. `inner` is the port of a server that nobody may reach."""
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        if host == "rebinding.example":  # public the first time, private from then on
            return ["127.0.0.1"] if asked.count(host) == 1 else ["10.0.0.1"]
        return {"inner.example": ["10.0.0.1"], "both.example": ["127.0.0.1", "10.0.0.1"]}.get(host, ["127.0.0.1"])

    def get(path: str, host: str = "good.example", at: int = port) -> Page:
        return fetch(f"http://{host}:{at}{path}", _LIMITS, resolve=resolve, allow=lambda ip: ip == "127.0.0.1")

    def refused(path: str, because: str, host: str = "good.example", at: int = port) -> Callable[[], str]:
        def run() -> str:
            try:
                get(path, host, at)
            except BadReport as error:
                return "" if because in str(error) else f"refused for another reason: {error}"
            return "not refused"

        return run

    def read() -> str:
        found = list(read_reports([f"http://good.example:{port}/page"], fetch=lambda _: get("/page")))
        return "" if len(found) == 1 and not isinstance(found[0], Rejection) else f"not read: {found}"

    def rebound() -> str:
        page = get("/page", "rebinding.example")
        return "" if page.data == _PAGE and asked.count("rebinding.example") == 1 else "looked up twice"

    return {
        "a page": read,
        "rebinding": rebound,
        "a private host": refused("/", "not public", "inner.example", inner),
        "one private address of two": refused("/", "not public", "both.example"),
        "a redirect to a private host": refused(f"/to/http://inner.example:{inner}/", "not public"),
        "a redirect to a file": refused("/to/file:///etc/passwd", "not fetched"),
        "redirects for ever": refused("/loop", "more than 5 times"),
        "endless": refused("/endless", "larger than"),
        "announced too large": refused("/huge", "larger than"),
        "slow head": refused("/stall", "seconds"),
        "drips": refused("/drip", "seconds"),
        "drips its head": refused("/driphead", "seconds"),
        "cut off": refused("/cut", "cannot be fetched"),
        "packed": refused("/packed", "packed"),
        "not there": refused("/none", "status 404"),
        "nobody listens": refused("/", "cannot be fetched", at=_free_port()),
    }


def _is_refused(address: str) -> bool:
    try:
        fetch(address, FetchLimits(seconds=1.0), resolve=_loopback)
    except BadReport:
        return True
    return False


def _loopback(host: str, port: int) -> list[str]:  # noqa: ARG001 - as a resolver is called
    return ["127.0.0.1"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server() -> Generator[tuple[int, list[str]]]:
    """A server on loopback that misbehaves by path; its port, and the paths that were asked for."""
    visits: list[str] = []
    done = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):  # the standard library's server is used by subclassing
        def do_GET(self) -> None:
            visits.append(self.path)
            try:
                _misbehave(self, done)
            except OSError:  # the client has gone, as it should
                self.close_connection = True

    with served(Handler) as port:
        try:
            yield port, visits
        finally:
            done.set()


def _misbehave(request: http.server.BaseHTTPRequestHandler, done: threading.Event) -> None:
    path, write = request.path, request.wfile.write
    if path == "/page":
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(_PAGE), _PAGE))
    elif path.startswith("/to/"):
        write(f"HTTP/1.1 302 Found\r\nLocation: {path.removeprefix('/to/')}\r\nContent-Length: 0\r\n\r\n".encode())
    elif path == "/loop":
        write(b"HTTP/1.1 301 Moved\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")
    elif path in ("/endless", "/huge"):
        write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 999999999999\r\n" if path == "/huge" else b"") + b"\r\n")
        while not done.is_set():
            write(b"x" * 65_536)
    elif path == "/stall":
        done.wait(5)
    elif path in ("/drip", "/driphead"):
        write(b"HTTP/1.1 200 OK\r\n" + (b"X: " if path == "/driphead" else b"\r\n"))
        while not done.wait(0.05):
            write(b"x")
    elif path == "/cut":
        write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")
    elif path == "/packed":
        write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    else:
        write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    request.close_connection = True
