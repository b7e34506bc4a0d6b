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
    "--with-fake-platforms", "rehearsal", is_flag=True, help="Rehearse with small platforms in place of the real ones."
)
@says_mistakes
def up(data: Path | None, port_base: int | None, *, rehearsal: bool) -> None:
    """Start everything; stop with Ctrl+C or SIGTERM.

    Example: signpost up --data /srv/signpost --port-base 9080
    """
    from signpost.rehearsal import rehearsed
    from signpost.start import accounts_off, make_ready
    from signpost.training import need_model
    from signpost.up import Supervisor, check_ports, only_one

    settings = _settings(data, port_base)
    if rehearsal:
        settings = rehearsed(settings)
    with only_one(settings.data_folder):
        check_ports(settings)
        warning = need_model(settings)
        ready = make_ready(settings)
        for note in [*([warning] if warning else []), *accounts_off(ready)]:
            click.echo(f"Note: {note}", err=True)
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
@click.argument("gold", metavar="GOLD.jsonl", type=click.Path(path_type=Path))
@click.option("--channel", default="messenger", show_default=True, help="The channel whose thresholds are used.")
@click.option(
    "--out",
    "folder",
    default="reports",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for the report.",
)
@click.option(
    "--predictions", type=click.Path(path_type=Path), help="Made before with signpost classify; else the model judges."
)
@click.option("--compare", type=click.Path(path_type=Path), help="Another model's predictions of the same messages.")
@click.option("--by", multiple=True, metavar="FIELD", help="Break the figures down by this field. May be repeated.")
@click.option(
    "--gate", type=click.Path(path_type=Path), help="YAML of bounds, as in auc: 0.9; status 1 when one is missed."
)
@click.option("--with-texts", is_flag=True, help="Show the texts of the worst mistakes: they are personal data.")
@says_mistakes
def evaluate(  # noqa: PLR0913  # each is an option
    *,
    gold: Path,
    channel: str,
    folder: Path,
    predictions: Path | None,
    compare: Path | None,
    by: tuple[str, ...],
    gate: Path | None,
    with_texts: bool,
) -> None:
    """Hold the model to labelled messages {id, text, label}; writes reports/report.html.

    Example: signpost evaluate tests/detection/held_back.jsonl --gate tests/detection/gate.yml
    """
    from signpost.evaluation.evaluating import Request
    from signpost.evaluation.evaluating import evaluate as evaluate_model
    from signpost.evaluation.summary import summary
    from signpost.log.clock import utc_now

    request = Request(gold, folder, channel, predictions, compare, by, gate, with_texts=with_texts)
    outcome = evaluate_model(_settings(), request, utc_now())
    for note in outcome.figures.about.notes:
        click.echo(f"Note: {note}", err=True)
    out.print(summary(outcome.figures))
    click.echo(f"Report: {outcome.report}")
    missed = [one for one in outcome.held if not one.passed]
    for one in missed:
        click.echo(one.sentence, err=True)
    sys.exit(1 if missed else 0)


@main.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Folder of the messages. Default: data/nlu")
@click.option("--json", "figures", type=click.Path(path_type=Path), help="Write all figures to this file as well.")
@says_mistakes
def corpus(folder: Path | None, figures: Path | None) -> None:
    """Say what is the matter with the training messages; exit status 1 when some repeat or contradict each other.

    Example: signpost corpus --json figures.json
    """
    from signpost.corpus.command import report_corpus
    from signpost.processes import PROJECT

    if not report_corpus(folder or PROJECT / "data" / "nlu", figures, out):
        sys.exit(1)


@main.command()
@says_mistakes
def settings() -> None:
    """List every environment variable, its default and what it is for.

    Example: signpost settings
    """
    table = Table(box=None, pad_edge=False)
    table.add_column("variable", no_wrap=True)
    table.add_column("default", no_wrap=True)
    table.add_column("about")
    for variable, default, about in documented():
        table.add_row(variable, default or "-", about)
    out.print(table)


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--platform",
    type=click.Choice(["messenger", "facebook", "instagram", "x"]),
    required=True,
    help="Whose signature the bodies get, and which address they go to.",
)
@click.option("--repeat", type=click.IntRange(1, 1000), default=1, show_default=True, help="How often each is sent.")
@click.option("--url", help="Address of the intake. Default: what runs in the data folder, else http://127.0.0.1:8081")
@DATA
@PORTS
@says_mistakes
def replay(  # noqa: PLR0913  # one for each option
    *, files: tuple[Path, ...], platform: str, repeat: int, url: str | None, data: Path | None, port_base: int | None
) -> None:
    """Sign raw webhook bodies and post them to a running intake; the last line counts them, in JSON.

    A FILE is one body, a folder with *.json in it and below, or a .jsonl with a body a line. Exit status 1 when
    something went wrong beyond a refusal.

    Example: signpost replay --platform messenger payloads/ --repeat 2
    """
    import json
    from dataclasses import asdict

    import httpx

    from signpost.replay_address import address_of, running
    from signpost.replaying import SECONDS
    from signpost.replaying import replay as replay_files

    settings = running(_settings(data, port_base), data=data, port_base=port_base, url=url)
    address = address_of(settings, platform, url)
    with httpx.Client(timeout=SECONDS, trust_env=False) as client:
        summary = replay_files(address, files, client, lambda line: click.echo(line, err=True), repeat=repeat)
    click.echo(json.dumps(asdict(summary)))
    sys.exit(1 if summary.errors else 0)


@main.command("send-test")
@click.argument("account", metavar="ACCOUNT")
@click.option("--to", default="", metavar="PERSON_ID", help="Whom to write to in private, by the platform's id.")
@click.option("--channel", help="Which of the account's channels. Default: its private one")
@click.option("--reply-to", default="", metavar="ID", help="Which comment or post to answer in public.")
@click.option("--dry-run", is_flag=True, help="Show the request, without the token; send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@DATA
@says_mistakes
def send_test(  # noqa: PLR0913  # one for each option
    *, account: str, to: str, channel: str | None, reply_to: str, dry_run: bool, yes: bool, data: Path | None
) -> None:
    """Send one harmless text from an account, and say what came of it; exit status 1 when it wasn't taken.

    ACCOUNT is a key in the accounts' file.

    Example: signpost send-test county_page --to 7000000000000001 --dry-run
    """
    import httpx

    from signpost.desk.sending import transports
    from signpost.force.accounts import load_accounts
    from signpost.live_check import TEXT, Transports, account_named, described, send, text_for
    from signpost.log.clock import utc_now
    from signpost.secrets import with_known_secrets
    from signpost.tokens import credentials_of

    settings = with_known_secrets(_settings(data))
    ours = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    sender = account_named(ours, account)
    delivery = text_for(sender, to=to, channel=channel, reply_to=reply_to)

    def over(client: httpx.Client) -> Transports:
        return transports(settings, ours, client, lambda one: credentials_of(one, settings), utc_now)

    if dry_run:
        click.echo(described(delivery, over))
        return
    if not yes:
        click.confirm(f'Send "{TEXT}" as {sender.name} to {to or reply_to} ({delivery.channel})?', abort=True)
    with httpx.Client() as client:
        verdict = send(delivery, over(client))
    click.echo(verdict.sentence, err=not verdict.taken)
    sys.exit(0 if verdict.taken else 1)


@main.group()
@says_mistakes
def accounts() -> None:
    """The force's accounts on the platforms: what they still need.

    Example: signpost accounts check
    """


@accounts.command("check")
@DATA
@says_mistakes
def accounts_check(data: Path | None) -> None:
    """Say of each account whether it is on and what is missing; exit status 1 when something is.

    Example: signpost accounts check --data /srv/signpost
    """
    from signpost.accounts_check import look
    from signpost.force.accounts import load_accounts
    from signpost.secrets import with_known_secrets
    from signpost.tokens import credentials_of

    settings = with_known_secrets(_settings(data))
    found = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    if not found.all:
        click.echo(f"{settings.accounts} lists no account. docs/connecting.md says how to connect one.")
        return
    report = look(settings, found, lambda account: credentials_of(account, settings))
    for names, rows in (
        (("account", "platform", "channels", "state"), report.accounts),
        (("setting", "what for", "state"), report.needed),
    ):
        table = Table(box=None, pad_edge=False)
        for name in names:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*row)
        out.print(table)
        out.print()
    for sentence in report.off:
        click.echo(sentence)
    if not report.complete:
        click.echo("Something is missing: docs/connecting.md says where each thing comes from.", err=True)
        sys.exit(1)


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
