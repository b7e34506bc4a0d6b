"""The three labels Signpost gives a message, and which intents stand for them (docs/training-data.md)."""

from typing import Final

EMERGENCY: Final = "emergency"
CRIME_REPORT: Final = "crime_report"
NOT_REPORT: Final = "not_report"
LABELS: Final = (EMERGENCY, CRIME_REPORT, NOT_REPORT)
"""The most urgent first."""

REPORT_INTENTS: Final = {
    "report_emergency": EMERGENCY,
    "risk_to_life": EMERGENCY,
    "report_crime": CRIME_REPORT,
}
FALLBACK_INTENT: Final = "nlu_fallback"


def label_of_intent(intent: str) -> str:
    """The label an intent stands for: ``emergency``, ``crime_report`` or ``not_report``."""
    return REPORT_INTENTS.get(intent, NOT_REPORT)
