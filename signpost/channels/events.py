"""What a platform may tell us, in one form for all platforms: what each platform's module makes of a webhook's body."""

from dataclasses import dataclass
from datetime import datetime

TEXT, POSTBACK, STORY_REPLY, ATTACHMENT, UNREADABLE = "text", "postback", "story_reply", "attachment", "unreadable"
KINDS = (TEXT, POSTBACK, STORY_REPLY, ATTACHMENT, UNREADABLE)


class Unreadable(Exception):
    """A body that isn't what this platform sends; the sentence says why and quotes nothing of it."""


@dataclass(frozen=True)
class Said:
    """Somebody said something to an account: a message, a comment, a mention.

    ``account`` and ``person`` are the platform's ids, as strings; ``person`` is empty where the platform withholds it.
    ``platform_id`` is unique in its channel. ``sent_at`` is UTC without a zone, none where it can't be read.
    ``standby``: somebody else (a member of staff, another app) has the conversation at the moment.
    """

    channel: str
    account: str
    person: str
    platform_id: str
    text: str
    kind: str = TEXT
    sent_at: datetime | None = None
    standby: bool = False


@dataclass(frozen=True)
class Edited:
    """Somebody changed what they had said; ``revision`` tells two edits of one message apart."""

    channel: str
    account: str
    person: str
    platform_id: str
    revision: str
    text: str
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Deleted:
    """Somebody took back what they had said: the stored copy goes too."""

    channel: str
    account: str
    platform_id: str


@dataclass(frozen=True)
class Echoed:
    """The account itself said something to a person: one of our replies come back, or a member of staff's own."""

    channel: str
    account: str
    person: str
    platform_id: str
    text: str
    metadata: str = ""
    app_id: str = ""


@dataclass(frozen=True)
class HandedOver:
    """A conversation passed from one app or person to another; ``to_app`` is the new owner's id, empty for none told."""

    channel: str
    account: str
    person: str
    to_app: str


@dataclass(frozen=True)
class Noted:
    """Anything else: acknowledged, and counted under its ``kind``, a name of ours or of the protocol's, never a person's."""

    kind: str
    account: str = ""


Event = Said | Edited | Deleted | Echoed | HandedOver | Noted
