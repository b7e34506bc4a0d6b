"""Dialogues are kept in Rasa's table; a turn reads the last turn, and what is acknowledged is on disk."""

import asyncio
import json
import sqlite3
import threading
import warnings
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue_rows import Rows, open_rows
from bot.tracker_store import MOST, SLOTS, Dialogues

pytestmark = pytest.mark.rasa
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    DOMAIN = Domain.from_yaml("""\
version: "3.1"
intents: [greet]
slots:
  mood: {type: text, mappings: [{type: custom}]}
  name: {type: text, initial_value: nobody, mappings: [{type: custom}]}
""")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.db'}"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def store(url):
    store = Dialogues(DOMAIN, url)
    yield store
    store.engine.dispose()


class Counted:
    """Counts the rows that are read."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.read: list[int] = []

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._rows, name)

        def counted(*given: Any) -> Any:
            found = ask(*given)
            self.read.append(len(found))
            return found

        return counted if name in {"newest", "last_session", "all_sessions"} else ask


async def turn(store: TrackerStore, number: int, *more: Any, key: str = "k") -> Any:
    """One turn, kept; the first one begins the session."""
    tracker = await store.get_or_create_tracker(key, append_action_listen=False)
    events = [] if tracker.events else [ActionExecuted("action_session_start"), SessionStarted(), listen()]
    said = UserUttered(f"message {number}", {"name": "greet"}, message_id=str(number))
    for event in (*events, said, SlotSet("mood", f"mood {number}"), *more, ActionExecuted("utter_greet"), listen()):
        tracker.update(event)
    await store.save(tracker)
    return tracker


def listen() -> ActionExecuted:
    return ActionExecuted("action_listen")


def texts(tracker: Any) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_what_was_kept_is_found_again(store):
    async def go() -> None:
        await turn(store, 1, BotUttered("Hello.", metadata={"utter_action": "utter_greet"}))
        found = await store.retrieve("k")
        assert texts(found) == ["message 1"]
        assert found.current_slot_values()["mood"] == "mood 1"
        assert found.latest_bot_utterance.text == "Hello."
        assert found.latest_action_name == "action_listen"
        assert await store.retrieve("somebody else") is None
        assert list(await store.keys()) == ["k"]

    asyncio.run(go())


def test_a_turn_of_a_long_dialogue_reads_no_more_than_one_of_a_short_one(store):
    async def go() -> None:
        counted = store._rows = Counted(store._rows)
        sizes = []
        for number in range(40):
            tracker = await turn(store, number)
            sizes.append(len(tracker.events))
            assert texts(tracker) == [f"message {n}" for n in (number - 1, number) if n >= 0]
        assert len(set(sizes[3:])) == 1
        assert max(counted.read) <= MOST
        full = await store.retrieve_full_tracker("k")
        assert texts(full) == [f"message {number}" for number in range(40)]

    asyncio.run(go())


def test_a_slot_that_was_set_long_ago_is_still_set(store):
    async def go() -> None:
        await turn(store, 0, SlotSet("name", "Ann"))
        for number in range(1, 20):
            await turn(store, number)
        found = await store.retrieve("k")
        assert found.current_slot_values()["name"] == "Ann"
        assert "message 0" not in texts(found)
        await turn(store, 20, SlotSet("name", None))
        for number in range(21, 25):
            await turn(store, number)
        assert (await store.retrieve("k")).current_slot_values()["name"] is None

    asyncio.run(go())


@pytest.mark.parametrize("event", [ConversationPaused(), ActiveLoop("some_form")])
def test_a_dialogue_that_is_paused_or_bound_is_read_from_its_beginning(store, event):
    async def go() -> None:
        await turn(store, 0, event)
        for number in range(1, 20):
            await turn(store, number)
        found = await store.retrieve("k")
        assert len(texts(found)) == 20
        assert found.is_paused() or found.active_loop_name == "some_form"

    asyncio.run(go())


def test_only_the_last_session_is_read(store):
    async def go() -> None:
        await turn(store, 1)
        tracker = await store.retrieve("k")
        for event in (ActionExecuted("action_session_start"), SessionStarted(), listen()):
            tracker.update(event)
        await store.save(tracker)
        found = await store.retrieve("k")
        assert texts(found) == []
        assert found.current_slot_values()["mood"] is None
        assert texts(await store.retrieve_full_tracker("k")) == ["message 1"]

    asyncio.run(go())


def test_saving_twice_adds_nothing_twice(store):
    async def go() -> None:
        tracker = await turn(store, 1)
        before = len(store._rows.all_sessions("k"))
        await store.save(tracker)
        found = await store.retrieve("k")
        await store.save(found)
        assert len(store._rows.all_sessions("k")) == before

    asyncio.run(go())


def test_a_tracker_that_was_made_elsewhere_is_kept_from_where_the_store_ends(store):
    async def go() -> None:
        await turn(store, 1)
        kept = await store.retrieve_full_tracker("k")
        elsewhere = kept.copy()
        # Rasa's store counts the events of the last session, which begins with its start.
        elsewhere.events = [event for event in elsewhere.events if event.type_name != "action" or event.action_name][1:]
        elsewhere.update(SlotSet("name", "Ann"))
        await store.save(elsewhere)
        assert (await store.retrieve("k")).current_slot_values()["name"] == "Ann"
        assert len(store._rows.all_sessions("k")) == len(kept.events) + 1

    asyncio.run(go())


def test_turns_that_end_at_once_are_written_at_once_and_each_in_its_order(store):
    async def go() -> None:
        writes: list[int] = []
        held = threading.Event()
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()
        write = store._together._write

        def slowly(rows: list[dict[str, Any]]) -> None:
            writes.append(len(rows))
            loop.call_soon_threadsafe(begun.set)
            held.wait(10)
            write(rows)

        store._together._write = slowly
        tasks = [asyncio.create_task(turn(store, number, key=f"k{number}")) for number in range(10)]
        await begun.wait()
        assert not any(task.done() for task in tasks)
        held.set()
        await asyncio.gather(*tasks)
        assert writes == [70]
        for number in range(10):
            assert texts(await store.retrieve(f"k{number}")) == [f"message {number}"]

    asyncio.run(go())


def test_what_one_turn_cannot_write_costs_no_other_turn_its_own(store):
    async def go() -> None:
        write = store._together._write

        def strict(rows: list[dict[str, Any]]) -> None:
            if any(row["sender_id"] == "bad" for row in rows):
                raise ValueError("not this one")
            write(rows)

        store._together._write = strict
        found = await asyncio.gather(
            *(turn(store, number, key=key) for number, key in enumerate(("good", "bad", "too"))), return_exceptions=True
        )
        assert [isinstance(one, ValueError) for one in found] == [False, True, False]
        assert sorted(await store.keys()) == ["good", "too"]

    asyncio.run(go())


def test_when_saving_returns_the_turn_is_on_disk(tmp_path):
    file = tmp_path / "conversations.db"
    store = Dialogues(DOMAIN, f"sqlite:///{file}")
    with store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    asyncio.run(turn(store, 1))
    with sqlite3.connect(file) as another:
        rows = another.execute("SELECT type_name, intent_name, action_name, data FROM events ORDER BY id").fetchall()
    assert [row[0] for row in rows][-4:] == ["user", "slot", "action", "action"]
    assert [row[1] for row in rows if row[1]] == ["greet"]
    assert [row[2] for row in rows if row[2]][-3:] == ["mood", "utter_greet", "action_listen"]
    assert json.loads(rows[-1][3])["metadata"][SLOTS] == {"mood": "mood 1"}
    store.engine.dispose()


def test_two_that_start_at_once_make_one_table(url):
    found: list[Engine] = []
    threads = [threading.Thread(target=lambda: found.append(open_rows(url).engine)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    indexes = {one["name"] for one in inspect(found[0]).get_indexes("events")}
    assert "ix_events_sender_id" in indexes
    assert ("ix_events_sender_id_id" in indexes) == (found[0].dialect.name == "postgresql")
    for engine in found:
        engine.dispose()


def test_an_address_without_a_driver_gets_the_one_we_bring(postgresql_url):
    rows = open_rows(postgresql_url.replace("+psycopg", ""))
    assert rows.engine.dialect.driver == "psycopg"
    rows.engine.dispose()


def test_dialogues_in_memory_alone_are_kept_as_well():
    store = Dialogues(DOMAIN, "sqlite://")

    async def go() -> None:
        await asyncio.gather(*(turn(store, number, key=f"k{number}") for number in range(5)))
        await turn(store, 7, key="k1")
        assert texts(await store.retrieve("k1")) == ["message 7"]
        assert texts(await store.retrieve_full_tracker("k1")) == ["message 1", "message 7"]

    asyncio.run(go())
    store.engine.dispose()


def test_rasa_makes_it_from_the_endpoints_and_begins_new_dialogues_in_it(url):
    made = TrackerStore.create(EndpointConfig(url, type="bot.tracker_store.Dialogues"), DOMAIN)
    assert isinstance(made, Dialogues)
    safe = FailSafeTrackerStore(made)

    async def go() -> None:
        for number in range(3):
            await turn(safe, number)
        assert texts(await safe.retrieve("k")) == ["message 2"]

    asyncio.run(go())
    made.engine.dispose()
