"""Words for what the filters hold."""

from collections.abc import Callable

from signpost.channels.simulated import ACCOUNT
from signpost.console.queue.choices import GROUPS
from signpost.console.words import TABLES, words
from signpost.force.accounts import Accounts, platform_of
from signpost.force.mandate import Mandate

Word = Callable[[str, str], str]
"""Gives the words for a field of the filters and one of its values."""


def plain_words(name: str, value: str) -> str:
    """The words that need neither the mandate nor the accounts; channels and accounts stay codes."""
    if name == "group":
        return GROUPS.get(value, value)
    if name == "kind":
        return value[:1].upper() + value[1:]
    return words(value, name) if name in TABLES else value.replace("_", " ")


def word_of(mandate: Mandate, accounts: Accounts) -> Word:
    """The words as the force has them: its channels and accounts by their names."""

    def word(name: str, value: str) -> str:
        if name == "channel" and value in mandate.channels:
            return mandate.channels[value].name
        return account_name(accounts, value) if name == "account" else plain_words(name, value)

    return word


def account_name(accounts: Accounts, account_id: str, channel: str = "") -> str:
    """The name the force gave an account; the platform's id where it has none (any more)."""
    if account_id == ACCOUNT:
        return "Simulator"
    named = [one for one in accounts.all if one.id == account_id]
    on_platform = [one for one in named if one.platform == platform_of(channel)]
    return next((one.name for one in on_platform or named), account_id)
