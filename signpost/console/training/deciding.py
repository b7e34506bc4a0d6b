"""Promoting, discarding and rolling back, each with its entry in the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from signpost.console.parts import Parts
from signpost.console.signin.sessions import Staff
from signpost.log.audit import ADMINISTRATION, Act
from signpost.workbench.deciding import DISCARDED, PROMOTED, ROLLED_BACK
from signpost.workbench.shelf import SHORT, Model


class Otherwise(Exception):
    """Another model runs than the one that ran when the page was made."""


@dataclass(frozen=True)
class Choice:
    """What a trainer chose: a model, having seen which one ran (its key), and why where that had to be said."""

    model: Model
    seen: str
    by: Staff
    reason: str | None = None


def promote(parts: Parts, choice: Choice) -> None:
    """Puts the model where it runs.

    Raises :class:`Otherwise`, and :class:`signpost.mistakes.Mistake` when its file won't do.
    """
    with _noted(parts, choice, PROMOTED, before=choice.seen[:SHORT], fit=choice.model.fit):
        parts.shelf.promote(choice.model.key)


def roll_back(parts: Parts, choice: Choice) -> None:
    """Puts a former model back where it ran. Raises as :func:`promote`."""
    with _noted(parts, choice, ROLLED_BACK, before=choice.seen[:SHORT]):
        former = parts.shelf.former()
        if former and former[0].key == choice.model.key:
            parts.shelf.roll_back()
        else:
            parts.shelf.promote(choice.model.key)


def discard(parts: Parts, choice: Choice) -> None:
    """Takes the model away for good. Raises as :func:`promote`."""
    with _noted(parts, choice, DISCARDED, was=choice.model.state):
        parts.shelf.discard(choice.model.key)


@contextmanager
def _noted(parts: Parts, choice: Choice, event: str, **detail: object) -> Iterator[None]:
    """Writes the entry, then lets the change be made: the trail's end is locked, so two who decide at once take turns."""
    act = Act(choice.by.username, ADMINISTRATION, event, choice.model.key, choice.reason, detail)
    with parts.sessions.begin() as session:
        parts.trail.write(session, act, parts.clock())
        running = parts.shelf.running()
        if choice.seen != (running.key if running else ""):
            raise Otherwise
        yield
