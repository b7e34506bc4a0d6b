"""Checks the OAuth 1.0a signature of a request by making it again (RFC 5849, section 3.4)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

from .answer import Call

_PAIR = re.compile(r'\s*([a-z_]+)="([^"]*)"\s*')
_ASKED = (
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
)


class BadSignature(Exception):
    """The request isn't signed as it should be; says why, for tests."""


def parsed(header: str) -> dict[str, str]:
    """The fields of an ``Authorization: OAuth`` header, decoded. Raises :class:`BadSignature`."""
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "oauth":
        raise BadSignature("not an OAuth header")
    fields = {}
    for part in rest.split(","):
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise BadSignature('a field isn\'t of the form name="value"')
        fields[unquote(pair[1])] = unquote(pair[2])
    return fields


def check(call: Call, consumer_key: str, consumer_secret: str, token_secrets: Mapping[str, str]) -> dict[str, str]:
    """The header's fields, if the signature is right. Raises :class:`BadSignature`.

    A JSON body takes no part in the signature; the query does.
    """
    fields = parsed(call.headers.get("authorization", ""))
    missing = [name for name in _ASKED if not fields.get(name)]
    if missing:
        raise BadSignature(f"the header lacks {', '.join(missing)}")
    if fields["oauth_signature_method"] != "HMAC-SHA1" or fields.get("oauth_version", "1.0") != "1.0":
        raise BadSignature("signed in another way than HMAC-SHA1")
    if fields["oauth_consumer_key"] != consumer_key or fields["oauth_token"] not in token_secrets:
        raise BadSignature("another app's key, or no token of ours")
    expected = signature(call, fields, consumer_secret, token_secrets[fields["oauth_token"]])
    if not hmac.compare_digest(expected, fields["oauth_signature"]):
        raise BadSignature("the signature doesn't fit the request")
    return fields


def signature(call: Call, fields: Mapping[str, str], consumer_secret: str, token_secret: str) -> str:
    """The signature these fields should have."""
    pairs = [(name, value) for name, value in fields.items() if name not in ("oauth_signature", "realm")]
    pairs += call.query.items()
    encoded = sorted((_escaped(name), _escaped(value)) for name, value in pairs)
    parameters = "&".join(f"{name}={value}" for name, value in encoded)
    url = urlsplit(call.url)
    host = url.netloc.lower().removesuffix({"http": ":80", "https": ":443"}[url.scheme])
    base = "&".join(map(_escaped, (call.method.upper(), f"{url.scheme}://{host}{url.path}", parameters)))
    key = f"{_escaped(consumer_secret)}&{_escaped(token_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")
