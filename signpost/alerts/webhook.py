"""Notices by webhook: as Microsoft Teams' Workflows take them, as Slack does, or as plain JSON."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from signpost.alerts.kinds import kind_of
from signpost.alerts.notice import Notice, NotTold
from signpost.alerts.wording import MOST_LISTED, TEST, facts, how_to_acknowledge, most_pressing, subject, text

SECONDS = 10.0
_MARKDOWN = frozenset("\\`*_[]()~#>|")


@dataclass(frozen=True)
class Webhook:
    """Posts notices to one address. The address itself lets whoever has it write there, so it is never shown."""

    url: str = field(repr=False)
    shape: Callable[[Notice], dict[str, Any]]
    client: httpx.Client
    name: str = "webhook"

    def tell(self, notice: Notice) -> str:
        """Posts the notice, and says what the webhook answered. Raises :class:`NotTold`."""
        try:
            answer = self.client.post(self.url, json=self.shape(notice), timeout=SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise NotTold(f"The webhook could not be reached ({type(fault).__name__}).") from None
        if not answer.is_success:
            raise NotTold(f"The webhook answered {answer.status_code}.")
        return f"The webhook took it (it answered {answer.status_code})."


def teams(notice: Notice) -> dict[str, Any]:
    """An Adaptive Card, which a workflow that begins with "When a Teams webhook request is received" posts as it is."""
    urgent = notice.urgent
    body: list[dict[str, Any]] = [
        {
            "type": "TextBlock",
            "text": _plain(subject(notice)),
            "size": "Large",
            "weight": "Bolder",
            "color": "Attention" if urgent else "Default",
            "wrap": True,
            "style": "heading",
        }
    ]
    if not notice.alerts:
        body.append({"type": "TextBlock", "text": TEST, "wrap": True})
    for one in most_pressing(notice)[:MOST_LISTED]:
        rows = [{"title": name, "value": _plain(value)} for name, value in facts(one, notice) if name != "Open it"]
        body.append({"type": "TextBlock", "text": _plain(kind_of(one.kind).title), "weight": "Bolder", "wrap": True})
        body.append({"type": "FactSet", "facts": rows})
        link = notice.link(one.reference) if one.reference else ""
        if link:
            body.append({"type": "ActionSet", "actions": [_open(f"Open {one.reference}", link)]})
    body += [{"type": "TextBlock", "text": _plain(line), "wrap": True, "isSubtle": True} for line in _ending(notice)]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if notice.alerts and notice.link():
        card["actions"] = [_open("Open the alerts", notice.link())]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def slack(notice: Notice) -> dict[str, Any]:
    """Blocks, with the text that a phone's notification shows."""
    blocks: list[dict[str, Any]] = [_section(f"*{_escaped(subject(notice))}*")]
    if not notice.alerts:
        blocks.append(_section(TEST))
    for one in most_pressing(notice)[:MOST_LISTED]:
        rows = "\n".join(f"{name}: {_escaped(value)}" for name, value in facts(one, notice))
        blocks.append(_section(f"*{_escaped(kind_of(one.kind).title)}*\n{rows}"))
    ending = "\n".join(_escaped(line) for line in _ending(notice))
    if ending:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": ending}]})
    return {"text": _escaped(subject(notice)), "blocks": blocks}


def plain(notice: Notice) -> dict[str, Any]:
    """Everything by name, for a program of the force's own."""
    return {
        "subject": subject(notice),
        "text": text(notice),
        "urgent": notice.urgent,
        "test": not notice.alerts,
        "mark": notice.mark,
        "link": notice.link() or None,
        "alerts": [
            {
                "id": one.id,
                "number": one.number,
                "kind": one.kind,
                "urgent": one.urgent,
                "reference": one.reference or None,
                "channel": one.channel or None,
                "account": one.account,
                "raised_at": f"{one.raised_at.isoformat(timespec='seconds')}Z",
                "link": (notice.link(one.reference) if one.reference else "") or None,
            }
            for one in most_pressing(notice)
        ],
    }


SHAPES: dict[str, Callable[[Notice], dict[str, Any]]] = {"teams": teams, "slack": slack, "plain": plain}


def _ending(notice: Notice) -> list[str]:
    if not notice.alerts:
        return []
    more = len(notice.alerts) - MOST_LISTED
    rest = [f"And {more} more. The alerts' page in Signpost lists all of them."] if more > 0 else []
    ids = ", ".join(f"{one.id} {one.number}" for one in most_pressing(notice)[:MOST_LISTED])
    return [*rest, *how_to_acknowledge(notice), f"Alert ids, with how often each has been told: {ids}"]


def _open(title: str, url: str) -> dict[str, Any]:
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def _section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def _plain(words: str) -> str:
    """Teams reads Markdown in a card: an account's name mustn't become a link."""
    return "".join(f"\\{character}" if character in _MARKDOWN else character for character in words)


def _escaped(words: str) -> str:
    """The three characters that Slack reads as marks of its own."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
