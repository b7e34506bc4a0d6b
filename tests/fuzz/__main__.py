"""The command: ``python -m tests.fuzz --cases 1000000 --seed 0``."""

import random
import sys
import time
from collections import Counter

import click
from rich.progress import Progress

from signpost.jobs import progress_bar, stderr_console

from .cases import FAILED, OUTCOMES, Case, run

AT_ONCE = 2_000
"""Cases between two movements of the bar."""
TOLD = 10
"""Failures that are told; the others are counted."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--cases", type=click.IntRange(1), default=1_000_000, show_default=True, help="How many.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Number of the first case.")
def main(cases: int, seed: int) -> None:
    """Throw broken webhooks at the parsers; exit status 1 when one of them doesn't hold.

    Example: python -m tests.fuzz --cases 20000 --seed 7
    """
    began = time.perf_counter()
    with progress_bar(stderr_console()) as progress:
        outcomes, events, failures = _run_all(cases, seed, progress)
    took = time.perf_counter() - began
    for number, case in failures[:TOLD]:
        click.echo(f"{case.fault}\n  again: python -m tests.fuzz --cases 1 --seed {number}\n  of: {case.of}", err=True)
    click.echo("events: " + ", ".join(f"{name} {count}" for name, count in sorted(events.items())))
    counts = ", ".join(f"{outcome} {outcomes[outcome]}" for outcome in OUTCOMES)
    click.echo(f"{cases} cases in {took:.0f} s ({cases / took:,.0f} a second): {counts}")
    sys.exit(1 if failures else 0)


def _run_all(cases: int, seed: int, progress: Progress) -> tuple[Counter[str], Counter[str], list[tuple[int, Case]]]:
    """(cases by outcome, events by name, failures with their numbers)."""
    rng = random.Random()
    outcomes: Counter[str] = Counter()
    events: Counter[str] = Counter()
    failures: list[tuple[int, Case]] = []
    task = progress.add_task("Fuzzing", total=cases)
    for start in range(seed, seed + cases, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, seed + cases))
        for number in numbers:
            case = run(number, rng)
            outcomes[case.outcome] += 1
            events.update(case.events)
            if case.outcome == FAILED:
                failures.append((number, case))
        progress.advance(task, len(numbers))
    return outcomes, events, failures


if __name__ == "__main__":
    main()
