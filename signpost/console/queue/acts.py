"""What the audit trail is told of the queue: who looked at which list, and what they did to their views."""

from signpost.console.parts import Parts
from signpost.console.queue.filters import Filters
from signpost.console.signin.sessions import Staff
from signpost.log.audit import ADMINISTRATION, CONSULTATION, Act

QUEUE_VIEWED, SEARCH_VIEWED = "queue_viewed", "search_viewed"
VIEW_SAVED, VIEW_RENAMED, VIEW_DELETED = "view_saved", "view_renamed", "view_deleted"


def note_look(parts: Parts, someone: Staff, event: str, filters: Filters, rows: int) -> None:
    """One entry for a page of a list: by which filters, and how many records stood on it.

    Before anything is shown: what can't be logged isn't shown. What was searched for is not told. The page's script asks
    again and again for counts alone, which shows no record and is not logged; opening a record is an entry of its own.
    """
    asked: dict[str, list[str]] = {}
    for name, value in filters.as_args():
        asked.setdefault(name, []).append(value)
    act = Act(someone.username, CONSULTATION, event, detail={"filters": asked, "records": rows})
    with parts.sessions.begin() as session:
        parts.trail.write(session, act, parts.clock())


def view_act(someone: Staff, event: str, view_id: int) -> Act:
    """What was done to a view. Its name, which somebody typed, is not told."""
    return Act(someone.username, ADMINISTRATION, event, detail={"view": view_id})
