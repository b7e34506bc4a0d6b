"""Holds a model to messages whose right answer is known, and writes what comes of it for people: `signpost evaluate`."""
