"""Commands that start Signpost, look after it, and tell what can be set."""

import os
import sys
from pathlib import Path

import click
from rich.table import Table

from signpost.commands.base import DATA, PORTS, out, says_mistakes, settings_from
from signpost.settings import documented


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
    from signpost.alerts.ways import nobody_told
    from signpost.console.staff.opening import first_sign_in
    from signpost.rehearsal import rehearsed
    from signpost.start import accounts_off, make_ready
    from signpost.training import need_model
    from signpost.up import Supervisor, check_ports, only_one

    settings = settings_from(data, port_base)
    if rehearsal:
        settings = rehearsed(settings)
    with only_one(settings.data_folder):
        check_ports(settings)
        warning = need_model(settings)
        ready = make_ready(settings)
        for note in [*([warning] if warning else []), *accounts_off(ready), *nobody_told(ready)]:
            click.echo(f"Note: {note}", err=True)
        sys.exit(Supervisor(ready, click.echo, lambda: first_sign_in(ready)).run())


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
    table = Table("process", "state", "id", "place", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    out.print(table)
    click.echo(model_line(settings) or "")
    sys.exit(0 if all(row[1] == "running" for row in rows) else 1)


@click.command()
@says_mistakes
def settings() -> None:
    """List every environment variable, its default and what it is for.

    Example: signpost settings
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("variable", no_wrap=True)
    table.add_column("default", no_wrap=True)
    table.add_column("about", overflow="fold")
    for variable, default, about in documented():
        table.add_row(variable, default or "-", about)
    out.print(table)


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
