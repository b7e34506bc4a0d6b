"""Measures this product and stock Rasa side by side: ``signpost bench`` (docs/benchmarks.md)."""
