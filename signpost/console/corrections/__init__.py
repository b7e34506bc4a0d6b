"""Corrections: what reviewers overturned, for trainers to turn into training messages."""
