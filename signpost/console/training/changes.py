"""What changed since a model was trained: corrections that were accepted, and files of messages that were written."""

from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.checking import ENDINGS
from signpost.log.correcting import ACCEPTED
from signpost.log.models import Correction
from signpost.training import is_current
from signpost.workbench.shelf import Model

MOST = 20
"""Corrections that are listed; how many there are is told."""


@dataclass(frozen=True)
class Changes:
    """``same``: what the model was made from is what is there now. ``accepted``: how many corrections since.

    ``corrections``: the newest :data:`MOST` of them. ``files``: whose time of writing is later than the training.
    """

    trained_at: datetime | None = None
    same: bool = False
    accepted: int = 0
    corrections: tuple[Correction, ...] = ()
    files: tuple[str, ...] = ()


def changes_since(session: Session, folder: Path, model: Model | None) -> Changes:
    """What changed in the training messages since this model. Raises OSError where they can't be read."""
    if model is None or model.trained_at is None:
        return Changes()
    if is_current(model, folder.parents[1]):
        return Changes(model.trained_at, same=True)
    since = (Correction.state == ACCEPTED, Correction.decided_at > model.trained_at)
    query = select(Correction).where(*since).order_by(Correction.decided_at.desc(), Correction.id.desc())
    return Changes(
        trained_at=model.trained_at,
        accepted=session.scalar(select(func.count(Correction.id)).where(*since)) or 0,
        corrections=tuple(session.scalars(query.limit(MOST))),
        files=tuple(_written_since(folder, model.trained_at)),
    )


def _written_since(folder: Path, when: datetime) -> list[str]:
    moment = when.replace(tzinfo=timezone.utc).timestamp()
    files = sorted(file for file in folder.rglob("*") if file.suffix in ENDINGS)
    return [str(file.relative_to(folder)) for file in files if file.stat().st_mtime > moment]
