"""The addresses of models: the one that runs, candidates and former ones; promoting, discarding and going back."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.signin.guard import staff
from signpost.console.training import deciding
from signpost.console.training.deciding import Choice, Otherwise
from signpost.console.training.form import ModelForm
from signpost.console.training.wording import DONE, MEANWHILE, NO_SUCH_MODEL
from signpost.console.workbench.loading import how_it_runs
from signpost.log.models import WorkbenchJob
from signpost.mistakes import Mistake
from signpost.training import is_current
from signpost.workbench import jobs
from signpost.workbench.shelf import CANDIDATE, FORMER, Model

Deed = Callable[[Parts, Choice], None]
FROM = {"promote": (CANDIDATE,), "discard": (CANDIDATE, FORMER), "roll_back": (FORMER,)}
"""What may be done with a model in which state."""


@dataclass(frozen=True)
class ModelPages:
    """The views."""

    parts: Parts

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """All models there are."""
        running = self.parts.shelf.running()
        candidates, former = self.parts.shelf.candidates(), self.parts.shelf.former()
        shown = [*([running] if running else []), *candidates, *former]
        with self.parts.reads() as reads:
            made_by = jobs.those(reads, jobs.TRAIN, {one.made_by for one in shown if one.made_by})
            names = {key: job.asked_by.name for key, job in made_by.items() if job.asked_by}
        return render_template(
            "training/models.html",
            running=running,
            loading=how_it_runs(self.parts.bench.assistant, running) if running else None,
            current=self._current(running),
            candidates=candidates,
            former=former,
            jobs=made_by,
            names=names,
        )

    @open_to(TRAINER)
    def promote_page(self, model: str) -> ResponseReturnValue:
        """Says what it means to promote a model, and asks for a reason where it isn't known to be fit."""
        return self._ask("promote", model)

    @open_to(TRAINER)
    def promote(self, model: str) -> ResponseReturnValue:
        """Promotes it."""
        return self._do("promote", model, deciding.promote)

    @open_to(TRAINER)
    def discard_page(self, model: str) -> ResponseReturnValue:
        """Says what it means to discard a model."""
        return self._ask("discard", model)

    @open_to(TRAINER)
    def discard(self, model: str) -> ResponseReturnValue:
        """Discards it."""
        return self._do("discard", model, deciding.discard)

    @open_to(TRAINER)
    def roll_back_page(self, model: str) -> ResponseReturnValue:
        """Says what it means to go back to a former model."""
        return self._ask("roll_back", model)

    @open_to(TRAINER)
    def roll_back(self, model: str) -> ResponseReturnValue:
        """Goes back to it."""
        return self._do("roll_back", model, deciding.roll_back)

    def _ask(self, name: str, key: str) -> ResponseReturnValue:
        return self._show(name, self._found(name, key), ModelForm(formdata=None))

    def _do(self, name: str, key: str, deed: Deed) -> ResponseReturnValue:
        model, form = self._found(name, key), ModelForm()
        doubted = name == "promote" and not model.fit
        if not form.in_order(doubted=doubted):
            return self._show(name, model, form, 422)
        reason = (form.reason.data or None) if doubted else None
        try:
            deed(self.parts, Choice(model, form.seen.data or "", staff(), reason))
        except Otherwise:
            form.form_errors.append(MEANWHILE)
            return self._show(name, self._found(name, key), form, 409)
        except Mistake as mistake:
            form.form_errors.append(mistake.sentence)
            return self._show(name, model, form, 409)
        flash(DONE[name], "success")
        return redirect(url_for("training.models"), 303)

    def _found(self, name: str, key: str) -> Model:
        """The model, in a state in which this may be done with it."""
        found = next((one for one in self.parts.shelf.all() if one.key == key), None)
        if found is None:
            abort(404, NO_SUCH_MODEL)
        if found.state not in FROM[name]:
            abort(409, "This model is no longer where it was. Look at all models as they are now.")
        return found

    def _show(self, name: str, model: Model, form: ModelForm, status: int = 200) -> ResponseReturnValue:
        running = self.parts.shelf.running()
        form.seen.data = running.key if running else ""
        page = render_template(
            f"training/{name}.html", form=form, model=model, running=running, job=self._job_of(model)
        )
        return page, status

    def _job_of(self, model: Model) -> WorkbenchJob | None:
        with self.parts.reads() as reads:
            return jobs.job(reads, model.made_by) if model.made_by else None

    def _current(self, running: Model | None) -> bool | None:
        """Whether the running model was made from the messages as they are now; none where that can't be told."""
        try:
            return is_current(running, self.parts.training_folder.parents[1]) if running else None
        except OSError:
            return None
