"""Steers the platforms over HTTP: what people do, which faults there are, and what came of it all."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .bursts import made_up
from .connecting import verified
from .options import BadOption
from .platforms import Platforms
from .poster import Poster
from .world import Item

MOST_AT_ONCE = 20_000
PAGE_OF_SENT = 50_000


def control(platforms: Platforms, intake: str) -> Blueprint:
    """Everything below /control. What can't be done is answered with 400 and a sentence, under ``error``."""
    pages = Blueprint("control", __name__, url_prefix="/control")
    steering = Steering(platforms, intake.rstrip("/"))
    for does in (
        steering.say,
        steering.burst,
        steering.act,
        steering.faults,
        steering.habits,
        steering.limits,
        steering.clock,
        steering.connect,
    ):
        pages.add_url_rule(f"/{does.__name__}", does.__name__, _answering(does), methods=["POST"])

    @pages.get("/state")
    def state() -> Response:
        return jsonify(platforms.state())

    @pages.get("/sent")
    def sent() -> Response:
        since = request.args.get("since", 0, type=int)
        with platforms.world.lock:
            found = platforms.world.sent[since : since + PAGE_OF_SENT]
        return jsonify({"sent": [{**asdict(one), "at": one.at.isoformat()} for one in found]})

    @pages.get("/deliveries")
    def deliveries() -> Response:
        return jsonify(platforms.courier.summary())

    @pages.get("/acknowledged")
    def acknowledged() -> Response:
        with platforms.world.lock:
            said = [item.platform_id for item in platforms.world.items.values() if item.author == "person"]
        return jsonify({"acknowledged": [one for one in said if platforms.courier.acknowledged(one)]})

    return pages


class Steering:
    """Each method takes the JSON that was posted under its name and gives back the JSON of the answer."""

    def __init__(self, platforms: Platforms, intake: str) -> None:
        self._platforms = platforms
        self._intake = intake

    def say(self, body: dict[str, Any]) -> dict[str, Any]:
        """``channel``, ``text``, and at will ``person``, ``account``, ``kind``, ``parent``."""
        return shown(self._platforms.say(**_texts(body)))

    def burst(self, body: dict[str, Any]) -> dict[str, Any]:
        """``messages`` as of :meth:`say`, or what :func:`made_up` takes; the rest are habits for these deliveries."""
        messages = body.pop("messages", None)
        if messages is None:
            messages = made_up(body)
        if not isinstance(messages, list) or len(messages) > MOST_AT_ONCE:
            raise BadOption(f"messages must be a list of at most {MOST_AT_ONCE}.")
        return {"messages": [shown(item) for item in self._platforms.burst([_texts(one) for one in messages], **body)]}

    def act(self, body: dict[str, Any]) -> dict[str, Any]:
        """``action``, ``platform_id`` and at will ``text``; to send a sticker or a photo, what :meth:`say` takes."""
        given = _texts(body)
        if given.get("action") in ("sticker", "photo"):
            return shown(self._platforms.say(kind=given.pop("action"), **given))
        return shown(self._platforms.act(**given))

    def faults(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sets a fault; with ``clear``, clears those that fit the rest; gives back all that are in force."""
        if body.pop("clear", False):
            self._platforms.faults.clear(**_texts(body))
        elif body:
            self._platforms.faults.set(**body)
        return {"faults": self._platforms.faults.listed()}

    def habits(self, body: dict[str, Any]) -> dict[str, Any]:
        """Changes how ``platform`` delivers, or all do."""
        self._platforms.set_habits(str(body.pop("platform", "")), **body)
        return {"habits": self._platforms.state()["habits"]}

    def limits(self, body: dict[str, Any]) -> dict[str, Any]:
        """Changes where the limits lie."""
        self._platforms.set_limits(**body)
        return {"limits": self._platforms.state()["limits"]}

    def clock(self, body: dict[str, Any]) -> dict[str, Any]:
        """``advance``: seconds by which the time jumps; ``factor``: how many times as fast waiting goes."""
        if "factor" in body:
            self._platforms.set_factor(_number(body, "factor"))
        if "advance" in body:
            self._platforms.advance(_number(body, "advance"))
        return {"now": self._platforms.clock().isoformat(), "factor": self._platforms.clock.factor}

    def connect(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Verifies Signpost's addresses as the platforms do when one connects an app; says which answered well."""
        post, webhooks = Poster(), self._platforms.webhooks
        outcome: dict[str, Any] = {
            one: verified(post, f"{self._intake}/webhooks/{one}") for one in ("meta", "instagram")
        }
        return {**outcome, "x": {webhook.url: webhooks.validate(webhook) for webhook in webhooks.listed()}}


def shown(item: Item) -> dict[str, Any]:
    """An item as JSON."""
    return {**asdict(item), "at": item.at.isoformat()}


def _answering(does: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[], tuple[Response, int]]:
    def view() -> tuple[Response, int]:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            return jsonify({"error": "The body must be a JSON object."}), 400
        try:
            return jsonify(does(body)), 200
        except BadOption as fault:
            return jsonify({"error": str(fault)}), 400
        except TypeError:
            return jsonify({"error": "The body lacks something, or has what isn't known."}), 400

    return view


def _texts(body: Any) -> dict[str, str]:
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise BadOption("Each value must be a text.")
    return body


def _number(body: dict[str, Any], name: str) -> float:
    value = body[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise BadOption(f"{name} must be a number, and not less than nothing.")
    return float(value)
