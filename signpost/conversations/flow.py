"""Draws the rules as a flow: in which state, who writes what, what is said, and what is recorded. SVG, read left to right."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signpost.conversations.domain import Domain
from signpost.conversations.rules import Rule
from signpost.drawing import BLUE, GRID, INK, ORANGE, PAPER, SMALL, SOFT, Sheet

IN_WORDS = {
    ("visibility", "private"): "In a private message",
    ("visibility", "public"): "Under a public post",
    ("guidance", "full"): "The four statements are due",
    ("guidance", "reminder"): "The person had the four statements within the hour",
    ("replies", "on_request"): "The person hasn't asked us to stop",
    ("replies", "off_by_request"): "The person asked us to stop",
}
VISIBILITY, ANYWHERE = "visibility", "On every channel"
WIDTH, MARGIN, LINE, PAD, GAP = 1500, 24, 20, 12, 18
STATE, INTENTS, SAYS = (MARGIN, 240), (330, 350), (760, WIDTH - 760 - MARGIN)
"""The three columns: where each begins, and how wide it is."""
CHARACTER, BOLD = 7.3, 9.2
"""The width of an average character, so that lines are broken before the box ends."""
TINT, SILENT = "#eef3f9", "#f4f5f6"


@dataclass(frozen=True)
class _Row:
    """A rule with its words broken into lines."""

    title: list[str]
    intents: list[str]
    says: list[tuple[str, bool]]
    silent: bool

    @property
    def height(self) -> int:
        return LINE * len(self.title) + 6 + max(len(self.intents), len(self.says)) * LINE + 2 * PAD


def flow(rules: Sequence[Rule], domain: Domain) -> str:
    """The drawing's SVG. Rules of one state stand together; reports come first, else the order is as given."""
    groups: dict[tuple[tuple[str, str], ...], list[_Row]] = {}
    for rule in sorted(rules, key=lambda rule: not rule.logs):
        groups.setdefault(rule.condition, []).append(_row(rule, domain))
    height = 130 + sum(_height(rows) + GAP for rows in groups.values())
    about = (
        f"{len(rules)} rules from left to right: the state of the conversation, what the person writes, and what Signpost "
        "says and records. The same rules stand as sentences in data/rules/."
    )
    sheet = Sheet("rules", "What Signpost does", about, WIDTH, height)
    sheet.words((MARGIN, 44), "What Signpost does", size=24, bold=True)
    for (left, _width), name in zip((STATE, INTENTS, SAYS), ("When", "Somebody", "Signpost"), strict=True):
        sheet.words((left, 88), name, bold=True, colour=SOFT)
    top = 104
    for condition, rows in groups.items():
        _group(sheet, top, condition, rows)
        top += _height(rows) + GAP
    return sheet.svg()


def _row(rule: Rule, domain: Domain) -> _Row:
    says: list[tuple[str, bool]] = []
    for response in rule.responses:
        says.append((response, True))
        words = " ".join((domain.text(response, "") or "").split())
        says += [(line, False) for line in _broken(words, SAYS[1])]
    if not rule.responses:
        says.append(("says nothing", True))
    if rule.logs:
        says.append(("and records a report", True))
    # Many intents are listed in a paragraph, few below one another.
    few = len(rule.intents) <= 3  # noqa: PLR2004  # what the eye takes in at once
    intents = list(rule.intents) if few else _broken(", ".join(rule.intents), INTENTS[1])
    return _Row(_broken(rule.title, WIDTH - INTENTS[0], BOLD), intents, says, silent=not rule.responses)


def _group(sheet: Sheet, top: float, condition: Iterable[tuple[str, str]], rows: Sequence[_Row]) -> None:
    height = _height(rows)
    sheet.box((STATE[0], top), (STATE[1], height), fill=BLUE)
    place = top + PAD + LINE
    for words in _states(condition):
        for line in _broken(words, STATE[1], BOLD):
            sheet.words((STATE[0] + PAD, place), line, colour=PAPER, bold=True)
            place += LINE
        place += 8
    for row in rows:
        _draw(sheet, top, row)
        top += row.height + GAP


def _draw(sheet: Sheet, top: float, row: _Row) -> None:
    for number, line in enumerate(row.title):
        sheet.words((INTENTS[0], top + LINE * (number + 1) - 4), line, bold=True)
    top += LINE * len(row.title) + 6
    height = row.height - LINE * len(row.title) - 6
    sheet.box((INTENTS[0], top), (INTENTS[1], height), fill=TINT, edge=GRID)
    sheet.box((SAYS[0], top), (SAYS[1], height), fill=SILENT if row.silent else PAPER, edge=SOFT)
    for number, line in enumerate(row.intents):
        sheet.words((INTENTS[0] + PAD, top + PAD + LINE * number + 14), line, size=SMALL)
    for number, (line, strong) in enumerate(row.says):
        colour = ORANGE if line.startswith("and records") else BLUE if strong else INK
        sheet.words((SAYS[0] + PAD, top + PAD + LINE * number + 14), line, size=SMALL, bold=strong, colour=colour)
    middle = top + height / 2
    _arrow(sheet, STATE[0] + STATE[1], INTENTS[0], middle)
    _arrow(sheet, INTENTS[0] + INTENTS[1], SAYS[0], middle)


def _arrow(sheet: Sheet, start: float, end: float, height: float) -> None:
    sheet.path([(start, height), (end - 2, height)], colour=SOFT, width=1.5)
    sheet.path([(end - 9, height - 5), (end - 2, height), (end - 9, height + 5)], colour=SOFT, width=1.5)


def _states(condition: Iterable[tuple[str, str]]) -> list[str]:
    said = [IN_WORDS.get(one, f"{one[0]}: {one[1]}") for one in condition]
    return said if VISIBILITY in dict(condition) else [ANYWHERE, *said]


def _height(rows: Sequence[_Row]) -> int:
    return sum(row.height for row in rows) + GAP * (len(rows) - 1)


def _broken(words: str, width: int, character: float = CHARACTER) -> list[str]:
    return textwrap.wrap(words, int((width - 2 * PAD) / character)) or [""]
