"""Serves the assistant on loopback: ``python -m bot.serve --model FILE --port N`` (what ``signpost up`` runs)."""

import argparse
import asyncio
import gc
import os
import sys
from pathlib import Path
from typing import Any

from bot import quiet
from bot.swapping import Swap, identity_of, load_beside


def main() -> int:
    """Runs until it is told to stop. Rasa's own HTTP API stays off: Signpost's channel is the only way in."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--port", type=int, required=True)
    chosen = arguments.parse_args()
    if not chosen.model.is_file():
        print(f"There is no model at {chosen.model}. Run: signpost train", file=sys.stderr)
        return 1
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    quiet.quieten()

    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    # What is loaded by now stays: looking through it whenever something is let go would hold up the turns.
    gc.collect()
    gc.freeze()
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    # Before it is loaded: what is put there meanwhile is seen as another one.
    loaded = identity_of(chosen.model)
    tasks: list[asyncio.Task[None]] = []

    def take_over_what_is_promoted(app: Any, loop: Any) -> None:
        swap = Swap(app.ctx, chosen.model, loaded, lambda file, old: load_beside(file, old, endpoints), _say)
        tasks.append(loop.create_task(swap.watch()))

    def look_no_more(_app: Any, _loop: Any) -> None:
        for task in tasks:
            task.cancel()

    serve_application(
        model_path=str(chosen.model),
        interface="127.0.0.1",
        port=chosen.port,
        credentials="credentials.yml",
        cors=[],
        enable_api=False,
        endpoints=endpoints,
        server_listeners=[
            (_stop_without_model, "after_server_start"),
            (take_over_what_is_promoted, "after_server_start"),
            (look_no_more, "before_server_stop"),
        ],
    )
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _stop_without_model(app: Any, _loop: Any) -> None:
    """Rasa serves on without a model when it can't load one; nobody would be told."""
    agent = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        print(
            "The model can't be loaded: it is damaged, or older than the code. Run: signpost train --force",
            file=sys.stderr,
        )
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
