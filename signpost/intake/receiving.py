"""Takes what a platform told us into the record: a webhook whole or not at all, on disk when it is acknowledged."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from signpost.bell import SILENCE, Bell, Silence
from signpost.channels.events import Deleted, Echoed, Edited, Event, HandedOver, Noted, Said
from signpost.force.accounts import Account, Accounts
from signpost.gathering import Gatherer
from signpost.intake.changes import erase, hand_over, mark_gone, reword
from signpost.intake.echoes import OURS, is_recorded, said_by_us, take_echo
from signpost.intake.heard import Heard
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.messages import NewMessage, sealed, store_all
from signpost.log.states import note_received

UNKNOWN_PERSON = "unknown:"
"""Stands before a message's id where the platform withholds who wrote it: each is a conversation of its own."""


@dataclass(frozen=True)
class Tally:
    """What came of one webhook: messages stored, known already, erased; events for accounts that aren't ours; others."""

    stored: int = 0
    known: int = 0
    erased: int = 0
    unknown_account: int = 0
    noted: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Webhook:
    """What one webhook calls for, as far as can be told without the record.

    ``heard``: the platforms and accounts that spoke. ``unknown``: how many events are for accounts that aren't ours.
    """

    now: datetime
    said: list[tuple[NewMessage, bytes]]
    changes: list[tuple[Account, Event]]
    taken_back: list[tuple[Deleted, bool]]
    heard: set[tuple[str, str]]
    noted: Counter[str]
    unknown: int

    @property
    def echoes(self) -> list[Echoed]:
        """All that it tells, where that is nothing but echoes."""
        found = [event for _, event in self.changes if isinstance(event, Echoed)]
        return found if not self.said and not self.taken_back and len(found) == len(self.changes) else []


@dataclass
class Receiver:
    """Stores events. ``visibilities`` says of each channel who reads it; ``urgency`` is the cheap hint from a text.

    ``app_ids``: our own apps' ids on the platforms, by which an echo of ours and a conversation handed to us are known.
    ``bell``: rung for each message that is stored.
    For any number of threads: what arrives while a transaction runs is stored together in the next one.
    """

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    accounts: Accounts
    visibilities: Mapping[str, str]
    app_ids: frozenset[str]
    urgency: Callable[[str], int]
    clock: Clock
    bell: Bell | Silence = SILENCE

    def __post_init__(self) -> None:
        self._heard = Heard()
        self._look: Gatherer[Sequence[Echoed], bool] = Gatherer(self._bring_nothing_new, (OperationalError,))
        self._store: Gatherer[Webhook, Tally] = Gatherer(self._store_all, (OperationalError,))

    def take(self, events: Sequence[Event]) -> Tally:
        """Stores everything the events call for, or nothing.

        Raises :class:`sqlalchemy.exc.SQLAlchemyError` when the record can't be written; the platform must send again.
        """
        webhook = self._sorted(events)
        if not self._heard.due(webhook.heard, webhook.now):
            if not (webhook.said or webhook.changes or webhook.taken_back):
                return _tally(webhook)
            # The desk has mostly recorded a delivery before its echo is here.
            if webhook.echoes and self._look.ask(webhook.echoes).result():
                webhook.noted[OURS] += len(webhook.changes)
                return _tally(webhook)
        return self._store.ask(webhook).result()

    def _sorted(self, events: Sequence[Event]) -> Webhook:
        now = self.clock()
        noted: Counter[str] = Counter()
        ours: list[tuple[Account, Event]] = []
        # X names the author's account, not ours, and tells of our own posts too: there only what is known is looked for.
        taken_back: list[tuple[Deleted, bool]] = []
        unknown = 0
        for event in events:
            if isinstance(event, Noted):
                noted[event.kind] += 1
                continue
            account = self.accounts.on_channel(event.channel, event.account)
            if isinstance(event, Deleted):
                taken_back.append((event, account is not None and account.platform != "x"))
            elif account is None:
                unknown += 1
            elif isinstance(event, (Said, Edited)) and self._is_own(event.person):
                noted["own"] += 1
            else:
                ours.append((account, event))
        said = [sealed(self.vault, self.as_message(event, now)) for _, event in ours if isinstance(event, Said)]
        changes = [(account, event) for account, event in ours if not isinstance(event, Said) or event.standby]
        return Webhook(now, said, changes, taken_back, self._who_spoke(ours, events), noted, unknown)

    def _bring_nothing_new(self, several: Sequence[Sequence[Echoed]]) -> list[bool]:
        with self.reads() as session:
            return [all(is_recorded(session, echo) for echo in echoes) for echoes in several]

    def _store_all(self, webhooks: Sequence[Webhook]) -> list[Tally]:
        """Stores all of several webhooks in one transaction: their messages first, then what changes what is stored."""
        changes: list[_Changes] = []
        with self.sessions.begin() as session:
            theirs = [
                [one for one in webhook.said if not _is_ours(session, one[0], webhook.now)] for webhook in webhooks
            ]
            new = iter(store_all(session, [one for said in theirs for one in said]))
            for webhook, said in zip(webhooks, theirs, strict=True):
                changes.append(_Changes(session, self, webhook.now, Counter(own=len(webhook.said) - len(said))))
                changes[-1].messages(list(islice(new, len(said))))
            for webhook, change in zip(webhooks, changes, strict=True):
                for account, event in webhook.changes:
                    change.take(account, event)
            for webhook, change in zip(webhooks, changes, strict=True):
                for event, leaves_mark in webhook.taken_back:
                    change.erase(event, leaves_mark=leaves_mark)
            now = webhooks[-1].now
            due = self._heard.due({who for webhook in webhooks for who in webhook.heard}, now)
            note_received(session, due, now)
        self.bell.ring(sum(change.stored for change in changes))
        self._heard.noted(due, now)
        return [_tally(*both) for both in zip(webhooks, changes, strict=True)]

    def _who_spoke(self, ours: list[tuple[Account, Event]], events: Sequence[Event]) -> set[tuple[str, str]]:
        """The platforms and accounts that spoke: events that are only counted show it too."""
        noted = {event.account for event in events if isinstance(event, Noted)}
        return {(account.platform, event.account) for account, event in ours} | {
            (account.platform, account.id) for account in self.accounts.all if account.id in noted
        }

    def _is_own(self, person: str) -> bool:
        """Whether one of the force's own accounts wrote it: those are never answered."""
        return bool(person) and self.accounts.of_id(person) is not None

    def as_message(self, said: Said, now: datetime) -> NewMessage:
        """What somebody said, as it is stored."""
        return NewMessage(
            channel=said.channel,
            account=said.account,
            person=said.person or f"{UNKNOWN_PERSON}{said.platform_id}",
            platform_id=said.platform_id,
            visibility=self.visibilities[said.channel],
            text=said.text,
            received_at=now,
            kind=said.kind,
            urgency=self.urgency(said.text),
            sent_at=said.sent_at,
        )


def _tally(webhook: Webhook, changes: "_Changes | None" = None) -> Tally:
    if changes is None:
        return Tally(unknown_account=webhook.unknown, noted=+webhook.noted)
    return Tally(changes.stored, changes.known, changes.erased, webhook.unknown, webhook.noted + changes.noted)


def _is_ours(session: Session, new: NewMessage, now: datetime) -> bool:
    """Whether a comment whose writer is withheld is one of our own replies, come back as a comment among others."""
    return new.person.startswith(UNKNOWN_PERSON) and said_by_us(session, new.account, new.platform_id, new.text, now)


@dataclass
class _Changes:
    """The events of one webhook that change what is stored, taken after messages are: order within it doesn't matter."""

    session: Session
    receiver: Receiver
    now: datetime
    noted: Counter[str]
    stored: int = 0
    known: int = 0
    erased: int = 0

    def messages(self, new: Sequence[bool]) -> None:
        """Counts what became of the webhook's messages."""
        self.stored += sum(new)
        self.known += len(new) - sum(new)

    def take(self, account: Account, event: Event) -> None:
        """Does what the event calls for."""
        if isinstance(event, Said) and event.standby:
            hand_over(self.session, event, to_us=False, account=account, now=self.now)
        elif isinstance(event, Edited):
            self._reword(event)
        elif isinstance(event, Echoed):
            self.noted[take_echo(self.session, event, account, self.receiver.app_ids, self.now)] += 1
        elif isinstance(event, HandedOver):
            hand_over(self.session, event, to_us=event.to_app in self.receiver.app_ids, account=account, now=self.now)
            self.noted["handed_over"] += 1

    def erase(self, event: Deleted, *, leaves_mark: bool) -> None:
        """Takes the words out of the record, or leaves a mark for when they come."""
        held = erase(self.session, event)
        self.erased += held or 0
        if held is None and leaves_mark:
            mark_gone(self.session, event, self.receiver.visibilities[event.channel], self.now)

    def _reword(self, event: Edited) -> None:
        said = Said(event.channel, event.account, event.person, event.platform_id, event.text, sent_at=event.sent_at)
        new = self.receiver.as_message(said, self.now)
        if reword(self.session, self.receiver.vault, new, event.revision):
            self.stored += 1
        else:
            self.known += 1
