"""Does one job: ``python -m signpost.workbench KEY`` (what the desk and `signpost jobs work` run).

It runs at a low priority, and ends when whoever started it does: they hold the other end of its standard input.
"""

import os
import signal
import sys
import threading

from signpost.mistakes import Mistake
from signpost.secrets import with_secrets
from signpost.settings import Settings
from signpost.workbench.doing import do
from signpost.workbench.job_work import end_group

NICENESS = 10
"""The desk and the assistant go first."""
LAST_SECONDS = 5.0


def main() -> int:
    """Exit status 0 when the job came to an end, 1 with a sentence when it couldn't be begun."""
    os.nice(NICENESS)
    # Whatever it starts is in its group, and ends with it.
    if os.getpgrp() != os.getpid():
        os.setpgrp()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    try:
        settings = with_secrets(Settings.from_environment(), may_make=False)
        do(settings, sys.argv[1], end_all=end_group)
    except Mistake as mistake:
        sys.stderr.write(f"{mistake.sentence}\n")
        return 1
    return 0


def _end_with_starter() -> None:
    # Not by way of sys.stdin, whose lock a thread that still waits at the end would hold.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(LAST_SECONDS)
    end_group()


if __name__ == "__main__":
    sys.exit(main())
