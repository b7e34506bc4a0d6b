"""Senders that each write, wait for the reply, and write again; and what came of it."""

import itertools
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from signpost.bench.product import NoReply, Product, is_guidance

MILLISECONDS = 1000.0
_people = itertools.count(int(time.time()) * 100_000)
_told = itertools.count()
TEXTS = (
    "someone broke into my car last night and stole my laptop from the back seat",
    "my neighbour's shed was broken into at the weekend and his bike is gone",
    "somebody has nicked the lead off the church roof again, about two tonnes of it",
    "my purse was stolen out of my bag while I was in the supermarket yesterday",
    "our garage was burgled overnight and they took both of the mountain bikes",
    "a man snatched my phone out of my hand outside the station this afternoon",
    "two lads have smashed the windows of the bus shelter on our road last night",
    "I have been scammed out of nine hundred pounds by somebody who said he was my bank",
    "somebody keyed my van from end to end while it was parked outside the house",
    "my ex partner keeps sending me threatening messages and I want to report him",
    "they stole the catalytic converter off my car while I was at work on Tuesday",
    "I want to report a theft, someone took a parcel from my doorstep this morning",
    "there was a break in at our shop last night and the till has been emptied",
    "somebody has slashed all four tyres on my car, it happened some time last night",
    "my quad bike has been stolen from the barn, the lock on the gate was cut through",
    "a group of men assaulted my brother outside the pub on Saturday night",
)
"""Reports, invented, of the length at which most are written."""


def new_person() -> str:
    """Somebody who never wrote before."""
    return str(next(_people))


def report(number: int) -> str:
    """One of the texts, with something of its own, so that no two are the same: what is known of a text helps with no other."""
    return f"{TEXTS[number % len(TEXTS)]}, by lamp post {number}"


def question(number: int) -> str:
    """What always gets an answer, however often it is asked, and is never put in the same words."""
    hour, minute = number // 60 % 24, number % 60
    return f"is anyone actually reading the messages that people send to this page at {hour:02}:{minute:02} at night?"


@dataclass
class Outcome:
    """What so many messages came to. ``seconds``: each one's time to its reply; ``whole``: from the first to all being logged."""

    seconds: list[float] = field(default_factory=list)
    whole: float = 0.0
    failed: int = 0
    wrong: int = 0
    """Reports whose reply wasn't the guidance: what was measured is then another way than it should be."""
    why: str = ""
    """Why the last that failed did."""

    @property
    def per_second(self) -> float:
        """Messages that were answered and logged, a second."""
        return len(self.seconds) / self.whole if self.whole else 0.0

    def share(self, part: float) -> float:
        """Milliseconds in which this share of the messages was answered; not a number where none was."""
        in_order = sorted(self.seconds)
        return in_order[max(math.ceil(part * len(in_order)) - 1, 0)] * MILLISECONDS if in_order else math.nan


def send_all(product: Product, count: int, senders: int, tell: Callable[[int], None] = lambda _done: None) -> Outcome:
    """``count`` reports by new people, ``senders`` of them at a time; ``tell`` hears how many are done."""
    outcome, lock, numbers = Outcome(), threading.Lock(), iter(range(count))

    def work() -> None:
        while True:
            with lock:
                if next(numbers, None) is None:
                    return
            try:
                took, said = product.send(new_person(), report(next(_told)))
            except NoReply as fault:
                took, said, outcome.why = None, "", str(fault)
            with lock:
                if took is None:
                    outcome.failed += 1
                else:
                    outcome.seconds.append(took)
                    outcome.wrong += not is_guidance(said)
                tell(len(outcome.seconds) + outcome.failed)

    # Daemons: whoever presses Ctrl+C needn't wait for replies that won't come.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(senders)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    product.settle()
    outcome.whole = time.monotonic() - began
    return outcome


def converse(product: Product, turns: int, tell: Callable[[int], None] = lambda _done: None) -> Sequence[float]:
    """One person asks again and again: each turn's seconds. Raises :class:`NoReply`."""
    person, seconds = new_person(), []
    for number in range(turns):
        seconds.append(product.send(person, question(number))[0])
        product.settle()
        tell(number + 1)
    return seconds
