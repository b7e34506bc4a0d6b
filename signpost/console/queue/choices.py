"""What the filters may be set to: the codes of the record, each field's in the order in which people read them."""

from typing import Final

from signpost.force.accounts import PLATFORMS
from signpost.log.models import (
    CAUSES,
    DELIVERED,
    DOUBTFUL,
    FAILED,
    ORDINARY,
    REVIEWED,
    UNKNOWN,
    UNREVIEWED,
    URGENT,
    WAITING,
)

EMERGENCIES, FAILURES, UNSURE_ONES, OTHERS = "emergency", "failed", "unsure", "other"
KINDS: Final = (
    "anti-social behaviour", "bicycle theft", "burglary", "criminal damage and arson", "drugs", "other theft", "public order",
    "robbery", "shoplifting", "theft from the person", "vehicle crime", "violence", "weapons", "other crime", "animal cruelty",
    "coercive control", "county lines and cuckooing", "cyber crime", "domestic abuse", "fraud", "hate crime", "missing people",
    "modern slavery", "road offences", "rural crime", "sextortion", "sexual offences", "spiking", "stalking", "tip-off",
)  # fmt: skip
"""The kinds of crime that bot/kinds.yml lets the record name."""

CHOICES: Final = {
    "group": (EMERGENCIES, FAILURES, UNSURE_ONES, OTHERS),
    "label": ("emergency", "crime_report", "not_report", UNKNOWN),
    "cause": CAUSES,
    "kind": KINDS,
    "channel": tuple(channel for channels in PLATFORMS.values() for channel in channels),
    "delivery": (WAITING, DELIVERED, FAILED),
    "state": (UNREVIEWED, REVIEWED),
}
"""Each field's codes. ``account`` isn't among them: which accounts there are, the force says."""
NAMES: Final = {
    "group": "Group",
    "label": "Understood as",
    "cause": "Here because",
    "kind": "Kind",
    "channel": "Channel",
    "account": "Account",
    "delivery": "Reply",
    "state": "Review",
}
"""The fields' names for people."""
PRIORITIES: Final = {EMERGENCIES: URGENT, FAILURES: URGENT, UNSURE_ONES: DOUBTFUL, OTHERS: ORDINARY}
"""Each group's place in the queue."""
GROUPS: Final = {
    EMERGENCIES: "Emergencies",
    FAILURES: "Failed or unreadable",
    UNSURE_ONES: "Unsure",
    OTHERS: "Others",
}
