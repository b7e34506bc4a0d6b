"""What the workbench's pages say, and what the audit trail's events are called."""

from typing import Final

RECORDED = "conversation_test_recorded"
"""The audit trail's event, beside ``adding.ADDED`` and those of :mod:`signpost.workbench.asking`."""
BUSY: Final = {
    "conversations": "The conversation tests are running already, so they were not begun again. This is how far they are.",
    "train": "A training is under way, which holds the conversation tests as well. Ask again once it has ended.",
}
NO_SUCH_TEST: Final = "There’s no such conversation test, or not any more: it may have been renamed."
NO_SUCH_CONVERSATION: Final = (
    "There’s no such conversation in the simulator, or not any more. Hold it there again, and press “Make this a test”."
)
CHANGED: Final = (
    "The file was changed since you looked at this, so nothing was written. This is the change as it would be now."
)
