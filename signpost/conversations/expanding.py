"""Holds each conversation test on each of its channels: one case a channel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signpost.conversations.reading import GROUPS, Conversation
from signpost.force.mandate import Channel, Mandate
from signpost.mistakes import Mistake


@dataclass(frozen=True)
class Case:
    """One conversation test on one channel."""

    conversation: Conversation
    channel: Channel


def on_channels(suite: Sequence[Conversation], mandate: Mandate) -> list[Case]:
    """A case for each test and each channel it names, in order, each once.

    Raises :class:`Mistake` for a channel that doesn't exist.
    """
    return [
        Case(one, mandate.channels[key])
        for one in suite
        for key in dict.fromkeys(key for name in one.channels for key in _keys(name, one, mandate))
    ]


def _keys(name: str, test: Conversation, mandate: Mandate) -> Iterator[str]:
    if name in GROUPS:
        yield from (key for key, one in mandate.channels.items() if name in ("all", one.visibility))
    elif name in mandate.channels:
        yield name
    else:
        known = ", ".join((*GROUPS, *mandate.channels))
        raise Mistake(f'{test.file}: "{test.title}": there is no channel {name!r}. There are: {known}.')
