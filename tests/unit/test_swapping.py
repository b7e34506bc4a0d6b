"""A promoted model is taken over when its file lies still, refused when it can't be loaded, and the old one is let go."""

import asyncio
import gc
import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import swapping
from bot.swapping import LOADING, REFUSED, Swap, identity_of


class Agent:
    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self.itself = self
        self.tracker_store = SimpleNamespace(_tracker_store=SimpleNamespace(engine=Engine()))


class Engine:
    disposed = 0

    def dispose(self) -> None:
        self.disposed += 1


class World:
    """A model's file, an assistant that serves it, and what was said and loaded."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "signpost.tar.gz"
        self.file.write_text("one")
        self.context = SimpleNamespace(agent=Agent("one"))
        self.said: list[str] = []
        self.loads: list[tuple[str, int]] = []
        self.given: list[str] = []
        self.swap = Swap(self.context, self.file, identity_of(self.file), self.load, self.said.append)

    def load(self, file: Path, old: Agent) -> Agent:
        content = file.read_text()
        self.loads.append((content, threading.get_ident()))
        self.given.append(old.model_id)
        if content.startswith("broken"):
            raise ValueError("what the model was tried with")
        return Agent(content)

    def put(self, content: str) -> None:
        """As the shelf does: another file in its place."""
        part = self.file.with_suffix(".part")
        part.write_text(content)
        part.replace(self.file)

    def look(self, times: int = 1) -> None:
        async def looks() -> None:
            for _ in range(times):
                await self.swap.look()

        asyncio.run(looks())

    @property
    def loaded(self) -> list[str]:
        return [content for content, _thread in self.loads]


async def until(what: Callable[[], bool]) -> None:
    for _ in range(3000):
        if what():
            return
        await asyncio.sleep(0.01)
    pytest.fail("waited in vain")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swapping, "FINISH_SECONDS", 0.0)


def test_while_nothing_changes_nothing_is_loaded(world):
    world.look(5)
    assert (world.loads, world.context.agent.model_id, world.context.next_model) == ([], "one", None)


def test_another_file_is_loaded_once_it_lay_still_and_takes_over(world):
    world.put("two")
    world.look()
    assert (world.loads, world.context.agent.model_id, world.context.next_model) == ([], "one", LOADING)
    world.look()
    assert (world.loaded, world.given) == (["two"], ["one"])
    assert (world.context.agent.model_id, world.context.next_model) == ("two", None)
    world.look(3)
    assert world.loaded == ["two"]
    assert world.said == ["Model two runs now."]


def test_it_is_loaded_beside_the_turns_and_not_in_their_way(world):
    world.put("two")
    world.look(2)
    assert [thread for _content, thread in world.loads] != [threading.get_ident()]


def test_the_old_model_answers_while_the_new_one_is_loaded(world):
    world.put("two")
    seen: list[str] = []
    load = world.load

    def slowly(file: Path, old: Agent) -> Agent:
        seen.append(world.context.agent.model_id)
        return load(file, old)

    world.swap._load = slowly
    world.look(2)
    assert seen == ["one"]
    assert world.context.agent.model_id == "two"


def test_a_file_that_is_still_being_written_is_left_until_it_lies_still(world):
    for content in ("tw", "two ", "two of", "two of them"):
        world.file.write_text(content)
        os.utime(world.file, ns=(len(content), len(content)))
        world.look()
    assert world.loads == []
    world.look()
    assert world.loaded == ["two of them"]


def test_a_file_that_cannot_be_loaded_is_refused_once_and_the_old_one_goes_on(world):
    world.put("broken")
    world.look(6)
    assert world.loaded == ["broken"]
    assert (world.context.agent.model_id, world.context.next_model) == ("one", REFUSED)
    assert world.said == ["The new model can't be loaded (ValueError); the old one goes on."]


def test_after_a_refused_one_the_next_is_taken(world):
    world.put("broken")
    world.look(2)
    world.put("three")
    world.look(2)
    assert (world.context.agent.model_id, world.context.next_model) == ("three", None)


def test_a_file_that_is_gone_for_a_moment_changes_nothing(world):
    world.file.unlink()
    world.look(2)
    assert (world.context.agent.model_id, world.context.next_model) == ("one", None)
    assert identity_of(world.file) is None


def test_a_model_that_was_taken_back_before_it_was_loaded_is_not_loaded(world):
    kept = world.file.with_suffix(".kept")
    os.link(world.file, kept)
    world.put("two")
    world.look()
    kept.replace(world.file)
    world.look(3)
    assert (world.loads, world.context.agent.model_id, world.context.next_model) == ([], "one", None)


def test_one_that_replaces_it_while_it_is_loaded_is_taken_next(world):
    load = world.load

    def slowly(file: Path, old: Agent) -> Agent:
        made = load(file, old)
        if made.model_id == "two":
            world.put("three")
        return made

    world.swap._load = slowly
    world.put("two")
    world.look(2)
    assert world.context.agent.model_id == "two"
    world.look(2)
    assert world.context.agent.model_id == "three"


def test_the_old_model_is_let_go_with_its_connections(world):
    old = weakref.ref(world.context.agent)
    engine = world.context.agent.tracker_store._tracker_store.engine
    gc.disable()
    try:
        world.put("two")

        async def swaps() -> None:
            await world.swap.look()
            await world.swap.look()
            await until(lambda: not world.swap._letting_go)

        asyncio.run(swaps())
        assert engine.disposed == 1
        assert old() is None
    finally:
        gc.enable()


def test_it_goes_on_looking_until_it_is_cancelled(world, monkeypatch):
    monkeypatch.setattr(swapping, "LOOK_SECONDS", 0.01)

    async def watches() -> None:
        task = asyncio.get_running_loop().create_task(world.swap.watch())
        world.put("two")
        await until(lambda: world.context.agent.model_id == "two")
        world.put("broken")
        await until(lambda: world.context.next_model == REFUSED)
        world.put("three")
        await until(lambda: world.context.agent.model_id == "three")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(watches(), 30))
