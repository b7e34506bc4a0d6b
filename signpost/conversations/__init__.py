"""Conversation tests: whole conversations with the words and the record they must bring about (docs/training.md)."""
