"""Whom staff ask, and what only the force can say of its processing: what ``force/contacts.yml`` holds, checked."""

from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from signpost.mistakes import Mistake

LONGEST = 500


@dataclass(frozen=True)
class Contacts:
    """A line of plain text each; empty where the force hasn't said it yet."""

    help: str = ""
    accessibility: str = ""
    data_protection: str = ""
    privacy_notice: str = ""
    lawful_basis: str = ""


def load_contacts(force_folder: Path) -> Contacts:
    """The file's contents; all empty where there is no file. Raises :class:`Mistake` where it can't be understood."""
    file = force_folder / "contacts.yml"
    try:
        given = yaml.safe_load(file.read_text("utf-8"))
    except FileNotFoundError:
        return Contacts()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise Mistake(f"{file} can't be read: {type(fault).__name__}.") from None
    if given is None:
        return Contacts()
    names = [one.name for one in fields(Contacts)]
    if not isinstance(given, dict):
        raise Mistake(f"{file} must hold names and texts: {', '.join(names)}.")
    for name, text in given.items():
        if name not in names:
            raise Mistake(f"{file}: {name!r} isn't known; there are {', '.join(names)}.")
        if text is not None and (not isinstance(text, str) or len(text) > LONGEST):
            raise Mistake(f"{file}: {name} must be text of at most {LONGEST} characters, between quotation marks.")
    return Contacts(**{name: (text or "").strip() for name, text in given.items()})
