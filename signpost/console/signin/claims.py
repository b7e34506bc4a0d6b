"""What the identity provider says of somebody, as an account needs it: who they are, and the roles that gives them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signpost.console.roles import ROLES
from signpost.mistakes import Mistake

LONGEST_NAME = 128
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
"""A short name or an e-mail address, at most 64 characters: so many fit where the audit trail names whom an act was about."""
HOW = "as in roles:Signpost.Reviewer=reviewer,groups:8f1c-comms=trainer"


@dataclass(frozen=True)
class RoleRule:
    """Who has this value in this claim has this role."""

    claim: str
    value: str
    role: str


@dataclass(frozen=True)
class Person:
    """Somebody the provider vouches for. ``subject`` never changes; the rest may, from one sign-in to the next."""

    issuer: str
    subject: str
    username: str
    name: str
    roles: tuple[str, ...]


def role_rules(text: str) -> tuple[RoleRule, ...]:
    """The rules in ``SIGNPOST_OIDC_ROLES``. Raises :class:`Mistake` for one that can't be read."""
    return tuple(_rule(one.strip()) for one in text.split(",") if one.strip())


def _rule(text: str) -> RoleRule:
    where, equals, role = text.rpartition("=")
    # The last colon: a claim's name may be an address, as in https://claims.example/groups.
    claim, colon, value = where.rpartition(":")
    claim, value, role = claim.strip(), value.strip(), role.strip()
    if not (equals and colon and claim and value):
        raise Mistake(f"SIGNPOST_OIDC_ROLES has {text!r}; each part must be claim:value=role, {HOW}.")
    if role not in ROLES:
        raise Mistake(f"SIGNPOST_OIDC_ROLES gives the role {role!r}; there are {', '.join(ROLES)}.")
    return RoleRule(claim, value, role)


def person_of(claims: Mapping[str, Any], rules: tuple[RoleRule, ...], username_claim: str, name_claim: str) -> Person:
    """The person these claims are about. The claims have been checked; a name that won't do is replaced, never refused."""
    subject = str(claims["sub"])
    issuer = str(claims["iss"])
    given = str(claims.get(username_claim) or "").strip().lower()
    short = hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()[:12]
    username = given if USERNAME.fullmatch(given) else f"person-{short}"
    name = " ".join("".join(filter(str.isprintable, str(claims.get(name_claim) or ""))).split())[:LONGEST_NAME]
    granted = {rule.role for rule in rules if rule.value in _values(claims.get(rule.claim))}
    return Person(issuer, subject, username, name or username, tuple(role for role in ROLES if role in granted))


def lacks_claims(claims: Mapping[str, Any], rules: tuple[RoleRule, ...], *more: str) -> bool:
    """Whether a claim that is asked for isn't there, so that it may have to be fetched."""
    return any(name not in claims for name in {*more, *(rule.claim for rule in rules)})


def _values(claim: Any) -> frozenset[str]:
    """A claim's values: providers give one as a text, several as a list."""
    several = claim if isinstance(claim, (list, tuple)) else [claim] if claim is not None else []
    return frozenset(str(one) for one in several)
