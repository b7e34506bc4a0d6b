"""What is counted for whoever watches the service, in Prometheus' form; never anything a person wrote or is known by."""

import re
import threading
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from signpost.intake.receiving import Tally

MOST_KINDS = 100
OTHER = "other"
OUTCOMES = ("stored", "known", "erased", "unknown_account")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
"""Platforms give up after 5 to 20 s (Meta's webhook documentation), 10 s (X API documentation)."""
_KIND = re.compile(r"[a-z_.]{1,40}")


class Metrics:
    """The counts of one process, in a registry of their own, and what the record says at the moment they are read."""

    def __init__(self, record: Callable[[], Iterator[Metric]]) -> None:
        self._registry = CollectorRegistry()
        self._kinds: set[str] = set()
        self._lock = threading.Lock()
        self._webhooks = Counter(
            "signpost_webhooks", "Webhooks, by the status they were answered with.", ["platform", "answer"],
            registry=self._registry,
        )  # fmt: skip
        self._events = Counter(
            "signpost_events", "What came of the events in them.", ["platform", "kind"], registry=self._registry
        )
        self._refused = Counter(
            "signpost_refused", "Requests that weren't taken, by reason.", ["platform", "reason"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "signpost_webhook_seconds", "Seconds until a webhook was answered.", ["platform"],
            buckets=SECONDS, registry=self._registry,
        )  # fmt: skip
        self._registry.register(_Record(record))

    def answered(self, platform: str, status: int, seconds: float) -> None:
        """A webhook was answered."""
        self._webhooks.labels(platform, str(status)).inc()
        self._seconds.labels(platform).observe(seconds)

    def took(self, platform: str, tally: Tally) -> None:
        """A webhook's events are in the record."""
        for kind in OUTCOMES:
            self._events.labels(platform, kind).inc(getattr(tally, kind))
        for kind, number in tally.noted.items():
            self._events.labels(platform, self._bounded(kind)).inc(number)

    def refused(self, platform: str, reason: str) -> None:
        """A webhook or a handshake wasn't taken."""
        self._refused.labels(platform, reason).inc()

    def text(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self._registry)

    def _bounded(self, kind: str) -> str:
        """The kind as a label: platforms invent fields, and every label is kept for as long as the process runs."""
        if kind in OUTCOMES or not _KIND.fullmatch(kind):
            return OTHER
        with self._lock:
            if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
                return OTHER
            self._kinds.add(kind)
        return kind


class _Record(Collector):
    """The gauges: read when somebody asks, not kept."""

    def __init__(self, read: Callable[[], Iterator[Metric]]) -> None:
        self._read = read

    def describe(self) -> list[Metric]:
        """Nothing: without this, the registry would read the record as soon as it is made."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What the record says now."""
        return self._read()
