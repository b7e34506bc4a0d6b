"""What the pages about trainings and models say, and what the audit trail's events are called."""

from typing import Final

ASKED, STOPPED = "training_asked", "training_stopped"
"""The audit trail's events."""
NO_SUCH_JOB: Final = "There’s no such training."
NO_SUCH_MODEL: Final = "There’s no such model, or not any more: it may have been discarded."
BUSY: Final = {
    "train": "A training is under way already, so no other was begun. This is how far it is.",
    "conversations": "The conversation tests are running, so no training was begun. Ask again once they have ended.",
}
ALREADY_ENDED: Final = "It had ended already, so there was nothing to stop."
STOPPING: Final = "It stops within a few seconds."
MEANWHILE: Final = (
    "Another model was put in its place while you had this open, so nothing was changed. Look at the running model as it is "
    "now, and decide again."
)
NOBODY_TOOK_IT: Final = (
    "Nobody has taken it up yet. The desk does, on the machine where Rasa is installed and Signpost runs. If it runs elsewhere, "
    "go to the machine with Rasa and type: signpost jobs work"
)
FAILED_HINT: Final = "The running model is as it was. Put right what it says, then train again."
FATES: Final = {
    "running": "Runs now",
    "candidate": "To promote or discard",
    "former": "Ran before",
    "gone": "Discarded",
}
"""What became of a training's model."""
DONE: Final = {
    "promote": "Promoted. The assistant takes it within a few seconds, and no message is lost meanwhile.",
    "discard": "Discarded.",
    "roll_back": "Rolled back. The assistant takes it within a few seconds, and no message is lost meanwhile.",
}
