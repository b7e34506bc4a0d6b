"""Two models on the same messages: where they part, and whether chance alone would part them so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signpost.estimates import Estimate
from signpost.evaluation.curve import Curve, auc, curve_of
from signpost.evaluation.delong import auc_estimate
from signpost.evaluation.gold import MessageId
from signpost.evaluation.predictions import Case
from signpost.evaluation.ranking import counts, places_on
from signpost.evaluation.resampling import Heard, draws, middle_95


@dataclass(frozen=True)
class McNemar:
    """Of ``of`` messages ``only_this`` were judged rightly by this model alone, ``only_other`` by the other alone.

    ``p``: how often chance alone would part two equally good models at least so far (exact, two-sided).
    """

    of: int
    only_this: int
    only_other: int
    p: float


@dataclass(frozen=True)
class Changed:
    """A message that the two models gave different labels; ``right`` is the one a person gave."""

    id: MessageId
    right: str
    other: str
    this: str
    other_score: float
    this_score: float


@dataclass(frozen=True)
class Comparison:
    """``auc_difference``: this model's area less the other's, from -1 to 1. ``changed``: differently labelled messages."""

    other_curve: Curve
    other_auc: Estimate
    auc_difference: Estimate
    reports: McNemar
    others: McNemar
    changed: tuple[Changed, ...]


def compare(this: Sequence[Case], other: Sequence[Case], heard: Heard) -> Comparison:
    """Both hold the same messages in the same order; ``heard`` is told of each draw."""
    both = list(zip(this, other, strict=True))
    mine, theirs = _curve(this), _curve(other)
    return Comparison(
        other_curve=theirs,
        other_auc=auc_estimate(theirs),
        auc_difference=_auc_difference((this, mine), (other, theirs), heard),
        reports=mcnemar([(a.flagged, b.flagged) for a, b in both if a.message.is_report]),
        others=mcnemar([(not a.flagged, not b.flagged) for a, b in both if not a.message.is_report]),
        changed=tuple(sorted(_changed(both), key=lambda one: (one.right, one.other, one.this, str(one.id)))),
    )


def mcnemar(rightly: Sequence[tuple[bool, bool]]) -> McNemar:
    """McNemar's exact test of (judged rightly by this model, by the other), a pair a message."""
    only_this = sum(a and not b for a, b in rightly)
    only_other = sum(b and not a for a, b in rightly)
    parted = only_this + only_other
    tail, ways = 0, 1
    for chosen in range(min(only_this, only_other) + 1):
        tail, ways = tail + ways, ways * (parted - chosen) // (chosen + 1)
    return McNemar(len(rightly), only_this, only_other, min(1.0, 2 * tail / 2**parted))


def _curve(cases: Sequence[Case]) -> Curve:
    return curve_of((case.score, case.message.is_report) for case in cases)


def _changed(both: Sequence[tuple[Case, Case]]) -> Iterator[Changed]:
    for this, other in both:
        if this.prediction.label != other.prediction.label:
            labels = (this.message.label, other.prediction.label, this.prediction.label)
            yield Changed(this.message.id, *labels, other_score=other.score, this_score=this.score)


def _auc_difference(this: tuple[Sequence[Case], Curve], other: tuple[Sequence[Case], Curve], heard: Heard) -> Estimate:
    kinds = [case.message.is_report for case in this[0]]
    models = [(places_on(curve, cases), len(curve.scores)) for cases, curve in (this, other)]
    differences: list[float] = []
    for done, drawn in enumerate(draws(kinds), 1):
        # The same draw for both models: what is hard for both takes no part in the difference.
        mine, theirs = (auc(*counts(drawn, places, kinds, length)) for places, length in models)
        differences.append(mine - theirs)
        heard(done)
    whole = auc(this[1].reports, this[1].others) - auc(other[1].reports, other[1].others)
    return Estimate(whole, *middle_95(differences))
