"""What an installation still lacks before webhooks of every platform and account are taken, in sentences."""

from collections.abc import Iterator

from signpost.force.accounts import Accounts
from signpost.settings import Settings


def gaps(settings: Settings, accounts: Accounts) -> Iterator[str]:
    """One sentence for each platform without its app's secret, each account that is off, and for no accounts at all."""
    if not settings.meta_app_secret:
        both = "Facebook" if settings.instagram_app_secret else "Facebook and Instagram"
        yield f"{both}: webhooks are put off until SIGNPOST_META_APP_SECRET is set."
    if not settings.x_consumer_secret:
        yield "X: webhooks are put off until SIGNPOST_X_CONSUMER_SECRET is set."
    if not accounts.all:
        yield f"{settings.accounts} lists no account, so everything that arrives is acknowledged and nothing is answered."
    for account in accounts.all:
        if account.off:
            yield f"{account.off}."
