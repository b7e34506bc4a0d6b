"""Compares what a message costs with what is kept, and says in a sentence what grew."""

import json
import sys
from pathlib import Path

FILE = Path(__file__).with_name("kept.json")
MOST = 1.15
"""So many times what is kept may be reached."""
VERSION = ".".join(map(str, sys.version_info[:2]))
"""Of Python: each makes other calls, in its own library too."""
HOW = "If that is meant, accept it: make budgets"
Found = dict[str, dict[str, float]]


def kept(file: Path = FILE, version: str = VERSION) -> Found | None:
    """What is kept for this version of Python; none where nothing is."""
    return _all(file).get(version)


def accept(found: Found, file: Path = FILE, version: str = VERSION) -> None:
    """Keeps this from now on."""
    file.write_text(json.dumps({**_all(file), version: found}, indent=1, sort_keys=True) + "\n", "utf-8")


def grown(found: Found, before: Found) -> list[str]:
    """A sentence for each count that is too large now, or that nothing is kept for."""
    said = []
    for part, counts in found.items():
        for name, value in counts.items():
            allowed = before.get(part, {}).get(name)
            if allowed is None:
                said.append(f"Nothing is kept yet for the {name} of {part}. {HOW}")
            elif value > allowed * MOST:
                more = f"{100 * (value / allowed - 1):.0f} % more" if allowed else "where there were none"
                said.append(
                    f"{part[0].upper()}{part[1:]} grew: {value:,.1f} {name} a message, where {allowed:,.1f} are kept "
                    f"({more}). {HOW}"
                )
    return said


def least(one: Found, other: Found) -> Found:
    """Of each count the smaller; both hold the same ones."""
    return {
        part: {name: min(value, other[part][name]) for name, value in counts.items()} for part, counts in one.items()
    }


def _all(file: Path) -> dict[str, Found]:
    return json.loads(file.read_text("utf-8")) if file.exists() else {}
