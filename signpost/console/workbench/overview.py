"""The workbench's first page: what can be done here, and how things stand."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.workbench.last_run import last_run
from signpost.console.workbench.loading import how_it_runs
from signpost.log.correcting import OPEN
from signpost.log.models import Correction
from signpost.mistakes import Mistake
from signpost.training import is_current
from signpost.workbench.jobs import is_dead, open_job
from signpost.workbench.shelf import Model


@dataclass(frozen=True)
class Running:
    """The model that runs. ``same``: whether what it is made from is as it was; none where that can't be told.

    ``trouble``: what kept the page from looking, a sentence, empty for nothing.
    """

    model: Model | None
    same: bool | None = None
    says: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class OverviewPages:
    """The view."""

    parts: Parts

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """How things stand."""
        with self.parts.reads() as reads:
            job = open_job(reads)
            return render_template(
                "workbench/page.html",
                running=self._running(),
                run=last_run(reads),
                corrections=reads.scalar(select(func.count()).select_from(Correction).filter_by(state=OPEN)) or 0,
                job=None if job is None or is_dead(job, self.parts.clock()) else job,
            )

    def _running(self) -> Running:
        try:
            model = self.parts.shelf.running()
            if model is None:
                return Running(None)
            same = is_current(model, self.parts.training_folder.parents[1])
        except Mistake as mistake:
            return Running(None, trouble=mistake.sentence)
        except OSError as fault:
            return Running(None, trouble=f"The model can’t be looked at here ({fault.strerror}).")
        return Running(model, same, how_it_runs(self.parts.bench.assistant, model))
