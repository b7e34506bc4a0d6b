"""Promoting, rolling back and discarding by somebody at the command line, each with its entry in the audit trail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from signpost.log.audit import ADMINISTRATION, Act, Trail
from signpost.log.clock import Clock, utc_now
from signpost.mistakes import Mistake
from signpost.workbench.shelf import CANDIDATE, Change, Model, Shelf

PROMOTED, ROLLED_BACK, DISCARDED = "model_promoted", "model_rolled_back", "model_discarded"
"""The audit trail's events."""


@dataclass(frozen=True)
class Deciding:
    """Where it is decided, and by whom; ``detail`` says more of that person."""

    shelf: Shelf
    sessions: sessionmaker[Session]
    trail: Trail
    actor: str
    detail: dict[str, Any] = field(default_factory=dict)
    clock: Clock = utc_now

    def promote(self, key: str, *, anyway: bool = False) -> Change:
        """Puts a model where it runs. Raises :class:`Mistake` when it won't do.

        A candidate that its comparison didn't find fit, or that was never compared, needs ``anyway``.
        """
        model = self.shelf.find(key)
        if model.state == CANDIDATE and not model.fit and not anyway:
            why = (
                model.verdict or "It wasn't compared with the model that runs: signpost compare current " + model.short
            )
            raise Mistake(f"{why} To promote it all the same: signpost promote {model.short} --anyway")
        return self._do(PROMOTED, model, lambda: self.shelf.promote(model.key), {"fit": model.fit})

    def roll_back(self) -> Change:
        """Puts the last former model where it ran. Raises :class:`Mistake` when there is none."""
        former = self.shelf.former()
        if not former:
            raise Mistake("There is no former model to go back to. See: signpost models")
        return self._do(ROLLED_BACK, former[0], self.shelf.roll_back)

    def discard(self, key: str) -> Model:
        """Takes a model away for good. Raises :class:`Mistake` when it runs, or isn't there."""
        model = self.shelf.find(key)
        return self._do(DISCARDED, model, lambda: Change(self.shelf.discard(model.key)), {"was": model.state}).model

    def _do(
        self, event: str, model: Model, change: Callable[[], Change], detail: dict[str, Any] | None = None
    ) -> Change:
        running = self.shelf.running()
        more = {**self.detail, "before": running.short if running else None, **(detail or {})}
        with self.sessions.begin() as session:
            # First, since it can fail and what is done to files can't be taken back with it.
            self.trail.write(session, Act(self.actor, ADMINISTRATION, event, model.key, detail=more), self.clock())
            return change()
