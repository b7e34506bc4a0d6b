"""Checks an ID token: who signed it, for whom, in answer to which sign-in, and until when (OpenID Connect Core 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
"""Which signatures are taken, each with its kind of key. Nothing else is: neither ``none`` nor a shared secret."""
LEEWAY_SECONDS = 60
LONGEST = 64 * 1024
"""Characters of a token; a real one has a few thousand."""


class Refused(Exception):
    """What the provider says doesn't let anybody in. The text is for the log: a check's name, nothing of a token.

    ``why`` says which page tells of it.
    """

    def __init__(self, fault: str, why: str = "refused") -> None:
        super().__init__(fault)
        self.why = why


class UnknownKey(Exception):
    """The token is signed with a key that isn't among those given: they may have changed."""


@dataclass(frozen=True)
class Expected:
    """What the token must say."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    now: datetime


def check_id_token(token: str, keys: Mapping[str, Any], expected: Expected) -> dict[str, Any]:
    """The token's claims, once all of it has been checked. Raises :class:`Refused` or :class:`UnknownKey`."""
    # Loaded where there is a provider alone: they take 12 MB.
    from authlib.oidc.core import CodeIDToken
    from joserfc import jws, jwt
    from joserfc.errors import JoseError

    if len(token) > LONGEST:
        raise Refused("length")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError):
        raise Refused("form") from None
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise Refused("algorithm")
    key_set = _keys_for(header, keys)
    try:
        decoded = jwt.decode(token, key_set, algorithms=[algorithm])
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
            },
            {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token},
        )
        claims.validate(int(expected.now.replace(tzinfo=timezone.utc).timestamp()), LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise Refused(getattr(fault, "claim", None) or type(fault).__name__) from None
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:  # noqa: PLR2004  # OpenID Connect Core 2
        raise Refused("sub")
    return dict(claims)


def _keys_for(header: Mapping[str, Any], keys: Mapping[str, Any]) -> "KeySet":
    """The provider's keys that may have signed this: of the right kind, for signatures, and by name where one is given."""
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    named = header.get("kid")
    kind = ALGORITHMS[str(header["alg"])]
    listed = keys.get("keys")
    fitting = [
        {"kty": kind, **one}
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
        and one.get("kty") == kind
        and one.get("use", "sig") == "sig"
        and one.get("alg", header["alg"]) == header["alg"]
        and (named is None or one.get("kid") == named)
    ]
    if not fitting or (named is None and len(fitting) > 1):
        raise UnknownKey
    try:
        return KeySet.import_key_set({"keys": fitting[:1]})
    except (JoseError, ValueError, TypeError, KeyError):
        raise UnknownKey from None
