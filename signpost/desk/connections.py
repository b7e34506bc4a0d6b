"""Kept HTTP connections (urllib3), for the desk's few kinds of request: httpx takes more than twice as long for each.

What goes wrong is told in httpx's own words, so that its client serves as well (tests, proxies).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ssl import SSLContext
from typing import Protocol
from urllib.request import getproxies

import httpx
import urllib3
from urllib3 import exceptions as faults

MOST_KEPT = 64


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

    def __init__(self, context: SSLContext | None = None) -> None:
        """``context`` says how servers prove who they are; none where only loopback is spoken to."""
        self._pools = urllib3.PoolManager(maxsize=MOST_KEPT, retries=False, ssl_context=context)

    def request(
        self, method: str, url: str, *, content: bytes, headers: Mapping[str, str], timeout: httpx.Timeout
    ) -> Answered:
        """Makes the request, once. Raises :class:`httpx.TransportError`: a ConnectError or ConnectTimeout if none went out."""
        with _in_httpx_words():
            answer = self._pools.urlopen(
                method,
                url,
                redirect=False,
                body=content,
                headers={"User-Agent": "Signpost", **headers},
                timeout=urllib3.Timeout(connect=timeout.connect, read=timeout.read),
            )
        return Answered(answer.status, answer.headers, answer.data)


@contextmanager
def _in_httpx_words() -> Iterator[None]:
    try:
        yield
    except faults.NewConnectionError as fault:
        raise httpx.ConnectError(str(fault)) from fault
    except faults.ConnectTimeoutError as fault:
        raise httpx.ConnectTimeout(str(fault)) from fault
    except faults.SSLError as fault:
        # Who the other side is, is settled before anything is sent.
        raise httpx.ConnectError(str(fault)) from fault
    except faults.ReadTimeoutError as fault:
        raise httpx.ReadTimeout(str(fault)) from fault
    except faults.HTTPError as fault:
        raise httpx.RemoteProtocolError(str(fault)) from fault


def client_for_platforms(context: SSLContext) -> Client:
    """Connections of our own, or httpx's client where the environment names a proxy."""
    if getproxies():
        return httpx.Client(verify=context, limits=httpx.Limits(max_keepalive_connections=MOST_KEPT))
    return Connections(context)
