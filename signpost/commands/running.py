"""Commands that start Signpost, look after it, and tell what can be set."""

import os
import sys
from contextlib import closing
from pathlib import Path

import click

from signpost.commands.base import DATA, PORTS, new_table, out, says_mistakes, settings_from
from signpost.settings import Settings, documented


@click.command()
@DATA
@PORTS
@click.option(
    "--with-fake-platforms", "rehearsal", is_flag=True, help="Rehearse with small platforms in place of the real ones."
)
@says_mistakes
def up(data: Path | None, port_base: int | None, *, rehearsal: bool) -> None:
    """Start everything; stop with Ctrl+C or SIGTERM.

    Example: signpost up --data /srv/signpost --port-base 9080
    """
    from signpost.apart import Apart
    from signpost.rehearsal import rehearsed
    from signpost.up import Supervisor, check_ports, only_one

    settings = settings_from(data, port_base)
    if rehearsal:
        settings = rehearsed(settings)
    with only_one(settings.data_folder), closing(Apart()) as preparing:
        check_ports(settings)
        ready, notes = preparing.ask(_prepared, settings)
        for note in notes:
            click.echo(f"Note: {note}", err=True)
        sys.exit(Supervisor(ready, click.echo, lambda: preparing.last(_first_words, ready)).run())


def _prepared(settings: Settings) -> tuple[Settings, list[str]]:
    """The settings of an installation that is ready, and what is to be said of it."""
    from signpost.alerts.ways import nobody_told
    from signpost.start import accounts_off, make_ready
    from signpost.training import need_model

    warning = need_model(settings)
    ready = make_ready(settings)
    return ready, [*([warning] if warning else []), *accounts_off(ready), *nobody_told(ready)]


def _first_words(ready: Settings) -> list[str]:
    from signpost.console.staff.opening import first_sign_in

    return first_sign_in(ready)


@click.command()
@DATA
@says_mistakes
def status(data: Path | None) -> None:
    """Say what runs where; exit status 1 when something doesn't.

    Example: signpost status
    """
    from signpost.status import model_line
    from signpost.status import status as look

    settings = settings_from(data)
    rows = look(settings)
    if rows is None:
        click.echo("Signpost isn't running. Start it with: signpost up")
        sys.exit(1)
    table = new_table("process", "state", "id", "place")
    for row in rows:
        table.add_row(*row)
    out().print(table)
    click.echo(model_line(settings) or "")
    sys.exit(0 if all(row[1] == "running" for row in rows) else 1)


@click.command()
@says_mistakes
def settings() -> None:
    """List every environment variable, its default and what it is for.

    Example: signpost settings
    """
    table = new_table()
    table.add_column("variable", no_wrap=True)
    table.add_column("default", no_wrap=True)
    table.add_column("about", overflow="fold")
    for variable, default, about in documented():
        table.add_row(variable, default or "-", about)
    out().print(table)


@click.command(hidden=True)
@click.argument("name")
@DATA
@PORTS
@says_mistakes
def process(name: str, data: Path | None, port_base: int | None) -> None:
    """Run one process in the foreground, for process managers that read the Procfile."""
    from signpost.processes import environment
    from signpost.processes import process as find
    from signpost.start import make_ready

    ready = make_ready(settings_from(data, port_base))
    command = find(name, ready).command
    os.execve(command[0], list(command), environment(ready))  # noqa: S606  # the command itself
