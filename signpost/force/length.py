"""How long a text is, counted as the platform that carries it counts."""

import re
import unicodedata
import warnings

UNITS = ("characters", "bytes", "weighted")
_ONE_EACH = re.compile(r"[\0-\xa8\xaa-\xad\xaf-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]*")
"""What X counts as one character each: its ranges of that weight, without the two signs in them that can be emoji."""
_IN_AN_ADDRESS = re.compile(r"\.\S")
"""Every address on the web has it, and an address has a length of its own."""


def measure(text: str, unit: str) -> int:
    """The length in characters (UTF-16 units, as the platforms count), bytes of UTF-8, or X's weighted characters."""
    if unit == "bytes":
        return len(text.encode("utf-8", "replace"))
    if unit == "weighted":
        return _weighted(unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode()))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _weighted(text: str) -> int:
    if _ONE_EACH.fullmatch(text) and not _IN_AN_ADDRESS.search(text):
        return len(text)
    # The library takes 12 MB and half a second to load, and most of our texts need none of what it knows.
    with warnings.catch_warnings():
        # It asks setuptools for its own data files, and setuptools warns whoever does.
        warnings.simplefilter("ignore")
        from twitter_text import parse_tweet
    return int(parse_tweet(text).weightedLength)
