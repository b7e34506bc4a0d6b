"""Trains the Rasa model, only when what it is made from has changed: `signpost train`."""

import hashlib
import json
import sys
from datetime import datetime, timezone
from pathlib import Path

from signpost.jobs import run_job
from signpost.mistakes import Mistake
from signpost.processes import PROJECT, need_rasa
from signpost.settings import Settings

MADE_FROM = (
    "config.yml",
    "domain",
    "data",
    "bot/nlu",
    "bot/kinds.yml",
    "bot/labels.py",
    "bot/text.py",
    "requirements.lock",
)
KINDS = {".yml", ".yaml", ".py", ".json", ".onnx", ".lock", ".npz"}


def fingerprint(project: Path = PROJECT) -> str:
    """A hash of everything the model is made from: names and contents, in a fixed order."""
    total = hashlib.sha256()
    for part in MADE_FROM:
        place = project / part
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and file.suffix in KINDS:
                total.update(f"{file.relative_to(project)}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def trained_from(settings: Settings) -> str | None:
    """The fingerprint of what the present model was made from; none when there is no model."""
    about = settings.model_file.with_suffix("").with_suffix(".json")
    if not settings.model_file.is_file():
        return None
    try:
        return str(json.loads(about.read_text("utf-8"))["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def train(settings: Settings, *, force: bool = False) -> bool:
    """Trains when there is a need; true when it did. Raises :class:`Mistake` when the data can't be trained on."""
    need_rasa()
    now = fingerprint()
    if not force and trained_from(settings) == now:
        return False
    folder = settings.models_folder
    part = folder / "signpost-part.tar.gz"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".write-test"
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise Mistake(
            f"{folder} can't be written: {fault.strerror}. Set SIGNPOST_MODELS to a folder that can."
        ) from None
    command = (
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bot.train",
        "--output",
        str(folder.absolute()),
        "--name",
        part.name,
    )
    run_job(settings, command, "Training on what people say")
    about = {"fingerprint": now, "trained_at": datetime.now(timezone.utc).isoformat(timespec="seconds")}
    about_file = settings.model_file.with_suffix("").with_suffix(".json")
    # The old description goes first: a crash in between leaves a model that is trained again, never one mislabelled.
    about_file.unlink(missing_ok=True)
    part.replace(settings.model_file)
    about_file.write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    return True


def need_model(settings: Settings) -> str | None:
    """Raises :class:`Mistake` when there is no model; a sentence when it is older than its data; else none."""
    made_from = trained_from(settings)
    if made_from is None:
        raise Mistake(f"There is no model in {settings.models_folder}. Run: signpost train")
    if made_from != fingerprint():
        return "The model is older than its data. Run: signpost train"
    return None
