"""Holds whole conversations through the whole product, with a platform that takes every reply: `signpost converse`."""

import contextlib
import json
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any

from signpost.conversations.holding import Heard, Talk
from signpost.conversations.reading import gap_fault
from signpost.desk.opening import open_desk
from signpost.desk.worker import Desk
from signpost.force.channels import channel_named
from signpost.force.mandate import Channel, Mandate, load_mandate
from signpost.jobs import progress_bar, stderr_console
from signpost.jsonl import check_id, read_jsonl, write_target
from signpost.launch import is_free, launch, stop_all, wait_until_ready
from signpost.mistakes import Mistake
from signpost.processes import process
from signpost.settings import Settings
from signpost.start import make_ready
from signpost.training import need_model

AT_ONCE = 4
PORTS = range(18_080, 19_000, 10)


def converse(settings: Settings, source: Path, target: Path) -> str | None:
    """Writes ``{id, turns: [{replies, label, escalation}]}`` for each conversation, in order; a warning or none.

    Raises :class:`Mistake` when the file or the model won't do.
    """
    mandate = load_mandate(settings.force_folder)
    conversations = read_jsonl(source, lambda item: _check(item, mandate))
    write_target(target)
    warning = need_model(settings)
    with tempfile.TemporaryDirectory(prefix="signpost-converse-") as folder:
        with product(settings, Path(folder)) as ready:
            results = _hold_all(ready, mandate, conversations)
        part = target.with_name(f".{target.name}.part")
        part.write_text("".join(json.dumps(one) + "\n" for one in results), "utf-8")
        part.replace(target)
    return warning


@contextlib.contextmanager
def product(settings: Settings, folder: Path) -> Iterator[Settings]:
    """Rasa and the action server, running on free ports with their data in ``folder``; the desk is the caller's."""
    # Not always the first that are free: another run may be about to take those.
    bases = random.sample(PORTS, len(PORTS))
    base = next((n for n in bases if all(is_free(n + k) for k in range(4))), None)
    if base is None:
        raise Mistake(f"No free ports were found between {PORTS.start} and {PORTS.stop}.")
    ready = make_ready(
        replace(settings, data_folder=folder, database_url="", tracker_url="", port_base=base, encryption_key="")
    )
    popens = []
    try:
        with stderr_console().status("Starting the assistant"):
            processes = [process(name, ready) for name in ("actions", "assistant")]
            popens = [launch(one, ready) for one in processes]
            for one, popen in zip(processes, popens, strict=True):
                wait_until_ready(one, popen, ready, lambda: False)
        yield ready
    finally:
        stop_all(popens)


def _hold_all(settings: Settings, mandate: Mandate, conversations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    base = open_desk(settings)
    results: dict[int, dict[str, Any]] = {}
    with progress_bar(stderr_console()) as progress, ThreadPoolExecutor(AT_ONCE) as pool:
        task = progress.add_task("Holding conversations", total=len(conversations))
        futures = {
            pool.submit(hold, base, channel_named(mandate, one["channel"]), one): place
            for place, one in enumerate(conversations)
        }
        for future in as_completed(futures):
            results[futures[future]] = future.result()
            progress.advance(task)
    return [results[place] for place in range(len(conversations))]


def hold(desk: Desk, channel: Channel, conversation: dict[str, Any]) -> dict[str, Any]:
    """One conversation through the desk, by a person of its own."""
    talk = Talk(desk, channel)
    turns = []
    for turn in conversation["turns"]:
        talk.later(float(turn.get("gap_hours") or 0))
        turns.append(summary(talk.say(turn["texts"])))
    return {"id": conversation["id"], "turns": turns}


def summary(heard: Heard) -> dict[str, Any]:
    """A turn as the command tells it; what nobody could understand is no report."""
    return {
        "replies": [reply.text for reply in heard.replies],
        "label": heard.label or "not_report",
        "escalation": heard.escalation,
    }


def _check(item: dict[str, Any], mandate: Mandate) -> str | None:
    try:
        channel_named(mandate, str(item.get("channel", "")))
    except Mistake as mistake:
        return mistake.sentence.rstrip(".")
    turns = item.get("turns")
    if not isinstance(turns, list) or not turns:
        return "turns is missing, or not a list with something in it"
    for turn in turns:
        fault = _check_turn(turn)
        if fault:
            return fault
    return check_id(item)


def _check_turn(turn: Any) -> str | None:
    texts = turn.get("texts") if isinstance(turn, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        return "each turn needs texts, a list of strings"
    gap = turn.get("gap_hours")
    return None if gap is None else gap_fault(gap)
