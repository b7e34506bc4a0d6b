"""One plain spelling for characters that look alike, so that a pattern need only know one of them.

Nothing here changes the number of characters: what is found at a place in the plain text is at that place in the message.
"""

import unicodedata

#: Stands for characters that nobody sees: joiners, direction marks (which phones put around copied numbers), the
#: enclosing keycap of digit emoji, control characters.
UNSEEN = "\u200b"

_QUOTES = dict.fromkeys("\u2018\u2019\u201b\u02bc\u0060\u00b4\u2032", "'")


class _Plain(dict[int, str]):
    """Works out each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(character: str) -> str:
    """One character for one character."""
    if character in _QUOTES:
        return _QUOTES[character]
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":
        return "-"
    if character.isspace():
        return character if character in "\n\r\t" else " "
    if category in ("Cf", "Cc") or character in "\ufe0e\ufe0f\u20e3":
        return UNSEEN
    if category == "Cs":
        return "?"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


_PLAIN = _Plain()


def plain(text: str) -> str:
    """The text with one plain character for each of its own.

    Full-width and mathematical letters and digits become ordinary ones, every dash a hyphen, every apostrophe straight,
    what cannot be seen UNSEEN, half a surrogate pair "?". Takes any str and returns one of the same length.
    """
    return text.translate(_PLAIN)
