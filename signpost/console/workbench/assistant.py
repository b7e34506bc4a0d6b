"""Asks the running assistant what it would make of a message; it does nothing with it (bot/understanding.py)."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from signpost.channels.text import storable
from signpost.desk.assistant import LONGEST_TEXT, SaidReply, local_client
from signpost.force.mandate import Channel
from signpost.settings import Settings

SECONDS = 8.0
HEALTH_SECONDS = 1.5
AWAY = (
    "The assistant doesn’t answer, so nothing can be tried now. If it is just starting, try again in a minute. Whoever "
    "runs Signpost can see what is wrong with: signpost status"
)
NO_MODEL = (
    "The assistant has no model yet, so nothing can be tried. Train one where Signpost is installed: signpost train"
)
REFUSED = "The assistant can’t take this message. Shorten it, or write it without unusual characters."
NOT_KNOWN_HERE = "This console doesn’t know where the assistant is, so nothing can be tried here."
NO_MODEL_STATUS = 503


class CantTry(Exception):
    """Nothing could be tried. The text is a sentence for the trainer, and never holds the message."""


class Nearest(msgspec.Struct, frozen=True):
    """A training message by the SHA-256 of its text; ``likeness`` is the cosine of the vectors, -1 to 1."""

    key: str
    likeness: float


class Understood(msgspec.Struct, frozen=True):
    """What the assistant would make of a message. ``nearest`` is none where it doesn't know the training messages."""

    intent: str
    label: str
    scores: dict[str, float]
    unsure: bool
    ranking: list[dict[str, Any]]
    reasons: list[dict[str, str]]
    replies: list[SaidReply]
    actions: list[str]
    slots: dict[str, str]
    model: str
    kind: str | None = None
    language: str | None = None
    """The code of a language other than English (bot/languages.yml)."""
    urgent: str | None = None
    """Why words in ``bot/urgent.yml`` made an emergency of it; none when none did."""
    nearest: list[Nearest] | None = None


@dataclass(frozen=True)
class Tried:
    """A message to try. ``guided`` and ``replies`` as the desk tells them of a real one."""

    text: str
    channel: Channel
    guided: str = "nothing"
    replies: str = "on_request"


@dataclass(frozen=True)
class Assistant:
    """A client of the assistant on loopback, shared by threads."""

    client: httpx.Client
    url: str
    token: str

    def understand(self, tried: Tried) -> Understood:
        """What would be made of it. Raises :class:`CantTry`."""
        body = {
            "message_id": str(uuid.uuid4()),
            "conversation_id": f"tried {uuid.uuid4()}",
            "channel": tried.channel.key,
            "visibility": tried.channel.visibility,
            "text": storable(tried.text)[:LONGEST_TEXT],
            "guided": tried.guided,
            "replies": tried.replies,
        }
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            answer = self.client.post(
                f"{self.url}/understanding", content=msgspec.json.encode(body), headers=headers, timeout=SECONDS
            )
        except httpx.HTTPError:
            raise CantTry(AWAY) from None
        if answer.status_code in (400, 413):
            raise CantTry(REFUSED)
        if answer.status_code == NO_MODEL_STATUS:
            raise CantTry(NO_MODEL)
        try:
            return msgspec.json.decode(answer.raise_for_status().content, type=Understood)
        except (httpx.HTTPError, msgspec.MsgspecError, UnicodeDecodeError):
            raise CantTry(AWAY) from None

    def answers(self) -> bool:
        """Whether it is up and has a model."""
        try:
            return self.client.get(f"{self.url}/", timeout=HEALTH_SECONDS).is_success
        except httpx.HTTPError:
            return False


def assistant_of(settings: Settings) -> Assistant:
    """The assistant of one installation, on this machine's loopback."""
    url = f"http://127.0.0.1:{settings.assistant_port}/webhooks/signpost"
    return Assistant(local_client(), url, settings.assistant_token)
