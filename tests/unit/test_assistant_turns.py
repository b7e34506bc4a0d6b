"""The parts of a turn: the graph in order, predictions remembered, calls of the action server, libraries left out."""

import asyncio
import json
import subprocess
import sys
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from aiohttp import ClientTimeout, web
from jsonschema import ValidationError
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    FollowupAction,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.utils.endpoints import EndpointConfig

from bot.action_calls import ActionCall, KeptEndpoint
from bot.foreseen import MOST, Foreseen
from bot.in_order import InOrder
from bot.left_out import ALWAYS, BROKERS, STORES, libraries
from bot.text import stand_in_for

pytestmark = pytest.mark.rasa


# A model's graph


def node(name, ran):
    def run(*inputs):
        ran.append(name)
        return name, "+".join(
            [name, *(value if isinstance(one, tuple) else one for one in inputs for value in one[1:])]
        )

    return run


def graph(needs, ran):
    schema = SimpleNamespace(
        nodes={name: SimpleNamespace(needs={str(n): one for n, one in enumerate(of)}) for name, of in needs.items()},
        target_names=["last"],
    )
    return InOrder(schema, {name: node(name, ran) for name in needs})


def test_each_node_runs_once_after_those_it_needs_and_none_that_nobody_needs():
    ran: list[str] = []
    needs = {"last": ["left", "right"], "left": ["first"], "right": ["first"], "first": ["__in__"], "other": []}
    runner = graph(needs, ran)
    assert runner.run({"__in__": "x"}) == {"last": "last+left+first+x+right+first+x"}
    assert ran == ["first", "left", "right", "last"]
    assert runner.run({"__in__": "y"}, ["first"]) == {"first": "first+y"}


@pytest.mark.parametrize(
    ("needs", "inputs", "says"),
    [({"last": ["last"]}, {}, "needs itself"), ({"last": []}, {"last": 1}, "has the name of a node: last")],
)
def test_a_graph_that_cannot_be_run_says_why(needs, inputs, says):
    with pytest.raises(GraphRunError, match=says):
        graph(needs, []).run(inputs)


# What the rules said


class Rules:
    """Counts how often they are asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, _tracker):
        self.asked += 1
        return PolicyPrediction(
            [0.0, 1.0], "RulePolicy", events=[DefinePrevUserUtteredFeaturization(use_text_for_featurization=False)]
        )


def slot(name, *, seen):
    return SimpleNamespace(name=name, has_features=lambda: seen)


@pytest.fixture
def foreseen():
    return Foreseen(SimpleNamespace(slots=[slot("guidance", seen=True), slot("proof", seen=False)]))


def dialogue(number=1, intent="report_crime", *more):
    said = UserUttered(stand_in_for(str(number)), {"name": intent}, message_id=str(number))
    return SimpleNamespace(events=[SessionStarted(), ActionExecuted("action_listen"), said, *more])


def test_the_rules_are_asked_once_about_what_they_cannot_tell_apart(foreseen):
    rules = Rules()
    for number in range(5):
        more = (SlotSet("proof", f"CDF-{number}"), BotUttered(f"Words {number}."))
        assert foreseen.of(dialogue(number, "greet", *more), rules).max_confidence_index == 1
    assert rules.asked == 1


@pytest.mark.parametrize(
    "other",
    [
        dialogue(1, "greet"),
        dialogue(1, "report_crime", SlotSet("guidance", "reminder")),
        dialogue(1, "report_crime", ActionExecuted("utter_guidance")),
        dialogue(1, "report_crime", DefinePrevUserUtteredFeaturization(use_text_for_featurization=True)),
        SimpleNamespace(
            events=[*dialogue().events[:2], UserUttered("a text", {"name": "report_crime"}, message_id="1")]
        ),
        SimpleNamespace(
            events=[*dialogue().events[:2], UserUttered("message 1", {"name": "report_crime"}, [{"entity": "e"}])]
        ),
    ],
)
def test_they_are_asked_again_about_what_they_can(foreseen, other):
    rules = Rules()
    foreseen.of(dialogue(), rules)
    foreseen.of(other, rules)
    assert rules.asked == 2


def test_about_events_that_undo_or_ask_for_others_they_are_always_asked(foreseen):
    rules = Rules()
    for _ in range(2):
        foreseen.of(dialogue(1, "greet", FollowupAction("utter_greet")), rules)
    assert rules.asked == 2


def test_who_gets_a_prediction_may_do_with_it_what_it_likes(foreseen):
    rules = Rules()
    for _ in range(3):
        found = foreseen.of(dialogue(), rules)
        assert (found.probabilities, len(found.events)) == ([0.0, 1.0], 1)
        assert found.events[0].timestamp > 1
        found.probabilities[1] = 0.0
        found.events[0].timestamp = 1.0
        found.events.append(SessionStarted())
    assert rules.asked == 1


def test_what_is_remembered_is_bounded(foreseen):
    rules = Rules()
    for number in range(MOST + 10):
        foreseen.of(dialogue(1, f"intent {number}"), rules)
    assert len(foreseen._kept) == MOST
    foreseen.of(dialogue(1, f"intent {MOST + 9}"), rules)
    assert rules.asked == MOST + 10


# Calls of the action server


@asynccontextmanager
async def action_server():
    """Its address, and the connections that came to it."""
    connections = set()

    async def answer(request):
        connections.add(request.transport)
        return web.json_response({"asked": await request.json(), "token": request.query.get("token")})

    app = web.Application()
    app.router.add_post("/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhook", connections
    await runner.cleanup()


def test_calls_share_a_connection_and_keep_what_the_endpoint_was_given():
    async def call() -> None:
        async with action_server() as (url, connections):
            endpoint = KeptEndpoint.of(
                EndpointConfig(url, token="secret", basic_auth={"username": "u", "password": "p"})
            )
            for number in range(5):
                found = await endpoint.request(json={"n": number}, method="post", timeout=ClientTimeout(5))
                assert found == {"asked": {"n": number}, "token": "secret"}
            assert len(connections) == 1
            await endpoint.close()
            assert (await endpoint.request(json={}, method="post"))["asked"] == {}
            assert len(connections) == 2
            await endpoint.close()

    asyncio.run(call())


def test_an_answer_of_the_action_server_is_checked_as_rasa_checks_it():
    action = ActionCall("action_log_escalation", None)
    slot = SlotSet("escalation_reference", "m-1 SP-1").as_dict() | {"timestamp": None}
    for answer in ({"events": [slot], "responses": []}, {"events": [slot, FollowupAction("a").as_dict()]}, {}):
        assert action._validate_action_result(answer)
    odd = [
        {"event": "none"},
        {"event": "slot"},
        {**slot, "name": None},
        {**slot, "timestamp": "today"},
        {"name": "no kind"},
        "slot",
    ]
    for nonsense in (*({"events": [one], "responses": []} for one in odd), {"events": "none"}, {"responses": [1]}, []):
        with pytest.raises(ValidationError):
            action._validate_action_result(nonsense)


# Libraries that are left out


def test_what_is_left_out_depends_on_the_endpoints():
    ours = {"tracker_store": {"type": "bot.tracker_store.Dialogues"}}
    assert libraries(ours) == (*ALWAYS, *STORES, *BROKERS)
    assert libraries({"tracker_store": {"type": "mongod"}}) == (*ALWAYS, *BROKERS)
    assert libraries({**ours, "event_broker": {"type": "pika"}}) == (*ALWAYS, *STORES)


def test_what_is_left_out_can_be_imported_and_says_so_when_it_is_called():
    tried = """
import json
from bot.left_out import LibraryLeftOut, leave_out
leave_out(["sklearn", "slack_sdk"])
from slack_sdk.web.async_client import AsyncWebClient
import sklearn.linear_model
class Mine(AsyncWebClient): pass
try:
    sklearn.linear_model.LogisticRegression(C=1)
except LibraryLeftOut as fault:
    import bot.assistant, bot.channel, sys
    print(json.dumps([str(fault), isinstance(1, Mine), "scipy" in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", tried], capture_output=True, text=True, check=False)
    said, is_one, others = json.loads(done.stdout.splitlines()[-1])
    assert said.startswith("sklearn.linear_model.LogisticRegression was called, which the assistant leaves out")
    assert "bot/left_out.py" in said
    assert (is_one, others) == (False, True)
