"""Trains the Rasa model quietly: ``python -m bot.train --output FOLDER --name NAME`` (what ``signpost train`` runs)."""

import argparse
import sys
from pathlib import Path

from bot import quiet


def main() -> int:
    """Exit status 0, with the model at FOLDER/NAME.tar.gz, or 1 with a sentence on standard error."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--name", required=True)
    chosen = arguments.parse_args()
    quiet.quieten()

    from rasa.model_training import train
    from rasa.shared.exceptions import RasaException

    try:
        result = train(
            domain="domain",
            config="config.yml",
            training_files=["data/nlu", "data/rules", "data/stories"],
            output=str(chosen.output),
            fixed_model_name=chosen.name,
            force_training=True,
        )
    except (RasaException, ValueError) as mistake:
        print(f"Training stopped: {mistake}", file=sys.stderr)
        return 1
    return 0 if result.code == 0 and result.model else 1


if __name__ == "__main__":
    sys.exit(main())
