"""Signpost's custom actions; the action server registers each one it finds here."""

from actions.escalation import ActionLogEscalation

__all__ = ["ActionLogEscalation"]
