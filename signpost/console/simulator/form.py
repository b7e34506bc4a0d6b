"""What the simulator's form holds, read and checked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from signpost.channels.text import storable
from signpost.console.simulator.examples import EXAMPLES
from signpost.console.simulator.sending import cleaned, fault_in
from signpost.force.mandate import Channel, Mandate

NO_CONVERSATION = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Form:
    """One sending of the form. ``message`` is what would be sent: the field's text, or the example that was pressed."""

    channel: Channel | None
    conversation: str | None
    message_id: str
    text: str
    message: str
    is_example: bool
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def channel_error(self) -> dict[str, str]:
        """What is wrong, but for the text: for a form that isn't there to send it."""
        return {name: sentence for name, sentence in self.errors.items() if name == "channel"}

    @property
    def kept_after_sending(self) -> str:
        """What stays in the field: an example that was sent leaves a text that wasn't."""
        return self.text if self.is_example else ""


def read_form(fields: Mapping[str, str], mandate: Mandate) -> Form:
    """The form. Whatever is wrong with it is in ``errors``: a sentence for the field ``channel`` or ``text``."""
    errors: dict[str, str] = {}
    channel = mandate.channels.get(fields.get("channel", ""))
    if channel is None:
        names = ", ".join(one.name for one in mandate.channels.values())
        errors["channel"] = f"Choose one of the channels: {names}."
    text = fields.get("text", "")
    example = fields.get("example")
    message = cleaned(text)
    if example is not None:
        found = {str(number): one for number, one in enumerate(EXAMPLES)}.get(example)
        message = found.text if found else ""
    fault = fault_in(message)
    if fault:
        errors["text"] = (
            fault if example is None else "There's no such example. Press another one, or write your own message."
        )
    return Form(
        channel=channel,
        conversation=_conversation(fields.get("conversation", "")),
        message_id=_id_or_new(fields.get("message_id", "")),
        text=storable(text),
        message=message,
        is_example=example is not None,
        errors=errors,
    )


def _conversation(text: str) -> str | None:
    """The key; none for a form without one. A malformed one stands for a conversation that nobody has."""
    try:
        return str(uuid.UUID(text)) if text else None
    except ValueError:
        return NO_CONVERSATION


def _id_or_new(text: str) -> str:
    """The form's own id when it is a UUID, else a fresh one: whatever else stands there was not put there by us."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())
