"""The pages' addresses: the start, help, privacy, accessibility, and what is shown without a connection."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from signpost.console.about.tested import TESTED
from signpost.console.frame import first_place
from signpost.console.parts import Parts
from signpost.console.protection import on_this_machine
from signpost.console.roles import open_to_anybody
from signpost.console.signin.guard import known_staff
from signpost.log import retention

KEPT = (retention.ORIGINALS, retention.MESSAGES, retention.RECORDS, retention.DIALOGUES)
KEPT_OF_STAFF = (retention.ALERTS, retention.SIGN_INS, retention.AUDIT)


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages = Blueprint("about", __name__)

    def show(template: str, **values: Any) -> str:
        return render_template(f"about/{template}.html", contacts=parts.contacts, **values)

    @pages.get("/")
    @open_to_anybody
    def start() -> ResponseReturnValue:
        """On to where the work is. Only on this machine is there a choice to make first: the simulator is here too."""
        if known_staff():
            place = first_place()
            return redirect(place) if place else show("no_role")
        return show("start") if on_this_machine() else redirect(url_for("signin.start"))

    @pages.get("/help")
    @open_to_anybody
    def help() -> str:  # noqa: A001  # the page's own name
        return show("help", original_days=parts.keeping.in_words(retention.ORIGINALS))

    @pages.get("/accessibility")
    @open_to_anybody
    def accessibility() -> str:
        return show("accessibility", tested=TESTED)

    @pages.get("/privacy")
    @open_to_anybody
    def privacy() -> str:
        def kept(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
            return [(retention.NAMES[kind], parts.keeping.in_words(kind)) for kind in kinds]

        cookie = current_app.config["SESSION_COOKIE_NAME"]
        return show("privacy", kept=kept(KEPT), kept_of_staff=kept(KEPT_OF_STAFF), cookie=cookie)

    @pages.get("/offline")
    @open_to_anybody
    def offline() -> str:
        """The page that the browser keeps. It shows nobody's name, whoever asks for it."""
        return show("offline", staff=None)

    @pages.get("/offline-worker.js")
    @open_to_anybody
    def offline_worker() -> Response:
        """The script that shows that page. It stands at the root, as a browser lets it see only what is beneath it."""
        return current_app.send_static_file("offline-worker.js")

    return pages
