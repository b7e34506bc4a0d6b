"""What people read when something goes wrong: a sentence that says what to do, and nothing of how it came about."""

import traceback

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from signpost.mistakes import Mistake

log = structlog.get_logger("signpost.console")

SENTENCES = {
    400: ("That didn't reach us whole", "Go back, load the page again and send it once more."),
    403: ("Not from here", "Open the simulator on the machine it runs on, at 127.0.0.1 or at localhost."),
    404: (
        "There's no such page",
        "It may have been removed, or the address is mistyped. The simulator is a good place to go on.",
    ),
    405: ("This address only takes forms", "Open the simulator and send your message from there."),
    413: ("That is too much at once", "Go back and shorten the message to 8,000 characters, then send it again."),
    500: (
        "Something went wrong here",
        "It isn't your fault. Try again; if it stays so, look at the logs: signpost status says where.",
    ),
    503: (
        "The record can't be reached",
        "Nothing was stored. Wait a moment and try again; if it stays so, see: signpost status",
    ),
}


def show_errors_kindly(app: Flask) -> None:
    """Every error becomes a page, or JSON for the page's own script; what is unexpected is logged by its kind alone."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Mistake, _mistaken)
    app.register_error_handler(SQLAlchemyError, _record_away)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Whether the page's script asks, rather than a browser."""
    return request.accept_mimetypes.best == "application/json"


def error_page(status: int, sentence: str | None = None) -> Response:
    """The response. What the person had typed is on the page too: nothing typed is ever lost."""
    title, usual = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])  # noqa: PLR2004  # HTTP's own border
    sentence = sentence or usual
    if wants_json():
        return make_response(jsonify(error=f"{title}. {sentence}"), status)
    page = render_template("error.html", title=title, sentence=sentence, typed=_typed())
    return make_response(page, status)


def _typed() -> str:
    try:
        return request.form.get("text", "")
    except HTTPException:
        return ""  # Too large to be read at all.


def _refused(fault: HTTPException) -> Response:
    if fault.code is None:
        return fault.get_response()  # A redirect in an exception's clothes.
    own_words = fault.description if fault.description != type(fault).description else None
    page = error_page(fault.code, own_words)
    allowed = dict(fault.get_headers()).get("Allow")
    if allowed:
        page.headers["Allow"] = allowed
    return page


def _mistaken(mistake: Mistake) -> Response:
    log.error("page_failed", endpoint=request.endpoint, fault="Mistake", sentence=mistake.sentence)
    return error_page(500, mistake.sentence)


def _record_away(fault: SQLAlchemyError) -> Response:
    _log(fault)
    return error_page(503)


def _unexpected(fault: Exception) -> Response:
    _log(fault)
    return error_page(500)


def _log(fault: Exception) -> None:
    """Kind and place: a traceback, or the fault's own words, may quote what somebody wrote."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "unknown"
    log.error("page_failed", endpoint=request.endpoint, fault=type(fault).__name__, place=place)
