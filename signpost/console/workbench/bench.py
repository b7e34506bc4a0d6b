"""What the workbench works with besides the record: the assistant that runs, a redactor, and the project's files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from signpost.console.workbench.assistant import Assistant, assistant_of
from signpost.force.mandate import Mandate
from signpost.force.translations import NO_TRANSLATIONS, Translations, load_translations
from signpost.log.escalations import Redactor
from signpost.log.opening import shared_redactor
from signpost.processes import PROJECT
from signpost.settings import Settings


@dataclass(frozen=True)
class Bench:
    """Tests make their own. ``assistant`` is none where nobody said where the assistant is."""

    assistant: Assistant | None = None
    redactor: Callable[[], Redactor] = shared_redactor
    translations: Translations = NO_TRANSLATIONS
    suite_folder: Path = PROJECT / "tests" / "conversation"
    rules_folder: Path = PROJECT / "data" / "rules"
    domain_folder: Path = PROJECT / "domain"


def bench_of(settings: Settings, mandate: Mandate) -> Bench:
    """The bench of one installation. Raises :class:`signpost.mistakes.Mistake` where the translations won't do."""
    return Bench(assistant_of(settings), translations=load_translations(settings.force_folder, mandate))
