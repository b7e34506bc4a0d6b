"""Answers a request with the page, or with its live parts for the page's own script."""

from flask import jsonify, make_response, redirect, render_template, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from signpost.console.errors import wants_json
from signpost.console.parts import Parts
from signpost.console.simulator.examples import EXAMPLES, POST
from signpost.console.simulator.sending import LONGEST
from signpost.console.simulator.view import View, look, wait_for_reply
from signpost.force.mandate import Channel
from signpost.log.models import Conversation

LIVE_PARTS = ("heading", "thread", "understanding", "log")
"""The templates that the script replaces. The page is made of the same ones, so both ways show the same."""


def show(parts: Parts, view: View, status: int = 200) -> Response:
    """The page, or its live parts when the script asks."""
    if wants_json():
        return state(parts, view, status)
    page = render_template(
        "simulator/page.html",
        **_context(parts, view),
        channels=parts.mandate.channels.values(),
        examples=EXAMPLES,
        longest=LONGEST,
    )
    return make_response(page, status)


def state(parts: Parts, view: View, status: int = 200) -> Response:
    """The live parts as JSON, with what the script must know to go on from here."""
    context = _context(parts, view)
    body = {
        "url": context["address"],
        "channel": view.channel.key,
        "platform": view.platform,
        "visibility": view.channel.visibility,
        "conversation": view.conversation or "",
        "message_id": view.message_id,
        "csrf_token": generate_csrf(),
        "settled": view.thread.settled,
        "errors": view.errors,
        "parts": {name: render_template(f"simulator/{name}.html", **context) for name in LIVE_PARTS},
    }
    return make_response(jsonify(body), status)


def move(parts: Parts, channel: Channel, conversation: Conversation | None, draft: str) -> Response:
    """On to a channel or conversation. A draft can't travel with a redirect, so with one the page comes at once."""
    if wants_json():
        return state(parts, look(parts, channel, conversation, draft))
    if draft:
        if conversation:
            wait_for_reply(parts, conversation)
        return show(parts, look(parts, channel, conversation, draft))
    return redirect(_address(channel.key, conversation.key if conversation else None), 303)


def _context(parts: Parts, view: View) -> dict[str, object]:
    return {
        "view": view,
        "force": parts.mandate.force,
        "initials": "".join(word[0] for word in parts.mandate.force.split())[:2].upper(),
        "handle": "@" + "".join(parts.mandate.force.split()),
        "post_text": POST,
        "address": _address(view.channel.key, view.conversation),
    }


def _address(channel: str, conversation: str | None) -> str:
    if conversation:
        return url_for("simulator.conversation_page", key=conversation)
    return url_for("simulator.channel_page", key=channel)
