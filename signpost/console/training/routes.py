"""The addresses of trainings: what changed and the trainings there were, and one with how far it is and what it came to."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.training.changes import Changes, changes_since
from signpost.console.training.model_routes import ModelPages
from signpost.console.training.paging import page_of
from signpost.console.training.showing import shown
from signpost.console.training.wording import BUSY, FAILED_HINT, FATES, NO_SUCH_JOB
from signpost.console.workbench.jobs_shown import ALREADY_ENDED, NOBODY_TOOK_IT, STOPPING, asker, find, how_far
from signpost.log.models import WorkbenchJob
from signpost.mistakes import Mistake
from signpost.workbench import asking, jobs

MOST_JOBS = 20
AT_ONCE = 25
"""Changed messages on a page."""


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages = Blueprint("training", __name__)
    views, models = TrainingPages(parts), ModelPages(parts)
    pages.get("/workbench/training", endpoint="page")(views.page)
    pages.post("/workbench/training", endpoint="ask")(views.ask)
    pages.get("/workbench/training/<uuid:key>", endpoint="one")(views.one)
    pages.get("/workbench/training/<uuid:key>/state", endpoint="state")(views.state)
    pages.post("/workbench/training/<uuid:key>/stop", endpoint="stop")(views.stop)
    pages.get("/workbench/models", endpoint="models")(models.page)
    for name in ("promote", "discard", "roll_back"):
        address = f"/workbench/models/<model>/{name.replace('_', '-')}"
        pages.get(address, endpoint=f"{name}_page")(getattr(models, f"{name}_page"))
        pages.post(address, endpoint=name)(getattr(models, name))
    return pages


@dataclass(frozen=True)
class TrainingPages:
    """The views."""

    parts: Parts

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """What changed since the running model, a button that has a new one made, and the last trainings."""
        changes, trouble = self._changes()
        with self.parts.reads() as reads:
            under_way, recent = jobs.open_job(reads), jobs.recent(reads, jobs.TRAIN, MOST_JOBS)
            return render_template(
                "training/page.html",
                changes=changes,
                trouble=trouble,
                under_way=under_way if under_way and not jobs.is_dead(under_way, self.parts.clock()) else None,
                jobs=recent,
                fates=self._fates(recent),
            )

    @open_to(TRAINER)
    def ask(self) -> ResponseReturnValue:
        """Asks for a training, unless something is under way."""
        now = self.parts.clock()
        with self.parts.sessions.begin() as session:
            try:
                key = asking.ask(session, self.parts.trail, jobs.TRAIN, asker(), now)
            except jobs.Busy as busy:
                return _busy(busy.job)
        return redirect(url_for("training.one", key=key), 303)

    @open_to(TRAINER)
    def one(self, key: UUID) -> ResponseReturnValue:
        """How far a training is; once it is done, the new model beside the one that ran."""
        job = self._found(key)
        view = shown(job.result)
        model = next((one for one in self.parts.shelf.all() if one.key == job.model_key), None)
        return render_template(
            "training/one.html",
            job=job,
            far=how_far(job, self.parts.clock()),
            view=view,
            changed=page_of(view.changed, request.args.get("page"), AT_ONCE) if view else None,
            model=model,
            running=self.parts.shelf.running(),
            hint=NOBODY_TOOK_IT,
            failed_hint=FAILED_HINT,
        )

    @open_to(TRAINER)
    def state(self, key: UUID) -> ResponseReturnValue:
        """How far it is, for the page's script."""
        return jsonify(how_far(self._found(key), self.parts.clock()).as_json())

    @open_to(TRAINER)
    def stop(self, key: UUID) -> ResponseReturnValue:
        """Stops a training that waits or runs."""
        job, now = self._found(key), self.parts.clock()
        with self.parts.sessions.begin() as session:
            stopped = asking.stop(session, self.parts.trail, job, asker(), now)
        flash(STOPPING if stopped else ALREADY_ENDED)
        return redirect(url_for("training.one", key=job.key), 303)

    def _found(self, key: UUID) -> WorkbenchJob:
        found = find(self.parts.reads, self.parts.sessions, str(key), self.parts.clock())
        return found if found is not None and found.kind == jobs.TRAIN else abort(404, NO_SUCH_JOB)

    def _changes(self) -> tuple[Changes | None, str | None]:
        """What changed, and what keeps that from being told, if anything does."""
        try:
            with self.parts.reads() as reads:
                return changes_since(reads, self.parts.training_folder, self.parts.shelf.running()), None
        except Mistake as mistake:
            return None, mistake.sentence
        except OSError as fault:
            return None, f"The training messages can’t be read here ({fault.strerror})."

    def _fates(self, recent: list[WorkbenchJob]) -> dict[str, str]:
        """What became of each training's model."""
        states = {model.key: model.state for model in self.parts.shelf.all()}
        return {job.key: FATES[states.get(job.model_key, "gone")] for job in recent if job.model_key}


def _busy(job: WorkbenchJob | None) -> ResponseReturnValue:
    kind = job.kind if job else jobs.TRAIN
    flash(BUSY.get(kind, BUSY[jobs.TRAIN]))
    if job is None or kind != jobs.TRAIN:
        return redirect(url_for("training.page"), 303)
    return redirect(url_for("training.one", key=job.key), 303)
