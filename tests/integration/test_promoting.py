"""Another model takes over while messages are being answered: none is lost, none is answered twice."""

import os
import shutil
import time
import uuid
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from signpost.log.models import ANSWERED, ENDED, Escalation, InboundMessage
from signpost.settings import Settings
from signpost.workbench.shelf import Shelf
from tests.integration.conftest import PROJECT, running, wait_for
from tests.models import twin

pytestmark = pytest.mark.rasa
REPORT = "someone has smashed my shop window on Fisherton Street"
IN_FLIGHT = 50
AFTERWARDS = 20


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """A folder with the trained model, and Signpost told to use it."""
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    folder = tmp_path_factory.mktemp("models")
    for name in ("signpost.tar.gz", "signpost.json"):
        shutil.copy(PROJECT / "models" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def product(models, tmp_path_factory):
    before = os.environ.get("SIGNPOST_MODELS")
    os.environ["SIGNPOST_MODELS"] = str(models)
    try:
        with running(tmp_path_factory.mktemp("promoting")) as one:
            yield one
    finally:
        os.environ.pop("SIGNPOST_MODELS")
        if before is not None:
            os.environ["SIGNPOST_MODELS"] = before


@pytest.fixture
def shelf(models) -> Shelf:
    return Shelf(replace(Settings.from_environment({}), models_folder=models))


def health(product) -> dict:
    return httpx.get(f"{product.assistant}/", trust_env=False, timeout=30).json()


def waiting(product) -> int:
    with product.reads() as session:
        return session.scalar(select(func.count(InboundMessage.id)).where(InboundMessage.state != ENDED))


def candidate(shelf: Shelf, tmp_path: Path, keep=lambda _name: True) -> str:
    made = twin(shelf.running().file, tmp_path / "made.tar.gz", uuid.uuid4().hex, keep)
    return shelf.add(made, "made", "test").model.key


def written_while_it_takes_over(product, key: str) -> list[int]:
    """Messages, of which at least :data:`IN_FLIGHT` wait or are being answered at any time until the model is there."""
    written = []
    deadline = time.monotonic() + 120
    while health(product)["model"] != key:
        assert time.monotonic() < deadline, "the model was never taken over"
        missing = IN_FLIGHT + 10 - waiting(product)
        written += [product.write(REPORT) for _ in range(missing)]
    return written


def settled(product, written: list[int]) -> list[InboundMessage]:
    """All of them, once they have ended and are in the log with their replies."""
    wait_for(lambda: waiting(product) == 0)
    for message in written:
        product.delivered(message)
    with product.reads() as session:
        messages = list(session.scalars(select(InboundMessage).where(InboundMessage.id.in_(written))))
        for message in messages:
            _ = list(message.replies)
        return messages


def none_is_lost_and_none_is_answered_twice(product, written: list[int]) -> Counter:
    messages = settled(product, written)
    assert len(messages) == len(written)
    assert {message.end for message in messages} == {ANSWERED}
    assert {tuple(reply.response for reply in message.replies) for message in messages} == {("utter_guidance",)}
    with product.reads() as session:
        query = select(Escalation.inbound_message_id, func.count()).group_by(Escalation.inbound_message_id)
        counted = dict(session.execute(query.where(Escalation.inbound_message_id.in_(written))).all())
    assert counted == dict.fromkeys(written, 1)
    return Counter(message.model for message in messages)


def test_a_model_that_is_promoted_takes_over_with_fifty_messages_in_flight_and_so_does_one_that_is_gone_back_to(
    product, shelf, tmp_path
):
    old = health(product)["model"]
    assert old == shelf.running().key
    new = candidate(shelf, tmp_path)
    for before, after, change in ((old, new, lambda: shelf.promote(new)), (new, old, shelf.roll_back)):
        written = [product.write(REPORT) for _ in range(IN_FLIGHT)]
        change()
        assert shelf.running().key == after
        written += written_while_it_takes_over(product, after)
        last = [product.write(REPORT) for _ in range(AFTERWARDS)]
        models = none_is_lost_and_none_is_answered_twice(product, written)
        assert set(models) == {before, after}
        assert none_is_lost_and_none_is_answered_twice(product, last) == {after: AFTERWARDS}
        assert health(product) == {"ready": True, "model": after, "next": None}


def test_one_person_who_goes_on_writing_is_told_the_guidance_once_whichever_model_answers(product, shelf, tmp_path):
    person, new = str(uuid.uuid4()), candidate(shelf, tmp_path)
    first = product.ended(product.write(REPORT, person=person))
    shelf.promote(new)
    wait_for(lambda: health(product)["model"] == new)
    second = product.ended(product.write("they also took my bike, it was a red one", person=person))
    assert (first.model == new, second.model) == (False, new)
    assert [reply.response for reply in first.replies] == ["utter_guidance"]
    assert [reply.response for reply in second.replies] != ["utter_guidance"]


def test_a_model_that_cannot_be_loaded_is_refused_and_the_old_one_goes_on(product, shelf, tmp_path):
    old = health(product)["model"]
    broken = candidate(shelf, tmp_path, lambda name: not name.endswith("weights.npz"))
    shelf.promote(broken)
    wait_for(lambda: health(product)["next"] == "refused")
    assert health(product)["model"] == old
    assert none_is_lost_and_none_is_answered_twice(product, [product.write(REPORT)]) == {old: 1}
    assert shelf.roll_back().model.key == old
    wait_for(lambda: health(product) == {"ready": True, "model": old, "next": None})
    log = (product.data / "logs" / "assistant.log").read_text()
    assert "can't be loaded" in log
    assert "Fisherton" not in log
