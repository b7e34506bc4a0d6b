"""Files of one JSON object a line: what is wrong in them is told with the line, and nothing is half done."""

import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from bot import classify
from signpost.jsonl import check_id, read_jsonl, write_target
from signpost.mistakes import Mistake


def written(folder: Path, *lines: str | bytes) -> Path:
    file = folder / "in.jsonl"
    file.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return file


def refused(file: Path) -> str:
    with pytest.raises(Mistake) as refusal:
        read_jsonl(file, check_id)
    assert refusal.value.exit_status == 2
    return refusal.value.sentence


def test_each_line_is_read_in_order(tmp_path):
    file = written(tmp_path, '{"id": 1}', '{"id": "two"}', '{"id": 3, "more": [null]}')
    assert read_jsonl(file, check_id) == [{"id": 1}, {"id": "two"}, {"id": 3, "more": [None]}]


def test_empty_lines_and_the_line_ends_of_windows_do_no_harm(tmp_path):
    file = written(tmp_path, '{"id": 1}\r', "", "   ", "\r", '{"id": 2}\r', "")
    assert read_jsonl(file, check_id) == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_ends_a_line_and_no_other_separator_does(tmp_path, separator):
    text = f"one{separator}two"
    file = written(tmp_path, json.dumps({"id": 1, "text": text}, ensure_ascii=separator < " "))
    assert read_jsonl(file, check_id) == [{"id": 1, "text": text}]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": 1', "it is not valid JSON"),
        ("id: 1", "it is not valid JSON"),
        ("{'id': 1}", "it is not valid JSON"),
        ('{"id": 1} {"id": 2}', "it is not valid JSON"),
        (b'{"id": "\xff"}', "it is not UTF-8"),
        ('{"id": "é"}'.encode("latin-1"), "it is not UTF-8"),
        ("[1]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ('"text"', "it is not a JSON object"),
        ("{}", "id is missing, or is neither a string nor a whole number"),
        ('{"id": null}', "id is missing, or is neither a string nor a whole number"),
        ('{"id": true}', "id is missing, or is neither a string nor a whole number"),
        ('{"id": 1.5}', "id is missing, or is neither a string nor a whole number"),
        ('{"id": [1]}', "id is missing, or is neither a string nor a whole number"),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_number_and_why(tmp_path, line, why):
    file = written(tmp_path, '{"id": 0}', "", line, '{"id": 9}')
    assert refused(file) == f"{file}: line 3: {why}. Nothing was done."


def test_json_nested_deeper_than_anybody_means_is_told_like_any_other_mistake(tmp_path):
    file = written(tmp_path, "[" * 200_000)
    assert "line 1: " in refused(file)


def test_the_first_five_wrong_lines_are_told_and_the_others_counted(tmp_path):
    sentence = refused(written(tmp_path, *["{"] * 8))
    assert [f"line {number}: " in sentence for number in range(1, 9)] == [True] * 5 + [False] * 3
    assert sentence.endswith(", and 3 more. Nothing was done.")


def test_five_wrong_lines_are_told_without_a_count(tmp_path):
    assert "more" not in refused(written(tmp_path, *["{"] * 5))


def test_what_the_file_says_is_never_repeated_in_the_sentence(tmp_path):
    assert "07700" not in refused(written(tmp_path, '{"text": "ring 07700 900123"'))


@pytest.mark.parametrize("nothing", [(), ("", "  ", "\r")])
def test_a_file_with_nothing_in_it_is_told(tmp_path, nothing):
    file = written(tmp_path, *nothing)
    assert refused(file) == f"{file} holds no line of JSON. Nothing was done."


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert refused(tmp_path / "none.jsonl") == f"{tmp_path}/none.jsonl can't be read: No such file or directory."


def test_a_folder_is_told_to_be_one(tmp_path):
    assert refused(tmp_path) == f"{tmp_path} can't be read: Is a directory."


def test_each_item_is_given_to_the_callers_own_check(tmp_path):
    file = written(tmp_path, '{"id": 1}', '{"id": 2}')

    def no_twos(item: dict[str, Any]) -> str | None:
        return "it is two" if item["id"] == 2 else None

    with pytest.raises(Mistake, match="line 2: it is two"):
        read_jsonl(file, no_twos)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_the_judge_reads_the_same_lines_as_the_command_that_checked_them(tmp_path, monkeypatch, separator):
    texts = [f"my bike{separator}has gone", "hello"]
    source = written(
        tmp_path, *(json.dumps({"id": n, "text": text}, ensure_ascii=False) for n, text in enumerate(texts))
    )
    assert len(read_jsonl(source, check_id)) == 2
    heard: list[str] = []

    async def judge(_agent: object, text: str, _metadata: dict[str, str]) -> dict[str, Any]:
        heard.append(text)
        return {"label": "not_report"}

    assistant = types.ModuleType("bot.assistant")
    assistant.without_dialogues = lambda _model: None
    monkeypatch.setitem(sys.modules, "bot.assistant", assistant)
    monkeypatch.setattr(classify, "judge", judge)
    classify.judge_file("model", source, tmp_path / "out.jsonl", {})
    assert heard == texts


# Where the results go


def test_a_target_that_can_be_written_is_returned(tmp_path):
    assert write_target(tmp_path / "out.jsonl") == tmp_path / "out.jsonl"


def test_what_the_target_held_stays_until_there_are_results(tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("yesterday's\n", "utf-8")
    write_target(target)
    assert target.read_text("utf-8") == "yesterday's\n"


@pytest.mark.parametrize("place", ["nowhere/out.jsonl", "file/out.jsonl"])
def test_a_target_in_a_folder_that_does_not_exist_is_told(tmp_path, place):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Mistake, match="doesn't exist") as refusal:
        write_target(tmp_path / place)
    assert refusal.value.exit_status == 2


def test_a_target_that_is_a_folder_is_told(tmp_path):
    with pytest.raises(Mistake, match="can't be written: Is a directory") as refusal:
        write_target(tmp_path)
    assert refusal.value.exit_status == 2
