"""Models in the console: which one runs, promoting, discarding and rolling back, each confirmed and audited."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from console_models import NEW, NEWER, OLD, add, shelf_in
from console_records import entries
from console_staff import Console, console_of
from test_console_pages import Page, check_page, parts_for

from signpost.console.workbench.assistant import Assistant
from signpost.console.workbench.bench import Bench
from signpost.workbench import jobs

HOME = "/workbench/models"


class Said:
    """What the assistant's health address says; nothing at all while ``words`` is none."""

    def __init__(self) -> None:
        self.words: dict[str, Any] | None = {"ready": True, "model": OLD, "next": None}

    def get(self, url: str, timeout: float) -> Any:
        assert url == "http://assistant/"
        if self.words is None:
            raise httpx.ConnectError("away")
        return SimpleNamespace(json=lambda: self.words)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def console(record, mandate, tmp_path, said) -> Console:
    folder = tmp_path / "project" / "data" / "nlu"
    folder.mkdir(parents=True)
    return console_of(
        parts_for(
            record,
            mandate,
            training_folder=folder,
            shelf=shelf_in(tmp_path / "models", record.clock),
            bench=Bench(Assistant(said, "http://assistant", "token")),
        )
    )


@pytest.fixture
def client(console) -> Any:
    return console.client("trainer", username="tess")


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return " ".join(response.text.split())


def send(client: Any, name: str, key: str, seen: str = OLD, **fields: str) -> Any:
    return client.post(f"{HOME}/{key}/{name}", data={"seen": seen, **fields})


def running(console: Console) -> str:
    return console.parts.shelf.running().key


def last(console: Console) -> Any:
    return entries(console.parts)[-1]


def test_a_fit_model_is_promoted_after_a_page_that_says_what_follows(console, client) -> None:
    add(console.parts.shelf, NEW, "command")
    page = shown(client.get(f"{HOME}/{NEW}/promote"))
    assert "every new message is judged by this model" in page
    assert 'name="sure"' not in page
    assert f'name="seen" value="{OLD}"' in page
    assert running(console) == OLD
    answer = send(client, "promote", NEW)
    assert answer.status_code == 303
    assert running(console) == NEW
    entry = last(console)
    assert (entry.actor, entry.action, entry.event, entry.subject) == ("tess", "administration", "model_promoted", NEW)
    assert entry.detail == {"before": OLD[:8], "fit": True}


@pytest.mark.parametrize("fit", [False, None])
def test_a_model_that_is_not_known_fit_needs_a_ticked_box_and_a_reason(console, client, fit) -> None:
    add(console.parts.shelf, NEW, "command", fit=fit)
    page = shown(client.get(f"{HOME}/{NEW}/promote"))
    assert 'name="sure"' in page
    for fields, missing in (
        ({}, ("Tick the box", "Enter why")),
        ({"sure": "y"}, ("Enter why",)),
        ({"sure": "y", "reason": "x"}, ("Enter why",)),
        ({"reason": "a storm of hoaxes"}, ("Tick the box",)),
    ):
        page = shown(send(client, "promote", NEW, **fields), 422)
        assert [words in page for words in ("Tick the box", "Enter why")] == [
            words in missing for words in ("Tick the box", "Enter why")
        ]
        assert fields.get("reason", "") in page
        assert running(console) == OLD
    assert send(client, "promote", NEW, sure="y", reason="a storm of hoaxes").status_code == 303
    assert running(console) == NEW
    assert last(console).purpose == "a storm of hoaxes"
    assert last(console).detail == {"before": OLD[:8], "fit": fit}


@pytest.mark.parametrize("name", ["promote", "discard"])
def test_nothing_is_done_when_another_model_runs_than_the_page_said(console, client, name) -> None:
    for key in (NEW, NEWER):
        add(console.parts.shelf, key, "command")
    console.parts.shelf.promote(NEWER)
    before = len(entries(console.parts))
    page = shown(send(client, name, NEW, seen=OLD), 409)
    assert "Another model was put in its place" in page
    assert f'name="seen" value="{NEWER}"' in page
    assert running(console) == NEWER
    assert console.parts.shelf.find(NEW).state == "candidate"
    assert len(entries(console.parts)) == before
    assert send(client, name, NEW, seen=NEWER).status_code == 303


def test_what_was_typed_is_kept_when_another_model_was_promoted_meanwhile(console, client) -> None:
    add(console.parts.shelf, NEW, "command", fit=False)
    page = shown(send(client, "promote", NEW, seen="x", sure="y", reason="a storm of hoaxes"), 409)
    assert "a storm of hoaxes</textarea>" in page
    assert "checked" in page


def test_a_damaged_model_is_refused_with_a_sentence(console, client) -> None:
    add(console.parts.shelf, NEW, "command")
    console.parts.shelf.find(NEW).file.write_bytes(b"half")
    before = len(entries(console.parts))
    assert "damaged" in shown(send(client, "promote", NEW), 409)
    assert running(console) == OLD
    assert len(entries(console.parts)) == before


def test_a_model_is_discarded_for_good(console, client) -> None:
    add(console.parts.shelf, NEW, "command")
    assert "deleted for good" in shown(client.get(f"{HOME}/{NEW}/discard"))
    assert send(client, "discard", NEW).status_code == 303
    assert console.parts.shelf.candidates() == []
    assert (last(console).event, last(console).subject) == ("model_discarded", NEW)
    assert client.get(f"{HOME}/{NEW}/promote").status_code == 404


def test_one_goes_back_to_the_last_model_and_to_an_older_one(console, client) -> None:
    shelf = console.parts.shelf
    for key in (NEW, NEWER):
        add(shelf, key, "command")
        console.parts.clock.advance(seconds=1)
        shelf.promote(key)
    page = shown(client.get(HOME))
    assert page.index(f">{NEW[:8]}<") < page.index(f">{OLD[:8]}<")
    assert "as it was before" in shown(client.get(f"{HOME}/{NEW}/roll-back"))
    assert send(client, "roll-back", NEW, seen=NEWER).status_code == 303
    assert running(console) == NEW
    assert shelf.candidates()[0].key == NEWER
    assert last(console).event == "model_rolled_back"
    assert "A trainer went back to it" in shown(client.get(HOME))
    assert send(client, "roll-back", OLD, seen=NEW).status_code == 303
    assert running(console) == OLD
    assert (last(console).event, last(console).subject) == ("model_rolled_back", OLD)


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [
        ("promote", OLD, 409),
        ("discard", OLD, 409),
        ("roll-back", OLD, 409),
        ("roll-back", NEW, 409),
        ("promote", "d" * 32, 404),
        ("promote", "current", 404),
        ("discard", "..", 404),
        ("discard", NEW[:5], 404),
    ],
)
def test_what_cannot_be_done_with_a_model_is_refused(console, client, name, key, status) -> None:
    add(console.parts.shelf, NEW, "command")
    before = len(entries(console.parts))
    assert client.get(f"{HOME}/{key}/{name}").status_code == status
    assert send(client, name, key).status_code == status
    assert running(console) == OLD
    assert [one.key for one in console.parts.shelf.candidates()] == [NEW]
    assert len(entries(console.parts)) == before


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor"])
def test_only_trainers_choose_models(console, role) -> None:
    add(console.parts.shelf, NEW, "command")
    client = console.client(role)
    assert [send(client, name, NEW).status_code for name in ("promote", "discard", "roll-back")] == [403] * 3
    assert running(console) == OLD


def test_models_are_listed_with_who_asked_for_them_and_how_good_they_are(console, client) -> None:
    with console.parts.sessions.begin() as session:
        staff_id = console.staff("trainer", username="tom").id
        key = jobs.ask(session, "train", staff_id, console.parts.clock()).key
    add(console.parts.shelf, NEW, key, fit=False)
    add(console.parts.shelf, NEWER, "command", fit=None)
    page = shown(client.get(HOME))
    assert "asked for by Tom" in page
    assert "It should not be promoted" in page
    assert "It was never compared" in page
    assert f"/workbench/training/{key}" in page


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"ready": True, "model": OLD, "next": None}, "It runs this model"),
        ({"ready": True, "model": NEW, "next": None}, "Loading:"),
        ({"ready": True, "model": NEW, "next": "loading"}, "Loading:"),
        ({"ready": True, "model": NEW, "next": "refused"}, "It can’t load this model"),
        ({"ready": False, "model": None, "next": None}, "It doesn’t answer just now"),
        (None, "It doesn’t answer just now"),
        (["nonsense"], "It doesn’t answer just now"),
    ],
)
def test_the_page_says_what_the_assistant_says(console, client, said, words, expected) -> None:
    said.words = words
    assert expected in shown(client.get(HOME))


def test_what_happens_when_the_messages_are_newer_is_told(console, client, tmp_path: Path) -> None:
    assert "Something it is made from has changed since" in shown(client.get(HOME))
