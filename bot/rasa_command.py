"""Runs one of Rasa's own commands without the noise of its older libraries: what ``signpost rasa ...`` runs."""

import sys
import warnings
from typing import Any

TRAINERS = ("shell", "interactive")
"""Commands in which a trainer plays the public. What they write is no stored message, so there is none to escalate; and
the server that Rasa starts beside them is for this machine alone."""


def main() -> None:
    """Hands over to Rasa. Its own warnings about data and rules are still shown."""
    with warnings.catch_warnings():
        # Imported here, what warns at its import has warned in vain by the time that Rasa turns warnings on.
        warnings.simplefilter("ignore")
        import pkg_resources  # noqa: F401
        import rasa.core.tracker_store
        import rasa.shared.utils.validation  # noqa: F401
        from rasa.__main__ import main as rasa_main
        from rasa.utils import common
    # What libraries of 2023 say of newer ones is for their authors.
    common.EXPECTED_WARNINGS.append((DeprecationWarning, ""))
    if sys.argv[1:2] and sys.argv[1] in TRAINERS:
        _log_nothing()
        _listen_here_only()
    sys.argv[0] = "rasa"
    rasa_main()


def _log_nothing() -> None:
    from rasa.core.actions.action import RemoteAction

    async def run(_self: RemoteAction, *_arguments: Any, **_named: Any) -> list[Any]:
        return []

    RemoteAction.run = run


def _listen_here_only() -> None:
    from sanic import Sanic

    serve = Sanic.run

    def run(app: Sanic, *arguments: Any, **named: Any) -> None:
        serve(app, *arguments, **{**named, "host": "127.0.0.1"})

    Sanic.run = run


if __name__ == "__main__":
    main()
