"""Which events of which account the app has subscribed to at Meta."""

import threading

FACEBOOK_FIELDS = frozenset(
    {
        "messages",
        "messaging_postbacks",
        "message_echoes",
        "message_edits",
        "message_reactions",
        "messaging_handovers",
        "standby",
        "feed",
        "mention",
    }
)
INSTAGRAM_FIELDS = frozenset(
    {
        "messages",
        "messaging_postbacks",
        "message_edit",
        "message_reactions",
        "messaging_handover",
        "standby",
        "comments",
    }
)


class Subscriptions:
    """By account. All accounts are subscribed to everything to begin with."""

    def __init__(self, accounts: dict[str, str]) -> None:
        self._lock = threading.Lock()
        self._fields = {
            account: set(FACEBOOK_FIELDS if platform == "facebook" else INSTAGRAM_FIELDS)
            for account, platform in accounts.items()
            if platform != "x"
        }

    def of(self, account: str) -> list[str]:
        with self._lock:
            return sorted(self._fields.get(account, ()))

    def set(self, account: str, fields: set[str]) -> None:
        with self._lock:
            self._fields[account] = set(fields)

    def wants(self, account: str, field: str) -> bool:
        """Whether an event of this field is delivered; one of a kind nobody knows is, as long as anything is."""
        with self._lock:
            fields = self._fields.get(account, set())
            # Instagram calls two of Messenger's fields by their singular.
            return bool(fields) and (not field or field in fields or field.removesuffix("s") in fields)
