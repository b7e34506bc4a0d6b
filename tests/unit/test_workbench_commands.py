"""The commands about models and jobs: what they do is in the audit trail, and a model that isn't fit needs a second word."""

import json
import shutil
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from signpost import status as statuses
from signpost.cli import main
from signpost.commands import models as commands
from signpost.log.database import open_engine, session_factory
from signpost.log.models import AuditEntry, WorkbenchJob
from signpost.mistakes import Mistake
from signpost.secrets import with_secrets
from signpost.settings import Settings
from signpost.workbench import by_hand, jobs
from signpost.workbench.deciding import Deciding
from signpost.workbench.shelf import Shelf
from signpost.workbench.standing import LOADING, REFUSED, Standing, ask_assistant, in_words
from tests.models import small_model


@pytest.fixture
def installation(tmp_path: Path, sqlite_migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data folder with its record, and a model that runs."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_migrated, data / "signpost.db")
    monkeypatch.setenv("SIGNPOST_DATA", str(data))
    monkeypatch.setenv("SIGNPOST_MODELS", str(tmp_path / "models"))
    settings = with_secrets(Settings.from_environment(), may_make=True)
    Shelf(settings).install(small_model(tmp_path / "a.tar.gz", "aaaa1111bbbb"), "f1", "command")
    return settings


@pytest.fixture
def shelf(installation) -> Shelf:
    return Shelf(installation)


def candidate(shelf: Shelf, tmp_path: Path, key: str = "cccc2222dddd", *, fit: bool | None = True) -> str:
    shelf.add(small_model(tmp_path / "b.tar.gz", key), "f2", "job")
    if fit is not None:
        shelf.note(key, fit=fit, verdict="Better on 3." if fit else "It misses the gate.")
    return key


def run(*arguments: str):
    return CliRunner().invoke(main, arguments)


def written(settings: Settings) -> list[tuple[str, str, str | None, dict]]:
    engine = open_engine(settings.record_url)
    with session_factory(engine)() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    engine.dispose()
    return [(one.actor, one.event, one.subject, one.detail or {}) for one in entries]


# Models


def test_the_models_are_listed_with_their_state(shelf, tmp_path):
    candidate(shelf, tmp_path)
    candidate(shelf, tmp_path, "eeee3333", fit=False)
    shelf.promote("cccc2222dddd")
    said = run("models").output
    lines = {line.split()[0]: line.rstrip() for line in said.splitlines()}
    assert "running (promoted by a person)" in lines["cccc2222"]
    assert lines["cccc2222"].endswith("yes")
    assert "former" in lines["aaaa1111"]
    assert "not compared" in lines["aaaa1111"]
    assert lines["eeee3333"].endswith("no")


def test_without_any_model_the_list_says_how_to_make_one(installation):
    shutil.rmtree(installation.models_folder)
    assert run("models").output == "There is no model. Make one with: signpost train\n"


def test_a_fit_model_is_promoted_and_the_audit_trail_says_by_whom(installation, shelf, tmp_path):
    key = candidate(shelf, tmp_path)
    done = run("promote", "cccc")
    assert done.exit_code == 0
    assert done.output.startswith("Model cccc2222 runs now")
    assert shelf.running().key == key
    ((actor, event, subject, detail),) = written(installation)
    assert (actor, event, subject) == ("signpost", "model_promoted", key)
    assert detail["by"].startswith("command: ")
    assert (detail["before"], detail["fit"]) == ("aaaa1111", True)


@pytest.mark.parametrize(("fit", "says"), [(False, "It misses the gate."), (None, "It wasn't compared with the model")])
def test_a_model_that_is_not_known_to_be_fit_needs_a_second_word(installation, shelf, tmp_path, fit, says):
    key = candidate(shelf, tmp_path, fit=fit)
    refused = run("promote", key)
    assert refused.exit_code == 1
    assert says in refused.output
    assert "signpost promote cccc2222 --anyway" in refused.output
    assert shelf.running().key != key
    assert written(installation) == []
    assert run("promote", key, "--anyway").exit_code == 0
    assert shelf.running().key == key
    assert written(installation)[0][3]["fit"] is fit


def test_a_promotion_that_fails_is_in_no_trail(installation, shelf, tmp_path):
    key = candidate(shelf, tmp_path)
    shelf.find(key).file.write_bytes(b"damaged")
    assert run("promote", key).exit_code == 1
    assert written(installation) == []


def test_a_trail_that_cannot_be_written_keeps_the_model_as_it_is(installation, shelf, tmp_path):
    key = candidate(shelf, tmp_path)

    class Full:
        def write(self, *_arguments) -> None:
            raise OSError("disk full")

    engine = open_engine(installation.record_url)
    deciding = Deciding(shelf, session_factory(engine), Full(), "signpost")
    with pytest.raises(OSError, match="disk full"):
        deciding.promote(key)
    engine.dispose()
    assert shelf.running().key != key


def test_going_back_puts_the_former_model_in_its_place(installation, shelf, tmp_path):
    key = candidate(shelf, tmp_path)
    run("promote", key)
    done = run("roll-back")
    assert (done.exit_code, shelf.running().short) == (0, "aaaa1111")
    assert [one[1:3] for one in written(installation)] == [
        ("model_promoted", key),
        ("model_rolled_back", "aaaa1111bbbb"),
    ]
    again = run("roll-back")
    assert (again.exit_code, again.output) == (1, "There is no former model to go back to. See: signpost models\n")


def test_a_discarded_model_is_in_the_trail(installation, shelf, tmp_path):
    key = candidate(shelf, tmp_path)
    engine = open_engine(installation.record_url)
    from signpost.log.audit import Trail

    deciding = Deciding(shelf, session_factory(engine), Trail(installation.audit_key), "jo")
    assert deciding.discard(key).key == key
    engine.dispose()
    assert written(installation) == [("jo", "model_discarded", key, {"before": "aaaa1111", "was": "candidate"})]


def test_a_model_nobody_knows_is_told(installation):
    done = run("promote", "nope")
    assert (done.exit_code, done.output) == (2, "There is no model 'nope'. See: signpost models\n")


def test_without_a_record_nothing_is_promoted(shelf, tmp_path):
    key = candidate(shelf, tmp_path)
    done = run("promote", key, "--data", str(tmp_path / "elsewhere"))
    assert done.exit_code == 1
    assert "There is no record in" in done.output
    assert shelf.running().key != key


def test_what_was_dropped_is_told(installation, shelf, tmp_path, monkeypatch):
    from signpost.workbench import shelf as shelves

    monkeypatch.setitem(shelves.KEPT, "former", 0)
    key = candidate(shelf, tmp_path)
    assert "Dropped, since there are newer ones: aaaa1111" in run("promote", key).output


# Comparing


def found(*, fit: bool):
    from signpost.workbench.comparing import Conversations, weigh
    from tests.unit.test_workbench_comparing import AS_BEFORE, FINE, judged

    more = [judged("theft.yml:12", "emergency", "not_report", "emergency")]
    conversations = FINE if fit else Conversations(2, 1, ({"title": "Somebody reports a burglary", "channel": "x_dm"},))
    return weigh("aaaa1111bbbb", "cccc2222dddd", [*AS_BEFORE, *more], {"recall": 0.5}, conversations)


@pytest.mark.parametrize("fit", [True, False])
def test_a_comparison_is_shown_kept_with_the_model_and_told_by_the_status(shelf, tmp_path, monkeypatch, fit):
    key = candidate(shelf, tmp_path, fit=None)
    asked = []

    def compares(_settings, now, other, _work, *, with_conversations):
        asked.append((now.key, other.key, with_conversations))
        return found(fit=fit)

    monkeypatch.setattr("signpost.workbench.comparing.compare", compares)
    monkeypatch.setattr("signpost.processes.need_rasa", lambda: None)
    done = run("compare", "current", "cccc", "--json", str(tmp_path / "out.json"))
    assert done.exit_code == (0 if fit else 1)
    assert asked == [("aaaa1111bbbb", key, True)]
    assert "theft.yml:12" in done.output
    assert "at least 50.0%" in done.output
    assert ("Failed: Somebody reports a burglary (x_dm)" in done.output) is not fit
    assert json.loads((tmp_path / "out.json").read_text())["fit"] is fit
    assert shelf.find(key).fit is fit


def test_a_model_s_file_can_be_compared_wherever_it_lies(shelf, tmp_path):
    file = small_model(tmp_path / "elsewhere.tar.gz", "ffff")
    assert commands._model(shelf, str(file)).key == "ffff"
    assert commands._model(shelf, "current").key == "aaaa1111bbbb"
    file.write_bytes(b"damaged")
    with pytest.raises(Mistake, match="is no model, or is damaged"):
        commands._model(shelf, str(file))


# Jobs


def test_a_job_is_asked_for_listed_and_stopped(installation):
    asked = run("jobs", "start", "train")
    key = asked.output.removeprefix("Asked for: ").strip()
    assert asked.exit_code == 0
    again = run("jobs", "start", "conversations")
    assert (again.exit_code, again.output) == (1, "Something runs already. Wait until it has ended, or stop it.\n")
    assert key in run("jobs", "list").output
    assert run("jobs", "stop", key).output == "It stops.\n"
    assert run("jobs", "stop", key).output == "It had ended already.\n"
    assert run("jobs", "stop", "nope").exit_code == 2
    assert [one[1:3] for one in written(installation)] == [("training_asked", key), ("training_stopped", key)]


def test_without_any_job_the_list_says_how_to_start_one(installation):
    assert "There was no job yet" in run("jobs", "list").output


def test_jobs_are_done_by_hand_until_none_waits(installation, monkeypatch):
    key = run("jobs", "start", "train").output.removeprefix("Asked for: ").strip()

    class Done(by_hand.Workshop):
        def look(self) -> None:
            with self.sessions.begin() as session:
                waiting = jobs.next_waiting(session)
                if waiting:
                    self.key = waiting
                    jobs.claim(session, waiting, "me", self.clock())
                    jobs.end(
                        session, waiting, "me", self.clock(), jobs.DONE, result={"comparison": {"verdict": "Fine."}}
                    )

    monkeypatch.setattr(by_hand, "Workshop", Done)
    monkeypatch.setattr(by_hand, "need_rasa", lambda: None)
    done = run("jobs", "work", "--once")
    assert (done.exit_code, done.output) == (0, "train: done. Fine\n")
    engine = open_engine(installation.record_url)
    with session_factory(engine)() as session:
        assert session.scalar(select(WorkbenchJob.state).filter_by(key=key)) == "done"
    engine.dispose()


# What runs


def client(answer) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        ({"ready": True, "model": "m", "next": None}, Standing("m")),
        ({"ready": True, "model": "m", "next": "loading"}, Standing("m", LOADING)),
        ({"ready": True, "model": "m", "next": "refused"}, Standing("m", REFUSED)),
        ({"ready": True, "model": "m"}, Standing("m")),
        ({"ready": False, "model": None}, None),
        ([], None),
        ("text", None),
    ],
)
def test_the_assistant_says_which_model_it_has(answer, standing):
    assert ask_assistant(client(lambda _request: httpx.Response(200, json=answer)), 1) == standing


def test_an_assistant_that_is_away_says_nothing():
    def away(request):
        raise httpx.ConnectError("refused", request=request)

    assert ask_assistant(client(away), 1) is None
    assert ask_assistant(client(lambda _request: httpx.Response(200, text="<html>")), 1) is None


def test_a_promoted_model_is_loading_until_it_runs_or_is_refused(shelf):
    model = shelf.running()
    assert in_words(model, Standing(model.key)) == "running"
    assert in_words(model, Standing("another", LOADING)) == "promoted, loading"
    assert in_words(model, Standing("another")) == "promoted, loading"
    assert "can't be loaded" in in_words(model, Standing("another", REFUSED))
    assert in_words(model, None) == "the assistant doesn't answer"
    assert in_words(None, None) == "there is no model"


def test_the_status_tells_of_the_model(installation, shelf, monkeypatch):
    monkeypatch.setattr(statuses, "_running", lambda settings: (settings, {}))
    monkeypatch.setattr(statuses, "ask_assistant", lambda _client, _port: Standing("aaaa1111bbbb"))
    assert statuses.model_line(installation) == "Model aaaa1111: running"
    monkeypatch.setattr(statuses, "_running", lambda _settings: None)
    assert statuses.model_line(installation) is None
