"""Telling people of alerts, by e-mail and by webhook: what is said, how it travels, and when it is said again."""
