"""Training in the console: what changed, asking for a training, how far it is, and what came of it."""

import json
import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from console_models import FAILED, NEW, OLD, SMASHED, add, changed, comparison, shelf_in
from console_records import entries
from console_staff import Console, console_of
from sqlalchemy import select
from test_console_pages import Page, check_page, parts_for

from signpost.log.models import Correction, StaffAccount, WorkbenchJob
from signpost.training import fingerprint
from signpost.workbench import jobs
from signpost.workbench.comparing import BETTER

HOME = "/workbench/training"
WORKER = "worker"
DRAWINGS = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "data" / "nlu"
    folder.mkdir(parents=True)
    (folder / "theft.yml").write_text('version: "3.1"\nnlu: []\n')
    return folder.parents[1]


@pytest.fixture
def console(record, mandate, project, tmp_path) -> Console:
    shelf = shelf_in(tmp_path / "models", record.clock)
    return console_of(parts_for(record, mandate, training_folder=project / "data" / "nlu", shelf=shelf))


@pytest.fixture
def client(console) -> Any:
    return console.client("trainer", username="tess")


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    # A drawing's title is another thing than the page's.
    check_page(Page(DRAWINGS.sub("", response.text)), response)
    return " ".join(response.text.split())


def asked(console, client) -> WorkbenchJob:
    answer = client.post(HOME)
    assert answer.status_code == 303
    return only(console)


def only(console) -> WorkbenchJob:
    with console.parts.reads() as reads:
        return reads.scalars(select(WorkbenchJob).order_by(WorkbenchJob.id.desc())).first()


def do(console, job: WorkbenchJob, step: Any) -> None:
    """Something the job's process does."""
    with console.parts.sessions.begin() as session:
        assert step(session, job.key, WORKER, console.parts.clock())


def begun(console, client) -> WorkbenchJob:
    job = asked(console, client)
    do(console, job, jobs.claim)
    return job


def ended(console, client, state: str = jobs.DONE, **more: Any) -> WorkbenchJob:
    job = begun(console, client)
    with console.parts.sessions.begin() as session:
        assert jobs.end(session, job.key, WORKER, console.parts.clock(), state, **more)
    return only(console)


def done(console, client, result: dict[str, Any] | None = None, *, fit: bool = True) -> WorkbenchJob:
    job = ended(console, client, result=result or comparison(fit=fit), model_key=NEW)
    add(console.parts.shelf, NEW, job.key, fit=fit)
    return job


def accept(console, text: str, when: datetime) -> None:
    with console.parts.sessions.begin() as session:
        trainer = session.scalars(select(StaffAccount)).first()
        session.add(
            Correction(
                text=text,
                old_label="crime_report",
                new_label="not_report",
                proposed_by_id=trainer.id,
                proposed_at=when,
                state="accepted",
                decided_at=when,
                intent="everyday_talk",
            )
        )


def test_what_changed_since_the_running_model_is_told(console, client, project) -> None:
    now = console.parts.clock()
    accept(console, "an older one", now - timedelta(minutes=1))
    accept(console, "the newer one", now + timedelta(minutes=1))
    later = (now + timedelta(minutes=2)).replace(tzinfo=timezone.utc).timestamp()
    (project / "data" / "nlu" / "older.yml").write_text("")
    os.utime(project / "data" / "nlu" / "older.yml", (0, 0))
    os.utime(project / "data" / "nlu" / "theft.yml", (later, later))
    page = shown(client.get(HOME))
    assert "the newer one" in page
    assert "an older one" not in page
    assert "Corrections accepted since: 1" in page
    assert "<li>theft.yml</li>" in page
    assert "older.yml" not in page


def test_it_is_said_when_nothing_changed(console, client, project, tmp_path) -> None:
    shelf = console.parts.shelf
    add(shelf, NEW, "command")
    about = shelf.folder / f"{NEW}.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "fingerprint": fingerprint(project)}))
    shelf.promote(NEW)
    assert "Another training would make the same model" in shown(client.get(HOME))


def test_without_a_model_the_page_says_how_to_make_one(console, client) -> None:
    (console.parts.shelf.running().file).unlink()
    assert "There is no model yet" in shown(client.get(HOME))
    assert "There is none." in shown(client.get("/workbench/models"))


def test_messages_that_cannot_be_read_are_told_of(console, client, project) -> None:
    (project / "data" / "nlu" / "theft.yml").unlink()
    (project / "data" / "nlu" / "theft.yml").symlink_to(project / "nowhere.yml")
    assert "can’t be read here" in shown(client.get(HOME))


def test_a_training_is_asked_for_and_audited(console, client) -> None:
    job = asked(console, client)
    assert (job.kind, job.state) == ("train", "waiting")
    entry = entries(console.parts)[-1]
    assert (entry.actor, entry.action, entry.event, entry.subject) == (
        "tess",
        "administration",
        "training_asked",
        job.key,
    )
    page = shown(client.get(HOME))
    assert "Tess" in page
    assert "Waiting" in page
    assert f"{HOME}/{job.key}" in page
    assert "Train a new model" not in page


@pytest.mark.parametrize("kind", ["train", "conversations"])
def test_a_second_one_is_refused_kindly(console, client, kind) -> None:
    with console.parts.sessions.begin() as session:
        jobs.ask(session, kind, None, console.parts.clock())
    before = len(entries(console.parts))
    page = shown(client.post(HOME, follow_redirects=True))
    assert {"train": "under way already", "conversations": "tests are running"}[kind] in page
    assert only(console).kind == kind
    assert len(entries(console.parts)) == before


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor"])
def test_only_trainers_train(console, role) -> None:
    client = console.client(role)
    assert client.post(HOME).status_code == 403
    assert only(console) is None


@pytest.mark.parametrize("path", ["", "/state"])
@pytest.mark.parametrize("kind", ["none", "conversations"])
def test_there_is_no_page_for_what_is_no_training(console, client, path, kind) -> None:
    key = "00000000-0000-4000-8000-000000000000"
    if kind != "none":
        with console.parts.sessions.begin() as session:
            key = jobs.ask(session, kind, None, console.parts.clock()).key
    assert client.get(f"{HOME}/{key}{path}").status_code == 404


def test_how_far_it_is_is_shown_in_words_and_as_a_bar(console, client) -> None:
    job = begun(console, client)
    with console.parts.sessions.begin() as session:
        jobs.beat(session, job.key, WORKER, console.parts.clock(), step="Judging the messages", done=25, total=100)
    page = shown(client.get(f"{HOME}/{job.key}"))
    assert "Judging the messages" in page
    assert 'max="100" value="25"' in page
    assert "25 of 100" in page
    assert client.get(f"{HOME}/{job.key}/state").json == {
        "ended": False,
        "step": "Judging the messages",
        "done": 25,
        "total": 100,
        "words": "25 of 100",
        "nobody_took_it": False,
    }


def test_a_training_that_nobody_takes_up_says_what_to_do(console, client) -> None:
    job = asked(console, client)
    assert client.get(f"{HOME}/{job.key}/state").json["nobody_took_it"] is False
    console.parts.clock.advance(seconds=16)
    assert client.get(f"{HOME}/{job.key}/state").json["nobody_took_it"] is True
    page = shown(client.get(f"{HOME}/{job.key}"))
    assert '<div class="govuk-inset-text" id="training-hint">' in page
    assert "signpost jobs work" in page


def test_a_training_is_stopped_and_audited(console, client) -> None:
    job = asked(console, client)
    page = shown(client.post(f"{HOME}/{job.key}/stop", follow_redirects=True))
    assert "It was stopped before its end" in page
    assert only(console).state == "stopped"
    assert entries(console.parts)[-1].event == "training_stopped"
    before = len(entries(console.parts))
    assert "had ended already" in shown(client.post(f"{HOME}/{job.key}/stop", follow_redirects=True))
    assert len(entries(console.parts)) == before


def test_one_that_runs_stops_soon(console, client) -> None:
    job = begun(console, client)
    client.post(f"{HOME}/{job.key}/stop")
    assert client.get(f"{HOME}/{job.key}/state").json["step"] == "Stopping"


def test_a_failed_training_says_why_and_what_to_do(console, client) -> None:
    job = ended(console, client, jobs.FAILED, fault="Training stopped: <b>theft.yml</b> is no YAML.")
    page = shown(client.get(f"{HOME}/{job.key}"))
    assert "&lt;b&gt;theft.yml" in page
    assert "The running model is as it was" in page


def test_a_training_whose_process_died_is_ended_by_who_looks(console, client) -> None:
    job = begun(console, client)
    console.parts.clock.advance(seconds=61)
    assert "has died" in shown(client.get(f"{HOME}/{job.key}"))
    assert only(console).state == "failed"
    assert "Train a new model" in shown(client.get(HOME))


def test_the_two_models_are_shown_beside_each_other(console, client) -> None:
    job = done(console, client, fit=False)
    page = shown(client.get(f"{HOME}/{job.key}"))
    assert "It should not be promoted" in page
    row = page[page.index("Others flagged<") : page.index("Everyday messages flagged<")]
    assert [word in row for word in ("8.0", "12.0", "Worse", "at most 10.0", "missed")] == [True] * 5
    row = page[page.index("Reports flagged<") : page.index("Others flagged<")]
    assert [word in row for word in ("Better", "at least 93.0", "reached")] == [True] * 3
    row = page[page.index("Everyday messages flagged<") : page.index("Reports ranked above")]
    assert "The same" in row
    assert "reached" not in row
    assert "Others flagged: 12.0%, where at most 10.0% is asked for." in page
    assert page.count("<svg") == 2
    assert "Promote this model" in page
    assert "Discard it" in page


def test_failed_conversations_are_shown_turn_by_turn(console, client) -> None:
    page = shown(client.get(f"{HOME}/{done(console, client, fit=False).key}"))
    assert "passes 39 of 40" in page
    assert FAILED["title"] in page
    assert "thanks for the lovely day" in page
    assert "The label should be not_report; it is crime_report." in page
    passing = done_again(console, client)
    assert "passes all 40 of them" in shown(client.get(f"{HOME}/{passing.key}"))


def done_again(console, client) -> WorkbenchJob:
    console.parts.clock.advance(seconds=1)
    return ended(console, client, result=comparison(), model_key=NEW)


def test_changed_messages_are_shown_with_what_they_should_be(console, client) -> None:
    page = shown(client.get(f"{HOME}/{done(console, client).key}"))
    assert f"{SMASHED} 2" in page
    assert "3 of 9,601 messages" in page
    assert "Put right: 1. Now wrong: 1. Wrong with both: 1." in page
    # What got worse comes first.
    assert page.index(f"{SMASHED} 2") < page.index(f"{SMASHED} 1") < page.index(f"{SMASHED} 3")
    row = page[page.index(f"{SMASHED} 2") : page.index(f"{SMASHED} 1")]
    assert row.index("Report of a crime") < row.index("Not a report") < row.rindex("Report of a crime")
    assert "Now wrong" in row


def test_many_changed_messages_are_paged(console, client) -> None:
    many = tuple(changed(number, BETTER) for number in range(2, 122, 2))
    job = done(console, client, comparison(several=many))
    seen = []
    for number, places in ((1, "1 to 25 of 60"), (2, "26 to 50 of 60"), (3, "51 to 60 of 60")):
        page = shown(client.get(f"{HOME}/{job.key}?page={number}"))
        assert places in page
        seen += [one.text for one in many if f"{one.text}<" in page]
        assert ('rel="next"' in page) == (number < 3)
    assert seen == [one.text for one in many]


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 40, "²"])
def test_absurd_pages_break_nothing(console, client, page) -> None:
    shown(client.get(f"{HOME}/{done(console, client).key}?page={page}"))


@pytest.mark.parametrize("result", [{}, {"model": NEW}, {"comparison": {}}, {"comparison": {"conversations": 7}}])
def test_a_result_of_another_version_breaks_nothing(console, client, result) -> None:
    job = ended(console, client, result=result, model_key=NEW)
    assert "can’t be shown" in shown(client.get(f"{HOME}/{job.key}"))


def test_what_became_of_a_model_is_told(console, client) -> None:
    job = done(console, client)
    assert "To promote or discard" in shown(client.get(HOME))
    console.parts.shelf.promote(NEW)
    assert "Runs now" in shown(client.get(HOME))
    assert "It runs now." in shown(client.get(f"{HOME}/{job.key}"))
    console.parts.shelf.roll_back()
    console.parts.shelf.discard(NEW)
    assert "Discarded" in shown(client.get(HOME))
    assert "This model is gone" in shown(client.get(f"{HOME}/{job.key}"))


def test_it_is_said_when_the_model_it_was_compared_with_runs_no_longer(console, client) -> None:
    job = done(console, client)
    words = "Another model runs now than the one it was compared with"
    assert words not in shown(client.get(f"{HOME}/{job.key}"))
    add(console.parts.shelf, "d" * 32, "command")
    console.parts.shelf.promote("d" * 32)
    assert words in shown(client.get(f"{HOME}/{job.key}"))
    assert console.parts.shelf.former()[0].key == OLD
