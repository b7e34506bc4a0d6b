"""What X's answer means for a reply: taken, to be tried again, or refused for good."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

from signpost.channels.transport import (
    SENDING_RESTRICTED,
    TOKEN_EXPIRED,
    DeliveryDelayed,
    DeliveryRefused,
    Response,
    Taken,
)
from signpost.channels.x_limits import LONGEST_REST, rest_seconds, retry_seconds
from signpost.channels.x_values import at, identifier, items

TOKEN_PAUSE = 300.0
_TOKEN, _RESTRICTED = frozenset({32, 89}), frozenset({64, 87, 93, 226, 261, 326, 416, 453})
_RATE, _DAILY, _FAILED, _DUPLICATE = 88, 185, 151, 187
_RESTRICTED_WORDS = re.compile(
    r"client-forbidden|client-not-enrolled|unsupported-authentication|oauth1-permissions|usage-capped"
    r"|your account is (?:temporarily )?(?:suspended|locked)|might be automated"
)
_DUPLICATE_WORDS = re.compile(r"duplicate content|is a duplicate|already said that")
_GONE = "The post or the person is no longer to be found on X."
_LONGEST_WORDS = 500
_SUCCESS, _REFUSED = 2, 4
"""HTTP's classes: 2xx, 4xx."""


class _Refusal(NamedTuple):
    codes: frozenset[int]
    words: re.Pattern[str]
    why: str


_REFUSALS = (
    _Refusal(
        frozenset({136}),
        re.compile(r"you have been blocked|blocked from"),
        "This person has blocked the account on X.",
    ),
    _Refusal(
        frozenset({34, 50, 63, 144, 385}),
        re.compile(r"deleted or not visible|resource-not-found"),
        _GONE,
    ),
    _Refusal(
        frozenset({433}),
        re.compile(r"reply to or quote|been mentioned|who can reply|reply to this conversation"),
        "X doesn't let the account answer this post: it doesn't mention the account, or its author chose who may reply.",
    ),
    _Refusal(
        frozenset({150, 349, 476}),
        re.compile(r"permission to dm|cannot send messages|not following you|send message requests"),
        "This person doesn't take direct messages from the account on X.",
    ),
    _Refusal(frozenset({186, 354}), re.compile(r"bit shorter|max limit of characters"), "X finds the reply too long."),
)


@dataclass(frozen=True)
class _Problem:
    """An answer's error in any of X's forms. ``words``, in small letters, are matched and never passed on."""

    status: int
    codes: frozenset[int]
    words: str
    readable: bool
    """Whether it is X's own word at all, not a proxy's or a redirect."""


def outcome(response: Response, now: datetime) -> Taken:
    """What became of the reply: returns when X has it. ``now`` is UTC without a zone.

    X refuses an identical text from the same account (403 "duplicate content", 187, 151 "already said that"). Our texts
    carry the message's reference, so what X has already is this very reply, sent by an attempt whose answer was lost: it
    counts as taken, under no id.

    Raises :class:`DeliveryRefused` for what no further attempt would change: the post or the person is gone, the person
    blocked the account or takes no messages from it, the post may not be answered, and any other refusal in X's own
    form. Raises :class:`DeliveryDelayed` for the rest: a limit (``seconds`` from the headers), an access token that X
    no longer takes (alert ``token_expired``), an app or account that may not send (alert ``sending_restricted``), X's
    own faults (``unknown``) and answers that aren't X's. No sentence quotes the answer. (X API documentation, response
    codes and errors, rate limits.)
    """
    answer = _decoded(response.body)
    platform_id = identifier(at(answer, "data", "id"), at(answer, "data", "dm_event_id"))
    if response.status // 100 == _SUCCESS and (platform_id or not items(at(answer, "errors"))):
        # A body that can't be read says nothing against the status: the reply went out, and a second would repeat it.
        return Taken(platform_id, rest_seconds(response.headers, now))
    problem = _problem(response.status, answer)
    _raise_if_fault(problem)
    _raise_if_account(problem, response, now)
    if _DUPLICATE in problem.codes or _DUPLICATE_WORDS.search(problem.words):
        return Taken("", rest_seconds(response.headers, now))
    if not problem.readable or _FAILED in problem.codes:
        raise DeliveryDelayed(f"X's API didn't say what became of the reply ({problem.status}).")
    raise DeliveryRefused(_refusal(problem))


def _raise_if_fault(problem: _Problem) -> None:
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR or problem.status == HTTPStatus.REQUEST_TIMEOUT:
        raise DeliveryDelayed(f"X had a fault of its own ({problem.status}).", unknown=True)


def _raise_if_account(problem: _Problem, response: Response, now: datetime) -> None:
    """Raises for what concerns every reply of the account, not this one alone."""
    if problem.status == HTTPStatus.UNAUTHORIZED or problem.codes & _TOKEN:
        why = "X no longer takes the account's access token; it needs a new one."
        raise DeliveryDelayed(why, seconds=TOKEN_PAUSE, whole_account=True, alert=TOKEN_EXPIRED)
    restricted = problem.codes & _RESTRICTED or _RESTRICTED_WORDS.search(problem.words)
    if restricted or problem.status == HTTPStatus.PAYMENT_REQUIRED:
        why = (
            f"X lets the app or the account send nothing at present ({problem.status}): its developer portal says why."
        )
        raise DeliveryDelayed(why, seconds=LONGEST_REST, whole_account=True, alert=SENDING_RESTRICTED)
    if problem.status == HTTPStatus.TOO_MANY_REQUESTS or problem.codes & {_RATE, _DAILY}:
        seconds = LONGEST_REST if _DAILY in problem.codes else retry_seconds(response.headers, now)
        raise DeliveryDelayed("X's limit for the account is used up.", seconds=seconds, whole_account=True)


def _refusal(problem: _Problem) -> str:
    for refusal in _REFUSALS:
        if problem.codes & refusal.codes or refusal.words.search(problem.words):
            return refusal.why
    return _GONE if problem.status == HTTPStatus.NOT_FOUND else f"X refused the reply ({problem.status})."


def _problem(status: int, answer: object) -> _Problem:
    errors = items(at(answer, "errors"))
    codes = (at(one, "code") for one in (answer, *errors))
    return _Problem(
        status=status,
        codes=frozenset(int(code) for code in map(identifier, codes) if code.isdecimal()),
        words=" ".join(_words((answer, *errors))).lower(),
        readable=isinstance(answer, dict) and status // 100 in (_SUCCESS, _REFUSED),
    )


def _words(errors: tuple[object, ...]) -> Iterator[str]:
    for error in errors:
        for name in ("type", "title", "detail", "reason", "message"):
            said = at(error, name)
            if isinstance(said, str):
                yield said[:_LONGEST_WORDS]


def _decoded(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
