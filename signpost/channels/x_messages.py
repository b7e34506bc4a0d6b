"""X's direct messages: somebody's to an account of ours, or the account's own come back."""

from signpost.channels.events import ATTACHMENT, TEXT, UNREADABLE, Echoed, Event, Noted, Said
from signpost.channels.x_values import at, identifier, moment, words

CHANNEL = "x_dm"
INCOMPLETE, UNKNOWN, OWN = "incomplete", "unknown", "own"
_SHORT_LINK = "https://t.co/"


def direct_message(item: object, account: str, *, sent: bool = False) -> Event:
    """One item of ``direct_message_events``, which is the same in both envelopes (X API documentation, account activity).

    ``account`` is the subscribed one; where the envelope names none, the sender of a message that is ``sent``, else its
    recipient. An attachment without words of the person's own is kept as one.
    """
    created = at(item, "message_create")
    if not isinstance(created, dict):
        return Noted(UNKNOWN, account)
    platform_id, sender = identifier(at(item, "id")), identifier(at(created, "sender_id"))
    recipient = identifier(at(created, "target", "recipient_id"))
    ours = account or (sender if sent else recipient)
    if not (platform_id and sender and ours):
        return Noted(INCOMPLETE, ours)
    data = at(created, "message_data")
    attachment = at(data, "attachment")
    text = words(_without_link(at(data, "text"), attachment))
    if sender == ours:
        if not recipient:
            return Noted(INCOMPLETE, ours)
        return Echoed(CHANNEL, ours, recipient, platform_id, text, app_id=identifier(at(created, "source_app_id")))
    return Said(
        channel=CHANNEL,
        account=ours,
        person=sender,
        platform_id=platform_id,
        text=text,
        kind=TEXT if text else ATTACHMENT if attachment else UNREADABLE,
        sent_at=moment(at(item, "created_timestamp"), platform_id=platform_id),
    )


def encrypted_message(payload: object, account: str) -> Event:
    """A ``chat.received``: somebody wrote, and only the account's own devices can read it (X API documentation, activity)."""
    platform_id, sender = identifier(at(payload, "id")), identifier(at(payload, "sender_id"))
    if not (platform_id and sender and account):
        return Noted(INCOMPLETE, account)
    if sender == account:
        return Noted(OWN, account)
    return Said(
        channel=CHANNEL,
        account=account,
        person=sender,
        platform_id=platform_id,
        text="",
        kind=UNREADABLE,
        sent_at=moment(at(payload, "created_at_msec"), platform_id=platform_id),
    )


def _without_link(text: object, attachment: object) -> object:
    """The text without the link that X puts at its end for what is attached."""
    if not isinstance(text, str) or not isinstance(at(attachment, "media"), dict):
        return text
    last = "".join(text.split()[-1:])
    link = at(attachment, "media", "url")
    if last.startswith(_SHORT_LINK) and (not isinstance(link, str) or link == last):
        return text.rstrip().removesuffix(last).rstrip()
    return text
