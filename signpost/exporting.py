"""Records taken out by hand: `signpost export`. The same export as the console's, audited the same way."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict

from signpost.console.exports.disclosing import Export, disclose
from signpost.console.exports.form import LONGEST_PURPOSE
from signpost.console.queue.filters import Filters, read_filters
from signpost.console.queue.wording import word_of
from signpost.force.accounts import load_accounts
from signpost.force.mandate import load_mandate
from signpost.log.clock import utc_now
from signpost.mistakes import Mistake
from signpost.record_opening import open_record, whoever_commands
from signpost.settings import Settings

KINDS = ("csv", "json")
Progress = Callable[[int, int], object]
"""Told (lines written, records there are)."""


def filters_of(options: Mapping[str, Sequence[str]]) -> Filters:
    """The filters of a command's options. Raises :class:`Mistake` with a sentence for each that can't be read."""
    filters = read_filters(MultiDict([(name, value) for name, values in options.items() for value in values]))
    if filters.mistakes:
        raise Mistake(". ".join(filters.mistakes.values()) + ".", exit_status=2)
    return filters


def export(settings: Settings, target: Path, filters: Filters, purpose: str, progress: Progress) -> int:
    """Writes the records to a new file and returns how many they are.

    Raises :class:`Mistake` when the file can't be written, or the record can't be read; then there is no file.
    """
    kind = target.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise Mistake(f"{target} must end in .csv or .json.", exit_status=2)
    if target.exists():
        raise Mistake(f"{target} exists already. Give another name, or move it away first.")
    if not purpose.strip() or len(purpose) > LONGEST_PURPOSE:
        raise Mistake(f"--purpose must say why, in 1 to {LONGEST_PURPOSE:,} characters.", exit_status=2)
    record = open_record(settings)
    word = word_of(
        load_mandate(settings.force_folder), load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    )
    wanted = Export(filters, kind, whoever_commands(), purpose.strip())
    part = target.with_name(f"{target.name}.part")
    try:
        # Before anything is logged: a disclosure that could not be written anywhere is none.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            made = disclose(wanted, record.sessions, record.reads, record.trail, word, utc_now())
            _write(stream.write, made.parts, made.count, progress)
        part.replace(target)
    except OSError as fault:
        raise Mistake(f"{target} can't be written: {fault.strerror}.") from None
    except SQLAlchemyError as fault:
        part.unlink(missing_ok=True)
        raise Mistake(f"The record can't be read or written ({type(fault).__name__}). Nothing was exported.") from None
    return made.count


def _write(write: Callable[[str], object], parts: Iterable[str], count: int, progress: Progress) -> None:
    for number, part in enumerate(parts):
        write(part)
        if number % 1000 == 0:
            progress(number, count)
    progress(count, count)
