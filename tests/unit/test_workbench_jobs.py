"""Jobs of the workbench: one at a time, taken by one process, stopped at will, and never left hanging."""

import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from signpost.desk import workshop as workshops
from signpost.desk.workshop import CUT_OFF, NOT_BEGUN, Workshop
from signpost.log.audit import Trail
from signpost.log.duties import worker_with
from signpost.log.models import AuditEntry, WorkbenchJob
from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.workbench import doing, job_work, jobs
from signpost.workbench.doing import do
from signpost.workbench.job_work import JobWork
from signpost.workbench.jobs import CONVERSATIONS, TRAIN, Busy

SECRET = "what somebody wrote"


def ask(record, kind=TRAIN) -> str:
    with record.sessions.begin() as session:
        return jobs.ask(session, kind, None, record.clock()).key


def job(record, key: str) -> WorkbenchJob:
    with record.reads() as session:
        found = jobs.job(session, key)
        assert found is not None
        return found


def within(record, act, *arguments, **named):
    with record.sessions.begin() as session:
        return act(session, *arguments, **named)


@pytest.fixture
def settings(tmp_path: Path, record) -> Settings:
    return replace(
        Settings.from_environment({}),
        database_url=record.url,
        models_folder=tmp_path / "models",
        data_folder=tmp_path,
        audit_key="k" * 32,
    )


# In the record


def test_a_job_is_asked_for_and_waits(either_record):
    record = either_record
    key = ask(record)
    found = job(record, key)
    assert (found.state, found.kind, found.asked_at, found.under_way) == ("waiting", TRAIN, record.clock(), True)
    assert (found.done, found.total, found.result, found.fault) == (0, 0, None, None)


def test_a_second_one_is_refused_while_one_waits_or_runs_whatever_its_kind(either_record):
    record = either_record
    first = ask(record)
    for state in ("waiting", "running"):
        with pytest.raises(Busy, match="Something runs already") as refused:
            ask(record, CONVERSATIONS)
        assert (refused.value.job.key, refused.value.job.state) == (first, state)
        within(record, jobs.claim, first, "me", record.clock())
    within(record, jobs.end, first, "me", record.clock(), jobs.DONE)
    record.clock.advance(seconds=1)
    second = ask(record, CONVERSATIONS)
    with record.reads() as session:
        assert jobs.latest(session, TRAIN).key == first
        assert jobs.latest(session, CONVERSATIONS).key == second
        assert jobs.open_job(session).key == second
        assert [one.key for one in jobs.recent(session, TRAIN, 5)] == [first]


def test_the_database_itself_lets_only_one_be_under_way(either_record, monkeypatch):
    record = either_record
    ask(record)
    # As if the other had asked between our look and our write.
    looks = [None]
    real = jobs.open_job
    monkeypatch.setattr(jobs, "open_job", lambda session: looks.pop() if looks else real(session))
    with pytest.raises(Busy):
        ask(record)


def test_there_is_no_other_kind(record):
    with pytest.raises(ValueError, match="no kind of job"):
        ask(record, "tidy")


def test_of_many_who_want_a_job_one_gets_it(either_record):
    record = either_record
    key = ask(record)
    got: list[bool] = []

    def claim(name: str) -> None:
        got.append(within(record, jobs.claim, key, name, record.clock()))

    threads = [threading.Thread(target=claim, args=(f"worker {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_a_beat_shows_how_far_it_is_and_hears_whether_to_stop(record):
    key = ask(record)
    within(record, jobs.claim, key, "me", record.clock())
    record.clock.advance(seconds=30)
    assert within(record, jobs.beat, key, "me", record.clock(), step="Training", done=3, total=9) is True
    found = job(record, key)
    assert (found.step, found.done, found.total, found.beat_at) == ("Training", 3, 9, record.clock())
    assert within(record, jobs.beat, key, "another", record.clock()) is False
    assert within(record, jobs.stop, key, record.clock()) is True
    assert within(record, jobs.beat, key, "me", record.clock()) is False
    assert job(record, key).state == "running"


def test_one_that_waits_is_stopped_at_once_and_one_that_has_ended_not_at_all(record):
    key = ask(record)
    assert within(record, jobs.stop, key, record.clock()) is True
    assert (job(record, key).state, job(record, key).under_way) == ("stopped", None)
    assert within(record, jobs.stop, key, record.clock()) is False
    assert within(record, jobs.claim, key, "me", record.clock()) is False


def test_one_whose_process_shows_nothing_for_a_minute_has_failed_for_whoever_looks_next(record):
    key = ask(record)
    within(record, jobs.claim, key, "me", record.clock())
    record.clock.advance(seconds=60)
    assert not jobs.is_dead(job(record, key), record.clock())
    within(record, jobs.end_dead, record.clock())
    assert job(record, key).state == "running"
    record.clock.advance(seconds=1)
    assert jobs.is_dead(job(record, key), record.clock())
    second = ask(record)
    assert second != key
    found = job(record, key)
    assert (found.state, found.fault, found.under_way) == ("failed", jobs.DIED, None)
    assert within(record, jobs.beat, key, "me", record.clock()) is False
    assert within(record, jobs.end, key, "me", record.clock(), jobs.DONE) is False


# Doing one


def does(doing_):
    return {TRAIN: doing_, CONVERSATIONS: doing_}


def test_a_job_is_done_with_its_result_and_an_entry_in_the_audit_trail(record, settings):
    key = ask(record)

    def work_on(_settings, its_key: str, work: JobWork) -> None:
        assert its_key == key
        work.step("Training on what people say")
        work.tell(2, 4)
        work.made("model-1")
        work.result["comparison"] = {"fit": True}

    assert do(settings, key, record.clock, does(work_on)) == "done"
    found = job(record, key)
    assert (found.state, found.step, found.model_key, found.fault) == (
        "done",
        "Training on what people say",
        "model-1",
        None,
    )
    assert found.result == {"model": "model-1", "comparison": {"fit": True}}
    assert (found.under_way, found.ended_at) == (None, record.clock())
    with record.reads() as session:
        (entry,) = session.query(AuditEntry).all()
    assert (entry.event, entry.subject, entry.actor) == ("training_ended", key, "signpost")
    assert entry.detail == {"state": "done", "model": "model-1"}


def test_a_job_that_another_has_is_left_alone(record, settings):
    key = ask(record)
    within(record, jobs.claim, key, "another", record.clock())
    assert do(settings, key, record.clock, does(lambda *_: pytest.fail("it was done"))) is None
    assert job(record, key).claimed_by == "another"


def test_what_is_wrong_is_told_and_what_was_made_is_kept(record, settings):
    key = ask(record)

    def fails(_settings, _key, work: JobWork) -> None:
        work.made("model-1")
        raise Mistake("Training stopped: a rule contradicts a story.")

    assert do(settings, key, record.clock, does(fails)) == "failed"
    found = job(record, key)
    assert (found.fault, found.result) == ("Training stopped: a rule contradicts a story.", {"model": "model-1"})


def test_what_nobody_foresaw_is_told_without_its_words(record, settings, capfd):
    key = ask(record)

    def breaks(*_arguments) -> None:
        raise RuntimeError(SECRET)

    assert do(settings, key, record.clock, does(breaks)) == "failed"
    found = job(record, key)
    assert "RuntimeError" in found.fault
    assert "logs/workbench.log" in found.fault
    assert SECRET not in found.fault + "".join(capfd.readouterr())


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(job_work, "BEAT_SECONDS", 0.05)


def test_stopping_ends_the_program_that_runs_and_the_job(record, settings, quick):
    key = ask(record)
    began = threading.Event()

    def runs_on(_settings, _key, work: JobWork) -> None:
        work.step("Training")
        began.set()
        work.run((sys.executable, "-c", "import time; time.sleep(60)"), "Training")

    def stop() -> None:
        began.wait(10)
        time.sleep(0.3)
        within(record, jobs.stop, key, record.clock())

    thread = threading.Thread(target=stop)
    thread.start()
    begun = time.monotonic()
    assert do(settings, key, record.clock, does(runs_on)) == "stopped"
    assert time.monotonic() - begun < 30
    thread.join()
    assert (job(record, key).state, job(record, key).fault) == ("stopped", None)


def test_stopping_is_heard_by_work_in_this_process_too(record, settings, quick):
    key = ask(record)

    def goes_on(_settings, _key, work: JobWork) -> None:
        within(record, jobs.stop, key, record.clock())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            work.tell(1, 100)
            time.sleep(0.01)

    assert do(settings, key, record.clock, does(goes_on)) == "stopped"


def test_work_that_does_not_stop_is_ended_with_all_that_it_started(record, settings, quick, monkeypatch):
    monkeypatch.setattr(job_work, "GRACE_SECONDS", 0.2)
    key, ended = ask(record), threading.Event()

    def hangs(_settings, _key, work: JobWork) -> None:
        work.made("model-1")
        within(record, jobs.stop, key, record.clock())
        ended.wait(30)

    assert do(settings, key, record.clock, does(hangs), ended.set) is None
    assert ended.is_set()
    assert (job(record, key).state, job(record, key).result) == ("stopped", {"model": "model-1"})


def test_a_program_tells_how_far_it_is_and_its_last_words_when_it_fails(record, settings, quick):
    key = ask(record)
    program = "import sys, time; print('signpost-progress 3 7', flush=True); print('noise'); print('Training stopped: no intent.'); sys.exit(1)"

    def runs(_settings, _key, work: JobWork) -> None:
        work.step("Training")
        work.run((sys.executable, "-c", program), "Training")

    assert do(settings, key, record.clock, does(runs)) == "failed"
    assert job(record, key).fault == "Training stopped: no intent."


def test_a_program_that_fails_without_a_sentence_of_ours_is_not_quoted(record, settings):
    key = ask(record)
    program = "raise SystemExit('what somebody wrote')"
    runs = lambda _settings, _key, work: work.run((sys.executable, "-c", program), "Training")  # noqa: E731
    assert do(settings, key, record.clock, does(runs)) == "failed"
    assert job(record, key).fault == "The assistant’s own program failed; it may have run out of memory."


def test_progress_reaches_the_record_while_it_works(record, settings, quick):
    key = ask(record)
    seen: list[tuple[int, int, str | None]] = []

    def works(_settings, _key, work: JobWork) -> None:
        work.step("Judging")
        work.tell(5, 10)
        deadline = time.monotonic() + 10
        while not seen and time.monotonic() < deadline:
            found = job(record, key)
            if found.done:
                seen.append((found.done, found.total, found.step))

    do(settings, key, record.clock, does(works))
    assert seen == [(5, 10, "Judging")]


def test_work_that_lost_its_job_stops(record, settings, quick):
    key, heard = ask(record), []

    def works(_settings, _key, work: JobWork) -> None:
        record.clock.advance(seconds=61)
        within(record, jobs.end_dead, record.clock())
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            work.tell(1, 2)
        heard.append("it was never stopped")

    assert do(settings, key, record.clock, does(works)) is None
    assert heard == []
    assert job(record, key).state == "failed"


def test_there_is_something_to_do_for_each_kind():
    assert set(doing.DOINGS) == set(doing.ENDED) == set(jobs.KINDS)


# The desk's part


@pytest.fixture
def workshop(record, settings, monkeypatch):
    started = []
    real = subprocess.Popen

    def popen(command, **named):
        started.append(command[-1])
        return real((sys.executable, "-c", programs.pop(0)), **named)

    programs: list[str] = []
    monkeypatch.setattr(workshops.subprocess, "Popen", popen)
    made = Workshop(settings, record.sessions, record.reads, record.clock)
    made.started, made.programs = started, programs
    yield made
    made.close()


LISTENS = "import sys; sys.stdin.buffer.read()"


def test_the_desk_starts_a_job_that_waits_and_no_second_process_beside_it(workshop, record):
    workshop.look()
    assert workshop.started == []
    key = ask(record)
    workshop.programs += [LISTENS]
    for _ in range(3):
        workshop.look()
    assert workshop.started == [key]
    assert workshop.busy()


def test_a_process_that_ends_without_having_taken_its_job_is_not_started_again_for_ever(workshop, record):
    key = ask(record)
    workshop.programs += ["pass"]
    workshop.look()
    workshop.popen.wait(30)
    workshop.look()
    assert (job(record, key).state, job(record, key).fault) == ("failed", NOT_BEGUN)
    workshop.look()
    assert workshop.started == [key]


def test_a_process_that_dies_with_its_job_is_seen_at_once(workshop, record):
    key = ask(record)
    workshop.programs += [LISTENS]
    workshop.look()
    within(record, jobs.claim, key, worker_with(workshop.popen.pid), record.clock())
    workshop.popen.kill()
    workshop.popen.wait(30)
    workshop.look()
    assert (job(record, key).state, job(record, key).fault) == ("failed", jobs.DIED)


def test_a_job_that_another_desk_has_taken_meanwhile_is_left_to_it(workshop, record):
    key = ask(record)
    workshop.programs += ["pass"]
    workshop.look()
    within(record, jobs.claim, key, "another-desk", record.clock())
    workshop.popen.wait(30)
    workshop.look()
    assert (job(record, key).state, job(record, key).claimed_by) == ("running", "another-desk")


def test_a_job_of_a_machine_that_died_is_ended_by_a_desk_that_looks(workshop, record):
    key = ask(record)
    within(record, jobs.claim, key, "gone", record.clock())
    record.clock.advance(seconds=61)
    workshop.look()
    assert job(record, key).state == "failed"


def test_a_desk_that_stops_ends_the_job_and_says_so(workshop, record):
    key = ask(record)
    workshop.programs += [LISTENS]
    workshop.look()
    process = workshop.popen
    within(record, jobs.claim, key, worker_with(process.pid), record.clock())
    workshop.close()
    assert process.poll() is not None
    assert (job(record, key).state, job(record, key).fault) == ("failed", CUT_OFF)
    workshop.close()


def test_the_entry_of_a_job_s_end_is_part_of_the_chain(record, settings):
    key = ask(record)
    do(settings, key, record.clock, does(lambda *_: None))
    trail = Trail(settings.audit_key)
    with record.reads() as session:
        (entry,) = session.query(AuditEntry).all()
        assert entry.digest == trail.digest("0" * 64, entry)
