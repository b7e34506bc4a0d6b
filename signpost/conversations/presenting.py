"""What came of the conversation tests, and what they reach, in lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from signpost.conversations.coverage import Coverage
from signpost.conversations.outcome import Outcome, TurnOutcome, failed

SHOWN = 40
"""How many of what is missing are named at once."""


def told(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Each failure turn by turn, with what was expected beside what was got; then the summary."""
    for one in failed(outcomes):
        yield from told_one(one)
        yield ""
    yield summary(outcomes)


def told_one(outcome: Outcome) -> Iterator[str]:
    """One test on one channel."""
    yield f"FAILED  {outcome.title}"
    yield f"        on {outcome.channel}, in {outcome.file}"
    for place, turn in enumerate(outcome.turns, 1):
        yield from _turn(place, turn)


def summary(outcomes: Sequence[Outcome]) -> str:
    """How many passed and failed, in a sentence."""
    lost = failed(outcomes)
    tests = {(one.file, one.title) for one in outcomes}
    lost_tests = {(one.file, one.title) for one in lost}
    on = f"{len(tests)} tests on their channels, {len(outcomes)} cases"
    if not lost:
        return f"All passed: {on}."
    return f"{len(lost)} of {len(outcomes)} cases failed, of {len(lost_tests)} tests. ({on}.)"


def sides(turn: TurnOutcome) -> list[tuple[str, str, str]]:
    """What was asserted, as (name, expected, got) in words, one for each expectation."""
    return [(name, _said(value), _got(name, turn.got)) for name, value in turn.expected.items()]


def _turn(place: int, turn: TurnOutcome) -> Iterator[str]:
    mark = "✗" if turn.faults else "✓"
    yield f"  {mark} {place}. {turn.about}".rstrip()
    yield from (f"       says: {text}" for text in turn.says)
    if not turn.faults:
        return
    for name, expected, got in sides(turn):
        yield f"       {name:<10} expected {expected:<24} got {got}"
    yield from (f"       -> {fault}" for fault in turn.faults)
    if turn.got.get("end"):
        yield f"       It ended so: {turn.got['end']}."


def _got(name: str, got: Mapping[str, Any]) -> str:
    if name == "replies":
        return ", ".join(reply["response"] for reply in got.get("replies", ())) or "silence"
    if name == "words":
        return " / ".join(reply["text"] for reply in got.get("replies", ())) or "silence"
    return _said(got.get(name))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "silence"
    return {None: "no", True: "yes", False: "no"}.get(value, str(value))


def covered(coverage: Coverage) -> Iterator[str]:
    """A line for each share, and what is missing."""
    for one in coverage.shares:
        total = len(one.reached) + len(one.missing)
        yield f"{one.name:<28} {_percent(len(one.reached), total):>4} %   {len(one.reached)} of {total}"
    for one in coverage.shares:
        if one.missing:
            yield ""
            yield (
                f"No test asserts the words of these {one.name}:" if one.name != "tests that passed" else "Not passed:"
            )
            yield from (f"  {name}" for name in one.missing[:SHOWN])
            if len(one.missing) > SHOWN:
                yield f"  and {len(one.missing) - SHOWN} more"


def _percent(reached: int, total: int) -> int:
    """Rounded down, so that only what is complete is a hundred."""
    return 100 * reached // total if total else 100
