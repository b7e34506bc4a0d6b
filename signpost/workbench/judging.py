"""What two models make of the project's own messages: those that are held back, and those that are trained on."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from signpost.corpus.reading import read_corpus
from signpost.evaluation.gold import UNSURE, Message, read_gold
from signpost.evaluation.predictions import Case, prediction_of
from signpost.force.channels import channel_named
from signpost.force.mandate import load_mandate
from signpost.processes import PROJECT
from signpost.settings import Settings
from signpost.workbench.shelf import Model, Shelf
from signpost.workbench.work import Work

HELD_BACK = PROJECT / "tests" / "detection" / "held_back.jsonl"
TRAINED_ON = PROJECT / "data" / "nlu"
CHANNEL = "messenger"
"""By whose thresholds messages are decided: those of private ones, as the gate asks."""
JUDGING = "Judging the project’s own messages with both models"


@dataclass(frozen=True)
class Judged:
    """One message with both models' answers. ``place``: where it stands, ``held_back.jsonl:hb-0001`` or ``theft.yml:12``."""

    place: str
    held_back: bool
    now: Case
    candidate: Case


def judge_both(settings: Settings, now: Model, candidate: Model, work: Work) -> list[Judged]:
    """Every message that has a right answer, with both answers.

    Raises :class:`signpost.mistakes.Mistake` when a model or a file of messages won't do.
    """
    held_back = [one for one in read_gold(HELD_BACK) if one.label != UNSURE]
    places = [(f"{HELD_BACK.name}:{one.id}", one) for one in held_back]
    places += [(one.place, Message(one.place, one.text, one.label)) for one in read_corpus(TRAINED_ON)]
    work.step(JUDGING)
    with Shelf(settings).making() as folder:
        source, target = folder / "messages.jsonl", folder / "judged.jsonl"
        write_messages(source, (message.text for _place, message in places))
        channel = channel_named(load_mandate(settings.force_folder), CHANNEL)
        models = (str(now.file.absolute()), str(candidate.file.absolute()))
        files = (str(source.absolute()), str(target.absolute()))
        command = (sys.executable, "-W", "ignore", "-m", "bot.compare", *models, *files)
        work.run((*command, channel.key, channel.visibility), JUDGING)
        answers = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    return [
        Judged(
            place,
            number < len(held_back),
            Case(message, prediction_of(answer["now"])),
            Case(message, prediction_of(answer["candidate"])),
        )
        for number, ((place, message), answer) in enumerate(zip(places, answers, strict=True))
    ]


def write_messages(file: Path, texts: Iterable[str]) -> None:
    """As `signpost classify` reads them, numbered."""
    with file.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(texts):
            stream.write(json.dumps({"id": number, "text": text}) + "\n")
