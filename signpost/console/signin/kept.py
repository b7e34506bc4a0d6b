"""What somebody was typing when their sign-in ended: kept encrypted for a day, and given back to them alone."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from signpost.console.parts import Parts
from signpost.log.models import KeptForm, new_key

KEPT_FOR = timedelta(days=1)
MARK = "kept_form"
"""The field by which a form that was given back says which one it is, so that it is kept no longer once it is taken."""
NEVER_KEPT = ("password", "code", "csrf_token", MARK)


@dataclass(frozen=True)
class Kept:
    """A form as it was typed: where it was going and its fields, in their order."""

    key: str
    address: str
    fields: tuple[tuple[str, str], ...]


def may_be_kept(name: str) -> bool:
    """Whether a field of this name is ever written down: passwords and codes are not."""
    return not any(part in name.lower() for part in NEVER_KEPT)


def typed_fields(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The fields of a form that may be shown again."""
    return tuple((name, value) for name, value in pairs if may_be_kept(name))


def keep(parts: Parts, staff_id: int, address: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Keeps what somebody typed and returns its key. What was kept for longer than a day goes."""
    now = parts.clock()
    content = json.dumps({"address": address, "fields": typed_fields(pairs)})
    one = KeptForm(key=new_key(), staff_id=staff_id, kept_at=now, content_encrypted=parts.vault.encrypt(content))
    with parts.sessions.begin() as session:
        session.execute(delete(KeptForm).where(KeptForm.kept_at < now - KEPT_FOR))
        session.add(one)
    return one.key


def kept_form(parts: Parts, key: str, staff_id: int) -> Kept | None:
    """What was kept under this key; none when it is another person's, or too old."""
    query = select(KeptForm).filter_by(key=key, staff_id=staff_id).where(KeptForm.kept_at >= parts.clock() - KEPT_FOR)
    with parts.reads() as reads:
        found = reads.scalars(query).first()
    if found is None:
        return None
    content = json.loads(parts.vault.decrypt(found.content_encrypted))
    return Kept(found.key, content["address"], tuple((name, value) for name, value in content["fields"]))


def drop(parts: Parts, key: str, staff_id: int) -> None:
    """Keeps it no longer. Another person's stays."""
    with parts.sessions.begin() as session:
        session.execute(delete(KeptForm).where(KeptForm.key == key, KeptForm.staff_id == staff_id))


def kept_by(parts: Parts, staff_id: int) -> list[KeptForm]:
    """What is kept for somebody, the latest first; not its content."""
    query = select(KeptForm).filter_by(staff_id=staff_id).where(KeptForm.kept_at >= parts.clock() - KEPT_FOR)
    with parts.reads() as reads:
        return list(reads.scalars(query.order_by(KeptForm.id.desc()).limit(20)))
