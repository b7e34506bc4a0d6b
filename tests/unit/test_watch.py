"""A platform that has gone quiet is noticed, and an account it has dropped is subscribed again."""

import json
from dataclasses import replace

import httpx
import pytest

from signpost.channels.transport import Credentials
from signpost.desk.subscriptions import Subscriptions
from signpost.desk.watch import Watch
from signpost.force.accounts import Account, Accounts
from signpost.log.states import note_received, open_alerts
from signpost.settings import Settings

PAGE = Account("page", "facebook", "100", "The page", ("messenger",), quiet_alert_hours=24)
X_OFF = Account("x", "x", "300", "X", ("x_dm",))
WHOLE = ["messages", "messaging_postbacks", "message_echoes", "message_edits", "feed", "mention"]


def watch(record, *accounts: Account, subscribe=lambda _account: None) -> Watch:
    return Watch(record.sessions, Accounts(accounts), subscribe, record.clock)


def alerts(record) -> list[tuple[str, str]]:
    with record.reads() as session:
        return [(alert.kind, alert.detail) for alert in open_alerts(session)]


def test_an_account_that_receives_nothing_for_its_time_raises_an_alert(record):
    one = watch(record, PAGE)
    one.look()
    record.clock.advance(hours=23, minutes=59)
    one.look()
    assert alerts(record) == []
    record.clock.advance(minutes=1)
    one.look()
    ((kind, detail),) = alerts(record)
    assert kind == "platform_quiet"
    assert detail.startswith("The page has received nothing for 24 hours.")


def test_whatever_arrives_counts_and_ends_the_alert(record):
    one = watch(record, PAGE)
    one.look()
    record.clock.advance(hours=30)
    one.look()
    assert alerts(record)
    with record.sessions.begin() as session:
        note_received(session, [("facebook", "100")], record.clock())
    assert alerts(record) == []
    record.clock.advance(hours=23)
    one.look()
    assert alerts(record) == []


@pytest.mark.parametrize("account", [X_OFF, replace(PAGE, quiet_alert_hours=0)])
def test_accounts_that_are_off_or_may_be_quiet_raise_none(record, account):
    one = watch(record, account)
    one.look()
    record.clock.advance(days=30)
    one.look()
    assert alerts(record) == []


def test_subscriptions_are_looked_at_once_an_hour_by_whichever_process_is_first(record):
    asked = []
    one, other = (watch(record, PAGE, subscribe=lambda account: asked.append(account.id)) for _ in range(2))
    for _ in range(60):
        one.look()
        other.look()
        record.clock.advance(minutes=1)
    assert asked == ["100"]
    one.look()
    assert asked == ["100", "100"]


def test_an_account_the_platform_dropped_raises_an_alert_until_it_is_subscribed_again(record):
    says = ["It was dropped.", None]
    one = watch(record, PAGE, subscribe=lambda _account: says.pop(0))
    one.look()
    assert alerts(record) == [("unsubscribed", "It was dropped.")]
    record.clock.advance(hours=1)
    one.look()
    assert alerts(record) == []


def test_a_platform_that_cannot_be_asked_raises_no_alert(record):
    def away(_account):
        raise ConnectionError

    watch(record, PAGE, subscribe=away).look()
    assert alerts(record) == []


# What is asked of Meta


def subscriptions(answer, token: str = "t") -> Subscriptions:  # noqa: S107  # it opens nothing
    settings = Settings.from_environment({"SIGNPOST_META_APP_ID": "900"})
    return Subscriptions(
        httpx.Client(transport=httpx.MockTransport(answer)), settings, lambda _account: Credentials(token)
    )


@pytest.mark.parametrize(
    ("apps", "again"),
    [
        ([{"id": "900", "subscribed_fields": WHOLE}], False),
        ([{"id": "900", "subscribed_fields": WHOLE[1:]}], True),
        ([{"id": "901", "subscribed_fields": WHOLE}], True),
        ([], True),
    ],
)
def test_an_app_that_lacks_a_field_or_is_gone_is_subscribed_again(apps, again):
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"data": apps} if request.method == "GET" else {"success": True})

    assert subscriptions(answer)(PAGE) is None
    assert [request.method for request in asked] == ["GET", "POST"][: 1 + again]
    assert all(str(request.url) == "https://graph.facebook.com/v25.0/100/subscribed_apps" for request in asked)
    if again:
        assert set(json.loads(asked[1].content)["subscribed_fields"].split(",")) == set(WHOLE)


def test_when_meta_refuses_to_subscribe_staff_are_told():
    wrong = subscriptions(lambda request: httpx.Response(200 if request.method == "GET" else 400, json={"data": []}))(
        PAGE
    )
    assert wrong is not None
    assert wrong.startswith("The page is no longer subscribed")


@pytest.mark.parametrize(
    "answer", [httpx.Response(500, json={}), httpx.Response(200, text="<html>"), httpx.Response(200, json=[])]
)
def test_a_meta_that_cannot_answer_is_asked_again_later(answer):
    with pytest.raises(ConnectionError):
        subscriptions(lambda _request: answer)(PAGE)


def test_without_a_token_and_on_x_nothing_is_asked():
    def fail(_request):
        pytest.fail("nothing should be asked")

    assert subscriptions(fail, token="")(PAGE) is None
    assert subscriptions(fail)(X_OFF) is None
