"""The thresholds a channel is decided by, read from the file that the assistant reads."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from signpost.evaluation.gold import CRIME_REPORT, EMERGENCY, NOT_REPORT
from signpost.force.mandate import Channel
from signpost.mistakes import Mistake
from signpost.processes import PROJECT

THRESHOLDS = PROJECT / "bot" / "thresholds.yml"
ROUNDING = 0.0002
"""Scores are written with four digits, so two of them together may be this far from what was decided by."""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which a message counts as a report (emergency and crime report together), and as an emergency."""

    report: float
    emergency: float

    def explain(self, label: str, report: float, emergency: float) -> bool:
        """Whether these thresholds can have made this label of these scores.

        An emergency is always possible: urgent words (bot/urgent.yml) make one whatever the scores are.
        """
        surely_emergency = emergency >= self.emergency + ROUNDING
        if label == EMERGENCY:
            return True
        if label == CRIME_REPORT:
            return not surely_emergency and report >= self.report - ROUNDING
        return label == NOT_REPORT and not surely_emergency and report < self.report + ROUNDING


def read_thresholds(channel: Channel, file: Path = THRESHOLDS) -> Thresholds:
    """The channel's own, or else those of its visibility. Raises :class:`Mistake` when the file won't do."""
    try:
        places = yaml.safe_load(file.read_text("utf-8"))["thresholds"]
        place = places.get(channel.key) or places[channel.visibility]
        return Thresholds(report=float(place["report"]), emergency=float(place["emergency"]))
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError):
        raise Mistake(f"{file} holds no thresholds for {channel.key} or {channel.visibility} messages.") from None
