"""Puts the platforms' interfaces, their controls and their pages together as one application, and serves it."""

import secrets
from typing import Any

from flask import Flask, abort, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from signpost.console.hosts import Hosts

from .control import control
from .interface import interface
from .pages import pages
from .platforms import Platforms

MOST_BYTES = 16 * 1024 * 1024


class _QuietHandler(WSGIRequestHandler):
    """Writes no line for each request: it would be most of the work under load."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def only_this_machine() -> None:
    """No other names: a hostile site could point one of its own at 127.0.0.1 and read these pages through a browser."""
    if not Hosts().is_own(request):
        abort(403, "The rehearsal's platforms answer only at 127.0.0.1 or at localhost.")


def create_app(platforms: Platforms, intake: str) -> Flask:
    """The application."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=secrets.token_hex(),
        SESSION_COOKIE_NAME="rehearsal_platforms",
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(only_this_machine)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.register_blueprint(interface(platforms))
    app.register_blueprint(control(platforms, intake))
    app.register_blueprint(pages(app, platforms))

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app


def serve(platforms: Platforms, intake: str, port: int = 0) -> BaseWSGIServer:
    """A server on loopback, bound but not yet serving; ``port`` 0 takes a free one. A thread for each connection."""
    arguments: dict[str, Any] = {"threaded": True, "request_handler": _QuietHandler}
    return make_server("127.0.0.1", port, create_app(platforms, intake), **arguments)
