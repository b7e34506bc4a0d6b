"""The commands of ``signpost``, by theme; each imports what it needs when it runs."""
