"""What can be wrong with the audit trail, in words, and what a verification found."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

ALTERED, MISSING, OUT_OF_ORDER = "altered", "missing", "out of order"
END_REMOVED, BEYOND_END, FORGED_HEAD = "end removed", "beyond the end", "forged head"
FORGED_CUT, BEFORE_CUT = "forged cut", "before the cut"
REPLACED, ANCHOR_DAMAGED, ANCHOR_GONE = "replaced", "anchor damaged", "anchor gone"
KINDS = (
    ALTERED,
    MISSING,
    OUT_OF_ORDER,
    END_REMOVED,
    BEYOND_END,
    FORGED_HEAD,
    FORGED_CUT,
    BEFORE_CUT,
    REPLACED,
    ANCHOR_DAMAGED,
    ANCHOR_GONE,
)
MOST_NAMED = 100


@dataclass(frozen=True)
class Fault:
    """One broken place: of which kind, which entry (none where it is no entry), and a sentence."""

    kind: str
    sequence: int | None
    sentence: str


@dataclass
class Faults:
    """The first :data:`MOST_NAMED` faults by name, and how many there are: a log may be broken in a million places."""

    named: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, kind: str, sequence: int | None, sentence: str) -> None:
        """Notes one more."""
        self.count += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(Fault(kind, sequence, sentence))


@dataclass(frozen=True)
class Verdict:
    """What a verification found. ``first_at`` and ``last_at`` are those of the entries looked at, UTC without a zone.

    ``noted_before`` says whether the entries themselves tell of an earlier verification.
    """

    entries: int
    first: int | None
    last: int | None
    first_at: datetime | None
    last_at: datetime | None
    cut_at: int
    anchors: int
    faults: tuple[Fault, ...]
    fault_count: int
    notes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.fault_count == 0

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: plain values, times in ISO 8601 with their zone."""
        values = asdict(self)
        for name in ("first_at", "last_at"):
            values[name] = f"{values[name].isoformat()}Z" if values[name] else None
        return {"holds": self.holds, **values}
