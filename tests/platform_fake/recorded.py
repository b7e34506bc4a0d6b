"""What the platforms themselves were seen to send and to answer, for comparing: read where it lies, never copied."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
RECORDINGS = Path(os.environ.get("SIGNPOST_PLATFORM_FIXTURES") or PROJECT.parent / "shared" / "platforms")
"""The folder of the recordings; it may be missing."""


def recorded(name: str) -> Any:
    """The recorded JSON of this name; skips the test where the recordings are missing."""
    file = RECORDINGS / name
    if not file.is_file():
        pytest.skip(reason=f"no {name}: SIGNPOST_PLATFORM_FIXTURES names the folder of the platforms' recordings")
    return json.loads(file.read_text("utf-8"))


def outline(value: Any, at: str = "") -> set[str]:
    """The paths of all that a JSON value holds; lists by their items, whatever their number."""
    if isinstance(value, dict):
        return {path for name, one in value.items() for path in (f"{at}.{name}", *outline(one, f"{at}.{name}"))}
    if isinstance(value, list):
        return {path for one in value for path in outline(one, f"{at}[]")}
    return set()
