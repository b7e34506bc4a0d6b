"""Single values out of X's JSON, none of it trusted: ids, times and texts, whatever stands in their place."""

import re
from datetime import datetime, timedelta, timezone

from signpost.channels.text import is_blank, storable

_ID = re.compile(r"[A-Za-z0-9_:-]{1,128}")
_LARGEST_ID = 10**19
_DIGITS = re.compile(r"[0-9]{1,16}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIRST_SNOWFLAKE = timedelta(milliseconds=1_288_834_974_657)
_SNOWFLAKE = re.compile(r"[0-9]{17,19}")
_YEARS = range(2006, 2100)
_OLD_FORM = "%a %b %d %H:%M:%S %z %Y"


def at(value: object, *path: str) -> object:
    """What lies at the path of keys, or none."""
    for step in path:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def items(value: object) -> list[object]:
    """The list's items; none of anything that isn't a list."""
    return value if isinstance(value, list) else []


def identifier(*candidates: object) -> str:
    """The first that can be an id, as a string; empty when none can.

    X sends ids as numbers and as strings; give ``id_str`` before ``id``, whose last digits a number may have lost.
    """
    for one in candidates:
        if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < _LARGEST_ID:
            return str(one)
        if isinstance(one, str) and _ID.fullmatch(one):
            return one
    return ""


def words(*candidates: object) -> str:
    """The first text that says anything, storable, with X's ``&amp;``, ``&lt;`` and ``&gt;`` as the characters they were."""
    for one in candidates:
        if isinstance(one, str) and not is_blank(one):
            # The ampersand comes last: what somebody typed as "&lt;" arrives as "&amp;lt;".
            return storable(one.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return ""


def moment(*candidates: object, platform_id: str = "") -> datetime | None:
    """The first that can be a time, in UTC without a zone, or else the time that X's id holds; none where nothing does.

    Milliseconds since 1970 as a number or as digits, ISO 8601, and the form ``Wed Oct 10 20:19:24 +0000 2018``; nothing
    from before X's first post, nor from times to come that nobody can reckon with.
    """
    for one in candidates:
        time = _read(one)
        if time is not None and time.year in _YEARS:
            return time
    # X's ids count milliseconds since November 2010 in all but their last 22 bits; older and other ids are shorter.
    if _SNOWFLAKE.fullmatch(platform_id):
        return _naive(_EPOCH + _FIRST_SNOWFLAKE + timedelta(milliseconds=int(platform_id) >> 22))
    return None


def _read(value: object) -> datetime | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**16:
        value = str(value)
    if not isinstance(value, str):
        return None
    try:
        if _DIGITS.fullmatch(value):
            return _naive(_EPOCH + timedelta(milliseconds=int(value)))
        if value[:1].isdigit():
            return _naive(datetime.fromisoformat(value.replace("Z", "+00:00")))
        return _naive(datetime.strptime(value, _OLD_FORM))  # noqa: DTZ007  # the form holds the zone
    except (ValueError, OverflowError):
        return None


def _naive(time: datetime) -> datetime:
    """In UTC without a zone, as the record keeps times; one without a zone is taken to be in UTC."""
    zoned = time if time.tzinfo else time.replace(tzinfo=timezone.utc)
    return zoned.astimezone(timezone.utc).replace(tzinfo=None)
