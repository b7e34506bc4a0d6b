"""``reviewed.yml``: accepted corrections and trainers' own examples; nothing is lost or twice in it whatever breaks off."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from signpost.console.whole_file import alone_in, replace_whole, stamp_of
from signpost.mistakes import Mistake

NAME = "reviewed.yml"
START = """\
version: "3.1"

# Messages that reviewers judged otherwise than Signpost, and that trainers accepted as examples (docs/reviewing.md).
# The console adds to this file. The line above a message says which correction it is, so that none is added twice;
# an example is a trainer's own, added in the workbench.
nlu:
"""
CORRECTION, EXAMPLE = "correction", "example"
BLOCK = "# {mark}\n- intent: {intent}\n  examples: |\n    - {text}\n"
BY_HAND = (
    f"{NAME} was changed by hand in a way that the console can’t add to, so nothing was accepted. Put it in order first: a "
    "list named nlu at its end, each block of it with an intent and its examples."
)


class NotWritten(Mistake):
    """The file can't be written, or isn't as the console left it. It is as it was before."""


class ChangedSince(NotWritten):
    """The file isn't as somebody was shown it, who said yes to that."""


@dataclass(frozen=True)
class Reviewed:
    """The file in a folder of training messages. ``kind``: whether corrections are meant, or trainers' own examples."""

    folder: Path
    kind: str = CORRECTION

    def write(self, mark: str, intent: str, text: str, seen: str | None = None) -> None:
        """Sees that the correction stands in the file, once, on disk. ``text`` is one line (``wording.as_line``).

        A correction that stands there already is replaced: an attempt that broke off before the record knew of it, or one
        that was decided anew. ``seen`` stamps the contents as they must be still (``whole_file.stamp_of``). Raises
        :class:`NotWritten`.
        """
        with self._locked() as path:
            before = _contents(path)
            after = self._with(before, mark, intent, text)
            if after == before:
                return
            if seen not in (None, stamp_of(before)):
                raise ChangedSince(f"{NAME} was changed since this page was opened, so nothing was written.")
            replace_whole(path, after)

    def proposed(self, mark: str, intent: str, text: str) -> tuple[str, str]:
        """The file's contents as they are, and as :meth:`write` would leave them. Raises :class:`NotWritten`."""
        before = _contents(self.folder / NAME)
        return before, self._with(before, mark, intent, text)

    def remove(self, mark: str) -> None:
        """Sees that the correction doesn't stand in the file. Raises :class:`NotWritten`."""
        mark = self._named(mark)
        if f"# {mark}\n" not in _contents(self.folder / NAME):
            return
        with self._locked() as path:
            before = _contents(path)
            after = _with(before, mark, "")
            _check(before, after, mark, None)
            if _messages(after):
                replace_whole(path, after)
            else:
                path.unlink()

    def text_of(self, mark: str) -> str | None:
        """The correction's message as it stands in the file; none where it doesn't. Raises :class:`NotWritten`."""
        own = _own(_contents(self.folder / NAME), self._named(mark))
        return _messages(f"nlu:\n{own}")[0][1] if own else None

    def _with(self, before: str, mark: str, intent: str, text: str) -> str:
        mark = self._named(mark)
        after = _with(before, mark, BLOCK.format(mark=mark, intent=intent, text=text))
        if after != before:
            _check(before, after, mark, (intent, text))
        return after

    def _named(self, mark: str) -> str:
        return f"{self.kind} {mark}"

    @contextmanager
    def _locked(self) -> Iterator[Path]:
        try:
            with alone_in(self.folder):
                yield self.folder / NAME
        except OSError as fault:
            raise _not_written(fault) from None


def _contents(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as fault:
        raise _not_written(fault) from None


def _with(before: str, mark: str, block: str) -> str:
    """The contents with the block in place of the correction's own, or at the end. Raises :class:`NotWritten`."""
    if own := _own(before, mark):
        return before.replace(own, block, 1)
    if f"# {mark}\n" in before:
        raise NotWritten(BY_HAND)
    if not block:
        return before
    start = before or START
    return f"{start}{'' if start.endswith(chr(10)) else chr(10)}{block}"


def _own(contents: str, mark: str) -> str:
    """The correction's block, if it stands there as the console wrote it."""
    own = re.search(rf"^# {mark}\n- intent: \S+\n  examples: \|\n    - .*\n(?! )", contents, re.MULTILINE)
    return own.group() if own else ""


def _check(before: str, after: str, mark: str, added: tuple[str, str] | None) -> None:
    """Refuses whatever would change any other message than this one. Raises :class:`NotWritten`."""
    expected = _messages(before)
    for message in _messages(f"nlu:\n{_own(before, mark)}"):
        expected.remove(message)
    if sorted(_messages(after)) != sorted([*expected, *([added] if added else [])]):
        raise NotWritten(BY_HAND)


def _messages(contents: str) -> list[tuple[str, str]]:
    """Every message with its intent, as Rasa would read them. Raises :class:`NotWritten` where it couldn't."""
    try:
        root = yaml.safe_load(contents) or {}
        blocks = root.get("nlu") or []
        return [
            (str(block["intent"]), line[1:].strip("\n\r "))
            for block in blocks
            for line in str(block["examples"]).splitlines()
            if line.startswith("-")
        ]
    except (yaml.YAMLError, AttributeError, KeyError, TypeError):
        raise NotWritten(f"{NAME} isn’t as Rasa could read it, so nothing was added. Put it in order first.") from None


def _not_written(fault: Exception) -> NotWritten:
    why = fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
    return NotWritten(f"The training messages can’t be written here ({why}), so nothing was accepted.")
