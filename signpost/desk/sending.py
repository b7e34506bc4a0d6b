"""Sends replies to the platforms over HTTP: each platform's module makes the request and reads the answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from signpost.channels import facebook, graph, instagram, messenger, x
from signpost.channels.graph import GraphAddress
from signpost.channels.simulated import ACCOUNT, SimulatedTransport
from signpost.channels.transport import (
    TOKEN_EXPIRED,
    Credentials,
    Delivery,
    DeliveryDelayed,
    DeliveryRefused,
    Request,
    Response,
    Taken,
    Transport,
)
from signpost.desk.connections import Client
from signpost.force.accounts import Account, Accounts
from signpost.log.clock import Clock
from signpost.settings import Settings

SECONDS = httpx.Timeout(10.0, connect=5.0)
AFTER_LOST_CONNECTION = 2.0
"""How long an account rests after its platform could not be reached, so that other accounts' replies go first."""


@dataclass(frozen=True)
class HttpTransport:
    """Sends one account's replies. ``make`` builds the request; ``read`` tells what the answer means."""

    client: Client
    make: Callable[[Delivery], Request]
    read: Callable[[Response, Delivery], Taken]
    too_late: Callable[[Delivery], str | None]

    def send(self, delivery: Delivery) -> Taken:
        """One attempt. Raises :class:`DeliveryRefused` or :class:`DeliveryDelayed`."""
        why = self.too_late(delivery)
        if why is not None:
            raise DeliveryRefused(why)
        request = self.make(delivery)
        try:
            answer = self.client.request(
                request.method,
                request.url,
                content=json.dumps(dict(request.json), ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json", **request.headers},
                timeout=SECONDS,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
            raise DeliveryDelayed(
                f"The platform could not be reached ({type(fault).__name__}).",
                seconds=AFTER_LOST_CONNECTION,
                whole_account=True,
            ) from None
        except httpx.HTTPError as fault:
            # The request was on its way: the platform may have taken it and only its answer was lost.
            raise DeliveryDelayed(f"The platform's answer was lost ({type(fault).__name__}).", unknown=True) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return self.read(Response(answer.status_code, headers, answer.content), delivery)


class _Away:
    """In place of a transport where there can be none; each reply is refused or put off with the reason."""

    def __init__(self, fault: DeliveryRefused | DeliveryDelayed) -> None:
        self._fault = fault

    def send(self, _delivery: Delivery) -> Taken:
        """Raises the reason."""
        raise self._fault


def transports(
    settings: Settings,
    accounts: Accounts,
    client: Client,
    credentials_of: Callable[[Account], Credentials],
    clock: Clock,
) -> Callable[[str, str], Transport]:
    """What finds the transport for a channel and an account's id on its platform."""
    address = GraphAddress(settings.graph_url, settings.instagram_url, settings.graph_version)
    simulated = SimulatedTransport()

    def find(channel: str, account_id: str) -> Transport:
        if account_id == ACCOUNT:
            return simulated
        account = accounts.on_channel(channel, account_id)
        if account is None:
            return _Away(DeliveryRefused("This account isn't in force/accounts.yml, or is switched off there."))
        credentials = credentials_of(account)
        if not credentials.token:
            why = f"{account.token_variable} is not set, so nothing can be sent for {account.name}."
            return _Away(DeliveryDelayed(why, seconds=300, whole_account=True, alert=TOKEN_EXPIRED))
        return HttpTransport(
            client,
            make=lambda delivery: _request(delivery, account, address, settings.x_url, credentials),
            read=lambda response, delivery: _outcome(response, delivery, account, clock),
            too_late=lambda delivery: None if account.platform == "x" else graph.outside_window(delivery, clock()),
        )

    return find


def _request(
    delivery: Delivery, account: Account, address: GraphAddress, x_url: str, credentials: Credentials
) -> Request:
    if delivery.channel == "messenger":
        return messenger.request(delivery, address, credentials)
    if account.platform == "facebook":
        return facebook.request(delivery, address, credentials)
    if account.platform == "instagram":
        return instagram.request(delivery, address, credentials, account.login)
    return x.request(delivery, x_url, credentials)


def _outcome(response: Response, delivery: Delivery, account: Account, clock: Clock) -> Taken:
    return x.outcome(response, clock()) if account.platform == "x" else graph.outcome(response, delivery.way)
