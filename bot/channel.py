"""Signpost's own Rasa channel: one message in, understanding and replies out, on loopback, behind a bearer token.

``POST /webhooks/signpost/messages`` with ``Authorization: Bearer …`` and JSON
``{message_id, conversation_id, channel, visibility, text, guided?, replies?, hold?, answer_when?}`` answers with
``{message_id, intent, ranking, label, scores, unsure, reasons, replies: [{response, text}], escalation, model, held,
kind, slots, logging}``; ``slots`` is what the rules could ask about the message besides its intent.
With ``answer_when`` "said" rather than "logged", the answer may come before the escalation is written (``logging``).
With ``hold``, a label, a message that is no more urgent than that is understood but not answered (``held``).
``POST /webhooks/signpost/urgency`` with ``{texts}`` answers with ``{urgency: [0 to 100, ...]}`` and does nothing else.
``POST /webhooks/signpost/understanding`` takes a message as ``messages`` does, and does nothing with it (bot/understanding.py).
Every refusal is ``{error}``: a sentence that says what to do, and never any of the text.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot import quiet
from bot.finishing import Finishing
from bot.labels import EMERGENCY, LABELS
from bot.nlu.context import GUIDED, REPLIES, VISIBILITIES
from bot.nlu.kind_list import NOT_GIVEN
from bot.text import MAX_CHARACTERS, clean, defuse, stand_in_for
from bot.understanding import Understanding

LOGGED, SAID = "logged", "said"
MINIMUM_TOKEN = 16
LONGEST_ID = 255
MOST_TEXTS = 64
log = structlog.get_logger("signpost.channel")
quiet.bound_action_calls()


class Refusal(Exception):
    """A request that can't be taken: a sentence for the caller and an HTTP status."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True)
class Incoming:
    """One message as the desk hands it over. Ids are opaque; only ``text`` is anything a person wrote."""

    message_id: str
    conversation_id: str
    channel: str
    visibility: str
    text: str
    guided: str
    replies: str
    hold: str
    answer_when: str = LOGGED


def read_incoming(body: Any) -> Incoming:
    """Checks a request's JSON. Raises :class:`Refusal` (400, or 413 for too long a text)."""
    if not isinstance(body, dict):
        raise Refusal("Send a JSON object.")
    for name in ("message_id", "conversation_id", "channel"):
        value = body.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID:
            raise Refusal(f"{name} must be a string of 1 to {LONGEST_ID} characters.")
    text = body.get("text")
    if not isinstance(text, str):
        raise Refusal("text must be a string.")
    if len(text) > MAX_CHARACTERS:
        raise Refusal(f"text is longer than {MAX_CHARACTERS:,} characters.", 413)
    cleaned = clean(text)
    if not cleaned:
        raise Refusal("text is empty.")
    return Incoming(
        body["message_id"],
        body["conversation_id"],
        body["channel"],
        _choice(body, "visibility", VISIBILITIES, required=True),
        defuse(cleaned),
        _choice(body, "guided", GUIDED),
        _choice(body, "replies", REPLIES),
        _choice(body, "hold", ("", *LABELS)),
        _choice(body, "answer_when", (LOGGED, SAID)),
    )


def read_texts(body: Any) -> list[str]:
    """The texts of a request for their urgency. Raises :class:`Refusal`."""
    texts = body.get("texts") if isinstance(body, dict) else None
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(isinstance(text, str) for text in texts):
        raise Refusal(f"texts must be a list of at most {MOST_TEXTS} strings.")
    return texts


def _choice(body: dict[str, Any], name: str, allowed: tuple[str, ...], *, required: bool = False) -> str:
    value = body.get(name, None if required else allowed[0])
    if value not in allowed:
        raise Refusal(f"{name} must be one of: {', '.join(allowed)}.")
    return str(value)


class Collector(OutputChannel):
    """Keeps what the assistant says; its name is the platform's, so that `channel:` variants of responses match."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[dict[str, str]] = []
        self.said: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once there are replies, and what follows is the log."""

    def name(self) -> str:
        """The platform's channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps a reply's text and the response it came from."""
        if message.get("text"):
            self.replies.append({"response": str(message.get("utter_action", "")), "text": message["text"]})

    def log_follows(self) -> None:
        """Told when an action is about to be called: the rules say all words before it."""
        if self.replies and not self.said.done():
            self.said.set_result(None)


class SignpostInput(InputChannel):
    """The channel. ``credentials.yml`` gives it its token."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._understanding = Understanding()
        self._finishing = Finishing()

    @classmethod
    def name(cls) -> str:
        """Part of the address: ``/webhooks/signpost``."""
        return "signpost"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SignpostInput:
        """Refuses to start without a token that is worth the name."""
        token = (credentials or {}).get("token") or ""
        if len(token) < MINIMUM_TOKEN or token.startswith("$"):
            raise SystemExit(
                "SIGNPOST_ASSISTANT_TOKEN is not set, or shorter than 16 characters. `signpost up` makes one; "
                "for Rasa's own commands use `signpost rasa ...`."
            )
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]] | None = None) -> Blueprint:
        """The addresses; ``/`` answers when a model is loaded. ``on_new_message`` is Rasa's way, and isn't used."""
        webhook = Blueprint("signpost_webhook")

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            ready = agent is not None and agent.is_ready()
            found = {
                "ready": ready,
                "model": _model_of(agent) if ready else None,
                # Of a model that was promoted and doesn't run yet: it is being loaded, or it can't be.
                "next": getattr(request.app.ctx, "next_model", None),
            }
            return json_response(found, 200 if ready else 503)

        @webhook.route("/messages", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._answer(request, self._take)

        @webhook.route("/urgency", methods=["POST"])
        async def urgency(request: Request) -> HTTPResponse:
            return await self._answer(request, self._urgencies)

        @webhook.route("/understanding", methods=["POST"])
        async def understanding(request: Request) -> HTTPResponse:
            return await self._answer(request, self._understand)

        return webhook

    async def _answer(self, request: Request, take: Callable[[Request], Awaitable[dict[str, Any]]]) -> HTTPResponse:
        try:
            self._admit(request)
            return json_response(await take(request))
        except Refusal as refusal:
            return json_response({"error": refusal.sentence}, refusal.status)
        except Exception as fault:  # noqa: BLE001  # whatever it was, the desk is told and tries again
            # The message and its traceback may quote the text, so neither is logged.
            log.error("turn_failed", fault=type(fault).__name__)
            return json_response({"error": "The assistant failed on this message. Try again."}, 500)

    def _admit(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), b"Bearer " + self._token):
            raise Refusal("The bearer token is missing or wrong. It must be SIGNPOST_ASSISTANT_TOKEN.", 401)

    async def _take(self, request: Request) -> dict[str, Any]:
        incoming = read_incoming(_body(request))
        return await take_turn(_ready_agent(request), incoming, self._finishing)

    async def _understand(self, request: Request) -> dict[str, Any]:
        return await self._understanding.of(_ready_agent(request), read_incoming(_body(request)))

    async def _urgencies(self, request: Request) -> dict[str, Any]:
        texts = read_texts(_body(request))
        agent = _ready_agent(request)
        found = []
        for text in texts:
            found.append(await urgency_of(agent, text))
            # A message that is being answered goes first.
            await asyncio.sleep(0)
        return {"urgency": found}


def _body(request: Request) -> Any:
    try:
        return request.json
    except SanicException:
        raise Refusal("The body is not valid JSON.") from None


def _ready_agent(request: Request) -> Any:
    agent = request.app.ctx.agent
    if agent is None or not agent.is_ready():
        raise Refusal("No model is loaded. Run: signpost train", 503)
    return agent


async def urgency_of(agent: Any, text: str) -> int:
    """The chance, in hundredths, that a text tells of an emergency; nothing is kept and nothing is said."""
    cleaned = clean(text[:MAX_CHARACTERS])
    if not cleaned:
        return 0
    context = {"channel": "messenger", "visibility": "private"}
    understood = await agent.processor.parse_message(UserMessage(defuse(cleaned), metadata=context))
    decision = understood["decision"]
    return 100 if decision["label"] == EMERGENCY else round(100 * decision["scores"][EMERGENCY])


async def take_turn(agent: Any, incoming: Incoming, finishing: Finishing) -> dict[str, Any]:
    """Understands the message, lets the rules act on it, and returns what came of both, or as much as ``answer_when`` asks for.

    The understanding is made first and handed to Rasa as ``parse_data``; what Rasa keeps in its tracker, sends to
    actions and logs holds the message's id in place of its text (docs/decisions/0004).
    """
    context = {
        "channel": incoming.channel,
        "visibility": incoming.visibility,
        "guided": incoming.guided,
        "replies": incoming.replies,
    }
    understood = await agent.processor.parse_message(
        UserMessage(incoming.text, sender_id=incoming.conversation_id, metadata=context)
    )
    decision, kind = understood["decision"], understood.get("kind", NOT_GIVEN)
    result = {
        "message_id": incoming.message_id,
        "intent": understood["intent"]["name"],
        "ranking": understood["intent_ranking"],
        **decision,
        "reasons": understood["reasons"],
        "kind": None if kind == NOT_GIVEN else kind,
        "slots": {one["entity"]: one["value"] for one in understood["entities"]},
        "replies": [],
        "escalation": None,
        "model": _model_of(agent),
        "logging": False,
        "held": bool(incoming.hold) and LABELS.index(decision["label"]) >= LABELS.index(incoming.hold),
    }
    if result["held"]:
        return result
    stand_in = stand_in_for(incoming.message_id)
    collector = Collector(incoming.channel)
    turn = UserMessage(
        stand_in,
        collector,
        incoming.conversation_id,
        parse_data={
            "text": stand_in,
            "intent": understood["intent"],
            "entities": understood["entities"],
            "decision": decision,
        },
        input_channel=incoming.channel,
        message_id=incoming.message_id,
        metadata={**context, "model": _model_of(agent)},
    )
    rest = asyncio.ensure_future(agent.processor.turn(turn))
    if incoming.answer_when == SAID and finishing.has_room:
        await asyncio.wait({rest, collector.said}, return_when=asyncio.FIRST_COMPLETED)
        if not rest.done():
            replies = list(collector.replies)
            finishing.keep(rest, lambda: collector.replies == replies)
            return {**result, "replies": replies, "logging": True}
    tracker = await rest
    return {**result, "replies": collector.replies, "escalation": proof_in(tracker, incoming.message_id)}


def proof_in(tracker: DialogueStateTracker, message_id: str) -> str | None:
    """The escalation's reference, if ``action_log_escalation`` put it there in answer to this very message."""
    proof = tracker.get_slot("escalation_reference") or ""
    proved, _, reference = proof.partition(" ")
    return reference if proved == message_id and reference else None


def _model_of(agent: Any) -> str:
    return str(agent.model_id)
