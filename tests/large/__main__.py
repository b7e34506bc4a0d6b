"""Makes a large record on SQLite and on PostgreSQL and measures the console over each: ``make test-large``."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from tests.integration.postgresql import NoServer, running
from tests.large import generate, measure

console = Console(stderr=True)
DATABASES = ("sqlite", "postgresql")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every page's median is within the limit on each database there is, else what measuring returned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=DATABASES, action="append", help="left out: on both")
    parser.add_argument("--escalations", default="1000000")
    parser.add_argument("--audit", default="5000000")
    parser.add_argument("--times", default="30", help="requests a page")
    options = parser.parse_args(arguments)
    worst = 0
    for database in options.on or DATABASES:
        try:
            with _place(database) as place:
                size = ("--escalations", options.escalations, "--audit", options.audit)
                worst = max(worst, generate.main([*place, *size]) or measure.main([*place, "--times", options.times]))
        except NoServer as reason:
            console.print(f"Left out: {reason}", soft_wrap=True)
    return worst


@contextmanager
def _place(database: str) -> Iterator[list[str]]:
    """Where the record goes, as the two commands take it; gone when the block ends."""
    console.print(f"On {database}")
    with tempfile.TemporaryDirectory(prefix="signpost-large-") as folder:
        if database == "sqlite":
            yield [folder]
            return
        with running() as server:
            server.run("CREATE DATABASE large TEMPLATE template0 ENCODING 'UTF8'")
            (Path(folder) / "data").mkdir()
            yield [server.url("large"), "--data", str(Path(folder) / "data")]


if __name__ == "__main__":
    sys.exit(main())
