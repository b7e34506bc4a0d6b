"""The form with which a trainer names a recorded conversation and looks its texts over."""

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, RadioField, StringField, ValidationError
from wtforms.fields import Field

from signpost.channels.text import storable
from signpost.console.corrections.deciding import personal_kinds
from signpost.console.corrections.wording import placeholders_in
from signpost.console.form import AtMost, StaffForm
from signpost.console.simulator.sending import cleaned, fault_in
from signpost.console.workbench.heard import Held
from signpost.force.mandate import Mandate

MOST_TITLE = 120
LEAST_TITLE = 8
GROUPS = {"private": "Every private channel", "public": "Every public channel"}


class RecordForm(StaffForm):
    """``seen`` stamps the file as it was when the trainer said yes. The texts are fields of their own: ``text-1-1``."""

    seen = HiddenField()
    title = StringField("What happens in it, in a sentence", validators=[AtMost(MOST_TITLE)])
    channels = RadioField("Where it must go like this", validate_choice=False)

    text_faults: dict[str, str]
    """What is wrong with a text, by the name of its field."""

    def offer(self, held: Held, mandate: Mandate) -> None:
        """The channel it was held on, or all that the same people can read."""
        channel = mandate.channels.get(held.channel)
        name = channel.name if channel else held.channel
        self.channels.choices = [(held.channel, f"{name} only"), (held.visibility, GROUPS[held.visibility])]
        self.channels.data = self.channels.data or held.channel
        self.text_faults = {}

    def good(self, texts: Sequence[Sequence[str]]) -> bool:
        """Whether a test can be made of it as it is filled in."""
        named = self.validate({"title": [_is_title], "channels": [self._is_offered]})
        self.text_faults = {
            name_of(turn, place): fault
            for turn, says in enumerate(texts, 1)
            for place, text in enumerate(says, 1)
            if (fault := _fault(text))
        }
        return named and not self.text_faults

    def _is_offered(self, _form: StaffForm, field: Field) -> None:
        if field.data not in {value for value, _label in self.channels.choices}:
            raise ValidationError("Choose where it must go like this")


def texts_in(fields: Mapping[str, str], held: Held) -> list[list[str]]:
    """The texts of each turn as the trainer left them; where a field is missing, as they were heard."""
    return [
        [cleaned(storable(fields.get(name_of(turn, place), text))) for place, text in enumerate(said.says, 1)]
        for turn, said in enumerate(held.turns, 1)
    ]


def name_of(turn: int, place: int) -> str:
    """The name of a text's field, both counted from 1."""
    return f"text-{turn}-{place}"


def _fault(text: str) -> str | None:
    fault = fault_in(text)
    if fault:
        return fault.rstrip(".")
    left = placeholders_in(text)
    if left:
        return f"Write something invented in place of {', '.join(left)}, or leave it out"
    kinds = personal_kinds(text)
    if kinds:
        return f"It holds what looks like somebody’s own: {', '.join(kinds)}. Invent another, or leave it out"
    return None


def _is_title(_form: StaffForm, field: Field) -> None:
    if len(field.data or "") < LEAST_TITLE:
        raise ValidationError("Enter what happens in it, as a sentence that tells it from the others")
    kinds = personal_kinds(field.data)
    if kinds:
        raise ValidationError(f"The title holds what looks like somebody’s own: {', '.join(kinds)}. Leave it out")
