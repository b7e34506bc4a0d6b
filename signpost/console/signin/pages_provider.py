"""Signing in through the force's identity provider, and out of it."""

import json
import secrets as randomness
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from signpost.console.parts import Parts
from signpost.console.roles import open_to_anybody
from signpost.console.signin.arriving import sign_in
from signpost.console.signin.asking import ProviderAway
from signpost.console.signin.claims import Person
from signpost.console.signin.guard import onward_page
from signpost.console.signin.id_token import Refused
from signpost.console.signin.onward import own_path
from signpost.console.signin.provider import Provider, Secrets
from signpost.console.signin.provider_accounts import account_for
from signpost.log.models import StaffAccount
from signpost.mistakes import Mistake

GOOD_FOR = timedelta(minutes=15)
TOO_OLD = "too_old"
MOST_CODE = 4096
"""Characters of the code that the provider sends back with the browser."""
log = structlog.get_logger("signpost.console.signin")


def add(pages: Blueprint, parts: Parts, limited: Callable[[Any], Any]) -> None:
    """The views, on the room's blueprint."""
    views = ProviderPages(parts)
    pages.get("/sign-in/provider", endpoint="provider")(limited(views.begin))
    pages.get("/sign-in/return", endpoint="returned")(limited(views.returned))
    pages.get("/sign-in/provider/out", endpoint="provider_out")(limited(views.out))


class ProviderPages:
    """The views.

    The browser comes back from another site, and doesn't send our SameSite=Strict cookie then. What the answer must fit
    travels in a cookie of its own: SameSite=Lax, encrypted, for a quarter of an hour and for one address.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    @open_to_anybody
    def begin(self) -> ResponseReturnValue:
        """Sends the browser to the provider."""
        provider = self._provider()
        secrets = Secrets(
            state=randomness.token_urlsafe(32),
            nonce=randomness.token_urlsafe(32),
            verifier=randomness.token_urlsafe(48),
            redirect_uri=self._address_of("signin.returned"),
        )
        try:
            response = redirect(provider.begin_address(secrets))
        except ProviderAway as fault:
            return self._away(fault)
        self._note(response, secrets, own_path(request.args.get("next")))
        return response

    @open_to_anybody
    def returned(self) -> ResponseReturnValue:
        """Takes the provider's answer, and signs in whom it names."""
        provider = self._provider()
        try:
            secrets, onward, code = self._answer(provider)
            account = self._account(provider.person(code, secrets, self.parts.clock()))
        except ProviderAway as fault:
            return self._away(fault)
        except Refused as fault:
            log.warning("provider_sign_in_refused", fault=str(fault))
            status = 400 if fault.why == TOO_OLD else 403
            return self._forgetting(self._page("refused", status, why=fault.why))
        sign_in(self.parts, account.id, "provider")
        return self._forgetting(onward_page(onward))

    def _answer(self, provider: Provider) -> tuple[Secrets, str, str]:
        """What the sign-in was begun with, where it goes on to, and the provider's code. Raises :class:`Refused`."""
        noted = self._noted()
        state = request.args.get("state", "")
        if noted is None or not randomness.compare_digest(state.encode(), noted[0].state.encode()):
            raise Refused("the state isn't ours", TOO_OLD)
        if not provider.is_named_by(request.args.get("iss")):
            raise Refused("the answer is another issuer's")
        code = request.args.get("code", "")
        if not 0 < len(code) <= MOST_CODE:
            raise Refused("no code", "cancelled")
        return *noted, code

    def _account(self, person: Person) -> StaffAccount:
        account = account_for(self.parts, person)
        if account is None:
            raise Refused("no role", "no_role")
        if account.disabled_at is not None:
            raise Refused("disabled", "disabled")
        return account

    @open_to_anybody
    def out(self) -> ResponseReturnValue:
        """Sends the browser to the provider, to sign out there too."""
        address = self._provider().out_address(self._address_of("signin.signed_out"))
        return redirect(address or url_for("signin.signed_out"))

    def _provider(self) -> Provider:
        return self.parts.signing_in.provider or abort(404)

    def _address_of(self, endpoint: str) -> str:
        """The page's whole address, which the provider must know."""
        base = self.parts.signing_in.address
        return f"{base.rstrip('/')}{url_for(endpoint)}" if base else url_for(endpoint, _external=True)

    def _note(self, response: Response, secrets: Secrets, onward: str) -> None:
        content = json.dumps({**asdict(secrets), "onward": onward, "at": self.parts.clock().isoformat()})
        response.set_cookie(
            self._cookie,
            self.parts.vault.encrypt(content).decode(),
            max_age=GOOD_FOR,
            path=url_for("signin.returned"),
            secure=current_app.session_interface.get_cookie_secure(current_app),
            httponly=True,
            samesite="Lax",
        )

    def _noted(self) -> tuple[Secrets, str] | None:
        kept = request.cookies.get(self._cookie)
        try:
            noted = json.loads(self.parts.vault.decrypt(kept.encode())) if kept else None
        except (Mistake, ValueError):
            return None
        if noted is None or self.parts.clock() - datetime.fromisoformat(noted.pop("at")) > GOOD_FOR:
            return None
        onward = noted.pop("onward")
        return Secrets(**noted), onward

    @property
    def _cookie(self) -> str:
        return f"{current_app.config['SESSION_COOKIE_NAME']}_provider"

    def _forgetting(self, response: Response) -> Response:
        """The answer was taken: it is good once."""
        response.delete_cookie(self._cookie, path=url_for("signin.returned"))
        return response

    def _away(self, fault: ProviderAway) -> ResponseReturnValue:
        log.error("provider_away", fault=str(fault))
        return self._page("provider_away", 503)

    def _page(self, name: str, status: int, **more: Any) -> Response:
        label, local = self._provider().registration.label, self.parts.signing_in.local
        return make_response(render_template(f"signin/{name}.html", label=label, local=local, **more), status)
