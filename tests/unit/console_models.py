"""Models and comparisons for the tests of the pages about them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from signpost.settings import Settings
from signpost.workbench.comparing import BETTER, OTHER, SAME, WORSE, Changed, Comparison, Conversations, Figure
from signpost.workbench.shelf import Shelf
from tests.models import small_model

OLD, NEW, NEWER = (letter * 32 for letter in "abc")
LABELS = ("emergency", "crime_report", "not_report")
SMASHED = "someone smashed it on the last level and my whole team cheered"
FAILED = {
    "title": "Somebody says thank you",
    "file": "thanks.yml",
    "channel": "x_dm",
    "passed": False,
    "turns": [
        {
            "says": ["thanks for the lovely day"],
            "expected": {"label": "not_report"},
            "got": {"label": "crime_report"},
            "faults": ["The label should be not_report; it is crime_report."],
            "about": "",
        },
        {"says": ["bye"], "expected": {}, "got": {}, "faults": [], "about": "after 2 hours"},
    ],
}


def shelf_in(folder: Path, clock: Any) -> Shelf:
    """A shelf on which the model :data:`OLD` runs."""
    settings = replace(Settings.from_environment({}), models_folder=folder)
    shelf = Shelf(settings, clock)
    folder.mkdir()
    shelf.install(small_model(folder / "first.tar.gz", OLD), "made from something else", "command")
    return shelf


def add(shelf: Shelf, key: str, made_by: str, *, fit: bool | None = True) -> None:
    """A candidate, compared unless ``fit`` is none."""
    shelf.add(small_model(shelf.folder / "new.tar.gz", key), f"what {key[:3]} is made from", made_by)
    if fit is not None:
        verdict = "It may be promoted." if fit else "It should not be promoted, but a person decides."
        shelf.note(key, fit=fit, verdict=verdict)


def changed(number: int, went: str = WORSE) -> Changed:
    """A message whose decision changed."""
    right, now, candidate = {
        WORSE: ("crime_report", "crime_report", "not_report"),
        BETTER: ("not_report", "crime_report", "not_report"),
        OTHER: ("emergency", "crime_report", "not_report"),
    }[went]
    return Changed(f"theft.yml:{number}", number % 2 == 0, f"{SMASHED} {number}", right, now, candidate, went)


def comparison(*, fit: bool = True, several: tuple[Changed, ...] | None = None) -> dict[str, Any]:
    """What a training's result holds: a candidate that misses a figure and a conversation unless it is fit."""
    floor, ceiling = {"at_least": True, "passed": True}, {"at_least": False, "passed": fit}
    figures = (
        Figure("recall", "Reports flagged", "Of all reports, this share.", 0.951, 0.962, BETTER, 0.93, **floor),
        Figure("false_positives", "Others flagged", "Of the others, this share.", 0.08, 0.12, WORSE, 0.1, **ceiling),
        Figure("everyday_flagged", "Everyday messages flagged", "Of those, this share.", 0.02, 0.02, SAME),
        Figure("auc", "Reports ranked above others", "How often.", None, None, SAME, 0.98, **floor),
    )
    table = {right: {given: 9 if given == right else 1 for given in LABELS} for right in LABELS}
    whole = Comparison(
        now=OLD,
        candidate=NEW,
        judged=9_601,
        figures=figures,
        missed=() if fit else ("Others flagged: 12.0%, where at most 10.0% is asked for.",),
        changed=several if several is not None else (changed(1, BETTER), changed(2), changed(3, OTHER)),
        confusion={"now": table, "candidate": table},
        conversations=Conversations(40, 0) if fit else Conversations(40, 1, (FAILED,)),
        fit=fit,
        verdict="It may be promoted." if fit else "It should not be promoted, but a person decides.",
    )
    return {"model": NEW, "comparison": whole.as_json()}
