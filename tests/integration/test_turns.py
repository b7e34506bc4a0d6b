"""Conversations over several turns, through the whole product."""

import pytest
from saying import kinds

from signpost.log.models import ANSWERED, SILENT

pytestmark = pytest.mark.rasa
REPORT = "someone broke into my car last night and stole my laptop"
URGENT = "help he is breaking into my house right now with a knife"


def test_a_second_report_within_the_hour_gets_a_reminder_that_names_both_numbers(person):
    assert kinds(person(REPORT)) == ["guidance"]
    again = person("someone has smashed my shop window on Fisherton Street")
    assert kinds(again) == ["reminder"]
    assert "101" in again.replies[0].text
    assert "999" in again.replies[0].text


def test_a_report_that_turns_urgent_gets_everything_again_beginning_with_999(person):
    person(REPORT)
    urgent = person(URGENT)
    assert kinds(urgent) == ["emergency_guidance"]
    assert urgent.replies[0].text.startswith("Call 999 now")
    assert kinds(person(URGENT)) == ["emergency_reminder"]


def test_another_person_is_told_everything_however_recently_somebody_else_was(product):
    for _ in range(2):
        assert kinds(product.ended(product.write(REPORT))) == ["guidance"]


def test_somebody_who_asked_us_to_stop_hears_no_more_until_they_report(person):
    assert (person("stop messaging me").end, person("hello").end) == (SILENT, SILENT)
    assert kinds(person(URGENT)) == ["emergency_guidance"]
    assert person("hello").end == ANSWERED


def test_every_report_in_a_conversation_has_an_escalation_of_its_own(product, person):
    references = {product.logged(person(text).id).reference for text in (REPORT, URGENT, REPORT)}
    assert len(references) == 3


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("is anyone reading these messages at night?", "not monitored 24/7"),
        ("can i report a crime on here or do i have to ring?", "can't take reports of crime over social media"),
        (
            "what is 101 and does it cost anything to call?",
            "101 is the number for the police when it isn't an emergency",
        ),
        ("are you a real person or a bot?", "this is an automatic reply"),
        ("is messenger private and secure?", "no control over the security and confidentiality"),
    ],
)
def test_a_question_about_this_service_gets_an_honest_answer(person, question, says):
    message = person(question)
    assert kinds(message) == ["answer"]
    assert says in message.replies[0].text
