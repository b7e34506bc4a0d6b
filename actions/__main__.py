"""Serves the custom actions on loopback: ``python -m actions PORT`` (what ``signpost up`` runs)."""

import logging
import os
import sys
import warnings


def main() -> int:
    """Runs until it is told to stop. Exit status 1 with a sentence when the record can't be opened."""
    warnings.filterwarnings("ignore")
    # rasa_sdk listens on every interface unless Sanic is told otherwise, and its webhook asks nobody for a token.
    os.environ["SANIC_HOST"] = "127.0.0.1"

    from rasa_sdk.endpoint import run

    from signpost.mistakes import Mistake

    logging.getLogger().setLevel(logging.ERROR)
    try:
        run("actions", port=int(sys.argv[1]), cors_origins=[])
    except Mistake as mistake:
        print(mistake.sentence, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
