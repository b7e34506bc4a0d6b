"""The addresses of saved views."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from signpost.console.parts import Parts
from signpost.console.queue.acts import VIEW_DELETED, VIEW_RENAMED, VIEW_SAVED, view_act
from signpost.console.queue.form import NameForm, ViewForm
from signpost.console.queue.views import Refused, filters_in, filters_of, own_view, rename_view, save_view, views_of
from signpost.console.queue.wording import word_of
from signpost.console.roles import REVIEWER, open_to
from signpost.console.signin.guard import staff
from signpost.log.models import SavedView

NO_SUCH_VIEW = (
    "There’s no such view. It may have been deleted; your views are on this page’s list: Queue, then Your views."
)


@dataclass(frozen=True)
class ViewPages:
    """The views of saved views."""

    parts: Parts

    @open_to(REVIEWER)
    def views(self) -> ResponseReturnValue:
        """All of one's own."""
        return self._page()

    @open_to(REVIEWER)
    def save_view(self) -> ResponseReturnValue:
        """Saves the filters of a page under a name."""
        form = ViewForm()
        if form.validate():
            try:
                with self.parts.sessions.begin() as session:
                    view = save_view(session, staff().id, form.name.data, form.query.data or "")
                    self._note(session, VIEW_SAVED, view)
            except Refused as refusal:
                form.name.errors = [str(refusal)]
            else:
                flash(f"The view “{view.name}” is saved.", "success")
                return redirect(f"{url_for('queue.page')}?{view.query}", 303)
        return self._page(new=form), 422

    @open_to(REVIEWER)
    def rename_view(self, view_id: int) -> ResponseReturnValue:
        """Gives a view another name."""
        form = NameForm()
        if form.validate():
            try:
                with self.parts.sessions.begin() as session:
                    view = rename_view(session, self._own(session, view_id), form.name.data)
                    self._note(session, VIEW_RENAMED, view)
            except Refused as refusal:
                form.name.errors = [str(refusal)]
            else:
                flash(f"The view is now called “{view.name}”.", "success")
                return redirect(url_for("queue.views"), 303)
        with self.parts.reads() as reads:
            self._own(reads, view_id)
        return self._page(renamed=(view_id, form)), 422

    @open_to(REVIEWER)
    def delete_view(self, view_id: int) -> ResponseReturnValue:
        """Deletes a view; what it shows stays as it is."""
        with self.parts.sessions.begin() as session:
            view = self._own(session, view_id)
            session.delete(view)
            self._note(session, VIEW_DELETED, view)
        flash(f"The view “{view.name}” is deleted.", "success")
        return redirect(url_for("queue.views"), 303)

    def _own(self, session: Session, view_id: int) -> SavedView:
        return own_view(session, staff().id, view_id) or abort(404, NO_SUCH_VIEW)

    def _note(self, session: Session, event: str, view: SavedView) -> None:
        self.parts.trail.write(session, view_act(staff(), event, view.id), self.parts.clock())

    def _page(self, new: ViewForm | None = None, renamed: tuple[int, NameForm] | None = None) -> str:
        word = word_of(self.parts.mandate, self.parts.accounts)
        with self.parts.reads() as reads:
            found = views_of(reads, staff().id)
        return render_template(
            "queue/views.html",
            views=[(view, filters_of(view).words(word)) for view in found],
            new=new,
            new_words=filters_in(new.query.data or "").words(word) if new else (),
            renamed=renamed,
            form=new or (renamed[1] if renamed else None),
        )
