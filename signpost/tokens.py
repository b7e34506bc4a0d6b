"""What each account signs its requests with: read from the environment or ``secrets.env``, never from ``force/``."""

import os
from collections.abc import Mapping

from signpost.channels.transport import Credentials
from signpost.force.accounts import Account
from signpost.secrets import kept
from signpost.settings import Settings


def credentials_of(account: Account, settings: Settings, environment: Mapping[str, str] | None = None) -> Credentials:
    """The account's credentials; what isn't set is empty. Raises :class:`Mistake` when ``secrets.env`` can't be read."""
    given = os.environ if environment is None else environment
    in_file = kept(settings)

    def value(variable: str) -> str:
        return given.get(variable, "") or in_file.get(variable, "")

    token = value(account.token_variable)
    if account.platform != "x":
        return Credentials(token=token)
    return Credentials(
        token=token,
        token_secret=value(account.token_secret_variable),
        consumer_key=settings.x_consumer_key,
        consumer_secret=settings.x_consumer_secret,
    )
