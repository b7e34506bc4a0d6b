"""The mandate: the four statements of the policy, and the checks that hold every reply to them.

Source: Wiltshire Police, Social Media and Internet Messaging Policy and Guidance, version 4.0.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from signpost.force.length import UNITS, measure
from signpost.force.routes import load_routes, with_routes
from signpost.mistakes import Mistake

GUIDANCE, EMERGENCY_GUIDANCE = "guidance", "emergency_guidance"
REMINDER, EMERGENCY_REMINDER = "reminder", "emergency_reminder"
ANSWER = "answer"
KINDS = (GUIDANCE, EMERGENCY_GUIDANCE, REMINDER, EMERGENCY_REMINDER, ANSWER)
EMERGENCY_KINDS = frozenset({EMERGENCY_GUIDANCE, EMERGENCY_REMINDER})
FULL_KINDS = frozenset({GUIDANCE, EMERGENCY_GUIDANCE})
STATEMENTS = ("not_over_social_media", "whom_to_call", "not_monitored", "not_confidential")
WORDINGS = ("full", "short")
SHORTEST_WORDING = 3

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Channel:
    """A platform's way of carrying replies: its limit is in ``unit``: characters, bytes (UTF-8) or weighted (X)."""

    key: str
    name: str
    visibility: str
    wording: str
    limit: int
    unit: str
    reference: bool = False


@dataclass(frozen=True)
class Mandate:
    """The checked contents of ``force/mandate.yml``."""

    force: str
    emergency_number: str
    non_emergency_number: str
    figures: frozenset[str]
    statements: dict[str, dict[str, str]]
    emergency_opening: str
    canonical: dict[str, str]
    kinds: dict[str, str]
    channels: dict[str, Channel]
    routes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By response, what CCE approved to be said after it (``helplines.yml``)."""

    def with_routes(self, response: str, text: str, channel: Channel) -> str:
        """The text and what was approved to follow it, as far as the channel has room."""
        routes = self.routes.get(response, ())
        return with_routes(text, routes, limit=channel.limit, unit=channel.unit, reference=channel.reference)

    def kind_of(self, response: str) -> str:
        """The kind of the reply a response gives; any that isn't listed is an ``answer``."""
        return self.kinds.get(response, ANSWER)

    def channel(self, key: str) -> Channel:
        """The channel named ``key``. Raises :class:`Mistake` when there is none."""
        try:
            return self.channels[key]
        except KeyError:
            raise Mistake(f"There is no channel {key!r}. There are: {', '.join(self.channels)}.") from None

    def canonical_text(self, kind: str, channel: Channel) -> str:
        """The words sent in place of a reply that failed its check. They always hold all four statements."""
        says = {name: self.statements[name][channel.wording] for name in STATEMENTS}
        text = self.canonical[channel.wording].format(**says)
        if kind in EMERGENCY_KINDS:
            gap = "\n\n" if channel.wording == "full" else " "
            text = f"{self.emergency_opening}.{gap}{text}"
        return text

    def faults(self, text: str, kind: str, channel: Channel) -> list[str]:
        """What is wrong with a reply, a sentence each; empty when it may be sent."""
        found: list[str] = []
        plain = _plain(text)
        if not plain:
            found.append("the text is empty")
        if kind in FULL_KINDS:
            found += [
                f"the statement {name} is missing ({self.statements[name]['policy']})"
                for name in STATEMENTS
                if not any(_plain(self.statements[name][wording]) in plain for wording in WORDINGS)
            ]
        figures = figures_in(text)
        numbers = (self.emergency_number, self.non_emergency_number)
        if kind != ANSWER:
            found += [f"the number {number} is missing" for number in numbers if number not in figures]
        allowed = {*numbers, *self.figures}
        found += [
            f"the number {figure} is not one the force has approved" for figure in figures if figure not in allowed
        ]
        if kind in EMERGENCY_KINDS and not plain.startswith(_plain(self.emergency_opening)):
            found.append(f'an emergency reply must begin with "{self.emergency_opening}"')
        length = measure(text, channel.unit)
        if length > channel.limit:
            found.append(f"it is {length} {channel.unit} long, and {channel.name} allows {channel.limit}")
        return found


def figures_in(text: str) -> list[str]:
    """Every run of characters that holds a figure of any script, with what clings to it: ``999``, ``24/7``, ``+44``, ``1O1``.

    Letters, signs and invisible characters that touch a figure belong to it, so that only a number that stands alone,
    in these very bytes, is the number it looks like.
    """
    runs, run = [], ""
    for character in [*text, " "]:
        if unicodedata.category(character)[0] in "LNM" or unicodedata.category(character) == "Cf" or character in "+/-":
            run += character
            continue
        if any(unicodedata.category(one)[0] == "N" for one in run):
            runs.append(run)
        run = ""
    return runs


def _plain(text: str) -> str:
    """Case, spacing and the shape of apostrophes don't change what a sentence says; its words and numbers do."""
    return _SPACES.sub(" ", text.replace("\u2019", "'")).strip().casefold()


def load_mandate(folder: Path) -> Mandate:
    """Reads ``mandate.yml``, and from ``helplines.yml`` what is approved. Raises :class:`Mistake` with what is wrong in it, and where."""
    file = folder / "mandate.yml"
    try:
        contents = yaml.safe_load(file.read_text("utf-8"))
    except OSError as fault:
        raise Mistake(
            f"{file} can't be read: {fault.strerror}. It holds what the policy demands; restore it."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        where = getattr(fault, "problem_mark", None)
        raise Mistake(f"{file}{f', line {where.line + 1}' if where else ''}: this isn't valid YAML.") from None
    try:
        mandate = replace(_read(contents), routes=load_routes(folder))
        _check(mandate, file)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as fault:
        raise Mistake(
            f"{file}: {fault} is missing or malformed; the file in the project's repository shows the form."
        ) from None
    return mandate


def _read(contents: Any) -> Mandate:
    return Mandate(
        force=str(contents["force"]),
        emergency_number=str(contents["numbers"]["emergency"]),
        non_emergency_number=str(contents["numbers"]["non_emergency"]),
        figures=frozenset(str(figure) for figure in contents["figures"]),
        statements={
            name: {k: _text(contents["statements"][name][k]) for k in ("policy", *WORDINGS)} for name in STATEMENTS
        },
        emergency_opening=_text(contents["emergency_opening"]),
        canonical={wording: _text(contents["canonical"][wording]) for wording in WORDINGS},
        kinds={str(response): str(kind) for response, kind in contents["kinds"].items()},
        channels={key: Channel(key=key, **values) for key, values in contents["channels"].items()},
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _check(mandate: Mandate, file: Path) -> None:
    # An empty wording would be found in every text.
    wordings = [
        mandate.emergency_opening,
        *(wording for one in mandate.statements.values() for wording in one.values()),
    ]
    if any(len(_plain(wording).split()) < SHORTEST_WORDING for wording in wordings):
        raise Mistake(
            f"{file}: a statement or the emergency opening is empty or too short to say what the policy demands."
        )
    # The two numbers are law and policy, not configuration: a misprint here would pass every later check.
    if (mandate.emergency_number, mandate.non_emergency_number) != ("999", "101"):
        raise Mistake(f"{file}: the numbers must be 999 (emergency) and 101 (non-emergency), as the policy says.")
    for response, kind in mandate.kinds.items():
        if kind not in KINDS:
            raise Mistake(f"{file}: {response} is of kind {kind!r}; the kinds are {', '.join(KINDS)}.")
    for channel in mandate.channels.values():
        if isinstance(channel.limit, bool) or not isinstance(channel.limit, int) or channel.limit < 1:
            raise Mistake(f"{file}: channel {channel.key}: limit must be a whole number above 0.")
        if (
            channel.wording not in WORDINGS
            or channel.unit not in UNITS
            or channel.visibility not in ("private", "public")
        ):
            raise Mistake(f"{file}: channel {channel.key} has a wording, unit or visibility that doesn't exist.")
        for kind in FULL_KINDS:
            for fault in mandate.faults(mandate.canonical_text(kind, channel), kind, channel):
                raise Mistake(f"{file}: the canonical text for {channel.key}: {fault}.")
