"""Acknowledging alerts: nobody is told of them any more, and the audit trail says who saw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.signin.sessions import Staff
from signpost.log.audit import ADMINISTRATION, ALTERATION, Act, Trail
from signpost.log.models import Alert, Escalation
from signpost.log.states import acknowledge

ACKNOWLEDGED = "alert_acknowledged"


@dataclass(frozen=True)
class Done:
    """How many alerts were acknowledged now, and how many had been before or were over."""

    now: int = 0
    before: int = 0

    @property
    def sentence(self) -> str:
        """What the page says of it."""
        if self.now == 0:
            return "Nothing was changed: somebody had acknowledged it already, or it is over."
        what = "Acknowledged." if self.now == 1 else f"{self.now} alerts acknowledged."
        rest = " The others had been acknowledged already, or are over." if self.before else ""
        return f"{what} Nobody is told of {'it' if self.now == 1 else 'them'} again.{rest}"


def acknowledge_all(session: Session, trail: Trail, keys: Sequence[str], by: Staff, now: datetime) -> Done | None:
    """Acknowledges these alerts; none when there is not one of them, and nothing was done."""
    found = session.execute(
        select(Alert, Escalation.reference)
        .outerjoin(Escalation, Escalation.id == Alert.escalation_id)
        .where(Alert.key.in_(keys))
        .order_by(Alert.id)
        .with_for_update(of=Alert)
    ).all()
    if not found:
        return None
    fresh = [(alert, reference) for alert, reference in found if acknowledge(alert, by.id, now)]
    for alert, reference in fresh:
        # About a record it is a change to that record; about an account, to how the service is looked after.
        action = ADMINISTRATION if reference is None else ALTERATION
        detail = {"kind": alert.kind, "alert": alert.key, "notices": alert.notices}
        trail.write(session, Act(by.username, action, ACKNOWLEDGED, reference or alert.account, detail=detail), now)
    return Done(len(fresh), len(found) - len(fresh))
