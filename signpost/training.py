"""Trains the Rasa model, only when what it is made from has changed: `signpost train`."""

import hashlib
import sys
from pathlib import Path

from signpost.jobs import run_job
from signpost.mistakes import Mistake
from signpost.processes import PROJECT, need_rasa
from signpost.settings import Settings
from signpost.workbench.shelf import Model, Shelf

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
BY_COMMAND = "command"
"""Who made a model that no job of the workbench did."""
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


def is_current(model: Model, project: Path = PROJECT) -> bool:
    """Whether the model was made from what is there now. Raises OSError."""
    return bool(model.fingerprint) and fingerprint(project) == model.fingerprint


def trained_from(settings: Settings) -> str | None:
    """The fingerprint of what the present model was made from; none when there is no model."""
    try:
        running = Shelf(settings).running()
    except OSError:
        return ""
    return running.fingerprint if running else None


def training_command(folder: Path, name: str) -> tuple[str, ...]:
    """The program that trains, and leaves the model in the folder under this name."""
    return (
        *(sys.executable, "-W", "ignore", "-m", "bot.train"),
        *("--output", str(folder.absolute()), "--name", name),
    )


def train(settings: Settings, *, force: bool = False) -> bool:
    """Trains when there is a need; true when it did. The model it makes is the one that runs.

    A model that a person chose stays, whatever its age, unless ``force`` is given: :func:`kept_by_choice` says so.
    Raises :class:`Mistake` when the data can't be trained on.
    """
    need_rasa()
    now = fingerprint()
    if not force and (trained_from(settings) == now or _chosen(settings)):
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
    run_job(settings, training_command(folder, part.name), "Training on what people say")
    Shelf(settings).install(part, now, BY_COMMAND)
    return True


def kept_by_choice(settings: Settings) -> str | None:
    """A sentence where the model that runs is older than its data, and stays because a person chose it; else none."""
    chosen = _chosen(settings)
    if not chosen or trained_from(settings) == fingerprint():
        return None
    return (
        f"The model that runs was {chosen} by a person, so it stays, though its data has changed since. "
        "Train a candidate in the workbench, or replace it: signpost train --force"
    )


def _chosen(settings: Settings) -> str | None:
    running = Shelf(settings).running()
    return running.chosen if running else None


def need_model(settings: Settings) -> str | None:
    """Raises :class:`Mistake` when there is no model; a sentence when it is older than its data; else none."""
    made_from = trained_from(settings)
    if made_from is None:
        raise Mistake(f"There is no model in {settings.models_folder}. Run: signpost train")
    if made_from != fingerprint():
        return kept_by_choice(settings) or "The model is older than its data. Run: signpost train"
    return None
