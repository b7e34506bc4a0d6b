"""Takes over a promoted model while the assistant runs: the file is looked at, loaded beside the old model, and swapped in.

A message that is being answered is answered by the model that began it. A file that can't be loaded is refused, and the
old model goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOOK_SECONDS = 2.0
FINISH_SECONDS = 30.0
"""How long messages may still be with the old model before what it held is let go; the desk waits for 10 s."""
LOADING, REFUSED = "loading", "refused"
Identity = tuple[int, int, int]
Load = Callable[[Path, Any], Any]


def identity_of(file: Path) -> Identity | None:
    """Tells one state of a file from another; none when it isn't there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


class Swap:
    """Keeps ``context.agent`` the model that lies at ``file``, and ``context.next_model`` what is known of the next one.

    ``load`` makes an agent of a file, given the present one, in a thread; ``say`` takes lines for the log.
    """

    def __init__(
        self, context: Any, file: Path, loaded: Identity | None, load: Load, say: Callable[[str], None]
    ) -> None:
        self._context = context
        self._file = file
        self._done_with = loaded
        self._seen: Identity | None = None
        self._load = load
        self._say = say
        self._letting_go: set[asyncio.Task[None]] = set()
        context.next_model = None

    async def watch(self) -> None:
        """Looks every :data:`LOOK_SECONDS` until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Loads the file and swaps it in, if it is another one than before and lay still since the last look."""
        found = identity_of(self._file)
        if found is None:
            return
        if found == self._done_with:
            if self._context.next_model == LOADING:
                self._context.next_model = None
            return
        self._context.next_model = LOADING
        if found != self._seen:
            self._seen = found
            return
        self._done_with = found
        try:
            agent = await asyncio.get_running_loop().run_in_executor(None, self._load, self._file, self._context.agent)
        except Exception as fault:  # noqa: BLE001  # whatever is wrong with it, the old one goes on
            self._context.next_model = REFUSED
            # Not the fault's own words: they may quote what the model was tried with.
            self._say(f"The new model can't be loaded ({type(fault).__name__}); the old one goes on.")
            return
        old, self._context.agent, self._context.next_model = self._context.agent, agent, None
        self._say(f"Model {agent.model_id} runs now.")
        task = asyncio.get_running_loop().create_task(self._finish(old))
        self._letting_go.add(task)
        task.add_done_callback(self._letting_go.discard)

    async def _finish(self, old: Any) -> None:
        await asyncio.sleep(FINISH_SECONDS)
        with contextlib.suppress(Exception):
            close_connections(old)
        del old
        await asyncio.get_running_loop().run_in_executor(None, give_back_memory)


def give_back_memory() -> None:
    """Frees what nobody holds any more: an agent's parts point at each other, and the C library keeps what was freed."""
    gc.collect()
    # Only the GNU library has it; without it each swap takes some 10 MB, up to 100 MB.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def load_beside(file: Path, old: Any, endpoints: Any) -> Any:
    """An agent of the file that waits for the same conversations' turns as ``old``, once it has understood a message.

    Raises whatever Rasa or the model's parts raise.
    """
    from rasa.core.channels.channel import UserMessage

    from bot.assistant import beside

    agent = beside(file, old, endpoints)
    if not agent.is_ready():
        raise ValueError("no model in this file")
    context = {"channel": "messenger", "visibility": "private"}
    understood = asyncio.run(agent.processor.parse_message(UserMessage("hello", metadata=context)))
    if not understood.get("decision"):
        raise ValueError("this model doesn't decide")
    return agent


def close_connections(agent: Any) -> None:
    """Closes the database connections that an agent no longer needs; one that is still in use is closed after its use."""
    store = agent.tracker_store
    engine = getattr(getattr(store, "_tracker_store", store), "engine", None)
    if engine is not None:
        engine.dispose()
