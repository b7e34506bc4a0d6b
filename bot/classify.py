"""Judges messages without a server: ``python -m bot.classify MODEL IN.jsonl OUT.jsonl CHANNEL VISIBILITY``."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot import progress, quiet
from bot.left_out import leave_out, libraries
from bot.nlu.kind_list import NOT_GIVEN
from bot.text import clean, defuse


async def judge(agent: Any, text: str, metadata: dict[str, str]) -> dict[str, Any]:
    """``{label, scores, intent, reasons, unsure, kind}`` of one text; an empty one is no report, and nobody needs a model for that."""
    from rasa.core.channels.channel import UserMessage

    cleaned = clean(text)
    if not cleaned:
        scores = {"emergency": 0.0, "crime_report": 0.0, "not_report": 1.0}
        return {
            "label": "not_report",
            "scores": scores,
            "intent": None,
            "reasons": [],
            "unsure": False,
            "kind": NOT_GIVEN,
        }
    parsed = await agent.processor.parse_message(UserMessage(defuse(cleaned), metadata=metadata))
    decision = parsed["decision"]
    return {
        "label": decision["label"],
        "scores": decision["scores"],
        "intent": parsed["intent"]["name"],
        "reasons": parsed["reasons"],
        "unsure": decision["unsure"],
        # A model that was trained before there were kinds gives none.
        "kind": parsed.get("kind", NOT_GIVEN),
    }


def judge_file(model: str, source: Path, target: Path, metadata: dict[str, str]) -> None:
    """Writes one line to ``target`` for each line of ``source``, in order. The source was checked by the caller."""
    from bot.assistant import without_dialogues

    agent = without_dialogues(model)
    lines = [line for line in source.read_text("utf-8").split("\n") if line.strip()]
    with target.open("w", encoding="utf-8") as stream:
        for done, line in enumerate(lines, 1):
            item = json.loads(line)
            found = asyncio.run(judge(agent, item["text"], metadata))
            stream.write(json.dumps({"id": item["id"], **found}, ensure_ascii=True) + "\n")
            if done % 10 == 0 or done == len(lines):
                progress.report(done, len(lines))


def main() -> int:
    """Exit status 0 when every line was judged."""
    model, source, target, channel, visibility = sys.argv[1:6]
    quiet.quieten()
    leave_out(libraries({}))
    judge_file(model, Path(source), Path(target), {"channel": channel, "visibility": visibility})
    return 0


if __name__ == "__main__":
    sys.exit(main())
