"""What somebody had typed into a form that came to nothing: it is shown again, to be copied."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request, session
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from signpost.console.signin.kept import may_be_kept

MOST_SHOWN = 12 * 1024 * 1024
"""Bytes of a form that is too large to be taken, which are still read to be given back, to whoever is signed in."""
SHORT = 60
_NOT_TYPED = frozenset({"version", "next", "conversation", "message_id"})


@dataclass(frozen=True)
class Typed:
    """A field of the form: its name in words, and what stood in it."""

    name: str
    text: str

    @property
    def short(self) -> bool:
        """Whether it fits a line."""
        return len(self.text) <= SHORT and "\n" not in self.text


def typed() -> list[Typed]:
    """All that was typed into the form of this request; passwords, codes and empty fields are left out."""
    return [
        Typed(name.replace("_", " ").replace("-", ", ").capitalize(), text)
        for name, text in _fields()
        if text.strip() and may_be_kept(name) and name not in _NOT_TYPED
    ]


def _fields() -> Iterable[tuple[str, str]]:
    try:
        return list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return _too_much()
    except HTTPException:
        return []


def _too_much() -> Iterable[tuple[str, str]]:
    """Only for browsers in which somebody has signed in: to anybody else it isn't worth the work."""
    from signpost.console.signin.guard import TOKEN  # It shows errors itself.

    if TOKEN not in session:
        return []
    request.max_content_length = request.max_form_memory_size = MOST_SHOWN
    try:
        return list(request.form.items(multi=True))
    except HTTPException:
        return []
