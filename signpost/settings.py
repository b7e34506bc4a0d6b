"""Every environment variable Signpost reads, typed, in one place (docs/operating.md has the table)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from signpost.mistakes import Mistake

DEFAULT_PORT_BASE = 8080
HIGHEST_PORT_BASE = 65_500
MOST_WORKERS = 64


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
    port_base: int = _setting(
        "SIGNPOST_PORT_BASE", str(DEFAULT_PORT_BASE), "First of the ports: pages; +2 Rasa; +3 actions."
    )
    desk_workers: int = _setting("SIGNPOST_DESK_WORKERS", "4", "Messages the desk works on at once.")
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
        if not 1 <= self.desk_workers <= MOST_WORKERS:
            raise Mistake(f"SIGNPOST_DESK_WORKERS is {self.desk_workers}; it must lie between 1 and {MOST_WORKERS}.")
        if self.log_level not in {"debug", "info", "warning", "error"}:
            raise Mistake(f"SIGNPOST_LOG_LEVEL is {self.log_level!r}; it must be debug, info, warning or error.")

    @property
    def console_port(self) -> int:
        """Where the pages are served."""
        return self.port_base

    @property
    def assistant_port(self) -> int:
        """Where Rasa listens, on loopback."""
        return self.port_base + 2

    @property
    def actions_port(self) -> int:
        """Where the action server listens, on loopback."""
        return self.port_base + 3

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
