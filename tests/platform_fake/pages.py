"""The pages of a rehearsal: each channel as its platform would show it, with forms to write as a member of the public."""

from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from signpost.console.protection import add_headers, nonce

from . import secrets, threads
from .ids import person_id
from .options import BadOption
from .people import KINDS
from .platforms import Platforms
from .profiles import CHANNELS, PROFILES, PUBLIC, Profile, profile_for

NAMES = {
    "messenger": "Messenger",
    "facebook_comment": "Comments on the page",
    "instagram_dm": "Instagram messages",
    "instagram_comment": "Instagram comments",
    "x_dm": "X messages",
    "x_mention": "Posts on X",
}
PLATFORMS = {"facebook": "Facebook", "instagram": "Instagram", "x": "X"}
KIND_NAMES = {
    "text": "Words",
    "photo": "A photo",
    "video": "A video",
    "sticker": "A sticker",
    "share": "A shared post",
    "postback": "A press on a button",
    "story_reply": "An answer to a story",
    "story_mention": "A mention in a story",
    "unsupported": "Something Meta doesn't pass on",
    "ciphertext": "An encrypted message",
    "reply": "An answer to the post",
    "quote": "A quotation of the post",
    "bystander": "A post that doesn't name the account",
}
ACTIONS = {
    "messenger": {"unsend": "Unsend", "react": "Like"},
    "facebook_comment": {"delete": "Delete", "react": "Like", "hide": "Hide", "unhide": "Show again"},
    "instagram_dm": {"unsend": "Unsend", "react": "Like"},
    "instagram_comment": {"delete": "Delete"},
    "x_dm": {},
    "x_mention": {"delete": "Delete"},
}
CAN_CHANGE = frozenset({"messenger", "facebook_comment", "instagram_dm", "x_mention"})
CAN_HAND_OVER = frozenset({"messenger", "instagram_dm"})


def pages(app: Flask, platforms: Platforms) -> Blueprint:
    """The blueprint. Its forms carry a token: what another site's page posts here is refused."""
    blueprint = Blueprint("platforms", __name__, template_folder="templates", static_folder="static")
    csrf = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the platforms' interfaces are no forms
    csrf.init_app(app)
    blueprint.before_request(csrf.protect)
    blueprint.after_request(add_headers)
    blueprint.context_processor(lambda: {"nonce": nonce(), "names": NAMES, "channels_of": _by_platform()})

    @blueprint.get("/")
    def start() -> str:
        return render_template("platforms/start.html", state=platforms.state(), told=platforms.courier.summary())

    @blueprint.get("/channels/<channel>")
    def channel_page(channel: str) -> str:
        return render_template("platforms/channel.html", **_shown(platforms, channel, request.args))

    @blueprint.post("/channels/<channel>/say")
    def say(channel: str) -> AnyResponse:
        given = {name: request.form.get(name, "") for name in ("text", "person", "account", "kind", "parent")}
        try:
            item = platforms.say(channel, given.pop("text").strip(), **given)
        except BadOption as fault:
            return _refused(platforms, channel, str(fault), typed=request.form)
        return redirect(url_for(".channel_page", channel=channel, account=item.account, person=item.person))

    @blueprint.post("/channels/<channel>/act")
    def act(channel: str) -> AnyResponse:
        given = {name: request.form.get(name, "") for name in ("action", "platform_id", "text")}
        try:
            item = platforms.act(given["action"], given["platform_id"], given["text"].strip())
        except BadOption as fault:
            return _refused(platforms, channel, str(fault), typed={})
        return redirect(url_for(".channel_page", channel=channel, account=item.account, person=item.person))

    return blueprint


def _refused(platforms: Platforms, channel: str, sentence: str, typed: Any) -> Response:
    """The page once more, with what is wrong and with what was typed for a new message."""
    shown = _shown(platforms, channel, request.form)
    shown |= {"fault": sentence, "typed": typed}
    return Response(render_template("platforms/channel.html", **shown), 400)


def _by_platform() -> list[tuple[str, list[str]]]:
    return [
        (name, [channel for channel, platform in CHANNELS.items() if platform == one])
        for one, name in PLATFORMS.items()
    ]


def _shown(platforms: Platforms, channel: str, asked: Any) -> dict[str, Any]:
    """All that the page of a channel shows; ``asked`` may name an account and a person."""
    profile = _profile(channel, asked.get("account", ""))
    world, public = platforms.world, channel in PUBLIC
    everybody = threads.people(world, channel, profile.id)
    known = {one.id for one in everybody}
    person = person_id(profile.platform, profile.id, asked.get("person", ""))
    if person not in known:
        person = everybody[0].id if everybody else ""
    items = [] if public or not person else threads.conversation(world, channel, profile.id, person)
    return {
        "channel": channel,
        "profile": profile,
        "siblings": [one for one in PROFILES.values() if one.platform == profile.platform],
        "public": public,
        "everybody": everybody,
        "person": person,
        "name_of": lambda who: world.name_of(profile.platform, who),
        "items": items,
        "threads": threads.under_post(world, channel, profile) if public else [],
        "with_staff": world.owners.get((profile.id, person), secrets.APP_ID) != secrets.APP_ID,
        "length": threads.length,
        "acknowledged": platforms.courier.acknowledged,
        "kinds": {kind: KIND_NAMES[kind] for kind in KINDS[channel]},
        "actions": ACTIONS[channel],
        "can_change": channel in CAN_CHANGE,
        "can_hand_over": channel in CAN_HAND_OVER,
        "fault": "",
        "typed": {},
    }


def _profile(channel: str, account: str) -> Profile:
    try:
        return profile_for(channel, account)
    except KeyError:
        raise NotFound from None
