"""Shows the figures on the training messages in plain words and tables."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.labels import CRIME_REPORT, EMERGENCY, NOT_REPORT
from signpost.corpus.reading import Example
from signpost.corpus.repeats import INTENTS, LABELS, SAME
from signpost.corpus.report import Report
from signpost.corpus.telling import in_words

SHOWN = 60
LABELS_IN_WORDS = {EMERGENCY: "emergencies", CRIME_REPORT: "reports", NOT_REPORT: "other messages"}
_ACROSS = {
    LABELS: "a report and a message that is none",
    INTENTS: "two intents",
    SAME: "one intent",
}


def show(report: Report, out: Console) -> None:
    """Prints all of it; what has to be put right comes last, where it is read."""
    _sizes(report, out)
    _lengths(report, out)
    _styles(report, out)
    _vocabulary(report, out)
    _openings(report, out)
    _repeats(report, out)
    _personal(report, out)
    out.print(_conclusion(report))


def _table(out: Console, title: str, *columns: str) -> Table:
    out.print(f"\n[bold]{title}[/bold]")
    table = Table(box=None, pad_edge=False)
    table.add_column(columns[0])
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _sizes(report: Report, out: Console) -> None:
    for title, counts in (("Messages in each file", report.files), ("Messages of each intent", report.intents)):
        table = _table(out, title, "", "messages")
        for name, count in counts.items():
            table.add_row(escape(name), f"{count:,}")
        table.add_row("all", f"{sum(counts.values()):,}")
        out.print(table)


def _lengths(report: Report, out: Console) -> None:
    table = _table(out, "Words in a message", "intent", "fewest", "a quarter up to", "half up to", "most up to", "most")
    for intent, length in report.lengths.items():
        figures = (length.shortest, length.lower, length.middle, length.upper, length.longest)
        table.add_row(escape(intent), *(f"{figure:.0f}" for figure in figures))
    out.print(table)
    out.print(
        f"Who guesses from length alone which of two messages is the report is {in_words(report.told_by_length)}."
    )


def _styles(report: Report, out: Console) -> None:
    table = _table(out, "How messages of each label are written", "", *LABELS_IN_WORDS.values(), "guesses right in 100")
    for name, style in report.styles.items():
        shares = (f"{100 * style.shares[label]:.0f} %" for label in LABELS_IN_WORDS)
        table.add_row(name, *shares, f"{100 * max(style.area, 1 - style.area):.0f}")
    out.print(table)
    out.print(
        f"Who guesses the report from all of these together is {in_words(report.told_by_style)}; "
        f"with length as well, {in_words(report.told_by_style_and_length)}. "
        "(Each message is scored by how much more often reports among the other messages are written so.)"
    )


def _vocabulary(report: Report, out: Console) -> None:
    out.print(
        "\n[bold]Words that mark each intent[/bold] (messages of the intent that hold one / other messages that do)"
    )
    for intent, marks in report.vocabulary.items():
        words = ", ".join(f"{escape(mark.word)} {mark.here}/{mark.elsewhere}" for mark in marks)
        out.print(f"{escape(intent)}: {words}")


def _openings(report: Report, out: Console) -> None:
    if not report.openings:
        out.print("\nNo intent repeats an opening of three words beyond what the others do.")
        return
    table = _table(out, "Openings that an intent repeats", "opening", "intent", "messages", "expected from the others")
    for opening in report.openings:
        table.add_row(escape(opening.words), escape(opening.intent), str(opening.count), f"{opening.expected:.1f}")
    out.print(table)


def _repeats(report: Report, out: Console) -> None:
    out.print(f"\n[bold]Messages that are there twice: {len(report.exact)}[/bold]")
    for group in report.exact:
        out.print("; ".join(_told(example) for example in group))
    for what, between in _ACROSS.items():
        pairs = report.near_across(what)
        out.print(f"[bold]Nearly the same, in {between}: {len(pairs)}[/bold]")
        for pair in pairs:
            out.print(f"{100 * pair.likeness:.0f} % {_told(pair.one)}; {_told(pair.other)}")


def _told(example: Example) -> str:
    text = example.text if len(example.text) <= SHOWN else f"{example.text[: SHOWN - 3]}..."
    return escape(f'{example.place} ({example.intent}) "{text}"')


def _personal(report: Report, out: Console) -> None:
    out.print(f"[bold]What looks like somebody's own: {len(report.personal)}[/bold]")
    for find in report.personal:
        out.print(f"{escape(find.example.place)}: {find.kind}")


def _conclusion(report: Report) -> str:
    if report.in_order:
        return "\nNo message is there twice, and no report is nearly the same as a message that is none."
    return (
        f"\nTo put right: messages that are there twice ({len(report.exact)}), and reports that are nearly the same as a "
        f"message that is none ({len(report.near_across(LABELS))}). Change or remove one of each."
    )
