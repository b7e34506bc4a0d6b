"""Holds every request to who may open what: nothing is looked at before this has let it through."""

from contextlib import suppress
from urllib.parse import quote

from flask import Flask, abort, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from werkzeug.wrappers import Response

from signpost.console.errors import error_page, wants_json
from signpost.console.parts import Parts
from signpost.console.roles import ANYBODY, STATIC, access_of
from signpost.console.signin.form_token import FIELD, owner_of
from signpost.console.signin.kept import MARK, drop, keep, typed_fields
from signpost.console.signin.sessions import NOTED_EVERY, Staff, look_up, note_seen, owner
from signpost.log.database import IN_NO_HURRY
from signpost.log.models import StaffAccount

TOKEN = "sign_in"  # noqa: S105  # the name of a field in the signed cookie
RETURN = "signin.returned"
SIGNED_OUT = "You are signed out. Load the page again and sign in."


def staff() -> Staff:
    """Whoever is signed in. For views that need a sign-in; nobody else gets there."""
    return known_staff() or abort(403)


def known_staff() -> Staff | None:
    """Whoever is signed in, if anybody is: for the page's frame."""
    return g.get("staff")


def guard(app: Flask, parts: Parts) -> None:
    """Asks for a sign-in where one is needed, and refuses those who lack the role."""
    held = Guard(parts)
    app.before_request(held.look)
    app.after_request(held.clear_away)
    app.register_error_handler(CSRFError, held.form_without_token)


class Guard:
    """What every request goes through."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        # Somebody's being there isn't worth waiting for: where the record is busy, it is noted the next time.
        self._hasty = sessionmaker(parts.sessions.kw["bind"].execution_options(**IN_NO_HURRY), expire_on_commit=False)

    def look(self) -> Response | None:
        """Lets the request through, or answers it."""
        if comes_from_elsewhere():
            return onward_page(here())
        self._identify()
        if request.endpoint is None or request.endpoint == STATIC:
            return None
        needed = access_of(current_app, request.endpoint)
        if needed == ANYBODY:
            return None
        someone = known_staff()
        if someone is None:
            return ask_to_sign_in(self.parts)
        if not needed & someone.roles:
            abort(403)
        return None

    def clear_away(self, response: Response) -> Response:
        """What was kept of a form is kept no longer once the form was taken."""
        someone = known_staff()
        if request.method == "POST" and response.status_code < 400 and someone:  # noqa: PLR2004  # HTTP's own border
            key = request.form.get(MARK)
            if key:
                drop(self.parts, key, someone.id)
        return response

    def form_without_token(self, _fault: CSRFError) -> Response:
        """A form of this person's own whose token is no longer good is shown again, to be sent anew; no other is."""
        owner_key = owner_of(request.form.get(FIELD))
        if owner_key is None or request.endpoint is None:
            return error_page(400)
        self._identify()
        someone = known_staff()
        if someone is None:
            return ask_to_sign_in(self.parts)
        if someone.key != owner_key:
            return make_response(render_template("signin/of_another.html"), 400)
        fields = typed_fields(request.form.items(multi=True))
        return make_response(render_template("signin/again.html", address=here(), fields=fields, kept=None), 400)

    def _identify(self) -> None:
        """Finds out who asks, and notes now and then that they are still there."""
        token = session.get(TOKEN)
        if not token:
            return
        now = self.parts.clock()
        with self.parts.reads() as reads:
            found = look_up(reads, token, now, self.parts.signing_in.limits)
        if found is None:
            return
        g.staff = found.staff
        # A page's own script asks again and again: that isn't somebody's being there.
        if now - found.last_seen_at >= NOTED_EVERY and not wants_json():
            with suppress(SQLAlchemyError), self._hasty.begin() as writing:
                note_seen(writing, found.id, now)


def ask_to_sign_in(parts: Parts) -> Response:
    """On to the sign-in, and back here after it. What was typed is kept for whoever typed it."""
    if wants_json():
        return error_page(401, SIGNED_OUT)
    if request.method != "POST":
        return redirect(url_for("signin.start", next=here()))
    typed_by = _typed_by(parts)
    if typed_by is None or not request.form:
        return redirect(url_for("signin.start"), 303)
    key = keep(parts, typed_by, here(), request.form.items(multi=True))
    return redirect(url_for("signin.start", next=url_for("signin.kept", key=key)), 303)


def _typed_by(parts: Parts) -> int | None:
    """The id of whoever the page was shown to: by the browser's sign-in, else by the form's own token."""
    token, key = session.get(TOKEN), owner_of(request.form.get(FIELD))
    with parts.reads() as reads:
        if token:
            return owner(reads, token)
        return reads.scalar(select(StaffAccount.id).filter_by(key=key)) if key else None


def comes_from_elsewhere() -> bool:
    """Whether a link on another site was followed.

    A browser doesn't send a SameSite=Strict cookie then, so whoever is signed in would look as if they weren't, and a
    cookie that we set would take the place of theirs.
    """
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.endpoint not in {None, STATIC, RETURN}
        and current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
    )


def onward_page(address: str) -> Response:
    """A page that goes on to the address by itself: the browser then comes from us and sends its cookie."""
    page = make_response(render_template("signin/onward.html", address=address))
    page.headers["Refresh"] = f"0; url={address}"
    return page


def here() -> str:
    """The address that was asked for, as a path of ours: it stands in headers, so that nothing in it is taken as it is."""
    path = "/" + quote(request.path.lstrip("/"), safe="/:@!$&'()*+,;=~")
    query = quote(request.query_string, safe="%/?:@!$&'()*+,;=~")
    return f"{path}?{query}" if query else path
