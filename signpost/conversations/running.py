"""Runs conversation tests through the whole product, several at once."""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from signpost.conversations.domain import load_domain
from signpost.conversations.expanding import Case
from signpost.conversations.holding import Heard, Talk
from signpost.conversations.judging import Judge, about
from signpost.conversations.outcome import Outcome, TurnOutcome
from signpost.conversations.reading import ASKED_TO_STOP, STAFF_REPLIED, Turn
from signpost.conversations.rules import load_rules
from signpost.conversing import product
from signpost.desk.opening import open_desk
from signpost.desk.worker import Desk
from signpost.force.mandate import load_mandate
from signpost.force.translations import load_translations
from signpost.mistakes import Mistake
from signpost.processes import PROJECT
from signpost.settings import Settings

AT_ONCE = 6
Tell = Callable[[int, int], None]
"""Told how many cases are done, and of how many."""


def run(settings: Settings, cases: Sequence[Case], tell: Tell, project: Path = PROJECT) -> list[Outcome]:
    """Starts Rasa and the actions with the settings' model, holds every case, and stops them again; outcomes in order.

    Nothing is kept. Raises :class:`Mistake` when the product doesn't start; what goes wrong in a case is its own fault.
    """
    judge = judge_of(settings, project)
    with tempfile.TemporaryDirectory(prefix="signpost-tests-") as folder, product(settings, Path(folder)) as ready:
        tell(0, len(cases))
        return hold_all(open_desk(ready), cases, judge, tell)


def judge_of(settings: Settings, project: Path = PROJECT) -> Judge:
    """A judge by the project's responses and rules. Raises :class:`Mistake` where those can't be read."""
    rules = tuple(load_rules(project / "data" / "rules"))
    mandate = load_mandate(settings.force_folder)
    translations = load_translations(settings.force_folder, mandate)
    return Judge(load_domain(project / "domain"), rules, mandate, translations)


def hold_all(desk: Desk, cases: Sequence[Case], judge: Judge, tell: Tell) -> list[Outcome]:
    """The outcome of each case, in order."""
    outcomes: dict[int, Outcome] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {pool.submit(hold, desk, case, judge): place for place, case in enumerate(cases)}
        for future in as_completed(futures):
            outcomes[futures[future]] = future.result()
            tell(len(outcomes), len(cases))
    return [outcomes[place] for place in range(len(cases))]


def hold(desk: Desk, case: Case, judge: Judge) -> Outcome:
    """One case, to its end."""
    talk = Talk(desk, case.channel)
    turns: list[TurnOutcome] = []
    for turn in case.conversation.turns:
        try:
            turns.append(judge.turn(turn, _take(talk, turn), case.channel))
        except Mistake as mistake:
            turns.append(TurnOutcome(turn.says, turn.expected(), {}, (mistake.sentence,), about(turn)))
            break
    passed = not any(turn.faults for turn in turns)
    return Outcome(case.conversation.title, case.conversation.file, case.channel.key, passed, tuple(turns))


def _take(talk: Talk, turn: Turn) -> Heard:
    talk.later(turn.gap_hours)
    if turn.before == STAFF_REPLIED:
        talk.staff_replied()
    if turn.before == ASKED_TO_STOP:
        talk.asked_to_stop()
    return talk.attach() if turn.attachment else talk.say(turn.says)
