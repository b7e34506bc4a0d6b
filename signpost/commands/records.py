"""Commands about the record: who may open it, whether it is whole, how long it is kept, and what is taken out of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from signpost.commands.base import DATA, new_table, out, says_mistakes, settings_from

if TYPE_CHECKING:
    from signpost.console.staff.accounts import By


@click.group()
@says_mistakes
def staff() -> None:
    """Who may sign in to the console: list, add, reset, disable, enable.

    Example: signpost staff list
    """


@staff.command("list")
@DATA
@says_mistakes
def list_staff(data: Path | None) -> None:
    """List the accounts with their roles and their state.

    Example: signpost staff list --data /srv/signpost
    """
    from signpost.console.staff.listing import COLUMNS, listed

    rows = listed(settings_from(data))
    if not rows:
        click.echo("There is no account yet. The first is made by: signpost up")
        return
    table = new_table(*COLUMNS)
    for row in rows:
        table.add_row(*row)
    out().print(table)


@staff.command("add")
@click.argument("username", metavar="USERNAME")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(["reviewer", "trainer", "administrator", "auditor"]),
    help="What they may do. May be repeated.",
)
@DATA
@says_mistakes
def add_staff(*, username: str, name: str, roles: tuple[str, ...], data: Path | None) -> None:
    """Make an account, and say its temporary password once.

    Example: signpost staff add jo@force.example --name "Jo Bloggs" --role reviewer
    """
    from signpost.console.staff.opening import open_register

    with open_register(settings_from(data), _by_hand()) as register:
        password = register.add(username, name, roles)
    click.echo(f"Temporary password of {username.strip().lower()}: {password}")


@staff.command("reset")
@click.argument("username", metavar="USERNAME")
@click.option("--keep-app", is_flag=True, help="Leave the code app as it is.")
@DATA
@says_mistakes
def reset_staff(*, username: str, keep_app: bool, data: Path | None) -> None:
    """Give an account a new temporary password, said once, and no code app; it also ends a lock.

    Example: signpost staff reset administrator
    """
    from signpost.console.staff.opening import open_register

    with open_register(settings_from(data), _by_hand()) as register:
        password = register.reset(register.with_username(username), app=not keep_app)
    click.echo(f"Temporary password of {username.strip().lower()}: {password}")


@staff.command("disable")
@click.argument("username", metavar="USERNAME")
@DATA
@says_mistakes
def disable_staff(*, username: str, data: Path | None) -> None:
    """Switch an account off, and sign its person out everywhere.

    Example: signpost staff disable jo@force.example
    """
    from signpost.console.staff.opening import open_register

    with open_register(settings_from(data), _by_hand()) as register:
        done = register.disable(register.with_username(username))
    click.echo("The account is off." if done else "The account was off already.")


@staff.command("enable")
@click.argument("username", metavar="USERNAME")
@DATA
@says_mistakes
def enable_staff(*, username: str, data: Path | None) -> None:
    """Switch an account on again.

    Example: signpost staff enable jo@force.example
    """
    from signpost.console.staff.opening import open_register

    with open_register(settings_from(data), _by_hand()) as register:
        done = register.enable(register.with_username(username))
    click.echo("The account is on." if done else "The account was on already.")


def _by_hand() -> "By":
    """Whoever types the command, as the audit trail names them: the service, and who is logged in to its machine."""
    import getpass

    from signpost.console.staff.accounts import By
    from signpost.log.audit import SERVICE

    return By(SERVICE, {"way": "command", "user": getpass.getuser()})


@click.group()
@says_mistakes
def retention() -> None:
    """How long what is kept, and what is past its time.

    Example: signpost retention run --dry-run
    """


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Show what would be erased; erase nothing.")
@DATA
@says_mistakes
def run_retention(*, dry_run: bool, data: Path | None) -> None:
    """Erase what has been kept for as long as it may be; a legal hold wins. The desk does so each day by itself.

    Example: signpost retention run --dry-run --data /srv/signpost
    """
    from signpost import retaining
    from signpost.log.retention import NAMES

    settings = settings_from(data)
    if dry_run:
        rows, counted = retaining.look(settings), ["would go", "oldest"]
    else:
        with out().status("Looking for what is due") as status:
            told = lambda kind, count: status.update(f"{NAMES[kind]}: {count:,} erased")  # noqa: E731
            rows, counted = retaining.run(settings, told), ["erased"]
    table = new_table(*retaining.COLUMNS, *counted)
    for row in rows:
        table.add_row(*row[: len(table.columns)])
    out().print(table)
    if dry_run:
        click.echo("Nothing was erased. What is under a legal hold isn't counted, and stays.")


@click.command("verify-log")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--restored", metavar="REASON", help="First note that a backup was put in the record's place, and why.")
@DATA
@says_mistakes
def verify_log(*, as_json: bool, restored: str | None, data: Path | None) -> None:
    """Verify that nobody changed the audit log, took from it or put something in; exit status 1 when somebody did.

    Compares with audit-anchor.jsonl in the data folder, so run it where the desk runs.

    Example: signpost verify-log --data /srv/signpost
    """
    import json

    from rich.console import Console
    from rich.progress import Progress

    from signpost import verifying

    settings = settings_from(data)
    if restored is not None:
        if not restored.strip():
            raise click.UsageError("--restored needs a reason.")
        verifying.restored(settings, restored.strip())
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Verifying", total=None)
        verdict = verifying.verify_log(settings, lambda done, total: bar.update(task, completed=done, total=total))
    if as_json:
        click.echo(json.dumps(verdict.as_json()))
    else:
        for note in verdict.notes:
            click.echo(f"Note: {note}", err=True)
        for line in verifying.in_words(verdict):
            click.echo(line)
    sys.exit(0 if verdict.holds else 1)


@click.command()
@click.argument("target", metavar="OUT.csv|OUT.json", type=click.Path(path_type=Path))
@click.option("--purpose", required=True, help="Why; it is kept in the audit log.")
@click.option("--from", "first", metavar="DAY", default="", help="Received on this day or later, as in 2026-11-22.")
@click.option("--to", "last", metavar="DAY", default="", help="Received on this day or earlier.")
@click.option("--label", multiple=True, help="emergency, crime_report, not_report or unknown. May be repeated.")
@click.option("--cause", multiple=True, help="report, unsure, failed, unreadable or abuse. May be repeated.")
@click.option("--kind", multiple=True, help="A kind of crime, as in burglary. May be repeated.")
@click.option("--channel", multiple=True, help="As in messenger or x_mention. May be repeated.")
@click.option("--account", multiple=True, help="The platform's id of an account. May be repeated.")
@click.option("--state", multiple=True, help="unreviewed or reviewed. May be repeated.")
@DATA
@says_mistakes
def export(target: Path, purpose: str, first: str, last: str, data: Path | None, **chosen: tuple[str, ...]) -> None:
    """Take records out, texts without personal data, as a spreadsheet or as JSON; the audit log notes who and why.

    Example: signpost export november.csv --from 2026-11-01 --to 2026-11-30 --purpose "Monthly meeting"
    """
    from rich.console import Console
    from rich.progress import Progress

    from signpost import exporting

    filters = exporting.filters_of({"from": (first,), "to": (last,), **chosen})
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Exporting", total=None)
        told = lambda done, total: bar.update(task, completed=done, total=total)  # noqa: E731
        count = exporting.export(settings_from(data), target, filters, purpose, told)
    click.echo(f"{count:,} {'record' if count == 1 else 'records'}: {target}")
