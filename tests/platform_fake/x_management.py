"""X's interface for webhooks and for what they tell of."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import x_errors
from .answer import Answer, Call
from .profiles import X
from .services import Services
from .x_webhooks import XWebhooks

_WEBHOOK = re.compile(r"/2/webhooks/([0-9]{1,19})")
_SUBSCRIPTION = re.compile(r"/2/activity/subscriptions/([0-9]{1,19})")
_MINUTE = re.compile(r"[0-9]{12}")


class XManagement:
    """``/2/webhooks`` and ``/2/activity/subscriptions``."""

    def __init__(self, services: Services, webhooks: XWebhooks) -> None:
        self._services = services
        self._webhooks = webhooks
        self._subscriptions: dict[str, dict[str, Any]] = {}

    def answer(self, call: Call) -> Answer:
        """Does what is asked, or raises a refusal."""
        if call.path == "/2/webhooks":
            return self._all(call)
        if call.path == "/2/webhooks/replay" and call.method == "POST":
            return self._replay(call.body)
        if match := _WEBHOOK.fullmatch(call.path):
            return self._one(call.method, match[1])
        if call.path == "/2/activity/subscriptions":
            return self._subscribed(call)
        if (match := _SUBSCRIPTION.fullmatch(call.path)) and call.method == "DELETE":
            return self._unsubscribed(match[1])
        raise x_errors.plain(404, "Not Found", "Not Found")

    def _all(self, call: Call) -> Answer:
        if call.method == "GET":
            all_of_them = [webhook.shown() for webhook in self._webhooks.listed()]
            return Answer(200, {"data": all_of_them, "meta": {"result_count": len(all_of_them)}})
        if call.method != "POST" or not isinstance(call.body.get("url"), str):
            raise x_errors.invalid("The url is required.", url="")
        return Answer(200, {"data": self._webhooks.create(call.body["url"]).shown()})

    def _one(self, method: str, webhook_id: str) -> Answer:
        if method == "PUT":
            return Answer(200, {"data": {"valid": self._webhooks.validate(self._webhooks.find(webhook_id))}})
        if method == "DELETE":
            self._webhooks.delete(webhook_id)
            return Answer(200, {"data": {"deleted": True}})
        raise x_errors.plain(404, "Not Found", "Not Found")

    def _replay(self, body: Mapping[str, Any]) -> Answer:
        first, last = str(body.get("from_date", "")), str(body.get("to_date", ""))
        if not _MINUTE.fullmatch(first) or not _MINUTE.fullmatch(last):
            raise x_errors.invalid("from_date and to_date must be of the form yyyymmddhhmm.", from_date=first)
        try:
            span = [datetime.strptime(minute, "%Y%m%d%H%M") for minute in (first, last)]  # noqa: DTZ007  # all are UTC
        except ValueError:
            raise x_errors.invalid("from_date and to_date must be times.", from_date=first) from None
        job = self._webhooks.replay(self._webhooks.find(str(body.get("webhook_id", ""))), *span)
        created = self._services.clock().strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return Answer(200, {"data": {"job_id": job, "created_at": created}})

    def _subscribed(self, call: Call) -> Answer:
        if call.method == "GET":
            return Answer(200, {"data": list(self._subscriptions.values())})
        kind, scope = call.body.get("event_type"), call.body.get("filter")
        if call.method != "POST" or not isinstance(kind, str) or not isinstance(scope, Mapping):
            raise x_errors.invalid("event_type and filter are required.", event_type=str(kind))
        if str(scope.get("user_id", X.id)) != X.id:
            raise x_errors.not_found("user", "user_id", str(scope.get("user_id")))
        now = self._services.clock().strftime("%Y-%m-%dT%H:%M:%S.000Z")
        subscription_id = self._services.ids.x()
        subscription = {
            "subscription_id": subscription_id,
            "event_type": kind,
            "filter": dict(scope),
            "tag": str(call.body.get("tag", kind)),
            "webhook_id": str(call.body.get("webhook_id", "")),
            "created_at": now,
            "updated_at": now,
        }
        self._subscriptions[subscription_id] = subscription
        self._webhooks.subscribe(self._webhooks.types | {kind})
        return Answer(200, {"data": {"subscription": subscription}})

    def _unsubscribed(self, subscription_id: str) -> Answer:
        gone = self._subscriptions.pop(subscription_id, None)
        if gone is None:
            raise x_errors.not_found("subscription", "subscription_id", subscription_id)
        self._webhooks.subscribe(self._webhooks.types - {gone["event_type"]})
        return Answer(200, {"data": {"deleted": True}})
