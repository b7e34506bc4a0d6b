"""The simulator: a message goes the way of a real one, and the page shows all that comes of it."""

import threading
import uuid
from datetime import timedelta

import pytest
from fakes import FakeAssistant, FakePlatform, NameRedactor, desk_for, guidance, understood, work_through
from sqlalchemy import select
from test_console_pages import JSON, Browser, parts_for

from signpost.channels.simulated import ACCOUNT
from signpost.channels.transport import DeliveryRefused
from signpost.desk.assistant import AssistantAway, AssistantRefused
from signpost.log.models import Conversation, InboundMessage

THANKS = understood("not_report", "give_praise_or_thanks", [("utter_thanks", "Thank you for your message.")])


@pytest.fixture
def browser(record, mandate) -> Browser:
    return Browser(parts_for(record, mandate))


@pytest.fixture
def answered(record, mandate):
    """Lets the desk take everything that waits, with an assistant that gives these answers."""

    def work(*gives, platform=None) -> None:
        gives = gives or (understood(said=[guidance(mandate)]),)
        desk = desk_for(record, mandate, FakeAssistant(*gives), platform or FakePlatform())
        while work_through(desk):
            pass

    return work


def messages(record) -> list[InboundMessage]:
    with record.reads() as session:
        return [
            (one, one.conversation)[0] for one in session.scalars(select(InboundMessage).order_by(InboundMessage.id))
        ]


def again(browser: Browser) -> str:
    """The conversation's page, as "Check for the reply" gets it."""
    return browser.get(f"/simulator/conversations/{browser.page.field('conversation')}").text


def test_a_message_is_stored_as_a_platform_would_send_it(browser, record) -> None:
    response = browser.write("someone has smashed my shop window", "facebook_comment")
    assert response.status_code == 200
    [message] = messages(record)
    assert (message.channel, message.account, message.visibility) == ("facebook_comment", ACCOUNT, "public")
    assert message.received_at == record.clock()
    assert uuid.UUID(message.platform_id)
    assert uuid.UUID(message.conversation.person)
    assert record.vault.decrypt(message.text_encrypted) == "someone has smashed my shop window"


def test_what_is_logged_for_a_doubt_alone_is_no_escalation_here(browser, answered) -> None:
    browser.write("they were at it again")
    answered(understood("not_report", unsure=True, said=[("utter_fallback", "Thank you for your message.")]))
    page = again(browser)
    assert "None, as this isn't a report" in page
    assert "No escalations yet" in page


def test_while_it_waits_the_page_shows_somebody_typing_and_a_way_to_look_again(browser) -> None:
    page = browser.write("hello").text
    assert "Waiting for the reply of Wiltshire Police" in page
    assert "Check for the reply" in page


def test_a_reply_that_comes_within_a_moment_is_on_the_page_at_once(record, mandate) -> None:
    browser = Browser(parts_for(record, mandate, page_waits=5.0))
    desk = desk_for(record, mandate, FakeAssistant(THANKS), FakePlatform())
    stop = threading.Event()

    def work() -> None:
        while not work_through(desk) and not stop.wait(0.02):
            pass

    thread = threading.Thread(target=work)
    thread.start()
    page = browser.write("thanks for the lovely day at the fair").text
    stop.set()
    thread.join()
    assert "Thank you for your message." in page
    assert "Check for the reply" not in page


def test_beside_the_reply_stands_what_was_understood(browser, answered, mandate) -> None:
    browser.write("someone has smashed my shop window")
    reasons = [{"word": "smashed", "speaks": "for"}, {"word": "shop", "speaks": "against"}]
    ranking = [{"name": "report_crime", "confidence": 0.81}, {"name": "opinion_or_news", "confidence": 0.004}]
    answered(understood(said=[guidance(mandate)], reasons=reasons, ranking=ranking))
    page = again(browser)
    assert "<strong>Report of a crime</strong>" in page
    assert '<span class="bar-number">80%</span>' in page
    assert "tells of an incident that appears to be a crime" in page
    assert '<bdi class="word for">smashed</bdi>' in page
    assert '<bdi class="word against">shop</bdi>' in page
    assert "under 1%" in page
    assert "Guidance, with all four statements" in page
    assert "Answered after 0 ms" in page
    assert "isn&#39;t sure" not in page


def test_a_report_shows_its_reference_as_one_says_it(browser, answered, record) -> None:
    browser.write("someone has smashed my shop window")
    answered()
    page = again(browser)
    with record.reads() as session:
        reference = session.scalars(select(InboundMessage)).one().escalation.reference
    assert page.count(reference) >= 2, "beside the reply and in the log"
    assert "Say: " in page


def test_an_unsure_judgement_says_so(browser, answered) -> None:
    browser.write("hm")
    answered(replace_answer(THANKS, unsure=True))
    assert "Signpost isn't sure" in again(browser)


def replace_answer(answer, **changes):
    fields = {name: getattr(answer, name) for name in answer.__struct_fields__}
    return type(answer)(**{**fields, **changes})


def test_words_that_were_replaced_are_named_with_the_reason(browser, answered) -> None:
    browser.write("what is your number?")
    answered(understood("not_report", "ask_what_101_is", [("utter_what_101_is", "Call 0800 555 111.")]))
    page = again(browser)
    assert "The approved text stands in place of the assistant's words" in page
    assert "the number 0800 is not one the force has approved" in page
    assert "Call 0800 555 111." not in page


def test_silence_by_rule_is_told_from_a_failure(browser, answered) -> None:
    browser.write("what a day", "x_mention")
    answered(understood("not_report", "everyday_talk"))
    page = again(browser)
    assert "Silent by rule" in page
    assert "Signpost sends no reply: no reply is due by rule." in page
    assert "None, as this isn't a report" in page


def test_a_failure_says_why(browser, answered) -> None:
    browser.write("hello", "facebook_comment")
    answered(AssistantRefused("the assistant refused the message (status 400)"))
    page = again(browser)
    assert "Not understood" in page
    assert "Signpost could not answer: the assistant refused the message (status 400)" in page


def test_a_reply_that_the_platform_refuses_is_not_shown_as_received(browser, answered) -> None:
    browser.write("someone has smashed my shop window")
    answered(platform=FakePlatform(DeliveryRefused("the person has blocked the page")))
    page = again(browser)
    assert "The reply could not be delivered: the person has blocked the page." in page
    assert '<li class="bubble theirs"' not in page
    assert "Not delivered" in page


def test_after_ten_seconds_without_a_desk_the_page_says_how_to_look(browser, record) -> None:
    browser.write("hello")
    record.clock.advance(seconds=9)
    assert "running" not in again(browser)
    record.clock.advance(seconds=2)
    assert "The desk isn&#39;t running. See: signpost status" in again(browser)


def test_an_assistant_that_is_away_is_not_blamed_on_the_desk(browser, answered, record) -> None:
    browser.write("hello")
    answered(AssistantAway("the assistant could not be reached"))
    record.clock.advance(seconds=12)
    page = again(browser)
    assert "The assistant isn&#39;t answering; the desk keeps asking." in page
    assert "The desk isn&#39;t running" not in page


def test_a_desk_at_work_is_not_called_away(browser, record) -> None:
    browser.write("hello")
    record.clock.advance(seconds=12)
    with record.sessions.begin() as session:
        session.scalars(select(InboundMessage)).one().claimed_until = record.clock() + timedelta(seconds=30)
    assert "The desk is still at work on this message." in again(browser)


def test_the_script_learns_when_there_is_nothing_more_to_wait_for(browser, answered) -> None:
    browser.get("/simulator/channels/messenger")
    sent = browser.post("/simulator/messages", JSON, text="someone has smashed my shop window")
    assert sent.status_code == 200
    assert sent.json["settled"] is False
    assert "someone has smashed" in sent.json["parts"]["thread"]
    assert sent.json["message_id"] != browser.page.field("message_id")
    answered()
    state = browser.get(f"{sent.json['url']}/state", JSON).json
    assert state["settled"] is True
    assert "Report of a crime" in state["parts"]["understanding"]
    assert "Delivered" in state["parts"]["log"]


def test_one_person_keeps_a_conversation_on_each_channel(browser, record) -> None:
    browser.write("first")
    browser.write("second", "x_dm")
    page = browser.get("/simulator/channels/messenger").text
    assert "first" in page
    assert "second" not in page
    assert len({message.conversation.person for message in messages(record)}) == 1


def test_a_new_person_starts_with_an_empty_page(browser, record) -> None:
    browser.write("first")
    page = browser.post("/simulator/person").text
    assert "No messages yet" in page
    browser.write("second")
    assert len({message.conversation.person for message in messages(record)}) == 2


def test_asking_for_news_does_not_undo_a_new_person(browser) -> None:
    browser.write("first")
    key = browser.page.field("conversation")
    browser.post("/simulator/person")
    browser.get(f"/simulator/conversations/{key}/state", JSON)
    assert "No messages yet" in browser.get("/simulator/channels/messenger").text


def test_a_link_to_a_conversation_goes_on_as_its_person(browser, record, mandate) -> None:
    browser.write("first")
    other = Browser(parts_for(record, mandate))
    other.get(f"/simulator/conversations/{browser.page.field('conversation')}")
    other.post("/simulator/messages", text="second")
    assert len({message.conversation_id for message in messages(record)}) == 1


def test_conversations_of_real_accounts_cannot_be_opened_or_written_into(browser, record) -> None:
    record.receive("a real message")
    with record.reads() as session:
        key = session.scalars(select(Conversation)).one().key
    assert browser.get(f"/simulator/conversations/{key}").status_code == 404
    browser.get("/simulator/channels/messenger")
    assert browser.post("/simulator/messages", text="hello", conversation=key).status_code == 404
    assert len(messages(record)) == 1


def test_the_log_shows_only_what_the_simulator_caused(browser, record, answered) -> None:
    record.receive("my car was stolen by a real person")
    answered()
    page = browser.get("/simulator/channels/messenger").text
    assert "No escalations yet." in page
    assert "real person" not in page


def test_the_log_shows_the_newest_twenty_without_personal_data(record, mandate) -> None:
    browser = Browser(parts_for(record, mandate))
    desk = desk_for(
        record, mandate, FakeAssistant(understood(said=[guidance(mandate)])), FakePlatform(), NameRedactor("Annie")
    )
    for number in range(21):
        browser.write(f"Annie saw theft {number:02}")
        work_through(desk)
    log = browser.get("/simulator/channels/x_dm/state", JSON).json["parts"]["log"]
    assert log.count("&lt;name&gt; saw theft") == 20
    assert "theft 20" in log
    assert "theft 00" not in log
    assert "Annie" not in log


def test_a_form_that_arrives_twice_is_one_message(browser, record) -> None:
    browser.get("/simulator/channels/messenger")
    form_id = browser.page.field("message_id")
    for _ in range(2):
        assert browser.post("/simulator/messages", text="hello", message_id=form_id).status_code == 200
    assert len(messages(record)) == 1


def test_an_old_form_with_new_words_is_a_new_message(browser, record) -> None:
    browser.get("/simulator/channels/messenger")
    form_id = browser.page.field("message_id")
    browser.post("/simulator/messages", text="hello", message_id=form_id)
    browser.post("/simulator/messages", text="is anybody there?", message_id=form_id)
    assert [record.vault.decrypt(one.text_encrypted) for one in messages(record)] == ["hello", "is anybody there?"]


def test_saying_the_same_twice_is_two_messages(browser, record) -> None:
    browser.write("hello")
    browser.write("hello")
    assert len(messages(record)) == 2


def test_an_example_is_sent_at_a_press_and_leaves_what_was_being_typed(browser, record) -> None:
    browser.get("/simulator/channels/messenger")
    page = browser.post("/simulator/messages", text="half a senten", example="0").text
    [message] = messages(record)
    assert record.vault.decrypt(message.text_encrypted) == "someone has smashed my shop window on Fisherton Street"
    assert "half a senten</textarea>" in page


@pytest.mark.parametrize("address", ["/simulator/channel", "/simulator/person"])
def test_another_channel_or_person_keeps_what_was_being_typed(browser, record, address: str) -> None:
    browser.get("/simulator/channels/messenger")
    page = browser.post(address, text="half a senten", channel="x_mention").text
    assert "half a senten</textarea>" in page
    assert browser.channel == "x_mention"
    assert messages(record) == []


def test_a_text_that_was_deleted_is_not_made_up(browser, record) -> None:
    browser.write("hello")
    with record.sessions.begin() as session:
        session.scalars(select(InboundMessage)).one().text_encrypted = None
    assert "This message was deleted" in again(browser)
