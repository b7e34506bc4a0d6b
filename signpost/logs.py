"""Logs of the service's own processes: one line an event, with ids and never with what a person wrote."""

import logging

import structlog


def configure_logs(level: str) -> None:
    """Writes events of ``level`` and above to standard output, with the time in UTC."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(),
    )
