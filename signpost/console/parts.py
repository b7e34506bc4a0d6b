"""What the pages need, handed to them whole."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from signpost.alerts.ways import HowTold
from signpost.console.hosts import Hosts
from signpost.console.signin.rules import SigningIn
from signpost.console.workbench.bench import Bench
from signpost.force.accounts import Accounts
from signpost.force.contacts import Contacts
from signpost.force.mandate import Mandate
from signpost.log.audit import Trail
from signpost.log.clock import Clock
from signpost.log.encryption import Vault
from signpost.log.retention import Limits
from signpost.office_hours import OfficeHours
from signpost.processes import PROJECT
from signpost.settings import Settings
from signpost.workbench.shelf import Shelf


@dataclass(frozen=True)
class Parts:
    """The record, the force's words, the audit trail and the secret that signs forms. Tests make their own."""

    sessions: sessionmaker[Session]
    reads: sessionmaker[Session]
    vault: Vault
    mandate: Mandate
    clock: Clock
    session_secret: str
    trail: Trail
    page_waits: float = 1.5
    """Seconds a page waits for a reply before it is shown without one, for browsers without JavaScript."""
    hosts: Hosts = field(default_factory=Hosts)
    """Under which names the pages are served."""
    accounts: Accounts = field(default_factory=Accounts)
    """The force's accounts on the platforms, for their names."""
    training_folder: Path = PROJECT / "data" / "nlu"
    """Where the training messages are, to which accepted corrections are added."""
    bench: Bench = field(default_factory=Bench)
    """What trainers work with: the assistant, the models and the project's files."""
    shelf: Shelf = field(default_factory=lambda: Shelf(Settings.from_environment({})))
    """The models there are, of which a trainer chooses the one that runs."""
    signing_in: SigningIn = field(default_factory=SigningIn)
    """How staff may sign in, and for how long."""
    contacts: Contacts = field(default_factory=Contacts)
    """Whom staff ask."""
    keeping: Limits = field(default_factory=Limits)
    """How long what is kept."""
    telling: HowTold = field(default_factory=HowTold)
    """How people are told of alerts."""
    office: OfficeHours = field(default_factory=OfficeHours)
    """When staff are in, for the reports."""
    anchor_file: Path | None = None
    """Where the audit trail's end is noted down; none where this machine has no data folder of the desk's."""
