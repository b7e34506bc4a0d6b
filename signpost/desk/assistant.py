"""Asks Rasa, over HTTP on loopback (bot/channel.py is the other side)."""

from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from signpost.channels.text import storable

SECONDS = 10.0
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


@dataclass(frozen=True)
class Question:
    """One message as the assistant is asked about it; ids are opaque."""

    message_id: str
    conversation_id: str
    channel: str
    visibility: str
    text: str
    guided: str
    replies: str


class Assistant:
    """A client of the assistant; the HTTP client is passed in and shared by threads."""

    def __init__(self, client: httpx.Client, url: str, token: str) -> None:
        self._client = client
        self._url = f"{url}/webhooks/signpost/messages"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

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
        }
        try:
            reply = self._client.post(
                self._url, content=msgspec.json.encode(body), headers=self._headers, timeout=SECONDS
            )
        except httpx.HTTPError as fault:
            raise AssistantAway(f"the assistant could not be reached ({type(fault).__name__})") from None
        if reply.status_code in (400, 413):
            raise AssistantRefused(f"the assistant refused the message (status {reply.status_code})")
        if reply.status_code != 200:  # noqa: PLR2004  # HTTP's own number says it best
            raise AssistantAway(f"the assistant answered with status {reply.status_code}")
        try:
            answer = msgspec.json.decode(reply.content, type=Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise AssistantAway("the assistant's answer could not be read") from None
        if answer.message_id != question.message_id:
            raise AssistantAway("the assistant answered about another message")
        return answer


def local_client() -> httpx.Client:
    """A client for loopback: kept connections, no proxy from the environment."""
    return httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=64))
