"""The secrets of an installation: made on the first run, kept in ``secrets.env`` with mode 600, never printed."""

import os
import secrets
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from signpost.mistakes import Mistake
from signpost.settings import Settings

MAKERS = {
    "SIGNPOST_ENCRYPTION_KEY": lambda: Fernet.generate_key().decode(),
    "SIGNPOST_ASSISTANT_TOKEN": lambda: secrets.token_urlsafe(32),
    "SIGNPOST_SESSION_SECRET": lambda: secrets.token_urlsafe(32),
    "SIGNPOST_AUDIT_KEY": lambda: secrets.token_urlsafe(32),
    "SIGNPOST_META_VERIFY_TOKEN": lambda: secrets.token_urlsafe(24),
}
RECORD_KEYS = ("SIGNPOST_ENCRYPTION_KEY", "SIGNPOST_AUDIT_KEY")
"""What it takes to read the record and to write down who did."""
FIELDS = {
    "SIGNPOST_ENCRYPTION_KEY": "encryption_key",
    "SIGNPOST_ASSISTANT_TOKEN": "assistant_token",
    "SIGNPOST_SESSION_SECRET": "session_secret",
    "SIGNPOST_AUDIT_KEY": "audit_key",
    "SIGNPOST_META_VERIFY_TOKEN": "meta_verify_token",
}
GIVEN = {
    "SIGNPOST_META_APP_ID": "meta_app_id",
    "SIGNPOST_META_APP_SECRET": "meta_app_secret",
    "SIGNPOST_INSTAGRAM_APP_SECRET": "instagram_app_secret",
    "SIGNPOST_X_CONSUMER_KEY": "x_consumer_key",
    "SIGNPOST_X_CONSUMER_SECRET": "x_consumer_secret",
    "SIGNPOST_METRICS_TOKEN": "metrics_token",
    "SIGNPOST_SMTP_PASSWORD": "smtp_password",
    "SIGNPOST_ALERT_WEBHOOK_URL": "alert_webhook_url",
    "SIGNPOST_OIDC_CLIENT_SECRET": "oidc_client_secret",
}
"""What the platforms and the identity provider give out: it may stand in ``secrets.env`` too, and none of it is ever made here."""


def with_secrets(settings: Settings, *, may_make: bool, needed: Collection[str] = tuple(FIELDS)) -> Settings:
    """The settings with every secret filled in: from the environment, else from ``secrets.env``, else made now.

    ``needed`` are the variables that must not stay empty: a command that opens the record needs no platform's token.
    Raises :class:`Mistake` when one is missing and ``may_make`` is false, or when the file can't be read or written.
    """
    known = with_known_secrets(settings)
    missing = [variable for variable in needed if not getattr(known, FIELDS[variable])]
    if missing and not may_make:
        raise Mistake(f"{missing[0]} is not set and {settings.secrets_file} doesn't hold it. Run: signpost up")
    made = {variable: MAKERS[variable]() for variable in missing}
    if made:
        _write(settings.secrets_file, {**kept(settings), **made})
    fresh: dict[str, Any] = {FIELDS[variable]: value for variable, value in made.items()}
    return replace(known, **fresh)


def with_known_secrets(settings: Settings) -> Settings:
    """The settings with each secret that the environment or ``secrets.env`` holds; the others stay empty.

    For commands that look at an installation and make nothing. Raises :class:`Mistake` when the file can't be read.
    """
    in_file = kept(settings)
    known: dict[str, Any] = {
        name: getattr(settings, name) or in_file.get(variable, "") for variable, name in {**FIELDS, **GIVEN}.items()
    }
    return replace(settings, **known)


def kept(settings: Settings) -> dict[str, str]:
    """What stands in ``secrets.env``; nothing where there is no such file. Raises :class:`Mistake` when it can't be read."""
    return _read(settings.secrets_file)


def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise Mistake(
            f"{file} can't be read: {fault.strerror}. It must belong to the user who runs Signpost."
        ) from None
    except UnicodeDecodeError:
        raise Mistake(
            f"{file} is damaged: it isn't text. Restore it from the backup; a new key can't read what is stored."
        ) from None
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _write(file: Path, values: dict[str, str]) -> None:
    """Writes a new file beside the old one and renames it, so that a crash leaves one or the other whole."""
    about = (
        "# Made by Signpost on its first run. Whoever has the key can read people's messages; without it nobody can.\n"
    )
    text = about + "".join(f"{name}={value}\n" for name, value in values.items())
    part = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            os.fchmod(stream.fileno(), 0o600)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as fault:
        raise Mistake(f"{file.parent} can't be written: {fault.strerror}. Give another folder with --data.") from None
