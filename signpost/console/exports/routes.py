"""The pages' addresses: records taken out, and requests about one conversation or about figures."""

from flask import Blueprint

from signpost.console.exports.pages_conversation import ErasurePages, SubjectAccessPages
from signpost.console.exports.pages_foi import FoiPages
from signpost.console.exports.pages_records import RecordPages
from signpost.console.parts import Parts


def blueprint(parts: Parts) -> Blueprint:
    """The room's pages, with what they work with."""
    pages = Blueprint("exports", __name__)
    records, access, erasure, foi = RecordPages(parts), SubjectAccessPages(parts), ErasurePages(parts), FoiPages(parts)
    pages.get("/exports")(records.page)
    pages.post("/exports")(records.export)
    pages.get("/requests")(records.requests)
    pages.get("/requests/subject-access")(access.subject_access)
    pages.post("/requests/subject-access")(access.give)
    pages.get("/requests/erasure")(erasure.erasure)
    pages.post("/requests/erasure")(erasure.erase)
    pages.get("/requests/foi")(foi.foi)
    pages.post("/requests/foi")(foi.give_figures)
    return pages
