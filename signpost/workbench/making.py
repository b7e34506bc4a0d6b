"""Trains a model for the shelf: the one that runs goes on running."""

from signpost.processes import need_rasa
from signpost.settings import Settings
from signpost.training import fingerprint, training_command
from signpost.workbench.shelf import Change, Shelf
from signpost.workbench.work import Work

TRAINING = "Training on what people say"
NAME = "model.tar.gz"


def train_candidate(settings: Settings, made_by: str, work: Work) -> Change:
    """Trains on what is there now; the model becomes a candidate. ``made_by`` is the job's key.

    Raises :class:`signpost.mistakes.Mistake` when the messages can't be trained on. Died at any line, it leaves nothing
    or a whole candidate.
    """
    need_rasa()
    made_from = fingerprint()
    shelf = Shelf(settings)
    with shelf.making() as folder:
        work.step(TRAINING)
        work.run(training_command(folder, NAME), TRAINING)
        return shelf.add(folder / NAME, made_from, made_by)
