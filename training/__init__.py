"""Trains the encoder: a task of its own, in an environment of its own (training/README.md)."""
