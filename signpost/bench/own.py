"""This product as users start it, in a folder of its own, with the rehearsal's platforms in place of the real ones."""

import contextlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from signpost.bench import processes
from signpost.bench.journal import Journal
from signpost.bench.posting import Poster
from signpost.bench.product import PATIENCE_SECONDS, NoReply
from signpost.launch import is_free
from signpost.processes import PROJECT
from signpost.rehearsal import rehearsed
from signpost.replay_address import Address, address_of
from signpost.settings import Settings
from signpost.up import run_file

PAGE = "104000000000101"
PEOPLE = 1_000_000
"""For so many the platform lets the product send: those who write here aren't known to it, and its limits aren't measured."""
PORTS = 5
OPEN_SECONDS = 0.02
NOT_PRODUCT = {"platforms"}
"""The process that only plays the platforms."""


class Own:
    """``settings``: the environment's; the data is put into ``folder``, the ports begin at ``port_base``."""

    def __init__(self, settings: Settings, folder: Path, port_base: int, name: str = "Signpost") -> None:
        self.name = name
        self.folder = folder
        self._settings = rehearsed(replace(settings, data_folder=folder, port_base=port_base, rehearsal=1))
        self._journal = Journal(folder / "platforms.jsonl")
        self._poster, self._platforms = Poster(port_base + 1), Poster(port_base + 4)
        self._popen: processes.Popen | None = None
        self._address: Address | None = None
        self._limits_lifted = False

    def start(self) -> None:
        """Runs ``signpost up --with-fake-platforms``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        base = self._settings.port_base
        command = [sys.executable, "-W", "ignore", "-m", "signpost.cli", "up", "--with-fake-platforms"]
        command += ["--data", str(self.folder.absolute()), "--port-base", str(base)]
        _wait_for_ports(base)
        run_file(self._settings).unlink(missing_ok=True)
        self._limits_lifted = False
        self._popen = processes.start(command, PROJECT, _environment(self._settings), self.folder / "up.log")
        self._journal.open()

    def stop(self) -> None:
        """Ends it as Ctrl+C would."""
        self._journal.close()
        self._poster.close()
        if self._popen is not None:
            processes.stop([self._popen])

    def pids(self) -> Sequence[int]:
        """The supervisor and its processes, without the platforms."""
        told = self._told()
        if not told:
            return []
        whole = processes.with_children([told["supervisor"]])
        apart = [pid for name, pid in told["processes"].items() if name in NOT_PRODUCT]
        return [pid for pid in whole if pid not in processes.with_children(apart)]

    def alive(self) -> bool:
        """Whether the supervisor runs."""
        return self._popen is not None and self._popen.poll() is None

    def why_not(self) -> str:
        """The supervisor's last line."""
        return processes.last_words(self.folder / "up.log")

    def send(self, person: str, text: str, patience: float = PATIENCE_SECONDS) -> tuple[float, str]:
        """Posts a signed Messenger webhook; the reply is delivered when the platform has taken it."""
        self._lift_limits(patience)
        self._journal.expect(person)
        began = time.time()
        body = self._webhook(person, text, began)
        # The secrets are those of a rehearsal, which are known before it runs.
        address = self._address = self._address or address_of(self._settings, "messenger")
        self._poster.post("/webhooks/meta", body, {address.header: address.sign(body)}, patience)
        arrived = self._journal.next_for(person, patience)
        return arrived.at - began, arrived.text

    def settle(self, patience: float = PATIENCE_SECONDS) -> None:
        """Until every message has its end and its escalation, as the record says."""
        deadline = time.monotonic() + patience
        while self._open_messages():
            if time.monotonic() > deadline:
                raise NoReply("the log wasn't whole in time")
            time.sleep(OPEN_SECONDS)

    def _open_messages(self) -> int:
        file = (self.folder / "signpost.db").absolute()
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as record:
            return int(record.execute("SELECT COUNT(*) FROM inbound_message WHERE NOT settled").fetchone()[0])

    def _lift_limits(self, patience: float) -> None:
        if not self._limits_lifted:
            self._platforms.post("/control/limits", json.dumps({"least_people": PEOPLE}).encode(), {}, patience)
            self._platforms.close()
            self._limits_lifted = True

    def _webhook(self, person: str, text: str, now: float) -> bytes:
        message = {"mid": f"m_bench{person}.{time.monotonic_ns()}", "text": text}
        about = {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": int(now * 1000), "message": message}
        entry = {"id": PAGE, "time": int(now * 1000), "messaging": [about]}
        return json.dumps({"object": "page", "entry": [entry]}).encode()

    def _told(self) -> dict:  # type: ignore[type-arg]  # as it was written
        try:
            told = json.loads(run_file(self._settings).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def _wait_for_ports(base: int) -> None:
    """The ports of what ran before may take a moment to be free."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not all(is_free(base + number) for number in range(PORTS)):
        time.sleep(0.1)


def _environment(settings: Settings) -> dict[str, str]:
    """The usual settings, whatever the caller's are, but for the models and for what would start by the clock."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SIGNPOST_")}
    return {
        **plain,
        "SIGNPOST_MODELS": str(settings.models_folder.absolute()),
        "SIGNPOST_FORCE": str(settings.force_folder.absolute()),
        "SIGNPOST_RETENTION_AT": "never",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")])),
    }
