"""References as people type them."""

import re

_BETWEEN = re.compile(r"[\s\-‐-―−_.,]+")
_LETTERS = re.compile(r"[A-Z0-9]{6}")
_HALF = 3


def canonical(typed: str) -> str | None:
    """The reference as the record has it: "kmr 4c7" is KMR-4C7. None for what can't be one."""
    letters = _BETWEEN.sub("", typed).upper()
    return f"{letters[:_HALF]}-{letters[_HALF:]}" if _LETTERS.fullmatch(letters) else None
