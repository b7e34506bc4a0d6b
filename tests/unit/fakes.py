"""What several unit tests put in the place of Rasa, of a platform and of the redactor."""

from collections.abc import Callable
from typing import Any

from signpost.channels.transport import MESSAGE, PUBLIC_REPLY, Delivery, Taken
from signpost.desk.assistant import Answer, Question, SaidReply
from signpost.desk.delivery import Deliverer
from signpost.desk.ending import Ending, Ways
from signpost.desk.reconcile import Reconciler
from signpost.desk.triage import Triage
from signpost.desk.turn import Turn
from signpost.desk.worker import Desk
from signpost.log.audit import Trail
from signpost.log.escalations import EscalationLog
from signpost.log.models import InboundMessage

TRAIL_KEY = "seals the trail of these tests"


def understood(
    label: str = "crime_report", intent: str = "report_crime", said: list[tuple[str, str]] | None = None, **more: Any
) -> Answer:
    """An answer as the assistant gives it."""
    fields: dict[str, Any] = {
        "message_id": "given by the desk",
        "intent": intent,
        "label": label,
        "scores": {"emergency": 0.1, "crime_report": 0.8, "not_report": 0.1},
        "unsure": False,
        "ranking": [{"name": intent, "confidence": 0.8}],
        "reasons": [],
        "replies": [SaidReply(response, text) for response, text in said or []],
        "model": "model-1",
        **more,
    }
    return Answer(**fields)


class FakeAssistant:
    """Gives (or raises) what it was told to, one thing a question, the last one again and again."""

    def __init__(self, *gives: Answer | Exception) -> None:
        self.gives = list(gives)
        self.asked: list[Question] = []

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        given = self.gives.pop(0) if len(self.gives) > 1 else self.gives[0]
        if isinstance(given, Exception):
            raise given
        return given


class FakePlatform:
    """Takes replies, or raises what it was told to, one thing a reply; takes all once it has run out."""

    def __init__(self, *raises: Exception | None) -> None:
        self.raises = list(raises)
        self.sent: list[Delivery] = []
        self.meanwhile: Callable[[], object] | None = None

    def send(self, delivery: Delivery) -> Taken:
        self.sent.append(delivery)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        fault = self.raises.pop(0) if self.raises else None
        if fault is not None:
            raise fault
        return Taken(f"taken-{len(self.sent)}")


class NoRedactor:
    """Redacts nothing."""

    def redact(self, text: str) -> str:
        return text


class NameRedactor:
    """Redacts the names it is given, wherever they stand as words of their own."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def redact(self, text: str) -> str:
        return " ".join("<name>" if word.strip(",.!?") in self.names else word for word in text.split(" "))


def log_for(record: Any, redactor: Any = None) -> EscalationLog:
    redact = redactor or NoRedactor()
    return EscalationLog(record.sessions, record.reads, record.vault, lambda: redact, record.clock, Trail(TRAIL_KEY))


def one_way(channel: str, _account: str) -> tuple[str, ...]:
    return (PUBLIC_REPLY if channel.endswith(("comment", "mention")) else MESSAGE,)


def turn_for(record: Any, mandate: Any, assistant: Any, ways: Ways = one_way) -> Turn:
    ending = Ending(mandate, ways, record.clock)
    return Turn(record.sessions, record.reads, record.vault, mandate, assistant, ending, record.clock)


def deliverer_for(record: Any, platform: Any) -> Deliverer:
    return Deliverer(record.sessions, record.reads, lambda _channel, _account: platform, record.clock, lambda: 1.0)


def desk_for(  # noqa: PLR0913, PLR0917  # what a desk is made of
    record: Any, mandate: Any, assistant: Any, platform: Any, redactor: Any = None, triage: Triage | None = None
) -> Desk:
    return Desk(
        sessions=record.sessions,
        reads=record.reads,
        turn=turn_for(record, mandate, assistant),
        deliverer=deliverer_for(record, platform),
        reconciler=Reconciler(record.sessions, record.reads, log_for(record, redactor)),
        clock=record.clock,
        triage=triage,
    )


def work_through(desk: Desk) -> bool:
    """One message all the way, its replies delivered: what a worker and a carrier do side by side."""
    worked = desk.work_once("worker-1")
    desk.deliverer.deliver_due()
    return worked


def guidance(mandate: Any, channel: str = "messenger", kind: str = "guidance") -> tuple[str, str]:
    """Guidance as the assistant says it, from its response."""
    return f"utter_{kind}", mandate.canonical_text(kind, mandate.channel(channel))


def stored(record: Any, message_id: int) -> InboundMessage:
    """The message with its replies, its escalation and its conversation."""
    with record.reads() as session:
        message = session.get_one(InboundMessage, message_id)
        _ = list(message.replies), message.escalation, message.conversation
        return message
