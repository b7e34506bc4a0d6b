"""Throws broken webhooks at the parsers, a million in a minute or two: ``python -m tests.fuzz`` or ``make fuzz``."""
