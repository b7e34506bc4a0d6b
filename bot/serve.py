"""Serves the assistant on loopback: ``python -m bot.serve --model FILE --port N`` (what ``signpost up`` runs)."""

import argparse
import asyncio
import gc
import os
import sys
from pathlib import Path
from typing import Any

import yaml

from bot import quiet
from bot.left_out import LibraryLeftOut, leave_out, libraries
from bot.swapping import Swap, give_back_memory, identity_of, load_beside

ENDPOINTS = Path("endpoints.yml")
IDLE_SECONDS = 120
"""How long a connection of the desk's is kept without a request."""


def main() -> int:
    """Runs until it is told to stop. Signpost's channel is the only way in: Rasa's own server isn't started."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--port", type=int, required=True)
    chosen = arguments.parse_args()
    if not chosen.model.is_file():
        print(f"There is no model at {chosen.model}. Run: signpost train", file=sys.stderr)
        return 1
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    quiet.quieten()
    leave_out(libraries(yaml.safe_load(ENDPOINTS.read_text("utf-8"))))
    app, workers = _application(chosen.model)
    # What is loaded by now stays: looking through it whenever something is let go would hold up the turns.
    gc.collect()
    gc.freeze()
    app.run(host="127.0.0.1", port=chosen.port, workers=workers, access_log=False)
    return 0


def _application(model: Path) -> tuple[Any, int]:
    """The web application, and how many processes may serve it: more than one where they can share locks."""
    from rasa.core.utils import AvailableEndpoints, number_of_sanic_workers
    from rasa.shared.utils.io import read_config_file
    from sanic import Sanic

    from bot import assistant
    from bot.channel import SignpostInput

    endpoints = AvailableEndpoints.read_endpoints(str(ENDPOINTS))
    credentials = read_config_file("credentials.yml")
    app = Sanic("signpost_assistant", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = IDLE_SECONDS
    channel = SignpostInput.from_credentials(credentials["bot.channel.SignpostInput"])
    app.blueprint(channel.blueprint(), url_prefix=f"/webhooks/{channel.url_prefix()}")
    # Before it is loaded: what is put there meanwhile is seen as another one.
    loaded = identity_of(model)
    tasks: list[asyncio.Task[None]] = []

    async def begin(app: Any, loop: Any) -> None:
        try:
            app.ctx.agent = await assistant.start(model, endpoints)
        except Exception as fault:  # noqa: BLE001  # whatever it was, nothing can be served without a model
            missing = next((one for one in (fault, fault.__cause__) if isinstance(one, LibraryLeftOut)), None)
            why = f"it is damaged, or older than the code ({type(fault).__name__}). Run: signpost train --force"
            _say(f"The model can't be loaded: {missing or why}")
            os._exit(1)
        # What it took to load the model.
        give_back_memory()
        swap = Swap(app.ctx, model, loaded, lambda file, old: load_beside(file, old, endpoints), _say)
        tasks.append(loop.create_task(swap.watch()))

    async def end(app: Any, _loop: Any) -> None:
        for task in tasks:
            task.cancel()
        await assistant.close(app.ctx.agent, endpoints)

    app.register_listener(begin, "before_server_start")
    app.register_listener(end, "after_server_stop")
    return app, number_of_sanic_workers(endpoints.lock_store)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
