"""Files that are sent as they are made, so that a million rows take no more memory than a thousand."""

from collections.abc import Iterable
from datetime import datetime

from flask import Response, stream_with_context

from signpost.console.times import in_london

KINDS = {"csv": "text/csv", "json": "application/json", "html": "text/html"}


def attachment(parts: Iterable[str], name: str, kind: str) -> Response:
    """The response: a file to be saved. ``name`` holds references and days, and nobody's data."""
    response = Response(stream_with_context(part.encode() for part in parts), mimetype=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def dated(name: str, now: datetime) -> str:
    """A file's name with the day in Great Britain, such as signpost-records-2026-11-22."""
    return f"signpost-{name}-{in_london(now):%Y-%m-%d}"
