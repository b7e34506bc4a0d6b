"""How long a text is, counted as the platform that carries it counts."""

import unicodedata
import warnings

with warnings.catch_warnings():
    # It asks setuptools for its own data files, and setuptools warns whoever does.
    warnings.simplefilter("ignore")
    from twitter_text import parse_tweet

UNITS = ("characters", "bytes", "weighted")


def measure(text: str, unit: str) -> int:
    """The length in characters (UTF-16 units, as the platforms count), bytes of UTF-8, or X's weighted characters."""
    if unit == "bytes":
        return len(text.encode("utf-8", "replace"))
    if unit == "weighted":
        return int(parse_tweet(unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())).weightedLength)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
