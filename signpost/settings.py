"""Every environment variable Signpost reads, typed, in one place (docs/operating.md has the table)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from signpost.mistakes import Mistake
from signpost.office_hours import USUAL, office_hours

DEFAULT_PORT_BASE = 8080
HIGHEST_PORT_BASE = 65_500
MOST_WORKERS = 64
MOST_PROXIES = 5
MOST_IDLE_MINUTES = 12 * 60
MOST_SESSION_HOURS = 24
MOST_REPEAT_MINUTES = 24 * 60
MOST_DAYS, MOST_MONTHS, MOST_YEARS = 3650, 1200, 100
WEBHOOK_SHAPES = ("teams", "slack", "plain")
_HOST = re.compile(r"(?!localhost$)(?=.{2,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]")
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]")


def _setting(variable: str, default: str, about: str) -> Any:
    return field(metadata={"variable": variable, "default": default, "about": about})


@dataclass(frozen=True)
class Settings:
    """The settings of one installation. :meth:`from_environment` reads and checks them."""

    data_folder: Path = _setting("SIGNPOST_DATA", "var", "Folder for the database, secrets and logs.")
    models_folder: Path = _setting("SIGNPOST_MODELS", "models", "Folder for trained models.")
    force_folder: Path = _setting(
        "SIGNPOST_FORCE", "force", "Folder of mandate.yml, accounts.yml, helplines.yml and translations.yml."
    )
    database_url: str = _setting(
        "SIGNPOST_DATABASE_URL", "", "SQLAlchemy URL of the record; empty: SQLite in the data folder."
    )
    tracker_url: str = _setting(
        "SIGNPOST_TRACKER_URL", "", "SQLAlchemy URL of Rasa's conversations; empty: SQLite in the data folder."
    )
    encryption_key: str = _setting(
        "SIGNPOST_ENCRYPTION_KEY", "", "Fernet key for original texts; empty: the one in secrets.env."
    )
    assistant_token: str = _setting(
        "SIGNPOST_ASSISTANT_TOKEN", "", "Bearer token between desk and Rasa; empty: the one in secrets.env."
    )
    session_secret: str = _setting(
        "SIGNPOST_SESSION_SECRET", "", "Signs the pages' forms; empty: the one in secrets.env."
    )
    audit_key: str = _setting(
        "SIGNPOST_AUDIT_KEY", "", "Seals the entries of the audit trail; empty: the one in secrets.env."
    )
    port_base: int = _setting(
        "SIGNPOST_PORT_BASE",
        str(DEFAULT_PORT_BASE),
        "First of the ports: pages; +1 intake; +2 Rasa; +3 actions; +4 rehearsal platforms.",
    )
    desk_workers: int = _setting("SIGNPOST_DESK_WORKERS", "4", "Messages the desk works on at once.")
    desk_carriers: int = _setting("SIGNPOST_DESK_CARRIERS", "4", "Replies the desk delivers at once.")
    accounts_file: Path = _setting(
        "SIGNPOST_ACCOUNTS", "", "The force's accounts on the platforms; empty: accounts.yml in the force's folder."
    )
    meta_app_id: str = _setting("SIGNPOST_META_APP_ID", "", "Id of the Meta app; tells our own echoes from staff's.")
    meta_app_secret: str = _setting("SIGNPOST_META_APP_SECRET", "", "Meta app secret: checks webhooks' signatures.")
    meta_verify_token: str = _setting(
        "SIGNPOST_META_VERIFY_TOKEN", "", "The verify token entered in Meta's app; empty: the one in secrets.env."
    )
    instagram_app_secret: str = _setting(
        "SIGNPOST_INSTAGRAM_APP_SECRET", "", "Instagram app secret, with Instagram Login; empty: Meta's."
    )
    x_consumer_key: str = _setting("SIGNPOST_X_CONSUMER_KEY", "", "X app's consumer key.")
    x_consumer_secret: str = _setting(
        "SIGNPOST_X_CONSUMER_SECRET", "", "X app's consumer secret: checks webhooks' signatures, signs requests."
    )
    graph_url: str = _setting("SIGNPOST_GRAPH_URL", "https://graph.facebook.com", "Address of Meta's Graph API.")
    instagram_url: str = _setting(
        "SIGNPOST_INSTAGRAM_URL", "https://graph.instagram.com", "Address of Instagram's Graph API."
    )
    graph_version: str = _setting("SIGNPOST_GRAPH_VERSION", "v25.0", "Version of Meta's Graph API, as in v25.0.")
    x_url: str = _setting("SIGNPOST_X_URL", "https://api.x.com", "Address of X's API.")
    intake_bind: str = _setting(
        "SIGNPOST_INTAKE_BIND",
        "127.0.0.1",
        "Address intake listens on; another only behind a proxy on another machine.",
    )
    proxies: int = _setting("SIGNPOST_PROXIES", "0", "Reverse proxies in front of intake whose headers are trusted.")
    metrics_token: str = _setting(
        "SIGNPOST_METRICS_TOKEN", "", "Bearer token for /metrics; empty: only this machine may read it."
    )
    rehearsal: int = _setting("SIGNPOST_REHEARSAL", "0", "1: the platforms are the small ones of a rehearsal.")
    session_idle_minutes: int = _setting(
        "SIGNPOST_SESSION_IDLE_MINUTES", "30", "Minutes after which staff who do nothing are signed out."
    )
    session_hours: int = _setting(
        "SIGNPOST_SESSION_HOURS", "10", "Hours after which staff sign in again, whatever they do."
    )
    local_sign_in: int = _setting(
        "SIGNPOST_LOCAL_SIGN_IN",
        "1",
        "1: staff may sign in with a password and a code; 0: only through the identity provider.",
    )
    oidc_issuer: str = _setting(
        "SIGNPOST_OIDC_ISSUER", "", "Issuer of the identity provider (OpenID Connect); empty: none."
    )
    oidc_client_id: str = _setting("SIGNPOST_OIDC_CLIENT_ID", "", "The console's client id at the identity provider.")
    oidc_client_secret: str = _setting(
        "SIGNPOST_OIDC_CLIENT_SECRET", "", "Its client secret; empty: a public client, which has none."
    )
    oidc_roles: str = _setting(
        "SIGNPOST_OIDC_ROLES",
        "",
        "Which claims give which roles, as in roles:Signpost.Reviewer=reviewer.",
    )
    oidc_username_claim: str = _setting(
        "SIGNPOST_OIDC_USERNAME_CLAIM",
        "preferred_username",
        "The claim with the username: an e-mail address or a short name.",
    )
    oidc_name_claim: str = _setting("SIGNPOST_OIDC_NAME_CLAIM", "name", "The claim with the person's name.")
    oidc_label: str = _setting(
        "SIGNPOST_OIDC_LABEL", "your work account", "What the sign-in page calls the identity provider's accounts."
    )
    console_url: str = _setting(
        "SIGNPOST_CONSOLE_URL", "", "Address at which staff open the console, for links in notices; empty: no links."
    )
    smtp_url: str = _setting(
        "SIGNPOST_SMTP_URL", "", "Mail server for notices, as in smtp+starttls://user@host:587; empty: no e-mail."
    )
    smtp_password: str = _setting("SIGNPOST_SMTP_PASSWORD", "", "The user's password at the mail server.")
    alert_from: str = _setting("SIGNPOST_ALERT_FROM", "", "Address that notices by e-mail come from.")
    alert_to: str = _setting("SIGNPOST_ALERT_TO", "", "Addresses that notices by e-mail go to, with commas between.")
    alert_webhook_url: str = _setting(
        "SIGNPOST_ALERT_WEBHOOK_URL", "", "Webhook that notices are posted to, https; empty: none."
    )
    alert_webhook_shape: str = _setting(
        "SIGNPOST_ALERT_WEBHOOK_SHAPE", "teams", "What the webhook takes: teams, slack or plain."
    )
    alert_repeat_minutes: int = _setting(
        "SIGNPOST_ALERT_REPEAT_MINUTES", "15", "Minutes until people are told again of an urgent alert."
    )
    alert_quiet_hours: str = _setting(
        "SIGNPOST_ALERT_QUIET_HOURS", "22:00-07:00", "When nobody is told of what isn't urgent, UK time; none: never."
    )
    keep_original_days: int = _setting(
        "SIGNPOST_KEEP_ORIGINAL_DAYS", "28", "Days until what people wrote, word for word, is erased."
    )
    keep_message_days: int = _setting(
        "SIGNPOST_KEEP_MESSAGE_DAYS", "90", "Days until messages that led to no record are erased whole."
    )
    keep_record_months: int = _setting("SIGNPOST_KEEP_RECORD_MONTHS", "24", "Months until a record is erased whole.")
    keep_alert_days: int = _setting("SIGNPOST_KEEP_ALERT_DAYS", "365", "Days until an alert that is over is erased.")
    keep_session_days: int = _setting(
        "SIGNPOST_KEEP_SESSION_DAYS", "30", "Days until a sign-in that is over is erased."
    )
    keep_audit_years: int = _setting("SIGNPOST_KEEP_AUDIT_YEARS", "6", "Years until audit entries are cut off.")
    retention_at: str = _setting(
        "SIGNPOST_RETENTION_AT", "03:30", "When retention runs each day, UK time; never: only by hand."
    )
    console_hosts: str = _setting(
        "SIGNPOST_CONSOLE_HOSTS",
        "",
        "Names of the console behind the force's HTTPS proxy, with commas between; empty: only this machine's own.",
    )
    console_proxies: int = _setting(
        "SIGNPOST_CONSOLE_PROXIES", "0", "Reverse proxies in front of the console whose headers are trusted."
    )
    office_hours: str = _setting(
        "SIGNPOST_OFFICE_HOURS", USUAL, "When staff are in, UK time, for the reports; bank holidays aren't known."
    )
    log_level: str = _setting("SIGNPOST_LOG_LEVEL", "info", "debug, info, warning or error.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Reads the variables. Raises :class:`Mistake` for a value that can't be used."""
        given = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for one in fields(cls):
            variable, text = one.metadata["variable"], given.get(one.metadata["variable"], "")
            text = text or one.metadata["default"]
            values[one.name] = _converted(variable, text, one.type)
        settings = cls(**values)
        settings._check()
        return settings

    def _check(self) -> None:
        if not 1 <= self.port_base <= HIGHEST_PORT_BASE:
            raise Mistake(f"SIGNPOST_PORT_BASE is {self.port_base}; it must lie between 1 and {HIGHEST_PORT_BASE}.")
        for variable, threads in (
            ("SIGNPOST_DESK_WORKERS", self.desk_workers),
            ("SIGNPOST_DESK_CARRIERS", self.desk_carriers),
        ):
            if not 1 <= threads <= MOST_WORKERS:
                raise Mistake(f"{variable} is {threads}; it must lie between 1 and {MOST_WORKERS}.")
        if not 0 <= self.proxies <= MOST_PROXIES:
            raise Mistake(f"SIGNPOST_PROXIES is {self.proxies}; it must lie between 0 and {MOST_PROXIES}.")
        if not _VERSION.fullmatch(self.graph_version):
            raise Mistake(f"SIGNPOST_GRAPH_VERSION is {self.graph_version!r}; it must look like v25.0.")
        for variable, url in (
            ("SIGNPOST_GRAPH_URL", self.graph_url),
            ("SIGNPOST_INSTAGRAM_URL", self.instagram_url),
            ("SIGNPOST_X_URL", self.x_url),
        ):
            # Tokens travel in these requests: only a rehearsal on this machine does without encryption.
            if not url.startswith("https://") and not (self.rehearsal and url.startswith("http://127.0.0.1:")):
                raise Mistake(f"{variable} must begin with https://.")
        self._check_console()
        self._check_sign_in()
        self._check_alerts_and_retention()
        office_hours(self.office_hours)
        if self.rehearsal not in {0, 1}:
            raise Mistake(f"SIGNPOST_REHEARSAL is {self.rehearsal}; it must be 0 or 1.")
        if self.log_level not in {"debug", "info", "warning", "error"}:
            raise Mistake(f"SIGNPOST_LOG_LEVEL is {self.log_level!r}; it must be debug, info, warning or error.")

    def _check_console(self) -> None:
        if not 0 <= self.console_proxies <= MOST_PROXIES:
            raise Mistake(
                f"SIGNPOST_CONSOLE_PROXIES is {self.console_proxies}; it must lie between 0 and {MOST_PROXIES}."
            )
        for host in self.public_hosts:
            if not _HOST.fullmatch(host):
                raise Mistake(
                    f"SIGNPOST_CONSOLE_HOSTS has {host!r}; it must be a name such as signpost.example.police.uk, "
                    "without https:// and without a port."
                )
        if self.console_hosts and not self.console_proxies:
            raise Mistake(
                "SIGNPOST_CONSOLE_HOSTS is set, so the console stands behind a proxy: "
                "set SIGNPOST_CONSOLE_PROXIES to how many there are, such as 1."
            )

    def _check_sign_in(self) -> None:
        if not 1 <= self.session_idle_minutes <= MOST_IDLE_MINUTES:
            raise Mistake(
                f"SIGNPOST_SESSION_IDLE_MINUTES is {self.session_idle_minutes}; "
                f"it must lie between 1 and {MOST_IDLE_MINUTES}."
            )
        if not 1 <= self.session_hours <= MOST_SESSION_HOURS:
            raise Mistake(
                f"SIGNPOST_SESSION_HOURS is {self.session_hours}; it must lie between 1 and {MOST_SESSION_HOURS}."
            )
        if self.local_sign_in not in {0, 1}:
            raise Mistake(f"SIGNPOST_LOCAL_SIGN_IN is {self.local_sign_in}; it must be 0 or 1.")
        if not self.local_sign_in and not self.oidc_issuer:
            raise Mistake("SIGNPOST_LOCAL_SIGN_IN is 0 and SIGNPOST_OIDC_ISSUER is empty: nobody could sign in.")
        # Only a provider on this machine, as in a test, does without encryption.
        if self.oidc_issuer and not self.oidc_issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise Mistake("SIGNPOST_OIDC_ISSUER must begin with https://.")
        for variable, value in (
            ("SIGNPOST_OIDC_CLIENT_ID", self.oidc_client_id),
            ("SIGNPOST_OIDC_ROLES", self.oidc_roles),
        ):
            if self.oidc_issuer and not value:
                raise Mistake(f"SIGNPOST_OIDC_ISSUER is set, so {variable} must be set too. See docs/signing-in.md.")

    def _check_alerts_and_retention(self) -> None:
        for variable, number, most in (
            ("SIGNPOST_ALERT_REPEAT_MINUTES", self.alert_repeat_minutes, MOST_REPEAT_MINUTES),
            ("SIGNPOST_KEEP_ORIGINAL_DAYS", self.keep_original_days, MOST_DAYS),
            ("SIGNPOST_KEEP_MESSAGE_DAYS", self.keep_message_days, MOST_DAYS),
            ("SIGNPOST_KEEP_RECORD_MONTHS", self.keep_record_months, MOST_MONTHS),
            ("SIGNPOST_KEEP_ALERT_DAYS", self.keep_alert_days, MOST_DAYS),
            ("SIGNPOST_KEEP_SESSION_DAYS", self.keep_session_days, MOST_DAYS),
            ("SIGNPOST_KEEP_AUDIT_YEARS", self.keep_audit_years, MOST_YEARS),
        ):
            if not 1 <= number <= most:
                raise Mistake(f"{variable} is {number}; it must lie between 1 and {most}.")
        if self.alert_webhook_shape not in WEBHOOK_SHAPES:
            raise Mistake(
                f"SIGNPOST_ALERT_WEBHOOK_SHAPE is {self.alert_webhook_shape!r}; it must be teams, slack or plain."
            )

    @property
    def public_hosts(self) -> frozenset[str]:
        """The names under which the force's HTTPS proxy serves the console, in lower case."""
        return frozenset(name.strip().lower() for name in self.console_hosts.split(",") if name.strip())

    @property
    def console_port(self) -> int:
        """Where the pages are served."""
        return self.port_base

    @property
    def intake_port(self) -> int:
        """Where the platforms' webhooks arrive, by way of a reverse proxy."""
        return self.port_base + 1

    @property
    def assistant_port(self) -> int:
        """Where Rasa listens, on loopback."""
        return self.port_base + 2

    @property
    def actions_port(self) -> int:
        """Where the action server listens, on loopback."""
        return self.port_base + 3

    @property
    def platforms_port(self) -> int:
        """Where the rehearsal's platforms listen, on loopback."""
        return self.port_base + 4

    @property
    def accounts(self) -> Path:
        """The file of the force's accounts."""
        return self.accounts_file if self.accounts_file != Path() else self.force_folder / "accounts.yml"

    @property
    def record_url(self) -> str:
        """The database's URL, SQLite in the data folder by default."""
        return self.database_url or f"sqlite:///{(self.data_folder / 'signpost.db').absolute()}"

    @property
    def conversations_url(self) -> str:
        """The URL of Rasa's tracker store, SQLite in the data folder by default."""
        return self.tracker_url or f"sqlite:///{(self.data_folder / 'conversations.db').absolute()}"

    @property
    def secrets_file(self) -> Path:
        """Secrets made on the first run, mode 600."""
        return self.data_folder / "secrets.env"

    @property
    def anchor_file(self) -> Path:
        """Where the audit trail's end is noted down outside the database."""
        return self.data_folder / "audit-anchor.jsonl"

    @property
    def model_file(self) -> Path:
        """The trained Rasa model."""
        return self.models_folder / "signpost.tar.gz"


def _converted(variable: str, text: str, kind: Any) -> Any:
    if kind is int:
        try:
            return int(text)
        except ValueError:
            raise Mistake(f"{variable} is {text!r}; it must be a whole number.") from None
    return Path(text) if kind is Path else text


def documented() -> list[tuple[str, str, str]]:
    """(variable, default, about) of every setting, for the help text and the test that the table is complete."""
    return [(f.metadata["variable"], f.metadata["default"], f.metadata["about"]) for f in fields(Settings)]
