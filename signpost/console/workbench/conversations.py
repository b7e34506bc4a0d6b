"""The addresses of the conversation tests: the list with the last run, one turn by turn, and running them all."""

from dataclasses import dataclass

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from signpost.console.parts import Parts
from signpost.console.roles import TRAINER, open_to
from signpost.console.workbench.jobs_shown import (
    ALREADY_ENDED,
    NOBODY_TOOK_IT,
    STOPPING,
    HowFar,
    asker,
    find,
    how_far,
)
from signpost.console.workbench.last_run import LastRun, last_run
from signpost.console.workbench.suite import FAILED, Row, groups, read_rows
from signpost.console.workbench.wording import BUSY, NO_SUCH_TEST
from signpost.conversations.presenting import sides
from signpost.log.models import WorkbenchJob
from signpost.mistakes import Mistake
from signpost.workbench import asking, jobs

SHOWS = ("all", FAILED)


@dataclass(frozen=True)
class ConversationPages:
    """The views."""

    parts: Parts

    @open_to(TRAINER)
    def page(self) -> ResponseReturnValue:
        """All tests, or those that failed."""
        shows = request.args.get("show", SHOWS[0])
        if shows not in SHOWS:
            abort(404, "There’s no such list of conversation tests. Go to all of them, and on from there.")
        run, job = self._run(), self._job()
        rows, trouble = self._rows(run)
        failed = [row for row in rows if row.state == FAILED]
        return render_template(
            "workbench/conversations.html",
            shows=shows,
            groups=groups(failed if shows == FAILED else rows),
            rows=rows,
            failed=failed,
            trouble=trouble,
            run=run,
            job=job,
            far=self._far(job),
            hint=NOBODY_TOOK_IT,
        )

    @open_to(TRAINER)
    def one(self, key: str) -> ResponseReturnValue:
        """One test turn by turn, with what came of it on each channel."""
        run = self._run()
        rows, trouble = self._rows(run)
        row = next((one for one in rows if one.key == key), None) or abort(404, trouble or NO_SUCH_TEST)
        return render_template("workbench/conversation.html", row=row, run=run, sides=sides)

    @open_to(TRAINER)
    def run(self) -> ResponseReturnValue:
        """Asks for all tests to be held, unless something is under way."""
        now = self.parts.clock()
        with self.parts.sessions.begin() as session:
            try:
                asking.ask(session, self.parts.trail, jobs.CONVERSATIONS, asker(), now)
            except jobs.Busy as busy:
                flash(BUSY.get(busy.job.kind if busy.job else "", BUSY[jobs.CONVERSATIONS]))
        return redirect(url_for("workbench.conversations"), 303)

    @open_to(TRAINER)
    def stop(self) -> ResponseReturnValue:
        """Stops the run that waits or is under way."""
        job, now = self._job(), self.parts.clock()
        stopped = False
        if job is not None:
            with self.parts.sessions.begin() as session:
                stopped = asking.stop(session, self.parts.trail, job, asker(), now)
        flash(STOPPING if stopped else ALREADY_ENDED)
        return redirect(url_for("workbench.conversations"), 303)

    @open_to(TRAINER)
    def state(self) -> ResponseReturnValue:
        """How far the last run is, for the page's script."""
        far = self._far(self._job())
        return jsonify(far.as_json() if far else {"ended": True})

    def _run(self) -> LastRun | None:
        with self.parts.reads() as reads:
            return last_run(reads)

    def _job(self) -> WorkbenchJob | None:
        """The last run of the tests by themselves, however it stands."""
        with self.parts.reads() as reads:
            latest = jobs.latest(reads, jobs.CONVERSATIONS)
        if latest is None:
            return None
        return find(self.parts.reads, self.parts.sessions, latest.key, self.parts.clock())

    def _far(self, job: WorkbenchJob | None) -> HowFar | None:
        return how_far(job, self.parts.clock()) if job is not None else None

    def _rows(self, run: LastRun | None) -> tuple[list[Row], str | None]:
        """The tests, and what keeps them from being read, if anything does."""
        try:
            return read_rows(self.parts.bench.suite_folder, self.parts.mandate, run), None
        except Mistake as mistake:
            return [], mistake.sentence
        except OSError as fault:
            return [], f"The conversation tests can’t be read here ({fault.strerror})."
