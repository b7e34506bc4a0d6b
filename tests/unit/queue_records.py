"""Records for the tests of the queue: an escalation with no more around it than a list shows."""

from itertools import count
from typing import Any

from signpost.log.models import DELIVERED, ENDED, Escalation, InboundMessage
from signpost.log.priority import set_priority

_NUMBERS = count()
_DIGITS = "34679"


def a_reference() -> str:
    """References that no other record of this run has: KMR-333, KMR-334 …"""
    number, letters = next(_NUMBERS), ""
    for _ in range(5):
        number, place = divmod(number, len(_DIGITS))
        letters = _DIGITS[place] + letters
    return f"K{letters[:2]}-{letters[2:]}"


def entered(record: Any, text: str = "my bike was stolen", **more: Any) -> Escalation:
    """A record received a second after the one before; ``more`` are columns of its own."""
    record.clock.advance(seconds=1)
    channel = more.get("channel", "messenger")
    message_id = record.receive(text, channel=channel)
    now = record.clock()
    fields = {
        "reference": a_reference(),
        "channel": channel,
        "account": "page",
        "label": "crime_report",
        "confidence": 0.8,
        "received_at": now,
        "logged_at": now,
        "answered_at": now,
        "reply": "Call 101.",
        "delivery_state": DELIVERED,
        "written_by": "desk",
        **more,
    }
    with record.sessions.begin() as session:
        message = session.get_one(InboundMessage, message_id)
        message.state, message.settled, message.label = ENDED, True, fields["label"]
        escalation = Escalation(inbound_message_id=message_id, redacted_text=text, **fields)
        if "priority" not in more:
            set_priority(escalation)
        session.add(escalation)
    return escalation
