"""Why a webhook isn't taken: the status for the platform, the reason for the count, the sentence for whoever looks."""

from signpost.intake.signatures import MALFORMED, MISSING, SHA1_ONLY, WRONG

NOT_SET_UP, TOO_LARGE, CUT_SHORT = "not_set_up", "too_large", "cut_short"
NOT_JSON, UNREADABLE, NOT_STORED = "not_json", "unreadable", "not_stored"
VERIFY_TOKEN, CRC_TOKEN = "verify_token", "crc_token"
SOON, LATER = 30, 300
"""Seconds after which it is worth sending again: once the database answers; once somebody has set the platform up."""
UNSIGNED = {
    MISSING: "This webhook isn't signed; nothing is taken without a SHA-256 signature.",
    SHA1_ONLY: "This webhook has a SHA-1 signature only; nothing is taken without a SHA-256 signature.",
    MALFORMED: "The signature isn't sha256= followed by a SHA-256 digest in the platform's form.",
    WRONG: "The signature doesn't fit the body. Either the app's secret isn't the one set here, or the body was changed "
    "on its way.",
}


class Refusal(Exception):
    """A webhook that isn't taken. The sentence quotes nothing of it. ``retry_after``: seconds, where sending again helps."""

    def __init__(self, status: int, reason: str, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.reason = reason
        self.retry_after = retry_after
