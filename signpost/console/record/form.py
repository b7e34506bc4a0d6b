"""The forms of a record's page, read and checked."""

from collections.abc import Mapping
from typing import Final

from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import InputRequired, Optional

from signpost.console.form import AtMost, StaffForm
from signpost.console.words import JUDGEMENTS, OUTCOMES
from signpost.log import reviewing
from signpost.log.models import UNKNOWN, Escalation
from signpost.log.reviewing import ANSWERS, NICHE, NO, YES, Review

MOST_NOTES, MOST_REASON, MOST_NICHE = 4000, 500, 64
"""Characters."""
LEAST_REASON = 5
QUESTIONS: Final = ("was_report", "was_emergency", "reply_right")
ALL_RIGHT, NOT_ALL = "yes", "no"
WHY: Final = {
    "control_room": "To pass an emergency on to the control room",
    "niche": "To record intelligence in Niche",
    "judge": "The redacted text isn’t enough to judge the message",
    "request": "For a request or complaint by the person",
    "redaction": "To see whether redaction took out what it should",
    "other": "Another reason",
}
"""Why somebody may need to see an original text."""
_ANSWERS = [(answer, JUDGEMENTS[answer]) for answer in ANSWERS]


class ReviewForm(StaffForm):
    """What became of a message, and whether Signpost judged it rightly. Only the outcome must be given."""

    version = HiddenField()
    all_right = RadioField("Did Signpost get this message right?", validators=[Optional()])
    was_report = RadioField("Was it a report?", choices=_ANSWERS, validators=[Optional()])
    was_emergency = RadioField("Was it an emergency?", choices=_ANSWERS, validators=[Optional()])
    reply_right = RadioField("Was the reply right?", choices=_ANSWERS, validators=[Optional()])
    outcome = RadioField(
        "What became of it?",
        choices=[(one, OUTCOMES[one]) for one in reviewing.OUTCOMES],
        validators=[InputRequired("Choose what became of the message")],
    )
    niche_reference = StringField("Niche reference", validators=[AtMost(MOST_NICHE)])
    notes = TextAreaField("Notes", validators=[AtMost(MOST_NOTES)])

    def choose_by(self, escalation: Escalation) -> None:
        """Offers the quick answer for what Signpost judged; where it judged nothing, there is nothing to agree to."""
        self.judged = judged_by_signpost(escalation)
        words = in_words(self.judged, replied=bool(escalation.reply)) if self.judged else ""
        self.all_right.choices = [(ALL_RIGHT, f"Yes: {words}"), (NOT_ALL, "No, or not all of it")]

    def fill(self, review: Review) -> None:
        """Shows a review that was saved before."""
        for name in (*QUESTIONS, "outcome", "niche_reference", "notes"):
            self[name].data = getattr(review, name)
        given = {name: getattr(review, name) for name in QUESTIONS}
        if self.judged and given == self.judged:
            self.all_right.data = ALL_RIGHT
        elif any(given.values()):
            self.all_right.data = NOT_ALL
        if self.all_right.data != NOT_ALL:
            for name in QUESTIONS:
                self[name].data = None

    def validate_all_right(self, field: Field) -> None:
        """Raises ValidationError for "yes" beside answers that say otherwise: one of them wasn't meant."""
        if field.data == ALL_RIGHT and self.judged:
            others = {name: self[name].data for name in QUESTIONS if self[name].data}
            if any(answer != self.judged[name] for name, answer in others.items()):
                raise ValidationError("Choose “No, or not all of it”, or change the answers that say so")

    def validate_niche_reference(self, field: Field) -> None:
        """Raises ValidationError where intelligence was recorded and nobody could find it again."""
        if self.outcome.data == NICHE and not field.data:
            raise ValidationError("Enter the reference that Niche gave it")

    def validate(self, extra_validators: Mapping[str, object] | None = None) -> bool:
        """Whether it can be saved. Whoever says that not all was right says what wasn't."""
        good: bool = super().validate(extra_validators)
        if self.all_right.data == NOT_ALL or (self.judged is None and any(self[name].data for name in QUESTIONS)):
            for name in QUESTIONS:
                if not self[name].data:
                    self[name].errors = [*self[name].errors, _MISSING[name]]
                    good = False
        return good

    def review(self) -> Review:
        """The review to be saved. A Niche reference belongs to that outcome alone."""
        agreed = self.all_right.data == ALL_RIGHT and self.judged
        answers = dict(self.judged) if agreed and self.judged else {name: self[name].data or None for name in QUESTIONS}
        return Review(
            outcome=self.outcome.data,
            niche_reference=(self.niche_reference.data or None) if self.outcome.data == NICHE else None,
            notes=self.notes.data or None,
            **answers,
        )


_MISSING: Final = {
    "was_report": "Say whether it was a report",
    "was_emergency": "Say whether it was an emergency",
    "reply_right": "Say whether the reply was right",
}


def judged_by_signpost(escalation: Escalation) -> dict[str, str] | None:
    """What a reviewer who agrees with Signpost says; none where Signpost didn't understand the message."""
    if escalation.label == UNKNOWN:
        return None
    emergency = escalation.label == "emergency"
    report = emergency or escalation.label == "crime_report"
    return {
        "was_report": YES if report else NO,
        "was_emergency": YES if emergency else NO,
        "reply_right": YES,
    }


def in_words(judged: Mapping[str, str], *, replied: bool) -> str:
    """Such as "it was a report, no emergency, and the reply was right"."""
    reply = "the reply was right" if replied else "it was right to send no reply"
    if judged["was_emergency"] == YES:
        return f"it was an emergency, and {reply}"
    kind = "a report" if judged["was_report"] == YES else "no report"
    return f"it was {kind}, no emergency, and {reply}"


class HoldForm(StaffForm):
    """A legal hold, set or lifted, with its reason."""

    version = HiddenField()
    reason = TextAreaField("Reason", validators=[AtMost(MOST_REASON)])

    def validate_reason(self, field: Field) -> None:
        """Raises ValidationError for no reason."""
        if len(field.data or "") < LEAST_REASON:
            raise ValidationError("Enter the reason, in a few words")


class WhyForm(StaffForm):
    """Why somebody needs to see the original text."""

    why = RadioField(
        "Why do you need to see it?",
        choices=list(WHY.items()),
        validators=[InputRequired("Choose why you need to see the original text")],
    )
    reason = TextAreaField("In your own words", validators=[AtMost(MOST_REASON)])

    def validate_reason(self, field: Field) -> None:
        """Raises ValidationError for no reason."""
        if len(field.data or "") < LEAST_REASON:
            raise ValidationError("Enter the reason, in a few words")

    def purpose(self) -> str:
        """The reason as the audit trail keeps it."""
        return f"{WHY[self.why.data]}: {self.reason.data}"
