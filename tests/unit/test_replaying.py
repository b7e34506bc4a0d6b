"""Raw payloads are signed and posted as they lie there, and what came of them is counted and told."""

import json
import re
import sys
import types
from dataclasses import asdict, replace
from pathlib import Path

import httpx
import pytest
from rich.progress import Progress

from signpost.channels.events import Said, Unreadable
from signpost.intake.app import create_app
from signpost.intake.parts import Parts, Source
from signpost.intake.receiving import Tally
from signpost.intake.signatures import META, X
from signpost.jobs import progress_bar
from signpost.mistakes import Mistake
from signpost.replay_address import PATHS, Address, address_of, running
from signpost.replaying import Summary, replay
from signpost.settings import Settings

SECRETS = {"meta": "a meta secret", "instagram": "an instagram secret", "x": "an x secret"}
SET_UP = replace(
    Settings.from_environment({}),
    meta_app_secret=SECRETS["meta"],
    instagram_app_secret=SECRETS["instagram"],
    x_consumer_secret=SECRETS["x"],
)
BODY = rb'{"object": "page",  "entry": [{"text": "\u00a350 gone"}]}'


class Record:
    """Stores each id once, as the real one does."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def take(self, events: list[Said]) -> Tally:
        new = {event.platform_id for event in events} - set(self.seen)
        self.seen += new
        return Tally(stored=len(new), known=len(events) - len(new))


class Line:
    """A client whose requests reach the real intake, and what it was sent."""

    def __init__(self, record: Record, **changed: str) -> None:
        secrets = {**SECRETS, **changed}
        schemes = {"meta": META, "instagram": META, "x": X}
        sources = tuple(Source(name, schemes[name], secret, self._read) for name, secret in secrets.items())
        parts = Parts(sources=sources, taker=record, reads=None, clock=None, verify_token="")
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self.app = httpx.WSGITransport(app=create_app(parts))
        self.client = httpx.Client(transport=httpx.MockTransport(self._pass_on))

    def _read(self, body: object) -> list[Said]:
        if not isinstance(body, dict):
            raise Unreadable("A webhook of this platform is a JSON object.")
        return [Said("messenger", "1", "2", str(one), "text") for one in body.get("messages", [])]

    def _pass_on(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content)
        self.paths.append(request.url.path)
        answer = self.app.handle_request(request)
        return httpx.Response(answer.status_code, content=b"".join(answer.stream))


@pytest.fixture
def record() -> Record:
    return Record()


@pytest.fixture
def line(record: Record) -> Line:
    return Line(record)


def payload(
    folder: Path, name: str = "one.json", body: bytes | None = None, messages: tuple[str, ...] = ("m1",)
) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(json.dumps({"messages": messages}).encode() if body is None else body)
    return file


def sent(line: Line, *files: Path, platform: str = "messenger", **more: int) -> tuple[dict[str, int], list[str]]:
    """The summary, and the lines a person sees."""
    told: list[str] = []
    return asdict(replay(address_of(SET_UP, platform), files, line.client, told.append, **more)), told


def counted(**figures: int) -> dict[str, int]:
    return {**asdict(Summary()), **figures}


# Signing and posting


@pytest.mark.parametrize(("platform", "path"), PATHS.items())
def test_the_intake_takes_what_is_signed_for_each_platform(tmp_path, line, platform, path):
    summary, told = sent(line, payload(tmp_path), platform=platform)
    assert summary == counted(sent=1, acknowledged=1, stored=1)
    assert (told, line.paths) == ([], [path])


@pytest.mark.parametrize("body", [BODY, b"{}", b"  {}\r\n", '{"text": "£"}'.encode(), b"{\x00}", b"", b"\xff\xfe{"])
def test_a_body_is_posted_byte_for_byte_as_it_lies_there(tmp_path, line, body):
    sent(line, payload(tmp_path, body=body))
    assert line.bodies == [body]


def test_a_signature_is_of_sha_256_and_of_the_platforms_form():
    meta, x = address_of(SET_UP, "facebook"), address_of(SET_UP, "x")
    assert meta.header == "X-Hub-Signature-256"
    assert re.fullmatch("sha256=[0-9a-f]{64}", meta.sign(b"{}"))
    assert x.header == "x-twitter-webhooks-signature"
    assert re.fullmatch("sha256=[A-Za-z0-9+/]{43}=", x.sign(b"{}"))


# What there is to send


def test_a_folder_is_every_json_file_in_it_and_below_in_order(tmp_path, line):
    for name in ("b.json", "a/z.json", "a.json", "notes.txt", "more.jsonl"):
        payload(tmp_path, name, body=json.dumps({"name": name}).encode())
    (tmp_path / "folder.json").mkdir()
    _summary, told = sent(line, tmp_path)
    assert told == []
    assert [json.loads(body)["name"] for body in line.bodies] == ["a/z.json", "a.json", "b.json"]


def test_a_jsonl_file_is_a_body_a_line(tmp_path, line):
    file = payload(tmp_path, "many.jsonl", body=b'{"a": 1}\n\n \r\n  {"b":  2} \r\n{"c": 3}')
    summary, _told = sent(line, file)
    assert line.bodies == [b'{"a": 1}', b'  {"b":  2} ', b'{"c": 3}']
    assert summary["sent"] == 3


def test_files_and_folders_are_sent_in_the_order_given(tmp_path, line):
    one, folder = payload(tmp_path, "one.json", body=b"{}"), payload(tmp_path, "in/two.json", body=b"[2]").parent
    sent(line, one, folder, one)
    assert line.bodies == [b"{}", b"[2]", b"{}"]


@pytest.mark.parametrize("name", ["empty", "empty.jsonl"])
def test_where_there_is_nothing_to_send_that_is_said(tmp_path, line, name):
    if name == "empty":
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(b"\n \n")
    with pytest.raises(Mistake) as refusal:
        sent(line, tmp_path / name)
    assert refusal.value.exit_status == 2
    assert refusal.value.sentence == f"There is nothing to send in {tmp_path / name}."


def test_the_bar_counts_every_body_and_every_repeat(tmp_path, line, monkeypatch):
    bars: list[Progress] = []
    monkeypatch.setattr(
        "signpost.replaying.progress_bar", lambda console: bars.append(progress_bar(console)) or bars[0]
    )
    sent(line, payload(tmp_path), payload(tmp_path, "many.jsonl", body=b"{}\n{}"), tmp_path / "none.json", repeat=2)
    assert [(task.completed, task.total) for task in bars[0].tasks] == [(8, 8)]


# What comes of it


def test_what_is_sent_again_is_acknowledged_and_stored_once(tmp_path, line, record):
    summary, told = sent(line, payload(tmp_path, messages=("m1", "m2")), repeat=3)
    assert summary == counted(sent=3, acknowledged=3, stored=2)
    assert (told, len(record.seen)) == ([], 2)


@pytest.mark.parametrize("body", [b"[1]", b'{"object": ', b"", b"NaN", b"\xff"])
def test_a_body_the_intake_refuses_is_counted_and_told_with_its_place(tmp_path, line, body):
    file = payload(tmp_path, body=body)
    summary, told = sent(line, file, payload(tmp_path, "good.json"))
    assert summary == counted(sent=2, acknowledged=1, refused=1, stored=1)
    assert len(told) == 1
    assert told[0].startswith(f"{file}: 400: ")
    assert told[0].endswith(".")


def test_a_line_that_is_refused_is_told_with_its_number(tmp_path, line):
    file = payload(tmp_path, "many.jsonl", body=b'{"a": 1}\n\n[2]\n')
    _summary, told = sent(line, file)
    assert told == [f"{file}, line 3: 400: A webhook of this platform is a JSON object."]


def test_the_same_refusal_again_and_again_is_told_once(tmp_path, line):
    summary, told = sent(line, payload(tmp_path, body=b"[]"), repeat=5)
    assert (summary["sent"], summary["refused"], len(told)) == (5, 5, 1)


def test_another_secret_than_the_intakes_is_a_refusal(tmp_path):
    summary, told = sent(Line(Record(), meta="another"), payload(tmp_path))
    assert summary == counted(sent=1, refused=1)
    assert "403: The signature doesn't fit the body." in told[0]


def test_a_platform_the_intake_is_not_set_up_for_is_an_error(tmp_path):
    summary, told = sent(Line(Record(), meta=""), payload(tmp_path))
    assert summary == counted(sent=1, errors=1)
    assert "503: This platform isn't set up here yet." in told[0]


def test_a_file_that_cannot_be_read_is_one_error_and_the_others_are_sent(tmp_path, line):
    none = tmp_path / "none.json"
    summary, told = sent(line, none, payload(tmp_path), tmp_path / "none.jsonl", repeat=2)
    assert summary == counted(sent=2, acknowledged=2, stored=1, errors=2)
    assert told == [
        f"{none}: it can't be read: No such file or directory",
        f"{tmp_path}/none.jsonl: it can't be read: No such file or directory",
    ]


def answered(*answers: httpx.Response | httpx.HTTPError) -> httpx.Client:
    left = list(answers)

    def answer(_request: httpx.Request) -> httpx.Response:
        given = left.pop(0)
        if isinstance(given, httpx.HTTPError):
            raise given
        return given

    return httpx.Client(transport=httpx.MockTransport(answer))


ADDRESS = Address("http://127.0.0.1:8081/webhooks/meta", "X-Hub-Signature-256", lambda _body: "sha256=")


def came_of(folder: Path, *answers: httpx.Response | httpx.HTTPError) -> tuple[dict[str, int], list[str]]:
    told: list[str] = []
    summary = replay(ADDRESS, [payload(folder)], answered(*answers), told.append, repeat=len(answers))
    return asdict(summary), told


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_where_nobody_answers_that_is_an_error_and_is_told(tmp_path, fault):
    summary, told = came_of(tmp_path, fault("why"), httpx.Response(200, json={"stored": 1}))
    assert summary == counted(sent=2, acknowledged=1, stored=1, errors=1)
    assert told == [f"{tmp_path}/one.json: no answer from {ADDRESS.url} ({fault.__name__})"]


def test_an_address_nobody_could_have_is_an_error_like_any_other(tmp_path):
    told: list[str] = []
    address = replace(ADDRESS, url="http://nobody..invalid/webhooks/meta")
    assert replay(address, [payload(tmp_path)], httpx.Client(trust_env=False), told.append).errors == 1
    assert "no answer from" in told[0]


@pytest.mark.parametrize("status", [200, 201, 204, 302, 500, 503])
def test_an_answer_that_is_not_an_intakes_is_an_error(tmp_path, status):
    summary, told = came_of(tmp_path, httpx.Response(status, text="<html>hello</html>"))
    assert summary == counted(sent=1, errors=1)
    assert told == [f"{tmp_path}/one.json: {status}: the answer isn't one of the intake's"]


def test_only_a_200_acknowledges(tmp_path):
    summary, _told = came_of(tmp_path, httpx.Response(202, json={"stored": 1}))
    assert summary == counted(sent=1, errors=1)


@pytest.mark.parametrize("answer", ["[]", "null", '{"stored": "1"}', '{"stored": null}', "{}", "[" * 100_000])
def test_an_acknowledgement_that_counts_nothing_is_an_error(tmp_path, answer):
    assert came_of(tmp_path, httpx.Response(200, text=answer))[0] == counted(sent=1, errors=1)


def test_a_long_or_many_lined_sentence_stays_one_short_line(tmp_path):
    _summary, told = came_of(tmp_path, httpx.Response(400, json={"error": "no\n\x1b[31m " + "x" * 1000}))
    assert "\n" not in told[0]
    assert "\x1b" not in told[0]
    assert len(told[0]) < 300 + len(str(tmp_path))


# Where to


def test_the_intake_is_on_this_machine_beside_the_other_ports():
    assert address_of(replace(SET_UP, port_base=9080), "messenger").url == "http://127.0.0.1:9081/webhooks/meta"


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/"])
def test_another_address_can_be_given(url):
    assert address_of(SET_UP, "x", url).url == "https://example.org/webhooks/x"


@pytest.mark.parametrize(
    "url", ["example.org", "127.0.0.1:8081", "ftp://example.org", "http://", "http://\x00a", "http://a:b"]
)
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(Mistake, match="it should look like http://127") as refusal:
        address_of(SET_UP, "x", url)
    assert refusal.value.exit_status == 2


@pytest.mark.parametrize(
    ("platform", "variable"),
    [
        ("messenger", "SIGNPOST_META_APP_SECRET"),
        ("facebook", "SIGNPOST_META_APP_SECRET"),
        ("instagram", "SIGNPOST_META_APP_SECRET"),
        ("x", "SIGNPOST_X_CONSUMER_SECRET"),
    ],
)
def test_a_secret_that_is_missing_is_named(platform, variable):
    with pytest.raises(Mistake, match=f"^{variable} is not set"):
        address_of(Settings.from_environment({}), platform)


def test_instagram_is_signed_with_metas_secret_where_it_has_none_of_its_own(tmp_path):
    line = Line(Record(), instagram=SECRETS["meta"])
    address = address_of(replace(SET_UP, instagram_app_secret=""), "instagram")
    assert replay(address, [payload(tmp_path)], line.client, print).acknowledged == 1


def runs(folder: Path, **contents: object) -> Settings:
    (folder / "run.json").write_text(json.dumps(contents), "utf-8")
    return replace(SET_UP, data_folder=folder)


@pytest.fixture
def _rehearsal(monkeypatch) -> None:
    module = types.ModuleType("signpost.rehearsal")
    module.rehearsed = lambda settings: replace(settings, meta_app_secret="rehearsed")
    monkeypatch.setitem(sys.modules, "signpost.rehearsal", module)


def test_what_runs_in_the_data_folder_says_its_ports(tmp_path):
    settings = runs(tmp_path, port_base=9080)
    assert running(settings).intake_port == 9081
    assert running(settings, data=tmp_path).intake_port == 9081
    assert running(settings).meta_app_secret == SECRETS["meta"]
    assert running(runs(tmp_path, port_base=9080, rehearsal=False)).meta_app_secret == SECRETS["meta"]


@pytest.mark.usefixtures("_rehearsal")
def test_a_rehearsal_that_runs_in_the_data_folder_has_secrets_of_its_own(tmp_path):
    settings = runs(tmp_path, port_base=9080, rehearsal=True)
    assert running(settings).meta_app_secret == "rehearsed"
    assert running(replace(settings, port_base=9080), port_base=9080).meta_app_secret == "rehearsed"
    assert running(settings).intake_port == 9081


@pytest.mark.usefixtures("_rehearsal")
def test_a_rehearsal_in_the_environment_needs_no_running_one(tmp_path):
    assert running(replace(SET_UP, data_folder=tmp_path, rehearsal=1)).meta_app_secret == "rehearsed"


@pytest.mark.usefixtures("_rehearsal")
def test_a_port_or_an_address_that_is_given_points_elsewhere(tmp_path):
    settings = runs(tmp_path, port_base=9080, rehearsal=True)
    elsewhere = running(replace(settings, port_base=7000), port_base=7000)
    assert (elsewhere.port_base, elsewhere.meta_app_secret) == (7000, SECRETS["meta"])
    assert running(settings, url="http://127.0.0.1:1").meta_app_secret == SECRETS["meta"]


@pytest.mark.usefixtures("_rehearsal")
def test_the_data_folder_that_is_given_says_whose_secrets_hold_whatever_the_address(tmp_path):
    settings = runs(tmp_path, port_base=9080, rehearsal=True)
    named = running(replace(settings, port_base=7000), data=tmp_path, port_base=7000, url="http://127.0.0.1:1")
    assert (named.port_base, named.meta_app_secret) == (7000, "rehearsed")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"port_base": "9080"}', '{"port_base": null}', "\xff"])
def test_a_run_file_that_says_nothing_leaves_the_settings_as_they_are(tmp_path, text):
    (tmp_path / "run.json").write_bytes(text.encode("latin-1"))
    settings = replace(SET_UP, data_folder=tmp_path)
    assert running(settings) == settings


def test_where_nothing_runs_the_settings_hold(tmp_path):
    settings = replace(SET_UP, data_folder=tmp_path)
    assert running(settings, data=tmp_path) == settings


def test_a_secret_that_stands_in_the_data_folder_is_used(tmp_path):
    (tmp_path / "secrets.env").write_text("SIGNPOST_META_APP_SECRET=from the file\n", "utf-8")
    settings = replace(SET_UP, data_folder=tmp_path, meta_app_secret="")
    assert running(settings).meta_app_secret == "from the file"
    assert running(replace(settings, meta_app_secret="from outside")).meta_app_secret == "from outside"
