"""Kills processes at random moments under load, and judges whether anything was lost or doubled: ``make test-crash``."""

import argparse
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from signpost.log.database import open_engine, reading

from .judging import Verdict, judge, settled
from .product import PROJECT, Product, running

TARGETS = ("intake", "desk", "assistant", "actions")
CHANNELS = ("messenger", "messenger", "instagram_dm", "facebook_comment", "instagram_comment", "x_dm", "x_mention")
AT_ONCE = 20
PATIENCE_SECONDS = 900
console = Console(stderr=True)


def main() -> int:
    """0 when nothing was lost or doubled, 1 when something was."""
    options = _options()
    chance = random.Random(options.seed)
    console.print(f"seed {options.seed}: {options.messages:,} messages, {options.kills} kills")
    with tempfile.TemporaryDirectory(prefix="signpost-crash-") as folder, running(Path(folder)) as product:
        verdict = _run(product, options, chance)
    print(json.dumps(verdict.as_dict(), indent=1))  # noqa: T201
    return 0 if verdict.good else 1


def _run(product: Product, options: argparse.Namespace, chance: random.Random) -> Verdict:
    # X's own limits would hold a check of minutes up for hours; every other rule of the platforms stays in force.
    product.control("limits", x_messages=10**6, x_messages_day=10**6, x_posts=10**6, x_posts_day=10**6)
    product.control("habits", batch=5, duplicates=0.1, reorder=True, latency=0.05)
    product.control("clock", factor=10.0)
    texts = _texts()
    stop = threading.Event()
    started = time.monotonic()
    with _progress() as progress:
        said = progress.add_task("said", total=options.messages)
        killed = progress.add_task("killed", total=options.kills)
        speaker = threading.Thread(
            target=_say_all,
            args=(product, texts, options, random.Random(options.seed), lambda: progress.advance(said, AT_ONCE)),
        )
        speaker.start()
        targets, done = itertools.cycle(TARGETS), 0
        while done < options.kills:
            stop.wait(chance.uniform(0.2, 2 * options.pause))
            # One that is just being started again is let be: the next one has its turn.
            if product.kill(next(targets)):
                done += 1
                progress.advance(killed)
        speaker.join()
    console.print(f"all said and {options.kills} killed after {time.monotonic() - started:.0f} s; waiting for the ends")
    return _verdict(product, started)


def _say_all(product: Product, texts: list[str], options: argparse.Namespace, chance: random.Random, done) -> None:
    """People write at a steady pace, for about as long as the killing lasts."""
    numbers = itertools.count()
    for _ in range(0, options.messages, AT_ONCE):
        messages = []
        for _one in range(AT_ONCE):
            number = next(numbers)
            messages.append(
                {
                    "channel": CHANNELS[number % len(CHANNELS)],
                    "text": texts[number % len(texts)],
                    "person": f"Resident {chance.randrange(options.messages)}",
                }
            )
        product.control("burst", messages=messages)
        done()
        time.sleep(options.pause * options.kills * AT_ONCE / options.messages)


def _verdict(product: Product, started: float) -> Verdict:
    engine = open_engine(f"sqlite:///{product.data / 'signpost.db'}")
    reads = reading(engine)
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < deadline:
            on_the_way = product.told("deliveries")
            with reads() as session:
                if not on_the_way["pending"] and not on_the_way["failing"] and settled(session):
                    break
            time.sleep(1)
        console.print(f"settled after {time.monotonic() - started:.0f} s; {json.dumps(on_the_way)}")
        said = set(_said(product))
        with reads() as session:
            return judge(session, said, product.told("sent")["sent"])
    finally:
        engine.dispose()


def _said(product: Product) -> list[str]:
    """The platforms' own ids of what people said, from their journal."""
    lines = (product.data / "platforms.jsonl").read_text("utf-8").splitlines()
    entries = (json.loads(line) for line in lines)
    return [entry["platform_id"] for entry in entries if entry["what"] == "said"]


def _texts() -> list[str]:
    """The held-back messages: of every kind, and written by the project itself."""
    lines = (PROJECT / "tests" / "detection" / "held_back.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.endurance.crash", description=__doc__)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two kills, on the average")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
