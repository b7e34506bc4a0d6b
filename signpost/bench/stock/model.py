"""The stock project with its trained model, kept by the hash of what it is made from."""

# DIET takes a minute or more an epoch on our data, so a model of fewer epochs can be asked for. It answers as fast as one of all
# of them; how long the whole would have trained is reckoned from the epochs that it did.

import shutil
from pathlib import Path
from typing import Any

from signpost.bench import processes
from signpost.bench.cache import Cache
from signpost.bench.installing import STOCK_PACKAGES
from signpost.bench.machine import machine
from signpost.bench.stock.project import fingerprint, write_project
from signpost.bench.stock.running import stock_environment
from signpost.bench.training_time import first_epochs, missing_seconds
from signpost.processes import PROJECT

NAME = "stock"
GIGABYTES = 2.0
EPOCHS = 100
"""Of `rasa init`."""


class StockModel:
    """``environment``: the folder of stock Rasa's. The project is written into the cache and copied from there.

    ``epochs``: of DIET, which takes almost all of the time.
    """

    def __init__(self, cache: Cache, environment: Path, epochs: int = EPOCHS) -> None:
        self._cache = cache
        self._epochs = epochs
        self.python = environment / "bin" / "python"
        self._written = cache.folder / "stock-project"
        shutil.rmtree(self._written, ignore_errors=True)
        self._written.mkdir(parents=True)
        write_project(self._written, PROJECT, epochs)

    def trained(self) -> tuple[Path, dict[str, Any]]:
        """The model, and what its training took, as :meth:`_train` says. Raises :class:`signpost.mistakes.Mistake`."""
        name = f"stock-model-{fingerprint(self._written, STOCK_PACKAGES)}"
        folder, noted = self._cache.made(name, GIGABYTES, self._train, self._about())
        return folder / "models" / f"{NAME}.tar.gz", noted

    def train_again(self, folder: Path) -> dict[str, Any]:
        """Trains once more, into an empty folder; what that took."""
        return self._train(folder)

    def copy_project(self, folder: Path) -> None:
        """Puts what running needs into ``folder``, beside whatever databases are there."""
        for name in ("config.yml", "credentials.yml", "endpoints.yml", "domain.yml"):
            shutil.copyfile(self._written / name, folder / name)
        shutil.copytree(self._written / "actions", folder / "actions", dirs_exist_ok=True)

    def megabytes_of(self, model: Path) -> float:
        """How large the model is."""
        return model.stat().st_size / 10**6

    def _about(self) -> str:
        return f"Training stock Rasa on our data, DIET with {self._epochs} epochs of a minute or more each"

    def _train(self, folder: Path) -> dict[str, Any]:
        """``seconds`` of all ``epochs``; ``whole_seconds`` as they would be with all that `rasa init` has; and the machine."""
        project = folder / "project"
        shutil.copytree(self._written, project)
        command = [str(self.python.absolute()), "-W", "ignore", "-m", "rasa", "train", "--fixed-model-name", NAME]
        command += ["--out", str((folder / "models").absolute())]
        # An action server isn't needed for it, but its port is, for the file to be read.
        seconds = processes.run(command, project, stock_environment(0), folder / "train.log")
        shutil.rmtree(project)
        trained = first_epochs((folder / "train.log").read_text("utf-8", "replace"))
        missing = missing_seconds(trained, EPOCHS) if trained and self._epochs < EPOCHS else 0.0
        return {
            "seconds": round(seconds, 1),
            "epochs": self._epochs,
            "whole_seconds": round(seconds + missing, 1),
            "machine": machine(folder),
        }
