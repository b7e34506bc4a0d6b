"""Alerts: what people must see, and who has seen it."""
