"""Carries deliveries over HTTP, over connections that are kept open."""

import http.client
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit


class Poster:
    """One connection for each thread and host."""

    def __init__(self) -> None:
        self._mine = threading.local()

    def __call__(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], timeout: float
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises :class:`OSError` where none came."""
        parts = urlsplit(url)
        kept = self._kept()
        rested = kept.pop(parts.netloc, None)
        if rested is not None and rested.sock is not None:
            rested.sock.settimeout(timeout)
            try:
                return self._exchange(rested, (method, parts, body, headers))
            except ConnectionError:
                pass  # It was closed while it rested.
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return self._exchange(kind(parts.netloc, timeout=timeout), (method, parts, body, headers))

    def _kept(self) -> dict[str, http.client.HTTPConnection]:
        if not hasattr(self._mine, "kept"):
            self._mine.kept = {}
        kept: dict[str, http.client.HTTPConnection] = self._mine.kept
        return kept

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        message: tuple[str, SplitResult, bytes, Mapping[str, str]],
    ) -> tuple[int, bytes]:
        method, parts, body, headers = message
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            connection.request(method, path, body or None, dict(headers))
            response = connection.getresponse()
            answered = response.status, response.read()
        except OSError:  # also where the other side hangs up without an answer
            connection.close()
            raise
        except http.client.HTTPException as fault:
            connection.close()
            raise OSError("no proper answer") from fault
        if response.will_close:
            connection.close()
        else:
            self._kept()[parts.netloc] = connection
        return answered
