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
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot import quiet
from bot.finishing import Finishing
from bot.incoming import Refusal, read_incoming, read_texts
from bot.taking import model_of, take_turn, urgency_of
from bot.understanding import Understanding

MINIMUM_TOKEN = 16
log = structlog.get_logger("signpost.channel")
quiet.bound_action_calls()


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
                "model": model_of(agent) if ready else None,
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
