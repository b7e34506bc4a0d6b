"""Finds a channel by its key, or by the platform's name as people say it."""

from signpost.force.mandate import Channel, Mandate
from signpost.mistakes import Mistake

ALSO_CALLED = {
    "facebook": "facebook_comment",
    "facebook_messenger": "messenger",
    "facebook_post": "facebook_comment",
    "instagram": "instagram_dm",
    "twitter": "x_dm",
    "twitter_dm": "x_dm",
    "x": "x_dm",
    "x_post": "x_mention",
    "x_reply": "x_mention",
}


def channel_named(mandate: Mandate, name: str) -> Channel:
    """The channel. Raises :class:`Mistake` (exit status 2) that lists those there are."""
    key = name.strip().lower().replace("-", "_").replace(" ", "_")
    key = ALSO_CALLED.get(key, key)
    if key not in mandate.channels:
        raise Mistake(f"There is no channel {name!r}. There are: {', '.join(mandate.channels)}.", exit_status=2)
    return mandate.channels[key]
