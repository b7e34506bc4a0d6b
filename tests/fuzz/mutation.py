"""Breaks JSON the way the world does: values of another kind, things missing, twice, in one another's place."""

import marshal
import random
from collections.abc import Callable, Mapping
from typing import Any

from .meta_bodies import META
from .x_bodies import X

Json = Any


def _nested(depth: int, inside: Json) -> Json:
    for _level in range(depth):
        inside = [inside]
    return inside


NASTY: tuple[Json, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**53 + 1, 2**63, 10**32, -(10**40), 10**400),
    *(0.0, -0.0, 0.5, 1e-320, 1e22, 1e308, float("inf"), float("-inf")),
    *(
        "",
        " ",
        "0",
        "-1",
        "1e5",
        "true",
        "null",
        "None",
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\ufeff",
        "\u202e",
        "\ud800",
        "\udfff\ud83d",
    ),
    *("🚨", "e\u0301", "٣٤", "²", "１２", "a" * 129, "a" * 256, "9" * 40, "9" * 5000, "é" * 1000, "x" * 20_000),
    *("../..", "a/b?c#d", "%00", "<script>", "' OR 1=1", "${x}", "{{x}}", "\r\nX: y"),
    *(
        "2026-11-20T10:00:00Z",
        "2026-13-45",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "Fri Nov 20",
        "W",
    ),
    *("10000-01-01", "2026-11-20T10:00:00+0000", "-1795000000000", "99999999999999", "253402300800000", "1795000000.5"),
    *(
        [],
        {},
        [[]],
        [{}],
        {"": ""},
        {"id": None},
        {"id": {"id": "1"}},
        [None] * 50,
        ["a", 1, None, {}],
        _nested(150, 1),
    ),
    *("page", "instagram", "add", "remove", "comment", "100000000000001", "17841400000000001", "1000000001"),
)
"""What no parser expects where it looks for something else. JSON has no NaN; ``1e999`` in it is an infinity."""


def _packed(tree: Json) -> bytes:
    """Marshalled, because that gives a fresh copy quicker than anything else; version 2 knows no shared parts."""
    return marshal.dumps(tree, 2)


def _parts(tree: Json) -> list[Json]:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [tree, *(part for one in inner for part in _parts(one))]


BODIES: Mapping[str, tuple[bytes, ...]] = {
    platform: tuple(_packed(body) for body in bodies.values()) for platform, bodies in (("meta", META), ("x", X))
}
DONORS = tuple(sorted({_packed(part) for body in (*META.values(), *X.values()) for part in _parts(body)}))
NAMES = tuple(
    sorted(
        {
            name
            for body in (*META.values(), *X.values())
            for part in _parts(body)
            if isinstance(part, dict)
            for name in part
        }
    )
)
LONGEST_WALK = 12


def pick(rng: random.Random, choices: tuple[Any, ...]) -> Any:
    """One of them; quicker than ``rng.choice``."""
    return choices[int(rng.random() * len(choices))]


def body(rng: random.Random, platform: str) -> Json:
    """A copy of one of the platform's bodies, as it was written."""
    return marshal.loads(pick(rng, BODIES[platform]))  # noqa: S302  # our own bytes


def mutated(rng: random.Random, tree: Json) -> Json:
    """The tree, changed in place at one to four spots."""
    root = [tree]
    for _time in range(1 + int(rng.random() * rng.random() * 5)):
        holder, key = _spot(rng, root)
        pick(rng, _CHANGES)(rng, holder, key)
        if not root:
            return None
    return root[0]


def nasty(rng: random.Random) -> Json:
    """One of :data:`NASTY`, as a copy: it may be changed."""
    value = pick(rng, NASTY)
    return marshal.loads(_packed(value)) if isinstance(value, (list, dict)) else value  # noqa: S302  # our own bytes


def anything(rng: random.Random, depth: int = 4) -> Json:
    """Random JSON; names are such as the parsers look for, half of the time."""
    kind = rng.random()
    if depth == 0 or kind < 0.4:
        return nasty(rng)
    count = int(rng.random() * 5)
    if kind < 0.6:
        return [anything(rng, depth - 1) for _one in range(count)]
    return {
        pick(rng, NAMES) if rng.random() < 0.9 else str(pick(rng, NASTY))[:50]: anything(rng, depth - 1)
        for _one in range(count)
    }


def _spot(rng: random.Random, root: list[Json]) -> tuple[Any, Any]:
    """A container somewhere in the tree, and a key or index of it."""
    holder: Any = root
    key: Any = 0
    for _step in range(LONGEST_WALK):
        inner = holder[key]
        if not inner or not isinstance(inner, (dict, list)) or rng.random() < 0.1:
            break
        holder = inner
        key = pick(rng, tuple(inner)) if isinstance(inner, dict) else int(rng.random() * len(inner))
    return holder, key


def _replace(rng: random.Random, holder: Any, key: Any) -> None:
    holder[key] = nasty(rng)


def _graft(rng: random.Random, holder: Any, key: Any) -> None:
    holder[key] = marshal.loads(pick(rng, DONORS))  # noqa: S302  # our own bytes


def _drop(_rng: random.Random, holder: Any, key: Any) -> None:
    del holder[key]


def _repeat(rng: random.Random, holder: Any, key: Any) -> None:
    if isinstance(holder, list):
        holder.insert(key, holder[key])
    else:
        holder[pick(rng, NAMES)] = holder[key]


def _rename(rng: random.Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[pick(rng, NAMES)] = holder.pop(key)
    else:
        holder.reverse()


def _wrap(rng: random.Random, holder: Any, key: Any) -> None:
    holder[key] = [holder[key]] if rng.random() < 0.5 else {pick(rng, NAMES): holder[key]}


def _retype(_rng: random.Random, holder: Any, key: Any) -> None:
    value = holder[key]
    if isinstance(value, str):
        holder[key] = int(value) if value.isascii() and value.isdigit() and len(value) < 100 else [value]
    elif isinstance(value, (int, float)):
        holder[key] = str(value) if abs(value) < 10**100 else -value
    else:
        holder[key] = str(value)[:1000]


def _reword(rng: random.Random, holder: Any, key: Any) -> None:
    value, odd = holder[key], str(pick(rng, NASTY))[:300]
    if isinstance(value, str):
        at = int(rng.random() * (len(value) + 1))
        holder[key] = value[:at] + odd + value[at:]
    else:
        holder[key] = odd


_CHANGES: tuple[Callable[[random.Random, Any, Any], None], ...] = (
    *(_replace, _replace, _graft, _drop, _drop, _repeat, _rename, _wrap, _retype, _reword),
)
