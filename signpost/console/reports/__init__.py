"""Figures for those who lead the work: how much came in, when, of which kind, and how it was seen to. Nobody's data."""
