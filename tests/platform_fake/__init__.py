"""The platforms in small: a local stand-in of Meta's and X's servers, for tests and rehearsals.

``Platforms`` is all of them in one object; ``python -m tests.platform_fake`` serves it over HTTP.
"""

from .answer import Answer, Call
from .options import BadOption, Habits, Limits
from .platforms import Platforms
from .profiles import INSTAGRAM, PAGE, PROFILES, SECOND_PAGE, X
from .secrets import ACCOUNTS, environment
from .world import Item, Sent

__all__ = [
    "ACCOUNTS",
    "INSTAGRAM",
    "PAGE",
    "PROFILES",
    "SECOND_PAGE",
    "Answer",
    "BadOption",
    "Call",
    "Habits",
    "Item",
    "Limits",
    "Platforms",
    "Sent",
    "X",
    "environment",
]
