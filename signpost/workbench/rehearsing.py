"""Holds the conversation tests with a model that need not be the one that runs."""

from typing import TYPE_CHECKING

from signpost.force.mandate import load_mandate
from signpost.processes import PROJECT
from signpost.settings import Settings
from signpost.workbench.shelf import Model
from signpost.workbench.trying import with_model
from signpost.workbench.work import Work

if TYPE_CHECKING:
    from signpost.conversations.outcome import Outcome

SUITE = PROJECT / "tests" / "conversation"
STARTING = "Starting the assistant with the model, for the conversation tests"
HOLDING = "Holding the conversation tests"


def hold_conversations(settings: Settings, model: Model, work: Work) -> list["Outcome"]:
    """Holds every test on each of its channels with the model; the outcomes, in order.

    Raises :class:`signpost.mistakes.Mistake` when a test or the model won't do.
    """
    from signpost.conversations import expanding, reading, running

    work.step(STARTING)
    cases = expanding.on_channels(reading.load_suite(SUITE), load_mandate(settings.force_folder))
    begun = False

    def tell(done: int, total: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            work.step(HOLDING)
        work.tell(done, total)

    with with_model(settings, model) as tried:
        return running.run(tried, cases, tell)
