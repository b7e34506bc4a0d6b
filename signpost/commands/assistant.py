"""Commands about the assistant: whether all is in order, its training, its judgement and its data."""

import os
import sys
from pathlib import Path

import click

from signpost.commands.base import out, says_mistakes, settings_from


@click.command()
@says_mistakes
def check() -> None:
    """Check the mandate, the responses, the data and the settings; a sentence a mistake.

    Example: signpost check
    """
    from signpost.checking import check as check_all
    from signpost.console.build import NOT_BUILT, is_built
    from signpost.processes import PROJECT

    if not is_built():
        click.echo(NOT_BUILT, err=True)
    mistakes = check_all(settings_from(), PROJECT)
    for sentence in mistakes:
        click.echo(sentence)
    if mistakes:
        click.echo(f"{len(mistakes)} to put right.", err=True)
        sys.exit(1)
    click.echo("The mandate, the responses, the data and the settings are in order.")


@click.command()
@click.option("--force", is_flag=True, help="Train even when nothing has changed.")
@says_mistakes
def train(*, force: bool) -> None:
    """Train the assistant, only when what it is made from has changed.

    Example: signpost train
    """
    from signpost.training import kept_by_choice
    from signpost.training import train as train_model

    settings = settings_from()
    if train_model(settings, force=force):
        click.echo(f"Trained: {settings.model_file}")
    else:
        click.echo(kept_by_choice(settings) or "Nothing has changed since the last training.")


JSONL_IN = click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path))
JSONL_OUT = click.argument("target", metavar="OUT.jsonl", type=click.Path(path_type=Path))


@click.command()
@JSONL_IN
@JSONL_OUT
@click.option("--channel", default="messenger", show_default=True, help="The channel whose thresholds are used.")
@says_mistakes
def classify(source: Path, target: Path, channel: str) -> None:
    """Judge messages {id, text} with the trained model, without a server.

    Example: signpost classify messages.jsonl judged.jsonl --channel x_mention
    """
    from signpost.classifying import classify as classify_file

    warning = classify_file(settings_from(), source, target, channel)
    if warning:
        click.echo(f"Note: {warning}", err=True)
    click.echo(f"Judged: {target}")


@click.command()
@JSONL_IN
@JSONL_OUT
@says_mistakes
def converse(source: Path, target: Path) -> None:
    """Hold conversations {id, channel, turns: [{texts, gap_hours?}]} through the whole product.

    Example: signpost converse conversations.jsonl answers.jsonl
    """
    from signpost.conversing import converse as converse_file

    warning = converse_file(settings_from(), source, target)
    if warning:
        click.echo(f"Note: {warning}", err=True)
    click.echo(f"Held: {target}")


@click.command()
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
    outcome = evaluate_model(settings_from(), request, utc_now())
    for note in outcome.figures.about.notes:
        click.echo(f"Note: {note}", err=True)
    out().print(summary(outcome.figures))
    click.echo(f"Report: {outcome.report}")
    missed = [one for one in outcome.held if not one.passed]
    for one in missed:
        click.echo(one.sentence, err=True)
    sys.exit(1 if missed else 0)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Folder of the messages. Default: data/nlu")
@click.option("--json", "figures", type=click.Path(path_type=Path), help="Write all figures to this file as well.")
@says_mistakes
def corpus(folder: Path | None, figures: Path | None) -> None:
    """Say what is the matter with the training messages; exit status 1 when some repeat or contradict each other.

    Example: signpost corpus --json figures.json
    """
    from signpost.corpus.command import report_corpus
    from signpost.processes import PROJECT

    if not report_corpus(folder or PROJECT / "data" / "nlu", figures, out()):
        sys.exit(1)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@says_mistakes
def rasa(arguments: tuple[str, ...]) -> None:
    """Run one of Rasa's own commands with Signpost's settings.

    Example: signpost rasa shell
    """
    from signpost.processes import environment, need_rasa
    from signpost.rasa_call import arguments_for, variables_for
    from signpost.start import make_ready

    need_rasa()
    settings = make_ready(settings_from())
    env = {**environment(settings), **variables_for(arguments)}
    command = [sys.executable, "-W", "ignore", "-m", "bot.rasa_command", *arguments_for(arguments, settings)]
    os.execve(sys.executable, command, env)  # noqa: S606  # the command itself
