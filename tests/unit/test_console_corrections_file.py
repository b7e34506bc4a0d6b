"""Accepted corrections in the training messages: whole, once, and as they were written, whatever breaks off."""

import threading
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from signpost.console import whole_file
from signpost.console.corrections.known import KnownMessages
from signpost.console.corrections.reviewed import NAME, NotWritten, Reviewed
from signpost.console.corrections.wording import as_line, placeholders_in
from signpost.corpus.nearest import Nearest
from signpost.corpus.reading import read_corpus
from signpost.corpus.repeats import near_repeats

NASTY = [
    "- a dash first",
    "[theft](crime) of a bike",
    '[x]{"entity": "y"} and [z][{"entity": "a"}]',
    "{{ braces }} and ${HOME}",
    "# not a comment",
    "| a bar",
    "> a sign",
    "'single quotes'",
    '"double quotes" all: the way',
    "key: value",
    "& anchor *alias !tag",
    "%percent @at `tick`",
    "two\nlines\r\nand\ta tab",
    "line\u2028separator\x85next\x0bvertical\x1cfile",
    "/report_crime is what I'd call it",
    "//// slashes",
    "nul \x00 and bell \x07",
    "half \ud83d a character",
    "\ufeffmark first",
    "emoji 👮🏽‍♀️ and flags 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "עברית و العربية",
    "- ",
    "...",
    "--- document",
    "---",
    "~",
    "null",
    "trailing backslash \\",
    "a" * 2000,
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "theft.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: report_crime\n  examples: |\n    - phone snatched outside the station\n'
    )
    return tmp_path


def messages(folder: Path) -> list[tuple[str, str]]:
    return [(one.intent, one.text) for one in read_corpus(folder) if one.file == NAME]


@pytest.mark.parametrize("text", NASTY)
def test_a_text_is_read_back_as_its_line_was_written(folder, text) -> None:
    line = as_line(text)
    if not line:
        return
    Reviewed(folder).write("aaa", "everyday_talk", line)
    Reviewed(folder).write("bbb", "report_crime", "another")
    assert messages(folder) == [("everyday_talk", line), ("report_crime", "another")]


@given(st.text(max_size=80))
def test_any_text_makes_one_line_that_stays_the_same(text: str) -> None:
    line = as_line(text)
    assert len(line.splitlines()) <= 1
    assert as_line(line) == line
    assert not set("[]{}") & set(line)
    assert not line.startswith("/")
    block = yaml.safe_load(f"examples: |\n    - {line}\n")["examples"]
    assert block == f"- {line}\n"


@pytest.mark.rasa
@pytest.mark.parametrize("text", NASTY)
def test_rasa_reads_it_as_it_was_written(folder, text) -> None:
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

    line = as_line(text)
    if not line:
        return
    Reviewed(folder).write("aaa", "everyday_talk", line)
    data = RasaYAMLReader().read(folder / NAME)
    (example,) = data.training_examples
    assert (example.get("intent"), example.get("text")) == ("everyday_talk", line)
    assert not example.get("entities")


def test_the_same_correction_is_there_once_however_often_it_is_written(folder) -> None:
    for _ in range(3):
        Reviewed(folder).write("aaa", "everyday_talk", "hello there")
    before = (folder / NAME).stat().st_mtime_ns
    Reviewed(folder).write("aaa", "everyday_talk", "hello there")
    assert messages(folder) == [("everyday_talk", "hello there")]
    assert (folder / NAME).stat().st_mtime_ns == before


def test_what_an_attempt_left_is_replaced_by_what_was_decided_in_the_end(folder) -> None:
    Reviewed(folder).write("aaa", "everyday_talk", "first wording")
    Reviewed(folder).write("bbb", "everyday_talk", "another")
    Reviewed(folder).write("aaa", "report_crime", "second wording")
    assert messages(folder) == [("report_crime", "second wording"), ("everyday_talk", "another")]


def test_removing_leaves_the_others_and_no_empty_file(folder) -> None:
    Reviewed(folder).remove("aaa")
    assert not (folder / NAME).exists()
    Reviewed(folder).write("aaa", "everyday_talk", "one")
    Reviewed(folder).write("bbb", "everyday_talk", "two")
    Reviewed(folder).remove("aaa")
    assert messages(folder) == [("everyday_talk", "two")]
    Reviewed(folder).remove("bbb")
    assert not (folder / NAME).exists()


@pytest.mark.parametrize(
    "contents",
    [
        "nlu: [",
        "nlu:\n- intent: x\n  examples: |\n    - a\nversion: '3.1'\n",
        "just words",
        "nlu: []\n",
        "nlu:\n- examples: |\n    - a\n",
        "# correction aaa\nnlu:\n- intent: x\n  examples: |\n    - a\n",
    ],
)
def test_a_file_that_was_changed_by_hand_is_refused_and_left_alone(folder, contents) -> None:
    (folder / NAME).write_text(contents)
    with pytest.raises(NotWritten):
        Reviewed(folder).write("aaa", "everyday_talk", "hello there")
    assert (folder / NAME).read_text() == contents
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


def test_messages_that_people_added_by_hand_stay(folder) -> None:
    Reviewed(folder).write("aaa", "everyday_talk", "one")
    path = folder / NAME
    path.write_text(path.read_text() + "- intent: greet\n  examples: |\n    - hiya\n    - morning all")
    Reviewed(folder).write("bbb", "report_crime", "two")
    assert messages(folder) == [
        ("everyday_talk", "one"),
        ("greet", "hiya"),
        ("greet", "morning all"),
        ("report_crime", "two"),
    ]


def test_a_block_that_people_lengthened_is_not_cut(folder) -> None:
    Reviewed(folder).write("aaa", "everyday_talk", "one")
    path = folder / NAME
    path.write_text(path.read_text() + "    - one more\n")
    for again in (lambda: Reviewed(folder).write("aaa", "greet", "two"), lambda: Reviewed(folder).remove("aaa")):
        with pytest.raises(NotWritten):
            again()
    assert messages(folder) == [("everyday_talk", "one"), ("everyday_talk", "one more")]


def test_a_folder_that_cannot_be_written_says_so(folder, monkeypatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotWritten, match="can’t be written here"):
        Reviewed(folder).write("aaa", "everyday_talk", "hello there")


def test_a_folder_that_is_not_there_says_so(tmp_path) -> None:
    with pytest.raises(NotWritten, match="can’t be written here"):
        Reviewed(tmp_path / "none").write("aaa", "everyday_talk", "hello there")


def test_a_write_that_breaks_off_leaves_the_old_file(folder, monkeypatch) -> None:
    Reviewed(folder).write("aaa", "everyday_talk", "one")
    before = (folder / NAME).read_text()

    def no_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_file.os, "fsync", no_disk)
    with pytest.raises(NotWritten, match="No space left on device"):
        Reviewed(folder).write("bbb", "everyday_talk", "two")
    assert (folder / NAME).read_text() == before


def test_many_writers_at_once_lose_nothing(folder) -> None:
    def write(number: int) -> None:
        Reviewed(folder).write(f"{number:03}", "everyday_talk", f"message {number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(messages(folder)) == sorted(("everyday_talk", f"message {number}") for number in range(24))


def test_placeholders_are_found_each_once() -> None:
    text = "<name> rang <phone number> and <name>, I <3 you, <IP address>"
    assert placeholders_in(text) == ["<name>", "<phone number>", "<IP address>"]


def test_the_nearest_messages_are_those_the_corpus_finds() -> None:
    examples = read_corpus(Path(__file__).parents[2] / "data" / "nlu")[:1500]
    nearest = Nearest(examples)
    found = nearest.like(f"{examples[7].text.upper()}!!", 0.5)[0]
    assert (found.is_same, found.example, found.likeness) == (True, examples[7], 1)
    for least in (0.3, 0.6, 0.8):
        for pair in near_repeats(examples, least)[:40]:
            likenesses = {one.example.place: one.likeness for one in nearest.like(pair.one.text, least)}
            assert likenesses[pair.other.place] == pytest.approx(pair.likeness)


def test_known_messages_follow_the_files(folder) -> None:
    known = KnownMessages(folder)
    assert [one.example.place for one in known.like("phone snatched outside the station", 0.8)] == ["theft.yml:5"]
    Reviewed(folder).write("aaa", "everyday_talk", "lovely weather for it today")
    assert [one.example.file for one in known.like("lovely weather for it today", 0.8)] == [NAME]
    Reviewed(folder).remove("aaa")
    assert known.like("lovely weather for it today", 0.8) == []


def test_each_label_has_its_intents(folder) -> None:
    Reviewed(folder).write("aaa", "everyday_talk", "lovely weather")
    known = KnownMessages(folder)
    assert known.intents_of("emergency") == ["report_emergency", "risk_to_life"]
    assert known.intents_of("crime_report") == ["report_crime"]
    assert known.intents_of("not_report") == ["everyday_talk"]
