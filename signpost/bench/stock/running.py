"""Runs the stock project: ``rasa run`` and ``rasa run actions``, spoken to over its REST channel."""

import contextlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from signpost.bench import processes
from signpost.bench.posting import Poster
from signpost.bench.product import PATIENCE_SECONDS, NoReply
from signpost.launch import is_free

PATH = "/webhooks/rest/webhook"


class Stock:
    """``folder`` holds the project; ``python`` is its environment's, ``model`` a trained one."""

    def __init__(self, python: Path, folder: Path, model: Path, port_base: int, name: str = "stock Rasa") -> None:
        self.name = name
        self.folder = folder
        self._python = python
        self._model = model
        self._port, self._actions_port = port_base + 2, port_base + 3
        self._poster = Poster(self._port)
        self._popens: list[processes.Popen] = []

    def start(self) -> None:
        """Both at once."""
        environment = stock_environment(self._actions_port)
        rasa = [str(self._python.absolute()), "-W", "ignore", "-m", "rasa"]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not (is_free(self._port) and is_free(self._actions_port)):
            time.sleep(0.1)
        for name, command in (
            ("actions", [*rasa, "run", "actions", "--port", str(self._actions_port)]),
            ("assistant", [*rasa, "run", "--model", str(self._model.absolute()), "--port", str(self._port)]),
        ):
            # Neither listens to more than this machine.
            if name == "assistant":
                command += ["-i", "127.0.0.1"]
            self._popens.append(processes.start(command, self.folder, environment, self.folder / f"{name}.log"))

    def stop(self) -> None:
        """Ends both."""
        self._poster.close()
        processes.stop(self._popens)
        self._popens = []

    def pids(self) -> Sequence[int]:
        """Both with their children."""
        return processes.with_children(popen.pid for popen in self._popens)

    def alive(self) -> bool:
        """Whether both run."""
        return bool(self._popens) and all(popen.poll() is None for popen in self._popens)

    def why_not(self) -> str:
        """The last line of the one that ended."""
        names = ("actions", "assistant")
        ended = [name for name, popen in zip(names, self._popens, strict=False) if popen.poll() is not None]
        return processes.last_words(self.folder / f"{(ended or ['assistant'])[0]}.log")

    def send(self, person: str, text: str, patience: float = PATIENCE_SECONDS) -> tuple[float, str]:
        """Posts to the REST channel, whose answer holds the reply, once the action has written its row."""
        began = time.time()
        body = json.dumps({"sender": person, "message": text}).encode()
        content = self._poster.post(PATH, body, {}, patience)
        took = time.time() - began
        try:
            said = [str(one["text"]) for one in json.loads(content) if "text" in one]
        except (ValueError, TypeError, KeyError):
            raise NoReply("the answer could not be read") from None
        if not said:
            raise NoReply("it said nothing")
        return took, "\n".join(said)

    def settle(self, patience: float = PATIENCE_SECONDS) -> None:
        """Nothing is left to do when it has answered."""


def stock_environment(actions_port: int) -> dict[str, str]:
    """As it comes, without telling its makers and without our settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("SIGNPOST_", "PYTHONPATH"))}
    with contextlib.suppress(KeyError):
        del plain["VIRTUAL_ENV"]
    return {
        **plain,
        "RASA_TELEMETRY_ENABLED": "false",
        "STOCK_ACTIONS_PORT": str(actions_port),
        "SANIC_HOST": "127.0.0.1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "MPLBACKEND": "agg",
    }
