"""Slack's client, as far as Rasa's imports go: see ``signpost_standin`` next door."""

from signpost_standin import stand_in

__getattr__ = stand_in("slack_sdk")
