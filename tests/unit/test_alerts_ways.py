"""Notices travel by e-mail and by webhook, safely, and what goes wrong is said in a sentence."""

import ssl
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from alert_servers import Certificate, Mailbox, free_port, mail_server, webhook

from signpost.alerts.again import pause_after
from signpost.alerts.mail import Mail, MailServer, message_of
from signpost.alerts.notice import Notice, NotTold, Told
from signpost.alerts.ways import NOBODY, NOBODY_IN_REHEARSAL, telling_of
from signpost.alerts.webhook import Webhook, plain, slack, teams
from signpost.alerts.wording import MOST_LISTED, subject, text
from signpost.mistakes import Mistake
from signpost.settings import Settings

NOW = datetime(2026, 11, 22, 3, 4)  # noqa: DTZ001  # the record keeps UTC without a zone
ONE = Told(
    id="key-1",
    number=1,
    kind="emergency",
    urgent=True,
    account="Wiltshire Police",
    raised_at=NOW - timedelta(minutes=4),
    reference="CDF-347",
    channel="Facebook Messenger",
)
SLOW = Told(
    id="key-2",
    number=3,
    kind="platform_quiet",
    urgent=False,
    account="Calne Policing Team",
    raised_at=NOW - timedelta(days=2),
)
CONSOLE = "https://signpost.example.org"


def notice(*alerts: Told, url: str = CONSOLE) -> Notice:
    return Notice(alerts, NOW, 15, url)


# What is said


def test_a_notice_says_what_where_when_and_what_to_do_and_links_to_the_record():
    said = text(notice(ONE))
    for part in (
        "An emergency was logged",
        "Reference: CDF-347",
        "Channel: Facebook Messenger",
        "Account: Wiltshire Police",
        "When: 4 minutes ago (22 November 2026, 03:00)",
        "Open it: https://signpost.example.org/records/CDF-347",
        "What to do: Open the record",
        "acknowledge the alert in Signpost: https://signpost.example.org/alerts",
        "every 15 minutes",
        "key-1 1",
    ):
        assert part in said


def test_without_an_address_of_the_console_the_reference_alone_is_told():
    said = text(notice(ONE, url=""))
    assert "CDF-347" in said
    assert "http" not in said
    assert "on the page Alerts" in said


def test_the_subject_says_how_often_people_have_been_told():
    assert subject(notice(ONE)) == "Signpost: An emergency was logged (CDF-347)"
    assert subject(notice(replace(ONE, number=4))) == "Signpost: An emergency was logged (CDF-347), notice 4"
    assert subject(notice(SLOW, ONE)) == "Signpost: 2 alerts, 1 urgent"


def test_many_alerts_are_one_notice_that_lists_some_and_counts_the_rest():
    many = tuple(replace(ONE, id=f"key-{n}", reference=f"CDF-{n}") for n in range(40))
    said = text(notice(*many))
    assert subject(notice(*many)) == "Signpost: 40 alerts, 40 urgent"
    assert said.count("An emergency was logged") == MOST_LISTED
    assert f"And {40 - MOST_LISTED} more." in said
    assert said.count("What to do:") == 1


def test_the_same_alerts_told_the_same_time_bear_the_same_mark_in_whatever_order():
    assert notice(ONE, SLOW).mark == notice(SLOW, ONE).mark
    assert notice(ONE).mark != notice(replace(ONE, number=2)).mark
    first, again = (message_of(notice(ONE), "signpost@example.org", ("cce@example.org",)) for _ in range(2))
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


@pytest.mark.parametrize("name", ["Calne\r\nBcc: everybody@example.org", "Calne\n\n<html>", "a" * 5000, "\x00\x1b[31m"])
def test_no_name_can_add_a_header_or_break_a_line(name):
    for one in (replace(ONE, account=name, channel=name), replace(ONE, reference=name)):
        message = message_of(notice(one), "signpost@example.org", ("cce@example.org",))
        assert set(message.keys()) >= {"Subject", "From", "To", "Date", "Message-ID"}
        assert "Bcc" not in message
        assert message["To"] == "cce@example.org"
        body = message.get_content()
        assert not any(line.startswith(("Bcc", "<html>")) for line in body.splitlines())
        assert "\x1b" not in body


def test_a_message_says_that_a_machine_wrote_it_and_whether_it_is_urgent():
    message = message_of(notice(ONE), "signpost@example.org", ("cce@example.org",))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Importance"] == "high"
    assert message["X-Signpost-Alerts"] == "key-1/1"
    assert message_of(notice(SLOW), "signpost@example.org", ("cce@example.org",))["Importance"] is None


# E-mail


def settings(**given: str) -> Settings:
    return Settings.from_environment({f"SIGNPOST_{name.upper()}": value for name, value in given.items()})


def by_mail(server, certificate=None, **more: str):
    scheme, user = ("smtp+starttls", "signpost@") if certificate else ("smtp", "")
    given = {
        "smtp_url": f"{scheme}://{user}127.0.0.1:{server.port}",
        "alert_from": "signpost@example.org",
        "alert_to": "cce@example.org, night@example.org",
        **({"smtp_password": "secret"} if certificate else {}),
        **more,
    }
    telling = telling_of(settings(**given), context=certificate.trusted() if certificate else None)
    (way,) = telling.ways
    return way


def test_a_notice_arrives_by_e_mail_for_everybody_who_is_listed():
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        said = by_mail(server).tell(notice(ONE))
    (message,) = mailbox.messages
    assert said == "The mail server 127.0.0.1 took it for 2 of 2 addresses."
    assert message["To"] == "cce@example.org, night@example.org"
    assert message["Subject"] == "Signpost: An emergency was logged (CDF-347)"
    assert "/records/CDF-347" in message.get_payload(decode=True).decode()


def test_with_starttls_the_password_travels_encrypted_to_a_server_that_is_trusted(tmp_path):
    mailbox, certificate = Mailbox(), Certificate(tmp_path)
    with mail_server(mailbox, certificate=certificate, password="secret") as server:
        by_mail(server, certificate).tell(notice(ONE))
        assert len(mailbox.messages) == 1
        with pytest.raises(NotTold, match="doesn't take the user and SIGNPOST_SMTP_PASSWORD"):
            by_mail(server, certificate, smtp_password="wrong").tell(notice(ONE))
    assert len(mailbox.messages) == 1


def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(tmp_path):
    mailbox, certificate = Mailbox(), Certificate(tmp_path)
    with mail_server(mailbox, certificate=certificate, password="secret") as server:
        trusting = by_mail(server, certificate)
        wary = replace(trusting, context=ssl.create_default_context())
        with pytest.raises(NotTold, match="a certificate that this machine doesn't trust"):
            wary.tell(notice(ONE))
    assert mailbox.messages == []


def test_a_server_without_encryption_is_told_nothing_where_encryption_is_asked_for(tmp_path):
    mailbox = Mailbox()
    with mail_server(mailbox) as server:
        way = by_mail(server, Certificate(tmp_path))
        with pytest.raises(NotTold, match="doesn't offer what is asked of it"):
            way.tell(notice(ONE))
    assert mailbox.messages == []


def test_one_address_that_is_refused_keeps_the_others_from_nothing():
    mailbox = Mailbox("night@example.org")
    with mail_server(mailbox) as server:
        assert by_mail(server).tell(notice(ONE)) == "The mail server 127.0.0.1 took it for 1 of 2 addresses."
    assert len(mailbox.messages) == 1


def test_when_every_address_is_refused_that_is_said_without_the_servers_own_words():
    mailbox = Mailbox("cce@example.org", "night@example.org")
    with mail_server(mailbox) as server, pytest.raises(NotTold) as fault:
        by_mail(server).tell(notice(ONE))
    assert str(fault.value) == "The mail server 127.0.0.1 takes none of the addresses in SIGNPOST_ALERT_TO."


def test_a_server_that_is_away_is_told_in_a_sentence():
    way = Mail(
        MailServer("smtp", "127.0.0.1", free_port()), "s@example.org", ("c@example.org",), ssl.create_default_context()
    )
    with pytest.raises(NotTold, match=r"The mail server 127.0.0.1 could not be reached \(ConnectionRefusedError\)\."):
        way.tell(notice(ONE))


# Webhooks


@pytest.mark.parametrize("shape", ["teams", "slack", "plain"])
def test_a_notice_arrives_by_webhook(shape):
    with webhook() as hook:
        given = settings(alert_webhook_url=hook.url, alert_webhook_shape=shape, rehearsal="1")
        (way,) = telling_of(given).ways
        assert way.tell(notice(ONE, SLOW)) == "The webhook took it (it answered 200)."
        way.tell(notice())
    first, test = hook.posted
    assert "CDF-347" in str(first)
    assert "https://signpost.example.org/records/CDF-347" in str(first)
    assert "This is a test" in str(test)


def test_teams_gets_a_message_with_an_adaptive_card():
    made = teams(notice(ONE))
    (attachment,) = made["attachments"]
    assert made["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "Open the alerts", "url": f"{CONSOLE}/alerts"}]
    rows = next(part["facts"] for part in card["body"] if part["type"] == "FactSet")
    assert {row["title"]: row["value"] for row in rows}["Reference"] == "CDF-347"


def test_no_account_can_put_a_link_or_a_mention_into_a_card():
    named = notice(replace(ONE, account="[Press here](https://evil.example) <!channel> & co"))
    assert "[Press here](" not in str(teams(named))
    assert "<!channel>" not in str(slack(named))
    assert "&lt;!channel&gt; &amp; co" in str(slack(named))


def test_a_card_of_a_thousand_alerts_is_one_that_teams_takes():
    many = tuple(replace(ONE, id=f"{n:036}", reference=f"CDF-{n}") for n in range(1000))
    assert len(str(teams(notice(*many)))) < 28_000
    assert len(slack(notice(*many))["blocks"]) < 50


def test_a_program_finds_everything_by_name():
    made = plain(notice(ONE, SLOW))
    assert [one["id"] for one in made["alerts"]] == ["key-1", "key-2"]
    assert made["alerts"][0] == {
        "id": "key-1",
        "number": 1,
        "kind": "emergency",
        "urgent": True,
        "reference": "CDF-347",
        "channel": "Facebook Messenger",
        "account": "Wiltshire Police",
        "raised_at": "2026-11-22T03:00:00Z",
        "link": f"{CONSOLE}/records/CDF-347",
    }
    assert made["mark"] == notice(ONE, SLOW).mark


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500])
def test_a_webhook_that_does_not_take_a_notice_is_told_in_a_sentence(status):
    with webhook() as hook:
        hook.status, hook.headers = status, {"Location": "http://127.0.0.1:1/elsewhere"}
        way = Webhook(hook.url, plain, httpx.Client())
        with pytest.raises(NotTold, match=rf"^The webhook answered {status}\.$"):
            way.tell(notice(ONE))
    assert len(hook.posted) == 1


def test_a_webhook_that_is_away_is_told_without_its_address():
    way = Webhook(f"http://127.0.0.1:{free_port()}/secret-part", plain, httpx.Client())
    with pytest.raises(NotTold) as fault:
        way.tell(notice(ONE))
    assert str(fault.value) == "The webhook could not be reached (ConnectError)."
    assert "secret-part" not in repr(way)


# Settings


def test_with_nothing_set_nobody_is_told_and_that_is_said():
    telling = telling_of(settings())
    assert (telling.ways, telling.why_nobody) == ((), NOBODY)


def test_a_rehearsal_tells_nobody_outside_this_machine():
    given = {"alert_from": "s@example.org", "alert_to": "c@example.org", "rehearsal": "1"}
    telling = telling_of(
        settings(smtp_url="smtps://mail.example.org", alert_webhook_url="https://hooks.example.org/x", **given)
    )
    assert (telling.ways, telling.why_nobody) == ((), NOBODY_IN_REHEARSAL)
    assert len(telling_of(settings(smtp_url="smtp://localhost:2525", **given)).ways) == 1


MAIL = {
    "smtp_url": "smtps://signpost@mail.example.org",
    "smtp_password": "p",
    "alert_from": "signpost@example.org",
    "alert_to": "cce@example.org",
}


def test_the_usual_ports_are_taken_where_none_is_given():
    (way,) = telling_of(settings(**MAIL)).ways
    assert (way.server.port, way.server.user, way.recipients) == (465, "signpost", ("cce@example.org",))
    (way,) = telling_of(settings(**MAIL | {"smtp_url": "smtp+starttls://a%40b@mail.example.org"})).ways
    assert (way.server.port, way.server.user) == (587, "a@b")
    assert "'p'" not in repr(way)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"smtp_url": ""}, "SIGNPOST_ALERT_TO is set"),
        ({"smtp_url": "mail.example.org"}, "must look like smtp"),
        ({"smtp_url": "http://mail.example.org"}, "must look like smtp"),
        ({"smtp_url": "smtps://mail.example.org:port"}, "no valid address"),
        ({"smtp_url": "smtps://mail.example.org\r\nQUIT"}, "no valid address"),
        ({"smtp_url": "smtps://u:hidden@mail.example.org"}, "SIGNPOST_SMTP_PASSWORD"),
        ({"smtp_url": "smtp://u@mail.example.org"}, "for this machine only"),
        ({"smtp_url": "smtps://mail.example.org"}, "belong together"),
        ({"smtp_password": ""}, "belong together"),
        ({"alert_from": ""}, "SIGNPOST_ALERT_FROM"),
        ({"alert_from": "a@example.org,b@example.org"}, "SIGNPOST_ALERT_FROM must be one address"),
        ({"alert_to": "cce"}, "'cce' is none"),
        ({"alert_to": "a@example.org\nBcc: b@example.org"}, "SIGNPOST_ALERT_TO"),
        ({"alert_to": " , "}, "it is empty"),
        ({"alert_webhook_url": "http://hooks.example.org/x"}, "SIGNPOST_ALERT_WEBHOOK_URL must begin with https"),
        ({"alert_webhook_url": "http://127.0.0.1:9/x"}, "SIGNPOST_ALERT_WEBHOOK_URL must begin with https"),
        ({"alert_webhook_url": "https://"}, "SIGNPOST_ALERT_WEBHOOK_URL"),
        ({"console_url": "signpost.example.org"}, "SIGNPOST_CONSOLE_URL"),
        ({"console_url": "http://signpost.example.org"}, "SIGNPOST_CONSOLE_URL"),
        ({"alert_quiet_hours": "22-7"}, "SIGNPOST_ALERT_QUIET_HOURS"),
        ({"alert_quiet_hours": "22:00-24:00"}, "SIGNPOST_ALERT_QUIET_HOURS"),
        ({"alert_quiet_hours": "07:00-07:00"}, "same time"),
    ],
)
def test_a_setting_that_will_not_do_is_told_in_a_sentence_without_any_secret(changed, sentence):
    with pytest.raises(Mistake, match=sentence) as mistake:
        telling_of(settings(**MAIL | changed))
    assert "hidden" not in mistake.value.sentence
    assert "hooks.example" not in mistake.value.sentence


def test_a_server_that_keeps_failing_is_asked_more_and_more_rarely():
    assert [pause_after(n).total_seconds() for n in range(1, 8)] == [30, 60, 120, 240, 480, 900, 900]
