"""Tells conversation tests as stories that ``rasa test core`` can hold the rules to."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from signpost.conversations.outcome import Outcome, TurnOutcome
from signpost.conversations.rules import Rule
from signpost.force.mandate import Mandate
from signpost.mistakes import Mistake
from signpost.processes import PROJECT, environment
from signpost.settings import Settings

FILE = "test_conversations.yml"
"""A file of test stories has to begin like this for Rasa."""
_STORY = re.compile(r"^- story: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Held:
    """What Rasa found: how many stories there were, and the titles of those that failed, which ``details`` tells."""

    stories: int
    failed: tuple[str, ...]
    details: Path


def hold_to(settings: Settings, text: str, folder: Path) -> Held:
    """Runs ``rasa test core`` on the stories, with the settings' model; stories and results are left in the folder.

    Raises :class:`Mistake` when Rasa stops, with its last words.
    """
    (folder / "results").mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(text, "utf-8")
    where = (
        "--stories",
        str(folder / FILE),
        "--out",
        str(folder / "results"),
        "--model",
        str(settings.model_file.absolute()),
    )
    command = (sys.executable, "-W", "ignore", "-m", "bot.rasa_command", "test", "core", *where)
    env = {
        **environment(settings),
        "SIGNPOST_TRACKER_URL": "sqlite://",
        "SIGNPOST_ASSISTANT_TOKEN": "not used here at all",
    }
    done = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)  # noqa: S603  # our own command line
    details = folder / "results" / "failed_test_stories.yml"
    if done.returncode != 0 or not details.is_file():
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise Mistake(f"Rasa stopped before it had tested the stories: {lines[-1] if lines else 'it left no word'}")
    # Rasa puts the file behind each title.
    lost = (title.removesuffix(f" ({folder / FILE})") for title in _STORY.findall(details.read_text("utf-8")))
    return Held(len(_STORY.findall(text)), tuple(lost), details)


def stories(outcomes: Sequence[Outcome], rules: Iterable[Rule], mandate: Mandate) -> str:
    """One story for each test in private and in public, as a YAML file; only turns whose replies are asserted.

    The intent and the slots of a turn are what the assistant understood; the actions are what the test expects. A turn that
    the assistant wasn't asked about, or whose reply the desk kept back, is left out: Rasa has no part in it.
    """
    logging = {rule.title: rule.logs for rule in rules}
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for outcome in outcomes:
        key = (outcome.title, mandate.channel(outcome.channel).visibility)
        steps = [step for turn in outcome.turns for step in _steps(turn, logging)]
        if steps:
            told.setdefault(key, steps)
    entries = [{"story": f"{title} ({visibility})", "steps": steps} for (title, visibility), steps in told.items()]
    return yaml.safe_dump({"version": "3.1", "stories": entries}, sort_keys=False, allow_unicode=True, width=10_000)


def _steps(turn: TurnOutcome, logging: Mapping[str, bool]) -> Iterator[dict[str, Any]]:
    got, expected = turn.got, turn.expected.get("replies")
    kept_back = expected == [] and got.get("said")
    if expected is None or not got.get("intent") or kept_back:
        return
    yield {"intent": got["intent"]}
    yield {"slot_was_set": [{name: value} for name, value in got["slots"].items()]}
    yield from ({"action": response} for response in expected)
    if logging.get(got["rule"], False):
        yield {"action": "action_log_escalation"}
