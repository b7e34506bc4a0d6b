"""Serves the custom actions on loopback: ``python -m actions PORT`` (what ``signpost up`` runs)."""

import gc
import logging
import sys
import warnings

HOST = "127.0.0.1"
"""rasa_sdk's webhook asks nobody for a token, so nobody else may get here; of itself it listens on every interface."""


def main() -> int:
    """Runs until it is told to stop. Exit status 1 with a sentence when the record can't be opened."""
    warnings.filterwarnings("ignore")

    from signpost.lean import without_terminal
    from signpost.mistakes import Mistake

    logging.getLogger().setLevel(logging.ERROR)
    try:
        with without_terminal():
            from rasa_sdk.endpoint import create_app

            app = create_app("actions", cors_origins=[])
    except Mistake as mistake:
        print(mistake.sentence, file=sys.stderr)
        return 1
    # What is loaded by now stays: nobody need look through it for garbage again and again.
    gc.freeze()
    app.run(HOST, int(sys.argv[1]), access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
