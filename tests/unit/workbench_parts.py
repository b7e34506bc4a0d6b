"""What the tests of the workbench's pages put in the place of the assistant and of the project's files."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from console_models import shelf_in
from console_staff import Console, console_of
from test_console_pages import parts_for

from signpost.console.workbench.assistant import Assistant
from signpost.console.workbench.bench import Bench
from signpost.console.workbench.likening import key_of

THEFT = """\
version: "3.1"
nlu:
- intent: report_crime
  examples: |
    - phone snatched outside the station by a lad on a bike
- intent: report_emergency
  examples: |
    - there is somebody in my house right now
- intent: risk_to_life
  examples: |
    - my brother says he will jump off the bridge
- intent: everyday_talk
  examples: |
    - lovely weather for the fair this morning
"""
GUIDANCE = (
    "We can't take reports of crime over social media. Call 101 in a non-emergency, or 999 in an emergency. Our social "
    "media channels are not monitored 24/7. We have no control over the security and confidentiality of messages sent "
    "through Facebook Messenger."
)
UNDERSTOOD: dict[str, Any] = {
    "intent": "report_crime",
    "label": "crime_report",
    "scores": {"emergency": 0.013, "crime_report": 0.982, "not_report": 0.005},
    "unsure": False,
    "ranking": [{"name": "report_crime", "confidence": 0.9}, {"name": "everyday_talk", "confidence": 0.004}],
    "reasons": [{"word": "snatched", "speaks": "for"}, {"word": "lovely", "speaks": "against"}],
    "kind": None,
    "slots": {"visibility": "private", "guidance": "full", "replies": "on_request"},
    "replies": [{"response": "utter_guidance", "text": GUIDANCE}],
    "actions": ["action_log_escalation"],
    "nearest": [
        {"key": "0" * 64, "likeness": 0.95},
        {"key": key_of("phone snatched outside the station by a lad on a bike"), "likeness": 0.91},
        {"key": key_of("lovely weather for the fair this morning"), "likeness": -0.02},
    ],
    "model": "aaaaaaaabbbbbbbb",
}


class PlainRedactor:
    """Redacts nothing but what a test can see."""

    def redact(self, text: str) -> str:
        return text.replace("07700 900123", "<phone number>")


@dataclass
class Rasa:
    """Answers as the assistant would, and keeps what it was asked; ``status`` and ``raises`` where it doesn't."""

    says: dict[str, Any] = field(default_factory=lambda: dict(UNDERSTOOD))
    status: int = 200
    raises: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.urls.append(str(request.url))
        if self.raises is not None:
            raise self.raises
        if request.method == "GET":
            return httpx.Response(200, json={"ready": True, "model": "a" * 32})
        assert request.headers["authorization"] == "Bearer a token"
        self.asked.append(json.loads(request.content))
        return httpx.Response(self.status, json=self.says)

    def client(self) -> Assistant:
        """The client that asks it."""
        return Assistant(
            httpx.Client(transport=httpx.MockTransport(self)), "http://127.0.0.1:1/webhooks/signpost", "a token"
        )


def workbench(record: Any, mandate: Any, folder: Path, rasa: Rasa | None, **more: Any) -> Console:
    """The console with a project of its own in the folder."""
    nlu = folder / "project" / "data" / "nlu"
    nlu.mkdir(parents=True)
    (nlu / "theft.yml").write_text(THEFT)
    bench = Bench(
        assistant=rasa.client() if rasa else None,
        redactor=PlainRedactor,
        suite_folder=folder / "suite",
        **more,
    )
    shelf = shelf_in(folder / "models", record.clock)
    return console_of(parts_for(record, mandate, training_folder=nlu, bench=bench, shelf=shelf))
