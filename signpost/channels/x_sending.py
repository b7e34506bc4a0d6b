"""Puts a reply to X: a direct message to a person, or a post under a post, signed by the account."""

from collections.abc import Mapping
from urllib.parse import quote

from signpost.channels.transport import PUBLIC_REPLY, Credentials, Delivery, Request


def request(delivery: Delivery, x_url: str, credentials: Credentials) -> Request:
    """The request that hands the reply to X, at ``x_url`` (``https://api.x.com``); it can be sent once and soon.

    A public reply goes to ``POST /2/tweets``. Everything else is a direct message to the person (``POST
    /2/dm_conversations/with/{participant_id}/messages``): X has no private answer to a post but that (X API
    documentation, posts and direct messages).
    """
    base = x_url.rstrip("/")
    if delivery.way == PUBLIC_REPLY:
        body = {"text": delivery.text, "reply": {"in_reply_to_tweet_id": delivery.in_reply_to}}
        return _signed(f"{base}/2/tweets", body, credentials)
    person = quote(delivery.person, safe="")
    return _signed(f"{base}/2/dm_conversations/with/{person}/messages", {"text": delivery.text}, credentials)


def _signed(url: str, body: Mapping[str, object], credentials: Credentials) -> Request:
    """The POST with OAuth 1.0a's header in the user's context, HMAC-SHA1 (X API documentation, authentication)."""
    # Seven megabytes, for who has an account on X alone.
    from authlib.oauth1 import ClientAuth  # it ships no types

    client = ClientAuth(
        credentials.consumer_key,
        client_secret=credentials.consumer_secret,
        token=credentials.token,
        token_secret=credentials.token_secret,
    )
    # RFC 5849 signs a body only when it is a form's: given ours, the library would add a hash that X doesn't know.
    _url, headers, _body = client.prepare("POST", url, {"Content-Type": "application/json"}, b"")
    return Request("POST", url, headers, body)
