"""Everything one showing of the simulator's page needs, read from the record at one moment."""

import time
import uuid
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.channels.simulated import ACCOUNT
from signpost.console.parts import Parts
from signpost.console.simulator.escalations import Entry, newest_escalations
from signpost.console.simulator.thread import Thread, is_settled, newest_messages, thread_of
from signpost.console.simulator.understanding import Understanding, understanding_of
from signpost.force.mandate import Channel
from signpost.log.models import Conversation

LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class View:
    """The page's contents. ``errors`` has a sentence for each field that can't be sent as it is."""

    channel: Channel
    conversation: str | None
    thread: Thread
    understanding: Understanding | None
    log: tuple[Entry, ...]
    draft: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    """A fresh id for the next message, so that a form sent twice is one message."""

    @property
    def platform(self) -> str:
        """Whose look the page has: the first word of the channel's key."""
        return self.channel.key.split("_", 1)[0]

    @property
    def public(self) -> bool:
        """Whether everybody can read the channel."""
        return self.channel.visibility == "public"


def simulated_conversation(session: Session, key: str) -> Conversation | None:
    """The simulator's conversation of that key; no other account's, as the page has no sign-in."""
    return session.scalars(select(Conversation).filter_by(key=key, account=ACCOUNT)).first()


def conversation_on(session: Session, channel: Channel, person: str) -> Conversation | None:
    """The person's conversation on the channel, once they have written there."""
    return session.scalars(select(Conversation).filter_by(channel=channel.key, account=ACCOUNT, person=person)).first()


def look(
    parts: Parts,
    channel: Channel,
    conversation: Conversation | None,
    draft: str = "",
    errors: dict[str, str] | None = None,
) -> View:
    """The page's contents as they are now."""
    with parts.reads() as session:
        messages = newest_messages(session, conversation.id) if conversation else []
        log = newest_escalations(session, parts.mandate)
    return View(
        channel=channel,
        conversation=conversation.key if conversation else None,
        thread=thread_of(messages, parts.vault, parts.clock()),
        understanding=understanding_of(messages[-1], parts.vault) if messages else None,
        log=log,
        draft=draft,
        errors=errors or {},
    )


def wait_for_reply(parts: Parts, conversation: Conversation) -> None:
    """Waits a moment for the desk, so that a browser without JavaScript mostly gets the reply with the page."""
    deadline = time.monotonic() + parts.page_waits
    while time.monotonic() < deadline:
        with parts.reads() as session:
            if all(map(is_settled, newest_messages(session, conversation.id))):
                return
        time.sleep(LOOK_EVERY_SECONDS)
