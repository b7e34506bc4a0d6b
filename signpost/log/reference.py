"""References for escalations: short, and spoken over the telephone without mistaking one letter for another."""

import secrets

# Without vowels (no words), and without what sounds or looks alike: B D P T V / M N / F S / I J / 0 O 1 I 5 S 2 Z 8 B.
LETTERS = "CDFGHKLMRWXY"
DIGITS = "34679"
ALPHABET = LETTERS + DIGITS


def new_reference() -> str:
    """Three characters, a hyphen, three characters: 24 million of them, chosen at random so that none tells how many."""
    while True:
        first, second = ("".join(secrets.choice(ALPHABET) for _ in range(3)) for _ in range(2))
        # A reference must not look like the number to call.
        if "999" not in first + second:
            return f"{first}-{second}"
