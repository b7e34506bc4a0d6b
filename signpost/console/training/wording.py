"""What the pages about trainings and models say."""

from typing import Final

NO_SUCH_JOB: Final = "There’s no such training."
NO_SUCH_MODEL: Final = "There’s no such model, or not any more: it may have been discarded."
BUSY: Final = {
    "train": "A training is under way already, so no other was begun. This is how far it is.",
    "conversations": "The conversation tests are running, so no training was begun. Ask again once they have ended.",
}
MEANWHILE: Final = (
    "Another model was put in its place while you had this open, so nothing was changed. Look at the running model as it is "
    "now, and decide again."
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
