"""Holds whole conversations through the whole product, with a platform that takes every reply: `signpost converse`."""

import contextlib
import json
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from signpost.channels.simulated import ACCOUNT
from signpost.channels.text import storable
from signpost.desk.opening import open_desk
from signpost.desk.silence import QUIET, RANK
from signpost.desk.worker import Desk
from signpost.force.channels import channel_named
from signpost.force.mandate import Channel, Mandate, load_mandate
from signpost.jobs import progress_bar, stderr_console
from signpost.jsonl import check_id, read_jsonl, write_target
from signpost.launch import is_free, launch, stop_all, wait_until_ready
from signpost.log.clock import MovableClock
from signpost.log.escalations import escalation_of
from signpost.log.messages import NewMessage, store_inbound
from signpost.log.models import ENDED, REPORT, InboundMessage
from signpost.mistakes import Mistake
from signpost.processes import process
from signpost.settings import Settings
from signpost.start import make_ready
from signpost.training import need_model

AT_ONCE = 4
GIVE_UP_SECONDS = 120
READING_HOURS = 10 / 3600
"""Between two turns at least: nobody reads a reply and answers it sooner."""
LONGEST_GAP_HOURS = 24 * 366


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
    base = next((n for n in range(18_080, 19_000, 10) if all(is_free(n + k) for k in range(4))), None)
    if base is None:
        raise Mistake("No free ports were found between 18080 and 19000.")
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
            pool.submit(hold, _with_own_clock(base), channel_named(mandate, one["channel"]), one): place
            for place, one in enumerate(conversations)
        }
        for future in as_completed(futures):
            results[futures[future]] = future.result()
            progress.advance(task)
    return [results[place] for place in range(len(conversations))]


def _with_own_clock(desk: Desk) -> Desk:
    clock = MovableClock()
    return replace(
        desk,
        clock=clock,
        turn=replace(desk.turn, clock=clock, ending=replace(desk.turn.ending, clock=clock)),
        deliverer=replace(desk.deliverer, clock=clock),
        reconciler=replace(desk.reconciler, escalations=replace(desk.reconciler.escalations, clock=clock)),
    )


@dataclass(frozen=True)
class _Person:
    """Who writes, in one conversation."""

    channel: Channel
    name: str


def hold(desk: Desk, channel: Channel, conversation: dict[str, Any]) -> dict[str, Any]:
    """One conversation through the desk: each turn's texts are stored, answered and delivered as a platform's would be."""
    clock = desk.clock
    assert isinstance(clock, MovableClock)  # noqa: S101  # for the type checker: _with_own_clock gave it one
    person = _Person(channel, f"person-{uuid.uuid4()}")
    turns = []
    for turn in conversation["turns"]:
        clock.advance(max(float(turn.get("gap_hours") or 0), READING_HOURS))
        messages = [_receive(desk, person, text) for text in turn["texts"]]
        # The whole burst is there, so nothing more has to be waited for.
        clock.advance(QUIET.total_seconds() / 3600)
        _finish(desk, messages)
        outcomes = [_outcome(desk, message.id) for message in messages]
        turns.append(_summary(outcomes))
    return {"id": conversation["id"], "turns": turns}


def _receive(desk: Desk, person: _Person, text: str) -> InboundMessage:
    new = NewMessage(
        channel=person.channel.key,
        account=ACCOUNT,
        person=person.name,
        platform_id=str(uuid.uuid4()),
        visibility=person.channel.visibility,
        text=storable(text),
        received_at=desk.clock(),
    )
    with desk.sessions.begin() as session:
        message, _is_new = store_inbound(session, desk.turn.vault, new)
        return message


def _finish(desk: Desk, messages: list[InboundMessage]) -> None:
    ids = [message.id for message in messages]
    open_ones = select(InboundMessage.id).where(InboundMessage.id.in_(ids), InboundMessage.state != ENDED).limit(1)
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while True:
        with desk.reads() as session:
            if session.scalar(open_ones) is None:
                return
        if not desk.finish_next(messages[0].conversation_id):
            time.sleep(0.1)
        if time.monotonic() > deadline:
            raise Mistake(f"A message had no end after {GIVE_UP_SECONDS} s; the assistant may be overloaded.")


def _outcome(desk: Desk, message_id: int) -> dict[str, Any]:
    with desk.reads() as session:
        message = session.get_one(InboundMessage, message_id)
        logged = escalation_of(session, message_id)
        # What is logged for another cause, such as a doubt, is no escalation in the policy's sense.
        escalation = logged if logged and logged.cause == REPORT else None
        return {
            "replies": [reply.text for reply in message.replies],
            "label": message.label,
            "escalation": escalation.reference if escalation else None,
        }


def _summary(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """A turn of several texts is as urgent as its most urgent text."""
    most = max(outcomes, key=lambda one: RANK.get(one["label"], -1))
    return {
        "replies": [reply for one in outcomes for reply in one["replies"]],
        "label": most["label"] or "not_report",
        "escalation": most["escalation"],
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
    if gap is not None and (
        isinstance(gap, bool) or not isinstance(gap, (int, float)) or not 0 <= gap <= LONGEST_GAP_HOURS
    ):
        return f"gap_hours must be a number from 0 to {LONGEST_GAP_HOURS}"
    return None
