"""Kept HTTP connections, for the desk's few kinds of request: httpx would cost several times as much for each.

What goes wrong is told in httpx's own words, so that its client serves as well (tests, proxies).
"""

import http.client
import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ssl import SSLContext
from typing import Protocol
from urllib.parse import SplitResult, quote, urlsplit
from urllib.request import getproxies

import httpx

KEPT_SECONDS = 5.0
"""How long an unused connection is kept; servers close theirs soon after."""
MOST_KEPT = 64
AS_IT_IS = "/?%:@!$&'()*+,;=~"
"""In a path and what follows it; whatever else isn't plain is written in percents."""
Place = tuple[str, str]
"""Scheme, and host with port."""


class Reply(Protocol):
    """An answer: its status, its headers and its body."""

    @property
    def status_code(self) -> int:
        """HTTP's number."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names as they came."""

    @property
    def content(self) -> bytes:
        """The whole body."""


class Client(Protocol):
    """What makes requests: :class:`Connections`, or httpx's client."""

    def request(
        self, method: str, url: str, *, content: bytes, headers: Mapping[str, str], timeout: httpx.Timeout
    ) -> Reply:
        """Makes the request. Raises :class:`httpx.HTTPError`."""


@dataclass(frozen=True)
class Answered:
    """An answer, read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class Connections:
    """Makes requests over connections that are used again. Threads share it; no proxies, no redirects, no cookies."""

    def __init__(self, context: Callable[[], SSLContext] = httpx.create_ssl_context) -> None:
        """``context`` says how servers prove who they are; it is asked for when the first connection needs it."""
        self._make_context = context
        self._context: SSLContext | None = None
        self._lock = threading.Lock()
        self._kept: dict[Place, list[tuple[float, http.client.HTTPConnection]]] = {}

    def request(
        self, method: str, url: str, *, content: bytes, headers: Mapping[str, str], timeout: httpx.Timeout
    ) -> Answered:
        """Makes the request, once. Raises :class:`httpx.TransportError`: a ConnectError or ConnectTimeout if none went out."""
        parts = urlsplit(url)
        place = (parts.scheme, parts.netloc)
        connection = self._take(place) or self._open(parts, timeout)
        if connection.sock is not None:
            connection.sock.settimeout(timeout.read)
        target = quote(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/", safe=AS_IT_IS)
        try:
            with _in_httpx_words():
                connection.request(method, target, content, {"User-Agent": "Signpost", **headers})
                answer = connection.getresponse()
                body = answer.read()
        except BaseException:
            connection.close()
            raise
        if not answer.will_close:
            self._keep(place, connection)
        return Answered(answer.status, dict(answer.getheaders()), body)

    def _take(self, place: Place) -> http.client.HTTPConnection | None:
        """A connection that was kept and seems alive: nothing was sent over it by the other side, such as its end."""
        while True:
            with self._lock:
                kept = self._kept.get(place)
                if not kept:
                    return None
                until, connection = kept.pop()
            if time.monotonic() < until and connection.sock is not None:
                readable, _, _ = select.select([connection.sock], [], [], 0)
                if not readable:
                    return connection
            connection.close()

    def _keep(self, place: Place, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            kept = self._kept.setdefault(place, [])
            if len(kept) < MOST_KEPT:
                kept.append((time.monotonic() + KEPT_SECONDS, connection))
                return
        connection.close()

    def _open(self, parts: SplitResult, timeout: httpx.Timeout) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(parts.netloc, timeout=timeout.connect, context=self._ssl())
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=timeout.connect)
        try:
            connection.connect()
        except TimeoutError as fault:
            connection.close()
            raise httpx.ConnectTimeout(str(fault)) from fault
        except (OSError, http.client.HTTPException) as fault:
            connection.close()
            raise httpx.ConnectError(str(fault)) from fault
        return connection

    def _ssl(self) -> SSLContext:
        with self._lock:
            if self._context is None:
                self._context = self._make_context()
            return self._context


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    try:
        yield
    except TimeoutError as fault:
        raise httpx.ReadTimeout(str(fault)) from fault
    except http.client.HTTPException as fault:
        raise httpx.RemoteProtocolError(str(fault)) from fault
    except OSError as fault:
        raise httpx.ReadError(str(fault)) from fault


def client_for_platforms() -> Client:
    """Connections of our own, or httpx's client where the environment names a proxy."""
    if getproxies():
        return httpx.Client(limits=httpx.Limits(max_keepalive_connections=MOST_KEPT))
    return Connections()
