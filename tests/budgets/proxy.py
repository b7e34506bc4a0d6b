"""Stands between the assistant and the action server, and counts what goes from one to the other."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = 30


class Proxy(ThreadingHTTPServer):
    """Passes requests on to ``port``, once they ``may_pass``.

    ``bytes_sent`` are those of their bodies, ``given_up`` are the calls nobody waited for.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to = port
        self.bytes_sent = self.given_up = 0
        self.lock, self.may_pass = threading.Lock(), threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.bytes_sent += len(body)
        self.server.may_pass.wait(SECONDS)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.to, timeout=SECONDS)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        connection.request("POST", self.path, body, kept)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
        self.send_header("Content-Length", str(len(content)))
        try:
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True
            with self.server.lock:
                self.server.given_up += 1

    def log_message(self, *_arguments: object) -> None:
        pass
