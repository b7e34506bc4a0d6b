"""Shows the counts to whoever may see them: ``/metrics``."""

import hmac

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from signpost.intake.errors import error_answer
from signpost.intake.metrics import Metrics

THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
"""A request with one of these came through a proxy, whose own address says nothing about who asks."""


def scraping(metrics: Metrics, token: str) -> Blueprint:
    """The one address. With a token, whoever bears it may read; without one, only this machine."""
    pages = Blueprint("scraping", __name__)

    @pages.get("/metrics")
    def read() -> ResponseReturnValue:
        if token and not _bears(token):
            return error_answer(403, "The metrics need the bearer token that SIGNPOST_METRICS_TOKEN holds.")
        if not token and not _from_this_machine():
            return error_answer(
                403, "The metrics are shown on this machine only; elsewhere with SIGNPOST_METRICS_TOKEN."
            )
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return pages


def _bears(token: str) -> bool:
    given = request.headers.get("Authorization", "").encode("latin-1", "replace")
    return hmac.compare_digest(given, b"Bearer " + token.encode())


def _from_this_machine() -> bool:
    return request.remote_addr in THIS_MACHINE and not any(name in request.headers for name in PASSED_ON)
