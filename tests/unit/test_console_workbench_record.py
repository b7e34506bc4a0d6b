"""A conversation of the simulator's made into a test: looked over, reviewed as a change, written whole, and audited."""

import threading
import uuid

import pytest
from console_records import entries
from fakes import FakeAssistant, FakePlatform, desk_for, guidance, understood, work_through
from sqlalchemy import select
from test_console_pages import Page, check_page
from workbench_parts import workbench

from signpost.channels.simulated import ACCOUNT
from signpost.console import whole_file
from signpost.console.workbench.recording import NAME
from signpost.conversations.reading import load_suite
from signpost.log.messages import NewMessage, store_inbound
from signpost.log.models import Conversation, InboundMessage

TITLE = "Somebody reports a smashed window, and says thanks"
SMASHED, THANKS = "someone smashed my shop window", "ta very much"


class Held:
    """Holds a conversation in the simulator's name."""

    def __init__(self, console, record, mandate) -> None:
        self.console, self.record, self.mandate = console, record, mandate
        self.key = ""

    def says(self, text: str, answer, channel: str = "messenger", account: str = ACCOUNT, *, work: bool = True) -> None:
        visibility = "public" if channel.endswith(("comment", "mention")) else "private"
        new = NewMessage(channel, account, "p1", str(uuid.uuid4()), visibility, text, self.record.clock())
        with self.record.sessions.begin() as session:
            message, _new = store_inbound(session, self.record.vault, new)
            self.key = message.conversation.key
        if work:
            self.record.clock.advance(seconds=5)
            work_through(desk_for(self.record, self.mandate, FakeAssistant(answer), FakePlatform()))
        self.record.clock.advance(seconds=55)

    @property
    def address(self) -> str:
        return f"/workbench/conversations/record/{self.key}"


@pytest.fixture
def console(record, mandate, tmp_path):
    return workbench(record, mandate, tmp_path, None)


@pytest.fixture
def client(console, request):
    """Signed in once the conversation was held: hours pass in it."""
    if "held" in request.fixturenames:
        request.getfixturevalue("held")
    return console.client("trainer", username="tina")


@pytest.fixture
def held(console, record, mandate) -> Held:
    one = Held(console, record, mandate)
    one.says(SMASHED, understood(said=[guidance(mandate)]))
    record.clock.advance(hours=2)
    said = [("utter_thanks", "Thank you for your message. Staff may read it later.")]
    one.says(THANKS, understood("not_report", "give_praise_or_thanks", said=said))
    return one


def shown(response, status: int = 200) -> str:
    assert response.status_code == status, response.text
    check_page(Page(response.text), response)
    return response.text


def reviewed(client, held, **fields) -> str:
    return shown(client.post(held.address, data={"title": TITLE, "channels": "messenger", **fields}))


def written(client, held, **fields):
    page = reviewed(client, held, **fields)
    data = {"title": TITLE, "channels": "messenger", **fields, "seen": Page(page).field("seen"), "write": "1"}
    return client.post(held.address, data=data)


def suite(console):
    return load_suite(console.parts.bench.suite_folder)


def test_each_turn_shows_what_was_said_understood_and_answered(client, held) -> None:
    page = shown(client.get(held.address))
    for said in (
        SMASHED,
        "Report of a crime",
        "A report is recorded.",
        "utter_guidance",
        THANKS,
        "Staff may read it later",
    ):
        assert said in page
    assert "Turn 2, 2.02 hours later" in page


def test_a_test_is_reviewed_as_a_change_and_then_written_and_audited(client, console, record, held) -> None:
    page = reviewed(client, held)
    assert "tests/conversation/recorded.yml" in page
    assert f"- conversation: {TITLE}" in page
    assert not console.parts.bench.suite_folder.exists()
    response = written(client, held)
    assert response.status_code == 303, response.text
    (test,) = suite(console)
    assert (test.title, test.file, test.channels) == (TITLE, NAME, ("messenger",))
    first, second = test.turns
    assert (first.says, first.label, first.escalation, first.replies) == (
        (SMASHED,), "crime_report", True, ("utter_guidance",),
    )  # fmt: skip
    assert (second.says, second.gap_hours, second.label, second.escalation, second.replies) == (
        (THANKS,), 2.02, "not_report", False, ("utter_thanks",),
    )  # fmt: skip
    entry = entries(record)[-1]
    assert (entry.actor, entry.action, entry.event) == ("tina", "alteration", "conversation_test_recorded")
    assert entry.detail == {"file": NAME, "turns": 2}
    assert TITLE in shown(client.get(response.location))


def test_personal_data_is_taken_out_and_must_be_replaced(client, console, record, mandate) -> None:
    one = Held(console, record, mandate)
    one.says("ring me on 07700 900123", understood("not_report", "everyday_talk", said=[]))
    page = shown(client.get(one.address))
    assert "900123" not in page
    assert "ring me on &lt;phone number&gt;" in page
    refused = shown(client.post(one.address, data={"title": TITLE, "channels": "messenger"}), 422)
    assert "Write something invented in place of &lt;phone number&gt;" in refused
    assert 'href="#text-1-1"' in refused
    put_back = {"title": TITLE, "channels": "messenger", "text-1-1": "ring me on 07700 900123"}
    assert "somebody’s own: phone number" in shown(client.post(one.address, data=put_back), 422)
    assert written(client, one, **{"text-1-1": "ring me please"}).status_code == 303
    assert suite(console)[0].turns[0].says == ("ring me please",)


def test_it_can_be_asked_for_on_every_channel_that_the_same_people_read(client, console, held) -> None:
    assert written(client, held, channels="private").status_code == 303
    assert suite(console)[0].channels == ("private",)


def test_a_burst_is_one_turn_of_several_texts(client, console, record, mandate) -> None:
    one = Held(console, record, mandate)
    one.says("someone", None, work=False)
    record.clock.advance(seconds=-54)
    one.says("smashed my window", understood(said=[guidance(mandate)]))
    assert written(client, one).status_code == 303
    assert [turn.says for turn in suite(console)[0].turns] == [("someone", "smashed my window")]


def test_silence_and_the_cause_of_a_record_are_asked_for(client, console, record, mandate) -> None:
    one = Held(console, record, mandate)
    one.says("you useless lot", understood("not_report", "abuse", said=[]))
    assert written(client, one).status_code == 303
    turn = suite(console)[0].turns[0]
    assert (turn.replies, turn.escalation) == ((), False)


def test_a_title_is_taken_once_in_all_files(client, console, held) -> None:
    folder = console.parts.bench.suite_folder
    folder.mkdir()
    (folder / "other.yml").write_text(
        f"conversations:\n- conversation: {TITLE}\n  channels: [all]\n  turns:\n  - says: hi\n    replies: []\n"
    )
    page = shown(client.post(held.address, data={"title": f" {TITLE} ", "channels": "messenger"}), 422)
    assert "already a test of this title, in other.yml" in page
    assert SMASHED in page
    assert not (folder / NAME).exists()


def test_a_file_that_changed_meanwhile_is_shown_anew(client, console, held) -> None:
    page = reviewed(client, held)
    assert written(client, held, title="Another that was quicker").status_code == 303
    data = {"title": TITLE, "channels": "messenger", "seen": Page(page).field("seen"), "write": "1"}
    again = shown(client.post(held.address, data=data), 409)
    assert "was changed since you looked at this, so nothing was written" in again
    assert [one.title for one in suite(console)] == ["Another that was quicker"]
    data["seen"] = Page(again).field("seen")
    assert client.post(held.address, data=data).status_code == 303
    assert [one.title for one in suite(console)] == ["Another that was quicker", TITLE]


def test_writing_it_twice_is_refused_the_second_time(client, console, held) -> None:
    page = reviewed(client, held)
    data = {"title": TITLE, "channels": "messenger", "seen": Page(page).field("seen"), "write": "1"}
    assert [client.post(held.address, data=data).status_code for _ in range(2)] == [303, 422]
    assert len(suite(console)) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": ""}, "Enter what happens in it"),
        ({"title": "short"}, "Enter what happens in it"),
        ({"title": "a" * 121}, "must be 120 characters or fewer"),
        ({"title": "Somebody rings 07700 900123 about it"}, "The title holds what looks like somebody’s own"),
        ({"channels": "x_dm"}, "Choose where it must go like this"),
        ({"text-1-1": " "}, "Write a message first"),
        ({"text-2-1": "a" * 8001}, "8,000 is the most"),
    ],
)
def test_what_cannot_be_recorded_says_what_to_do(client, console, held, fields, says) -> None:
    page = shown(client.post(held.address, data={"title": TITLE, "channels": "messenger", **fields, "write": "1"}), 422)
    assert says in page
    assert not console.parts.bench.suite_folder.exists()


def test_going_back_keeps_what_was_written(client, held) -> None:
    data = {"title": TITLE, "channels": "private", "text-1-1": "someone smashed our window", "change": "1"}
    page = shown(client.post(held.address, data=data))
    assert "someone smashed our window" in page
    assert TITLE in page


def test_a_broken_file_of_tests_is_said(client, console, held) -> None:
    folder = console.parts.bench.suite_folder
    folder.mkdir()
    (folder / NAME).write_text("conversations: [")
    assert NAME in shown(client.post(held.address, data={"title": TITLE, "channels": "messenger"}), 422)
    assert (folder / NAME).read_text() == "conversations: ["


def test_a_disk_that_is_full_leaves_the_old_file(client, console, record, held, monkeypatch) -> None:
    written(client, held)
    before = (console.parts.bench.suite_folder / NAME).read_text()

    def no_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_file.os, "fsync", no_disk)
    page = shown(written(client, held, title="Another that finds no room"), 503)
    assert "No space left on device" in page
    assert (console.parts.bench.suite_folder / NAME).read_text() == before
    assert len([one for one in entries(record) if one.event == "conversation_test_recorded"]) == 1


def test_only_the_simulator_s_conversations_can_be_recorded(client, console, record, mandate) -> None:
    one = Held(console, record, mandate)
    one.says(SMASHED, understood(said=[guidance(mandate)]), account="county_page")
    assert client.get(one.address).status_code == 404
    assert client.post(one.address, data={"title": TITLE, "channels": "messenger"}).status_code == 404
    assert client.get(f"/workbench/conversations/record/{uuid.uuid4()}").status_code == 404


def test_what_has_no_end_yet_or_was_erased_cannot_be_recorded(client, console, record, mandate, held) -> None:
    held.says("and now?", None, work=False)
    assert "has no answer yet" in shown(client.get(held.address))
    shown(client.post(held.address, data={"title": TITLE, "channels": "messenger"}), 409)
    with record.sessions.begin() as session:
        for message in session.scalars(select(InboundMessage)):
            message.text_encrypted = None
    assert "was erased" in shown(client.get(held.address))


def test_a_reply_that_was_replaced_cannot_be_asked_for(client, console, record, mandate) -> None:
    one = Held(console, record, mandate)
    one.says(SMASHED, understood(said=[("utter_guidance", "Ring 0800 555 111.")]))
    assert "The approved text stood in for a response in it" in shown(client.get(one.address))


def test_the_simulator_offers_it_to_trainers_alone(console, client, held) -> None:
    link = f'href="{held.address}"'
    page = client.get(f"/simulator/conversations/{held.key}")
    assert link in page.text
    assert "Make this a test" in page.text
    assert (
        link
        in client.get(f"/simulator/conversations/{held.key}/state", headers={"Accept": "application/json"}).json[
            "parts"
        ]["understanding"]
    )
    for other in (console.client(), console.client("reviewer")):
        assert "Make this a test" not in other.get(f"/simulator/conversations/{held.key}").text
    response = console.client().get(held.address)
    assert response.location.startswith("/sign-in?next=")
    assert console.client("reviewer", username="rita").get(held.address).status_code == 403


def test_several_trainers_at_once_lose_no_test(console, record, held) -> None:
    clients = [console.client("trainer", username=f"t{number}") for number in range(4)]
    done = []

    def write(number: int) -> None:
        fields = {"title": f"The same conversation, number {number}", "channels": "messenger"}
        seen = ""
        for _ in range(20):
            response = clients[number].post(held.address, data={**fields, "seen": seen, "write": "1"})
            if response.status_code == 303:
                done.append(number)
                return
            seen = Page(response.text).field("seen")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 1, 2, 3]
    assert len(suite(console)) == 4
    with record.reads() as session:
        assert session.query(Conversation).count() == 1
