"""Commands for trainers: conversation tests, what they reach, a chat in the terminal, and a drawing of the rules."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from signpost.commands.base import out, says_mistakes, settings_from
from signpost.mistakes import Mistake

if TYPE_CHECKING:
    from signpost.conversations.outcome import Outcome
    from signpost.conversations.reading import Conversation
    from signpost.settings import Settings

JSON = click.option(
    "--json", "target", metavar="OUT.json", type=click.Path(path_type=Path), help="Write it as JSON, too."
)


@click.group()
@says_mistakes
def test() -> None:
    """Hold the assistant to the conversation tests.

    Example: signpost test conversations
    """


@test.command()
@click.option("--file", "name", help="Only the tests of this file of tests/conversation/, or of any other by its path.")
@click.option("--channel", help="Only on this channel.")
@JSON
@says_mistakes
def conversations(*, name: str | None, channel: str | None, target: Path | None) -> None:
    """Hold all conversation tests through the whole product; exit status 1 when one fails.

    Example: signpost test conversations --file reports.yml --channel messenger
    """
    from signpost.conversations.outcome import failed
    from signpost.conversations.presenting import told

    settings = settings_from()
    outcomes = _run(settings, _suite(name), channel, target)
    for line in told(outcomes):
        out().print(line, markup=False)
    sys.exit(1 if failed(outcomes) else 0)


RESULTS = click.option(
    "--from",
    "source",
    metavar="RESULTS.json",
    type=click.Path(path_type=Path),
    help="What `signpost test conversations --json` wrote; else the tests are run.",
)


@test.command()
@RESULTS
@click.option(
    "--out",
    "folder",
    default="reports/stories",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for the stories and Rasa's results.",
)
@says_mistakes
def stories(*, source: Path | None, folder: Path) -> None:
    """Hold the rules to the conversation tests as stories, by `rasa test core`; exit status 1 when one fails.

    Example: signpost test stories --out stories
    """
    from signpost.conversations.running import judge_of
    from signpost.conversations.stories import hold_to
    from signpost.conversations.stories import stories as told_as_stories
    from signpost.jobs import stderr_console
    from signpost.processes import need_rasa

    need_rasa()
    settings = settings_from()
    judge = judge_of(settings)
    outcomes = _read_results(source) if source is not None else _run(settings, _suite(None), None, None)
    with stderr_console().status("Rasa is testing the stories"):
        held = hold_to(settings, told_as_stories(outcomes, judge.rules, judge.mandate), folder)
    for title in held.failed:
        click.echo(f"FAILED  {title}")
    if held.failed:
        click.echo(f"{len(held.failed)} of {held.stories} stories failed; {held.details} says where.", err=True)
        sys.exit(1)
    click.echo(f"All {held.stories} stories hold.")


@click.command()
@RESULTS
@JSON
@says_mistakes
def coverage(*, source: Path | None, target: Path | None) -> None:
    """Say which intents, rules and responses no conversation test reaches; exit status 1 when there are any.

    Example: signpost coverage
    """
    from signpost.conversations.coverage import measure
    from signpost.conversations.presenting import covered
    from signpost.conversations.running import judge_of
    from signpost.jsonl import write_target

    settings = settings_from()
    if target is not None:
        write_target(target)
    suite = _suite(None)
    outcomes = _read_results(source) if source is not None else _run(settings, suite, None, None)
    judge = judge_of(settings)
    found = measure(suite, outcomes, judge.domain, judge.rules, judge.mandate)
    for line in covered(found):
        out().print(line, markup=False)
    if target is not None:
        _write(target, found.as_json())
    sys.exit(0 if found.complete else 1)


@click.command()
@click.option("--channel", default="messenger", show_default=True, help="Where you write as a member of the public.")
@says_mistakes
def shell(*, channel: str) -> None:
    """Chat with the assistant in the terminal, and see what it understands.

    Example: signpost shell --channel x_dm
    """
    from signpost.conversations.shell import chat

    chat(settings_from(), channel, out())


@click.command()
@click.option(
    "--out",
    "target",
    metavar="FILE.svg",
    default="reports/rules.svg",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The drawing.",
)
@says_mistakes
def draw(*, target: Path) -> None:
    """Draw the rules: who writes what, and what comes of it.

    Example: signpost draw --out rules.svg
    """
    from signpost.conversations.domain import load_domain
    from signpost.conversations.flow import flow
    from signpost.conversations.rules import load_rules
    from signpost.jsonl import write_target
    from signpost.processes import PROJECT

    drawing = flow(load_rules(PROJECT / "data" / "rules"), load_domain(PROJECT / "domain"))
    if target == Path("reports/rules.svg"):
        target.parent.mkdir(exist_ok=True)
    write_target(target).write_text(drawing, "utf-8")
    click.echo(f"Drawn: {target}")


def _suite(name: str | None) -> "list[Conversation]":
    from signpost.conversations.reading import load_file, load_suite
    from signpost.processes import PROJECT

    folder = PROJECT / "tests" / "conversation"
    if name is None:
        suite = load_suite(folder)
    else:
        given = Path(name)
        beside = folder / (name if given.suffix else f"{name}.yml")
        suite = load_file(beside if beside.is_file() else given)
    if not suite:
        raise Mistake(f"There is no conversation test in {name or folder}. docs/training.md shows how one is written.")
    return suite


def _run(
    settings: "Settings", suite: "Sequence[Conversation]", channel: str | None, target: Path | None
) -> "list[Outcome]":
    from signpost.conversations.expanding import on_channels
    from signpost.conversations.running import run
    from signpost.force.channels import channel_named
    from signpost.force.mandate import load_mandate
    from signpost.jobs import progress_bar, stderr_console
    from signpost.jsonl import write_target
    from signpost.training import need_model, trained_from

    mandate = load_mandate(settings.force_folder)
    cases = on_channels(suite, mandate)
    if channel is not None:
        wanted = channel_named(mandate, channel)
        cases = [case for case in cases if case.channel == wanted]
        if not cases:
            raise Mistake(f"None of these tests is held on {wanted.key}.")
    if target is not None:
        write_target(target)
    warning = need_model(settings)
    if warning:
        click.echo(f"Note: {warning}", err=True)
    progress = progress_bar(stderr_console())
    task = progress.add_task("Holding conversations", total=len(cases))

    def tell(done: int, total: int) -> None:
        # The bar begins when the assistant has started, which shows a sign of its own.
        progress.start()
        progress.update(task, completed=done, total=total)

    try:
        outcomes = run(settings, cases, tell)
    finally:
        progress.stop()
    if target is not None:
        _write(target, {"made_from": trained_from(settings), "outcomes": [one.as_json() for one in outcomes]})
    return outcomes


def _read_results(source: Path) -> "list[Outcome]":
    from signpost.conversations.outcome import Outcome

    try:
        return [Outcome.from_json(one) for one in json.loads(source.read_text("utf-8"))["outcomes"]]
    except OSError as fault:
        raise Mistake(f"{source} can't be read: {fault.strerror}.", exit_status=2) from None
    except (ValueError, KeyError, TypeError):
        raise Mistake(f"{source} isn't what `signpost test conversations --json` writes.", exit_status=2) from None


def _write(target: Path, value: Any) -> None:
    target.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", "utf-8")
