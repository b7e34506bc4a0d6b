"""Puts the rules of signing in together, as the settings say."""

from datetime import timedelta

import httpx

from signpost.console.signin.claims import role_rules
from signpost.console.signin.provider import Provider, Registration
from signpost.console.signin.rules import SigningIn
from signpost.console.signin.sessions import Limits
from signpost.settings import Settings


def signing_in_of(settings: Settings) -> SigningIn:
    """The rules. The provider isn't asked yet. Raises :class:`signpost.mistakes.Mistake` when its roles can't be read."""
    registration = registration_of(settings)
    return SigningIn(
        limits=Limits(
            idle=timedelta(minutes=settings.session_idle_minutes), absolute=timedelta(hours=settings.session_hours)
        ),
        local=bool(settings.local_sign_in),
        provider=Provider(registration, httpx.Client()) if registration else None,
        address=settings.console_url,
    )


def registration_of(settings: Settings) -> Registration | None:
    """What the identity provider and the console know of each other; none where there is no provider."""
    if not settings.oidc_issuer:
        return None
    return Registration(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        rules=role_rules(settings.oidc_roles),
        username_claim=settings.oidc_username_claim,
        name_claim=settings.oidc_name_claim,
        label=settings.oidc_label,
    )
