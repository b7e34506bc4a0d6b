"""Asks Rasa, over HTTP on loopback (bot/channel.py is the other side)."""

from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import msgspec

from signpost.channels.text import storable
from signpost.desk.connections import Client

SECONDS = httpx.Timeout(10.0)
LOGGED, SAID = "logged", "said"
"""When the assistant answers: once the action has done its work, or as soon as all words are there (bot/channel.py)."""
LONGEST_TEXT = 20_000


class AssistantAway(Exception):
    """The assistant can't be reached or failed; asking again later may work. Says why, without the text."""


class AssistantRefused(Exception):
    """The assistant won't take this message, now or later. Says why, without the text."""


class SaidReply(msgspec.Struct):
    """One reply as the assistant said it."""

    response: str
    text: str


class Answer(msgspec.Struct):
    """What the assistant understood of a message, and what it says to it."""

    message_id: str
    intent: str
    label: str
    scores: dict[str, float]
    unsure: bool
    ranking: list[dict[str, Any]]
    reasons: list[dict[str, str]]
    replies: list[SaidReply]
    model: str
    escalation: str | None = None
    kind: str | None = None
    language: str | None = None
    """The code of a language other than English (bot/languages.yml)."""
    logging: bool = False
    """Everything is said, and the action is writing the escalation."""
    held: bool = False
    """Understood, and not answered, since it is no more urgent than the question's ``hold``."""
    slots: dict[str, str] = {}
    """What the rules could ask about the message besides its intent (domain/slots.yml)."""


class Urgencies(msgspec.Struct):
    """How urgent each of several texts is, 0 to 100."""

    urgency: list[int]


Decoded = TypeVar("Decoded", Answer, Urgencies)


@dataclass(frozen=True)
class Question:
    """One message as the assistant is asked about it; ids are opaque.

    ``hold``: understand only, and don't answer, what is no more urgent than this label; empty: answer whatever it is.
    """

    message_id: str
    conversation_id: str
    channel: str
    visibility: str
    text: str
    guided: str
    replies: str
    hold: str = ""


class Assistant:
    """A client of the assistant; the HTTP client is passed in and shared by threads.

    ``answer_when``: :data:`LOGGED` or :data:`SAID`.
    """

    def __init__(self, client: Client, url: str, token: str, answer_when: str = LOGGED) -> None:
        self._client = client
        self._answer_when = answer_when
        self._url = f"{url}/webhooks/signpost"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def urgency_of(self, texts: list[str]) -> list[int]:
        """How urgent each text is, 0 to 100: the chance that it tells of an emergency, in hundredths.

        Raises :class:`AssistantAway` or :class:`AssistantRefused`.
        """
        content = self._post("urgency", {"texts": [storable(text)[:LONGEST_TEXT] for text in texts]})
        found = _decoded(content, Urgencies).urgency
        if len(found) != len(texts):
            raise AssistantAway("the assistant answered about other messages")
        return found

    def ask(self, question: Question) -> Answer:
        """The answer. Raises :class:`AssistantAway` or :class:`AssistantRefused`."""
        body = {
            "message_id": question.message_id,
            "conversation_id": question.conversation_id,
            "channel": question.channel,
            "visibility": question.visibility,
            "text": storable(question.text)[:LONGEST_TEXT],
            "guided": question.guided,
            "replies": question.replies,
            "hold": question.hold,
            "answer_when": self._answer_when,
        }
        answer = _decoded(self._post("messages", body), Answer)
        if answer.message_id != question.message_id:
            raise AssistantAway("the assistant answered about another message")
        return answer

    def _post(self, place: str, body: dict[str, Any]) -> bytes:
        try:
            reply = self._client.request(
                "POST",
                f"{self._url}/{place}",
                content=msgspec.json.encode(body),
                headers=self._headers,
                timeout=SECONDS,
            )
        except httpx.HTTPError as fault:
            raise AssistantAway(f"the assistant could not be reached ({type(fault).__name__})") from None
        if reply.status_code in (400, 413):
            raise AssistantRefused(f"the assistant refused the message (status {reply.status_code})")
        if reply.status_code != 200:  # noqa: PLR2004  # HTTP's own number says it best
            raise AssistantAway(f"the assistant answered with status {reply.status_code}")
        return reply.content


def _decoded(content: bytes, kind: type[Decoded]) -> Decoded:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise AssistantAway("the assistant's answer could not be read") from None


def local_client() -> httpx.Client:
    """A client for loopback: kept connections, no proxy from the environment."""
    return httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=64))
