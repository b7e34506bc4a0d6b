"""Two models side by side: their figures, the messages they decide otherwise, and a verdict that a person can follow."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from signpost.evaluation.gate import read_gate
from signpost.evaluation.gold import Message
from signpost.evaluation.predictions import Case, Prediction
from signpost.mistakes import Mistake
from signpost.processes import PROJECT
from signpost.settings import Settings
from signpost.workbench import comparing, doing, making, rehearsing
from signpost.workbench.comparing import BETTER, GATE, OTHER, SAME, SHOWN, WORSE, Conversations, compare, weigh
from signpost.workbench.judging import HELD_BACK, TRAINED_ON, Judged, judge_both
from signpost.workbench.shelf import Model, Shelf
from signpost.workbench.trying import with_model
from tests.models import small_model

SCORES = {"emergency": (0.9, 0.95), "crime_report": (0.1, 0.9), "not_report": (0.0, 0.1)}


def case(place: str, right: str, given: str) -> Case:
    emergency, report = SCORES[given]
    return Case(Message(place, f"text of {place}", right, near_miss=False), Prediction(given, emergency, report))


def judged(place: str, right: str, now: str, candidate: str, *, held_back: bool = True) -> Judged:
    return Judged(place, held_back, case(place, right, now), case(place, right, candidate))


def same(count: int, right: str) -> list[Judged]:
    return [judged(f"{right}-{number}", right, right, right) for number in range(count)]


AS_BEFORE = [*same(10, "emergency"), *same(10, "crime_report"), *same(20, "not_report")]
FINE = Conversations(12, 0)


def test_a_candidate_that_decides_as_before_is_fit_and_says_so():
    found = weigh("a", "b", AS_BEFORE, {"recall": 0.9}, FINE)
    assert (found.fit, found.changed, found.missed, found.judged) == (True, (), (), 40)
    assert found.verdict == (
        "It decides all 40 messages as the model that runs does. It reaches every figure the gate asks for. "
        "All 12 conversation tests passed with it. It may be promoted."
    )
    assert {one.went for one in found.figures} == {SAME}
    assert [one.name for one in found.figures] == list(SHOWN)


def test_each_changed_message_is_told_with_where_it_stands_and_which_way_it_went():
    messages = [
        *AS_BEFORE,
        judged("held_back.jsonl:x", "emergency", "not_report", "emergency"),
        judged("theft.yml:12", "not_report", "not_report", "crime_report", held_back=False),
        judged("theft.yml:13", "emergency", "not_report", "crime_report", held_back=False),
    ]
    found = weigh("a", "b", messages, {}, FINE)
    assert [(one.place, one.right, one.now, one.candidate, one.went) for one in found.changed] == [
        ("held_back.jsonl:x", "emergency", "not_report", "emergency", BETTER),
        ("theft.yml:12", "not_report", "not_report", "crime_report", WORSE),
        ("theft.yml:13", "emergency", "not_report", "crime_report", OTHER),
    ]
    assert found.changed[1].text == "text of theft.yml:12"
    assert found.verdict.startswith("Better on 1 and worse on 1 of 43 messages.")


def test_the_figures_are_of_the_messages_that_were_held_back_alone():
    wrong_in_training = [judged(f"t{n}", "emergency", "not_report", "not_report", held_back=False) for n in range(50)]
    found = weigh("a", "b", [*AS_BEFORE, *wrong_in_training], {}, FINE)
    recall = next(one for one in found.figures if one.name == "recall")
    assert (recall.now, recall.candidate) == (1.0, 1.0)


def test_a_figure_is_better_or_worse_by_what_it_means():
    now_wrong = [
        judged("e", "emergency", "emergency", "not_report"),
        judged("n", "not_report", "crime_report", "not_report"),
    ]
    found = {one.name: one for one in weigh("a", "b", [*AS_BEFORE, *now_wrong], {}, FINE).figures}
    assert (found["recall"].went, found["emergencies_called"].went) == (WORSE, WORSE)
    assert (found["false_positives"].went, found["others_called_emergencies"].went) == (BETTER, SAME)


def test_a_candidate_that_misses_the_gate_is_not_fit_and_the_verdict_says_why():
    misses = [judged(f"m{n}", "emergency", "emergency", "not_report") for n in range(10)]
    found = weigh("a", "b", [*AS_BEFORE, *misses], {"recall": 0.9, "false_positives": 0.1}, FINE)
    assert found.fit is False
    assert found.missed == ("Reports flagged: 66.7%, where at least 90.0% is asked for.",)
    assert "It misses the gate: Reports flagged: 66.7%" in found.verdict
    assert found.verdict.endswith("It should not be promoted, but a person decides.")
    recall = next(one for one in found.figures if one.name == "recall")
    assert (recall.bound, recall.at_least, recall.passed) == (0.9, True, False)


def test_a_candidate_that_fails_a_conversation_is_not_fit():
    found = weigh("a", "b", AS_BEFORE, {}, Conversations(12, 1, ({"title": "t"},)))
    assert found.fit is False
    assert "1 of 12 conversation tests failed with it." in found.verdict


@pytest.mark.parametrize("conversations", [None, Conversations(0, 0)])
def test_without_conversations_the_verdict_says_so(conversations):
    found = weigh("a", "b", AS_BEFORE, {}, conversations)
    assert "No conversation was held with it." in found.verdict
    assert found.conversations == conversations


def test_the_comparison_is_json_that_a_job_can_keep():
    found = weigh("a", "b", [*AS_BEFORE, judged("x", "emergency", "not_report", "emergency")], {"auc": 0.5}, FINE)
    read = json.loads(json.dumps(found.as_json()))
    assert read["figures"][0]["name"] == "recall"
    assert read["changed"][0]["place"] == "x"
    assert read["conversations"] == {"total": 12, "failed": 0, "failures": []}
    assert (read["fit"], read["now"], read["candidate"]) == (True, "a", "b")


def test_the_gate_asks_for_nothing_that_is_not_worked_out():
    assert set(read_gate(GATE)) <= set(SHOWN)


# Judging


class Work:
    """In the place of a job: runs nothing, and answers as the models would."""

    def __init__(self, answer) -> None:
        self.answer, self.steps, self.commands = answer, [], []

    def step(self, sentence: str) -> None:
        self.steps.append(sentence)

    def tell(self, done: int, total: int) -> None:
        pass

    def run(self, command, _sentence: str) -> None:
        self.commands.append(command)
        source, target = map(Path, command[7:9])
        items = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
        target.write_text("".join(json.dumps({"id": one["id"], **self.answer(one["text"])}) + "\n" for one in items))


def answered(label: str) -> dict:
    emergency, report = SCORES[label]
    rest = {"crime_report": report - emergency, "not_report": 1 - report}
    return {"label": label, "scores": {"emergency": emergency, **rest}}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings.from_environment({}), models_folder=tmp_path / "models", data_folder=tmp_path)


@pytest.fixture
def two(settings, tmp_path) -> tuple[Model, Model]:
    shelf = Shelf(settings)
    shelf.install(small_model(tmp_path / "a.tar.gz", "one"), "f1", "command")
    shelf.add(small_model(tmp_path / "b.tar.gz", "two"), "f2", "job")
    return shelf.find("one"), shelf.find("two")


def test_every_message_that_is_held_back_or_trained_on_is_judged_by_both(settings, two):
    work = Work(
        lambda text: {
            "now": answered("not_report"),
            "candidate": answered("emergency" if "999" in text else "not_report"),
        }
    )
    found = judge_both(settings, *two, work)
    held_back = [json.loads(line) for line in HELD_BACK.read_text("utf-8").splitlines()]
    assert [one.place for one in found if one.held_back] == [f"held_back.jsonl:{one['id']}" for one in held_back]
    trained_on = [one for one in found if not one.held_back]
    assert len(trained_on) > 10_000
    file, line = trained_on[0].place.rsplit(":", 1)
    assert trained_on[0].now.message.text in (TRAINED_ON / file).read_text("utf-8").splitlines()[int(line) - 1]
    assert any(one.place.startswith("reviewed.yml:") for one in trained_on) == (TRAINED_ON / "reviewed.yml").exists()
    changed = [one for one in found if one.candidate.prediction.label == "emergency"]
    assert changed
    assert all("999" in one.candidate.message.text and one.now.prediction.label == "not_report" for one in changed)
    (command,) = work.commands
    assert command[4:7] == ("bot.compare", str(two[0].file.absolute()), str(two[1].file.absolute()))
    assert command[9:] == ("messenger", "private")
    assert list(Shelf(settings).folder.glob(".new-*")) == []


def test_a_comparison_holds_the_conversations_with_the_candidate(settings, two, monkeypatch):
    held = []
    outcomes = [SimpleNamespace(passed=True), SimpleNamespace(passed=False, as_json=lambda: {"title": "t"})]
    monkeypatch.setattr(comparing, "hold_conversations", lambda _s, model, _w: held.append(model.key) or outcomes)
    work = Work(lambda _text: {"now": answered("not_report"), "candidate": answered("not_report")})
    found = compare(settings, *two, work)
    assert held == ["two"]
    assert found.conversations == Conversations(2, 1, ({"title": "t"},))
    assert found.fit is False
    assert compare(settings, *two, work, with_conversations=False).conversations is None


def test_a_model_is_tried_as_if_it_ran_and_the_one_that_runs_is_not_touched(settings, two):
    (settings.models_folder / "vectors.npz").write_bytes(b"vectors")
    before = settings.model_file.read_bytes()
    with with_model(settings, two[1]) as tried:
        assert tried.model_file.read_bytes() == two[1].file.read_bytes()
        assert Shelf(tried).running().key == "two"
        assert (tried.models_folder / "vectors.npz").read_bytes() == b"vectors"
        assert replace(tried, models_folder=settings.models_folder) == settings
    assert not tried.models_folder.exists()
    assert settings.model_file.read_bytes() == before
    assert Shelf(settings).find("two").file.is_file()


# Training for the shelf


@pytest.fixture
def trainer(monkeypatch):
    monkeypatch.setattr(making, "need_rasa", lambda: None)
    monkeypatch.setattr(making, "fingerprint", lambda: "made-of-now")


class Trainer(Work):
    """Leaves a model where it is told to."""

    def run(self, command, _sentence: str) -> None:
        self.commands.append(command)
        folder, name = command[command.index("--output") + 1], command[command.index("--name") + 1]
        small_model(Path(folder) / name, "fresh")


def test_a_training_makes_a_candidate_and_the_model_that_runs_goes_on(settings, two, trainer):
    work = Trainer(None)
    change = making.train_candidate(settings, "job-1", work)
    assert (change.model.key, change.model.fingerprint, change.model.made_by) == ("fresh", "made-of-now", "job-1")
    assert Shelf(settings).running().key == "one"
    assert "bot.train" in work.commands[0]
    assert list(Shelf(settings).folder.glob(".new-*")) == []


def test_a_training_that_fails_leaves_nothing(settings, two, trainer):
    class Fails(Trainer):
        def run(self, command, sentence: str) -> None:
            super().run(command, sentence)
            raise Mistake("Training stopped: a rule contradicts a story.")

    with pytest.raises(Mistake, match="contradicts"):
        making.train_candidate(settings, "job-1", Fails(None))
    assert [one.key for one in Shelf(settings).candidates()] == ["two"]
    assert list(Shelf(settings).folder.glob(".new-*")) == []


class JobsWork(Trainer):
    """With what a job has besides."""

    def __init__(self) -> None:
        super().__init__(None)
        self.result: dict = {}

    def made(self, key: str) -> None:
        self.result["model"] = key


def test_a_training_job_leaves_its_model_compared_with_the_one_that_runs(settings, two, trainer, monkeypatch):
    compared = []

    def compares(_settings, now, candidate, _work):
        compared.append((now.key, candidate.key))
        return weigh(now.key, candidate.key, AS_BEFORE, {}, FINE)

    monkeypatch.setattr(doing, "compare", compares)
    work = JobsWork()
    doing.train_and_compare(settings, "job-1", work)
    assert compared == [("one", "fresh")]
    assert (work.result["model"], work.result["comparison"]["fit"]) == ("fresh", True)
    assert Shelf(settings).find("fresh").fit is True
    assert "may be promoted" in Shelf(settings).find("fresh").verdict


def test_a_job_of_conversations_is_held_with_the_model_that_runs(settings, two, monkeypatch):
    held = []
    outcome = SimpleNamespace(as_json=lambda: {"title": "t"})
    monkeypatch.setattr(doing, "hold_conversations", lambda _s, model, _w: held.append(model.key) or [outcome])
    work = JobsWork()
    doing.hold_with_running(settings, "job-1", work)
    assert (held, work.result) == (["one"], {"model": "one", "outcomes": [{"title": "t"}]})


def test_the_conversations_are_those_of_the_project_on_their_channels_with_the_model_given(settings, two, monkeypatch):
    running = pytest.importorskip("signpost.conversations.running")
    seen = []

    def run(tried, cases, tell):
        seen.append((Shelf(tried).running().key, len(cases)))
        tell(0, len(cases))
        return []

    monkeypatch.setattr(running, "run", run)
    monkeypatch.setattr("signpost.conversations.reading.load_suite", lambda folder: [folder])
    monkeypatch.setattr("signpost.conversations.expanding.on_channels", lambda suite, _mandate: suite * 3)
    work = Work(None)
    assert rehearsing.hold_conversations(settings, two[1], work) == []
    assert seen == [("two", 3)]
    assert work.steps == [rehearsing.STARTING, rehearsing.HOLDING]


@pytest.mark.rasa
def test_a_vector_that_a_training_kept_is_enough_for_the_label_and_the_scores(tmp_path):
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    model = PROJECT / "models" / "signpost.tar.gz"
    texts = ["somebody broke into our shed last night", "thanks for the lovely day", "a very long story " * 100]
    (tmp_path / "in.jsonl").write_text(
        "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    )
    keep = (
        "import sys, hashlib, numpy as np; from bot.nlu.encoder import Encoder; e = Encoder(); texts = sys.argv[2:]; "
        "np.savez(sys.argv[1], version=e.version, vectors=np.stack([e.encode(t)[0].vector for t in texts]), "
        "keys=np.array([hashlib.sha256(t.encode()).hexdigest() for t in texts]))"
    )
    kept = tmp_path / "vectors.npz"
    subprocess.run([sys.executable, "-c", keep, str(kept), *texts], check=True, cwd=PROJECT)
    outcomes = []
    for cache in (kept, tmp_path / "none.npz"):
        files = [str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl")]
        command = [sys.executable, "-W", "ignore", "-m", "bot.compare", str(model), str(model), *files]
        env = {**os.environ, "SIGNPOST_VECTOR_CACHE": str(cache)}
        subprocess.run([*command, "messenger", "private"], check=True, cwd=PROJECT, env=env, capture_output=True)
        outcomes.append([json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()])
    assert outcomes[0] == outcomes[1]
    assert [one["now"]["label"] for one in outcomes[0]][:2] == ["crime_report", "not_report"]
    assert all(one["now"] == one["candidate"] for one in outcomes[0])


@pytest.mark.rasa
def test_the_program_that_judges_says_so_when_a_model_cannot_be_loaded(tmp_path):
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    bad = small_model(tmp_path / "bad.tar.gz", "bad")
    (tmp_path / "in.jsonl").write_text("")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bot.compare",
        str(bad),
        str(bad),
        str(tmp_path / "in.jsonl"),
        "out",
        "messenger",
        "private",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "There is a model that can't be loaded" in done.stderr
