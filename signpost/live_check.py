"""Sends one harmless text through an account's real transport, as a first live check: `signpost send-test`."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from signpost.channels.transport import (
    MESSAGE,
    PUBLIC_REPLY,
    Delivery,
    DeliveryDelayed,
    DeliveryRefused,
    Transport,
)
from signpost.force.accounts import ANY, PLATFORMS, Account, Accounts
from signpost.mistakes import Mistake

TEXT = "This is a test from Signpost."

Transports = Callable[[str, str], Transport]
"""What finds the transport for a channel and an account's id, as :func:`signpost.desk.sending.transports` makes it."""


@dataclass(frozen=True)
class Verdict:
    """Whether the platform took the text, and in words what came of it."""

    taken: bool
    sentence: str


def account_named(accounts: Accounts, key: str) -> Account:
    """The account with this key, once it is sure that it can send. Raises :class:`Mistake`."""
    for account in accounts.all:
        if account.key == key:
            if account.off:
                raise Mistake(f"{account.off}.")
            if account.id == ANY:
                raise Mistake(f"{account.name} is a rehearsal's account and has no id of its own to send as.")
            return account
    there_are = f"There are: {', '.join(one.key for one in accounts.all)}" if accounts.all else "It lists none"
    raise Mistake(f"There is no account {key!r} in the accounts' file. {there_are}.", exit_status=2)


def text_for(account: Account, *, to: str = "", channel: str | None = None, reply_to: str = "") -> Delivery:
    """The text on its way: a private message to the person ``to``, or a public answer to the comment or post ``reply_to``.

    Both are the platform's ids. Without a ``channel`` it is the account's private one. Raises :class:`Mistake` (exit
    status 2) when the channel isn't the account's, or when what it needs is missing.
    """
    private, _public = PLATFORMS[account.platform]
    name = channel or (private if private in account.channels else account.channels[0])
    if name not in account.channels:
        there_are = ", ".join(account.channels)
        raise Mistake(f"{account.key} has no channel {name!r}. There are: {there_are}.", exit_status=2)
    if name == private and (reply_to or not to):
        raise Mistake(f"A message on {name} needs --to, and --reply-to is for comments and posts only.", exit_status=2)
    if name != private and not reply_to:
        raise Mistake(f"An answer on {name} needs --reply-to: the id of the comment or post.", exit_status=2)
    way = MESSAGE if name == private else PUBLIC_REPLY
    return Delivery(f"test-{uuid.uuid4()}", name, account.id, to, reply_to, TEXT, way)


def send(delivery: Delivery, transports: Transports) -> Verdict:
    """Makes one attempt, and says what came of it."""
    try:
        taken = transports(delivery.channel, delivery.account).send(delivery)
    except DeliveryRefused as refusal:
        return Verdict(taken=False, sentence=f"Refused: {refusal}")
    except DeliveryDelayed as delay:
        alert = f" At work this would raise the alert {delay.alert}." if delay.alert else ""
        return Verdict(taken=False, sentence=f"Not taken this time: {delay}{alert}")
    if not taken.platform_id:
        # X refuses the same text twice, which its transport counts as taken: the text is there.
        return Verdict(
            taken=True, sentence="Taken, without an id: the platform gives none, or has this very text already."
        )
    return Verdict(taken=True, sentence=f"Taken, under the platform's id {taken.platform_id}.")


def described(delivery: Delivery, transports_over: Callable[[httpx.Client], Transports]) -> str:
    """The request that :func:`send` would make, with the token left out; nothing goes out.

    ``transports_over`` makes the transports of a client: this one reaches no network.
    """
    requests: list[httpx.Request] = []

    def keep(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(httpx.codes.SERVICE_UNAVAILABLE)

    with httpx.Client(transport=httpx.MockTransport(keep)) as client:
        verdict = send(delivery, transports_over(client))
    if not requests:
        return verdict.sentence
    request = requests[0]
    body = json.dumps(json.loads(request.content), indent=2, ensure_ascii=False)
    return f"{request.method} {request.url}\n{body}\nNothing was sent. The account's token goes along in a header."
