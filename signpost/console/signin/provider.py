"""The force's identity provider (OpenID Connect): the authorization code flow with PKCE, state and nonce.

Sources: OpenID Connect Core 1.0 and Discovery 1.0; RFC 7636 (PKCE), RFC 9207 (the answer names its issuer).
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from signpost.console.signin.asking import Asking, ProviderAway
from signpost.console.signin.claims import Person, RoleRule, lacks_claims, person_of
from signpost.console.signin.id_token import Expected, Refused, UnknownKey, check_id_token

GOOD_FOR_SECONDS = 3600.0
"""How long the provider's description and keys are used before they are fetched again."""
NOT_SOONER_SECONDS = 30.0
"""Keys are fetched for an unknown one at most so often: anybody can send a token with an invented key."""
SCOPE = "openid profile email"
DISCOVERY = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Registration:
    """What the provider and this console know of each other."""

    issuer: str
    client_id: str
    client_secret: str
    rules: tuple[RoleRule, ...]
    username_claim: str = "preferred_username"
    name_claim: str = "name"
    label: str = "your work account"


@dataclass(frozen=True)
class Secrets:
    """What one sign-in was begun with; the answer must fit it."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass
class _Cached:
    """What was fetched, and when."""

    value: Any = None
    at: float | None = None

    def is_good(self, now: float, seconds: float) -> bool:
        return self.at is not None and now - self.at < seconds


@dataclass
class Provider:
    """Talks to the provider. One a process: what it learns of the provider is shared by all threads."""

    registration: Registration
    client: httpx.Client
    monotonic: Callable[[], float] = time.monotonic
    _about: _Cached = field(default_factory=_Cached)
    _keys: _Cached = field(default_factory=_Cached)
    _asking: Asking = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._asking = Asking(self.client, self.monotonic)

    def about(self) -> Mapping[str, Any]:
        """The provider's description of itself. Raises :class:`ProviderAway`, and when it is another provider's."""
        issuer = self.registration.issuer
        with self._lock:
            if not self._about.is_good(self.monotonic(), GOOD_FOR_SECONDS):
                found = self._asking.fetch(f"{issuer.rstrip('/')}{DISCOVERY}")
                if found.get("issuer") != issuer:
                    raise ProviderAway("the issuer is another than SIGNPOST_OIDC_ISSUER")
                if not all(isinstance(found.get(name), str) for name in NEEDED):
                    raise ProviderAway("the description lacks an address")
                self._about = _Cached(found, self.monotonic())
            return dict(self._about.value)

    def is_named_by(self, issuer: str | None) -> bool:
        """Whether the answer names this issuer, or none where the provider never does. Raises :class:`ProviderAway`."""
        if issuer is None:
            return not self.about().get("authorization_response_iss_parameter_supported")
        return issuer == self.registration.issuer

    def begin_address(self, secrets: Secrets) -> str:
        """Where the browser is sent to sign in. Raises :class:`ProviderAway`."""
        # Loaded where there is a provider alone, as in id_token.py.
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        about = self.about()
        prompts = about.get("prompt_values_supported")
        asked = {"prompt": "select_account"} if prompts is None or "select_account" in prompts else {}
        return str(
            prepare_grant_uri(
                about["authorization_endpoint"],
                client_id=self.registration.client_id,
                response_type="code",
                redirect_uri=secrets.redirect_uri,
                scope=SCOPE,
                state=secrets.state,
                nonce=secrets.nonce,
                code_challenge=create_s256_code_challenge(secrets.verifier),
                code_challenge_method="S256",
                **asked,
            )
        )

    def out_address(self, back_to: str) -> str | None:
        """Where somebody signs out at the provider; none where it offers that to nobody, or is away."""
        try:
            address = self.about().get("end_session_endpoint")
        except ProviderAway:
            return None
        if not isinstance(address, str):
            return None
        mark = "&" if "?" in address else "?"
        ours = f"client_id={quote(self.registration.client_id, safe='')}"
        return f"{address}{mark}{ours}&post_logout_redirect_uri={quote(back_to, safe='')}"

    def person(self, code: str, secrets: Secrets, now: datetime) -> Person:
        """Who the code stands for. Raises :class:`ProviderAway` or :class:`Refused`."""
        ours = self.registration
        answer = self._exchange(code, secrets)
        token, access = answer.get("id_token"), answer.get("access_token")
        access = access if isinstance(access, str) else None
        if not isinstance(token, str):
            raise Refused("no ID token")
        expected = Expected(ours.issuer, ours.client_id, secrets.nonce, access, now)
        try:
            claims = check_id_token(token, self._keys_now(), expected)
        except UnknownKey:
            claims = self._with_newer_keys(token, expected)
        if access and lacks_claims(claims, ours.rules, ours.username_claim, ours.name_claim):
            claims = {**self._more_claims(access, str(claims["sub"])), **claims}
        return person_of(claims, ours.rules, ours.username_claim, ours.name_claim)

    def _with_newer_keys(self, token: str, expected: Expected) -> dict[str, Any]:
        """The provider changes its keys from time to time: a key that isn't known yet is looked for once."""
        with self._lock:
            recent = self._keys.is_good(self.monotonic(), NOT_SOONER_SECONDS)
        try:
            return check_id_token(token, self._keys_now(fresh=not recent), expected)
        except UnknownKey:
            raise Refused("the token's key isn't the provider's") from None

    def _keys_now(self, *, fresh: bool = False) -> Mapping[str, Any]:
        address = self.about()["jwks_uri"]
        with self._lock:
            if fresh or not self._keys.is_good(self.monotonic(), GOOD_FOR_SECONDS):
                self._keys = _Cached(self._asking.fetch(address), self.monotonic())
            return dict(self._keys.value)

    def _more_claims(self, access: str, subject: str) -> dict[str, Any]:
        """What only the provider's userinfo address tells; nothing where it tells it of somebody else, or not at all."""
        address = self.about().get("userinfo_endpoint")
        if not isinstance(address, str):
            return {}
        found = self._asking.fetch(address, {"Authorization": f"Bearer {access}"})
        if found.get("sub") != subject:
            raise Refused("userinfo is about somebody else")
        return found

    def _exchange(self, code: str, secrets: Secrets) -> dict[str, Any]:
        about, ours = self.about(), self.registration
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": secrets.redirect_uri,
            "code_verifier": secrets.verifier,
        }
        auth: tuple[str, str] | None = None
        methods = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if ours.client_secret and "client_secret_basic" in methods:
            # RFC 6749 2.3.1: both are form-encoded before they are put together.
            auth = quote(ours.client_id, safe=""), quote(ours.client_secret, safe="")
        else:
            form |= {
                "client_id": ours.client_id,
                **({"client_secret": ours.client_secret} if ours.client_secret else {}),
            }
        status, answer = self._asking.send(about["token_endpoint"], form, auth)
        if status != httpx.codes.OK:
            raise Refused(f"the code wasn't taken: status {status}")
        return answer
