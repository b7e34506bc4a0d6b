"""What guards every page: which addresses it answers to, the forms' tokens, and the headers of every response."""

import re
import secrets
from typing import Any

from flask import Flask, abort, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":\d{1,5}$")


def protect(app: Flask) -> None:
    """Adds the guards, the host's first: nothing else is looked at in a request that isn't meant for us."""
    app.before_request(refuse_other_hosts)
    CSRFProtect(app)
    app.after_request(add_headers)
    app.context_processor(_nonce_for_templates)


def refuse_other_hosts() -> None:
    """Only this machine's own names.

    The simulator has no sign-in. A hostile site can point a name of its own at 127.0.0.1 (DNS rebinding) and would then
    read these pages through a visitor's browser; the Host header still holds the site's name.
    """
    host = _PORT.sub("", request.environ.get("HTTP_HOST", "")).lower()
    if host not in HOSTS:
        abort(
            403,
            "This page answers only on the machine it runs on. Open it at 127.0.0.1 or at localhost, with the same port.",
        )


def nonce() -> str:
    """The request's own mark, without which the browser runs no script."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(18)
    return str(g.nonce)


def _nonce_for_templates() -> dict[str, Any]:
    return {"nonce": nonce()}


def add_headers(response: Response) -> Response:
    """The headers that tell a browser what it may do with the page: nothing from elsewhere, nothing inline, no frame."""
    mark = nonce()
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'nonce-{mark}'",
            f"style-src 'self' 'nonce-{mark}'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.endpoint != "static":
        # Pages quote people's messages: no cache may keep them.
        response.headers["Cache-Control"] = "no-store"
    return response
