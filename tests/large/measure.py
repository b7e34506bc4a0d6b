"""Asks the console for every page over a large record and says how long it took: ``python -m tests.large.measure``."""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from random import Random

import httpx
from rich.console import Console
from rich.table import Table

from signpost.log.clock import utc_now
from signpost.log.database import migrate, open_engine, reading, session_factory
from signpost.log.figures_keeping import FigureKeeper
from signpost.mistakes import Mistake
from tests.large.generate import Place, place_of
from tests.large.pages import PAGES, Known, Measured, link_to, token_of
from tests.large.serving import Served, serving

MOST_MILLISECONDS = 300
"""At the median."""
WARMING = 2
"""Requests for each page that aren't measured: the first reads from the disk what stays in memory after."""
console = Console(stderr=True)


@dataclass(frozen=True)
class Timed:
    """What was measured of a page, in milliseconds and bytes. ``faults`` are the statuses of answers that weren't pages."""

    page: str
    times: int
    median: float
    most: float
    worst: float
    size: int
    faults: tuple[int, ...]

    @property
    def is_slow(self) -> bool:
        """Whether its median is over the limit."""
        return self.median > MOST_MILLISECONDS


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when each page's median is within the limit, 1 when one isn't or a page didn't come, 2 when nothing could be measured."""
    options = _options(arguments)
    try:
        figures = measure(place_of(options.where, options.data), options.times, options.only, Random(options.seed))
    except Mistake as mistake:
        console.print(mistake.sentence, soft_wrap=True)
        return 2
    _show(figures)
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in figures], indent=1) + "\n", "utf-8")
    return 1 if any(one.is_slow or one.faults for one in figures) else 0


def measure(place: Place, times: int, only: str, chance: Random) -> list[Timed]:
    """Measures the pages whose names hold ``only``, each so many times. Raises :class:`Mistake` when the console won't start."""
    engine = open_engine(place.url)
    migrate(engine)
    keeper = FigureKeeper(session_factory(engine), reading(engine), utc_now)
    counted = keeper.refresh_all(lambda _seconds: None)
    console.print(f"{counted} days were counted for the reports first")
    with reading(engine)() as session:
        known = Known.of(session, chance)
    engine.dispose()
    with serving(place) as served:
        return [_measured(served, page, known, times, chance) for page in PAGES if only in page.name]


def _measured(served: Served, page: Measured, known: Known, times: int, chance: Random) -> Timed:
    console.print(page.name, highlight=False)
    taken, sizes, faults = [], [], []
    with served.browser(page.role) as browser:
        requests = _searches(browser, page, chance) if page.words else _visits(browser, page, known, chance)
        for number, ask in enumerate(islice(requests, times + WARMING)):
            started = time.perf_counter()
            answer = ask()
            milliseconds = (time.perf_counter() - started) * 1000
            if number >= WARMING:
                taken.append(milliseconds)
                sizes.append(len(answer.content))
            if not answer.is_success and not answer.is_redirect:
                faults.append(answer.status_code)
    taken.sort()
    return Timed(page.name, len(taken), _rank(taken, 0.5), _rank(taken, 0.95), taken[-1], max(sizes), tuple(faults))


def _visits(
    browser: httpx.Client, page: Measured, known: Known, chance: Random
) -> Iterator[Callable[[], httpx.Response]]:
    """Requests for the page's addresses; from one page of a list to the next, where it is to be followed."""
    answer: httpx.Response | None = None

    def ask(address: str) -> httpx.Response:
        nonlocal answer
        answer = browser.get(address)
        return answer

    for first in page.addresses(chance, known):
        onward = link_to(answer.text, page.link) if page.link and answer is not None else None
        yield lambda address=onward or first: ask(address)


def _searches(browser: httpx.Client, page: Measured, chance: Random) -> Iterator[Callable[[], httpx.Response]]:
    """Searches as people do them: the form is sent, and what is found is shown."""
    token = token_of(browser.get("/queue").text)
    while True:
        words = chance.choice(page.words)
        form = {"words": words, "csrf_token": token}
        yield lambda form=form: browser.post("/queue/search", data=form, follow_redirects=True)


def _rank(in_order: Sequence[float], share: float) -> float:
    return round(in_order[math.ceil(share * len(in_order)) - 1], 1)


def _show(figures: Sequence[Timed]) -> None:
    table = Table("page", "median ms", "95 % ms", "worst ms", "KB", "")
    for one in figures:
        said = " ".join(filter(None, ["slow" if one.is_slow else "", " ".join(map(str, sorted(set(one.faults))))]))
        table.add_row(one.page, f"{one.median:.0f}", f"{one.most:.0f}", f"{one.worst:.0f}", str(one.size // 1024), said)
    Console().print(table)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", help="a folder (SQLite), or a database's URL")
    parser.add_argument("--data", type=Path, help="folder of secrets.env, where a URL is given")
    parser.add_argument("--times", type=int, default=30, help="requests a page")
    parser.add_argument("--only", default="", help="only pages whose names hold this")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
