"""Finds the running intake that `signpost replay` posts to, and what its deliveries are signed with."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from signpost.intake.signatures import META, X
from signpost.mistakes import Mistake
from signpost.secrets import with_known_secrets
from signpost.settings import Settings
from signpost.up import run_file

PATHS = {
    "messenger": "/webhooks/meta",
    "facebook": "/webhooks/meta",
    "instagram": "/webhooks/instagram",
    "x": "/webhooks/x",
}
"""Where the intake takes each platform's webhooks."""


@dataclass(frozen=True)
class Address:
    """An intake's webhook and its platform's signature: ``sign`` makes the value of ``header`` for a raw body."""

    url: str
    header: str
    sign: Callable[[bytes], str]


def address_of(settings: Settings, platform: str, url: str | None = None) -> Address:
    """The webhook of ``platform`` (a key of :data:`PATHS`), at ``url`` or on this machine.

    Meta signs with the hexadecimal HMAC-SHA256 of the raw body in ``X-Hub-Signature-256`` (Meta's webhook documentation),
    X with the base64 one in ``x-twitter-webhooks-signature`` (X API documentation, webhooks). Raises :class:`Mistake`
    when the secret to sign with isn't set, or when ``url`` is no address.
    """
    place = _checked(url or f"http://127.0.0.1:{settings.intake_port}") + PATHS[platform]
    variable, secret = _secret(settings, platform)
    if not secret:
        raise Mistake(
            f"{variable} is not set, so nothing can be signed as {platform} does it. A rehearsal has secrets of its own: "
            "name its data folder with --data."
        )
    key = secret.encode()
    if platform == "x":
        return Address(place, X.header, lambda body: f"sha256={base64.b64encode(_digest(key, body)).decode('ascii')}")
    return Address(place, META.header, lambda body: f"sha256={_digest(key, body).hex()}")


def running(
    settings: Settings, *, data: Path | None = None, port_base: int | None = None, url: str | None = None
) -> Settings:
    """The settings of the installation that is meant, with its ports and with the secrets it has, or its rehearsal.

    ``settings`` are those that ``data`` and ``port_base`` are already part of; the three options are as they were
    given. What runs in the data folder is heard when ``data`` names it, or when no other option points elsewhere.
    """
    base, rehearsal = _run(settings)
    if data is None and (url is not None or port_base not in (None, base)):
        base, rehearsal = None, False
    if base is not None and port_base is None:
        settings = replace(settings, port_base=base)
    if rehearsal or settings.rehearsal:
        from signpost.rehearsal import rehearsed

        return rehearsed(settings)
    return with_known_secrets(settings)


def _run(settings: Settings) -> tuple[int | None, bool]:
    """(port base, whether it is a rehearsal) of what runs in the data folder; no port base where nothing does."""
    try:
        contents = json.loads(run_file(settings).read_text("utf-8"))
        base, rehearsal = contents["port_base"], contents.get("rehearsal") is True
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, False
    return (base, rehearsal) if isinstance(base, int) else (None, False)


def _secret(settings: Settings, platform: str) -> tuple[str, str]:
    if platform == "x":
        return "SIGNPOST_X_CONSUMER_SECRET", settings.x_consumer_secret
    if platform == "instagram" and settings.instagram_app_secret:
        return "SIGNPOST_INSTAGRAM_APP_SECRET", settings.instagram_app_secret
    return "SIGNPOST_META_APP_SECRET", settings.meta_app_secret


def _checked(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Mistake(f"{url} is no address; it should look like http://127.0.0.1:8081.", exit_status=2)
    return url.rstrip("/")


def _digest(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")
