"""Options that a rehearsal changes while it runs: how webhooks are delivered, and where the limits lie."""

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar

from .signing import GOOD, SIGNATURES


class BadOption(Exception):
    """No such option, or not such a value; the sentence is the answer."""


@dataclass(frozen=True)
class Habits:
    """How one platform delivers.

    ``batch``: events a delivery at most. ``duplicates``: how likely a delivery comes twice. ``reorder``: events of a burst
    come in any order. ``latency``: seconds until a delivery sets out. ``unknown``: how likely an event of a kind nobody
    knows comes with it. ``int_ids``: Meta's ids as numbers. ``without_from``: comments don't say who wrote them.
    ``envelope``: X's activity or its older account activity. ``comments``: Instagram's comments under ``changes`` or on
    the ``entry`` itself. ``login``: which of Meta's logins Instagram is connected with, and so where its webhooks go.
    """

    batch: int = 1
    duplicates: float = 0.0
    reorder: bool = False
    latency: float = 0.0
    unknown: float = 0.0
    echoes: bool = True
    int_ids: bool = False
    without_from: bool = False
    signature: str = GOOD
    envelope: str = "xaa"
    comments: str = "changes"
    login: str = "facebook"


@dataclass(frozen=True)
class Limits:
    """Where the limits lie. ``strangers``: sends to people and from accounts nobody here knows are taken, as a rehearsal
    with replayed payloads needs. ``repeated_private_reply``: the subcode with which a second one is refused; sources differ.
    ``least_people``: Meta lets an app call so often for each person who wrote; so many are reckoned with at least.
    """

    x_messages: int = 15
    x_messages_day: int = 1440
    x_posts: int = 100
    x_posts_day: int = 10_000
    page_texts: int = 300
    private_replies: int = 750
    strangers: bool = False
    repeated_private_reply: int = 2534014
    least_people: int = 1


_CHOICES = {
    "signature": SIGNATURES,
    "envelope": ("xaa", "aaa"),
    "comments": ("changes", "entry"),
    "login": ("facebook", "instagram"),
    "repeated_private_reply": (2534014, 2534039),
}
Options = TypeVar("Options", Habits, Limits)


def changed(options: Options, changes: dict[str, Any]) -> Options:
    """The options with these changes. Raises :class:`BadOption`."""
    known = {one.name: getattr(options, one.name) for one in dataclasses.fields(options)}
    for name, value in changes.items():
        if name not in known:
            raise BadOption(f"There is no option {name}; there are {', '.join(known)}.")
        kinds = (int, float) if isinstance(known[name], float) else (type(known[name]),)
        if not isinstance(value, kinds) or isinstance(value, bool) != isinstance(known[name], bool):
            raise BadOption(f"{name} must be a {kinds[-1].__name__}.")
        if value not in _CHOICES.get(name, (value,)):
            raise BadOption(f"{name} must be one of {', '.join(map(str, _CHOICES[name]))}.")
        if isinstance(value, (int, float)) and value < 0:
            raise BadOption(f"{name} can't be less than nothing.")
    return dataclasses.replace(options, **changes)
