"""What each figure is called and what it means, in a sentence for people; and whether more of it is better."""

from dataclasses import dataclass

from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, NOT_REPORT, UNSURE
from signpost.evaluation.ranking import FALSE_ALARM_LIMITS

LABEL_NAMES = {
    EMERGENCY: "emergency",
    CRIME_REPORT: "crime report",
    NOT_REPORT: "other",
    UNSURE: "unsure",
}


@dataclass(frozen=True)
class Wording:
    """``more_is_better`` is none for a figure that is neither good nor bad; a gate can't ask for that one."""

    name: str
    meaning: str
    more_is_better: bool | None


def _recall_at(limit: int) -> Wording:
    return Wording(
        f"Reports found at {limit} % false alarms",
        f"If {limit} in 100 other messages may be flagged in error, this share of the reports is found.",
        more_is_better=True,
    )


FIGURES = {
    "recall": Wording(
        "Reports flagged",
        "Of all emergencies and reports of crime, this share is answered with guidance.",
        more_is_better=True,
    ),
    "false_positives": Wording(
        "Others flagged",
        "Of the messages that report nothing, this share is answered with guidance all the same.",
        more_is_better=False,
    ),
    "emergencies_flagged": Wording(
        "Emergencies flagged",
        "Of the emergencies, this share gets guidance, be it that of an emergency or of a crime.",
        more_is_better=True,
    ),
    "emergencies_called": Wording(
        "Emergencies called emergencies",
        "Of the emergencies, this share gets the reply that begins with 999.",
        more_is_better=True,
    ),
    "crime_reports_flagged": Wording(
        "Reports of crime flagged",
        "Of the reports of crime that are no emergency, this share is answered with guidance.",
        more_is_better=True,
    ),
    "near_misses_flagged": Wording(
        "Near misses flagged",
        "Of the messages that talk of crime, police or danger without reporting any, this share is flagged.",
        more_is_better=False,
    ),
    "everyday_flagged": Wording(
        "Everyday messages flagged",
        "Of the messages that don't even talk of crime, this share is flagged.",
        more_is_better=False,
    ),
    "others_called_emergencies": Wording(
        "Others called emergencies",
        "Of the messages that report nothing, this share is told to call 999.",
        more_is_better=False,
    ),
    "crime_reports_called_emergencies": Wording(
        "Crimes called emergencies",
        "Of the reports of crime that are no emergency, this share is told to call 999.",
        more_is_better=False,
    ),
    "unsure_flagged": Wording(
        "Unclear messages flagged",
        "Of the messages people can't agree on, this share is flagged; they count in no other figure.",
        more_is_better=None,
    ),
    "auc": Wording(
        "Reports ranked above others",
        "Take any report and any other message: this is how often the report has the higher score (area under the ROC curve; guessing brings 0.5).",
        more_is_better=True,
    ),
    "average_precision": Wording(
        "Average precision",
        "Go down the list from the highest score: the share of reports so far, averaged over all reports. It depends on how many of the set are reports.",
        more_is_better=True,
    ),
    **{f"recall_at_{limit}": _recall_at(limit) for limit in FALSE_ALARM_LIMITS},
    "calibration_error": Wording(
        "Calibration error",
        "How far, on average, a score is from the share of reports among messages with such a score.",
        more_is_better=False,
    ),
    "brier": Wording(
        "Brier score",
        "The mean squared distance between score and truth: 0 is perfect; always saying one half brings 0.25.",
        more_is_better=False,
    ),
}
"""By the name that figures.json and a gate use, in the order in which they are shown."""
