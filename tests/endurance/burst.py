"""Floods Signpost with messages at once, emergencies among them, and judges who was answered first: ``make test-burst``."""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from sqlalchemy import select

from signpost.log.database import open_engine, reading
from signpost.log.models import ENDED, InboundMessage

from .judging import settled
from .product import PROJECT, Product, running

PATIENCE_SECONDS = 900
SHARE = 0.05
console = Console(stderr=True)


def main() -> int:
    """0 when every message that is called an emergency was answered before 95 % of the rest, 1 when one wasn't.

    An emergency that the model doesn't know for one can't be taken first; how many those are is told.
    """
    options = _options()
    with tempfile.TemporaryDirectory(prefix="signpost-burst-") as folder, running(Path(folder)) as product:
        figures = _run(product, options)
    print(json.dumps(figures, indent=1))  # noqa: T201
    return 0 if figures["rest_answered_before_the_last_that_was_called_one"] <= SHARE else 1


def _run(product: Product, options: argparse.Namespace) -> dict:
    chance = random.Random(options.seed)
    product.control("say", channel="messenger", text="hello")  # so that everything has been loaded
    _wait(product, 1)
    product.control("habits", batch=50)
    urgent, rest = _texts()
    messages = [(chance.choice(urgent), True) for _ in range(options.emergencies)]
    messages += [(chance.choice(rest), False) for _ in range(options.messages - options.emergencies)]
    chance.shuffle(messages)
    started = time.monotonic()
    said = product.control(
        "burst",
        messages=[
            {"channel": "messenger", "text": text, "person": f"Resident {number}"}
            for number, (text, _urgent) in enumerate(messages)
        ],
    )["messages"]
    emergencies = {one["platform_id"] for one, (_text, is_urgent) in zip(said, messages, strict=True) if is_urgent}
    _wait(product, options.messages + 1)
    console.print(f"{options.messages:,} messages came to their end in {time.monotonic() - started:.0f} s")
    return _figures(product, emergencies, time.monotonic() - started)


def _figures(product: Product, emergencies: set[str], seconds: float) -> dict:
    engine = open_engine(f"sqlite:///{product.data / 'signpost.db'}")
    with reading(engine)() as session:
        ended = session.scalars(select(InboundMessage).order_by(InboundMessage.ended_at, InboundMessage.id)).all()[1:]
    engine.dispose()
    rest, answered_before, known = 0, [], []
    for message in ended:
        if message.platform_id not in emergencies:
            rest += 1
            continue
        answered_before.append(rest)
        if message.label == "emergency":
            known.append(rest)
    shares = sorted((before / rest for before in answered_before), reverse=True)
    return {
        "messages": len(ended),
        "emergencies": len(emergencies),
        "called_emergencies": len(known),
        "seconds": round(seconds, 1),
        "rest_answered_before_the_last_that_was_called_one": round(max(known) / rest, 4),
        "rest_answered_before_the_last_of_all": [round(share, 4) for share in shares[:5]],
        "emergencies_before_95_percent_of_the_rest": sum(share <= SHARE for share in shares),
        "intake_milliseconds_a_batch": product.told("deliveries")["milliseconds"],
    }


def _wait(product: Product, messages: int) -> None:
    engine = open_engine(f"sqlite:///{product.data / 'signpost.db'}")
    reads = reading(engine)
    deadline = time.monotonic() + PATIENCE_SECONDS
    ended = select(InboundMessage.id).filter_by(state=ENDED)
    while time.monotonic() < deadline:
        with reads() as session:
            if len(session.scalars(ended).all()) >= messages and settled(session):
                break
        time.sleep(1)
    engine.dispose()


def _texts() -> tuple[list[str], list[str]]:
    """The held-back messages that are emergencies, and all others."""
    lines = (PROJECT / "tests" / "detection" / "held_back.jsonl").read_text("utf-8").splitlines()
    messages = [json.loads(line) for line in lines]
    urgent = [one["text"] for one in messages if one["label"] == "emergency"]
    return urgent, [one["text"] for one in messages if one["label"] != "emergency"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.endurance.burst", description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--emergencies", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
