"""Proves to the platforms that their webhooks' address is ours: Meta's verify token, X's challenge-response check."""

import hmac
import re
from collections.abc import Callable

import structlog
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from signpost.intake.brake import Brake
from signpost.intake.errors import error_answer
from signpost.intake.metrics import Metrics
from signpost.intake.parts import INSTAGRAM, META, Parts, X
from signpost.intake.refusals import CRC_TOKEN, LATER, NOT_SET_UP, VERIFY_TOKEN

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,200}")
_CRC = re.compile(r"[ -z|}~]{1,1000}")
"""Printable ASCII but for the opening brace.

The answer to a token is its HMAC under the consumer secret, which is just what X signs webhooks with. A token that could
stand as a webhook's body, a JSON object, would have us sign a webhook for whoever asks.
"""
log = structlog.get_logger("signpost.intake")


def verification(parts: Parts, metrics: Metrics, brake: Brake) -> Blueprint:
    """The same addresses as the webhooks', asked with GET."""
    pages = Blueprint("verification", __name__)

    def meta(platform: str) -> ResponseReturnValue:
        brake.asked()
        challenge = request.args.get("hub.challenge", "")
        ours = request.args.get("hub.mode") == "subscribe" and _same(
            request.args.get("hub.verify_token", ""), parts.verify_token
        )
        if not ours or not _CHALLENGE.fullmatch(challenge):
            refuse(platform, VERIFY_TOKEN)
            return error_answer(403, "This isn't Meta's verification with the verify token that is set here.")
        log.info("handshake_answered", platform=platform)
        return Response(challenge, mimetype="text/plain")

    def x() -> ResponseReturnValue:
        brake.asked()
        token = request.args.get("crc_token", "")
        if parts.prove is None:
            refuse(X, NOT_SET_UP)
            return error_answer(503, "X isn't set up here yet. Ask again later.", LATER)
        if not _CRC.fullmatch(token):
            refuse(X, CRC_TOKEN)
            return error_answer(400, "X's check needs a crc_token: up to 1,000 characters of plain ASCII.")
        log.info("handshake_answered", platform=X)
        return jsonify(parts.prove(token))

    def refuse(platform: str, reason: str) -> None:
        metrics.refused(platform, reason)
        log.warning("handshake_refused", platform=platform, reason=reason)

    _add(pages, META, meta)
    _add(pages, INSTAGRAM, meta)
    pages.add_url_rule(f"/webhooks/{X}", X, x)
    return pages


def _add(pages: Blueprint, platform: str, view: Callable[[str], ResponseReturnValue]) -> None:
    pages.add_url_rule(f"/webhooks/{platform}", platform, view, defaults={"platform": platform})


def _same(given: str, ours: str) -> bool:
    """In the same time however much of it is right; an empty token of ours is nobody's."""
    return bool(ours) and hmac.compare_digest(given.encode("utf-8", "replace"), ours.encode())
