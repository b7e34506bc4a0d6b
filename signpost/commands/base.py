"""What the commands share: their console, the options of several, and how a mistake is said."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signpost.mistakes import Mistake
from signpost.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder for the database, secrets and logs. Default: var"
)
PORTS = click.option("--port-base", type=click.IntRange(1, 65_500), help="First of the ports. Default: 8080")


def out() -> "Console":
    """Where tables are printed. Made when there is one: most commands need none, and `signpost up` least of all."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def new_table(*columns: str) -> "Table":
    """A table without rules, its columns' names above them."""
    from rich.table import Table

    return Table(*columns, box=None, pad_edge=False)


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
