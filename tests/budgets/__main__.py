"""Says what a message costs now, and keeps it: ``make budgets``. With ``--look`` nothing is kept."""

import argparse
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.budgets.keeping import accept, kept
from tests.budgets.measuring import measure


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.budgets", description=__doc__)
    parser.add_argument("--look", action="store_true", help="only say it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="signpost-budgets-") as folder, Console(stderr=True).status("Counting"):
        found = measure(Path(folder))
    before, table = kept() or {}, Table("part", "count a message", "kept", "now", box=None, pad_edge=False)
    for part, counts in found.items():
        for name, value in counts.items():
            known = before.get(part, {}).get(name)
            table.add_row(part, name, "" if known is None else f"{known:,.1f}", f"{value:,.1f}")
    Console().print(table)
    if not options.look:
        accept(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
