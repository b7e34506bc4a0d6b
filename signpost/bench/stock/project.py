"""Writes the stock project: what ``rasa init`` gives, with our training data, our guidance and as many of our rules as it can run."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from signpost.conversations.domain import Domain, contents_of, load_domain
from signpost.conversations.rules import LISTEN, Rule, load_rules
from signpost.mistakes import Mistake

HERE = Path(__file__).parent
ACTION = "action_log_escalation"
CHANNEL = "messenger"
PLAIN = {"visibility": "private", "replies": "on_request", "guidance": "full"}
"""Stock Rasa's REST channel tells a rule nothing but the message, so its rules are those that hold for a first private one."""
DIET, EPOCHS = "- name: DIETClassifier\n    epochs: {}", 100
"""As the configuration has it."""
HIDDEN = {"nlu_fallback"}
"""Rasa's own intents, which a domain needn't name."""

Steps = list[dict[str, str]]


def write_project(folder: Path, project: Path, epochs: int) -> None:
    """Writes it into an empty ``folder``; ``project`` is the root of this one, ``epochs`` are DIET's.

    Raises :class:`Mistake` where ours can't be read.
    """
    domain, rules = load_domain(project / "domain"), reduced(load_rules(project / "data" / "rules"))
    for name in ("credentials.yml", "endpoints.yml"):
        shutil.copyfile(HERE / "files" / name, folder / name)
    config = (HERE / "files" / "config.yml").read_text("utf-8")
    (folder / "config.yml").write_text(config.replace(DIET.format(EPOCHS), DIET.format(epochs)), "utf-8")
    (folder / "actions").mkdir()
    (folder / "actions" / "__init__.py").touch()
    # A text here, since it is stock's and no part of our own code.
    shutil.copyfile(HERE / "files" / "actions.py.txt", folder / "actions" / "actions.py")
    shutil.copytree(project / "data" / "nlu", folder / "data" / "nlu")
    _write(folder / "domain.yml", _domain(domain, rules))
    _write(folder / "data" / "rules.yml", {"rules": [_rule(intent, actions) for intent, actions in rules.items()]})
    _write(folder / "data" / "stories.yml", {"stories": list(_stories(project / "data" / "stories", rules))})


def reduced(rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """The actions for each intent of a first private message: the rules that need to know nothing else."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        if all(PLAIN.get(slot) == value for slot, value in rule.condition):
            for intent in rule.intents:
                found.setdefault(intent, rule.actions)
    return found


def fingerprint(folder: Path, *more: Path) -> str:
    """A hash of all that a model of the written project depends on, and of ``more`` files."""
    total = hashlib.sha256()
    inputs = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix == ".yml"]
    for file in (*inputs, *more):
        name = file.relative_to(folder) if file.is_relative_to(folder) else Path(file.name)
        total.update(f"{name}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]


def _domain(domain: Domain, rules: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    used = dict.fromkeys(action for actions in rules.values() for action in actions if action in domain.responses)
    return {
        "intents": [intent for intent in domain.intents if intent not in HIDDEN],
        "responses": {name: [{"text": domain.text(name, CHANNEL)}] for name in used},
        "slots": {"escalation_reference": {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]}},
        "actions": [ACTION],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }  # fmt: skip


def _rule(intent: str, actions: tuple[str, ...]) -> dict[str, Any]:
    return {"rule": intent.replace("_", " "), "steps": [{"intent": intent}, *({"action": one} for one in actions)]}


def _stories(folder: Path, rules: dict[str, tuple[str, ...]]) -> Iterable[dict[str, Any]]:
    """Our stories with the answers that the reduced rules give: what TED and UnexpecTED learn from."""
    for file, contents in contents_of(folder):
        try:
            for story in contents.get("stories") or []:
                intents = [step["intent"] for step in story["steps"] if step.get("intent") in rules]
                if intents:
                    yield {
                        "story": story["story"],
                        "steps": [step for one in intents for step in _turn(one, rules[one])],
                    }
        except (TypeError, KeyError, AttributeError):
            raise Mistake(f"{file}: a story there has a shape that isn't understood.") from None


def _turn(intent: str, actions: tuple[str, ...]) -> Steps:
    return [{"intent": intent}, *({"action": one} for one in actions if one != LISTEN)]


def _write(file: Path, contents: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump({"version": "3.1", **contents}, allow_unicode=True, sort_keys=False), "utf-8")
