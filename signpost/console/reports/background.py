"""Counts what a page has no time to count: one thread at a time, for as long as there is something left."""

import threading
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from signpost.log.figures_keeping import FigureKeeper

log = structlog.get_logger("signpost.console")


@dataclass
class Background:
    """Goes on counting after a page was shown."""

    keeper: FigureKeeper
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begins, unless it is under way already."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._work, name="figures", daemon=True).start()

    def _work(self) -> None:
        try:
            log.info("days_counted", days=self.keeper.refresh_all())
        except SQLAlchemyError as fault:
            # The next page to find something left begins anew.
            log.warning("days_not_counted", fault=type(fault).__name__)
        finally:
            self._busy.release()
