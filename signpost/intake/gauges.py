"""How the record stands, as Prometheus' gauges."""

from collections.abc import Callable, Iterator
from datetime import timezone

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy.exc import SQLAlchemyError

from signpost.log.standing import Standing

log = structlog.get_logger("signpost.intake")


def gauges(standing: Callable[[], Standing]) -> Iterator[Metric]:
    """The gauges; ``signpost_record_up`` alone, at 0, when the database doesn't answer."""
    try:
        now = standing()
    except SQLAlchemyError as fault:
        log.error("record_away", fault=type(fault).__name__)
        yield GaugeMetricFamily("signpost_record_up", "Whether the database answers.", value=0)
        return
    yield GaugeMetricFamily("signpost_record_up", "Whether the database answers.", value=1)
    yield GaugeMetricFamily(
        "signpost_messages_waiting", "Messages that haven't come to their end.", value=now.messages_waiting
    )
    yield GaugeMetricFamily(
        "signpost_oldest_waiting_seconds", "Age of the oldest of them, 0 without any.", value=now.oldest_waiting_seconds
    )
    yield GaugeMetricFamily("signpost_replies_waiting", "Replies not yet delivered.", value=now.replies_waiting)
    yield CounterMetricFamily("signpost_replies_failed", "Replies that can't be delivered.", value=now.replies_failed)
    alerts = GaugeMetricFamily("signpost_alerts_open", "Alerts that nobody has put right yet.", labels=["kind"])
    for kind, number in now.alerts_open.items():
        alerts.add_metric([kind], number)
    yield alerts
    received = GaugeMetricFamily(
        "signpost_account_last_received_timestamp_seconds", "When an account's last webhook came (Unix time).",
        labels=["platform", "account"],
    )  # fmt: skip
    for (platform, account), time in now.last_received.items():
        received.add_metric([platform, account], time.replace(tzinfo=timezone.utc).timestamp())
    yield received
