"""The training messages as they are now, read again only where a file changed."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from bot.labels import FALLBACK_INTENT, NOT_REPORT, REPORT_INTENTS
from signpost.checking import ENDINGS
from signpost.corpus.nearest import Like, Nearest
from signpost.corpus.reading import Example, read_file

Stamp = tuple[int, int]


@dataclass
class KnownMessages:
    """The messages in a folder. Shared by a process's threads: whoever finds a file changed reads it for all."""

    folder: Path
    _files: dict[Path, tuple[Stamp, list[Example], Nearest]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def like(self, text: str, least: float) -> list[Like]:
        """The messages at least so much like the text, the likest first. Raises :class:`signpost.mistakes.Mistake`."""
        found = [like for _, _, nearest in self._read() for like in nearest.like(text, least)]
        return sorted(found, key=lambda one: (not one.is_same, -one.likeness, one.example.place))

    def all(self) -> list[Example]:
        """Every message, by file and then as they stand there. Raises :class:`signpost.mistakes.Mistake`."""
        return [example for _, examples, _ in self._read() for example in examples]

    def intents_of(self, label: str) -> list[str]:
        """The intents that stand for a label and have messages, in order. Raises :class:`signpost.mistakes.Mistake`."""
        if label != NOT_REPORT:
            return [intent for intent, stands_for in REPORT_INTENTS.items() if stands_for == label]
        names = {example.intent for example in self.all()}
        return sorted(names - set(REPORT_INTENTS) - {FALLBACK_INTENT})

    def _read(self) -> list[tuple[Stamp, list[Example], Nearest]]:
        with self._lock:
            present = {file: _stamp(file) for file in sorted(self.folder.rglob("*")) if file.suffix in ENDINGS}
            for file in set(self._files) - set(present):
                del self._files[file]
            for file, stamp in present.items():
                if file not in self._files or self._files[file][0] != stamp:
                    examples = list(read_file(file, str(file.relative_to(self.folder))))
                    self._files[file] = stamp, examples, Nearest(examples)
            return list(self._files.values())


def _stamp(file: Path) -> Stamp:
    about = file.stat()
    return about.st_mtime_ns, about.st_size
