"""Plain words for what the record keeps as codes, the same on every page."""

from collections.abc import Mapping
from typing import Final

from flask import Flask

from signpost.console import roles
from signpost.console.simulator import wording
from signpost.force.mandate import Mandate
from signpost.log import audit, models

LABELS: Final = {**wording.LABELS, models.UNKNOWN: wording.NO_LABEL}
INTENTS: Final = wording.INTENTS
DELIVERIES: Final = wording.DELIVERIES
ENDS: Final = wording.ENDS
REPLIES: Final = wording.KINDS

CAUSES: Final = {
    models.REPORT: "Reads like a report",
    models.UNSURE: "May be a report",
    models.FAILURE: "The message or its reply failed",
    models.UNREADABLE: "Came encrypted, so nobody could read it",
    models.ABUSE: "Abuse, which is never answered",
}
PRIORITIES: Final = {
    str(models.URGENT): "Urgent",
    str(models.DOUBTFUL): "Unsure",
    str(models.ORDINARY): "Ordinary",
}
STATES: Final = {models.UNREVIEWED: "To review", models.REVIEWED: "Reviewed"}
JUDGEMENTS: Final = {"yes": "Yes", "no": "No", "unclear": "Can’t tell"}
OUTCOMES: Final = {
    "signposted": "Signposted, nothing more to do",
    "control_room": "Phoned through to the control room",
    "niche": "Intelligence recorded in Niche",
    "block_considered": "Block considered by CCE",
    "no_action": "No action",
}
ATTEMPTS: Final = {"delivered": "Delivered", "later": "Will be tried again", "failed": "Failed"}
ROLES: Final = {
    roles.REVIEWER: "Reviewer",
    roles.TRAINER: "Trainer",
    roles.ADMINISTRATOR: "Administrator",
    roles.AUDITOR: "Auditor",
}
ACTIONS: Final = {
    audit.COLLECTION: "Collected",
    audit.ALTERATION: "Altered",
    audit.CONSULTATION: "Consulted",
    audit.DISCLOSURE: "Disclosed",
    audit.COMBINATION: "Combined",
    audit.ERASURE: "Erased",
    audit.ADMINISTRATION: "Administration",
}
CORRECTIONS: Final = {"open": "To decide", "accepted": "Accepted", "refused": "Refused"}
VISIBILITIES: Final = {"public": "Public", "private": "Private"}
WRITERS: Final = {"action": "The assistant", "desk": "The desk"}
JOBS: Final = {"waiting": "Waiting", "running": "Running", "done": "Done", "failed": "Failed", "stopped": "Stopped"}

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "label": LABELS,
    "intent": INTENTS,
    "cause": CAUSES,
    "priority": PRIORITIES,
    "state": STATES,
    "judgement": JUDGEMENTS,
    "outcome": OUTCOMES,
    "delivery": DELIVERIES,
    "attempt": ATTEMPTS,
    "end": ENDS,
    "reply": REPLIES,
    "role": ROLES,
    "action": ACTIONS,
    "correction": CORRECTIONS,
    "visibility": VISIBILITIES,
    "writer": WRITERS,
    "job": JOBS,
}
"""By the name that the filter is called with: ``{{ escalation.label | words("label") }}``."""
NONE: Final = {"label": wording.NO_LABEL, "outcome": "Not recorded", "judgement": "Not answered"}
"""What is said of no code."""


def add_words(app: Flask, mandate: Mandate) -> None:
    """The filter ``words``, which knows the mandate's channels too."""
    channels = {"channel": {channel.key: channel.name for channel in mandate.channels.values()}}
    tables = {**TABLES, **channels}
    app.jinja_env.filters["words"] = lambda code, table: words(code, table, tables)


def words(code: object, table: str, tables: Mapping[str, Mapping[str, str]] = TABLES) -> str:
    """The words for a code; a code without any is shown with spaces, so that a new one breaks no page.

    Raises KeyError for a table that doesn't exist.
    """
    known = tables[table]
    if code is None or code == "":
        return NONE.get(table, "None")
    return known.get(str(code), str(code).replace("_", " "))
