"""What the console takes from an identity provider, and what it doesn't: tokens, keys, claims and roles."""

import base64
import hmac
import json
from dataclasses import dataclass, field
from datetime import timezone
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from signpost.console.signin.asking import ProviderAway
from signpost.console.signin.claims import person_of, role_rules
from signpost.console.signin.id_token import Refused
from signpost.console.signin.opening import signing_in_of
from signpost.console.signin.provider import Provider, Registration, Secrets
from signpost.mistakes import Mistake
from signpost.settings import Settings

ISSUER = "https://login.example/tenant/v2.0"
SECRETS = Secrets("state", "nonce", "v" * 64, "https://signpost.example/sign-in/return")
RULES = role_rules("roles:Signpost.Reviewer=reviewer, groups:8f1c=trainer,roles:Signpost.Reviewer=trainer")


@dataclass
class FakeProvider:
    """Answers as an identity provider does, or as a test says."""

    clock: Any
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    published: list[Any] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "1"})
    token: str | None = None
    status: int = 200
    asked: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = self.published or [self.key]

    def now(self) -> int:
        return int(self.clock().replace(tzinfo=timezone.utc).timestamp())

    def usual_claims(self) -> dict[str, Any]:
        now = self.now()
        return {
            "iss": ISSUER,
            "aud": "client",
            "sub": "1",
            "exp": now + 300,
            "iat": now,
            "nonce": "nonce",
            "name": "Jo Bloggs",
            "preferred_username": "Jo@Force.example",
            "roles": ["Signpost.Reviewer"],
            "groups": [],
        }

    def made_token(self) -> str:
        claims = {name: value for name, value in {**self.usual_claims(), **self.claims}.items() if value is not None}
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        return jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, self.key, algorithms=[algorithm])

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json={**self.usual_about(), **self.about})
        if request.url.path == "/keys":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.published]})
        if request.url.path == "/me":
            return httpx.Response(200, json=self.userinfo)
        return httpx.Response(self.status, json={"id_token": self.token or self.made_token(), "access_token": "access"})

    @staticmethod
    def usual_about() -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://login.example/authorize?p=1",
            "token_endpoint": "https://login.example/token",
            "jwks_uri": "https://login.example/keys",
            "userinfo_endpoint": "https://login.example/me",
        }

    def paths(self) -> list[str]:
        return [one.url.path for one in self.asked]


class Ticks:
    """A clock for the provider's caches."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def fake(clock) -> FakeProvider:
    return FakeProvider(clock)


@pytest.fixture
def provider(fake, ticks) -> Provider:
    registration = Registration(ISSUER, "client", "the secret", RULES)
    return Provider(registration, httpx.Client(transport=httpx.MockTransport(fake.answer)), ticks)


def person(provider: Provider, fake: FakeProvider) -> Any:
    return provider.person("the code", SECRETS, fake.clock())


# Whom a token lets in


def test_a_good_token_says_who_it_is(provider, fake) -> None:
    one = person(provider, fake)
    assert (one.issuer, one.subject, one.username, one.name) == (ISSUER, "1", "jo@force.example", "Jo Bloggs")
    assert one.roles == ("reviewer", "trainer")
    token = next(one for one in fake.asked if one.url.path == "/token")
    sent = parse_qs(token.content.decode())
    assert (sent["code"], sent["code_verifier"]) == (["the code"], ["v" * 64])
    assert "client_secret" not in sent
    assert token.headers["Authorization"] == "Basic " + base64.b64encode(b"client:the%20secret").decode()


def test_an_elliptic_key_will_do(clock, ticks) -> None:
    fake = FakeProvider(clock, key=ECKey.generate_key("P-256", {"kid": "ec"}))
    registration = Registration(ISSUER, "client", "", RULES)
    provider = Provider(registration, httpx.Client(transport=httpx.MockTransport(fake.answer)), ticks)
    assert person(provider, fake).subject == "1"
    token = next(one for one in fake.asked if one.url.path == "/token")
    assert "Authorization" not in token.headers  # A public client has no secret.
    assert parse_qs(token.content.decode())["client_id"] == ["client"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": ["client", "another"]},
        {"aud": ["client", "another"], "azp": "another"},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": None},
        {"exp": 1},
        {"exp": "soon"},
        {"iat": None},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"at_hash": "of another token"},
    ],
    ids=str,
)
def test_a_token_that_says_the_wrong_thing_lets_nobody_in(provider, fake, claims) -> None:
    fake.claims = claims
    with pytest.raises(Refused):
        person(provider, fake)


def test_a_clock_that_is_off_by_half_a_minute_is_forgiven(provider, fake) -> None:
    fake.claims = {"exp": fake.now() - 30}
    assert person(provider, fake).subject == "1"
    fake.claims = {"exp": fake.now() - 120}
    with pytest.raises(Refused):
        person(provider, fake)


def test_a_token_for_several_that_names_us_as_its_party_will_do(provider, fake) -> None:
    fake.claims = {"aud": ["client", "another"], "azp": "client"}
    assert person(provider, fake).subject == "1"


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "..", "e30.e30.e30", "x" * 70_000])
def test_what_is_no_token_lets_nobody_in(provider, fake, token) -> None:
    fake.token = token or " "
    with pytest.raises(Refused):
        person(provider, fake)


def test_a_token_without_a_signature_lets_nobody_in(provider, fake) -> None:
    fake.token = unsigned(fake.usual_claims())
    with pytest.raises(Refused, match="algorithm"):
        person(provider, fake)


def test_a_token_signed_with_the_public_key_as_a_secret_lets_nobody_in(provider, fake) -> None:
    signed = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(fake.usual_claims())}"
    mark = hmac.digest(fake.key.as_pem(private=False), signed.encode(), "sha256")
    fake.token = f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
    with pytest.raises(Refused, match="algorithm"):
        person(provider, fake)


def test_a_token_somebody_changed_lets_nobody_in(provider, fake) -> None:
    head, _body, mark = fake.made_token().split(".")
    fake.token = f"{head}.{part({**fake.usual_claims(), 'roles': ['X']})}.{mark}"
    with pytest.raises(Refused):
        person(provider, fake)


def test_another_key_of_the_same_name_lets_nobody_in(provider, fake) -> None:
    fake.key = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(Refused):
        person(provider, fake)


def test_a_key_for_encryption_signs_nothing(provider, fake) -> None:
    fake.published = [RSAKey.import_key({**fake.key.as_dict(private=True), "use": "enc"})]
    with pytest.raises(Refused):
        person(provider, fake)


def test_a_refused_code_lets_nobody_in(provider, fake) -> None:
    fake.status = 400
    with pytest.raises(Refused):
        person(provider, fake)


def test_what_is_refused_is_told_without_a_word_of_the_token(provider, fake) -> None:
    fake.claims = {"nonce": "another", "name": "Secret Name"}
    with pytest.raises(Refused) as refusal:
        person(provider, fake)
    assert str(refusal.value) == "nonce"


# Keys and descriptions


def test_description_and_keys_are_asked_for_once_an_hour(provider, fake, ticks) -> None:
    for _ in range(3):
        person(provider, fake)
    assert fake.paths().count("/keys") == 1
    assert sum("openid" in path for path in fake.paths()) == 1
    ticks.now += 3601
    person(provider, fake)
    assert fake.paths().count("/keys") == 2
    assert sum("openid" in path for path in fake.paths()) == 2


def test_a_new_key_is_looked_for_and_then_known(provider, fake, ticks) -> None:
    person(provider, fake)
    fake.key = RSAKey.generate_key(2048, {"kid": "two"})
    fake.published = [*fake.published, fake.key]
    ticks.now += 60
    assert person(provider, fake).subject == "1"
    assert person(provider, fake).subject == "1"
    assert fake.paths().count("/keys") == 2


def test_invented_keys_do_not_make_us_ask_again_and_again(provider, fake, ticks) -> None:
    person(provider, fake)
    fake.key = RSAKey.generate_key(2048, {"kid": "invented"})
    ticks.now += 60
    for _ in range(5):
        with pytest.raises(Refused):
            person(provider, fake)
    assert fake.paths().count("/keys") == 2


def test_a_provider_that_did_not_answer_is_left_in_peace_for_a_moment(fake, ticks) -> None:
    asked = []

    def away(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ConnectTimeout("no")

    registration = Registration(ISSUER, "client", "", RULES)
    provider = Provider(registration, httpx.Client(transport=httpx.MockTransport(away)), ticks)
    for _ in range(3):
        with pytest.raises(ProviderAway):
            provider.begin_address(SECRETS)
    assert len(asked) == 1
    ticks.now += 6
    with pytest.raises(ProviderAway):
        provider.begin_address(SECRETS)
    assert len(asked) == 2
    assert provider.out_address("https://signpost.example/") is None


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://login.example/other"},
        {"issuer": None},
        {"token_endpoint": None},
        {"jwks_uri": 7},
    ],
    ids=str,
)
def test_a_description_of_another_provider_or_with_gaps_is_not_used(provider, fake, about) -> None:
    fake.about = about
    with pytest.raises(ProviderAway):
        provider.begin_address(SECRETS)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"null", b'"x"', b"\xff"])
def test_an_answer_nobody_can_read_counts_as_none(ticks, body) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    provider = Provider(Registration(ISSUER, "client", "", RULES), httpx.Client(transport=transport), ticks)
    with pytest.raises(ProviderAway):
        provider.begin_address(SECRETS)


def test_the_browser_is_sent_with_a_challenge_and_without_the_verifier(provider) -> None:
    address = httpx.URL(provider.begin_address(SECRETS))
    asked = parse_qs(address.query.decode())
    assert address.host == "login.example"
    assert asked["p"] == ["1"]
    assert SECRETS.verifier not in str(address)
    assert (asked["response_type"], asked["prompt"], asked["scope"]) == (
        ["code"],
        ["select_account"],
        ["openid profile email"],
    )


def test_a_provider_that_lists_its_prompts_is_asked_for_none_it_lacks(provider, fake) -> None:
    fake.about = {"prompt_values_supported": ["none", "login"]}
    assert "prompt=" not in provider.begin_address(SECRETS)


# Claims and roles


def test_what_the_token_does_not_tell_is_asked_of_userinfo(provider, fake) -> None:
    fake.claims = {"roles": None}
    fake.userinfo = {"sub": "1", "roles": ["Signpost.Reviewer"], "name": "Not this one"}
    one = person(provider, fake)
    assert (one.name, one.roles) == ("Jo Bloggs", ("reviewer", "trainer"))


def test_userinfo_about_somebody_else_lets_nobody_in(provider, fake) -> None:
    fake.claims = {"roles": None}
    fake.userinfo = {"sub": "2", "roles": ["Signpost.Reviewer"]}
    with pytest.raises(Refused):
        person(provider, fake)


def test_userinfo_gives_nobody_another_subject_or_issuer(provider, fake) -> None:
    fake.claims = {"roles": None}
    fake.userinfo = {"sub": "1", "iss": "https://evil.example", "roles": "Signpost.Reviewer"}
    assert person(provider, fake).issuer == ISSUER


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": "Signpost.Reviewer"}, ("reviewer", "trainer")),
        ({"roles": ["Signpost.Reviewer", "X"]}, ("reviewer", "trainer")),
        ({"groups": ["8f1c"]}, ("trainer",)),
        ({"roles": ["signpost.reviewer"]}, ()),
        ({"roles": "Signpost.Reviewer,x"}, ()),
        ({"roles": {"Signpost.Reviewer": True}}, ()),
        ({"roles": None}, ()),
        ({}, ()),
    ],
    ids=str,
)
def test_roles_come_from_the_claims_the_settings_name(claims, roles) -> None:
    made = person_of({"iss": ISSUER, "sub": "1", **claims}, RULES, "preferred_username", "name")
    assert made.roles == roles


@pytest.mark.parametrize("given", ["", None, "Jo Bloggs", "=cmd()", "x" * 65, "<b>", 7, ["jo"], "ünï"])
def test_a_username_that_will_not_do_is_replaced(given) -> None:
    claims = {"iss": ISSUER, "sub": "1", "preferred_username": given, "name": " Jo\n\x00\u202e Bloggs "}
    made = person_of(claims, RULES, "preferred_username", "name")
    assert made.username == "7" if given == 7 else made.username.startswith("person-")
    assert made.name == "Jo Bloggs"
    assert made.username == person_of(claims, RULES, "preferred_username", "name").username


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("reviewer", "each part must be claim:value=role"),
        ("roles=reviewer", "each part must be claim:value=role"),
        ("roles:=reviewer", "each part must be claim:value=role"),
        ("roles:a", "each part must be claim:value=role"),
        ("roles:a=king", "there are reviewer, trainer, administrator, auditor"),
    ],
)
def test_rules_that_cannot_be_read_are_told_in_a_sentence(text, says) -> None:
    given = {"SIGNPOST_OIDC_ISSUER": ISSUER, "SIGNPOST_OIDC_CLIENT_ID": "x", "SIGNPOST_OIDC_ROLES": text}
    with pytest.raises(Mistake, match=says):
        signing_in_of(Settings.from_environment(given))


def test_a_claim_may_be_named_by_an_address_and_a_value_hold_an_equals_sign() -> None:
    (rule,) = role_rules("https://claims.example/groups:CN=Comms=reviewer")
    assert (rule.claim, rule.value, rule.role) == ("https://claims.example/groups", "CN=Comms", "reviewer")
