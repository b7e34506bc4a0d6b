"""Takes messages through the real parts one after another, and counts what each part does for one of them.

Intake and desk run in this process, driven by hand; assistant and action server run as `signpost up` runs them.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import structlog
from sqlalchemy import func, select
from werkzeug.test import Client

from signpost.bench.load import TEXTS
from signpost.bench.running import free_ports
from signpost.channels.transport import Delivery, Taken
from signpost.desk.assistant import SAID
from signpost.desk.opening import open_desk
from signpost.desk.worker import Desk
from signpost.force.accounts import load_accounts
from signpost.intake.app import create_app
from signpost.intake.opening import open_intake
from signpost.launch import Popen, answers, stop_all
from signpost.log.models import InboundMessage
from signpost.logs import configure_logs
from signpost.processes import PROJECT, environment, process
from signpost.rehearsal import rehearsed
from signpost.replay_address import address_of
from signpost.settings import Settings
from signpost.start import make_ready
from tests.budgets.counted import VARIABLE
from tests.budgets.counting import Counter
from tests.budgets.proxy import Proxy

PAGE, WARMING, MESSAGES, TRIES = "104000000000101", 4, 8, 3
SECONDS = 400
Found = dict[str, dict[str, float]]
"""By part and count, for one message."""


class TooBusy(Exception):
    """A call took so long that another way was gone; on a machine with other work it may go better again."""


@dataclass
class Platform:
    """Takes every reply."""

    sent: list[Delivery] = field(default_factory=list)

    def send(self, delivery: Delivery) -> Taken:
        self.sent.append(delivery)
        return Taken(f"m_reply{len(self.sent)}")


@dataclass
class Counted:
    """A process of the product whose work is counted."""

    popen: Popen
    file: Path

    def begin(self) -> None:
        self.popen.send_signal(signal.SIGUSR1)

    def end(self) -> dict[str, int]:
        self.popen.send_signal(signal.SIGUSR2)
        _until(self.file.exists, "a process didn't tell what it counted")
        return json.loads(self.file.read_text("utf-8"))


def measure(folder: Path) -> Found:
    """What one message costs each part. ``folder`` is empty."""
    counter, logs = Counter(), structlog.get_config()
    configure_logs("error")
    try:
        with counter.installed():
            for number in range(TRIES):
                with contextlib.suppress(TooBusy):
                    place = folder / str(number)
                    place.mkdir(parents=True)
                    return _measured(place, counter)
    finally:
        structlog.configure(**logs)
    raise TooBusy("the assistant waited in vain for the action server, again and again")


def _measured(folder: Path, counter: Counter) -> Found:
    plain = Settings.from_environment({"SIGNPOST_MODELS": os.environ.get("SIGNPOST_MODELS", str(PROJECT / "models"))})
    settings = make_ready(rehearsed(replace(plain, data_folder=folder, port_base=free_ports(), rehearsal=1)))
    proxy, platform = Proxy(settings.actions_port), Platform()
    accounts = load_accounts(settings.accounts, rehearsal=True)
    intake = Client(create_app(open_intake(settings, accounts)))
    address = address_of(settings, "messenger")

    def post(told: dict[str, object]) -> None:
        body = json.dumps({"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [told]}]}).encode()
        headers = {address.header: address.sign(body), "Content-Type": "application/json"}
        answer = intake.post("/webhooks/meta", data=body, headers=headers)
        assert answer.status_code == 200, answer.text

    with _processes(settings, folder, proxy.server_port) as processes:
        desk = open_desk(settings, transport_for=lambda _channel, _account: platform, answer_when=SAID)
        found: Found = {}
        for number in range(WARMING):
            _way(number, post, desk, platform, proxy, lambda _part, act: act())
        for one in processes.values():
            one.begin()
        before, proxy.given_up = proxy.bytes_sent, 0
        for number in range(MESSAGES):
            _way(WARMING + number, post, desk, platform, proxy, lambda part, act: _add(found, part, counter, act))
        for name, one in processes.items():
            found[name] = {count: float(value) for count, value in one.end().items()}
        found["assistant"]["bytes to the action server"] = proxy.bytes_sent - before
    proxy.shutdown()
    proxy.server_close()
    if proxy.given_up:
        raise TooBusy
    assert len(platform.sent) == WARMING + MESSAGES, "not every report was answered"
    return {
        part: {name: round(value / MESSAGES, 1) for name, value in counts.items()} for part, counts in found.items()
    }


def _way(  # noqa: PLR0913, PLR0917  # what takes part is named at each call
    number: int,
    post: Callable[[dict[str, object]], None],
    desk: Desk,
    platform: Platform,
    proxy: Proxy,
    counted: Callable[[str, Callable[[], object]], None],
) -> None:
    """One message from its webhook to the echo of its reply."""
    person, now = f"90000{number}", int(time.time() * 1000)
    message = {"mid": f"m_{number}", "text": TEXTS[number % len(TEXTS)]}
    said = {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": now, "message": message}
    counted("intake", lambda: post(said))

    def work() -> None:
        # What one call leaves is another's to do, in whichever order a version does it.
        desk.work_once("counted")
        desk.deliverer.deliver_one()

    # The reply goes out while the escalation is being written: which of the two comes first isn't left to chance.
    proxy.may_pass.clear()
    counted("desk", work)
    proxy.may_pass.set()
    _until(lambda: _is_settled(desk), "the action didn't log the report")
    sent = platform.sent[-1]
    assert sent.person == person, "the desk did something else first"
    echo = {"mid": f"m_reply{len(platform.sent)}", "text": sent.text, "is_echo": True, "metadata": sent.key}
    told = {"sender": {"id": PAGE}, "recipient": {"id": person}, "timestamp": now}
    counted("intake, echo", lambda: post({**told, "message": {**echo, "app_id": 900000000000001}}))


def _is_settled(desk: Desk) -> bool:
    with desk.reads() as session:
        return session.scalar(select(func.count()).select_from(InboundMessage).where(~InboundMessage.settled)) == 0


def _add(found: Found, part: str, counter: Counter, act: Callable[[], object]) -> None:
    counter.begin()
    act()
    counts = found.setdefault(part, {})
    for name, value in asdict(counter.end()).items():
        counts[name] = counts.get(name, 0.0) + value


@contextlib.contextmanager
def _processes(settings: Settings, folder: Path, actions_port: int) -> Iterator[dict[str, Counted]]:
    """Assistant and action server, counted, until the block ends."""
    running: dict[str, Counted] = {}
    try:
        for name in ("assistant", "actions"):
            given, file = process(name, settings), folder / f"{name}.json"
            module = given.command.index("-m") + 1
            command = [*given.command[:module], "tests.budgets.counted", *given.command[module:]]
            variables = {**environment(settings), VARIABLE: str(file)}
            if name == "assistant":
                variables["SIGNPOST_ACTIONS_PORT"] = str(actions_port)
            with (folder / f"{name}.log").open("wb") as log:
                popen = subprocess.Popen(command, cwd=PROJECT, env=variables, stdout=log, stderr=subprocess.STDOUT)
            running[name] = Counted(popen, file)
        for name, one in running.items():
            given = process(name, settings)
            _until(lambda: one.popen.poll() is not None or answers(given), f"{name} didn't start")  # noqa: B023  # waited for at once
            assert one.popen.poll() is None, (folder / f"{name}.log").read_text("utf-8", "replace")[-2000:]
        yield running
    finally:
        stop_all(one.popen for one in running.values())


def _until(happened: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)
