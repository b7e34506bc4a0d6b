"""What all of Meta's platforms share in sending: addresses, the token, what an answer means, and how late is too late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from signpost.channels.meta_errors import fault_of
from signpost.channels.meta_usage import rest_seconds
from signpost.channels.meta_values import identity, mapping, parsed
from signpost.channels.transport import (
    MESSAGE,
    METADATA_MARK,
    PRIVATE_REPLY,
    Credentials,
    Delivery,
    DeliveryRefused,
    Request,
    Response,
    Taken,
)

_OK = range(200, 300)
_TOO_LATE = (
    "Meta lets an account write to a person for 24 hours after their last message, and these had passed before the reply "
    "could be sent. If an answer is still needed, look whether the platform's own inbox allows one."
)
_TOO_LATE_IN_PRIVATE = (
    "Meta allows a private reply to a comment for 7 days after it was written, and these had passed before the reply could "
    "be sent. If an answer is still needed, answer under the comment."
)
_WINDOWS = {
    MESSAGE: (timedelta(hours=24), _TOO_LATE),
    PRIVATE_REPLY: (timedelta(days=7), _TOO_LATE_IN_PRIVATE),
}


@dataclass(frozen=True)
class GraphAddress:
    """Where Meta's Graph API is: a host for each of its logins, and the version, as in ``v25.0``."""

    graph_url: str
    instagram_url: str
    version: str

    def url(self, *parts: str, login: str = "facebook") -> str:
        """The address of an edge. Ids come from payloads, so each is quoted, and one that names a folder is refused."""
        host = self.instagram_url if login == "instagram" else self.graph_url
        return "/".join((host.rstrip("/"), self.version, *(_quoted(part) for part in parts)))


def post(url: str, body: Mapping[str, Any], credentials: Credentials) -> Request:
    """A POST with the token in a header: addresses end up in logs."""
    return Request("POST", url, {"Authorization": f"Bearer {credentials.token}"}, body)


def said_privately(
    delivery: Delivery, address: GraphAddress, credentials: Credentials, recipient: Mapping[str, str]
) -> Request:
    """A page's message (Send API), marked so that its echo is known for ours; ``recipient`` is a person or a comment."""
    body = {
        "messaging_type": "RESPONSE",
        "recipient": addressed_to(recipient),
        "message": {"text": delivery.text, "metadata": f"{METADATA_MARK}{delivery.key}"},
    }
    return post(address.url(delivery.account, "messages"), body, credentials)


def addressed_to(recipient: Mapping[str, str]) -> dict[str, str]:
    """The recipient, once it is known that there is one. Raises :class:`DeliveryRefused`."""
    if not all(recipient.values()):
        raise DeliveryRefused(
            "The platform didn't say whom to answer: it withholds who wrote this. Check the app's permissions for the account."
        )
    return dict(recipient)


def outcome(response: Response, way: str = MESSAGE) -> Taken:
    """What Meta's answer to a reply sent by ``way`` means (Messenger Platform, error codes; Graph API, rate limits).

    Gives the reply's id with how long the account should rest, as the usage headers say. A success that can't be read is
    still one: sending again would answer twice. Raises :class:`DeliveryRefused` or :class:`DeliveryDelayed`.
    """
    answer, rest = parsed(response.body), rest_seconds(response.headers)
    error = mapping(answer.get("error"))
    if response.status not in _OK or "code" in error:
        raise fault_of(response, error, way, rest)
    return Taken(identity(answer.get("message_id")) or identity(answer.get("id")), rest)


def outside_window(delivery: Delivery, now: datetime) -> str | None:
    """Why it is too late for this reply, for staff; none while Meta still takes it. ``now`` is UTC without a zone.

    24 hours for a message (Messenger Platform, Send API) and 7 days for a private reply (Private Replies), counted from
    when the person wrote; where that isn't known, Meta is left to decide. Public replies may come at any time.
    """
    longest, too_late = _WINDOWS.get(delivery.way, (None, None))
    if longest is None or delivery.said_at is None or now - delivery.said_at <= longest:
        return None
    return too_late


def _quoted(part: str) -> str:
    if part in ("", ".", ".."):
        raise DeliveryRefused("The platform gave no id under which this could be answered. Answer it by hand.")
    return quote(part, safe="", errors="replace")
