"""The alerts' addresses: the page, and the forms that acknowledge one alert or all that are shown."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.alerts.reading import ABOUT, ON_A_PAGE, in_hand, over, waiting
from signpost.console.alerts.saving import acknowledge_all
from signpost.console.alerts.view import card, next_notice
from signpost.console.parts import Parts
from signpost.console.roles import ADMINISTRATOR, REVIEWER, open_to
from signpost.console.signin.guard import staff

HIGHEST_ID = 2**31 - 1
NO_SUCH = "There’s no such alert, or not any more: alerts go a while after they are over. Go to the alerts’ page."
NO_LIST = "There’s no such list of alerts. Go to the alerts’ page, and on from there."


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages, views = Blueprint("alerts", __name__), AlertPages(parts)
    pages.get("/alerts")(views.page)
    pages.post("/alerts/acknowledge")(views.acknowledge_shown)
    pages.post("/alerts/<uuid:key>/acknowledge")(views.acknowledge)
    return pages


@dataclass(frozen=True)
class AlertPages:
    """The views."""

    parts: Parts

    @open_to(REVIEWER, ADMINISTRATOR)
    def page(self) -> ResponseReturnValue:
        """What to see to, what somebody is on, and what is over."""
        about, after, before = _about(), _id("after"), _id("before")
        now = self.parts.clock()
        with self.parts.reads() as reads:
            to_see_to = waiting(reads, about, after)
            others = [] if after or before else in_hand(reads, about)
            done = over(reads, about, before)
        accounts = self.parts.accounts
        return render_template(
            "alerts/page.html",
            tabs=[(words, _here(about=name), name == about) for name, words in ABOUT.items()],
            about=about,
            cards=[] if before else [card(one, accounts) for one in to_see_to.alerts],
            further=None if before or to_see_to.further is None else _here(about=about, after=to_see_to.further),
            others=[card(one, accounts) for one in others],
            over=[card(one, accounts) for one in done.alerts],
            older=None if done.further is None else _here(about=about, before=done.further),
            beginning=_here(about=about),
            later=bool(after),
            history=bool(before),
            telling=self.parts.telling,
            next_notice=lambda alert: next_notice(alert, now),
        )

    @open_to(REVIEWER, ADMINISTRATOR)
    def acknowledge(self, key: UUID) -> ResponseReturnValue:
        """Acknowledges one."""
        return self._acknowledge([str(key)])

    @open_to(REVIEWER, ADMINISTRATOR)
    def acknowledge_shown(self) -> ResponseReturnValue:
        """Acknowledges all that the page showed: what opened since then still waits."""
        keys = request.form.getlist("key")
        if not 1 <= len(keys) <= ON_A_PAGE:
            abort(400, "That form names no alerts, or too many. Go back, load the page again and send it once more.")
        return self._acknowledge(keys)

    def _acknowledge(self, keys: list[str]) -> ResponseReturnValue:
        now = self.parts.clock()
        with self.parts.sessions.begin() as session:
            done = acknowledge_all(session, self.parts.trail, keys, staff(), now)
        if done is None:
            abort(404, NO_SUCH)
        flash(done.sentence, "success" if done.now else "message")
        return redirect(_here(about=_about()), 303)


def _about() -> str:
    about = request.args.get("about", "all")
    if about not in ABOUT:
        abort(404, NO_LIST)
    return about


def _id(name: str) -> int | None:
    """An id out of the address; none where there is none."""
    given = request.args.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit()) or len(given) > len(str(HIGHEST_ID)) or int(given) > HIGHEST_ID:
        abort(404, NO_LIST)
    return int(given)


def _here(**place: Any) -> str:
    """The page's address, without what goes without saying."""
    return url_for("alerts.page", **{name: value for name, value in place.items() if value != "all"})
