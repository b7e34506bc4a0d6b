"""Loads a process's code without what libraries bring for a developer's terminal: :func:`without_terminal`.

structlog and httpx import rich wherever it is installed, as it is here for the commands' tables: one for coloured
tracebacks, the other for a command of its own. Processes that write to a file use none of it, and it would take 14 MB
and a tenth of a second in each of them.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FOR_TERMINALS = ("rich", "pygments")


@contextmanager
def without_terminal() -> Iterator[None]:
    """What is imported within finds no rich, and does without it; afterwards rich can be imported as ever."""
    hidden = [name for name in FOR_TERMINALS if name not in sys.modules]
    # The import system's own way of saying that there is no such module.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
