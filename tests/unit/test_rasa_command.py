"""Rasa's own chat: no report is recorded from it, and its server is for this machine alone."""

import asyncio

import pytest

pytestmark = pytest.mark.rasa


def test_what_a_trainer_writes_is_never_escalated(monkeypatch):
    from rasa.core.actions.action import RemoteAction

    from bot.rasa_command import _log_nothing

    monkeypatch.setattr(RemoteAction, "run", RemoteAction.run)
    _log_nothing()
    assert asyncio.run(RemoteAction("action_log_escalation", None).run(None, None, None, None)) == []


def test_the_server_beside_the_chat_listens_on_this_machine_alone(monkeypatch):
    from sanic import Sanic

    from bot.rasa_command import _listen_here_only

    served = []
    monkeypatch.setattr(Sanic, "run", lambda _app, *_arguments, **named: served.append(named))
    _listen_here_only()
    Sanic.run("an app", host="0.0.0.0", port=5005)  # noqa: S104  # what Rasa asks for
    assert served == [{"host": "127.0.0.1", "port": 5005}]
