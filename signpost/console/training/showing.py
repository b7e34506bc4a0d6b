"""A comparison of two models as the page shows it, read from a job's result (:mod:`signpost.workbench.comparing`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from signpost.conversations.outcome import Outcome
from signpost.evaluation.gold import LABELS
from signpost.evaluation.picture_confusion import confusion_picture
from signpost.evaluation.shown import percent
from signpost.workbench.comparing import BETTER, OTHER, WORSE

MOST_FAILURES = 20
"""Failed conversation tests that are shown turn by turn; how many there are is told."""
WENT: Final = {"better": "Better", "worse": "Worse", "same": "The same"}
CHANGED: Final = {BETTER: "Put right", WORSE: "Now wrong", OTHER: "Wrong with both"}
MODELS: Final = (("now", "The model that ran"), ("candidate", "The new model"))


@dataclass(frozen=True)
class FigureRow:
    """One figure of both models, in words. ``needed``: the gate's bound; empty where it asks for none."""

    name: str
    meaning: str
    now: str
    new: str
    verdict: str
    needed: str
    reached: bool


@dataclass(frozen=True)
class ChangedMessage:
    """A message that the two models decide otherwise: the labels they give it, and the right one."""

    text: str
    where: str
    was: str
    now: str
    right: str
    verdict: str


@dataclass(frozen=True)
class Confusion:
    """What one model takes for what: the rows are (right answer, how many of it it gave each answer), both in one order."""

    title: str
    picture: Markup
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Shown:
    """The comparison.

    ``against``: the key of the model that ran then. ``missed``: a sentence for each of the gate's ``bounds`` that is missed.
    Of ``held`` conversation tests ``failed`` failed with the new model; ``failures`` are the first of them. ``tried``: how
    many messages both judged.
    """

    against: str
    fit: bool
    verdict: str
    figures: tuple[FigureRow, ...]
    bounds: int
    missed: tuple[str, ...]
    held: int
    failed: int
    failures: tuple[Outcome, ...]
    tried: int
    changed: tuple[ChangedMessage, ...]
    confusions: tuple[Confusion, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many of the changed messages went which way, in words."""
        return {words: sum(one.verdict == words for one in self.changed) for words in CHANGED.values()}


def shown(result: Mapping[str, Any] | None) -> Shown | None:
    """The comparison in a job's result; none where there is none, or it isn't in this version's form."""
    if not result or "comparison" not in result:
        return None
    try:
        return _shown(result["comparison"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _shown(told: Mapping[str, Any]) -> Shown:
    held = told["conversations"] or {"total": 0, "failed": 0, "failures": ()}
    return Shown(
        against=told["now"],
        fit=told["fit"],
        verdict=told["verdict"],
        figures=tuple(_row(one) for one in told["figures"]),
        bounds=sum(one["bound"] is not None for one in told["figures"]),
        missed=tuple(told["missed"]),
        held=held["total"],
        failed=held["failed"],
        failures=tuple(Outcome.from_json(one) for one in held["failures"][:MOST_FAILURES]),
        tried=told["judged"],
        changed=tuple(_in_order(told["changed"])),
        confusions=tuple(_confusions(told.get("confusion") or {})),
    )


def _row(one: Mapping[str, Any]) -> FigureRow:
    needed = "" if one["bound"] is None else f"{'at least' if one['at_least'] else 'at most'} {percent(one['bound'])}"
    return FigureRow(
        one["title"],
        one["meaning"],
        percent(one["now"]),
        percent(one["candidate"]),
        WENT[one["went"]],
        needed,
        bool(one["passed"]),
    )


def _in_order(changed: list[Mapping[str, Any]]) -> Iterator[ChangedMessage]:
    """What got worse first: that is what a person has to weigh."""
    order = [WORSE, BETTER, OTHER]
    for one in sorted(changed, key=lambda one: (order.index(one["went"]), not one["held_back"])):
        where = f"{'Held back' if one['held_back'] else 'Learnt from'}: {one['place']}"
        verdict = CHANGED[one["went"]]
        yield ChangedMessage(one["text"], where, one["now"], one["candidate"], one["right"], verdict)


def _confusions(told: Mapping[str, Any]) -> Iterator[Confusion]:
    for name, title in MODELS:
        if name in told:
            table = told[name]
            # Drawn from numbers alone.
            picture = Markup(confusion_picture(table, f"confusion-{name}"))  # noqa: S704
            rows = tuple((right, tuple(table[right][given] for given in LABELS)) for right in LABELS)
            yield Confusion(title, picture, LABELS, rows)
