"""Posts to a server of this machine over connections that are kept, one a thread."""

import http.client
import threading
from collections.abc import Mapping

from signpost.bench.product import NoReply


class Poster:
    """A client of one port on loopback; threads share it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._mine = threading.local()

    def post(self, path: str, body: bytes, headers: Mapping[str, str], patience: float) -> bytes:
        """The body of an answer 200. Raises :class:`NoReply` where there is none."""
        rested = hasattr(self._mine, "connection")
        try:
            try:
                answer, content = self._exchange(path, body, headers, patience)
            except (ConnectionError, http.client.BadStatusLine):
                if not rested:
                    raise
                # It was closed while it rested.
                self.close()
                answer, content = self._exchange(path, body, headers, patience)
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise NoReply(f"no answer ({type(fault).__name__})") from None
        if answer.will_close:
            self.close()
        if answer.status != http.client.OK:
            raise NoReply(f"answered with status {answer.status}")
        return content

    def close(self) -> None:
        """Closes this thread's connection."""
        connection = self._mine.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    def _exchange(
        self, path: str, body: bytes, headers: Mapping[str, str], patience: float
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self._connection(patience)
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer, answer.read()

    def _connection(self, patience: float) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._mine, "connection", None)
        if kept is None:
            kept = self._mine.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=patience)
        elif kept.sock is not None:
            kept.sock.settimeout(patience)
        return kept
