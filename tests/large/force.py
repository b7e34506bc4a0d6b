"""The invented force: its accounts, its staff, and what becomes of messages, with their shares."""

from dataclasses import dataclass

ACCOUNTS = {
    "100000000000001": ("The county on Facebook", ("messenger", "facebook_comment"), 40),
    "100000000000002": ("The north on Facebook", ("messenger", "facebook_comment"), 14),
    "100000000000003": ("The south on Facebook", ("messenger", "facebook_comment"), 12),
    "100000000000004": ("The market towns on Facebook", ("messenger", "facebook_comment"), 8),
    "100000000000005": ("Rural crime on Facebook", ("messenger", "facebook_comment"), 4),
    "17841400000000001": ("The county on Instagram", ("instagram_dm", "instagram_comment"), 10),
    "17841400000000002": ("Youth engagement on Instagram", ("instagram_dm", "instagram_comment"), 4),
    "1000000001": ("The county on X", ("x_dm", "x_mention"), 6),
    "1000000002": ("The north on X", ("x_dm", "x_mention"), 2),
}
"""Id: (name, channels, weight). None of these exists."""
SIMULATOR_SHARE = 0.004
KINDS: dict[str, float] = {
    "violence": 14, "criminal damage and arson": 12, "other theft": 11, "vehicle crime": 10, "public order": 9, "burglary": 8,
    "drugs": 7, "road offences": 7, "fraud": 6, "domestic abuse": 6, "shoplifting": 5, "bicycle theft": 3, "rural crime": 3,
    "stalking": 2, "weapons": 2, "hate crime": 2, "animal cruelty": 1, "missing people": 1, "robbery": 1, "spiking": 1,
}  # fmt: skip
CAUSES: dict[str, float] = {"report": 86, "unsure": 8, "abuse": 3, "failed": 2, "unreadable": 1}
OUTCOMES: dict[str, float] = {"signposted": 78, "no_action": 12, "control_room": 6, "niche": 3, "block_considered": 1}
MODEL = "signpost-large"
REVIEWERS = tuple(f"reviewer{number}" for number in range(1, 10))
STAFF = (
    *((name, f"Reviewer {number}", ["reviewer"]) for number, name in enumerate(REVIEWERS, 1)),
    ("trainer1", "Trainer 1", ["trainer"]),
    ("administrator1", "Administrator 1", ["administrator", "reviewer"]),
    ("auditor1", "Auditor 1", ["auditor"]),
)
"""(username, name, roles) of a dozen people who don't exist. Their ids are their places, from 1."""
TRAINER_ID = len(REVIEWERS) + 1
ADMINISTRATOR_ID = TRAINER_ID + 1


@dataclass(frozen=True)
class Size:
    """How large the record is to be. ``others``: messages that are no escalation."""

    escalations: int
    audit: int
    others: int
    unreviewed_share: float
    days: int = 730


LONG_CONVERSATION = 200
"""So many messages of one person follow one another."""
ORIGINAL_DAYS = 28
"""For so long the text itself is kept."""


def accounts_yaml() -> str:
    """What force/accounts.yml would hold for these accounts."""
    platforms = {"m": "facebook", "i": "instagram", "x": "x"}
    lines = ["accounts:"]
    for number, (account, (name, channels, _weight)) in enumerate(ACCOUNTS.items(), 1):
        platform = platforms[channels[0][0]]
        lines += [f"  account_{number}:", f"    platform: {platform}", f'    id: "{account}"', f"    name: {name}"]
        if platform == "x":
            lines.append('    approval: "invented"')
    return "\n".join(lines) + "\n"
