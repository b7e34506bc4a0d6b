"""How each platform signs what it delivers, and the ways in which a signature may be wrong."""

import base64
import hashlib
import hmac
import json
from typing import Any

GOOD, MISSING, WRONG, SHA1 = "good", "missing", "wrong", "sha1"
SIGNATURES = (GOOD, MISSING, WRONG, SHA1)
"""``sha1``: Meta's legacy header alone, which proves nothing any more."""


def raw(body: dict[str, Any], *, slashes: bool = True) -> bytes:
    """A body as it goes over the wire: everything beyond ASCII as ``\\uXXXX``, and with Meta slashes escaped too.

    Serialising it again gives other bytes, and so another signature (Meta's webhook documentation).
    """
    text = json.dumps(body, separators=(",", ":"))
    return (text.replace("/", "\\/") if slashes else text).encode("ascii")


def meta_headers(body: bytes, secret: str, signature: str = GOOD) -> dict[str, str]:
    """``X-Hub-Signature-256`` and the legacy ``X-Hub-Signature``."""
    if signature == MISSING:
        return {}
    key = f"{secret}{'-but-another' if signature == WRONG else ''}".encode()
    headers = {"X-Hub-Signature": f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}"}
    if signature != SHA1:
        headers["X-Hub-Signature-256"] = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    return headers


def x_headers(body: bytes, secret: str, signature: str = GOOD) -> dict[str, str]:
    """``x-twitter-webhooks-signature`` (X's webhook documentation)."""
    if signature in (MISSING, SHA1):
        return {}
    key = f"{secret}{'-but-another' if signature == WRONG else ''}"
    return {"x-twitter-webhooks-signature": f"sha256={base64_hmac(key, body)}"}


def base64_hmac(secret: str, body: bytes) -> str:
    """HMAC-SHA256 in base64, as X signs both deliveries and its checks of a webhook."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
