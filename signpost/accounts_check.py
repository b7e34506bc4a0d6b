"""Says of each account whether it is on and what it still lacks, by the names of things alone: `signpost accounts check`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signpost.channels.transport import Credentials
from signpost.force.accounts import Account, Accounts
from signpost.settings import Settings

SET, MISSING = "set", "missing"


@dataclass(frozen=True)
class Report:
    """Rows for two tables, sentences below them, and whether nothing is missing.

    ``accounts``: (key, platform, channels, on or off). ``needed``: (variable, what for, set or missing) of every token and
    secret, which are told by the names of their variables; no value is ever part of it. ``off``: why accounts are off.
    """

    accounts: list[tuple[str, str, str, str]]
    needed: list[tuple[str, str, str]]
    off: list[str]

    @property
    def complete(self) -> bool:
        """Whether every account is on and has all it needs."""
        return not self.off and all(state == SET for _variable, _about, state in self.needed)


def look(settings: Settings, accounts: Accounts, credentials_of: Callable[[Account], Credentials]) -> Report:
    """Looks at every account, and at what the apps behind them need. ``settings`` hold the secrets that are known.

    Raises :class:`signpost.mistakes.Mistake` where the credentials can't be read.
    """
    needed = [one for account in accounts.all for one in _tokens(account, credentials_of(account))]
    needed += _of_apps(settings, accounts)
    return Report(
        [(one.key, one.platform, ", ".join(one.channels), "off" if one.off else "on") for one in accounts.all],
        [(variable, about, SET if value else MISSING) for variable, about, value in needed],
        [f"{one.off}." for one in accounts.all if one.off],
    )


def _tokens(account: Account, credentials: Credentials) -> Iterator[tuple[str, str, str]]:
    yield account.token_variable, f"{account.key}: access token", credentials.token
    if account.platform == "x":
        yield account.token_secret_variable, f"{account.key}: access token's secret", credentials.token_secret


def _of_apps(settings: Settings, accounts: Accounts) -> list[tuple[str, str, str]]:
    """(variable, what for, value) of each setting that the accounts' platforms need."""
    logins = {account.login for account in accounts.all if account.platform == "instagram"}
    platforms = {account.platform for account in accounts.all}
    needed = []
    if "facebook" in platforms or "facebook" in logins:
        needed.append(("SIGNPOST_META_APP_SECRET", "checks Meta's webhooks", settings.meta_app_secret))
    if "instagram" in logins:
        # An app with Instagram Login has a secret of its own; where none is set, Meta's is tried.
        secret = settings.instagram_app_secret or settings.meta_app_secret
        needed.append(("SIGNPOST_INSTAGRAM_APP_SECRET", "checks Instagram's webhooks; or Meta's app secret", secret))
    if platforms & {"facebook", "instagram"}:
        needed += [
            ("SIGNPOST_META_VERIFY_TOKEN", "proves the webhook's address to Meta", settings.meta_verify_token),
            ("SIGNPOST_META_APP_ID", "tells Signpost's own messages from staff's", settings.meta_app_id),
        ]
    if "x" in platforms:
        needed += [
            ("SIGNPOST_X_CONSUMER_KEY", "signs requests to X", settings.x_consumer_key),
            ("SIGNPOST_X_CONSUMER_SECRET", "signs requests to X, checks X's webhooks", settings.x_consumer_secret),
        ]
    return needed
