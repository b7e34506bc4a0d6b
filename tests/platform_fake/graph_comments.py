"""Public replies under comments: ``POST /{comment}/comments`` on pages, ``POST /{comment}/replies`` on Instagram."""

from signpost.force.length import measure

from .answer import Answer, Call
from .graph_errors import refusal
from .lengths import LENGTHS
from .meta_events import comment
from .options import Habits
from .profiles import PROFILES
from .services import Services
from .world import APP, Item

_EDGES = {"facebook_comment": "comments", "instagram_comment": "replies"}


class Comments:
    """What the account writes under people's comments."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def answer(self, target: str, edge: str, call: Call) -> Answer:
        """Takes the reply and answers with its id, or raises a refusal."""
        text = call.body.get("message") or call.query.get("message") or ""
        above = self._services.world.items.get(target)
        if above is None or above.deleted or _EDGES.get(above.channel) != edge:
            raise refusal(100, 33)
        profile = PROFILES[above.account]
        if not isinstance(text, str) or not text.strip():
            raise refusal(100, message="(#100) The parameter message is required")
        limit = LENGTHS[above.channel]
        if measure(text, limit.unit) > limit.longest:
            raise refusal(100, message="(#100) The comment is too long")
        facebook = profile.platform == "facebook"
        item = Item(
            self._services.ids.facebook_comment(profile.post) if facebook else self._services.ids.instagram_comment(),
            above.channel,
            profile.id,
            above.person,
            APP,
            text,
            self._services.clock(),
            # On Instagram only comments on a post itself have replies: those to a reply stand beside it.
            parent=target if facebook else above.parent or target,
        )
        sent = self._services.world.take(item, "public_reply", in_reply_to=target)
        self._services.journal.write("sent", item.at, **{k: v for k, v in vars(sent).items() if k != "at"})
        self._services.tell([comment(self._services.world, item, Habits())])
        return Answer(200, {"id": item.platform_id})
