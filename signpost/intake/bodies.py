"""From a request to what it says: the body whole and not too large, then as JSON."""

import json
from typing import NoReturn

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from signpost.intake.refusals import CUT_SHORT, NOT_JSON, TOO_LARGE, Refusal

MOST_BYTES = 2 * 1024 * 1024
"""Of a webhook. Meta's batches of 1,000 events are a few hundred kilobytes (Meta's webhook documentation)."""
MOST_READ = MOST_BYTES + 1
"""What Flask is told: of a body without a length it gives the first so many bytes and doesn't say that there are more."""


def whole_body() -> bytes:
    """The body's bytes as they came. Raises :class:`Refusal` when there are too many, or when they broke off."""
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large() from None
    except Exception:  # noqa: BLE001  # each WSGI server says in its own way that a body broke off or is wrongly chunked
        raise Refusal(400, CUT_SHORT, "The body didn't arrive whole.") from None
    if len(body) > MOST_BYTES:
        raise _too_large()
    return body


def _too_large() -> Refusal:
    sentence = f"A webhook's body may have {MOST_BYTES // 1024 // 1024} MiB, and this one has more."
    return Refusal(413, TOO_LARGE, sentence)


def decoded(body: bytes) -> object:
    """What the JSON holds. Raises :class:`Refusal` for anything that isn't JSON in UTF-8.

    Lone surrogates are let through (msgspec refuses them): a platform that cuts an emoji in half must not cost the other
    messages of its batch, and :func:`signpost.channels.text.storable` mends them.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError:
        raise Refusal(400, NOT_JSON, "The body is nested too deeply.") from None
    except ValueError:
        raise Refusal(400, NOT_JSON, "The body isn't JSON in UTF-8.") from None


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity aren't JSON")
