"""Checks the force's words, the assistant's data and the settings: `signpost check`, and again at every start."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from signpost.alerts.ways import telling_of
from signpost.force.accounts import load_accounts
from signpost.force.contacts import load_contacts
from signpost.force.mandate import Mandate, load_mandate
from signpost.force.translations import FILE, faults_of, read_translations
from signpost.log.retention import limits_of
from signpost.mistakes import Mistake
from signpost.secrets import with_known_secrets
from signpost.settings import Settings

try:
    # Ten times as fast on a few thousand messages, where libyaml is there.
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover - depends on how PyYAML was built
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

LEAST_EXAMPLES = 30
ENDINGS = (".yml", ".yaml")
"""What Rasa reads; a file with the other ending must not slip past the check."""
SHOWN = 60


def check(settings: Settings, project: Path) -> list[str]:
    """Everything that is wrong, a sentence each. Nothing is changed."""
    try:
        mandate = load_mandate(settings.force_folder)
        domain = _merged(project / "domain")
        nlu = _contents(project / "data" / "nlu")
        rules = _contents(project / "data" / "rules") + _contents(project / "data" / "stories")
    except Mistake as mistake:
        return [mistake.sentence]
    checks: list[tuple[str, Callable[[], Iterator[str]]]] = [
        ("domain", lambda: check_responses(mandate, domain["responses"])),
        (str(settings.force_folder / "helplines.yml"), lambda: check_helplines(settings.force_folder)),
        (str(settings.force_folder / "translations.yml"), lambda: check_translations(settings.force_folder, mandate)),
        (str(settings.accounts), lambda: check_accounts(settings)),
        (str(settings.force_folder / "contacts.yml"), lambda: check_contacts(settings.force_folder)),
        ("settings", lambda: check_alerts_and_retention(settings)),
        ("data/nlu", lambda: check_examples(nlu, domain["intents"])),
        ("data/rules and data/stories", lambda: check_steps(rules, domain)),
    ]
    return [*domain["faults"], *(sentence for place, one in checks for sentence in _told(place, one))]


def _told(place: str, one: Callable[[], Iterator[str]]) -> list[str]:
    """What one check says; a file of a shape nobody foresaw is a mistake among the others."""
    said: list[str] = []
    try:
        said.extend(one())
    except Mistake as mistake:
        said.append(mistake.sentence)
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as fault:
        said.append(f"{place}: something there has a shape that isn't understood ({type(fault).__name__}: {fault}).")
    return said


def check_start(settings: Settings, project: Path) -> None:
    """The check before anything starts: the words that people are sent. Raises :class:`Mistake` with the first fault."""
    mandate = load_mandate(settings.force_folder)
    domain = _merged(project / "domain")
    faults = [
        *domain["faults"],
        *_told("domain", lambda: check_responses(mandate, domain["responses"])),
        *_told("force/helplines.yml", lambda: check_helplines(settings.force_folder)),
        *_told("force/translations.yml", lambda: check_translations(settings.force_folder, mandate)),
    ]
    if faults:
        more = f" There are {len(faults) - 1} more mistakes." if len(faults) > 1 else ""
        raise Mistake(f"{faults[0]}{more} Nothing was started. See: signpost check")


def check_responses(mandate: Mandate, responses: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Holds every variant of every response to the mandate, on each channel where it would be sent."""
    for missing in (r for r, kind in mandate.kinds.items() if r not in responses):
        yield f"domain: the response {missing} is missing; force/mandate.yml says that it is {mandate.kinds[missing]}."
    for response, variants in responses.items():
        if not isinstance(variants, list) or not variants or not all(isinstance(one, dict) for one in variants):
            yield f"domain: {response} has no text; it must be a list of texts, each as `text: ...`."
            continue
        by_channel = {variant.get("channel"): str(variant.get("text") or "") for variant in variants}
        for key in (k for k in by_channel if k is not None and k not in mandate.channels):
            yield f"domain: {response} has a text for the channel {key}, which force/mandate.yml doesn't know."
        if None not in by_channel:
            yield f"domain: {response} has no text without a channel; without one, Rasa would say nothing elsewhere."
        kind = mandate.kind_of(response)
        for channel in mandate.channels.values():
            text = by_channel.get(channel.key, by_channel.get(None, ""))
            for fault in mandate.faults(text, kind, channel):
                yield f"domain: {response} for {channel.key}: {fault}."
        if len(by_channel) < len(variants):
            yield f"domain: {response} has two texts for one channel, and Rasa would pick one at random."


def check_helplines(force_folder: Path) -> Iterator[str]:
    """An approval is a sentence that names who gave it; anything else is no approval."""
    file = force_folder / "helplines.yml"
    for name, line in (_read(file).get("helplines") or {}).items():
        approved = line.get("approved")
        if approved is not None and (not isinstance(approved, str) or not approved.strip()):
            yield f'{file}: {name}: approved must name the approval, for instance "CCE, 2026-12-01", or be null.'
        elif approved is not None and not str(line.get("says") or "").strip():
            yield f"{file}: {name}: it is approved, and says nothing; write what people are told."


def check_translations(force_folder: Path, mandate: Mandate) -> Iterator[str]:
    """Every text is checked, approved or not: who approves one should have the right one before them."""
    yield from faults_of(read_translations(force_folder), mandate, force_folder / FILE)


def check_accounts(settings: Settings) -> Iterator[str]:
    """The accounts are read as the desk reads them; every fault is told."""
    load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    yield from ()


def check_contacts(force_folder: Path) -> Iterator[str]:
    """Whom staff ask, for the console's pages."""
    load_contacts(force_folder)
    yield from ()


def check_alerts_and_retention(settings: Settings) -> Iterator[str]:
    """How people are told, and how long what is kept: read as the desk reads it."""
    telling_of(with_known_secrets(settings))
    limits_of(settings)
    yield from ()


def check_examples(files: list[tuple[Path, dict[str, Any]]], intents: set[str]) -> Iterator[str]:
    """Finds one message under two intents, the same message twice, unknown intents, and intents with too little to learn from."""
    seen: dict[str, tuple[str, str]] = {}
    counts: dict[str, int] = defaultdict(int)
    for file, contents in files:
        for block in contents.get("nlu") or []:
            intent = str(block.get("intent", ""))
            if intent not in intents:
                yield f"{file.name}: the intent {intent or '(none)'} is not in domain/intents.yml."
                continue
            for text in _examples(block):
                counts[intent] += 1
                key = " ".join(text.casefold().split())
                if key in seen and seen[key][0] != intent:
                    yield f'{file.name}: "{_short(text)}" is an example of {intent} here and of {seen[key][0]} in {seen[key][1]}.'
                elif key in seen:
                    yield f'{file.name}: "{_short(text)}" is there twice ({intent}; also in {seen[key][1]}).'
                seen.setdefault(key, (intent, file.name))
                if any(mark in text for mark in "[]{}") or text.startswith("/"):
                    yield f'{file.name}: "{_short(text)}" holds a bracket or begins with a slash, which mean something to Rasa.'
    # Nobody writes examples of what no example can teach: doubt, and every other language.
    for intent in sorted(intents - {"nlu_fallback", "other_language"}):
        if counts[intent] < LEAST_EXAMPLES:
            yield f"data/nlu: {intent} has {counts[intent]} examples; it needs {LEAST_EXAMPLES} at least."


def check_steps(files: list[tuple[Path, dict[str, Any]]], domain: dict[str, Any]) -> Iterator[str]:
    """Finds rules and stories that name an intent, response, action or slot that doesn't exist."""
    known = {*domain["responses"], *domain["actions"], "action_listen"}
    for file, contents in files:
        for story in [*(contents.get("rules") or []), *(contents.get("stories") or [])]:
            title = story.get("rule") or story.get("story") or "(untitled)"
            for step in _flat(story.get("steps") or []):
                action, intent = step.get("action"), step.get("intent")
                if action is not None and action not in known:
                    what = "response" if str(action).startswith("utter_") else "action"
                    yield f'{file.name}: "{title}" names the {what} {action}, which doesn\'t exist.'
                if intent is not None and intent not in domain["intents"]:
                    yield f'{file.name}: "{title}" names the intent {intent}, which doesn\'t exist.'
            for step in _flat([*(story.get("condition") or []), *(story.get("steps") or [])]):
                for slot in step.get("slot_was_set") or []:
                    for name in slot if isinstance(slot, dict) else [slot]:
                        if name not in domain["slots"]:
                            yield f'{file.name}: "{title}" names the slot {name}, which doesn\'t exist.'


def _flat(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield from step.get("or", [step])


def _examples(block: dict[str, Any]) -> Iterator[str]:
    for line in str(block.get("examples", "")).splitlines():
        if line.strip().startswith("-"):
            yield line.strip()[1:].strip()


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def _merged(folder: Path) -> dict[str, Any]:
    """The domain's files as one: intents, responses, actions and slots, and under ``faults`` what can't be merged."""
    domain: dict[str, Any] = {"intents": set(), "responses": {}, "actions": [], "slots": {}, "faults": []}
    for file, contents in _contents(folder):
        try:
            for intent in contents.get("intents") or []:
                domain["intents"].update(intent if isinstance(intent, dict) else [intent])
            for key in ("responses", "slots"):
                for name in contents.get(key) or {}:
                    if name in domain[key]:
                        domain["faults"].append(
                            f"{file.name}: {name} is there twice in domain/; Rasa would keep one of them."
                        )
                domain[key].update(contents.get(key) or {})
            domain["actions"] += contents.get("actions") or []
        except (TypeError, ValueError, AttributeError) as fault:
            domain["faults"].append(f"{file.name}: something there has a shape that isn't understood ({fault}).")
    return domain


def _contents(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    return [(file, _read(file)) for file in sorted(folder.rglob("*")) if file.suffix in ENDINGS]


def _read(file: Path) -> dict[str, Any]:
    try:
        contents = yaml.load(file.read_text("utf-8"), Loader=Loader)
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise Mistake(f"{file}{where}: this isn't valid YAML ({getattr(fault, 'problem', fault)}).") from None
    if contents is not None and not isinstance(contents, dict):
        raise Mistake(f"{file}: this file should hold a mapping.")
    return contents or {}
