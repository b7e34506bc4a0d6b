"""Meta's Graph API: tokens, paths, usage headers and faults; what each call does is in the modules it asks."""

import json
import re
from collections.abc import Mapping
from typing import Any

from . import secrets
from .answer import Answer, Call, Refusal
from .clock import epoch
from .faults import answer_for
from .graph_comments import Comments
from .graph_errors import refusal
from .graph_messages import Messages
from .profiles import INSTAGRAM, PAGE, PROFILES, Profile
from .services import Services
from .subscriptions import FACEBOOK_FIELDS, INSTAGRAM_FIELDS, Subscriptions

_PATH = re.compile(r"/?(?:v[0-9]{1,3}\.[0-9]/)?([A-Za-z0-9_=-]+)(?:/([a-z_]+))?/?")
_SENDING = ("/messages", "/comments", "/replies")
TOKENS = {secrets.PAGE_TOKEN: PAGE, secrets.INSTAGRAM_TOKEN: INSTAGRAM}
"""The page's token opens both pages, as one of a system user does, and the profile that is linked to them."""


class GraphApi:
    """Both of Meta's addresses: ``host`` is ``graph`` or ``instagram``."""

    def __init__(self, services: Services, subscriptions: Subscriptions) -> None:
        self._services = services
        self._subscriptions = subscriptions
        self._messages = Messages(services)
        self._comments = Comments(services)

    def answer(self, call: Call, host: str = "graph") -> Answer:
        """What Meta answers to this call."""
        platform, account, person = self._aims_at(call, host)
        sends = call.method == "POST" and call.path.rstrip("/").endswith(_SENDING)
        fault = self._services.faults.strike(platform, account, person, sends=sends)
        if fault is not None and fault.name == "slow" and not fault.taken:
            self._services.sleep(fault.seconds)
        if fault is not None and fault.name != "slow" and not fault.taken:
            proper = answer_for(fault, None, epoch(self._services.clock()))
            self._services.refused(platform=platform, account=account, fault=fault.name)
        else:
            proper = self._proper(call, host)
            if fault is not None and fault.name == "slow" and fault.taken:
                self._services.sleep(fault.seconds)
            elif fault is not None and fault.name != "slow":
                proper = answer_for(fault, proper, epoch(self._services.clock()))
        return Answer(
            proper.status,
            proper.body,
            {**self._usage(account), **proper.headers},
            proper.content_type,
            proper.cut,
        )

    def _proper(self, call: Call, host: str) -> Answer:
        try:
            return self._handled(call, host)
        except Refusal as refused:
            body = refused.answer.body
            error = body["error"] if isinstance(body, dict) else {}
            self._services.refused(
                platform="meta",
                status=refused.answer.status,
                code=error.get("code"),
                subcode=error.get("error_subcode"),
            )
            return refused.answer

    def _handled(self, call: Call, host: str) -> Answer:
        owner = self._owner(call)
        target, edge = self._split(call)
        if target == "me":
            target = owner.id
        profile = PROFILES.get(target)
        if edge == "":
            if call.method != "GET" or profile is None:
                raise refusal(100, 33)
            return Answer(200, _described(profile))
        if edge == "messages" and call.method == "POST":
            return self._messages.answer(self._account(target, owner, host), call)
        if edge in ("comments", "replies") and call.method == "POST":
            return self._comments.answer(target, edge, call)
        if edge == "subscribed_apps" and profile is not None:
            return self._subscribed(profile, call)
        if edge in ("pass_thread_control", "take_thread_control", "release_thread_control") and profile is not None:
            return self._messages.thread_control(profile, edge, call)
        raise refusal(2500, message=f"Unknown path components: /{edge}")

    def _owner(self, call: Call) -> Profile:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            token = str(call.query.get("access_token") or call.body.get("access_token") or "")
        if not token:
            raise refusal(104, message="An access token is required to request this resource.")
        owner = TOKENS.get(token)
        if owner is None:
            raise refusal(190)
        return owner

    def _account(self, target: str, owner: Profile, host: str) -> Profile:
        """The account that sends. A page's token sends for Instagram too; Instagram's own address knows no pages."""
        profile = PROFILES.get(target)
        if profile is None and self._services.limits.strangers and target.isdecimal():
            return Profile(owner.platform, target, "Stranger", "stranger", "0")
        if profile is None or profile.platform == "x" or (host == "instagram" and profile.platform != "instagram"):
            raise refusal(100, 33)
        if owner.platform == "instagram" and profile.platform != "instagram":
            raise refusal(200, message="(#200) The page access token is for another page")
        return profile

    def _subscribed(self, profile: Profile, call: Call) -> Answer:
        if call.method == "GET":
            fields = self._subscriptions.of(profile.id)
            app = {"link": "https://signpost.example", "name": "Signpost in rehearsal", "id": secrets.APP_ID}
            return Answer(200, {"data": [{**app, "subscribed_fields": fields}] if fields else []})
        if call.method == "DELETE":
            self._subscriptions.set(profile.id, set())
            return Answer(200, {"success": True})
        asked = call.body.get("subscribed_fields") or call.query.get("subscribed_fields") or ""
        named = set(asked if isinstance(asked, list) else str(asked).split(",")) - {""}
        known = FACEBOOK_FIELDS if profile.platform == "facebook" else INSTAGRAM_FIELDS
        if not named or not named <= known:
            raise refusal(100, message=f"(#100) Param subscribed_fields must be one of {{{', '.join(sorted(known))}}}")
        self._subscriptions.set(profile.id, named)
        return Answer(200, {"success": True})

    def _aims_at(self, call: Call, host: str) -> tuple[str, str, str]:
        """Platform, account and person of a call, as far as they can be told before it is looked at, for faults."""
        match = _PATH.fullmatch(call.path)
        target = match[1] if match else ""
        item = self._services.world.items.get(target)
        account = item.account if item else target
        profile = PROFILES.get(account)
        platform = profile.platform if profile else "instagram" if host == "instagram" else "facebook"
        recipient = call.body.get("recipient")
        person = str(recipient.get("id", "")) if isinstance(recipient, Mapping) else item.person if item else ""
        return platform, account, person

    def _split(self, call: Call) -> tuple[str, str]:
        match = _PATH.fullmatch(call.path)
        if match is None:
            raise refusal(2500, message="Unknown path components")
        return match[1], match[2] or ""

    def _usage(self, account: str) -> dict[str, str]:
        """How much of its limits the app has used, in per cent (Graph API's rate limiting documentation)."""
        now = epoch(self._services.clock())
        self._services.buckets.take(("graph", account), now, 10**9, 3600.0)
        people = max(len(self._services.world.last_said[account]), self._services.limits.least_people, 1)
        share = min(100, 100 * self._services.buckets.used(("graph", account), now) // (200 * people))
        used = {"call_count": share, "total_cputime": share // 2, "total_time": share // 2}
        by_case: dict[str, Any] = {account: [{"type": "messenger", **used, "estimated_time_to_regain_access": 0}]}
        return {
            "X-App-Usage": json.dumps(used),
            "X-Page-Usage": json.dumps(used),
            "X-Business-Use-Case-Usage": json.dumps(by_case),
            "facebook-api-version": "v25.0",
        }


def _described(profile: Profile) -> dict[str, Any]:
    if profile.platform == "instagram":
        return {"id": profile.id, "user_id": profile.id, "username": profile.username, "name": profile.name}
    return {"name": profile.name, "id": profile.id}
