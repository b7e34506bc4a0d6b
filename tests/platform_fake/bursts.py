"""Makes many messages up, for a burst."""

from typing import Any

from .options import BadOption

MOST = 20_000


def made_up(options: dict[str, Any]) -> list[dict[str, str]]:
    """Messages out of ``count``, ``people`` (how many on each channel; 0: everyone new), ``channels``, ``texts`` and
    ``accounts`` (lists by channel), which it takes out of the options; each list is gone through in turn.

    Raises :class:`BadOption`.
    """
    count, people = options.pop("count", 1), options.pop("people", 0)
    channels, texts = options.pop("channels", ["messenger"]), options.pop("texts", ["Hello"])
    accounts = options.pop("accounts", {})
    lists = isinstance(channels, list) and channels and isinstance(texts, list) and texts and isinstance(accounts, dict)
    if not lists or not isinstance(count, int) or not isinstance(people, int) or not 0 <= count <= MOST:
        raise BadOption("A burst has count, people (numbers), channels, texts (lists) and accounts (lists by channel).")
    messages = []
    for number in range(count):
        channel = channels[number % len(channels)]
        turn = number // len(channels)
        message = {"channel": channel, "text": texts[turn % len(texts)]}
        if people:
            message["person"] = f"Resident {turn % people + 1}"
        if accounts.get(channel):
            message["account"] = accounts[channel][turn % len(accounts[channel])]
        messages.append(message)
    return messages
