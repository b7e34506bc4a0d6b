"""Installs both products for the bench, as lean as each can be, and says how much room they take."""

import hashlib
from pathlib import Path
from typing import Any

from signpost.bench.cache import Cache
from signpost.bench.environments import build
from signpost.bench.runtime_lock import runtime_part
from signpost.bench.sizes import megabytes
from signpost.processes import PROJECT

STOCK_PACKAGES = Path(__file__).parent / "stock" / "requirements.txt"
STOCK_GIGABYTES, OWN_GIGABYTES = 4.0, 1.5
OWN_PLACES = ("signpost", "actions", "bot", "domain", "data", "force", "migrations", "config.yml", "endpoints.yml")
NOT_OWN = ("signpost/console/frontend", "signpost/bench", "bot/standin")
"""Sources of the console's styles, the bench itself, and what is installed as a package anyway."""


def stock_environment(cache: Cache) -> Path:
    """The folder of an environment with stock Rasa and TensorFlow. Raises :class:`signpost.mistakes.Mistake`."""
    saying = "Installing stock Rasa with TensorFlow: about two minutes, 2.5 GB"
    return _environment(cache, "stock", STOCK_PACKAGES.read_text("utf-8"), STOCK_GIGABYTES, saying, hashed=True)


def own_environment(cache: Cache) -> Path:
    """The folder of an environment with what runs this product and nothing else. Raises :class:`signpost.mistakes.Mistake`."""
    saying = "Installing Signpost without its developers' tools: about a minute"
    packages = runtime_part(PROJECT / "requirements.lock")
    return _environment(cache, "own", packages, OWN_GIGABYTES, saying, hashed=False)


def own_megabytes(environment: Path) -> float:
    """The environment and the project's own files that run, the encoder among them."""
    code = megabytes(*(PROJECT / place for place in OWN_PLACES)) - megabytes(*(PROJECT / place for place in NOT_OWN))
    return megabytes(environment) + code


def _environment(  # noqa: PLR0913  # what differs between the two is named at each call
    cache: Cache, whose: str, packages: str, gigabytes: float, saying: str, *, hashed: bool
) -> Path:
    def make(folder: Path) -> dict[str, Any]:
        lock = folder / "requirements.txt"
        lock.write_text(packages, "utf-8")
        build(folder / "env", lock, hashed=hashed)
        return {"megabytes": megabytes(folder / "env")}

    digest = hashlib.sha256(packages.encode()).hexdigest()[:16]
    # Python itself is a link there, which leads nowhere once that Python has been replaced.
    name = f"{whose}-environment-{digest}"
    return cache.made(name, gigabytes, make, saying, needs="env/bin/python")[0] / "env"
