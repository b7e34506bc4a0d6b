"""The report as one page for people: everything in it, no script, nothing fetched."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from signpost.evaluation import shown
from signpost.evaluation.base_rates import OF
from signpost.evaluation.figures import Figures
from signpost.evaluation.gate import Held
from signpost.evaluation.gold import LABELS
from signpost.evaluation.picture_scores import histogram
from signpost.evaluation.tables import precision_rows, roc_rows
from signpost.evaluation.wording import FIGURES, LABEL_NAMES

FOLDER = Path(__file__).parent
CHANGED_SHOWN = 50


def page(figures: Figures, drawn: Mapping[str, str], held: Sequence[Held]) -> str:
    """HTML of the whole report; ``drawn`` are the pictures by name, ``held`` the gate's bounds, if there was one."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=shown.percent,
        span=shown.span,
        decimal=shown.decimal,
        signed=shown.signed,
        value=shown.value_of,
        interval=shown.interval_of,
        counts=shown.counts_of,
        amount=shown.amount,
        chance=shown.chance,
        one_in=shown.one_in,
    )
    curve = figures.ranking.curve
    return environment.get_template("report.html").render(
        figures=figures,
        by_name=figures.by_name(),
        drawn=drawn,
        held=held,
        wording=FIGURES,
        label_names=LABEL_NAMES,
        labels=LABELS,
        of=OF,
        changed_shown=CHANGED_SHOWN,
        roc_rows=roc_rows(curve),
        precision_rows=precision_rows(curve),
        histogram=histogram(curve),
        share_of_reports=sum(curve.reports) / (sum(curve.reports) + sum(curve.others)),
    )
