"""What the escalations were: by channel, account, label, cause and kind."""

from collections.abc import Callable

from signpost.console.reports.cells import Cell, Share, shown
from signpost.console.reports.charts import MOST_BARS, bars
from signpost.console.reports.tables import Section, Table
from signpost.log import figures as names
from signpost.log.figures import Tally, total

Word = Callable[[str, str], str]
"""Gives the words for a field and one of its codes."""
NO_KIND = "No kind recorded"
TITLES = (
    (names.LABEL, "How they were understood", "Understood as"),
    (names.CAUSE, "Why they are here", "Here because"),
)


def by_place(tally: Tally, name: str, of_messages: str, word: Word) -> Section:
    """By channel or account: with all messages beside the escalations."""
    messages, escalations = tally.get(of_messages, {}), tally.get(name, {})
    codes = sorted({*messages, *escalations}, key=lambda code: (-escalations.get(code, 0), word(name, code)))
    rows = [
        (word(name, code), messages.get(code, 0), escalations.get(code, 0), _share(escalations, messages, code))
        for code in codes
    ]
    head = (name.capitalize(), "Messages", "Escalations", "Share escalated")
    values = [(word(name, code), float(escalations.get(code, 0)), shown(escalations.get(code, 0))) for code in codes]
    return Section(
        name,
        f"By {name}",
        Table(f"Messages and escalations by {name}", head, rows),
        bars(name, f"Escalations by {name}", values),
        _notes(len(codes)),
    )


def by_code(tally: Tally, name: str, title: str, column: str, word: Word) -> Section:
    """Escalations by what they are: a label or a cause."""
    return _section(name, title, column, {word(name, code): n for code, n in tally.get(name, {}).items()})


def by_kind(tally: Tally, word: Word) -> Section:
    """Escalations by the kind of crime, where one is recorded."""
    counts = {word(names.KIND, code): number for code, number in tally.get(names.KIND, {}).items()}
    without = total(tally, names.LABEL) - total(tally, names.KIND)
    return _section(
        names.KIND,
        "By kind of crime",
        "Kind",
        counts,
        {NO_KIND: without} if without else {},
        ("A kind is what the message was understood to be about. None is recorded for X, as its terms forbid it.",),
    )


def _section(  # noqa: PLR0913, PLR0917  # what a section is made of
    name: str,
    title: str,
    column: str,
    counts: dict[str, int],
    last: dict[str, int] | None = None,
    notes: tuple[str, ...] = (),
) -> Section:
    """The largest first; ``last`` comes after all others, however large."""
    in_order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    in_order += list((last or {}).items())
    whole = sum(number for _words, number in in_order)
    rows: list[tuple[Cell, ...]] = [(words, number, Share.of(number, whole)) for words, number in in_order]
    drawn = [(words, float(number), shown(number)) for words, number in in_order]
    caption = f"Escalations: {title[:1].lower()}{title[1:]}"
    return Section(
        name,
        title,
        Table(caption, (column, "Escalations", "Share"), rows),
        bars(name, caption, drawn),
        (*_notes(len(drawn)), *notes),
    )


def _notes(drawn: int) -> tuple[str, ...]:
    return (f"The chart shows the first {MOST_BARS}; the table has all.",) if drawn > MOST_BARS else ()


def _share(part: dict[str, int], whole: dict[str, int], code: str) -> Share:
    return Share.of(part.get(code, 0), whole.get(code, 0))
