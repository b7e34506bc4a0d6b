"""Connects the app as its owners do on the platforms' own pages: the handshakes before anything is delivered."""

import secrets as chance
from urllib.parse import urlencode

from . import secrets
from .courier import Post
from .retries import META_TIMEOUT


def verified(post: Post, url: str, token: str = secrets.VERIFY_TOKEN) -> bool:
    """Whether the address answers Meta's verification with the challenge, as plain text (Meta's webhook documentation)."""
    challenge = str(chance.randbelow(10**9) + 10**9)
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    try:
        status, body = post("GET", f"{url}?{urlencode(query)}", b"", {}, META_TIMEOUT)
    except OSError:
        return False
    return status == 200 and body == challenge.encode()
