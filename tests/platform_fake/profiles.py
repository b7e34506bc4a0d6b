"""The force's pages and profiles on the small platforms, and the posts under which people write."""

from dataclasses import dataclass

from . import secrets

CHANNELS = {
    "messenger": "facebook",
    "facebook_comment": "facebook",
    "instagram_dm": "instagram",
    "instagram_comment": "instagram",
    "x_dm": "x",
    "x_mention": "x",
}
"""Each channel's platform."""
PUBLIC = frozenset({"facebook_comment", "instagram_comment", "x_mention"})


@dataclass(frozen=True)
class Profile:
    """One account: ``post`` is the id of the post (page), the media (Instagram) or the post on X that is written under."""

    platform: str
    id: str
    name: str
    username: str
    post: str
    inbox: str = ""


PAGE = Profile(
    "facebook", "104000000000101", "Rehearsal Police", "rehearsalpolice", "122100000000000101", secrets.FACEBOOK_INBOX
)
SECOND_PAGE = Profile(
    "facebook", "104000000000102", "Rehearsal Rural", "rehearsalrural", "122100000000000102", secrets.FACEBOOK_INBOX
)
INSTAGRAM = Profile(
    "instagram",
    "17841400000000101",
    "Rehearsal Police",
    "rehearsalpolice",
    "17900000000000101",
    secrets.INSTAGRAM_INBOX,
)
X = Profile("x", "1400000000000000101", "Rehearsal Police", "RehearsalPolice", "1700000000000000101")
PROFILES = {profile.id: profile for profile in (PAGE, SECOND_PAGE, INSTAGRAM, X)}
"""All accounts by id; the first of each platform is the one that is written to unless another is named."""


def profile_for(channel: str, account: str = "") -> Profile:
    """The account that is written to on this channel. Raises :class:`KeyError` where there is none such."""
    platform = CHANNELS[channel]
    if not account:
        return next(profile for profile in PROFILES.values() if profile.platform == platform)
    profile = PROFILES[account]
    if profile.platform != platform:
        raise KeyError(account)
    return profile
