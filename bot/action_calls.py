"""Calls the action server over a connection that is kept, and checks its answers with a validator that is made once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import deepcopy
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

IDLE_SECONDS = 3.0
"""A connection that waited longer is closed: the action server closes its end after five, and a call could meet that."""
_SCHEMA = deepcopy(RemoteAction.action_response_format_spec())
_VALIDATOR = validator_for(_SCHEMA)
_EVENT = _SCHEMA["properties"]["events"]["items"]
_FORMS = {form["properties"]["event"]["const"]: _VALIDATOR(form) for form in _EVENT.pop("oneOf")}
"""What an event of each kind must hold besides what all must."""
_UNKNOWN = _VALIDATOR({"properties": {"event": {"enum": list(_FORMS)}}})
_FRAME = _VALIDATOR(_SCHEMA)


class ActionCall(RemoteAction):
    """Rasa's call of a custom action; the channel is told before it."""

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """The events that the action wants. Raises what went wrong with the call."""
        log_follows = getattr(output_channel, "log_follows", None)
        if log_follows is not None:
            log_follows()
        events: list[Event] = await super().run(output_channel, nlg, tracker, domain)
        return events

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        """Raises jsonschema's error where the answer isn't what Rasa's schema asks for."""
        _FRAME.validate(result)
        for event in result.get("events", []):
            # Its kind names the one form that can fit: Rasa's own way tries them all, and checks the schema itself first.
            _FORMS.get(event["event"], _UNKNOWN).validate(event)
        return True


class KeptEndpoint(EndpointConfig):
    """An address with one client session for all calls; it belongs to the event loop of the first."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> KeptEndpoint:
        """The same address, with everything that was configured for it."""
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )

    def session(self) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        """The session, to be used in an ``async with`` that leaves it open."""
        return self._kept()

    @asynccontextmanager
    async def _kept(self) -> AsyncIterator[aiohttp.ClientSession]:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers=self.headers,
                auth=aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"])
                if self.basic_auth
                else None,
                # Each call says itself how long it waits (bot/quiet.py).
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS),
            )
        yield self._session

    async def close(self) -> None:
        """Closes what was kept."""
        if self._session is not None:
            await self._session.close()
