"""How long what the force writes may be on each channel, by the platforms' own rules."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """``unit``: as :func:`signpost.force.length.measure` counts."""

    longest: int
    unit: str


LENGTHS = {
    "messenger": Limit(2000, "characters"),
    "facebook_comment": Limit(8000, "characters"),
    "instagram_dm": Limit(1000, "bytes"),
    "instagram_comment": Limit(2200, "characters"),
    "x_dm": Limit(10_000, "characters"),
    "x_mention": Limit(280, "weighted"),
}
"""Send API, Instagram messaging and counting-characters documentation; for comments what the platforms' pages allow."""
