"""Settings for a rehearsal: small platforms on this machine in place of the real ones (``up --with-fake-platforms``)."""

import os
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from signpost.mistakes import Mistake
from signpost.settings import Settings

SECRETS = Path(__file__).parents[1] / "tests" / "platform_fake" / "secrets.py"


def rehearsed(settings: Settings) -> Settings:
    """The settings with the small platforms' addresses, accounts and secrets, none of which opens anything real.

    Raises :class:`Mistake` when this installation came without the platforms.
    """
    given = {**os.environ, **variables(settings.platforms_port)}
    return replace(Settings.from_environment(given), data_folder=settings.data_folder, port_base=settings.port_base)


def variables(port: int) -> dict[str, str]:
    """The environment of a rehearsal whose platforms listen at ``port``: settings, and the accounts' tokens."""
    if not SECRETS.exists():
        raise Mistake("The rehearsal's platforms come with the project's repository; this installation has none.")
    environment: Callable[[int], dict[str, str]] = runpy.run_path(str(SECRETS))["environment"]
    return environment(port)
