"""Passwords: which will do, how they are kept (argon2id), and temporary ones.

What a password must be follows NIST SP 800-63B and the NCSC: long rather than intricate, not one that many people use,
and never changed for the calendar's sake.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 256
"""Characters of a password."""
LEAST_OF_ITS_OWN = 8
"""Characters that are left of a password without what anybody could guess: runs such as 1234, and names from around it."""
LEAST_WORD = 4
"""Characters of a name that mustn't be in a password; shorter ones are in too many words."""
LIST = Path(__file__).with_name("common_passwords.txt")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUN = 4
LETTERS_FOR = str.maketrans("@4301!57$", "aaeoiists")
TEMPORARY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like others."""


class Passwords:
    """Makes and checks hashes. Work is the same whether there is a hash to check or not."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """What is kept of the password."""
        return self._hasher.hash(_normal(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password of this hash; never, where there is none, and that takes as long to say."""
        try:
            return self._hasher.verify(kept or self._nobodys, _normal(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)


def temporary_password() -> str:
    """A password to be told once and replaced at the first sign-in: 20 characters in groups, about 99 bits."""
    groups = ("".join(secrets.choice(TEMPORARY_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def fault_of(password: str, username: str, around: Iterable[str] = ()) -> str | None:
    """What keeps a password from being used, in a sentence; none when it will do.

    ``around`` are names from around it, of the force for instance, which anybody could guess.
    """
    password = _normal(password)
    if len(password) < LEAST:
        return f"Password must be {LEAST} characters or more. Several words are easier to remember than signs"
    if len(password) > MOST:
        return f"Password must be {MOST} characters or fewer"
    plain = password.casefold()
    if any(name in plain for name in _names_of(username)):
        return "Password must not contain your username"
    if _is_common(plain):
        return "This is a password that many people use. Choose another, of several words for instance"
    if len(_without_runs(_shortest_unit(plain), around)) < LEAST_OF_ITS_OWN:
        return "This password is too easy to guess. Choose another, of several words for instance"
    return None


def _normal(password: str) -> str:
    """The same characters however a keyboard sends them."""
    return unicodedata.normalize("NFC", password)


def _names_of(username: str) -> list[str]:
    names = {username.casefold(), username.casefold().partition("@")[0]}
    return [name for name in names if len(name) >= LEAST_WORD]


def _is_common(plain: str) -> bool:
    """Whether it is on the list, or is once figures and signs at its ends, and signs in place of letters, are undone."""
    trimmed = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    joined = re.sub(r"[\W_]+", "", plain)
    words = {plain, trimmed, trimmed.translate(LETTERS_FOR), _shortest_unit(trimmed), _shortest_unit(joined)}
    return not words.isdisjoint(_common())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = LIST.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _shortest_unit(text: str) -> str:
    """What the text is made of when it is the same again and again: ``abcabc`` is ``abc``."""
    where = (text + text).find(text, 1)
    return text[:where] if text else text


def _without_runs(text: str, around: Iterable[str]) -> str:
    """The text with each run along the alphabet, the figures or the keyboard, and each name, as one character."""
    for name in sorted((one.casefold() for one in around), key=len, reverse=True):
        if len(name) >= LEAST_WORD:
            text = text.replace(name, "*")
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for length in range(len(row), RUN - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], "*")
    return re.sub(r"(.)\1+", r"\1", text)
