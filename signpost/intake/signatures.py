"""Checks that a webhook was signed with our app's secret: HMAC-SHA256 over the body's bytes as they came."""

import base64
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.datastructures import Headers

MISSING, SHA1_ONLY, MALFORMED, WRONG = "missing", "sha1_only", "malformed", "wrong"
SHA256, SHA1 = b"sha256=", b"sha1="
_HEX = re.compile(rb"[0-9a-fA-F]{64}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{43}=")


@dataclass(frozen=True)
class Scheme:
    """How a platform signs: in which header, and how the 32 bytes are written there after ``sha256=``.

    ``older_header`` is where the platform puts a SHA-1 signature as well, which counts for nothing.
    """

    header: str
    decode: Callable[[bytes], bytes | None]
    older_header: str = ""

    def fault(self, headers: Headers, body: bytes, secret: str) -> str | None:
        """What is wrong with the signature, one of this module's four reasons; none when it is right.

        ``body`` is the one that arrived: one that was decoded and encoded again has other bytes, since Meta escapes
        every character that isn't ASCII.
        """
        given = headers.get(self.header, "").encode("latin-1", "replace")
        if not given:
            return SHA1_ONLY if self.older_header and headers.get(self.older_header) else MISSING
        if given.startswith(SHA1):
            return SHA1_ONLY
        signature = self.decode(given.removeprefix(SHA256)) if given.startswith(SHA256) else None
        if signature is None:
            return MALFORMED
        # Anybody can sign with an empty secret.
        right = bool(secret) and hmac.compare_digest(signature, hmac.digest(secret.encode(), body, "sha256"))
        return None if right else WRONG


def _from_hex(text: bytes) -> bytes | None:
    return bytes.fromhex(text.decode("ascii")) if _HEX.fullmatch(text) else None


def _from_base64(text: bytes) -> bytes | None:
    return base64.b64decode(text) if _BASE64.fullmatch(text) else None


META = Scheme("X-Hub-Signature-256", _from_hex, older_header="X-Hub-Signature")
"""Meta's webhook documentation, "Event Notifications"; Messenger, Facebook and Instagram alike."""
X = Scheme("x-twitter-webhooks-signature", _from_base64)
"""X API documentation, "Webhooks": securing webhooks."""
