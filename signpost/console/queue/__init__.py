"""The queue: what staff should look at, the most urgent first."""
