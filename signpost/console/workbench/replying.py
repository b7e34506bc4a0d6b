"""What would be sent in answer to a message that is tried: guarded as the desk does it, and measured for each channel."""

from dataclasses import dataclass

from signpost.console.workbench.assistant import Understood
from signpost.conversations.domain import Domain
from signpost.force.guard import guarded, with_reference
from signpost.force.length import measure
from signpost.force.mandate import Channel, Mandate
from signpost.force.translations import Translations

A_REFERENCE = "KMR-4C7"
"""Stands for a record's reference, which X's replies end with."""


@dataclass(frozen=True)
class Words:
    """A text on a channel. ``length`` and ``limit`` are in ``unit``, as the platform counts."""

    channel: str
    text: str
    length: int
    limit: int
    unit: str

    @property
    def fits(self) -> bool:
        """Whether the platform takes it."""
        return self.length <= self.limit


@dataclass(frozen=True)
class Sent:
    """One reply: the words that would be sent, and on every other channel. ``faults``: why they replace the response's own."""

    response: str
    kind: str
    words: Words
    elsewhere: tuple[Words, ...]
    faults: tuple[str, ...]
    has_reference: bool


def replies_to(
    mandate: Mandate, translations: Translations, channel: Channel, understood: Understood, domain: Domain
) -> tuple[Sent, ...]:
    """The replies as they would be sent on the channel."""
    said = [(one.response, one.text) for one in understood.replies]
    checked = guarded(mandate, channel, understood.label, said)
    kept = translations.added_to(checked, understood.language, channel)
    others = [one for one in mandate.channels.values() if one.key != channel.key]
    found = []
    for reply in kept:
        text = with_reference(channel, reply.text, A_REFERENCE if understood.label != "not_report" else None)
        elsewhere = tuple(words_on(one, other) for one in others if (other := domain.text(reply.response, one.key)))
        words = words_on(channel, text)
        found.append(Sent(reply.response, reply.kind, words, elsewhere, reply.faults, text != reply.text))
    return tuple(found)


def words_on(channel: Channel, text: str) -> Words:
    """The text with its length, as the channel counts."""
    return Words(channel.key, text, measure(text, channel.unit), channel.limit, channel.unit)
