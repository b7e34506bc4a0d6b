"""Runs one of Rasa's own commands without the noise of its older libraries: what ``signpost rasa ...`` runs."""

import sys
import warnings


def main() -> None:
    """Hands over to Rasa. Its own warnings about data and rules are still shown."""
    with warnings.catch_warnings():
        # Imported here, what warns at its import has warned in vain by the time that Rasa turns warnings on.
        warnings.simplefilter("ignore")
        import pkg_resources  # noqa: F401
        import rasa.core.tracker_store
        import rasa.shared.utils.validation  # noqa: F401
        from rasa.__main__ import main as rasa_main
    sys.argv[0] = "rasa"
    rasa_main()


if __name__ == "__main__":
    main()
