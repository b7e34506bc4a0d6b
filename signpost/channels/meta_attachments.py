"""What a message without words amounts to: something sent, something unreadable, or nothing that asks for an answer."""

from collections.abc import Mapping, Sequence

from signpost.channels.events import ATTACHMENT, POSTBACK, UNREADABLE
from signpost.channels.meta_values import is_true, mapping

STICKER = "sticker"
_SENT = {
    "image", "audio", "video", "file", "location", "fallback", "share", "reel", "ig_reel", "post", "ig_post", "ephemeral",
}  # fmt: skip
_QUIET = {STICKER: STICKER, "like_heart": STICKER, "story_mention": "story_mention", "template": "template"}
"""Types that nobody writes a report with, and the kind under which each is counted."""


def wordless(message: Mapping[str, object], attachments: Sequence[object]) -> tuple[bool, str]:
    """Whether the person said something with it, and the kind: of :data:`signpost.channels.events.KINDS` or to count.

    Types as in Meta's documentation of the ``messages`` event. A sticker came as an image with a ``sticker_id`` until
    2026 and comes as a type of its own since; either stands for itself alone. What nobody here knows is unreadable, not
    nothing: a person sent it, and waits.
    """
    types = [_type(mapping(one)) for one in attachments]
    if any(one in _SENT for one in types) and not message.get("sticker_id"):
        return True, ATTACHMENT
    if is_true(message.get("is_unsupported")):
        return True, UNREADABLE
    if message.get("sticker_id"):
        return False, STICKER
    if types and all(one in _QUIET for one in types):
        return False, _QUIET[types[0]]
    if isinstance(message.get("quick_reply"), dict):
        return True, POSTBACK
    return True, UNREADABLE


def _type(attachment: Mapping[str, object]) -> str:
    if mapping(attachment.get("payload")).get("sticker_id"):
        return STICKER
    named = attachment.get("type")
    return named if isinstance(named, str) else ""
