"""What comes in by the simulator's form: checked, and stored as a platform's message would be."""

import unicodedata
import uuid
from dataclasses import replace

from signpost.channels.simulated import ACCOUNT
from signpost.channels.text import storable
from signpost.console.parts import Parts
from signpost.force.mandate import Channel
from signpost.log.messages import NewMessage, store_inbound
from signpost.log.models import InboundMessage

LONGEST = 8_000
_NOTHING_TO_READ = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Unicode's categories of controls, invisible formatting and spaces."""


def cleaned(text: str) -> str:
    """The text as it is stored: lines end alike on every browser, and nothing is left that no database can hold."""
    return storable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fault_in(text: str) -> str | None:
    """What is wrong with a cleaned text, as a sentence for the person who wrote it; none when it can be sent."""
    if all(unicodedata.category(character) in _NOTHING_TO_READ for character in text):
        return "Write a message first: there is nothing to read in it yet."
    if len(text) > LONGEST:
        over = len(text) - LONGEST
        return (
            f"Your message has {len(text):,} characters, and {LONGEST:,} is the most that can be sent. "
            f"Shorten it by {over:,} {'character' if over == 1 else 'characters'}."
        )
    return None


def send(parts: Parts, channel: Channel, person: str, text: str, platform_id: str) -> str:
    """Stores the message, and returns the key of its conversation. The desk, another process, does all the rest.

    ``platform_id`` is the form's: a form that arrives twice (a double press, a repeated request) is one message.
    """
    new = NewMessage(
        channel=channel.key,
        account=ACCOUNT,
        person=person,
        platform_id=platform_id,
        visibility=channel.visibility,
        text=text,
        received_at=parts.clock(),
    )
    with parts.sessions.begin() as session:
        message, is_new = store_inbound(session, parts.vault, new)
        if not (is_new or _is_the_same(parts, message, new)):
            # An old form, brought back by the browser's history, with something new typed into it.
            message, _ = store_inbound(session, parts.vault, replace(new, platform_id=str(uuid.uuid4())))
        return message.conversation.key


def _is_the_same(parts: Parts, message: InboundMessage, new: NewMessage) -> bool:
    stored = parts.vault.decrypt(message.text_encrypted) if message.text_encrypted else None
    return stored == new.text and message.conversation.person == new.person
