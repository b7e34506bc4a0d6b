"""What Meta's errors mean for a reply: refused for good, put off, or put off for the whole account."""

from collections.abc import Mapping

from signpost.channels.meta_values import is_true
from signpost.channels.transport import (
    MESSAGE,
    SENDING_RESTRICTED,
    TOKEN_EXPIRED,
    DeliveryDelayed,
    DeliveryRefused,
    Response,
)

TOKEN_SECONDS, RESTRICTED_SECONDS = 300.0, 900.0
LIMIT_SECONDS, SHORT_LIMIT_SECONDS = 300.0, 60.0
_UNAUTHORISED, _TOO_MANY, _SERVERS_FAULT = 401, 429, 500
_TOKEN_CODES = {102, 190}
_LIMIT_CODES = {4, 17, 32, 341, 613, *range(80_000, 80_015)}
_SHORT_LIMIT_CODE = 613
_RETRY_CODES = {1, 2, 1200}
_SENT_ALL_THE_SAME = 1_357_046
_BLOCKED, _PAGE_RESTRICTED = 368, 1_893_063
_PERMISSION_CODES = range(200, 300)
_LARGEST_CODE = 10**9

_TOO_LATE = (
    "Meta no longer lets this account write to this person: more than 24 hours have passed since their last message. If an "
    "answer is still needed, look whether the platform's own inbox allows one"
)
_CANT_RECEIVE = "This person can't be reached by messages from this account: they may have blocked it or closed theirs"
_NOT_FOUND = "Meta doesn't know the person to whom this reply was addressed: their account may be closed"
_NOBODY = (
    "Meta found nobody to deliver this reply to: their account may be closed, or the one private reply that a comment "
    "allows may have been sent before"
)
_REPLIED_BEFORE = (
    "Meta takes no private reply to this comment: it allows one, within 7 days, and not to everybody. If none was sent, "
    "answer under the comment"
)
_GONE = "What this reply answers is gone, or this account can't see it any more. If it still stands, answer it by hand"
_NOT_APPROVED = (
    "Meta doesn't let the app write to this person: it has to be live and have Advanced Access to pages_messaging. See to "
    "both in the app's dashboard"
)
_OTHER = (
    "Meta refused this reply, and would again. Look the code up in Meta's list of errors, and answer by hand if needed"
)
_REFUSALS: dict[tuple[int, int], str] = {
    (10, 2_018_065): _TOO_LATE,
    (10, 2_018_278): _TOO_LATE,
    (10, 2_018_108): _CANT_RECEIVE,
    (200, 1_545_041): _CANT_RECEIVE,
    (551, 0): _CANT_RECEIVE,
    (100, 2_018_001): _NOT_FOUND,
    (100, 33): _GONE,
    (10_900, 0): _REPLIED_BEFORE,
    (10_903, 0): _REPLIED_BEFORE,
    (200, 2_018_021): _NOT_APPROVED,
    (200, 2_018_027): _NOT_APPROVED,
    (200, 2_018_028): _NOT_APPROVED,
    (230, 0): _NOT_APPROVED,
    (0, 2_534_014): _NOBODY,
    (0, 2_534_022): _TOO_LATE,
}
"""By code and subcode; 0 stands for any."""


def fault_of(
    response: Response, error: Mapping[str, object], way: str, rest: float
) -> DeliveryDelayed | DeliveryRefused:
    """What to raise for an answer that isn't a success (Messenger Platform, error codes; Graph API, error handling).

    ``error`` is the answer's own, empty where it has none; ``way`` is how the reply travels; ``rest`` is the number of
    seconds that the usage headers ask for. Sentences are ours and hold Meta's codes, never its words, which may quote ids.
    """
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    named = f"Meta's error {code}{f'/{subcode}' if subcode else ''}" if code else f"status {response.status}"
    refusal = next((_REFUSALS[key] for key in ((code, subcode), (0, subcode), (code, 0)) if key in _REFUSALS), None)
    if code in _TOKEN_CODES or response.status == _UNAUTHORISED:
        why = f"Meta doesn't accept this account's access token any more ({named}). Make a new one and set it."
        return DeliveryDelayed(why, seconds=TOKEN_SECONDS, whole_account=True, alert=TOKEN_EXPIRED)
    if code in _LIMIT_CODES or response.status == _TOO_MANY:
        why = f"Meta takes no more from this account for a while ({named}). It is tried again by itself."
        seconds = max(rest, SHORT_LIMIT_SECONDS if code == _SHORT_LIMIT_CODE else LIMIT_SECONDS)
        return DeliveryDelayed(why, seconds=seconds, whole_account=True)
    if subcode == _PAGE_RESTRICTED or code == _BLOCKED or (code in _PERMISSION_CODES and not refusal):
        return _restriction(code, named, way)
    return _of_this_reply(response, error, refusal, named)


def _restriction(code: int, named: str, way: str) -> DeliveryDelayed:
    # A permission that is missing for one comment, on somebody else's page perhaps, must not keep all else waiting.
    whole = way == MESSAGE or code not in _PERMISSION_CODES
    why = f"Meta lets this account send nothing at the moment ({named}). Look at its Page Quality and the app's permissions."
    return DeliveryDelayed(why, seconds=RESTRICTED_SECONDS, whole_account=whole, alert=SENDING_RESTRICTED)


def _of_this_reply(
    response: Response, error: Mapping[str, object], refusal: str | None, named: str
) -> DeliveryDelayed | DeliveryRefused:
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    if response.status >= _SERVERS_FAULT or subcode == _SENT_ALL_THE_SAME:
        why = f"Meta had a fault of its own ({named}). It is tried again by itself."
        return DeliveryDelayed(why, unknown=True)
    if not code:
        why = f"What answered wasn't Meta's Graph API ({named}). Check the network between this machine and Meta."
        return DeliveryDelayed(why)
    if code in _RETRY_CODES or is_true(error.get("is_transient")):
        return DeliveryDelayed(f"Meta couldn't take the reply this time ({named}). It is tried again by itself.")
    return DeliveryRefused(f"{refusal or _OTHER} ({named}).")


def _number(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _LARGEST_CODE:
        return 0
    return value
