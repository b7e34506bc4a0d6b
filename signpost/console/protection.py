"""What guards every page: which addresses it answers to, the forms' tokens, and the headers of every response."""

import secrets
from typing import Any

from flask import Flask, abort, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from signpost.console.hosts import Hosts, from_another_site
from signpost.console.roles import STATIC

SIMULATOR = "simulator"
A_YEAR = 365 * 24 * 3600
_HOSTS = "signpost_hosts"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def protect(app: Flask, hosts: Hosts) -> None:
    """Adds the guards, the host's first: nothing else is looked at in a request that isn't meant for us."""
    app.extensions[_HOSTS] = hosts
    if hosts.proxies:
        # Not x_host: a name that somebody only says they asked for must not open the simulator.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hosts.proxies, x_proto=hosts.proxies, x_host=0, x_port=0, x_prefix=0
        )
    app.session_interface = CarefulCookies()
    app.before_request(refuse_other_hosts)
    app.before_request(refuse_other_sites)
    CSRFProtect(app)
    app.after_request(add_headers)
    app.context_processor(_for_templates)


def refuse_other_hosts() -> None:
    """Only this machine's own names, and the console's public ones; the simulator only under this machine's own."""
    if on_this_machine():
        return
    if not _hosts().is_public(request):
        abort(
            403,
            "This page answers only on the machine it runs on. Open it at 127.0.0.1 or at localhost, with the same port.",
        )
    if request.blueprint == SIMULATOR:
        abort(403, "The simulator has no sign-in, so it answers only on the machine it runs on.")


def refuse_other_sites() -> None:
    """Nothing is changed because another site's page says so, whether it has a form's token or not."""
    if request.method not in _READING and from_another_site(request):
        abort(
            403,
            "This form was sent from another website, so nothing was done. Go to the page itself and send it there.",
        )


def on_this_machine() -> bool:
    """Whether somebody on this machine asks, under one of its own names: only they may open the simulator."""
    return _hosts().is_own(request)


class CarefulCookies(SecureCookieSessionInterface):
    """The session's cookie travels over HTTPS only, except on this machine, which has none."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie is marked Secure."""
        hosts: Hosts = app.extensions[_HOSTS]
        return not hosts.is_own(request)


def nonce() -> str:
    """The request's own mark, without which the browser runs no script."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(18)
    return str(g.nonce)


def _for_templates() -> dict[str, Any]:
    return {"nonce": nonce()}


def _hosts() -> Hosts:
    hosts: Hosts = current_app.extensions[_HOSTS]
    return hosts


def add_headers(response: Response) -> Response:
    """The headers that tell a browser what it may do with the page: nothing from elsewhere, nothing inline, no frame."""
    mark = nonce()
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'nonce-{mark}'",
            f"style-src 'self' 'nonce-{mark}'",
            "worker-src 'self'",
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
    if request.is_secure and _hosts().is_public(request):
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    if request.endpoint != STATIC:
        # Pages quote people's messages: no cache may keep them.
        response.headers["Cache-Control"] = "no-store"
    return response
