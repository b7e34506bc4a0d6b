"""The kinds of alerts: what each is called, and what to do about it (docs/operating.md says more)."""

from dataclasses import dataclass

from signpost.channels.transport import SENDING_RESTRICTED, TOKEN_EXPIRED
from signpost.log.states import (
    AUDIT_DOUBTFUL,
    EMERGENCY,
    PLATFORM_QUIET,
    REPLY_FAILED,
    RETENTION_FAILED,
    UNSUBSCRIBED,
)


@dataclass(frozen=True)
class Kind:
    """``title`` says what happened; ``to_do`` what whoever sees the alert should do, in a sentence or two."""

    title: str
    to_do: str


KINDS = {
    EMERGENCY: Kind(
        "An emergency was logged",
        "Open the record and read it now. The person was told to call 999, but may not have. If somebody may be in "
        "danger, phone the control room.",
    ),
    REPLY_FAILED: Kind(
        "A message got no answer",
        "Open the record and read it. If an answer still matters, give it by hand from the platform's inbox.",
    ),
    TOKEN_EXPIRED: Kind(
        "An account's access token is not taken",
        "Have a new token made and set. Until then no reply of this account goes out; all of them wait.",
    ),
    SENDING_RESTRICTED: Kind(
        "An account may not send",
        "Look at the account's standing on the platform and put it right there. Until then its replies wait, so tell "
        "people by other means that the page isn't answering.",
    ),
    UNSUBSCRIBED: Kind(
        "A platform no longer passes on an account's messages",
        "Have the account subscribed again. Until then read its inbox by hand: nothing of it arrives here.",
    ),
    RETENTION_FAILED: Kind(
        "Retention did not run to its end",
        "Have whoever runs Signpost look at the desk's log. Until it runs, data is kept for longer than it may be.",
    ),
    AUDIT_DOUBTFUL: Kind(
        "The audit log may not be whole",
        "Have whoever runs Signpost look with signpost verify-log, and tell the data protection officer.",
    ),
    PLATFORM_QUIET: Kind(
        "Nothing has come for an account for a long time",
        "Write to the account yourself. If no answer comes, have the webhook's settings on the platform looked at.",
    ),
}


def kind_of(kind: str) -> Kind:
    """What is known of a kind; one that was never described still has its name."""
    return KINDS.get(kind) or Kind(kind.replace("_", " ").capitalize(), "Open the alerts in Signpost and look.")
