"""Every environment variable Signpost reads, typed, in one place (docs/operating.md has the table)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from signpost.mistakes import Mistake

DEFAULT_PORT_BASE = 8080
HIGHEST_PORT_BASE = 65_500
MOST_WORKERS = 64
MOST_PROXIES = 5
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]")


def _setting(variable: str, default: str, about: str) -> Any:
    return field(metadata={"variable": variable, "default": default, "about": about})


@dataclass(frozen=True)
class Settings:
    """The settings of one installation. :meth:`from_environment` reads and checks them."""

    data_folder: Path = _setting("SIGNPOST_DATA", "var", "Folder for the database, secrets and logs.")
    models_folder: Path = _setting("SIGNPOST_MODELS", "models", "Folder for trained models.")
    force_folder: Path = _setting("SIGNPOST_FORCE", "force", "Folder of mandate.yml, accounts.yml and helplines.yml.")
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
        if self.rehearsal not in {0, 1}:
            raise Mistake(f"SIGNPOST_REHEARSAL is {self.rehearsal}; it must be 0 or 1.")
        if self.log_level not in {"debug", "info", "warning", "error"}:
            raise Mistake(f"SIGNPOST_LOG_LEVEL is {self.log_level!r}; it must be debug, info, warning or error.")

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
