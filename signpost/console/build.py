"""The styles and scripts that are built from GOV.UK Frontend and MoJ Frontend (``frontend/``, ``make assets``)."""

from pathlib import Path

BUILD = Path(__file__).parent / "static" / "build"
NOT_BUILT = "The console's styles aren't built, so its pages are plain. Build them with: make assets"


def is_built(folder: Path = BUILD) -> bool:
    """Whether they are there. Without them pages are plain, and still whole."""
    return all((folder / name).is_file() for name in ("console.css", "govuk.js", "moj.js"))
