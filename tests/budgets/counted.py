"""Runs a module with its calls counted: ``python -m tests.budgets.counted MODULE ARGUMENT...``.

SIGUSR1 counts from nothing; SIGUSR2 writes what was counted to the file that ``COUNTS_FILE`` names.
"""

import json
import os
import runpy
import signal
import sys
from pathlib import Path
from types import FrameType

from tests.budgets.counting import Counter

VARIABLE = "COUNTS_FILE"


def main() -> None:
    counter, file = Counter(), Path(os.environ[VARIABLE])

    def tell(_number: int, _frame: FrameType | None) -> None:
        counter.end()
        part = file.with_suffix(".part")
        part.write_text(json.dumps(counter.as_dict()), "utf-8")
        part.replace(file)

    signal.signal(signal.SIGUSR1, lambda _number, _frame: counter.begin())
    signal.signal(signal.SIGUSR2, tell)
    sys.argv = sys.argv[1:]
    counter.install()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
