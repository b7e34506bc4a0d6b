"""How long an account should rest, as the headers say in which Meta tells how much of its limits is used up."""

from collections.abc import Iterator, Mapping

from signpost.channels.meta_values import mapping, parsed, sequence

NEARLY_USED_UP = 95
"""Per cent. At 100 Meta refuses calls for up to an hour."""
REST_SECONDS, LONG_REST_SECONDS = 60.0, 300.0
LONGEST_REST_SECONDS = 86_400.0
_PERCENTAGES = ("call_count", "total_time", "total_cputime")
_REGAIN = "estimated_time_to_regain_access"
_HEADERS = ("x-app-usage", "x-page-usage")
_BUSINESS_HEADER = "x-business-use-case-usage"


def rest_seconds(headers: Mapping[str, str]) -> float:
    """Seconds for which nothing more should be sent; 0 while there is room. Names of headers in lower case.

    Graph API, rate limits: ``X-App-Usage`` and ``X-Page-Usage`` hold percentages, ``X-Business-Use-Case-Usage`` the same
    for each business and kind of call, with the minutes until a call is taken again. What can't be read says nothing.
    """
    return max((_rest(usage) for usage in _usages(headers)), default=0.0)


def _usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
    for name in _HEADERS:
        yield parsed(headers.get(name, ""))
    for kinds in parsed(headers.get(_BUSINESS_HEADER, "")).values():
        yield from map(mapping, sequence(kinds))


def _rest(usage: Mapping[str, object]) -> float:
    used = max(_number(usage.get(name)) for name in _PERCENTAGES)
    named = _number(usage.get(_REGAIN)) * 60
    full = 100
    by_use = (LONG_REST_SECONDS if used >= full else REST_SECONDS) if used >= NEARLY_USED_UP else 0.0
    return min(max(named, by_use), LONGEST_REST_SECONDS)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        return 0.0
    return float(min(value, LONGEST_REST_SECONDS))
