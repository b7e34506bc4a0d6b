"""Installs both products for the bench, as lean as each can be, and says how much room they take."""

import hashlib
from pathlib import Path
from typing import Any

from signpost.bench.cache import Cache
from signpost.bench.environments import build
from signpost.bench.runtime_lock import runtime_part
from signpost.bench.sizes import megabytes
from signpost.processes import PROJECT
from signpost.training import fingerprint

STOCK_PACKAGES = Path(__file__).parent / "stock" / "requirements.txt"
STOCK_GIGABYTES, OWN_GIGABYTES = 4.0, 1.5
OWN_PLACES = ("signpost", "actions", "bot", "domain", "data", "force", "migrations", "config.yml", "endpoints.yml")
NOT_OWN = ("signpost/console/frontend", "signpost/bench", "bot/standin")
"""Sources of the console's styles, the bench itself, and what is installed as a package anyway."""


def stock_environment(cache: Cache) -> Path:
    """The folder of an environment with stock Rasa and TensorFlow. Raises :class:`signpost.mistakes.Mistake`."""

    def make(folder: Path) -> dict[str, Any]:
        build(folder / "env", STOCK_PACKAGES)
        return {"megabytes": megabytes(folder / "env")}

    name = f"stock-environment-{_digest(STOCK_PACKAGES.read_bytes())}"
    return (
        cache.made(name, STOCK_GIGABYTES, make, "Installing stock Rasa with TensorFlow: about two minutes, 2.5 GB")[0]
        / "env"
    )


def own_environment(cache: Cache) -> Path:
    """The folder of an environment with what runs this product and nothing else. Raises :class:`signpost.mistakes.Mistake`."""
    packages = runtime_part(PROJECT / "requirements.lock")

    def make(folder: Path) -> dict[str, Any]:
        lock = folder / "requirements.txt"
        lock.write_text(packages, "utf-8")
        build(folder / "env", lock, hashed=False)
        return {"megabytes": megabytes(folder / "env")}

    name = f"own-environment-{_digest(packages.encode())}"
    return (
        cache.made(name, OWN_GIGABYTES, make, "Installing Signpost without its developers' tools: about a minute")[0]
        / "env"
    )


def own_megabytes(environment: Path) -> float:
    """The environment and the project's own files that run, the encoder among them."""
    code = megabytes(*(PROJECT / place for place in OWN_PLACES)) - megabytes(*(PROJECT / place for place in NOT_OWN))
    return megabytes(environment) + code


def own_inputs() -> str:
    """Names what this product's model is made from."""
    return fingerprint()[:16]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
