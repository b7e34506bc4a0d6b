"""What `signpost corpus` does: read, look, show, and write the figures where they are asked for."""

import json
from pathlib import Path

from rich.console import Console

from signpost.corpus.reading import read_corpus
from signpost.corpus.report import report_on
from signpost.corpus.showing import show
from signpost.jsonl import write_target


def report_corpus(folder: Path, target: Path | None, out: Console) -> bool:
    """Shows everything on ``out``, writes all figures as JSON to ``target`` if there is one; true when all is in order.

    Raises :class:`signpost.mistakes.Mistake` (exit status 2) when the messages can't be read or the figures written.
    """
    if target is not None:
        write_target(target)
    examples = read_corpus(folder)
    with out.status("Looking at the messages; this takes less than a minute"):
        report = report_on(examples)
    show(report, out)
    if target is not None:
        target.write_text(json.dumps(report.figures(), indent=1, ensure_ascii=False) + "\n", "utf-8")
        out.print(f"All figures: {target}", markup=False)
    return report.in_order
