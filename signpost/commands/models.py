"""Commands about models: which there are, how two compare, which one runs; and the jobs of the workbench."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from signpost.commands.base import DATA, new_table, out, says_mistakes, settings_from
from signpost.mistakes import Mistake

if TYPE_CHECKING:
    from datetime import datetime

    from signpost.settings import Settings
    from signpost.workbench.comparing import Comparison
    from signpost.workbench.deciding import Deciding
    from signpost.workbench.shelf import Change, Model, Shelf


@click.command()
@says_mistakes
def models() -> None:
    """List the models: the one that runs, candidates, and former ones to go back to.

    Example: signpost models
    """
    from signpost.workbench.shelf import Shelf

    found = Shelf(settings_from()).all()
    if not found:
        click.echo("There is no model. Make one with: signpost train")
        return
    table = new_table("model", "state", "trained", "fit to run")
    fit = {True: "yes", False: "no", None: "not compared"}
    for one in found:
        state = f"{one.state} ({one.chosen} by a person)" if one.chosen else one.state
        table.add_row(one.short, state, _in_london(one.trained_at), fit[one.fit])
    out().print(table)


@click.command()
@click.argument("now", metavar="A")
@click.argument("candidate", metavar="B")
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write all of it to this file as well.")
@click.option("--without-conversations", is_flag=True, help="Leave out the conversation tests, which take minutes.")
@says_mistakes
def compare(now: str, candidate: str, target: Path | None, *, without_conversations: bool) -> None:
    """Hold model B beside model A: figures, changed decisions, conversation tests; status 1 when B isn't fit to run.

    A and B are models' files, keys as `signpost models` lists them, or: current

    Example: signpost compare current 3f9ab2c1
    """
    from signpost.jobs import progress_bar, stderr_console
    from signpost.jsonl import write_target
    from signpost.processes import need_rasa
    from signpost.workbench.comparing import compare as compare_models
    from signpost.workbench.shelf import Shelf
    from signpost.workbench.work import TerminalWork

    need_rasa()
    settings = settings_from()
    shelf = Shelf(settings)
    two = _model(shelf, now), _model(shelf, candidate)
    if target is not None:
        write_target(target)
    with progress_bar(stderr_console()) as progress:
        work = TerminalWork(settings, progress)
        found = compare_models(settings, *two, work, with_conversations=not without_conversations)
    if not without_conversations and now == "current":
        shelf.note(found.candidate, fit=found.fit, verdict=found.verdict)
    if target is not None:
        target.write_text(json.dumps(found.as_json(), indent=1) + "\n", "utf-8")
    _show(found)
    sys.exit(0 if found.fit else 1)


@click.command()
@click.argument("key", metavar="MODEL")
@click.option("--anyway", is_flag=True, help="Even when its comparison didn't find it fit to run.")
@DATA
@says_mistakes
def promote(key: str, data: Path | None, *, anyway: bool) -> None:
    """Put a model of the shelf where it runs; the assistant takes it over within seconds, and loses no message.

    Example: signpost promote 3f9ab2c1
    """
    settings = settings_from(data)
    change = _deciding(settings).promote(key, anyway=anyway)
    _tell(change)


@click.command("roll-back")
@DATA
@says_mistakes
def roll_back(data: Path | None) -> None:
    """Put the model that ran before back in its place.

    Example: signpost roll-back
    """
    _tell(_deciding(settings_from(data)).roll_back())


@click.group()
@says_mistakes
def jobs() -> None:
    """Trainings and conversation tests that trainers ask for: list, start, stop, work.

    Example: signpost jobs list
    """


@jobs.command("list")
@DATA
@says_mistakes
def list_jobs(data: Path | None) -> None:
    """List the last jobs, the newest first.

    Example: signpost jobs list
    """
    from signpost.workbench.by_hand import last_jobs

    rows = last_jobs(settings_from(data))
    if not rows:
        click.echo("There was no job yet. Start one with: signpost jobs start train")
        return
    table = new_table()
    for column in ("job", "kind", "state", "asked"):
        table.add_column(column, no_wrap=True)
    table.add_column("what", overflow="fold")
    for key, kind, state, asked, what in rows:
        table.add_row(key, kind, state, _in_london(asked), what)
    out().print(table)


@jobs.command("start")
@click.argument("kind", type=click.Choice(["train", "conversations"]))
@DATA
@says_mistakes
def start_job(kind: str, data: Path | None) -> None:
    """Ask for a training or for the conversation tests; whoever runs where Rasa is does it.

    Example: signpost jobs start train
    """
    from signpost.workbench.by_hand import ask_by_hand

    click.echo(f"Asked for: {ask_by_hand(settings_from(data), kind)}")


@jobs.command("stop")
@click.argument("key", metavar="JOB")
@DATA
@says_mistakes
def stop_job(key: str, data: Path | None) -> None:
    """Stop a job.

    Example: signpost jobs stop 0b7d4c52-4b1c-4b0e-9d5a-2f4f0a1c7e11
    """
    from signpost.workbench.by_hand import stop_by_hand

    click.echo("It stops." if stop_by_hand(settings_from(data), key) else "It had ended already.")


@jobs.command("work")
@click.option("--once", is_flag=True, help="Stop when no job waits.")
@DATA
@says_mistakes
def work_jobs(data: Path | None, *, once: bool) -> None:
    """Do the jobs that trainers ask for, where Rasa is and no desk runs; stop with Ctrl+C.

    Example: signpost jobs work --once
    """
    from signpost.workbench.by_hand import work_by_hand

    work_by_hand(settings_from(data), click.echo, once=once)


def _deciding(settings: "Settings") -> "Deciding":
    from signpost.log.audit import SERVICE
    from signpost.record_opening import open_record, whoever_commands
    from signpost.workbench.deciding import Deciding
    from signpost.workbench.shelf import Shelf

    record = open_record(settings)
    return Deciding(Shelf(settings), record.sessions, record.trail, SERVICE, {"by": whoever_commands()})


def _model(shelf: "Shelf", name: str) -> "Model":
    """A model's file, wherever it lies, or one of the shelf."""
    from signpost.workbench.files import is_whole, key_of
    from signpost.workbench.shelf import Model

    file = Path(name)
    if not file.is_file():
        return shelf.find(name)
    if not is_whole(file):
        raise Mistake(f"{file} is no model, or is damaged.", 2)
    return Model(key_of(file), "", None, "file", file)


def _tell(change: "Change") -> None:
    click.echo(
        f"Model {change.model.short} runs now; a running assistant takes it over within seconds. See: signpost status"
    )
    for key in change.dropped:
        click.echo(f"Dropped, since there are newer ones: {key[:8]}")


def _show(found: "Comparison") -> None:
    table = new_table("figure", "A", "B", "gate")
    for one in found.figures:
        gate = "" if one.bound is None else f"{'at least' if one.at_least else 'at most'} {one.bound:.1%}"
        table.add_row(
            one.title, _share(one.now), _share(one.candidate), gate + ("" if one.passed in (None, True) else ", missed")
        )
    out().print(table)
    if found.changed:
        changed = new_table("where", "right", "A", "B", "", "text")
        for message in found.changed:
            changed.add_row(
                message.place,
                message.right,
                message.now,
                message.candidate,
                message.went,
                message.text[:80],
                style=None,
            )
        out().print(changed)
    for failure in found.conversations.failures if found.conversations else ():
        click.echo(f"Failed: {failure['title']} ({failure['channel']})")
    click.echo(found.verdict)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def _in_london(moment: "datetime | None") -> str:
    from signpost.workbench.by_hand import in_london

    return in_london(moment)
