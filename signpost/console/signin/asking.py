"""Asks the identity provider over HTTPS, with patience for seconds only."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

SECONDS = 5.0
REST_SECONDS = 5.0
"""A provider that didn't answer isn't asked again sooner: nobody else waits for it meanwhile."""


class ProviderAway(Exception):
    """The provider doesn't answer, or with something nobody can use. The text is for the log: no answer's words."""


@dataclass
class Asking:
    """What it answers is JSON, and an object. Every method raises :class:`ProviderAway`."""

    client: httpx.Client
    monotonic: Callable[[], float] = time.monotonic
    _away_at: float | None = None

    def fetch(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """What stands at the address."""
        if self._away_at is not None and self.monotonic() - self._away_at < REST_SECONDS:
            raise ProviderAway("it didn't answer a moment ago")
        try:
            found = self._found(address, headers)
        except ProviderAway:
            self._away_at = self.monotonic()
            raise
        self._away_at = None
        return found

    def send(self, address: str, form: dict[str, str], auth: tuple[str, str] | None) -> tuple[int, dict[str, Any]]:
        """The status and the answer to a form; the answer to a refusal is empty."""
        return self._answer("POST", address, data=form, auth=httpx.BasicAuth(*auth) if auth else None)

    def _found(self, address: str, headers: dict[str, str] | None) -> dict[str, Any]:
        status, found = self._answer("GET", address, headers=headers)
        if status != httpx.codes.OK:
            raise ProviderAway(f"status {status}")
        return found

    def _answer(self, method: str, address: str, **more: Any) -> tuple[int, dict[str, Any]]:
        try:
            answer = self.client.request(method, address, timeout=SECONDS, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise ProviderAway(type(fault).__name__) from None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderAway(f"status {answer.status_code}")
        return answer.status_code, _object(answer) if answer.status_code == httpx.codes.OK else {}


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        raise ProviderAway("the answer isn't JSON") from None
    if not isinstance(found, dict):
        raise ProviderAway("the answer isn't an object")
    return found
