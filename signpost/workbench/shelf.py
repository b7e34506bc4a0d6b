"""The models of an installation: the one that runs, candidates that were trained, and former ones to go back to.

The one that runs is ``models/signpost.tar.gz`` with ``signpost.json``; the others are ``models/shelf/<key>.tar.gz``
with ``<key>.json``. A model is there when both its files are. Each change can die at any line: a model that is on its
way lies in both places, and the one that runs is always a whole one.
"""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from signpost.log.clock import Clock, utc_now
from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.workbench.files import is_whole, key_of, only_one, put_copy, read_about, sync, write_about

RUNNING, CANDIDATE, FORMER = "running", "candidate", "former"
KEPT = {CANDIDATE: 5, FORMER: 3}
"""How many of each lie on the shelf; the oldest beyond that are dropped."""
PROMOTED, ROLLED_BACK = "promoted", "rolled back"
CURRENT = "current"
SHORT = 8
FORGOTTEN_SECONDS = 24 * 3600
"""After so long what a training left behind that died is swept away."""


@dataclass(frozen=True)
class Model:
    """One model. Times are UTC without a zone.

    ``fit``: whether its comparison found it fit to run; none when there was none. ``verdict``: that in a sentence.
    ``chosen``: :data:`PROMOTED` or :data:`ROLLED_BACK` where a person put it in its place, else none.
    ``made_by``: the key of the job that trained it, or ``command``.
    """

    key: str
    fingerprint: str
    trained_at: datetime | None
    state: str
    file: Path
    since: datetime | None = None
    """Since when it has been in its state."""
    made_by: str | None = None
    fit: bool | None = None
    verdict: str | None = None
    chosen: str | None = None

    @property
    def short(self) -> str:
        """The beginning of the key, which is enough for people."""
        return self.key[:SHORT]


@dataclass(frozen=True)
class Change:
    """What a change came to: the model it was about, the one that ran before, and the keys of those that were dropped."""

    model: Model
    before: Model | None = None
    dropped: tuple[str, ...] = ()


class Shelf:
    """The models in the settings' folder. Whatever changes it waits for whoever changes it already."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self._running_file = settings.model_file
        self._running_about = settings.model_file.with_suffix("").with_suffix(".json")
        self._models = settings.models_folder
        self.folder = settings.models_folder / "shelf"
        self._clock = clock

    def running(self) -> Model | None:
        """The model that the assistant runs, or takes next; none when there is none."""
        if not self._running_file.is_file():
            return None
        about = read_about(self._running_about)
        key = about.get("key")
        if not isinstance(key, str):
            key = key_of(self._running_file)
            # A crash between the model and its description: it still has the one it came with.
            about = about or read_about(self._about(key))
        return _model(key, about, RUNNING, self._running_file)

    def candidates(self) -> list[Model]:
        """Trained and not promoted, the newest first."""
        return self._those(CANDIDATE)

    def former(self) -> list[Model]:
        """Those that ran before, the last one first."""
        return self._those(FORMER)

    def all(self) -> list[Model]:
        """The one that runs, the candidates, the former ones."""
        running = self.running()
        return [*([running] if running else []), *self.candidates(), *self.former()]

    def find(self, key: str) -> Model:
        """The model with this key, or the only one whose key begins so; ``current``: the one that runs.

        Raises :class:`Mistake` (exit status 2) where there is none, or more than one.
        """
        if key == CURRENT:
            running = self.running()
            if running is None:
                raise Mistake(f"There is no model in {self._models}. Run: signpost train")
            return running
        found = [one for one in self.all() if one.key == key] or [one for one in self.all() if one.key.startswith(key)]
        if not key or not found:
            raise Mistake(f"There is no model {key!r}. See: signpost models", 2)
        if len(found) > 1:
            raise Mistake(f"More than one model begins with {key!r}. Give more of it. See: signpost models", 2)
        return found[0]

    def add(self, file: Path, fingerprint: str, made_by: str) -> Change:
        """Moves a trained model to the shelf as a candidate. Raises :class:`Mistake` when it is no whole model."""
        self._need_whole(file)
        key = key_of(file)
        with self._alone():
            sync(file)
            file.replace(self._file(key))
            now = self._now()
            about = {"key": key, "fingerprint": fingerprint, "trained_at": now, "made_by": made_by}
            write_about(self._about(key), {**about, "state": CANDIDATE, "since": now})
            return Change(self.find(key), self.running(), self._trim())

    def install(self, file: Path, fingerprint: str, made_by: str) -> Change:
        """Moves a trained model to where it runs; the one that ran becomes a former one. Nobody chose it."""
        key = key_of(file)
        with self._alone():
            before = self._put_by(FORMER)
            sync(file)
            now = self._now()
            about = {"key": key, "fingerprint": fingerprint, "trained_at": now, "made_by": made_by, "since": now}
            self._put_in_place(lambda: file.replace(self._running_file), about)
            return Change(self.find(CURRENT), before, self._trim())

    def promote(self, key: str) -> Change:
        """Puts a model of the shelf where it runs; the one that ran becomes a former one.

        Raises :class:`Mistake` when it runs already, isn't there, or is damaged.
        """
        with self._alone():
            return self._promote(self.find(key), PROMOTED, FORMER)

    def roll_back(self) -> Change:
        """Puts the last former model where it runs; the one that ran becomes a candidate, to be promoted again at will.

        Raises :class:`Mistake` when there is none to go back to.
        """
        with self._alone():
            former = self.former()
            if not former:
                raise Mistake("There is no former model to go back to. See: signpost models")
            return self._promote(former[0], ROLLED_BACK, CANDIDATE)

    def discard(self, key: str) -> Model:
        """Takes a model from the shelf for good. Raises :class:`Mistake` when it runs, or isn't there."""
        with self._alone():
            model = self.find(key)
            if model.state == RUNNING:
                raise Mistake("This model runs. Promote another one, or roll back, before you discard it.")
            self._take_away(model.key)
            return model

    def note(self, key: str, *, fit: bool, verdict: str) -> None:
        """Keeps with a model what its comparison came to. Nothing happens where it is gone meanwhile."""
        with self._alone():
            for about_file in (self._about(key), self._running_about):
                about = read_about(about_file)
                if about.get("key") == key:
                    write_about(about_file, {**about, "fit": fit, "verdict": verdict})

    @contextlib.contextmanager
    def making(self) -> Iterator[Path]:
        """A folder to train in, on the same disk as the shelf; gone at the end."""
        with self._alone():
            self._sweep()
            folder = self.folder / f".new-{time.time_ns()}"
            folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _promote(self, model: Model, how: str, becomes: str) -> Change:
        if model.state == RUNNING:
            raise Mistake("This model runs already. Nothing was changed.")
        self._need_whole(model.file)
        about = {**read_about(self._about(model.key)), "chosen": how, "since": self._now()}
        # First where it lies: whatever happens from here on, it is known as the one that was chosen.
        write_about(self._about(model.key), about)
        before = self._put_by(becomes)
        self._put_in_place(lambda: put_copy(model.file, self._running_file), about)
        self._take_away(model.key)
        return Change(self.find(CURRENT), before, self._trim())

    def _put_by(self, state: str) -> Model | None:
        """Lays the model that runs on the shelf as well."""
        running = self.running()
        if running is None:
            return None
        about = read_about(self._running_about) or read_about(self._about(running.key))
        about = {name: value for name, value in about.items() if name != "chosen"}
        put_copy(running.file, self._file(running.key))
        write_about(self._about(running.key), {**about, "key": running.key, "state": state, "since": self._now()})
        return running

    def _put_in_place(self, put: Callable[[], object], about: dict[str, Any]) -> None:
        # The old description goes first: a crash in between never leaves a model under another's description.
        self._running_about.unlink(missing_ok=True)
        put()
        write_about(self._running_about, {name: value for name, value in about.items() if name != "state"})

    def _those(self, state: str) -> list[Model]:
        running = self.running()
        found = []
        for about_file in self.folder.glob("*.json"):
            about, file = read_about(about_file), about_file.with_suffix(".tar.gz")
            key = about_file.stem
            if about.get("key") == key and about.get("state") == state and file.is_file():
                found.append(_model(key, about, state, file))
        others = [one for one in found if running is None or one.key != running.key]
        return sorted(others, key=lambda one: (str(one.since), one.key), reverse=True)

    def _trim(self) -> tuple[str, ...]:
        self._sweep()
        over = [one for state, most in KEPT.items() for one in self._those(state)[most:]]
        for one in over:
            self._take_away(one.key)
        return tuple(one.key for one in over)

    def _sweep(self) -> None:
        """Clears away what a process left that died: halves of models, and the other place of the one that runs."""
        running = self.running()
        if running is not None and read_about(self._running_about).get("key") == running.key:
            self._take_away(running.key)
        for file in self.folder.glob("*.tar.gz"):
            if not self._about(file.name.removesuffix(".tar.gz")).is_file():
                file.unlink(missing_ok=True)
        for folder in self.folder.glob(".new-*"):
            if time.time() - folder.stat().st_mtime > FORGOTTEN_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def _take_away(self, key: str) -> None:
        self._about(key).unlink(missing_ok=True)
        self._file(key).unlink(missing_ok=True)

    def _need_whole(self, file: Path) -> None:
        if not is_whole(file):
            raise Mistake("This model's file is damaged, so it can't run. Discard it, and train again.")

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.tar.gz"

    def _about(self, key: str) -> Path:
        return self.folder / f"{key}.json"

    def _now(self) -> str:
        return self._clock().replace(tzinfo=timezone.utc).isoformat()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Mistake(
                f"{self.folder} can't be written: {fault.strerror}. Set SIGNPOST_MODELS to a folder that can."
            ) from None
        with only_one(self.folder):
            yield


def _model(key: str, about: dict[str, Any], state: str, file: Path) -> Model:
    return Model(
        key=key,
        fingerprint=_text(about, "fingerprint") or "",
        trained_at=_time(about, "trained_at"),
        state=state,
        file=file,
        since=_time(about, "since"),
        made_by=_text(about, "made_by"),
        fit=about["fit"] if isinstance(about.get("fit"), bool) else None,
        verdict=_text(about, "verdict"),
        chosen=_text(about, "chosen"),
    )


def _text(about: dict[str, Any], name: str) -> str | None:
    value = about.get(name)
    return value if isinstance(value, str) else None


def _time(about: dict[str, Any], name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(about[name])
    except (KeyError, TypeError, ValueError):
        return None
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment
