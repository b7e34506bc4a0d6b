"""Makes the escalations: their texts, reviews, holds, corrections and alerts."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from signpost.log.models import DOUBTFUL, ORDINARY, URGENT
from tests.large import words
from tests.large.force import ADMINISTRATOR_ID, MODEL, ORIGINAL_DAYS, OUTCOMES, REVIEWERS, TRAINER_ID, Size
from tests.large.people import Known
from tests.large.rows import Choice, Rows, new_key, shown

LABELS = ("emergency", "crime_report", "not_report")
NOTES = (
    "Rang back, all in order.",
    "Passed to the control room.",
    "Seen, nothing more to do.",
    "Same person as this morning.",
)
REASONS = '[{"word": "smashed", "speaks": "for"}, {"word": "window", "speaks": "for"}]'
OUTCOME = Choice(OUTCOMES)
URGENT_HOURS, USUAL_HOURS = math.log(0.25), math.log(5)
"""Half of all reviews come within a quarter of an hour, or within five hours."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a message. ``cause`` is empty and ``reference`` none where it isn't escalated."""

    home: Known
    reference: str | None
    received: datetime
    ended: datetime
    cause: str
    label: str
    unsure: bool
    kind: str | None
    confidence: float
    end: str

    @property
    def visibility(self) -> str:
        """Who can read it on the platform."""
        return "public" if self.home.channel.endswith(("comment", "mention")) else "private"

    @property
    def scores(self) -> str:
        """A score for each label, as JSON."""
        rest = round((1 - self.confidence) / 2, 4)
        return "{" + ", ".join(f'"{one}": {self.confidence if one == self.label else rest}' for one in LABELS) + "}"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a reviewer said, and when."""

    by: int
    at: datetime
    was_report: str
    was_emergency: str


@dataclass
class Records:
    """Adds escalations to the rows."""

    rows: Rows
    chance: Random
    size: Size
    until: datetime

    def add(self, message: int, one: Understood, delivered: datetime | None, state: str, reply: str | None) -> None:
        """An escalation with its review, correction and alert, as far as there are any."""
        urgent = one.label == "emergency" or state == "failed"
        review, text = self._review(one, urgent=urgent), self._text(one.cause)
        erased, held = one.received + timedelta(days=ORIGINAL_DAYS), self.chance.random() < 0.001
        outcome = OUTCOME.of(self.chance) if review else None
        place = self.rows.made("escalation") + 1
        # fmt: off
        number = self.rows.add(
            "escalation", one.reference, message, one.cause, URGENT if urgent else DOUBTFUL if one.unsure else ORDINARY,
            one.home.channel, one.home.account, shown(one.received), shown(one.ended + timedelta(milliseconds=40)),
            shown(one.ended), shown(delivered), text, one.label, int(one.unsure), one.kind, one.scores, one.confidence,
            REASONS, MODEL, "action", reply, state, int(review is not None), "reviewed" if review else "unreviewed",
            review.by if review else None, shown(review.at) if review else None, review.was_report if review else None,
            review.was_emergency if review else None, ("yes" if place % 33 else "no") if review else None, outcome,
            f"NICHE-{place:07d}" if outcome == "niche" else None,
            NOTES[place % len(NOTES)] if review and place % 10 == 0 else None,
            "Asked for by the solicitors." if held else None, ADMINISTRATOR_ID if held else None,
            shown(one.received) if held else None, shown(erased) if erased < self.until and not held else None,
        )
        # fmt: on
        if review and review.was_report == "no" and one.label == "crime_report" and one.kind:
            self._correction(number, text, one, review)
        if urgent:
            self._alert(number, one, review)

    def _text(self, cause: str) -> str:
        makers = {"abuse": words.abuse, "unsure": words.doubtful}
        return makers.get(cause, words.report)(self.chance)

    def _review(self, one: Understood, *, urgent: bool) -> Reviewed | None:
        share, chance = self.size.unreviewed_share, self.chance
        newest = self.rows.made("inbound_message") / (self.size.escalations + self.size.others) > 1 - share / 2
        # Of the newest hardly any was reviewed; the rest of the share is spread over all others.
        if chance.random() < (0.9 if newest else 0.55 * share / (1 - share / 2)):
            return None
        hours = chance.lognormvariate(URGENT_HOURS if urgent else USUAL_HOURS, 1.0)
        at = one.received + timedelta(seconds=round(hours * 3600, 3))
        if at >= self.until:
            return None
        was_report, was_emergency = self._judged(one.label)
        return Reviewed(1 + chance.randrange(len(REVIEWERS)), at, was_report, was_emergency)

    def _judged(self, label: str) -> tuple[str, str]:
        draw = self.chance.random()
        if label in {"not_report", "unknown"}:
            return ("yes" if draw < 0.05 else "no"), ("yes" if draw < 0.005 else "no")
        report = "no" if draw < 0.06 else "unclear" if draw < 0.09 else "yes"
        if label == "emergency":
            return report, "no" if draw < 0.15 else "yes"
        return report, "yes" if draw > 0.985 else "no"

    def _correction(self, number: int, text: str, one: Understood, review: Reviewed) -> None:
        decided = review.at + timedelta(days=self.chance.uniform(0.5, 10))
        state = "open" if decided > self.until else "accepted" if self.chance.random() < 0.6 else "refused"
        by, at = (None, None) if state == "open" else (TRAINER_ID, shown(decided))
        # fmt: off
        self.rows.add(
            "correction", number, text, one.label, "not_report", review.by, shown(review.at), state, by, at,
        )
        # fmt: on

    def _alert(self, number: int, one: Understood, review: Reviewed | None) -> None:
        emergency = one.label == "emergency"
        # Whatever is older than a week was seen to by somebody, reviewed or not.
        old = (self.until - one.received).days >= 7
        seen = shown(review.at if review else one.received + timedelta(hours=1)) if review or old else None
        by, at = review.by if review else 1, shown(one.received)
        # fmt: off
        self.rows.add(
            "alert", new_key(self.chance), "emergency" if emergency else "reply_failed", one.home.account, number,
            int(emergency), "Somebody may be in danger." if emergency else "A reply could not be delivered.", at, at, 1,
            seen, seen, by if seen else None, 1,
        )
        # fmt: on
