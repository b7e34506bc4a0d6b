"""The simulator's addresses: a page for each channel and conversation, and what its form sends."""

import uuid

from flask import Blueprint, abort, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from signpost.console.parts import Parts
from signpost.console.simulator.form import Form, read_form
from signpost.console.simulator.sending import send
from signpost.console.simulator.showing import move, show, state
from signpost.console.simulator.times import add_times
from signpost.console.simulator.view import conversation_on, look, simulated_conversation, wait_for_reply
from signpost.force.mandate import Channel
from signpost.log.models import Conversation

TOO_OLD = (
    "Nothing was sent: this page had grown too old, or your browser takes no cookies. What you wrote is still here; "
    "send it again."
)


def simulator(parts: Parts) -> Blueprint:
    """The blueprint, for one set of parts."""
    pages = Blueprint("simulator", __name__, url_prefix="/simulator")
    add_times(pages)

    @pages.get("/")
    def start() -> Response:
        return redirect(url_for(".channel_page", key=_first_channel(parts).key))

    @pages.get("/channels/<key>")
    def channel_page(key: str) -> Response:
        channel = _channel(parts, key)
        conversation = _conversation_on(parts, channel, session.get("person"))
        if conversation:
            return redirect(url_for(".conversation_page", key=conversation.key))
        return show(parts, look(parts, channel, None))

    @pages.get("/channels/<key>/state")
    def channel_state(key: str) -> Response:
        channel = _channel(parts, key)
        return state(parts, look(parts, channel, _conversation_on(parts, channel, session.get("person"))))

    @pages.get("/conversations/<uuid:key>")
    def conversation_page(key: uuid.UUID) -> Response:
        conversation = _conversation(parts, str(key))
        _write_as(conversation.person)
        wait_for_reply(parts, conversation)
        return show(parts, look(parts, _channel(parts, conversation.channel), conversation))

    @pages.get("/conversations/<uuid:key>/state")
    def conversation_state(key: uuid.UUID) -> Response:
        # The script asks this again and again; it must not change who writes, or it would undo "New person".
        conversation = _conversation(parts, str(key))
        return state(parts, look(parts, _channel(parts, conversation.channel), conversation))

    @pages.post("/messages")
    def send_message() -> Response:
        form = read_form(request.form, parts.mandate)
        here = _conversation(parts, form.conversation) if form.conversation else None
        if form.errors or form.channel is None:
            return _again(parts, form, here, form.errors, 422)
        person = here.person if here else session.get("person") or str(uuid.uuid4())
        _write_as(person)
        key = send(parts, form.channel, person, form.message, form.message_id)
        return move(parts, form.channel, _conversation(parts, key), form.kept_after_sending)

    @pages.post("/channel")
    def change_channel() -> Response:
        form = read_form(request.form, parts.mandate)
        here = _conversation(parts, form.conversation) if form.conversation else None
        if form.channel is None:
            return _again(parts, form, here, _channel_error(form), 422)
        if here:
            _write_as(here.person)
        return move(parts, form.channel, _conversation_on(parts, form.channel, session.get("person")), form.text)

    @pages.post("/person")
    def new_person() -> Response:
        form = read_form(request.form, parts.mandate)
        if form.channel is None:
            return _again(parts, form, None, _channel_error(form), 422)
        session.pop("person", None)
        return move(parts, form.channel, None, form.text)

    @pages.errorhandler(CSRFError)
    def form_too_old(_fault: CSRFError) -> Response:
        form = read_form(request.form, parts.mandate)
        with parts.reads() as reads:
            here = simulated_conversation(reads, form.conversation) if form.conversation else None
        return _again(parts, form, here, {"text": TOO_OLD}, 400)

    return pages


def _again(parts: Parts, form: Form, here: Conversation | None, errors: dict[str, str], status: int) -> Response:
    """The page once more, with what was typed and what is wrong with it."""
    channel = form.channel or (_channel(parts, here.channel) if here else _first_channel(parts))
    conversation = _conversation_on(parts, channel, here.person if here else session.get("person"))
    return show(parts, look(parts, channel, conversation, form.text, errors), status)


def _channel_error(form: Form) -> dict[str, str]:
    """Without what is wrong with the text, which is not being sent."""
    return {name: sentence for name, sentence in form.errors.items() if name == "channel"}


def _first_channel(parts: Parts) -> Channel:
    return next(iter(parts.mandate.channels.values()))


def _channel(parts: Parts, key: str) -> Channel:
    channel = parts.mandate.channels.get(key)
    if channel is None:
        names = ", ".join(one.name for one in parts.mandate.channels.values())
        abort(404, f"The simulator has no such channel. It has: {names}.")
    return channel


def _conversation(parts: Parts, key: str) -> Conversation:
    with parts.reads() as reads:
        conversation = simulated_conversation(reads, key)
    if conversation is None:
        abort(404, "This conversation isn't in the record, or not any more. Start a new one in the simulator.")
    return conversation


def _conversation_on(parts: Parts, channel: Channel, person: str | None) -> Conversation | None:
    with parts.reads() as reads:
        return conversation_on(reads, channel, person) if person else None


def _write_as(person: str) -> None:
    """Makes the browser's session this person's; the cookie is sent anew only when that changes something."""
    if session.get("person") != person:
        session["person"] = person
