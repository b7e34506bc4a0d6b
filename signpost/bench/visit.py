"""One visit to a product: it is started, measured in several ways while it runs, and stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from statistics import median

from signpost.bench import processes
from signpost.bench.figures import Figures
from signpost.bench.load import MILLISECONDS, Outcome, converse, new_person, report, send_all
from signpost.bench.measures import COLD_START, FLOORS, LARGE, LATENCY, LONG, MEMORY, SENDERS, THROUGHPUT
from signpost.bench.plan import Plan
from signpost.bench.product import NoReply, Product, is_guidance, must_live
from signpost.mistakes import Mistake

ASK_EVERY_SECONDS = 0.25
END_TURNS = 20
"""So many turns at a conversation's start and end are compared."""
SAMPLE_SECONDS = 0.5
START_SECONDS = 600.0
"""A start may take so long on a machine that is busy otherwise."""
Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@contextmanager
def running(product: Product) -> Iterator[float]:
    """Starts it and stops it at the end; gives the seconds to its first right reply. Raises :class:`Mistake`."""
    try:
        began = time.monotonic()
        product.start()
        _first_reply(product)
        took = time.monotonic() - began
        with suppress(NoReply):
            # What was asked while it started is none of what is measured next.
            product.settle()
        yield took
    finally:
        product.stop()


def visit(product: Product, plan: Plan, figures: Figures, key: str, tell: Tell) -> None:
    """Takes everything the plan wants of a running product, and adds it under the product's ``key``. Raises :class:`Mistake`."""
    with running(product) as took:
        if plan.wants(COLD_START):
            figures.add("cold_start", key, took)
        # Messages written while it started have had their replies; then it rests.
        send_all(product, plan.warming, 4)
        if plan.wants(MEMORY):
            time.sleep(plan.rest)
            _add_memory(figures, "memory_idle", key, processes.memory(product.pids()))
        # What is held to a turn on an empty record needs one beside it.
        if plan.wants(THROUGHPUT, LATENCY, MEMORY, LARGE, FLOORS):
            _load(product, plan, figures, key, tell)
        if plan.wants(LONG):
            _long(product, plan, figures, key, tell)


def visit_large(product: Product, plan: Plan, figures: Figures, key: str, tell: Tell) -> None:
    """Measures a product whose record is large already. Raises :class:`Mistake`."""
    with running(product):
        send_all(product, plan.warming, 4)
        alone, _cpu = measured(product, plan.messages[1], 1, tell)
        many, cpu = measured(product, plan.messages[16], 16, tell)
        figures.add("large_p50", key, alone.share(0.5))
        figures.add("large_growth", key, alone.share(0.5) / figures.of("p50_1", key)[-1])
        figures.add("large_throughput_16", key, many.per_second)
        figures.add("large_cpu", key, cpu)


def measured(product: Product, count: int, senders: int, tell: Tell) -> tuple[Outcome, float]:
    """Sends so many reports: what came of it, and the processor's milliseconds each took. Raises :class:`Mistake`."""
    pids, what = product.pids(), f"{product.name}: {senders} sender{'s' if senders > 1 else ''}"
    before = processes.cpu_seconds(pids)
    outcome = send_all(product, count, senders, lambda done: tell(what, done, count))
    spent = processes.cpu_seconds(pids) - before
    must_live(product)
    if outcome.failed * 20 > count:
        raise Mistake(f"{product.name} left {outcome.failed} of {count} messages without a reply ({outcome.why}).")
    return outcome, spent * MILLISECONDS / count


def _load(product: Product, plan: Plan, figures: Figures, key: str, tell: Tell) -> None:
    with _watched(product) as most:
        for senders in SENDERS:
            outcome, cpu = measured(product, plan.messages[senders], senders, tell)
            figures.add(f"throughput_{senders}", key, outcome.per_second)
            figures.add(f"p50_{senders}", key, outcome.share(0.5))
            figures.add(f"p99_{senders}", key, outcome.share(0.99))
            figures.add(f"cpu_{senders}", key, cpu)
            figures.add("failed", key, outcome.failed)
            figures.add("wrong", key, outcome.wrong)
    if plan.wants(MEMORY):
        _add_memory(figures, "memory_loaded", key, max(most, key=lambda one: one.pss))


def _long(product: Product, plan: Plan, figures: Figures, key: str, tell: Tell) -> None:
    what = f"{product.name}: a conversation of {plan.turns} turns"
    try:
        seconds = converse(product, plan.turns, lambda done: tell(what, done, plan.turns))
    except NoReply as fault:
        raise Mistake(f"{product.name} broke off a long conversation: {fault}") from None
    # The very first turn also begins the conversation.
    first, last = median(seconds[1 : END_TURNS + 1]), median(seconds[-END_TURNS:])
    figures.add("turn_first", key, first * MILLISECONDS)
    figures.add("turn_last", key, last * MILLISECONDS)
    figures.add("turn_growth", key, last / first)


def _first_reply(product: Product) -> None:
    """Somebody new writes every quarter of a second, until one of them has been answered rightly."""
    answered, deadline = threading.Event(), time.monotonic() + START_SECONDS

    def ask(number: int) -> None:
        with suppress(NoReply):
            if is_guidance(product.send(new_person(), report(number))[1]):
                answered.set()

    number = 0
    while not answered.wait(ASK_EVERY_SECONDS):
        must_live(product)
        if time.monotonic() > deadline:
            raise Mistake(f"{product.name} gave no right reply within {START_SECONDS:.0f} s: {product.why_not()}")
        threading.Thread(target=ask, args=(number,), daemon=True).start()
        number += 1


@contextmanager
def _watched(product: Product) -> Iterator[list[processes.Memory]]:
    """The memory the product holds, again and again while the block runs."""
    seen, stop = [processes.memory(product.pids())], threading.Event()

    def look() -> None:
        while not stop.wait(SAMPLE_SECONDS):
            seen.append(processes.memory(product.pids()))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def _add_memory(figures: Figures, name: str, key: str, found: processes.Memory) -> None:
    figures.add(name, key, found.pss)
    figures.add(f"{name}_rss", key, found.rss)
