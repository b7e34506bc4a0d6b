"""Tells whoever started this process how far a long job is, in lines that ``signpost`` turns into a bar."""

import os
import sys

VARIABLE = "SIGNPOST_PROGRESS"
MARK = "signpost-progress"


def report(done: int, total: int) -> None:
    """Writes one line to standard output when somebody listens for it."""
    if os.environ.get(VARIABLE):
        sys.stdout.write(f"{MARK} {done} {total}\n")
        sys.stdout.flush()
