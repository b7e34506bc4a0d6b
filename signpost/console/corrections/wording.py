"""A text as a line of the training messages: whatever was typed, Rasa reads it back as it was written there."""

import re
import unicodedata

MOST = 2000
"""Characters of a training message: what Messenger lets anybody send, and far more than teaches anything."""
_MARKUP = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})
"""``[x](y)`` and ``[x]{...}`` mark entities to Rasa (docs/training-data.md)."""
_UNWRITABLE = {"Cc", "Cs", "Co", "Cn"}
"""Unicode's controls, halves of characters, and what is nobody's character: YAML takes none of them."""
_PLACEHOLDER = re.compile(r"<[A-Za-z][A-Za-z' -]{1,30}>")
"""What redaction leaves (:mod:`signpost.log.redaction.kinds`), and whatever looks like it."""
_JOINERS = "\u200b\u2060\ufeff"
"""Characters of no width that mean nothing; those that shape emoji and scripts stay."""


def as_line(text: str) -> str:
    """The text on one line, without markup. Applying it again changes nothing."""
    kept = "".join(
        " " if unicodedata.category(one) in _UNWRITABLE else one
        for one in text.translate(_MARKUP)
        if one not in _JOINERS
    )
    # A leading slash would name an intent in place of a message.
    return " ".join(kept.split()).lstrip("/ ")


def placeholders_in(text: str) -> list[str]:
    """What stands for something that was taken out, such as ``<phone number>``, each once."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))
