"""From a file of labelled messages to the report: `signpost evaluate`."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from signpost.classifying import classify
from signpost.evaluation.comparison import compare
from signpost.evaluation.figures import About, Figures, work_out
from signpost.evaluation.gate import Held, hold, read_gate
from signpost.evaluation.gold import LABELS, UNSURE, Message, fields_to_part_by, read_gold
from signpost.evaluation.page import page
from signpost.evaluation.pictures import pictures
from signpost.evaluation.predictions import Case, pair, read_predictions, unexplained
from signpost.evaluation.resampling import DRAWS, Heard
from signpost.evaluation.thresholds import Thresholds, read_thresholds
from signpost.evaluation.writing import keep_predictions, make_folder, write_report
from signpost.force.channels import channel_named
from signpost.force.mandate import Channel, load_mandate
from signpost.jobs import progress_bar, stderr_console
from signpost.settings import Settings
from signpost.training import trained_from


@dataclass(frozen=True)
class Request:
    """What is asked for; ``predictions`` made before take the place of the trained model."""

    gold: Path
    out: Path
    channel: str
    predictions: Path | None = None
    compare: Path | None = None
    by: tuple[str, ...] = ()
    gate: Path | None = None
    with_texts: bool = False


@dataclass(frozen=True)
class Outcome:
    """The figures, the gate's bounds held to them (none without a gate), and where the page lies."""

    figures: Figures
    held: tuple[Held, ...]
    report: Path


def evaluate(settings: Settings, request: Request, now: datetime) -> Outcome:
    """Judges, works out and writes. Raises :class:`signpost.mistakes.Mistake`; what can be known before the work, before it."""
    channel = channel_named(load_mandate(settings.force_folder), request.channel)
    thresholds = read_thresholds(channel)
    messages = read_gold(request.gold)
    fields = fields_to_part_by(request.gold, messages, request.by)
    bounds = read_gate(request.gate) if request.gate else {}
    other = _beside(messages, request.compare) if request.compare else None
    given = _beside(messages, request.predictions) if request.predictions else None
    make_folder(request.out)
    notes: list[str] = []
    cases = given or _judge(settings, request, messages, notes)
    for file, judged in ((request.predictions, given), (request.compare, other)):
        notes += _doubts(file, judged, thresholds, channel) if file and judged else []
    about = _about(settings, request, channel, thresholds, messages, now, notes)
    figures = _work_out(about, cases, other, fields, with_texts=request.with_texts)
    held = tuple(hold(bounds, figures.by_name()))
    drawn = pictures(figures)
    report = write_report(request.out, figures, page(figures, drawn, held), drawn, with_texts=request.with_texts)
    return Outcome(figures, held, report)


def _beside(messages: Sequence[Message], file: Path) -> list[Case]:
    return pair(messages, read_predictions(file), file)


def _judge(settings: Settings, request: Request, messages: Sequence[Message], notes: list[str]) -> list[Case]:
    """What the trained model makes of the messages; kept for a later comparison."""
    with tempfile.TemporaryDirectory(dir=request.out, prefix=".judging-") as folder:
        judged = Path(folder) / "judged.jsonl"
        warning = classify(settings, request.gold, judged, request.channel)
        cases = _beside(messages, judged)
        keep_predictions(judged, request.out)
    notes += [warning] if warning else []
    return cases


def _doubts(file: Path, cases: Sequence[Case], thresholds: Thresholds, channel: Channel) -> list[str]:
    """A note when the labels can't come from this channel's thresholds."""
    odd = unexplained(cases, thresholds)
    if not odd:
        return []
    note = (
        f"{odd:,} of the {len(cases):,} labels in {file.name} don't follow from their scores by the thresholds of "
        f"{channel.name}: it was made for another channel, or by another rule. Its labels are used as they stand."
    )
    return [note]


def _work_out(
    about: About, cases: Sequence[Case], other: Sequence[Case] | None, fields: Sequence[str], *, with_texts: bool
) -> Figures:
    with _bar("Drawing samples for the intervals") as heard:
        figures = work_out(about, cases, fields, heard, with_texts=with_texts)
    if other is None:
        return figures
    decided = [(a, b) for a, b in zip(cases, other, strict=True) if a.message.label != UNSURE]
    with _bar("Comparing the two models") as heard:
        comparison = compare([a for a, _ in decided], [b for _, b in decided], heard)
    return replace(figures, comparison=comparison)


@contextmanager
def _bar(description: str) -> Iterator[Heard]:
    with progress_bar(stderr_console()) as progress:
        task = progress.add_task(description, total=DRAWS)
        yield lambda done: progress.update(task, completed=done)


def _about(  # noqa: PLR0913, PLR0917  # all that a reader must know of how it was made
    settings: Settings,
    request: Request,
    channel: Channel,
    thresholds: Thresholds,
    messages: Sequence[Message],
    now: datetime,
    notes: Sequence[str],
) -> About:
    counted = Counter(message.label for message in messages)
    near_misses = sum(bool(message.near_miss) and not message.is_report for message in messages)
    return About(
        gold=request.gold.name,
        gold_sha256=hashlib.sha256(request.gold.read_bytes()).hexdigest(),
        predictions=request.predictions.name if request.predictions else "the trained model",
        compared_with=request.compare.name if request.compare else None,
        channel=channel.key,
        channel_name=channel.name,
        visibility=channel.visibility,
        thresholds=thresholds,
        model_made_from=None if request.predictions else trained_from(settings),
        made_at=now.isoformat(timespec="minutes"),
        counts={
            "messages": len(messages),
            **{label: counted[label] for label in (*LABELS, UNSURE)},
            "near_miss": near_misses,
        },
        notes=tuple(notes),
    )
