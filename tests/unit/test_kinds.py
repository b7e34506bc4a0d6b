"""The kind of crime that the record names for a report: seldom, rightly, never on X, and without a say in anything else."""

import asyncio
import copy
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import yaml

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import classify
from bot.nlu.encoder import Encoder
from bot.nlu.kind_list import KINDS_FILE, NOT_GIVEN, labelled_reports, load_kinds
from bot.nlu.kind_teaching import Taught, teach
from bot.nlu.kinds import Kinds
from bot.nlu.vectors import VARIABLE, vectors_of

pytestmark = pytest.mark.rasa
PROJECT = Path(__file__).parents[2]
X_CHANNELS = ("x_dm", "x_mention")

PLAIN = [
    ("anti-social behaviour", "teenagers are throwing eggs at the bungalows again, every night this week"),
    ("anti-social behaviour", "lads on off road bikes tearing round the playing field and swearing at the dog walkers"),
    ("anti-social behaviour", "kids keep banging on our windows and running off, my mum is frightened"),
    ("bicycle theft", "my bike was stolen from outside the library, the lock was cut"),
    ("bicycle theft", "someone has taken two mountain bikes from the rack at the station"),
    ("bicycle theft", "Daughter's pushbike went from the school bike shed today"),
    ("burglary", "we came home and the house had been broken into, jewellery gone"),
    ("burglary", "somebody forced the kitchen window while we were on holiday and went through every room"),
    ("burglary", "there's a burglar downstairs right now"),
    ("criminal damage and arson", "someone put a brick through the window of the village hall last night"),
    ("criminal damage and arson", "they have set fire to the bins behind the school and the fence has gone up"),
    ("criminal damage and arson", "graffiti sprayed all over our garage door"),
    ("drugs", "the man at the end of our road is dealing drugs from his front door"),
    ("drugs", "strong smell of cannabis and tin foil on the windows, I think they are growing it"),
    ("drugs", "people are injecting in the stairwell and leaving needles"),
    ("other theft", "my suitcase was stolen from the luggage rack of the coach"),
    ("other theft", "a parcel was taken from my doorstep, we have it on the doorbell camera"),
    ("other theft", "someone at work has been stealing from the staff lockers"),
    ("public order", "there's a huge crowd fighting outside the football ground"),
    ("public order", "a man is screaming abuse and threatening everybody in the high street"),
    ("robbery", "two boys with a knife made my son hand over his phone on the way home"),
    ("robbery", "I was mugged last night, he punched me and took my wallet"),
    ("robbery", "masked men robbed the post office and threatened the lady at the counter"),
    ("shoplifting", "a woman filled her bag with meat and walked out of our shop without paying"),
    ("shoplifting", "the same lad has stolen bottles of spirits from our store four times"),
    ("vehicle crime", "my car has been stolen off the drive overnight"),
    ("vehicle crime", "catalytic converter cut off my van while I was at work"),
    ("vehicle crime", "someone broke into my car and took the satnav"),
    ("violence", "my friend was punched in the face outside the club and his jaw is broken"),
    ("violence", "a man has just been stabbed by the taxi rank"),
    ("violence", "I was attacked walking home, three of them kicked me on the ground"),
    ("weapons", "my neighbour's son showed my boy a gun he keeps under his bed"),
    ("weapons", "saw a lad with a machete down his trousers at the bus stop"),
    ("weapons", "found a bag of knives hidden in the bushes by the park"),
    ("animal cruelty", "the man next door kicks his dog and leaves it out with no water"),
    ("animal cruelty", "someone is starving horses in the yard behind us, you can see every rib"),
    ("animal cruelty", "boys were throwing stones at a cat, its leg is broken"),
    ("cyber crime", "my facebook has been hacked and they have changed the password"),
    ("cyber crime", "all the computers in our office are locked and there's a message asking for bitcoin"),
    ("cyber crime", "somebody got into my email account and is reading my messages"),
    ("domestic abuse", "my husband hits me when he has been drinking"),
    ("domestic abuse", "my sister's boyfriend beat her up again at the weekend"),
    ("domestic abuse", "my ex partner came round and smashed up the house, he isn't allowed near me"),
    ("fraud", "I paid a deposit for a puppy online and the seller has disappeared with the money"),
    ("fraud", "a man rang my gran pretending to be from the bank and she gave him four thousand pounds"),
    ("fraud", "someone has used my card details to buy things I never ordered"),
    ("hate crime", "a man shouted racist abuse at my wife on the bus because of her headscarf"),
    ("hate crime", "our neighbours call us names because we are two men living together and threw paint at the door"),
    ("missing people", "my dad has dementia and hasn't come home, he went out for a paper this morning"),
    ("missing people", "our daughter is 13 and has been missing since school finished"),
    ("missing people", "my brother left the hospital and nobody has seen him since yesterday"),
    ("modern slavery", "the workers at the car wash sleep in a shed and never get paid"),
    ("modern slavery", "a girl in the nail bar told me her boss keeps her passport and locks her in at night"),
    ("road offences", "a drunk driver is all over the road on the bypass"),
    ("road offences", "a car hit my wife on the crossing and drove off without stopping"),
    ("road offences", "van driver overtaking on blind bends every morning at eighty"),
    ("rural crime", "twenty sheep have been stolen from the top field"),
    ("rural crime", "men with dogs are hare coursing across our wheat again"),
    ("rural crime", "quad bike and the GPS from the tractor taken from the farm last night"),
    ("sexual offences", "I was raped by someone I met at a party"),
    ("sexual offences", "a man exposed himself to my daughter in the woods"),
    ("sexual offences", "my manager keeps putting his hand up my skirt"),
    ("spiking", "I think somebody put something in my drink at the club, I can't remember getting home"),
    ("spiking", "my friend was jabbed with a needle on the dance floor and collapsed"),
    ("stalking", "a man I used to work with follows me home and sits outside my house"),
    ("stalking", "she keeps sending me letters and turns up everywhere I go"),
]
NONE_OF_THESE = [
    "my neighbour has collapsed and isn't breathing",
    "there's smoke coming out of the flat upstairs and I can hear the alarm",
    "a boy has fallen through the ice on the lake",
    "my friend has sent me a goodbye and says she wants to die",
    "I have taken a lot of tablets and I'm scared",
    "there's a little one next door left alone every night, she's four",
    "a tree has come down on a car and someone is inside",
    "strong smell of gas in the whole street and people feel dizzy",
]


# The list


def spoilt(tmp_path, change):
    contents = yaml.safe_load(KINDS_FILE.read_text("utf-8"))
    change(contents)
    file = tmp_path / "kinds.yml"
    file.write_text(yaml.safe_dump(contents), "utf-8")
    return file


def test_every_kind_that_the_record_may_name_is_in_the_list():
    assert set(load_kinds().names) >= {
        *("anti-social behaviour", "bicycle theft", "burglary", "criminal damage and arson", "drugs", "other theft"),
        *("weapons", "public order", "robbery", "shoplifting", "theft from the person", "vehicle crime", "violence"),
        *("other crime", "stalking", "domestic abuse", "coercive control", "sextortion", "fraud", "hate crime"),
        *("county lines and cuckooing", "spiking", "sexual offences", "modern slavery", "rural crime"),
        *("animal cruelty", "road offences", "cyber crime", "missing people", "tip-off"),
    }
    assert NOT_GIVEN not in load_kinds().names


@pytest.mark.parametrize("channel", X_CHANNELS)
def test_x_can_not_be_switched_on(tmp_path, channel):
    file = spoilt(tmp_path, lambda contents: contents["channels"].append(channel))
    with pytest.raises(ValueError, match=f"X's terms forbid a kind of crime on {channel}"):
        load_kinds(file)


def test_a_file_that_teaches_two_kinds_is_refused(tmp_path):
    file = spoilt(tmp_path, lambda contents: contents["kinds"]["other theft"].append("burglary"))
    with pytest.raises(ValueError, match="burglary stands under burglary and under other theft"):
        load_kinds(file)


def test_a_file_that_teaches_a_kind_and_none_is_refused(tmp_path):
    file = spoilt(tmp_path, lambda contents: contents["no_kind"].append("burglary"))
    with pytest.raises(ValueError, match="burglary stands under burglary and under not given"):
        load_kinds(file)


@pytest.mark.parametrize("precision", [0, 1, 85])
def test_a_precision_that_is_no_share_is_refused(tmp_path, precision):
    file = spoilt(tmp_path, lambda contents: contents.update(precision=precision))
    with pytest.raises(ValueError, match="precision is"):
        load_kinds(file)


def test_a_topic_without_a_file_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"antisocial_behaviour, and .* doesn't exist"):
        labelled_reports(load_kinds(), tmp_path)


def test_reports_teach_the_kind_of_their_file_and_near_misses_teach_none(tmp_path):
    kinds = load_kinds()
    for topic in kinds.topics:
        (tmp_path / f"{topic}.yml").write_text("nlu: []\n", "utf-8")
    (tmp_path / "burglary.yml").write_text(
        "nlu:\n- intent: report_crime\n  examples: |\n    - shed emptied\n- intent: report_emergency\n  examples: |\n"
        "    - he is in the kitchen\n- intent: opinion_or_news\n  examples: |\n    - nobody locks up any more\n",
        "utf-8",
    )
    (tmp_path / "suicide_and_self_harm.yml").write_text(
        "nlu:\n- intent: risk_to_life\n  examples: |\n    - she said goodbye\n", "utf-8"
    )
    (tmp_path / "mixed.yml").write_text("nlu:\n- intent: report_crime\n  examples: |\n    - all sorts\n", "utf-8")
    assert labelled_reports(kinds, tmp_path) == {
        "shed emptied": "burglary",
        "he is in the kitchen": "burglary",
        "she said goodbye": NOT_GIVEN,
    }


# Learning


def crowds(names, *, spread, each=40, seed=0):
    """Vectors (n, 8) around one corner for each name, and their names."""
    source = np.random.default_rng(seed)
    vectors = [np.eye(8)[place] + spread * source.normal(size=8) for place in range(len(names)) for _ in range(each)]
    return np.array(vectors, dtype=np.float32), [name for name in names for _ in range(each)]


def test_kinds_that_are_told_apart_easily_are_given():
    taught = teach(*crowds(["burglary", "fraud", NOT_GIVEN], spread=0.05), 0.85)
    corners = np.eye(8, dtype=np.float32)
    assert [taught.kind_of(corners[place]) for place in range(3)] == ["burglary", "fraud", NOT_GIVEN]
    assert taught.figures["all"] == {"reports": 80, "given": 80, "precision": 1.0, "coverage": 1.0}


def test_kinds_that_can_not_be_told_apart_are_never_given():
    vectors, names = crowds(["burglary", "fraud", NOT_GIVEN], spread=30.0)
    taught = teach(vectors, names, 0.85)
    assert taught.threshold is None
    assert {taught.kind_of(vector) for vector in vectors} == {NOT_GIVEN}
    assert taught.figures["burglary"] == {"reports": 40, "given": 0, "precision": None, "coverage": 0.0}


def test_the_more_must_be_right_the_fewer_are_given():
    vectors, names = crowds(["burglary", "fraud", "drugs", NOT_GIVEN], spread=0.6, each=80)
    careful, careless = teach(vectors, names, 0.95), teach(vectors, names, 0.7)
    assert careful.threshold > careless.threshold
    assert careful.figures["all"]["given"] < careless.figures["all"]["given"]
    assert careful.figures["all"]["precision"] >= 0.95
    assert 0.7 <= careless.figures["all"]["precision"] < 0.95


# The component


class Storage:
    """Keeps what a component writes in a folder."""

    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def write_to(self, _resource):
        yield self.folder

    read_from = write_to


def certain(kind="burglary"):
    """Gives every vector that points one way a kind."""
    weights = np.zeros((2, 384), dtype=np.float32)
    weights[0, 0] = 50
    return Taught([kind, NOT_GIVEN], weights, np.zeros(2, dtype=np.float32), 0.5, {})


def component(taught=None):
    made = Kinds(Kinds.get_default_config(), None, None)
    made._taught = taught
    return made


def message(channel="messenger", label="crime_report"):
    scores = {"emergency": 0.1, "crime_report": 0.8, "not_report": 0.1}
    one = Message({"text": "somebody was in our loft"})
    one.set("intent", {"name": "report_crime", "confidence": 0.8}, add_to_output=True)
    one.set("intent_ranking", [{"name": "report_crime", "confidence": 0.8}], add_to_output=True)
    one.set("reasons", [{"word": "loft", "speaks": "for"}], add_to_output=True)
    one.set("decision", {"label": label, "scores": scores, "unsure": False}, add_to_output=True)
    one.set("vector", np.eye(384, dtype=np.float32)[0])
    if channel:
        one.set("metadata", {"channel": channel, "visibility": "private"})
    return one


def kind_of(one, taught):
    (done,) = component(taught).process([one])
    return done.as_dict(only_output_properties=True)["kind"]


@pytest.mark.parametrize("channel", ["messenger", "facebook_comment", "instagram_dm", "instagram_comment"])
@pytest.mark.parametrize("label", ["crime_report", "emergency"])
def test_a_report_that_the_model_is_sure_of_is_given_its_kind(channel, label):
    assert kind_of(message(channel, label), certain()) == "burglary"


@pytest.mark.parametrize("channel", X_CHANNELS)
@pytest.mark.parametrize("label", ["crime_report", "emergency", "not_report"])
def test_nothing_on_x_is_ever_given_a_kind(channel, label):
    assert kind_of(message(channel, label), certain()) == NOT_GIVEN


def test_a_channel_that_is_not_known_gets_no_kind():
    assert kind_of(message("new_channel"), certain()) == NOT_GIVEN
    assert kind_of(message(""), certain()) == NOT_GIVEN


def test_what_is_no_report_gets_no_kind():
    assert kind_of(message(label="not_report"), certain()) == NOT_GIVEN


def test_before_anything_was_learnt_no_kind_is_given():
    assert kind_of(message(), None) == NOT_GIVEN


def test_a_message_that_was_not_read_gets_no_kind():
    unread = message()
    unread.set("vector", None)
    assert kind_of(unread, certain()) == NOT_GIVEN


def test_a_message_without_text_gets_no_kind():
    assert kind_of(Message({}), certain()) == NOT_GIVEN


def test_the_kind_changes_nothing_else_and_the_vector_stays_inside():
    before = message()
    after = copy.deepcopy(before)
    component(certain()).process([after])
    said = after.as_dict(only_output_properties=True)
    assert said.pop("kind") == "burglary"
    assert said == before.as_dict(only_output_properties=True)
    assert "vector" not in said


def test_the_decision_stands_before_the_kind_in_the_pipeline():
    names = [part["name"] for part in yaml.safe_load((PROJECT / "config.yml").read_text("utf-8"))["pipeline"]]
    assert names.index("bot.nlu.decision.Decision") < names.index("bot.nlu.kinds.Kinds")


def test_a_component_is_loaded_as_it_was_trained(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.nlu.kinds.labelled_reports", lambda _kinds, _folder: dict(zip(texts, names, strict=True)))
    monkeypatch.setattr("bot.nlu.kinds.Encoder", lambda: None)
    monkeypatch.setattr(
        "bot.nlu.kinds.vectors_of", lambda _encoder, asked: vectors[[texts.index(one) for one in asked]]
    )
    vectors, names = crowds(["burglary", NOT_GIVEN], spread=0.05)
    texts = [f"message {place}" for place in range(len(names))]
    data = TrainingData([Message({"text": text, "intent": "report_crime"}) for text in ["another", *reversed(texts)]])
    trained = Kinds(Kinds.get_default_config(), Storage(tmp_path), None)
    trained.train(data)
    loaded = Kinds.load(Kinds.get_default_config(), Storage(tmp_path), None, None)
    assert loaded._taught.kinds == ["burglary", NOT_GIVEN]
    assert loaded._taught.figures == trained._taught.figures
    assert [loaded._taught.kind_of(vector) for vector in vectors] == names


# What `signpost classify` says


class Agent:
    """An agent that understands every message alike."""

    def __init__(self, **understood):
        self.processor = self
        self._understood = understood

    async def parse_message(self, _message):
        return self._understood


@pytest.mark.parametrize(("said", "kind"), [({"kind": "fraud"}, "fraud"), ({}, NOT_GIVEN)])
def test_classify_tells_the_kind_and_none_where_an_old_model_knows_none(said, kind):
    decision = {"label": "crime_report", "scores": {}, "unsure": False}
    agent = Agent(decision=decision, intent={"name": "report_crime"}, reasons=[], **said)
    assert asyncio.run(classify.judge(agent, "they had my savings", {}))["kind"] == kind


def test_an_empty_message_gets_no_kind():
    assert asyncio.run(classify.judge(None, " ", {}))["kind"] == NOT_GIVEN


# How often it is right. The floors are the figures of the project's own messages, less some luck.


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """What the project's messages teach, from the vectors that the last training kept, where there are any."""
    cache = tmp_path_factory.mktemp("vectors") / "vectors.npz"
    kept = Path(os.environ.get("SIGNPOST_MODELS", PROJECT / "models")) / "vectors.npz"
    if kept.is_file():
        shutil.copyfile(kept, cache)
    kinds = load_kinds()
    labelled = labelled_reports(kinds, PROJECT / "data" / "nlu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(cache))
        vectors = vectors_of(Encoder(), list(labelled))
    return teach(vectors, list(labelled.values()), kinds.precision)


def test_of_the_kinds_that_are_given_85_in_100_are_right(taught):
    figures = taught.figures["all"]
    assert figures["precision"] >= 0.85
    assert figures["coverage"] >= 0.06
    assert set(taught.kinds) == set(load_kinds().topics.values())


def test_plain_reports_are_given_the_right_kind_or_none(taught):
    encoder = Encoder()
    found = [(kind, taught.kind_of(encoder.encode(text)[0].vector)) for kind, text in PLAIN]
    given = [(kind, said) for kind, said in found if said != NOT_GIVEN]
    assert len(PLAIN) >= 60
    assert len(given) >= 17
    assert sum(kind == said for kind, said in given) / len(given) >= 0.9


def test_fire_illness_and_despair_are_given_no_kind(taught):
    encoder = Encoder()
    said = [taught.kind_of(encoder.encode(text)[0].vector) for text in NONE_OF_THESE]
    assert said.count(NOT_GIVEN) >= len(said) - 1
