"""One case: a broken webhook, made from its number alone, given to what would read it; and what came of it."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb

from signpost.channels import meta, x
from signpost.channels.events import Event, Unreadable
from signpost.intake.bodies import decoded
from signpost.intake.refusals import Refusal

from .mutation import Json, anything, body, mutated, pick
from .rules import broken

Reader = Callable[[object], Sequence[Event]]
READERS: Mapping[str, Reader] = {"meta": meta.read, "x": x.read}
PLATFORMS = tuple(READERS)
READ, UNREADABLE, NOT_JSON, FAILED = "read", "unreadable", "not JSON", "failed"
OUTCOMES = (READ, UNREADABLE, NOT_JSON, FAILED)
SHOWN = 500
_PLACES = ("entry", "messaging", "changes", "data", "payload", "direct_message_events", "tweet_create_events")
_DEEP = b"[" * 100_000
_BAD_BYTES = (
    b"\x00",
    b"\xff",
    b"\xc3(",
    b"\xed\xa0\x80",
    b"\\ud83d",
    b"\\u0000",
    b'"',
    b"{",
    b"]",
    b"NaN",
    b"1e999",
    b"\xef\xbb\xbf",
    b",",
)


@dataclass(frozen=True)
class Case:
    """What came of one: its outcome, the events' names, and for a failure where it happened and what it was made of."""

    outcome: str
    events: tuple[str, ...] = ()
    fault: str = ""
    of: str = ""


def run(seed: int, rng: random.Random, readers: Mapping[str, Reader] = READERS) -> Case:
    """Case number ``seed``; the same number gives the same case. ``rng`` is any generator, seeded anew here."""
    rng.seed(seed)
    platform, kind = pick(rng, PLATFORMS), rng.random()
    if kind < 0.15:
        return _read_bytes(_bytes(rng, platform), platform, readers)
    tree = _random(rng) if kind < 0.3 else mutated(rng, body(rng, platform if kind < 0.95 else pick(rng, PLATFORMS)))
    return _read(tree, platform, readers)


def _random(rng: random.Random) -> Json:
    """Random JSON, mostly where a webhook's insides would be."""
    tree = anything(rng)
    for name in _PLACES[int(rng.random() * len(_PLACES)) :: -1] if rng.random() < 0.8 else ():
        tree = {name: [tree] if rng.random() < 0.9 else tree}
    return tree


def _bytes(rng: random.Random, platform: str) -> bytes:
    """A body as bytes that something happened to on the way."""
    raw = json.dumps(mutated(rng, body(rng, platform)), ensure_ascii=rng.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )
    for _time in range(int(rng.random() * 4)):
        at, kind = int(rng.random() * (len(raw) + 1)), rng.random()
        if kind < 0.3:
            raw = raw[:at]
        elif kind < 0.6:
            raw = raw[:at] + pick(rng, _BAD_BYTES) + raw[at:]
        elif kind < 0.8:
            raw = raw[:at] + raw[at + int(rng.random() * 20) :]
        elif kind < 0.99:
            raw = raw[:at] + bytes((int(rng.random() * 256),)) + raw[at + 1 :]
        else:
            raw = raw[:at] + _DEEP + raw[at:]
    return raw


def _read_bytes(raw: bytes, platform: str, readers: Mapping[str, Reader]) -> Case:
    try:
        tree = decoded(raw)
    except Refusal:
        return Case(NOT_JSON)
    except Exception as fault:  # noqa: BLE001  # any other is what is looked for
        return Case(FAILED, fault=_place(fault), of=repr(raw)[:SHOWN])
    return _read(tree, platform, readers)


def _read(tree: Json, platform: str, readers: Mapping[str, Reader]) -> Case:
    try:
        events = readers[platform](tree)
    except Unreadable:
        return Case(UNREADABLE)
    except Exception as fault:  # noqa: BLE001  # any other is what is looked for
        return Case(FAILED, fault=f"{platform}: {_place(fault)}", of=repr(tree)[:SHOWN])
    rule = broken(events, platform)
    if rule:
        return Case(FAILED, fault=f"{platform}: an event breaks a rule: {rule}", of=repr(tree)[:SHOWN])
    return Case(READ, tuple([type(event).__name__ for event in events]))


def _place(fault: Exception) -> str:
    last = extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {Path(last.filename).name}:{last.lineno}"
