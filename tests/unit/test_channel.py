"""What Rasa's channel takes and refuses, without a model."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from bot.channel import Refusal, SignpostInput, proof_in, read_incoming
from bot.text import MAX_CHARACTERS, clean

pytestmark = pytest.mark.rasa
GOOD = {"message_id": "m", "conversation_id": "c", "channel": "messenger", "visibility": "private", "text": "hello"}


def refusal(**changes):
    body = {**GOOD, **changes}
    with pytest.raises(Refusal) as caught:
        read_incoming({name: value for name, value in body.items() if value is not ...})
    return caught.value


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": ""}, "text is empty"),
        ({"text": " \n\t\x00 "}, "text is empty"),
        ({"text": None}, "text must be a string"),
        ({"text": ["a"]}, "text must be a string"),
        ({"text": ...}, "text must be a string"),
        ({"text": "a" * (MAX_CHARACTERS + 1)}, "longer than 20,000"),
        ({"message_id": ...}, "message_id must be"),
        ({"message_id": 7}, "message_id must be"),
        ({"conversation_id": ""}, "conversation_id must be"),
        ({"channel": "x" * 256}, "channel must be"),
        ({"visibility": ...}, "visibility must be one of: private, public"),
        ({"visibility": "secret"}, "visibility must be one of"),
        ({"guided": "maybe"}, "guided must be one of"),
        ({"replies": 1}, "replies must be one of"),
    ],
)
def test_a_request_that_is_wrong_is_refused_with_a_sentence(changes, says):
    assert says in refusal(**changes).sentence


@pytest.mark.parametrize("body", [None, [], "text", 3, True])
def test_a_body_that_is_no_object_is_refused(body):
    with pytest.raises(Refusal, match="Send a JSON object"):
        read_incoming(body)


def test_a_text_that_is_too_long_is_refused_as_too_large():
    assert refusal(text="a" * 30_000).status == 413


@given(st.text(min_size=1, max_size=200))
@settings(deadline=None)
def test_whatever_the_public_types_is_never_a_command_and_can_be_tokenised(text):
    body = {**GOOD, "text": text}
    if not clean(text):
        with pytest.raises(Refusal, match="text is empty"):
            read_incoming(body)
        return
    given_to_rasa = read_incoming(body).text
    assert not given_to_rasa.startswith("/")
    assert "\x00" not in given_to_rasa
    given_to_rasa.encode("utf-8")


def test_a_refusal_never_quotes_the_text():
    assert "secret words" not in refusal(text="secret words", guided="x").sentence


@pytest.mark.parametrize("token", ["", "short", "${SIGNPOST_ASSISTANT_TOKEN}", None])
def test_the_channel_refuses_to_start_without_a_token_worth_the_name(token):
    with pytest.raises(SystemExit, match="SIGNPOST_ASSISTANT_TOKEN"):
        SignpostInput.from_credentials({"token": token})


class Tracker:
    def __init__(self, slot):
        self._slot = slot

    def get_slot(self, _name):
        return self._slot


@pytest.mark.parametrize(
    ("slot", "reference"), [(None, None), ("m1 CDF-346", "CDF-346"), ("m0 CDF-346", None), ("m1", None), ("m1 ", None)]
)
def test_only_the_proof_for_this_very_message_counts(slot, reference):
    assert proof_in(Tracker(slot), "m1") == reference
