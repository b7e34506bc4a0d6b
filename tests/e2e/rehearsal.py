"""The pages with a desk whose assistant follows a script: ``python tests/e2e/rehearsal.py``.

For working on the pages, and for their tests, where there is no Rasa (it needs Python 3.10) or no trained model. The desk,
the guard, the delivery and the log are the real ones.
"""

import json
import re
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from werkzeug.serving import make_server

from signpost.channels.simulated import SimulatedTransport
from signpost.console.app import create_app
from signpost.console.parts import Parts
from signpost.console.workbench.assistant import Assistant as TriedAssistant
from signpost.console.workbench.bench import Bench
from signpost.desk.assistant import Answer, Assistant, Question, SaidReply
from signpost.desk.delivery import Deliverer
from signpost.desk.ending import Ending
from signpost.desk.opening import ways_of
from signpost.desk.reconcile import Reconciler
from signpost.desk.turn import Turn
from signpost.desk.worker import Desk, run_desk
from signpost.force.accounts import Accounts
from signpost.force.mandate import EMERGENCY_GUIDANCE, GUIDANCE, Mandate, load_mandate
from signpost.log.audit import Trail
from signpost.log.causes import LABELS
from signpost.log.clock import utc_now
from signpost.log.database import migrate, open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.log.escalations import EscalationLog, Finding
from signpost.secrets import MAKERS

PROJECT = Path(__file__).parents[2]
PORT = 8070

EMERGENCIES = re.compile(r"\b(please hurry|right now|help me|has a knife|trying to force)\b", re.IGNORECASE)
CRIMES = re.compile(r"\b(smashed|stole|stolen|burgled|robbed|nicked)\b", re.IGNORECASE)
QUESTIONS = re.compile(r"\?")
OTHERS = ("ask_general_policing", "respond_to_appeal", "everyday_talk", "opinion_or_news")
WRONG_WORDS = "say something wrong"
"""A message with these words gets a reply with a number the force never approved, which the guard replaces."""
TESTS = """\
conversations:
- conversation: Somebody reports a stolen bike
  channels: [private]
  turns:
  - says: someone stole my bike
    label: crime_report
    escalation: yes
    replies: [utter_guidance]
- conversation: A kind word under a post gets no answer
  channels: [public]
  turns:
  - says: what a lovely day
    replies: []
"""
"""Conversation tests, for trainers to look at."""


@dataclass(frozen=True)
class ScriptedAssistant(Assistant):
    """Answers by three patterns, and escalates as the assistant's own action does."""

    parts: Parts
    escalations: EscalationLog

    def ask(self, question: Question) -> Answer:
        """The answer the script holds for the text."""
        label, intent = _read(question.text)
        reference = None
        if label in LABELS:
            scores = _scores(label)
            reference = self.escalations.write(Finding(question.message_id, label, scores, "rehearsal", "action"))
        return Answer(
            message_id=question.message_id,
            intent=intent,
            label=label,
            scores=_scores(label),
            unsure=len(question.text) < 5,  # any text this short will do
            ranking=_ranking(intent),
            reasons=_reasons(question.text, label),
            replies=self._replies(question, label),
            model="rehearsal",
            escalation=reference,
        )

    def _replies(self, question: Question, label: str) -> list[SaidReply]:
        return _said(self.parts.mandate, question.channel, question.text, label)


def _said(mandate: Mandate, channel_key: str, text: str, label: str) -> list[SaidReply]:
    channel = mandate.channel(channel_key)
    if WRONG_WORDS in text.lower():
        return [SaidReply("utter_what_101_is", "Please call us on 0800 555 111.")]
    if label == "emergency":
        return [SaidReply("utter_emergency_guidance", mandate.canonical_text(EMERGENCY_GUIDANCE, channel))]
    if label == "crime_report":
        return [SaidReply("utter_guidance", mandate.canonical_text(GUIDANCE, channel))]
    if channel.visibility == "public":
        return []
    return [SaidReply("utter_thanks", "Thank you for your message. Staff may read it later.")]


def _bench(folder: Path, mandate: Mandate) -> Bench:
    """What trainers work with: an assistant that follows the same script, and conversation tests of their own."""
    suite = folder / "conversations"
    suite.mkdir()
    (suite / "bikes.yml").write_text(TESTS, "utf-8")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"ready": True, "model": "rehearsal"})
        asked = json.loads(request.content)
        label, intent = _read(asked["text"])
        return httpx.Response(
            200,
            json={
                "intent": intent,
                "label": label,
                "scores": _scores(label),
                "unsure": len(asked["text"]) < 5,  # any text this short will do
                "ranking": _ranking(intent),
                "reasons": _reasons(asked["text"], label),
                "replies": [
                    {"response": one.response, "text": one.text}
                    for one in _said(mandate, asked["channel"], asked["text"], label)
                ],
                "actions": ["action_log_escalation"] if label in LABELS else [],
                "slots": {"visibility": asked["visibility"], "guidance": "full", "replies": asked["replies"]},
                "nearest": None,
                "model": "rehearsal",
            },
        )

    client = httpx.Client(transport=httpx.MockTransport(answer))
    assistant = TriedAssistant(client, "http://127.0.0.1/webhooks/signpost", "rehearsal")
    return Bench(assistant, redactor=DigitRedactor, suite_folder=suite)


def _read(text: str) -> tuple[str, str]:
    if EMERGENCIES.search(text):
        return "emergency", "report_emergency"
    if CRIMES.search(text):
        return "crime_report", "report_crime"
    return "not_report", "ask_if_monitored" if QUESTIONS.search(text) else "everyday_talk"


def _scores(label: str) -> dict[str, float]:
    return {name: 0.934 if name == label else 0.033 for name in ("emergency", "crime_report", "not_report")}


def _ranking(intent: str) -> list[dict[str, Any]]:
    names = (intent, *(name for name in OTHERS if name != intent))[:4]
    return [{"name": name, "confidence": sure} for name, sure in zip(names, (0.87, 0.06, 0.03, 0.004), strict=True)]


def _reasons(text: str, label: str) -> list[dict[str, str]]:
    words = sorted({word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)}, key=len, reverse=True)[:4]
    speaks = ("against", "for") if label == "not_report" else ("for", "against")
    return [{"word": word, "speaks": speaks[number == len(words) - 1]} for number, word in enumerate(words)]


class DigitRedactor:
    """Stands for the real redactor, which takes seconds to load: hides figures only."""

    def redact(self, text: str) -> str:
        """The text without its figures."""
        return re.sub(r"\d+", "[number]", text)


def rehearse(folder: Path, page_waits: float = 1.5) -> tuple[Parts, Desk]:
    """Parts and a desk on a new database in the folder, with secrets of their own."""
    engine = open_engine(f"sqlite:///{folder / 'rehearsal.db'}")
    migrate(engine)
    mandate = load_mandate(PROJECT / "force")
    parts = Parts(
        sessions=session_factory(engine),
        reads=reading(engine),
        vault=Vault(MAKERS["SIGNPOST_ENCRYPTION_KEY"]()),
        mandate=mandate,
        clock=utc_now,
        session_secret=MAKERS["SIGNPOST_SESSION_SECRET"](),
        trail=Trail(MAKERS["SIGNPOST_AUDIT_KEY"]()),
        page_waits=page_waits,
        bench=_bench(folder, mandate),
    )
    escalations = EscalationLog(parts.sessions, parts.reads, parts.vault, DigitRedactor, parts.clock, parts.trail)
    assistant = ScriptedAssistant(parts, escalations)
    transport = SimulatedTransport()
    desk = Desk(
        sessions=parts.sessions,
        reads=parts.reads,
        turn=Turn(
            parts.sessions,
            parts.reads,
            parts.vault,
            parts.mandate,
            assistant,
            Ending(parts.mandate, ways_of(parts.mandate, Accounts()), parts.clock),
            parts.clock,
        ),
        deliverer=Deliverer(parts.sessions, parts.reads, lambda _channel, _account: transport, parts.clock),
        reconciler=Reconciler(parts.sessions, parts.reads, escalations),
        clock=parts.clock,
    )
    return parts, desk


def main() -> int:
    """Serves the pages on loopback until it is interrupted; what was written is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="signpost-rehearsal-") as folder:
        parts, desk = rehearse(Path(folder))
        stop = threading.Event()
        desk_thread = threading.Thread(target=run_desk, args=(desk, 1, 1, stop))
        desk_thread.start()
        print(f"The simulator with a scripted assistant: http://127.0.0.1:{PORT}/  (Ctrl+C stops it)")  # noqa: T201  # for whoever started it
        try:
            make_server("127.0.0.1", PORT, create_app(parts), threaded=True).serve_forever()
        except KeyboardInterrupt:
            return 0
        finally:
            stop.set()
            desk_thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())
