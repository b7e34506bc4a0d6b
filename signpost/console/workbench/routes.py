"""The addresses of the workbench."""

from flask import Blueprint

from signpost.console.corrections.known import KnownMessages
from signpost.console.parts import Parts
from signpost.console.workbench.conversations import ConversationPages
from signpost.console.workbench.examples import ExamplePages
from signpost.console.workbench.overview import OverviewPages
from signpost.console.workbench.record_pages import RecordPages
from signpost.console.workbench.trying import TryPages


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    known = KnownMessages(parts.training_folder)
    pages = Blueprint("workbench", __name__)
    pages.get("/workbench")(OverviewPages(parts).page)
    trying, examples = TryPages(parts, known), ExamplePages(parts, known)
    pages.get("/workbench/try", endpoint="trying")(trying.page)
    pages.post("/workbench/try", endpoint="ask")(trying.ask)
    pages.get("/workbench/example", endpoint="example")(examples.page)
    pages.post("/workbench/example", endpoint="take_example")(examples.take)
    pages.post("/workbench/example/begin", endpoint="begin_example")(examples.begin)
    tests, recording = ConversationPages(parts), RecordPages(parts)
    pages.get("/workbench/conversations", endpoint="conversations")(tests.page)
    pages.get("/workbench/conversations/state", endpoint="conversations_state")(tests.state)
    pages.post("/workbench/conversations/run", endpoint="run_conversations")(tests.run)
    pages.post("/workbench/conversations/stop", endpoint="stop_conversations")(tests.stop)
    pages.get("/workbench/conversations/<key>", endpoint="conversation")(tests.one)
    pages.get("/workbench/conversations/record/<uuid:key>", endpoint="record")(recording.page)
    pages.post("/workbench/conversations/record/<uuid:key>", endpoint="take_record")(recording.take)
    return pages
