"""What a caller reads when a request isn't for us or something fails: JSON with one sentence, and nothing of how it came about."""

import traceback

import structlog
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from signpost.intake.refusals import SOON

log = structlog.get_logger("signpost.intake")

SENTENCES = {
    404: "There's nothing at this address.",
    405: "This address doesn't take requests of this kind.",
    429: "Too many requests that weren't in order came from your address. Try again in a minute.",
}
OURS, THEIRS = "Something failed here. Send it again later.", "This request can't be read."
FAILED_HERE = 503
"""For whatever fails here. Not a 500: a platform that gets a 503 sends the same webhook again."""
TOO_MANY, A_MINUTE = 429, 60


def answer_in_json(app: Flask) -> None:
    """Every error becomes JSON with a sentence; what is unexpected is logged by its kind and place alone."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_add_headers)
    # Flask would log a traceback of what fails after a view.
    app.logger.disabled = True


def error_answer(status: int, sentence: str, retry_after: int | None = None) -> Response:
    """The answer. ``retry_after``: seconds."""
    response = jsonify(error=sentence)
    response.status_code = status
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refused(fault: HTTPException) -> AnyResponse:
    status = fault.code or FAILED_HERE
    if status >= 500:  # noqa: PLR2004  # HTTP's own border
        return _unexpected(getattr(fault, "original_exception", None) or fault)
    response = error_answer(status, SENTENCES.get(status, THEIRS), A_MINUTE if status == TOO_MANY else None)
    allowed = dict(fault.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response


def _unexpected(fault: Exception) -> Response:
    """Kind and place: a traceback, or the fault's own words, may quote what somebody wrote."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "unknown"
    log.error("intake_fault", endpoint=request.endpoint, fault=type(fault).__name__, place=place)
    return error_answer(FAILED_HERE, OURS, SOON)


def _add_headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
