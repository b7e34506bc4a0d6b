"""The gate: figures a model must reach before it is let through, from a file that is kept with the project."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from signpost.estimates import Estimate
from signpost.evaluation.wording import FIGURES
from signpost.mistakes import Mistake


@dataclass(frozen=True)
class Held:
    """One figure held to its bound: at least, where more is better, and otherwise at most."""

    name: str
    bound: float
    value: float | None

    @property
    def at_least(self) -> bool:
        """Whether the bound is a floor."""
        return bool(FIGURES[self.name].more_is_better)

    @property
    def passed(self) -> bool:
        """A figure that couldn't be worked out doesn't pass: nobody knows."""
        if self.value is None:
            return False
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    @property
    def sentence(self) -> str:
        """What is the matter with it, or that nothing is."""
        asked = f"{'at least' if self.at_least else 'at most'} {self.bound:.4g}"
        if self.value is None:
            return f"{self.name} can't be worked out from these messages; the gate asks for {asked}."
        return f"{self.name} is {self.value:.4f}; the gate asks for {asked}."


def read_gate(file: Path) -> dict[str, float]:
    """The bounds by figure. Raises :class:`Mistake` (exit status 2) for a file that holds anything else."""
    try:
        bounds = yaml.safe_load(file.read_text("utf-8"))
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.", 2) from None
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        where = getattr(fault, "problem_mark", None)
        raise Mistake(f"{file}{f', line {where.line + 1}' if where else ''}: this isn't valid YAML.", 2) from None
    if not isinstance(bounds, dict) or not bounds:
        raise Mistake(f"{file} should hold a figure and its bound in each line, as in: auc: 0.9", 2)
    known = [name for name, wording in FIGURES.items() if wording.more_is_better is not None]
    faults = [f"{name} is no figure a gate can ask for" for name in bounds if name not in known]
    faults += [f"{name} must be a number from 0 to 1" for name in bounds if name in known and not _fits(bounds[name])]
    if faults:
        offer = f" There are: {', '.join(known)}." if any(name not in known for name in bounds) else ""
        raise Mistake(f"{file}: {'; '.join(faults)}.{offer}", 2)
    return {name: float(bound) for name, bound in bounds.items()}


def hold(bounds: Mapping[str, float], figures: Mapping[str, Estimate]) -> list[Held]:
    """Each bound with the figure it is for, in the gate's order."""
    return [Held(name, bound, figures[name].value) for name, bound in bounds.items()]


def _fits(bound: object) -> bool:
    return isinstance(bound, int | float) and not isinstance(bound, bool) and 0 <= bound <= 1
