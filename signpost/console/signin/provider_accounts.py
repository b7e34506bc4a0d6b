"""The accounts of people who sign in through the identity provider: made at their first sign-in, theirs by issuer and subject.

A local account with the same name is never taken over: the provider's word on an e-mail address isn't proof enough.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.console.parts import Parts
from signpost.console.signin.claims import Person
from signpost.console.signin.local import locked_for_update
from signpost.console.signin.sessions import end_all
from signpost.log.audit import ADMINISTRATION, Act
from signpost.log.models import StaffAccount, new_key

WAY = {"way": "provider"}


def account_for(parts: Parts, person: Person) -> StaffAccount | None:
    """The account, brought up to what the provider says now; none when nothing there gives this person a role.

    Whoever has lost their roles keeps their account without any, and every sign-in of theirs ends.
    """
    with parts.sessions.begin() as session:
        known = session.scalar(select(StaffAccount.id).filter_by(issuer=person.issuer, subject=person.subject).limit(1))
        if known is not None:
            account = _brought_up(parts, session, locked_for_update(session, known), person)
        elif person.roles:
            account = _made(parts, session, person)
        else:
            return None
        return account if account.roles else None


def _made(parts: Parts, session: Session, person: Person) -> StaffAccount:
    account = StaffAccount(
        key=new_key(),
        username=_free_username(session, person.username),
        name=person.name,
        roles=list(person.roles),
        created_at=parts.clock(),
        issuer=person.issuer,
        subject=person.subject,
        failures=0,
        password_temporary=False,
    )
    session.add(account)
    session.flush()
    detail = {"roles": list(person.roles), **WAY}
    act = Act(account.username, ADMINISTRATION, "staff_added", account.username, detail=detail)
    parts.trail.write(session, act, parts.clock())
    return account


def _brought_up(parts: Parts, session: Session, account: StaffAccount, person: Person) -> StaffAccount:
    before, account.name = sorted(account.roles), person.name
    if before != sorted(person.roles):
        account.roles = list(person.roles)
        end_all(session, account.id, parts.clock())
        detail = {"roles": account.roles, "before": before, **WAY}
        act = Act(account.username, ADMINISTRATION, "staff_changed", account.username, detail=detail)
        parts.trail.write(session, act, parts.clock())
    return account


def _free_username(session: Session, wanted: str) -> str:
    """The username, with a number after it where somebody else has it."""
    number, name = 1, wanted
    while session.scalar(select(StaffAccount.id).filter_by(username=name)) is not None:
        number += 1
        name = f"{wanted[:60]}-{number}"
    return name
