"""Asks Meta whether it still sends us an account's events, and subscribes again where it doesn't.

After an hour of failed deliveries Meta unsubscribes an app from a page (Messenger Platform's webhook documentation); nothing
would tell us but the silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from signpost.channels.transport import Credentials
from signpost.force.accounts import Account
from signpost.settings import Settings

SECONDS = 10.0
FIELDS = {
    "facebook": ("messages", "messaging_postbacks", "message_echoes", "message_edits", "feed", "mention"),
    "instagram": ("messages", "messaging_postbacks", "comments", "live_comments", "mentions"),
}


@dataclass(frozen=True)
class Subscriptions:
    """Checks one account's subscription. X has no such list for a user; its webhook is checked by X itself (CRC)."""

    client: httpx.Client
    settings: Settings
    credentials_of: Callable[[Account], Credentials]

    def __call__(self, account: Account) -> str | None:
        """What is wrong, for staff; none when all is well. Raises :class:`ConnectionError` when Meta can't be asked."""
        token = self.credentials_of(account).token
        if (
            not token
            or account.platform not in FIELDS
            or (account.platform, account.login) == ("instagram", "facebook")
        ):
            # With Facebook Login, Instagram's events come by way of the app's own settings.
            return None
        base = self.settings.graph_url if account.platform == "facebook" else self.settings.instagram_url
        url = f"{base}/{self.settings.graph_version}/{account.id}/subscribed_apps"
        wanted = FIELDS[account.platform]
        if self._has(self._call("GET", url, token), set(wanted)):
            return None
        again = self._call("POST", url, token, json={"subscribed_fields": ",".join(wanted)})
        if again.get("success") is True:
            return None
        return (
            f"{account.name} is no longer subscribed to this app's webhook, and subscribing again was refused. "
            "See docs/connecting.md, When an alert fires."
        )

    def _has(self, answer: dict[str, Any], wanted: set[str]) -> bool:
        ours = self.settings.meta_app_id
        apps = answer.get("data")
        return isinstance(apps, list) and any(
            isinstance(app, dict)
            and (not ours or str(app.get("id")) == ours)
            and wanted <= set(map(str, app.get("subscribed_fields") or ()))
            for app in apps
        )

    def _call(self, method: str, url: str, token: str, json: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = self.client.request(
                method, url, json=json, headers={"Authorization": f"Bearer {token}"}, timeout=SECONDS
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError):
            raise ConnectionError("Meta could not be asked") from None
        if answer.is_server_error or not isinstance(body, dict):
            raise ConnectionError("Meta could not answer")
        return body
