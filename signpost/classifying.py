"""Judges a file of messages with the trained model, without a server: `signpost classify`."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from signpost.force.channels import channel_named
from signpost.force.mandate import load_mandate
from signpost.jobs import run_job
from signpost.jsonl import check_id, read_jsonl, write_target
from signpost.processes import need_rasa
from signpost.settings import Settings
from signpost.training import need_model


def classify(settings: Settings, source: Path, target: Path, channel_name: str) -> str | None:
    """Writes ``{id, label, scores, intent, reasons, unsure, kind}`` for each ``{id, text}``; a warning or none.

    Raises :class:`signpost.mistakes.Mistake` when the file, the channel or the model won't do.
    """
    need_rasa()
    channel = channel_named(load_mandate(settings.force_folder), channel_name)
    read_jsonl(source, _check)
    write_target(target)
    warning = need_model(settings)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".classify-") as folder:
        part = Path(folder) / "out.jsonl"
        model, files = str(settings.model_file.absolute()), (str(source.absolute()), str(part.absolute()))
        command = (sys.executable, "-W", "ignore", "-m", "bot.classify", model, *files, channel.key, channel.visibility)
        run_job(settings, command, "Judging messages")
        part.replace(target)
    return warning


def _check(item: dict[str, Any]) -> str | None:
    if not isinstance(item.get("text"), str):
        return "text is missing or not a string"
    return check_id(item)
