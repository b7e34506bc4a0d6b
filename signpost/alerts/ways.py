"""How people are told, as the settings say: read and checked before anything starts."""

import re
import ssl
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import httpx

from signpost.alerts.again import Times
from signpost.alerts.mail import PLAIN, STARTTLS, TLS, Mail, MailServer
from signpost.alerts.notice import Notice
from signpost.alerts.quiet import quiet_hours
from signpost.alerts.webhook import SHAPES, Webhook
from signpost.mistakes import Mistake
from signpost.settings import Settings

PORTS = {STARTTLS: 587, TLS: 465, PLAIN: 25}
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
NOBODY = (
    "Nobody is told of alerts, emergencies among them: neither SIGNPOST_SMTP_URL nor SIGNPOST_ALERT_WEBHOOK_URL is set. "
    "See docs/alerts.md."
)
NOBODY_IN_REHEARSAL = "A rehearsal tells nobody of alerts, save by a mail server or webhook on this machine."
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class Way(Protocol):
    """One way of telling people."""

    @property
    def name(self) -> str:
        """What it is called in sentences."""

    def tell(self, notice: Notice) -> str:
        """Says what became of it. Raises :class:`signpost.alerts.notice.NotTold`."""


@dataclass(frozen=True)
class Telling:
    """The ways of telling people, none when none is set up, and when they are told."""

    ways: tuple[Way, ...]
    times: Times
    console_url: str = ""
    why_nobody: str = NOBODY


def telling_of(
    settings: Settings, client: httpx.Client | None = None, context: ssl.SSLContext | None = None
) -> Telling:
    """For settings that hold their secrets. Raises :class:`Mistake` with the first thing that won't do."""
    times = Times(timedelta(minutes=settings.alert_repeat_minutes), quiet_hours(settings.alert_quiet_hours))
    ways = [*_mail(settings, context), *_webhook(settings, client)]
    return Telling(
        tuple(ways), times, _console(settings.console_url), NOBODY_IN_REHEARSAL if settings.rehearsal else NOBODY
    )


def _mail(settings: Settings, context: ssl.SSLContext | None) -> list[Way]:
    if not settings.smtp_url:
        if settings.alert_to:
            raise Mistake("SIGNPOST_ALERT_TO is set and SIGNPOST_SMTP_URL isn't, so no mail would reach anybody.")
        return []
    server = _server(settings)
    sender = _addresses("SIGNPOST_ALERT_FROM", settings.alert_from)
    recipients = _addresses("SIGNPOST_ALERT_TO", settings.alert_to)
    if len(sender) != 1:
        raise Mistake("SIGNPOST_ALERT_FROM must be one address, as in signpost@example.org.")
    if settings.rehearsal and server.host not in THIS_MACHINE:
        return []
    return [Mail(server, sender[0], recipients, context or ssl.create_default_context())]


def _server(settings: Settings) -> MailServer:
    parts = _split("SIGNPOST_SMTP_URL", settings.smtp_url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Mistake("SIGNPOST_SMTP_URL must look like smtp+starttls://user@host:587 or smtps://user@host:465.")
    if parts.password is not None:
        raise Mistake("SIGNPOST_SMTP_URL holds a password. Set it as SIGNPOST_SMTP_PASSWORD, or in secrets.env.")
    if parts.scheme == PLAIN and parts.hostname not in THIS_MACHINE:
        raise Mistake(
            "SIGNPOST_SMTP_URL must begin with smtp+starttls:// or smtps://; smtp:// is for this machine only."
        )
    user = unquote(parts.username or "")
    if bool(user) != bool(settings.smtp_password):
        raise Mistake("The user in SIGNPOST_SMTP_URL and SIGNPOST_SMTP_PASSWORD belong together: set both, or neither.")
    return MailServer(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme], user, settings.smtp_password)


def _addresses(variable: str, setting: str) -> tuple[str, ...]:
    addresses = tuple(dict.fromkeys(one.strip() for one in setting.split(",") if one.strip()))
    wrong = [one for one in addresses if not _ADDRESS.fullmatch(one) or not one.isascii()]
    if wrong or not addresses:
        raise Mistake(
            f"{variable} must hold e-mail addresses such as cce@example.org, with commas between; "
            + (f"{wrong[0]!r} is none." if wrong else "it is empty.")
        )
    return addresses


def _webhook(settings: Settings, client: httpx.Client | None) -> list[Way]:
    if not settings.alert_webhook_url:
        return []
    # The address is a secret, so no sentence repeats it.
    parts = _split("SIGNPOST_ALERT_WEBHOOK_URL", settings.alert_webhook_url)
    here = parts.hostname in THIS_MACHINE
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and here and settings.rehearsal)):
        raise Mistake("SIGNPOST_ALERT_WEBHOOK_URL must begin with https://.")
    if settings.rehearsal and not here:
        return []
    return [Webhook(settings.alert_webhook_url, SHAPES[settings.alert_webhook_shape], client or httpx.Client())]


def _console(url: str) -> str:
    if not url:
        return ""
    parts = _split("SIGNPOST_CONSOLE_URL", url)
    here = parts.scheme == "http" and parts.hostname in THIS_MACHINE
    if not parts.hostname or not (parts.scheme == "https" or here) or parts.query or parts.fragment or parts.username:
        raise Mistake("SIGNPOST_CONSOLE_URL must look like https://signpost.example.org.")
    return url.rstrip("/")


def _split(variable: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Mistake(f"{variable} is no valid address.") from None
    if any(not character.isprintable() or character.isspace() for character in url):
        raise Mistake(f"{variable} is no valid address.")
    return parts


@dataclass(frozen=True)
class HowTold:
    """How people are told, for a page: by what, how often of what is urgent, and when not of what isn't."""

    ways: tuple[str, ...] = ()
    repeat_minutes: int = 15
    quiet_hours: str = ""
    why_nobody: str = NOBODY


def how_told(settings: Settings) -> HowTold:
    """As the settings say. Raises :class:`Mistake` as :func:`telling_of`."""
    telling = telling_of(settings)
    quiet = telling.times.quiet
    hours = f"{quiet.start:%H:%M} to {quiet.end:%H:%M}" if quiet.start and quiet.end else ""
    return HowTold(tuple(way.name for way in telling.ways), settings.alert_repeat_minutes, hours, telling.why_nobody)


def nobody_told(settings: Settings) -> list[str]:
    """A sentence when nobody would be told of an alert, for the start. Raises :class:`Mistake` as :func:`telling_of`."""
    telling = telling_of(settings)
    return [] if telling.ways else [telling.why_nobody]
