"""Judges messages with two models: ``python -m bot.compare MODEL MODEL IN.jsonl OUT.jsonl CHANNEL VISIBILITY``.

A line ``{id, text}`` becomes ``{id, now: {label, scores}, candidate: {label, scores}}``. Both models use one encoder,
which is most of the work, so a message is read once; and one whose vector a training has kept isn't read at all.
"""

import asyncio
import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from bot import progress, quiet
from bot.classify import judge
from bot.nlu.sentences import MOST

REPORT_EVERY = 50


def share_encoder() -> None:
    """From here on each model that is loaded uses the same encoder, and it remembers the last message with its sentences.

    What it knows of a message by its kept vector alone is enough for the label and the scores, and not for the reasons.
    """
    from bot.nlu import encoder, vectors

    class Shared(encoder.Encoder):
        def __init__(self) -> None:
            super().__init__()
            self._kept = vectors.read_kept(Path(os.environ.get(vectors.VARIABLE) or os.devnull), self.version)

        @lru_cache(maxsize=MOST + 1)  # noqa: B019  # one message of one encoder, in a process that ends with its work
        def encode(self, text: str) -> list[encoder.Window]:
            kept = self._kept.get(vectors.key_of(text))
            # Only of a message that is read in one go does the kept vector say all.
            if kept is None or self._tokenizer.encode(text).overflowing:
                return super().encode(text)
            return [encoder.Window(kept, np.zeros((0, len(kept)), dtype=np.float32), [])]

    one = Shared()
    # Before the classifier is imported, which takes it from there.
    encoder.Encoder = lambda: one  # type: ignore[assignment, misc]


async def judge_all(agents: dict[str, Any], lines: list[str], stream: TextIO, metadata: dict[str, str]) -> None:
    """Writes one line for each line, in order. They were checked by the caller."""
    for done, line in enumerate(lines, 1):
        item = json.loads(line)
        judged = {name: await judge(agent, item["text"], metadata) for name, agent in agents.items()}
        found = {name: {"label": one["label"], "scores": one["scores"]} for name, one in judged.items()}
        stream.write(json.dumps({"id": item["id"], **found}) + "\n")
        if done % REPORT_EVERY == 0 or done == len(lines):
            progress.report(done, len(lines))


def main() -> int:
    """Exit status 0 when every line was judged by both, 1 with a sentence on standard error."""
    now, candidate, source, target, channel, visibility = sys.argv[1:7]
    quiet.quieten()
    share_encoder()

    from bot.assistant import without_dialogues

    try:
        agents = {"now": without_dialogues(now), "candidate": without_dialogues(candidate)}
    except Exception as fault:  # noqa: BLE001  # whatever is wrong with the file
        sys.stderr.write(f"There is a model that can't be loaded ({type(fault).__name__}).\n")
        return 1
    context = {"channel": channel, "visibility": visibility}
    lines = [line for line in Path(source).read_text("utf-8").split("\n") if line.strip()]
    with Path(target).open("w", encoding="utf-8") as stream:
        asyncio.run(judge_all(agents, lines, stream, context))
    return 0


if __name__ == "__main__":
    sys.exit(main())
