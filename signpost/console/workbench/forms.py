"""The workbench's forms: a message to try, and an example of a trainer's own."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields import Field

from signpost.console.corrections.wording import MOST, as_line, placeholders_in
from signpost.console.form import AtMost, StaffForm
from signpost.console.simulator.sending import LONGEST, cleaned, fault_in
from signpost.console.words import INTENTS
from signpost.console.workbench.assistant import Tried
from signpost.force.mandate import Mandate

GUIDED = (
    ("nothing", "This is their first message, or more than an hour has passed"),
    ("guidance", "They had the guidance within the hour"),
    ("emergency_guidance", "They had the guidance for an emergency within the hour"),
)


class TryForm(StaffForm):
    """A message as somebody might send it, and what went before."""

    text = TextAreaField("The message", validators=[AtMost(LONGEST)])
    channel = SelectField("Where it is sent", validate_choice=False)
    guided = RadioField("What this person had before", choices=GUIDED, default="nothing", validate_choice=False)
    stopped = BooleanField("They asked us to stop answering")

    def offer(self, mandate: Mandate) -> None:
        """The mandate's channels; the first is chosen where none is."""
        self.channel.choices = [(one.key, f"{one.name} ({one.visibility})") for one in mandate.channels.values()]
        self.channel.data = self.channel.data or next(iter(mandate.channels))

    def tried(self, mandate: Mandate) -> Tried | None:
        """The message to try; none where the form can't be sent as it is."""
        if not self.validate(
            {"text": [_is_readable], "channel": [_is_one_of(mandate.channels)], "guided": [_is_known]}
        ):
            return None
        replies = "off_by_request" if self.stopped.data else "on_request"
        text = cleaned(self.text.data or "")
        return Tried(text, mandate.channels[str(self.channel.data)], str(self.guided.data), replies)


class ExampleForm(StaffForm):
    """A message of the trainer's own to learn from. ``seen`` stamps the file as it was when they said yes."""

    seen = HiddenField()
    text = TextAreaField("The message, as it will be learnt from", validators=[AtMost(MOST)])
    intent = SelectField("What the person does in it", validate_choice=False)

    def offer(self, intents: list[str]) -> None:
        """The intents to choose from."""
        self.offered = intents
        self.intent.choices = [("", "Choose one"), *((one, f"{INTENTS.get(one, one)} ({one})") for one in intents)]

    def acceptable(self) -> bool:
        """Whether it can be added as it is filled in."""
        return self.validate({"text": [_is_message], "intent": [self._is_offered]})

    def line(self) -> str:
        """The text as it is written to the training messages."""
        return as_line(self.text.data or "")

    def _is_offered(self, _form: StaffForm, field: Field) -> None:
        if field.data not in self.offered:
            raise ValidationError("Choose what the person does in the message")


def _is_readable(_form: StaffForm, field: Field) -> None:
    fault = fault_in(cleaned(field.data or ""))
    if fault:
        raise ValidationError(fault.rstrip("."))


def _is_one_of(known: object) -> object:
    def check(_form: StaffForm, field: Field) -> None:
        if field.data not in known:  # type: ignore[operator]
            raise ValidationError("Choose where it is sent")

    return check


def _is_known(_form: StaffForm, field: Field) -> None:
    if field.data not in dict(GUIDED):
        raise ValidationError("Choose what this person had before")


def _is_message(_form: StaffForm, field: Field) -> None:
    if not any(one.isalnum() for one in as_line(field.data or "")):
        raise ValidationError("Enter the message")
    left = placeholders_in(field.data)
    if left:
        raise ValidationError(f"Write something invented in place of {', '.join(left)}, or leave it out")
