"""Text as it may be stored: whatever bytes a platform passed on, without what no database or font can hold."""

import re

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def is_blank(text: str) -> bool:
    """Whether nothing is left of the text that anybody could read."""
    return not storable(text).replace("\ufeff", " ").strip()


def storable(text: str) -> str:
    """The text with control characters (NUL among them) as spaces and lone surrogates as the replacement character."""
    return _LONE_SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", text))
