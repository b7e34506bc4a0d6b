"""Changes to what is stored: a message reworded, taken back, or its conversation taken over by a member of staff."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from signpost.channels.events import Deleted, HandedOver, Said
from signpost.force.accounts import Account
from signpost.log.encryption import Vault
from signpost.log.messages import NewMessage, conversation_of, erase_text, find_one, sealed, store_all
from signpost.log.models import ENDED, SILENT, WAITING, InboundMessage

NOBODY = "unknown:deleted"
LONGEST_REVISION = 64


def reword(session: Session, vault: Vault, new: NewMessage, revision: str) -> bool:
    """Takes an edit, and says whether it brought anything new.

    A message that still waits gets the new words; one that was answered keeps its own, and the edit is stored beside it
    to be judged afresh. An edit that arrives before its message stands for it: its words are the newer ones.
    """
    original = find_one(session, new.channel, new.platform_id)
    if original is None:
        return store_all(session, [sealed(vault, new)])[0]
    versions = [*_edits_of(session, original.id), original]
    if original.text_encrypted is None or any(_says(one, new.text, vault) for one in versions):
        # Taken back before, or delivered twice.
        return False
    if original.state == WAITING and original.claimed_until is None:
        original.text_encrypted, original.urgency = vault.encrypt(new.text), max(original.urgency, new.urgency)
        return True
    edit = replace(
        new,
        person=original.conversation.person,
        platform_id=f"{new.platform_id}#{revision[:LONGEST_REVISION]}",
        reply_target=original.reply_target,
        edit_of_id=original.id,
    )
    return store_all(session, [sealed(vault, edit)])[0]


def _edits_of(session: Session, message_id: int) -> list[InboundMessage]:
    return list(session.scalars(select(InboundMessage).filter_by(edit_of_id=message_id)))


def _says(message: InboundMessage, text: str, vault: Vault) -> bool:
    return message.text_encrypted is not None and vault.decrypt(message.text_encrypted) == text


def erase(session: Session, event: Deleted) -> int | None:
    """Takes the words of a message, and of its edits, out of the record.

    Returns how many had any, and none where no such message is known.
    """
    original = find_one(session, event.channel, event.platform_id)
    if original is None:
        return None
    versions = [original, *_edits_of(session, original.id)]
    held = sum(one.text_encrypted is not None for one in versions)
    for one in versions:
        erase_text(one)
    return held


def mark_gone(session: Session, event: Deleted, visibility: str, now: datetime) -> None:
    """Leaves a mark where a message was taken back before it arrived, so that it isn't stored when it comes after all."""
    session.add(
        InboundMessage(
            key=str(uuid.uuid4()),
            conversation=conversation_of(session, event.channel, event.account, NOBODY),
            channel=event.channel,
            account=event.account,
            platform_id=event.platform_id,
            visibility=visibility,
            reply_target=event.platform_id,
            received_at=now,
            due_at=now,
            state=ENDED,
            end=SILENT,
            end_reason="it was taken back before it arrived",
            ended_at=now,
        )
    )


def hand_over(session: Session, event: Said | HandedOver, *, to_us: bool, account: Account, now: datetime) -> None:
    """Notes who has the conversation: somebody else, for the account's pause, or Signpost again."""
    conversation = conversation_of(session, event.channel, event.account, event.person)
    conversation.staff_until = None if to_us else now + timedelta(hours=account.staff_pause_hours)
