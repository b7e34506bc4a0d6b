"""X's API: signatures and tokens, rate limits and faults; what each call does is in the modules it asks."""

import re
from collections.abc import Callable
from typing import Any

from . import oauth, secrets, x_errors
from .answer import Answer, Call, Refusal
from .clock import epoch
from .faults import answer_for
from .profiles import X
from .services import Services
from .x_management import XManagement
from .x_posts import XPosts
from .x_webhooks import XWebhooks

_MESSAGE = re.compile(r"/2/dm_conversations/with/([0-9]{1,19})/messages")
_QUARTER, _DAY = 900.0, 86_400.0
TOKENS = {secrets.X_TOKEN: secrets.X_TOKEN_SECRET}


class XApi:
    """``legacy_429``: answers with the older of the two bodies when a limit is reached."""

    def __init__(self, services: Services, webhooks: XWebhooks, envelope: Callable[[], str]) -> None:
        self._services = services
        self._posts = XPosts(services, envelope)
        self._management = XManagement(services, webhooks)
        self._nonces: set[str] = set()

    def answer(self, call: Call) -> Answer:
        """What X answers to this call."""
        match = _MESSAGE.fullmatch(call.path)
        sends = bool(match) or call.path == "/2/tweets"
        fault = self._services.faults.strike("x", X.id, match[1] if match else "", sends=sends)
        if fault is not None and fault.name == "slow" and not fault.taken:
            self._services.sleep(fault.seconds)
        if fault is not None and fault.name != "slow" and not fault.taken:
            self._services.refused(platform="x", account=X.id, fault=fault.name)
            return answer_for(fault, None, epoch(self._services.clock()))
        try:
            proper = self._handled(call)
        except Refusal as refused:
            self._services.refused(platform="x", status=refused.answer.status)
            proper = refused.answer
        if fault is None:
            return proper
        if fault.name == "slow":
            if fault.taken:
                self._services.sleep(fault.seconds)
            return proper
        return answer_for(fault, proper, epoch(self._services.clock()))

    def _handled(self, call: Call) -> Answer:
        match = _MESSAGE.fullmatch(call.path)
        if match and call.method == "POST":
            return self._as_account(call, "messages", lambda: self._posts.message(match[1], call.body))
        if call.path == "/2/tweets" and call.method == "POST":
            return self._as_account(call, "posts", lambda: self._posts.post(call.body))
        if call.path == "/2/users/me" and call.method == "GET":
            self._signed(call)
            return Answer(200, {"data": {"id": X.id, "name": X.name, "username": X.username}})
        if self._bearer(call) is None:
            self._signed(call)
        return self._management.answer(call)

    def _as_account(self, call: Call, kind: str, do: Callable[[], dict[str, Any]]) -> Answer:
        if self._bearer(call) is not None:
            raise x_errors.app_only()
        self._signed(call)
        limits, now = self._services.limits, epoch(self._services.clock())
        quarter = limits.x_messages if kind == "messages" else limits.x_posts
        day = limits.x_messages_day if kind == "messages" else limits.x_posts_day
        level = self._services.buckets.take((kind,), now, quarter, _QUARTER / self._services.clock.factor)
        headers = level.headers()
        if not level.refused:
            whole = self._services.buckets.take((kind, "day"), now, day, _DAY / self._services.clock.factor)
            scope = "user" if kind == "messages" else "app"
            headers |= whole.headers(f"x-{scope}-limit-24hour")
            level = whole if whole.refused else level
        if level.refused:
            raise x_errors.too_many(headers)
        try:
            body = do()
        except Refusal as refused:
            # X counts what it refuses too, and says so.
            proper = refused.answer
            raise Refusal(
                Answer(proper.status, proper.body, {**headers, **proper.headers}, proper.content_type)
            ) from None
        return Answer(201, {"data": body}, headers)

    def _bearer(self, call: Call) -> str | None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        if token != secrets.X_BEARER:
            raise x_errors.unauthorized()
        return token

    def _signed(self, call: Call) -> None:
        try:
            fields = oauth.check(call, secrets.CONSUMER_KEY, secrets.CONSUMER_SECRET, TOKENS)
        except oauth.BadSignature:
            raise x_errors.unauthorized() from None
        with self._services.world.lock:
            if fields["oauth_nonce"] in self._nonces:
                raise x_errors.unauthorized()
            self._nonces.add(fields["oauth_nonce"])
