"""The simulator's addresses: a page for each channel and conversation, and what its form sends."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from signpost.console.parts import Parts
from signpost.console.roles import open_to_anybody
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
    pages = SimulatorPages(parts)
    blueprint = Blueprint("simulator", __name__, url_prefix="/simulator")
    blueprint.get("/")(pages.start)
    blueprint.get("/channels/<key>")(pages.channel_page)
    blueprint.get("/channels/<key>/state")(pages.channel_state)
    blueprint.get("/conversations/<uuid:key>")(pages.conversation_page)
    blueprint.get("/conversations/<uuid:key>/state")(pages.conversation_state)
    blueprint.post("/messages")(pages.send_message)
    blueprint.post("/channel")(pages.change_channel)
    blueprint.post("/person")(pages.new_person)
    blueprint.register_error_handler(CSRFError, pages.form_too_old)
    add_times(blueprint)
    return blueprint


@dataclass(frozen=True)
class SimulatorPages:
    """The views. Who writes is remembered in the browser's session: a random id, the same on every channel."""

    parts: Parts

    @open_to_anybody
    def start(self) -> Response:
        """On to the first channel."""
        return redirect(url_for("simulator.channel_page", key=self._first_channel().key))

    @open_to_anybody
    def channel_page(self, key: str) -> Response:
        """The channel before anything was written there; on to the conversation once there is one."""
        channel = self._channel(key)
        conversation = self._conversation_on(channel, session.get("person"))
        if conversation:
            return redirect(url_for("simulator.conversation_page", key=conversation.key))
        return show(self.parts, look(self.parts, channel, None))

    @open_to_anybody
    def channel_state(self, key: str) -> Response:
        """The live parts of the channel, for the page's script."""
        channel = self._channel(key)
        conversation = self._conversation_on(channel, session.get("person"))
        return state(self.parts, look(self.parts, channel, conversation))

    @open_to_anybody
    def conversation_page(self, key: uuid.UUID) -> Response:
        """A conversation, with the reply if it comes within a moment."""
        conversation = self._conversation(str(key))
        _write_as(conversation.person)
        wait_for_reply(self.parts, conversation)
        return show(self.parts, look(self.parts, self._channel(conversation.channel), conversation))

    @open_to_anybody
    def conversation_state(self, key: uuid.UUID) -> Response:
        """The live parts of a conversation.

        The script asks for them again and again; that must not change who writes, or it would undo "New person".
        """
        conversation = self._conversation(str(key))
        return state(self.parts, look(self.parts, self._channel(conversation.channel), conversation))

    @open_to_anybody
    def send_message(self) -> Response:
        """Stores the message and goes on to its conversation."""
        form, here = self._form()
        if form.errors or form.channel is None:
            return self._again(form, here, form.errors, 422)
        person = here.person if here else session.get("person") or str(uuid.uuid4())
        _write_as(person)
        key = send(self.parts, form.channel, person, form.message, form.message_id)
        return move(self.parts, form.channel, self._conversation(key), form.kept_after_sending)

    @open_to_anybody
    def change_channel(self) -> Response:
        """The same person on another channel; what stands in the field goes along."""
        form, here = self._form()
        if form.channel is None:
            return self._again(form, here, form.channel_error, 422)
        if here:
            _write_as(here.person)
        return move(self.parts, form.channel, self._conversation_on(form.channel, session.get("person")), form.text)

    @open_to_anybody
    def new_person(self) -> Response:
        """Somebody who hasn't written before; what stands in the field goes along."""
        form = read_form(request.form, self.parts.mandate)
        if form.channel is None:
            return self._again(form, None, form.channel_error, 422)
        session.pop("person", None)
        return move(self.parts, form.channel, None, form.text)

    def form_too_old(self, _fault: CSRFError) -> Response:
        """A form without a good token changes nothing, but what was typed into it comes back."""
        form = read_form(request.form, self.parts.mandate)
        with self.parts.reads() as reads:
            here = simulated_conversation(reads, form.conversation) if form.conversation else None
        return self._again(form, here, {"text": TOO_OLD}, 400)

    def _form(self) -> tuple[Form, Conversation | None]:
        form = read_form(request.form, self.parts.mandate)
        return form, self._conversation(form.conversation) if form.conversation else None

    def _again(self, form: Form, here: Conversation | None, errors: dict[str, str], status: int) -> Response:
        """The page once more, with what was typed and what is wrong with it."""
        channel = form.channel or (self._channel(here.channel) if here else self._first_channel())
        conversation = self._conversation_on(channel, here.person if here else session.get("person"))
        return show(self.parts, look(self.parts, channel, conversation, form.text, errors), status)

    def _first_channel(self) -> Channel:
        return next(iter(self.parts.mandate.channels.values()))

    def _channel(self, key: str) -> Channel:
        channel = self.parts.mandate.channels.get(key)
        if channel is None:
            names = ", ".join(one.name for one in self.parts.mandate.channels.values())
            abort(404, f"The simulator has no such channel. It has: {names}.")
        return channel

    def _conversation(self, key: str) -> Conversation:
        with self.parts.reads() as reads:
            conversation = simulated_conversation(reads, key)
        if conversation is None:
            abort(404, "This conversation isn't in the record, or not any more. Start a new one in the simulator.")
        return conversation

    def _conversation_on(self, channel: Channel, person: str | None) -> Conversation | None:
        with self.parts.reads() as reads:
            return conversation_on(reads, channel, person) if person else None


def _write_as(person: str) -> None:
    """Makes the browser's session this person's; the cookie is sent anew only when that changes something."""
    if session.get("person") != person:
        session["person"] = person
