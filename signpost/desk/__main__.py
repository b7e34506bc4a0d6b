"""Runs the desk until it is told to stop: ``python -m signpost.desk`` (what ``signpost up`` runs)."""

import signal
import sys
import threading
from types import FrameType

from signpost.lean import without_terminal
from signpost.mistakes import Mistake
from signpost.secrets import with_secrets
from signpost.settings import Settings


def main() -> int:
    """Exit status 0 after a clean stop, 1 with a sentence when the desk can't open."""
    with without_terminal():
        from signpost.desk.assistant import SAID
        from signpost.desk.opening import open_desk
        from signpost.desk.worker import run_desk
        from signpost.logs import configure_logs

    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    try:
        settings = with_secrets(Settings.from_environment(), may_make=False)
        configure_logs(settings.log_level)
        # A reply never waits for the log.
        desk = open_desk(settings, answer_when=SAID)
    except Mistake as mistake:
        print(mistake.sentence, file=sys.stderr)
        return 1
    run_desk(desk, settings.desk_workers, settings.desk_carriers, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
