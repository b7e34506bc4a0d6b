"""Makes messages with all that came of them: what was understood, the reply, and the escalation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from signpost.force.mandate import ANSWER, EMERGENCY_GUIDANCE, GUIDANCE, Mandate
from signpost.log.encryption import Vault
from signpost.log.reference import ALPHABET
from tests.large import words
from tests.large.force import ACCOUNTS, CAUSES, KINDS, MODEL, ORIGINAL_DAYS, Size
from tests.large.people import Known, People
from tests.large.records import Records, Understood
from tests.large.rows import Choice, Rows, new_key, shown

CAUSE, KIND = Choice(CAUSES), Choice(KINDS)
REPLY_KINDS = {"emergency": EMERGENCY_GUIDANCE, "crime_report": GUIDANCE}
OTHER_REPLY = "Thanks for your message. Staff may read it."
TEXTS = 500
"""So many different originals are encrypted; messages share them, for encrypting takes long."""


@dataclass
class Maker:
    """Makes messages in the order in which they come; ``until`` is the time at which all of it has happened."""

    size: Size
    mandate: Mandate
    vault: Vault
    until: datetime
    chance: Random
    rows: Rows = field(default_factory=Rows)
    _references: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """All that is worked out once."""
        self.people = People(self.rows, self.chance, self.size.escalations + self.size.others)
        self.records = Records(self.rows, self.chance, self.size, self.until)
        self._guidance = {
            (channel, kind): self.mandate.canonical_text(kind, self.mandate.channel(channel))
            for _name, channels, _weight in ACCOUNTS.values()
            for channel in channels
            for kind in (GUIDANCE, EMERGENCY_GUIDANCE)
        }
        self._tokens = [self.vault.encrypt(words.report(self.chance)) for _ in range(TEXTS)]

    def message(self, received: datetime, *, escalated: bool) -> Understood | None:
        """One message; what was understood of it, when it was escalated."""
        one = self._understood(received, escalated=escalated)
        number, reply_kind = self._inbound(one), REPLY_KINDS.get(one.label, ANSWER)
        delivered, state, reply = None, "failed" if one.end == "failed" else "waiting", None
        if one.end == "answered":
            reply = self._guidance.get((one.home.channel, reply_kind), OTHER_REPLY)
            delivered, state = self._reply(number, one, reply_kind, reply)
        if not escalated:
            return None
        self.records.add(number, one, delivered, state, reply)
        return one

    def _understood(self, received: datetime, *, escalated: bool) -> Understood:
        chance, home = self.chance, self.people.next()
        cause = CAUSE.of(chance) if escalated else ""
        label = self._label(cause)
        unsure = cause == "unsure" or (cause == "report" and chance.random() < 0.07)
        named = label in REPLY_KINDS and not home.channel.startswith("x_") and chance.random() < 0.7
        return Understood(
            home=home,
            reference=self._reference() if escalated else None,
            received=received,
            ended=received + timedelta(seconds=0.05 + chance.lognormvariate(-1.6, 0.6)),
            cause=cause,
            label=label,
            unsure=unsure,
            kind=KIND.of(chance) if named else None,
            confidence=round(chance.uniform(0.3, 0.6) if unsure else 1 - chance.random() ** 2 * 0.4, 4),
            end=_end(cause, label, home),
        )

    def _label(self, cause: str) -> str:
        if cause in {"failed", "unreadable"}:
            return "unknown"
        draw = self.chance.random()
        if cause == "report":
            return "emergency" if draw < 0.09 else "crime_report"
        return "crime_report" if cause == "unsure" and draw < 0.5 else "not_report"

    def _inbound(self, one: Understood) -> int:
        at, place = shown(one.received), self.rows.made("inbound_message") + 1
        token = self._tokens[place % TEXTS] if (self.until - one.received).days < ORIGINAL_DAYS else None
        platform_id, intent = f"m.{place:012d}", "report_crime" if one.label in REPLY_KINDS else "small_talk"
        # fmt: off
        return self.rows.add(
            "inbound_message", new_key(self.chance), one.home.id, one.home.channel, one.home.account, platform_id,
            one.visibility, "text", platform_id, at, at, token, "ended", 2 if one.label == "emergency" else 0, 0, at,
            one.reference, 1, one.label, intent, one.scores, f'[{{"name": "{intent}", "confidence": {one.confidence}}}]',
            int(one.unsure), one.kind, MODEL, one.end, None if one.end == "answered" else "no reply is due by rule",
            shown(one.ended), 1,
        )
        # fmt: on

    def _reply(self, message: int, one: Understood, kind: str, text: str) -> tuple[datetime | None, str]:
        """Stores the reply with its attempts; when it arrived, and how it ended."""
        chance, reply, created = self.chance, self.rows.made("outbound_message") + 1, shown(one.ended)
        draw = chance.random()
        tries, failed = 1 if draw < 0.97 else chance.randrange(2, 6), draw > 0.99
        at = one.ended + timedelta(seconds=0.1 + chance.lognormvariate(-1.0, 0.7))
        for attempt in range(1, tries):
            self.rows.add("delivery_attempt", reply, shown(at), "later", "The platform didn't take it.")
            at += timedelta(seconds=2**attempt * chance.uniform(1, 20))
        state = "failed" if failed else "delivered"
        detail = "The platform refused it." if failed else None
        self.rows.add("delivery_attempt", reply, shown(at), state, detail)
        delivered = None if failed else at
        # fmt: off
        self.rows.add(
            "outbound_message", message, 0, "message" if one.visibility == "private" else "public_reply", kind, f"utter_{kind}",
            text, created, created, state, tries, shown(delivered), None if failed else f"r.{reply:012d}", detail,
        )
        # fmt: on
        return delivered, state

    def _reference(self) -> str:
        for letters in self._draws():
            reference = f"{letters[:3]}-{letters[3:]}"
            if reference not in self._references and "999" not in letters:
                break
        self._references.add(reference)
        return reference

    def _draws(self) -> Iterator[str]:
        while True:
            yield "".join(self.chance.choices(ALPHABET, k=6))


def _end(cause: str, label: str, home: Known) -> str:
    if cause in {"failed", "unreadable"}:
        return "failed"
    public = home.channel.endswith(("comment", "mention"))
    return "silent" if cause == "abuse" or (label == "not_report" and public) else "answered"
