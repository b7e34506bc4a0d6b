"""Tells whether the pages can work: ``/health``."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from signpost.console.parts import Parts
from signpost.log.models import InboundMessage


def health(parts: Parts) -> Blueprint:
    """The one address, for ``signpost up``, ``signpost status`` and whatever watches the service."""
    pages = Blueprint("health", __name__)

    @pages.get("/health")
    def check() -> ResponseReturnValue:
        try:
            with parts.reads() as session:
                # A table rather than SELECT 1: a database without tables answers that too, and no page would work.
                session.scalars(select(InboundMessage.id).limit(1)).first()
        except SQLAlchemyError:
            return jsonify(ready=False, error="The database doesn't answer. See: signpost status"), 503
        return jsonify(ready=True)

    return pages
