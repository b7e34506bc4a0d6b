"""X's posts: mentions of an account, replies to it and quotes of it, in the older and the newer form of a post."""

from collections.abc import Iterator

from signpost.channels.events import ATTACHMENT, TEXT, UNREADABLE, Deleted, Event, Noted, Said
from signpost.channels.x_messages import INCOMPLETE, OWN
from signpost.channels.x_values import at, identifier, items, moment, words

CHANNEL = "x_mention"
REPOST, UNADDRESSED = "repost", "unaddressed"


def post(found: object, account: str, *, addressed: bool) -> Event:
    """One post, as the platform tells an account of it.

    ``addressed``: the event itself says that the post mentions the account, replies to it or quotes it; otherwise the
    post must say so. A post of the account's own is never anybody's report, and neither is a repost of someone's words.
    """
    platform_id = identifier(at(found, "id_str"), at(found, "id"))
    author = identifier(at(found, "author_id"), at(found, "user", "id_str"), at(found, "user", "id"))
    if not (platform_id and author and account):
        # Whose it is must be known: an answer to one of our own posts would call for the next.
        return Noted(INCOMPLETE, account)
    if author == account:
        return Noted(OWN, account)
    if _is_repost(found):
        return Noted(REPOST, account)
    if not addressed and account not in set(_addressees(found)):
        return Noted(UNADDRESSED, account)
    text = _text(found)
    return Said(
        channel=CHANNEL,
        account=account,
        person=author,
        platform_id=platform_id,
        text=text,
        kind=TEXT if text else ATTACHMENT if _has_media(found) else UNREADABLE,
        sent_at=moment(at(found, "created_at"), at(found, "timestamp_ms"), platform_id=platform_id),
    )


def deleted_post(found: object, account: str) -> Event:
    """A post that was taken down: ``found`` holds its id (X API documentation, activity and account activity)."""
    platform_id = identifier(at(found, "id_str"), at(found, "id"))
    return Deleted(CHANNEL, account, platform_id) if platform_id and account else Noted(INCOMPLETE, account)


def _text(found: object) -> str:
    """All of the post's words: ``text`` alone ends early where a longer form stands beside it."""
    return words(
        at(found, "note_tweet", "text"),
        at(found, "extended_tweet", "full_text"),
        at(found, "full_text"),
        at(found, "text"),
    )


def _is_repost(found: object) -> bool:
    kinds = (at(one, "type") for one in items(at(found, "referenced_tweets")))
    return isinstance(at(found, "retweeted_status"), dict) or "retweeted" in kinds


def _has_media(found: object) -> bool:
    places = (("extended_entities", "media"), ("entities", "media"), ("attachments", "media_keys"))
    return any(items(at(found, *place)) for place in places)


def _addressees(found: object) -> Iterator[str]:
    """The ids of everybody whom the post answers, quotes or mentions, beyond its 140th character too."""
    quoted = at(found, "quoted_status", "user")
    yield identifier(at(found, "in_reply_to_user_id_str"), at(found, "in_reply_to_user_id"))
    yield identifier(at(quoted, "id_str"), at(quoted, "id"))
    for place in (("entities",), ("extended_tweet", "entities")):
        for mention in items(at(found, *place, "user_mentions")):
            yield identifier(at(mention, "id_str"), at(mention, "id"))
