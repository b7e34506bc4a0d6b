"""The sentences of a long message: a crime that is told on the way to something else stands in one or two of them."""

import re

LONG = 200
"""Characters; a shorter message is taken as a whole only."""
LONGEST = 4_000
"""Characters; of a longer message the encoder's windows are small beside the whole, and nobody should wait for both."""
LEAST = 16
"""Characters; fewer say nothing by themselves."""
MOST = 24
"""A message of more is read in this many stretches, so that no message takes long."""
_END = re.compile(r"(?<=[.!?…\n])\s+")


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Where each sentence, or stretch of sentences, begins and ends; none where the message is short, very long, or has only one."""
    if not LONG <= len(text) <= LONGEST:
        return []
    ends = [(found.start(), found.end()) for found in _END.finditer(text)]
    starts = [0, *(after for _, after in ends)]
    spans = [
        (start, end)
        for start, end in zip(starts, [*(before for before, _ in ends), len(text)], strict=True)
        if end - start >= LEAST
    ]
    if len(spans) < 2:  # noqa: PLR2004  # one sentence is the message itself
        return []
    together = -(-len(spans) // MOST)
    return [(spans[i][0], spans[min(i + together, len(spans)) - 1][1]) for i in range(0, len(spans), together)]
