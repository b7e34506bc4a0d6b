"""Values out of Meta's JSON, whatever stands where they should: each is read or is missing, and none raises."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone

from signpost.channels.text import storable

LONGEST_ID = 224
"""Meta's are under 200 characters. The record holds 255: an edit's revision or a prefix has room beside it."""
LONGEST_PARTY_ID = 128
"""Of accounts and persons; all that Meta gives are far shorter."""
INCOMPLETE, UNKNOWN, EMPTY, OWN = "incomplete", "unknown", "empty", "own"
"""Kinds of ours: a part that must be there is missing; a name no kind can be made of; nothing in it; the account's own."""
_LARGEST_ID = 10**32
_LARGEST_TIMESTAMP = 1e14
_FIRST_MILLISECONDS = 100_000_000_000
_EARLIEST, _LATEST = datetime(2004, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  # the record keeps UTC without a zone
_KIND = re.compile(r"[a-z_]{1,40}")
_OFFSET_WITHOUT_COLON = re.compile(r"([+-][0-9]{2})([0-9]{2})$")


def parsed(body: bytes | str) -> Mapping[str, object]:
    """The JSON object in an answer or a header; an empty one in place of anything else."""
    try:
        return mapping(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def mapping(value: object) -> Mapping[str, object]:
    """The JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    """The JSON array, or an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def is_true(value: object) -> bool:
    """Whether a flag is set; old payloads write it as a word."""
    return value is True or value == "true"


def words(value: object) -> str | None:
    """A person's text as it may be stored; none when there is no text."""
    return storable(value) if isinstance(value, str) else None


def identity(value: object, longest: int = LONGEST_ID) -> str:
    """An id as a string, from a string or a whole number; empty when it can't be one.

    Platforms before Graph 3 sent numbers. What is too long or would have to be changed to be stored is no id of Meta's.
    """
    if isinstance(value, str):
        usable = len(value) <= longest and value.strip() != "" and storable(value) == value
        return value if usable else ""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST_ID:
        return str(value)
    return ""


def party(value: object) -> str:
    """The id of a ``sender``, ``recipient`` or ``from``; empty where the platform withholds it."""
    return identity(mapping(value).get("id"), LONGEST_PARTY_ID)


def moment(value: object) -> datetime | None:
    """A time in UTC without a zone, from seconds or milliseconds (numbers or numerals) or an ISO text.

    None for anything else, and for times at which nobody can have written: they would make a reply look too late.
    """
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit()):
            return _from_iso(value)
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < _LARGEST_TIMESTAMP:
        return None
    seconds = value / 1000 if value >= _FIRST_MILLISECONDS else value
    return _plausible(datetime.fromtimestamp(seconds, timezone.utc))


def revision_of(text: str) -> str:
    """Tells one wording from another where the platform doesn't number them: 12 figures of the text's SHA-256, in hex."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def kind(name: object, *, prefix: str = "") -> str:
    """The kind under which a thing is counted: the protocol's name for it, or ``unknown`` when that is no plain name."""
    plain = f"{prefix}{name.replace('-', '_')}" if isinstance(name, str) else ""
    return plain if _KIND.fullmatch(plain) else f"{prefix}{UNKNOWN}"


def _from_iso(text: str) -> datetime | None:
    try:
        # Python 3.10 reads offsets with a colon only, and no Z.
        read = datetime.fromisoformat(_OFFSET_WITHOUT_COLON.sub(r"\1:\2", text.replace("Z", "+00:00")))
    except ValueError:
        return None
    return _plausible(read if read.tzinfo else read.replace(tzinfo=timezone.utc))


def _plausible(at: datetime) -> datetime | None:
    try:
        plain = at.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:
        return None
    return plain if _EARLIEST <= plain < _LATEST else None
