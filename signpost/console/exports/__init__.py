"""Exports and requests: each an audited disclosure or erasure."""
