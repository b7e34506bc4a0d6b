"""Tells whether webhooks can be stored: ``/health``."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from signpost.intake.errors import error_answer
from signpost.log.models import InboundMessage


def health(reads: sessionmaker[Session]) -> Blueprint:
    """The one address, for ``signpost up``, ``signpost status`` and whatever watches the service."""
    pages = Blueprint("health", __name__)

    @pages.get("/health")
    def check() -> ResponseReturnValue:
        try:
            with reads() as session:
                # A table rather than SELECT 1: a database without tables answers that too, and nothing could be stored.
                session.scalars(select(InboundMessage.id).limit(1)).first()
        except SQLAlchemyError:
            return error_answer(503, "The database doesn't answer: signpost status says more.")
        return jsonify(ready=True)

    return pages
