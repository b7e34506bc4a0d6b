"""Records and corrections on SQLite and on PostgreSQL: the same pages, the same locks."""

import re

import pytest
from console_records import by, entries, report, save, stored_record, two_reviewers
from console_staff import console_of
from test_console_pages import parts_for

from signpost.log.reviewing import Outdated, Review

AGREED = Review("signposted", "yes", "no", "yes")


def test_a_record_is_read_reviewed_and_never_overwritten(either_record, mandate) -> None:
    record = either_record
    report(record, "an earlier one", "HHH-444")
    report(record)
    for number in range(30):
        report(record, f"turn {number}.", f"CCC-{number + 100}")
    console = console_of(parts_for(record, mandate))
    ann, bob = console.client("reviewer", username="ann"), console.client("reviewer", username="bob")
    page = ann.get("/records/KMR-4C7").text
    assert "an earlier one" in page
    later = re.search(r'href="([^"]+)">Later messages', page)
    assert "turn 20." in ann.get(later[1].split("#")[0]).text
    sent = {"version": "0", "outcome": "niche", "niche_reference": "N1", "all_right": "yes", "notes": "x" * 4000}
    assert ann.post("/records/KMR-4C7/review", data=sent).status_code == 303
    assert bob.post("/records/KMR-4C7/review", data=sent).status_code == 409
    for number in ("2147483646", "2147483647", "2147483648", "9" * 18, "9" * 40):
        assert bob.post("/records/KMR-4C7/review", data={**sent, "version": number}).status_code == 409
        assert bob.get(f"/records/KMR-4C7?before={number}").status_code == 200
        assert bob.get(f"/records/KMR-4C7?after={number}").status_code == 200
    assert stored_record(record).niche_reference == "N1"
    why = {"why": "other", "reason": "to see that it works"}
    assert "07700 900123" in ann.post("/records/KMR-4C7/original", data=why).text
    assert "Original text shown" in ann.get("/records/KMR-4C7").text


def test_two_at_once_are_told_apart(either_record) -> None:
    record = either_record
    report(record)
    ann, bob = two_reviewers(record)
    save(record, AGREED, by(record, ann, 0))
    with pytest.raises(Outdated):
        save(record, Review("no_action"), by(record, bob, 0))
    assert stored_record(record).version == 1
    assert [one.event for one in entries(record)] == ["review_saved"]


def test_corrections_are_listed_and_decided(either_record, mandate, tmp_path) -> None:
    record = either_record
    (tmp_path / "talk.yml").write_text("nlu:\n- intent: everyday_talk\n  examples: |\n    - lovely weather today\n")
    console = console_of(parts_for(record, mandate, training_folder=tmp_path))
    ann = console.client("reviewer", username="ann")
    for number in range(100, 130):
        report(record, f"message {number}.", f"CCC-{number}")
        sent = {
            "outcome": "no_action",
            "all_right": "no",
            "was_report": "no",
            "was_emergency": "no",
            "reply_right": "no",
        }
        assert ann.post(f"/records/CCC-{number}/review", data={"version": "0", **sent}).status_code == 303
    trainer = console.client("trainer")
    page = trainer.get("/corrections").text
    assert "message 100." in page
    assert "message 125." not in page
    for number in ("2147483647", "2147483648", "9" * 40):
        assert trainer.get(f"/corrections?after={number}").status_code == 200
        assert trainer.get(f"/corrections/{number}").status_code == 404
    following = re.search(r'href="(/corrections\?[^"]*after=\d+[^"]*)"', page)[1].replace("&amp;", "&")
    assert "message 129." in trainer.get(following).text
    first = re.search(r'href="(/corrections/\d+)"', page)[1]
    seen = re.search(r'name="seen" value="([^"]+)"', trainer.get(first).text)[1]
    sent = {"seen": seen, "text": "a message of its own", "intent": "everyday_talk", "accept": "1"}
    assert trainer.post(first, data=sent).status_code == 303
    assert "a message of its own" in (tmp_path / "reviewed.yml").read_text()
    assert trainer.post(first, data=sent).status_code == 409
