"""Requests over kept connections: used again while they live, opened anew when they don't, and faults told for what they are."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from signpost.desk.connections import Connections, client_for_platforms

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
Answer = Callable[[BaseHTTPRequestHandler], None]


def say(handler: BaseHTTPRequestHandler, status: int = 200, **headers: str) -> None:
    body = b'{"ok": true}'
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


class Server:
    """Answers as it is told to, and remembers what was asked, and over which connection."""

    def __init__(self) -> None:
        self.answer: Answer = say
        self.asked: list[tuple[Any, str, dict[str, str], bytes]] = []
        told = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.asked.append((self.client_address, self.path, dict(self.headers), body))
                told.answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def connections(self) -> int:
        return len({address for address, *_rest in self.asked})

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with closing(Server()) as one:
        yield one


def post(connections: Connections, url: str, seconds: float = 30.0, **headers: str) -> Any:
    return connections.request("POST", url, content=b"hello", headers=headers, timeout=httpx.Timeout(seconds))


def test_a_request_arrives_as_it_was_made_and_so_does_its_answer(server):
    server.answer = lambda handler: say(handler, 429, **{"Retry-After": "7"})
    answer = post(Connections(), f"{server.url}/a/b?c=d%20e&f=\u00fc", Authorization="Bearer token")
    ((_address, path, headers, body),) = server.asked
    assert (path, headers["Authorization"], body) == ("/a/b?c=d%20e&f=%C3%BC", "Bearer token", b"hello")
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (429, "7", b'{"ok": true}')


def test_a_connection_is_used_again(server):
    connections = Connections()
    for _ in range(3):
        post(connections, server.url)
    assert (len(server.asked), server.connections) == (3, 1)


@pytest.mark.parametrize("says_so", [True, False])
def test_a_connection_that_the_other_side_has_closed_is_not(server, says_so):
    gone = threading.Event()

    def and_close(handler: BaseHTTPRequestHandler) -> None:
        say(handler, **({"Connection": "close"} if says_so else {}))
        handler.close_connection = True
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        gone.set()

    server.answer = and_close
    connections = Connections()
    for _ in range(3):
        assert post(connections, server.url).status_code == 200
        assert gone.wait(30)
        gone.clear()
    assert server.connections == 3


def test_a_redirect_is_not_followed(server):
    server.answer = lambda handler: say(handler, 302, Location="/elsewhere")
    assert post(Connections(), server.url).status_code == 302
    assert len(server.asked) == 1


def test_where_nobody_listens_nothing_went_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(httpx.ConnectError):
            post(Connections(), url)


def test_an_answer_that_never_comes_is_lost(server):
    done = threading.Event()
    server.answer = lambda _handler: done.wait(30) and None
    with pytest.raises(httpx.ReadTimeout):
        post(Connections(), server.url, seconds=0.05)
    done.set()


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"])
def test_an_answer_that_breaks_off_is_lost(server, said):
    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(said)
        handler.close_connection = True

    server.answer = break_off
    with pytest.raises(httpx.RemoteProtocolError):
        post(Connections(), server.url)


def test_a_server_that_proves_nothing_is_not_spoken_to(server):
    with pytest.raises(httpx.ConnectError):
        post(Connections(), server.url.replace("http:", "https:"))
    assert server.asked == []


def test_where_the_environment_names_a_proxy_it_is_gone_through(monkeypatch):
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    assert isinstance(client_for_platforms(httpx.create_ssl_context()), Connections)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    client = client_for_platforms(httpx.create_ssl_context())
    assert isinstance(client, httpx.Client)
    client.close()
