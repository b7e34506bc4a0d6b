"""What a message costs in counts that every machine agrees on, held to what is kept in ``kept.json``."""
