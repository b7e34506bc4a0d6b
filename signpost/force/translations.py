"""The guidance in other languages, where the force approved a translation: read, checked, and added to a reply.

English always comes first, and was guarded before (:mod:`signpost.force.guard`); a translation was checked when it was read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.language_list import languages
from signpost.force.guard import Reply
from signpost.force.length import measure
from signpost.force.mandate import ANSWER, EMERGENCY_KINDS, KINDS, WORDINGS, Channel, Mandate, figures_in
from signpost.mistakes import Mistake

FILE = "translations.yml"
TRANSLATED = tuple(kind for kind in KINDS if kind != ANSWER)
REFERENCE_ROOM = " Ref " + "W" * 16
"""The longest reference: on a channel whose replies bear one, it must fit as well."""

Texts = dict[str, dict[str, str]]
"""Of a language: by kind of reply, then by wording (``full``, ``short``)."""


@dataclass(frozen=True)
class Translations:
    """The approved translations, by the language's code (bot/languages.yml)."""

    approved: dict[str, Texts] = field(default_factory=dict)

    def added_to(self, replies: Sequence[Reply], language: str | None, channel: Channel) -> list[Reply]:
        """The replies with the translation of each that is guidance or a reminder, where there is one.

        After the English in the same message, where both fit; else in a message of its own after it, in private only:
        under a post everybody reads along, and X allows one reply to a post. Where neither is possible, English alone.
        """
        texts = self.approved.get(language or "", {})
        return [one for reply in replies for one in _translated(reply, texts, f"translation_{language}", channel)]


NO_TRANSLATIONS = Translations()


def _translated(reply: Reply, texts: Texts, name: str, channel: Channel) -> list[Reply]:
    wordings = [texts[reply.kind][key] for key in WORDINGS if key in texts.get(reply.kind, {})]
    for text in wordings:
        both = f"{reply.text}\n\n{text}"
        if _fits(both, channel):
            return [replace(reply, text=both)]
    for text in wordings if channel.visibility == "private" else ():
        if _fits(text, channel):
            return [reply, Reply(text, ANSWER, name)]
    return [reply]


def _fits(text: str, channel: Channel) -> bool:
    return measure(text + REFERENCE_ROOM * channel.reference, channel.unit) <= channel.limit


def load_translations(folder: Path, mandate: Mandate) -> Translations:
    """The approved translations. Raises :class:`Mistake` with the first fault of any text, approved or not."""
    told = read_translations(folder)
    for fault in faults_of(told, mandate, folder / FILE):
        raise Mistake(fault)
    return Translations({code: one["texts"] for code, one in told.items() if one.get("approved")})


def read_translations(folder: Path) -> dict[str, Any]:
    """The file's languages as they stand there; none where there is no file. Raises :class:`Mistake`."""
    file = folder / FILE
    try:
        contents = yaml.safe_load(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        where = getattr(fault, "problem_mark", None)
        raise Mistake(f"{file}{f', line {where.line + 1}' if where else ''}: this isn't valid YAML.") from None
    told = (contents or {}).get("translations") if isinstance(contents or {}, dict) else None
    if not isinstance(told, dict):
        raise Mistake(f"{file}: it must hold `translations:`, and under it a part for each language.")
    return told


def faults_of(told: dict[str, Any], mandate: Mandate, file: Path) -> Iterator[str]:
    """What is wrong, a sentence each."""
    for code, one in told.items():
        if code not in languages().names:
            yield f"{file}: there is no language {code!r} in bot/languages.yml."
        if not isinstance(one, dict) or not isinstance(one.get("texts") or {}, dict):
            yield f"{file}: {code}: it must hold `approved:` and `texts:`; the file's first lines show the form."
            continue
        approved, texts = one.get("approved"), one.get("texts") or {}
        if approved not in (None, False) and (not isinstance(approved, str) or not approved.strip()):
            yield f'{file}: {code}: approved must name the approval, for instance "CCE, 2026-12-01", or be null.'
        if approved:
            missing = [kind for kind in TRANSLATED if kind not in texts]
            if missing:
                yield f"{file}: {code}: it is approved, but has no text for {', '.join(missing)}."
        for kind, wordings in texts.items():
            for fault in _faults_of_kind(kind, wordings, mandate):
                yield f"{file}: {code}: {kind}: {fault}."


def _faults_of_kind(kind: str, wordings: Any, mandate: Mandate) -> Iterator[str]:
    if kind not in TRANSLATED:
        yield f"only these are translated: {', '.join(TRANSLATED)}"
        return
    if not isinstance(wordings, dict) or "full" not in wordings or not set(wordings) <= set(WORDINGS):
        yield "it must hold `full:` and may hold `short:`"
        return
    texts = {wording: text for wording, text in wordings.items() if isinstance(text, str)}
    for wording in wordings.keys() - texts.keys():
        yield f"{wording}: it must be a text"
    for wording, text in texts.items():
        for fault in _faults_of_text(text, kind, mandate):
            yield f"{wording}: {fault}"
    for channel in mandate.channels.values():
        if channel.visibility == "private" and texts and not any(_fits(text, channel) for text in texts.values()):
            yield f"it is too long for {channel.name}, which allows {channel.limit} {channel.unit}; give it a short wording"


def _faults_of_text(text: str, kind: str, mandate: Mandate) -> Iterator[str]:
    if not text.strip():
        yield "the text is empty"
        return
    numbers = [figure for figure in figures_in(text) if figure not in mandate.figures]
    known = (mandate.emergency_number, mandate.non_emergency_number)
    yield from (f"the number {number} is missing" for number in known if number not in numbers)
    yield from (f"the number {number} is not one the force has approved" for number in numbers if number not in known)
    if kind in EMERGENCY_KINDS and numbers and numbers[0] != mandate.emergency_number:
        yield f"an emergency's text must name {mandate.emergency_number} first"
