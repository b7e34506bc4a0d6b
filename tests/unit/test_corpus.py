"""`signpost corpus`: what is the matter with the training messages as a whole is told in figures and sentences."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from signpost.corpus.command import report_corpus
from signpost.corpus.reading import read_corpus
from signpost.mistakes import Mistake

PROJECT = Path(__file__).parents[2]
CLEAN = {
    "report_crime": ["shed broken into, mower gone", "my bike's been taken from the station"],
    "everyday_talk": ["lovely sunset over the downs tonight", "anyone know a good plumber?"],
}


def corpus(folder: Path, blocks: dict[str, list[str]], name: str = "talk.yml") -> Path:
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in blocks.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture
def told(tmp_path):
    """Runs the whole of it on a folder: (in order, what was printed, the figures)."""

    def run(folder: Path):
        target = tmp_path / "figures.json"
        out = Console(width=200, record=True, file=io.StringIO())
        in_order = report_corpus(folder, target, out)
        return in_order, out.export_text(), json.loads(target.read_text("utf-8"))

    return run


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "nlu"
    made.mkdir()
    return made


# Reading


def test_every_message_is_known_by_its_file_and_line(folder):
    text = (
        'version: "3.1"\nnlu:\n# a note\n- intent: report_crime\n  examples: |  # another\n\n    - one\n\n    - two\n'
        "- intent: greet\n  examples: |-\n    -   three  \n    not an example\n    -\n    - 4\n"
    )
    (folder / "a.yml").write_text(text, "utf-8")
    found = read_corpus(folder)
    assert [(one.text, one.intent, one.place) for one in found] == [
        ("one", "report_crime", "a.yml:7"),
        ("two", "report_crime", "a.yml:9"),
        ("three", "greet", "a.yml:12"),
        ("4", "greet", "a.yml:15"),
    ]
    lines = text.splitlines()
    assert all(one.text in lines[one.line - 1] for one in found)


def test_examples_in_quotes_are_read_too(folder):
    (folder / "a.yml").write_text('nlu:\n- intent: greet\n  examples: "- hello\\n- hi"\n', "utf-8")
    assert [(one.text, one.line) for one in read_corpus(folder)] == [("hello", 3), ("hi", 3)]


def test_files_in_folders_and_with_either_ending_are_read_and_others_are_not(folder):
    (folder / "more").mkdir()
    corpus(folder / "more", {"greet": ["hello"]}, "a.yaml")
    corpus(folder, {"greet": ["hi"]})
    (folder / "notes.txt").write_text("- intent: greet", "utf-8")
    (folder / "empty.yml").write_text("", "utf-8")
    assert [one.place for one in read_corpus(folder)] == [str(Path("more", "a.yaml:5")), "talk.yml:5"]


@pytest.mark.parametrize(
    ("intent", "label"),
    [
        ("report_emergency", "emergency"),
        ("risk_to_life", "emergency"),
        ("report_crime", "crime_report"),
        ("greet", "not_report"),
    ],
)
def test_the_label_is_that_of_the_intent(folder, intent, label):
    (one,) = read_corpus(corpus(folder, {intent: ["hello"]}))
    assert (one.label, one.is_report) == (label, label != "not_report")


def mistake(folder: Path) -> str:
    with pytest.raises(Mistake) as raised:
        read_corpus(folder)
    assert raised.value.exit_status == 2
    return raised.value.sentence


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert (
        mistake(tmp_path / "no")
        == f"There is no folder {tmp_path / 'no'}. Give the one that holds the messages with --folder."
    )


def test_a_folder_without_a_message_is_told(folder):
    (folder / "a.yml").write_text("nlu: []\n", "utf-8")
    assert mistake(folder) == f"{folder} holds no message: no .yml file in it has examples."


def test_a_file_that_is_no_yaml_is_told_with_its_line(folder):
    (folder / "a.yml").write_text("nlu:\n- intent: [\n", "utf-8")
    assert mistake(folder) == f"{folder / 'a.yml'}, line 3: this isn't valid YAML."


@pytest.mark.parametrize("contents", [b"\xff\xfe nlu", b"nlu: \x00"])
def test_a_file_that_is_no_text_is_told(folder, contents):
    (folder / "a.yml").write_bytes(contents)
    assert mistake(folder) == f"{folder / 'a.yml'}: this isn't valid YAML."


def test_a_folder_with_the_name_of_a_file_is_told(folder):
    (folder / "a.yml").mkdir()
    assert mistake(folder) == f"{folder / 'a.yml'} can't be read: Is a directory."


@pytest.mark.parametrize("text", ["- one\n", "nlu: one\n", "version: 3\n", "one\n"])
def test_a_file_of_another_shape_is_told(folder, text):
    (folder / "a.yml").write_text(text, "utf-8")
    assert mistake(folder) == f"{folder / 'a.yml'}: this file should hold a mapping with a list named nlu."


@pytest.mark.parametrize(
    "block",
    [
        "- examples: |\n    - one\n",
        "- intent: greet\n",
        "- intent: greet\n  examples:\n  - one\n",
        "- one\n",
        "- [one]\n",
    ],
)
def test_a_block_without_an_intent_or_examples_is_told_with_its_line(folder, block):
    (folder / "a.yml").write_text(f"version: 3\nnlu:\n{block}", "utf-8")
    assert mistake(folder) == f"{folder / 'a.yml'}, line 3: a block should hold an intent and its examples as text."


# The whole


def test_messages_in_order_are_told_to_be(folder, told):
    in_order, shown, figures = told(corpus(folder, CLEAN))
    assert in_order
    assert "No message is there twice, and no report is nearly the same as a message that is none." in shown
    assert figures["in_order"] is True
    assert figures["messages"] == 4
    assert figures["files"] == {"talk.yml": 4}
    assert figures["intents"] == {"everyday_talk": 2, "report_crime": 2}


def test_a_message_that_is_there_twice_is_told_with_both_places_and_is_out_of_order(folder, told):
    corpus(folder, CLEAN)
    corpus(folder, {"report_crime": ["Shed broken into - mower gone!"]}, "again.yml")
    in_order, shown, figures = told(folder)
    assert not in_order
    assert "again.yml:5 (report_crime)" in shown
    assert "talk.yml:5 (report_crime)" in shown
    assert (
        "messages that are there twice (1), and reports that are nearly the same as a message that is none (0)" in shown
    )
    assert figures["exact_repeats"] == [
        [
            {"file": "again.yml", "line": 5, "intent": "report_crime"},
            {"file": "talk.yml", "line": 5, "intent": "report_crime"},
        ]
    ]


NEARLY = "somebody took the copper lightning rod from the roof of our church hall on Friday"


def test_a_report_that_is_nearly_a_message_that_is_none_is_out_of_order(folder, told):
    corpus(folder, {"report_crime": [NEARLY], "opinion_or_news": [f"{NEARLY}s"]})
    in_order, shown, figures = told(folder)
    assert not in_order
    assert "Nearly the same, in a report and a message that is none: 1" in shown
    assert (
        "messages that are there twice (0), and reports that are nearly the same as a message that is none (1)" in shown
    )
    (pair,) = figures["near_repeats"]["labels"]
    assert (pair["one"]["line"], pair["other"]["line"]) == (5, 8)
    assert 0.9 < pair["likeness"] < 1


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ("opinion_or_news", "everyday_talk", "intents"),
        ("report_crime", "report_emergency", "intents"),
        ("report_crime", "report_crime", "same intent"),
    ],
)
def test_near_repeats_that_leave_the_label_as_it_is_are_told_and_are_no_fault(folder, told, first, second, what):
    corpus(folder, {first: [NEARLY]}, "a.yml")
    corpus(folder, {second: [f"{NEARLY}s"]}, "b.yml")
    in_order, _shown, figures = told(folder)
    assert in_order
    assert {where: len(pairs) for where, pairs in figures["near_repeats"].items() if pairs} == {what: 1}


def test_personal_data_is_told_by_place_and_never_repeated(folder, told):
    corpus(folder, {"report_crime": ["it was ab12 cde, a blue van", "mail me at somebody@example.com"]})
    in_order, shown, figures = told(folder)
    assert in_order
    assert "talk.yml:5: registration mark" in shown
    assert "talk.yml:6: e-mail address" in shown
    assert figures["personal_data"] == [
        {"kind": "registration mark", "file": "talk.yml", "line": 5, "intent": "report_crime"},
        {"kind": "e-mail address", "file": "talk.yml", "line": 6, "intent": "report_crime"},
    ]
    assert "example.com" not in shown
    assert "example.com" not in json.dumps(figures)


def test_marks_that_mean_something_to_the_terminal_are_shown_as_they_are(folder, told):
    corpus(folder, {"report_crime": ["[bold]one two", "[bold] one two"], "greet": ["[/red] hello"]})
    _in_order, shown, _figures = told(folder)
    assert '"[bold]one two"' in shown


def test_a_corpus_of_one_word_is_looked_at_like_any_other(folder, told):
    in_order, shown, figures = told(corpus(folder, {"greet": ["hello"]}))
    assert in_order
    assert figures["told_by"] == {"length": 0.5, "style": 0.5, "style_and_length": 0.5}
    assert "it tells next to nothing" in shown


def test_without_a_place_for_the_figures_nothing_is_written(folder, tmp_path):
    corpus(folder, CLEAN)
    before = sorted(tmp_path.rglob("*"))
    assert report_corpus(folder, None, Console(quiet=True))
    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_where_the_figures_cannot_be_written_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(Mistake) as raised:
        report_corpus(tmp_path / "no", tmp_path / "nowhere" / "figures.json", Console(quiet=True))
    assert raised.value.sentence == f"The folder {tmp_path / 'nowhere'} doesn't exist."


def test_the_projects_own_messages_are_in_order(told):
    in_order, shown, figures = told(PROJECT / "data" / "nlu")
    assert in_order, shown[-4000:]
    assert figures["personal_data"] == []
    assert figures["messages"] > 12_000
    assert abs(figures["told_by"]["style_and_length"] - 0.5) < 0.2
