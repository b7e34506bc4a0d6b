"""Takes webhooks: size, signature, JSON, events, record, in this order; only what is stored is acknowledged."""

import time
from collections.abc import Sequence

import structlog
from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from signpost.channels.events import Event, Unreadable
from signpost.intake.bodies import decoded, whole_body
from signpost.intake.brake import Brake
from signpost.intake.errors import error_answer
from signpost.intake.metrics import Metrics
from signpost.intake.parts import Source, Taker
from signpost.intake.receiving import Tally
from signpost.intake.refusals import LATER, NOT_SET_UP, NOT_STORED, SOON, UNREADABLE, UNSIGNED, Refusal

log = structlog.get_logger("signpost.intake")


def taking(source: Source, taker: Taker, metrics: Metrics, brake: Brake) -> Blueprint:
    """The address that a platform posts its webhooks to."""
    hooks = Blueprint(f"taking_{source.name}", __name__)

    @hooks.post(f"/webhooks/{source.name}")
    def take() -> ResponseReturnValue:
        try:
            tally = _stored(taker, _events(source, whole_body()))
        except Refusal as refusal:
            metrics.refused(source.name, refusal.reason)
            if refusal.reason in UNSIGNED:
                brake.refused()
            log.warning("webhook_refused", platform=source.name, reason=refusal.reason)
            return error_answer(refusal.status, str(refusal), refusal.retry_after)
        metrics.took(source.name, tally)
        counts = {**_numbers(tally), "noted": tally.noted.total()}
        (log.info if any(_numbers(tally).values()) else log.debug)("webhook_taken", platform=source.name, **counts)
        return jsonify(counts)

    @hooks.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @hooks.after_request
    def count(response: Response) -> Response:
        metrics.answered(source.name, response.status_code, time.perf_counter() - g.began)
        return response

    return hooks


def _events(source: Source, body: bytes) -> Sequence[Event]:
    """Signature before anything else is done with the body: nobody but the platform gets as far as our parsers."""
    if not source.secret:
        raise Refusal(503, NOT_SET_UP, "This platform isn't set up here yet. Send it again later.", retry_after=LATER)
    fault = source.scheme.fault(request.headers, body, source.secret)
    if fault is not None:
        raise Refusal(403, fault, UNSIGNED[fault])
    contents = decoded(body)
    try:
        return source.read(contents)
    except Unreadable as unreadable:
        raise Refusal(400, UNREADABLE, str(unreadable)) from None


def _stored(taker: Taker, events: Sequence[Event]) -> Tally:
    try:
        return taker.take(events)
    except SQLAlchemyError as fault:
        # Its own words quote the statement's parameters.
        log.error("record_away", fault=type(fault).__name__)
        sentence = "The record can't be written at the moment, so nothing was taken. Send it again later."
        raise Refusal(503, NOT_STORED, sentence, retry_after=SOON) from None


def _numbers(tally: Tally) -> dict[str, int]:
    return {
        "stored": tally.stored,
        "known": tally.known,
        "erased": tally.erased,
        "unknown_account": tally.unknown_account,
    }
