"""What Rasa's channel takes and refuses, without a model."""

import asyncio
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from structlog.testing import capture_logs

from bot.channel import SignpostInput
from bot.finishing import MOST, Finishing
from bot.incoming import Refusal, read_incoming
from bot.taking import proof_in, take_turn
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
        ({"answer_when": "now"}, "answer_when must be one of: logged, said"),
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


# When the answer is given


UNDERSTOOD = {
    "intent": {"name": "report_crime"},
    "intent_ranking": [],
    "entities": [],
    "reasons": [],
    "decision": {"label": "crime_report", "scores": {}, "unsure": False},
}


class Agent:
    """Says what it is given, then calls the action, which ends when it is told to."""

    model_id = "model-1"

    def __init__(self, *says: str, fault: Exception | None = None, adds: str = "") -> None:
        self.processor = self
        self.says, self.fault, self.adds = says, fault, adds
        self.logged = asyncio.Event()

    async def parse_message(self, _message):
        return UNDERSTOOD

    async def turn(self, message):
        for words in self.says:
            await message.output_channel.send_response("", {"text": words})
        message.output_channel.log_follows()
        await self.logged.wait()
        if self.adds:
            await message.output_channel.send_response("", {"text": self.adds})
        if self.fault:
            raise self.fault
        return Tracker("m-1 CDF-346")


def incoming(**changes):
    return read_incoming({**GOOD, "message_id": "m-1", **changes})


def test_what_is_said_is_answered_while_the_log_is_being_written():
    async def all_of_it():
        agent, finishing = Agent("Call 101."), Finishing()
        answer = await asyncio.wait_for(take_turn(agent, incoming(answer_when="said"), finishing), 20)
        assert (answer["logging"], answer["escalation"]) == (True, None)
        assert [reply["text"] for reply in answer["replies"]] == ["Call 101."]
        (rest,) = finishing._turns
        agent.logged.set()
        await asyncio.wait_for(rest, 20)
        await asyncio.sleep(0)
        assert not finishing._turns

    with capture_logs() as events:
        asyncio.run(all_of_it())
    assert events == []


@pytest.mark.parametrize(
    ("says", "answer_when", "busy"),
    [(["Call 101."], "logged", 0), ([], "said", 0), (["Call 101."], "said", MOST)],
)
def test_the_log_is_waited_for_where_that_is_asked_for_or_nothing_is_said_or_many_turns_are_not_done(
    says, answer_when, busy
):
    async def all_of_it():
        agent, finishing = Agent(*says), Finishing()
        before = [asyncio.ensure_future(asyncio.sleep(60)) for _ in range(busy)]
        for one in before:
            finishing.keep(one, lambda: True)
        asked = asyncio.ensure_future(take_turn(agent, incoming(answer_when=answer_when), finishing))
        done, _ = await asyncio.wait({asked}, timeout=0.1)
        assert not done
        agent.logged.set()
        answer = await asyncio.wait_for(asked, 20)
        assert (answer["logging"], answer["escalation"]) == (False, "CDF-346")
        for one in before:
            one.cancel()

    asyncio.run(all_of_it())


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (lambda: Agent("Call 101.", fault=RuntimeError("my bike")), {"event": "turn_failed", "fault": "RuntimeError"}),
        (lambda: Agent("Call 101.", adds="And another thing."), {"event": "said_too_late"}),
    ],
)
def test_what_goes_wrong_afterwards_is_told_without_a_word_of_the_text(agent, told):
    async def all_of_it():
        one, finishing = agent(), Finishing()
        answer = await take_turn(one, incoming(answer_when="said"), finishing)
        assert [reply["text"] for reply in answer["replies"]] == ["Call 101."]
        (rest,) = finishing._turns
        one.logged.set()
        await asyncio.wait({rest}, timeout=20)
        await asyncio.sleep(0)

    with capture_logs() as events:
        asyncio.run(all_of_it())
    assert events == [{**told, "log_level": "error"}]


def test_a_turn_that_fails_before_anything_is_said_fails():
    async def all_of_it():
        agent = Agent(fault=RuntimeError())
        agent.logged.set()
        with pytest.raises(RuntimeError):
            await take_turn(agent, incoming(answer_when="said"), Finishing())

    asyncio.run(all_of_it())


def test_in_every_rule_and_story_the_log_comes_after_all_words():
    logging = 0
    for file in sorted([*Path("data/rules").glob("*.yml"), *Path("data/stories").glob("*.yml")]):
        contents = yaml.safe_load(file.read_text("utf-8"))
        for one in [*(contents.get("rules") or []), *(contents.get("stories") or [])]:
            steps = [step.get("action") or "" for step in one["steps"]]
            for place, action in enumerate(steps):
                if action.startswith("action_log"):
                    logging += 1
                    # Until somebody writes again.
                    following = next(iter(steps[place + 1 :]), "")
                    assert not following, f"{file}: {one.get('rule') or one.get('story')}"
    assert logging >= 4
