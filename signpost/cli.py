"""The command ``signpost``."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from signpost import __version__
from signpost.mistakes import Mistake
from signpost.settings import Settings, documented

out = Console(highlight=False, soft_wrap=True)


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


def _settings(data: Path | None = None, port_base: int | None = None) -> Settings:
    settings = Settings.from_environment()
    if data is not None:
        settings = replace(settings, data_folder=data)
    if port_base is not None:
        settings = replace(settings, port_base=port_base)
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="signpost")
def main() -> None:
    """Tells people who report crime on a force's social media where to report it, and keeps the record."""


DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="Folder for the database, secrets and logs. Default: var"
)
PORTS = click.option("--port-base", type=click.IntRange(1, 65_500), help="First of the ports. Default: 8080")


@main.command()
@DATA
@PORTS
@click.option(
    "--with-fake-platforms", is_flag=True, expose_value=False, help="Accepted; the simulator is always there."
)
@says_mistakes
def up(data: Path | None, port_base: int | None) -> None:
    """Start everything; stop with Ctrl+C or SIGTERM.

    Example: signpost up --data /srv/signpost --port-base 9080
    """
    from signpost.start import make_ready
    from signpost.training import need_model
    from signpost.up import Supervisor, check_ports, only_one

    settings = _settings(data, port_base)
    with only_one(settings.data_folder):
        check_ports(settings)
        warning = need_model(settings)
        ready = make_ready(settings)
        if warning:
            click.echo(f"Note: {warning}", err=True)
        sys.exit(Supervisor(ready, click.echo).run())


@main.command()
@DATA
@says_mistakes
def status(data: Path | None) -> None:
    """Say what runs where; exit status 1 when something doesn't.

    Example: signpost status
    """
    from signpost.status import status as look

    rows = look(_settings(data))
    if rows is None:
        click.echo("Signpost isn't running. Start it with: signpost up")
        sys.exit(1)
    table = Table("process", "state", "id", "place", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    out.print(table)
    sys.exit(0 if all(row[1] == "running" for row in rows) else 1)


@main.command()
@says_mistakes
def check() -> None:
    """Check the mandate, the responses, the data and the settings; a sentence a mistake.

    Example: signpost check
    """
    from signpost.checking import check as check_all
    from signpost.processes import PROJECT

    mistakes = check_all(_settings(), PROJECT)
    for sentence in mistakes:
        click.echo(sentence)
    if mistakes:
        click.echo(f"{len(mistakes)} to put right.", err=True)
        sys.exit(1)
    click.echo("The mandate, the responses, the data and the settings are in order.")


@main.command()
@click.option("--force", is_flag=True, help="Train even when nothing has changed.")
@says_mistakes
def train(*, force: bool) -> None:
    """Train the assistant, only when what it is made from has changed.

    Example: signpost train
    """
    from signpost.training import train as train_model

    settings = _settings()
    if train_model(settings, force=force):
        click.echo(f"Trained: {settings.model_file}")
    else:
        click.echo("Nothing has changed since the last training.")


JSONL_IN = click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path))
JSONL_OUT = click.argument("target", metavar="OUT.jsonl", type=click.Path(path_type=Path))


@main.command()
@JSONL_IN
@JSONL_OUT
@click.option("--channel", default="messenger", show_default=True, help="The channel whose thresholds are used.")
@says_mistakes
def classify(source: Path, target: Path, channel: str) -> None:
    """Judge messages {id, text} with the trained model, without a server.

    Example: signpost classify messages.jsonl judged.jsonl --channel x_mention
    """
    from signpost.classifying import classify as classify_file

    warning = classify_file(_settings(), source, target, channel)
    if warning:
        click.echo(f"Note: {warning}", err=True)
    click.echo(f"Judged: {target}")


@main.command()
@JSONL_IN
@JSONL_OUT
@says_mistakes
def converse(source: Path, target: Path) -> None:
    """Hold conversations {id, channel, turns: [{texts, gap_hours?}]} through the whole product.

    Example: signpost converse conversations.jsonl answers.jsonl
    """
    from signpost.conversing import converse as converse_file

    warning = converse_file(_settings(), source, target)
    if warning:
        click.echo(f"Note: {warning}", err=True)
    click.echo(f"Held: {target}")


@main.command()
@says_mistakes
def settings() -> None:
    """List every environment variable, its default and what it is for.

    Example: signpost settings
    """
    table = Table("variable", "default", "about", box=None, pad_edge=False)
    for variable, default, about in documented():
        table.add_row(variable, default or "-", about)
    out.print(table)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@says_mistakes
def rasa(arguments: tuple[str, ...]) -> None:
    """Run one of Rasa's own commands with Signpost's settings.

    Example: signpost rasa shell
    """
    from signpost.processes import environment, need_rasa
    from signpost.start import make_ready

    need_rasa()
    env = environment(make_ready(_settings()))
    os.execve(sys.executable, [sys.executable, "-W", "ignore", "-m", "bot.rasa_command", *arguments], env)  # noqa: S606  # the command itself


@main.command(hidden=True)
@click.argument("name")
@DATA
@PORTS
@says_mistakes
def process(name: str, data: Path | None, port_base: int | None) -> None:
    """Run one process in the foreground, for process managers that read the Procfile."""
    from signpost.processes import environment
    from signpost.processes import process as find
    from signpost.start import make_ready

    ready = make_ready(_settings(data, port_base))
    command = find(name, ready).command
    os.execve(command[0], list(command), environment(ready))  # noqa: S606  # the command itself


if __name__ == "__main__":
    main()
