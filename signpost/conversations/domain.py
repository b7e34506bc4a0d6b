"""What the assistant can understand and say: the intents and the responses of ``domain/``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from signpost.mistakes import Mistake


@dataclass(frozen=True)
class Domain:
    """All intents in order; each response's texts by channel, with that for every other channel under none."""

    intents: tuple[str, ...]
    responses: dict[str, dict[str | None, str]]

    def text(self, response: str, channel: str) -> str | None:
        """What a response says on a channel (its key); none where there is no such response."""
        texts = self.responses.get(response, {})
        return texts.get(channel, texts.get(None))


def load_domain(folder: Path) -> Domain:
    """Reads the folder's files. Raises :class:`Mistake` where one can't be understood."""
    intents: dict[str, None] = {}
    responses: dict[str, dict[str | None, str]] = {}
    for file, contents in contents_of(folder):
        try:
            for one in contents.get("intents") or []:
                intents.update(dict.fromkeys(one if isinstance(one, dict) else [one]))
            for name, texts in (contents.get("responses") or {}).items():
                responses[name] = {text.get("channel"): str(text["text"]) for text in texts}
        except (TypeError, ValueError, AttributeError, KeyError) as fault:
            raise Mistake(f"{file}: something there has a shape that isn't understood ({fault}).") from None
    return Domain(tuple(intents), responses)


def contents_of(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each YAML file below the folder with what it holds. Raises :class:`Mistake` for one that can't be read."""
    for file in sorted(folder.rglob("*.y*ml")):
        try:
            contents = yaml.safe_load(file.read_text("utf-8"))
        except OSError as fault:
            raise Mistake(f"{file} can't be read: {fault.strerror}.") from None
        except (yaml.YAMLError, ValueError, RecursionError) as fault:
            where = getattr(fault, "problem_mark", None)
            raise Mistake(f"{file}{f', line {where.line + 1}' if where else ''}: this isn't valid YAML.") from None
        if isinstance(contents, dict):
            yield file, contents
