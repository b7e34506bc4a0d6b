"""How long each product trains on the same data."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from signpost.bench import processes
from signpost.processes import PROJECT

_EPOCHS = re.compile(r"Epochs: [^\r\n\d]*\d+%[^\r\n\d]*?(\d+)/(\d+) \[(?:(\d+):)?(\d+):(\d+)<")
"""Of a progress bar: epochs done, epochs in all, and the time they took."""
FIRST_BATCH, LAST_BATCH = 64, 256
"""Messages in a batch of DIET's first epoch and of its last, by Rasa's default."""


@dataclass(frozen=True)
class Epochs:
    """What was trained of a component, and the seconds its epochs took together."""

    done: int
    seconds: float


def missing_seconds(trained: Epochs, epochs: int) -> float:
    """What ``epochs`` of them would have taken beyond those that were done.

    DIET's batches grow evenly from 64 to 256 while it trains, so that few epochs have more small batches than many: their time
    is taken for as much shorter as they have fewer batches, which makes it rather too little than too much.
    """
    if not trained.done:
        return 0.0
    each = trained.seconds / trained.done * _batches(epochs) / _batches(trained.done)
    return max(epochs * each - trained.seconds, 0.0)


def _batches(epochs: int) -> float:
    """How many batches an epoch has on average, for each message."""
    step = (LAST_BATCH - FIRST_BATCH) / max(epochs - 1, 1)
    return sum(1 / (FIRST_BATCH + step * number) for number in range(epochs)) / epochs


def own_seconds(folder: Path) -> tuple[float, float]:
    """Our training from nothing into an empty ``folder``, and again with the vectors it kept. Raises :class:`Mistake`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
    environment |= {
        "SIGNPOST_MODELS": str(folder.absolute()),
        "SIGNPOST_DATA": str(folder.absolute()),
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-W", "ignore", "-m", "signpost.cli", "train", "--force"]
    first = processes.run(command, PROJECT, environment, folder / "train.log")
    return first, processes.run(command, PROJECT, environment, folder / "train.log")


def first_epochs(log: str) -> Epochs | None:
    """What the first component with epochs, DIET, said of them in a training's log; none where it said nothing."""
    found = None
    for match in _EPOCHS.finditer(log):
        done, whole, hours, minutes, seconds = match.groups()
        found = Epochs(int(done), int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds))
        if done == whole:
            break
    return found
