"""Errors of Meta's Graph API, with the codes, subcodes and sentences of its error documentation."""

import secrets
from typing import Any

from .answer import Answer, Refusal

SENTENCES: dict[tuple[int, int | None], str] = {
    (1, None): "An unknown error occurred",
    (2, None): "Service temporarily unavailable",
    (4, None): "(#4) Application request limit reached",
    (10, None): "(#10) Application does not have permission for this action",
    (10, 2018065): "(#10) This message is sent outside of allowed window. You need page_messaging_subscriptions permission to be able to do it.",
    (10, 2018278): "(#10) This message is sent outside of allowed window. Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview",
    (10, 2018108): "(#10) This Person Cannot Receive Messages: This person isn't receiving messages from you right now.",
    (10, 2018300): "(#10) Message failed to send because another app is controlling this thread now.",
    (10, 1893063): "(#10) This Page is restricted from sending messages",
    (10, 2534014): "(#10) This comment already has a private reply",
    (100, None): "(#100) Invalid parameter",
    (100, 33): "Unsupported post request. Object with this ID does not exist, cannot be loaded due to missing permissions, or does not support this operation",
    (100, 2018001): "(#100) No matching user found",
    (100, 2018109): "(#100) Attachment size exceeds allowable limit.",
    (100, 2018292): "(#100) Invalid comment_id parameter",
    (190, None): "Invalid OAuth access token - Cannot parse access token",
    (190, 460): "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
    (190, 463): "Error validating access token: Session has expired",
    (190, 467): "Error validating access token: This may be because the user logged out or may be due to a system error.",
    (200, 1545041): "(#200) Message Not Sent: This person isn't receiving messages from you right now.",
    (200, 2018028): "(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.",
    (230, None): "(#230) Requires pages_messaging permission to manage the object",
    (368, None): "The action attempted has been deemed abusive or is otherwise disallowed",
    (551, None): "(#551) This person isn't available right now.",
    (613, None): "(#613) Calls to this api have exceeded the rate limit.",
    (1200, None): "(#1200) Temporary send message failure. Please try again later.",
    (2500, None): "Unknown path components",
    (10903, 2534039): "(#10903) This user cant reply to this activity",
}  # fmt: skip
TRANSIENT = frozenset({1, 2, 4, 1200})
SERVER_FAULTS = frozenset({1, 2, 1200})


def trace() -> str:
    """An id as Meta gives every error."""
    return f"A{secrets.token_urlsafe(16)[:22]}"


def refusal(code: int, subcode: int | None = None, *, message: str = "", status: int | None = None) -> Refusal:
    """The refusal with this code: 400, 500 for the faults of Meta's own, 401 for a token that won't do."""
    sentence = message or SENTENCES.get((code, subcode)) or SENTENCES.get((code, None), "Unknown error")
    error: dict[str, Any] = {"message": sentence, "type": "OAuthException"}
    if code in TRANSIENT:
        error["is_transient"] = True
    error["code"] = code
    if subcode is not None:
        error["error_subcode"] = subcode
    error["fbtrace_id"] = trace()
    headers = {}
    if code == 190:
        headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{sentence}"'
    usual = 500 if code in SERVER_FAULTS else 401 if code == 190 else 400
    return Refusal(Answer(status or usual, {"error": error}, headers))
