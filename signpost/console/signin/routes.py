"""The pages' addresses: signing in and out, what was kept meanwhile, and one's own account."""

import ipaddress
from typing import cast

from flask import Blueprint, Flask, Response, make_response, render_template
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_limiter.util import get_remote_address

from signpost.console.parts import Parts
from signpost.console.signin import pages_account, pages_first, pages_kept, pages_local, pages_provider

NETWORK_BITS = 64
"""Of an IPv6 address: a household or an office has at least so many addresses to itself."""
TOO_MANY = (
    "Too many people have tried to sign in from your network, or one person too often. Wait a minute, then try again."
)


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages = Blueprint("signin", __name__)
    # Counted in memory: it slows guessing down, and the accounts' own locks hold wherever somebody comes from.
    limiter = Limiter(who_asks, storage_uri="memory://", headers_enabled=False)
    limited = limiter.shared_limit(parts.signing_in.attempts, scope="sign-in")
    pages.record_once(lambda state: limiter.init_app(cast(Flask, state.app)))
    pages_local.add(pages, parts, limited)
    pages_first.add(pages, parts, limited)
    pages_provider.add(pages, parts, limited)
    pages_kept.add(pages, parts)
    pages_account.add(pages, parts, limited)
    pages.register_error_handler(RateLimitExceeded, _too_many)
    return pages


def who_asks() -> str:
    """The network that is counted: an IPv4 address, or the half of an IPv6 address that belongs to one network.

    Behind a proxy this is the address the proxy tells, where the settings say that it is believed.
    """
    address = get_remote_address()
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, NETWORK_BITS), strict=False))
    return str(known)


def _too_many(_fault: RateLimitExceeded) -> Response:
    page = make_response(render_template("signin/too_many.html", sentence=TOO_MANY), 429)
    page.headers["Retry-After"] = "60"
    return page
