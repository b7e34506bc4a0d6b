"""What people read when something goes wrong: a sentence that says what to do, and nothing of how it came about."""

import traceback

import structlog
from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequestKeyError, HTTPException
from werkzeug.wrappers import Response

from signpost.console import roles
from signpost.console.roles import access_of
from signpost.console.typed import typed
from signpost.console.words import ROLES
from signpost.mistakes import Mistake

log = structlog.get_logger("signpost.console")

FORBIDDEN = 403
SIMULATOR = "simulator"

SENTENCES = {
    400: ("That didn’t reach us whole", "Go back, load the page again and send it once more."),
    401: ("You are signed out", "Sign in, then try again."),
    403: ("You can’t open this page", "It isn’t meant for you. Ask an administrator of Signpost if you need it."),
    404: (
        "There’s no such page",
        "It may have been removed, or the address is mistyped. If you followed a link, tell an administrator of Signpost.",
    ),
    405: ("This address only takes forms", "Go back to the page with the form and send it from there."),
    409: (
        "Somebody else changed this",
        "Nothing of yours was saved. Load the page again, look at what changed, and decide.",
    ),
    413: ("That is too much at once", "Nothing was saved. Go back and shorten what you typed, then send it again."),
    422: ("Something on the form isn’t right", "Nothing was saved. Go back, check what you typed, and send it again."),
    429: ("That was too often", "Wait a few minutes, then try again."),
    500: (
        "Something went wrong here",
        "It isn't your fault. Try again. If it happens again, tell an administrator of Signpost, with the time.",
    ),
    503: (
        "The record can’t be reached",
        "Nothing was stored. Wait a moment and try again. If it happens again, tell an administrator of Signpost.",
    ),
}
"""By status: what it is, and what to do."""
IN_THE_SIMULATOR = {
    **SENTENCES,
    403: ("Not from here", "Open the simulator on the machine it runs on, at 127.0.0.1 or at localhost."),
    404: (
        "There’s no such page",
        "It may have been removed, or the address is mistyped. The simulator is a good place to go on.",
    ),
    405: ("This address only takes forms", "Open the simulator and send your message from there."),
    413: ("That is too much at once", "Go back and shorten the message to 8,000 characters, then send it again."),
    500: (
        "Something went wrong here",
        "It isn't your fault. Try again; if it stays so, look at the logs: signpost status says where.",
    ),
    503: (
        "The record can’t be reached",
        "Nothing was stored. Wait a moment and try again; if it stays so, see: signpost status",
    ),
}
_KEPT_HEADERS = ("Allow", "Retry-After")


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
    simulated = request.blueprint == SIMULATOR
    sentences = IN_THE_SIMULATOR if simulated else SENTENCES
    title, usual = sentences.get(status, sentences[400 if status < 500 else 500])  # noqa: PLR2004  # HTTP's own border
    sentence = sentence or usual
    if wants_json():
        return make_response(jsonify(error=f"{title}. {sentence}"), status)
    if simulated:
        text = "\n".join(one.text for one in typed() if one.name == "Text")
        page = render_template("simulator/error.html", title=title, sentence=sentence, typed=text)
    else:
        page = render_template("error.html", title=title, sentence=sentence, typed=typed())
    return make_response(page, status)


def _role_needed() -> str | None:
    """Whom the page is for, when somebody is signed in who isn't one of them."""
    someone = g.get("staff")
    if someone is None or request.endpoint is None:
        return None
    needed = access_of(current_app, request.endpoint)
    if not needed or needed & someone.roles:
        return None
    have = " and ".join(ROLES[role].lower() for role in roles.ROLES if role in someone.roles) or "no role"
    return (
        f"It is for {_these(needed)}. You are signed in as {someone.name} ({have}). "
        "If you need it, ask an administrator of Signpost."
    )


def _these(needed: frozenset[str]) -> str:
    names = [f"{ROLES[role].lower()}s" for role in roles.ROLES if role in needed]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _refused(fault: HTTPException) -> Response:
    if fault.code is None:
        return fault.get_response()  # A redirect in an exception's clothes.
    sentence = _own_words(fault)
    if fault.code == FORBIDDEN and sentence is None:
        sentence = _role_needed()
    page = error_page(fault.code, sentence)
    headers = dict(fault.get_headers())
    for name in _KEPT_HEADERS:
        if name in headers:
            page.headers[name] = headers[name]
    return page


def _own_words(fault: HTTPException) -> str | None:
    """The sentence that a view gave; Werkzeug's own say nothing to whoever reads the page."""
    usual = [getattr(kind, "description", None) for kind in type(fault).__mro__]
    if isinstance(fault, BadRequestKeyError) or fault.description in usual:
        return None
    return fault.description


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
