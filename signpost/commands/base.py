"""What the commands share: their console, the options of several, and how a mistake is said."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from signpost.mistakes import Mistake
from signpost.settings import Settings

out = Console(highlight=False, soft_wrap=True)

DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder for the database, secrets and logs. Default: var"
)
PORTS = click.option("--port-base", type=click.IntRange(1, 65_500), help="First of the ports. Default: 8080")


def says_mistakes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turns a :class:`Mistake` into its sentence on standard error and its exit status."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Mistake as mistake:
            click.echo(mistake.sentence, err=True)
            sys.exit(mistake.exit_status)

    return wrapped


def settings_from(data: Path | None = None, port_base: int | None = None) -> Settings:
    """The settings of the environment, with what the options of a command put in their place."""
    settings = Settings.from_environment()
    if data is not None:
        settings = replace(settings, data_folder=data)
    if port_base is not None:
        settings = replace(settings, port_base=port_base)
    return settings
