"""The retention page's address."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.retention.reading import MOST_COUNTED, held, kinds, next_run, runs
from signpost.console.roles import ADMINISTRATOR, open_to

BY_HAND = "command: "


def began_by(by: str) -> str:
    """What began a run, in words."""
    return f"By hand, by {by.removeprefix(BY_HAND)}" if by.startswith(BY_HAND) else "By schedule"


def blueprint(parts: Parts) -> Blueprint:
    """The room's page, with what it works with."""
    pages = Blueprint("retention", __name__)

    @pages.get("/retention")
    @open_to(ADMINISTRATOR)
    def page() -> ResponseReturnValue:
        """What is kept how long, and what the next run would erase."""
        now, limits = parts.clock(), parts.keeping
        with parts.reads() as reads:
            on_hold, more_on_hold = held(reads)
            return render_template(
                "retention/page.html",
                kinds=kinds(reads, limits, now),
                most=MOST_COUNTED,
                next_run=next_run(reads, limits, now),
                held=on_hold,
                more_held=more_on_hold,
                runs=runs(reads),
                began_by=began_by,
            )

    return pages
