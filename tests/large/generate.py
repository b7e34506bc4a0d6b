"""Makes a large record of invented messages: ``python -m tests.large.generate URL_OR_FOLDER``."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random

from rich.console import Console
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from signpost.force.mandate import load_mandate
from signpost.log.audit import Trail
from signpost.log.clock import utc_now
from signpost.log.database import migrate, open_engine
from signpost.log.encryption import Vault, check_key
from signpost.log.models import AuditEntry, InboundMessage, StaffAccount, StaleDay, new_key
from signpost.mistakes import Mistake
from signpost.secrets import with_secrets
from signpost.settings import Settings
from tests.large import trail
from tests.large.bulk import Bulk, bulk_for
from tests.large.force import STAFF, Size, accounts_yaml
from tests.large.messages import Maker
from tests.large.rhythm import Days
from tests.large.rows import COLUMNS

FORCE = Path(__file__).parents[2] / "force"
AT_ONCE = 20_000
"""Messages that are held before they are stored."""
console = Console(stderr=True)


@dataclass(frozen=True)
class Place:
    """Where the record goes: the database's URL, and the folder whose ``secrets.env`` holds its keys."""

    url: str
    folder: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the record is made, 1 with a sentence when it can't be."""
    options = _options(arguments)
    size = Size(options.escalations, options.audit, options.others, options.unreviewed_share, options.days)
    started = time.monotonic()
    try:
        fill(place_of(options.where, options.data), size, seed=options.seed, until=options.until or utc_now())
    except Mistake as mistake:
        console.print(mistake.sentence, soft_wrap=True)
        return 1
    console.print(f"Made in {time.monotonic() - started:.0f} s")
    return 0


def fill(place: Place, size: Size, *, seed: int, until: datetime) -> None:
    """Makes the record. Raises :class:`Mistake` when there is one already, or more acts are due than were asked for."""
    if size.audit < size.escalations:
        raise Mistake("Each escalation has an entry in the audit trail, so there must be as many entries at least.")
    settings = with_secrets(settings_of(place), may_make=True)
    engine = open_engine(place.url)
    migrate(engine)
    vault = Vault(settings.encryption_key)
    with Session(engine) as session, session.begin():
        check_key(session, vault)
        if session.scalar(select(func.count()).select_from(AuditEntry)) or session.scalar(
            select(InboundMessage.id).limit(1)
        ):
            raise Mistake(f"{place.url} holds a record already; give another place.")
        session.add_all(
            StaffAccount(id=number, key=new_key(), username=username, name=name, roles=roles, created_at=until)
            for number, (username, name, roles) in enumerate(STAFF, 1)
        )
    engine.dispose()
    maker = Maker(size, load_mandate(FORCE), vault, until, Random(seed))
    acts = trail.Acts(Trail(settings.audit_key), Random(seed + 1))
    with bulk_for(place.url, [*COLUMNS, "audit_entry", "audit_head"]) as bulk:
        for made in _days(maker, acts, bulk, Days(until, size.days, seed)):
            _tell(made, size)
        bulk.add("audit_head", ("id", "sequence", "digest", "seal"), [acts.head()])
        console.print("Making the indexes")
    _mark_days(place, until.date(), size.days)
    (place.folder / "accounts.yml").write_text(accounts_yaml(), "utf-8")


def settings_of(place: Place) -> Settings:
    """The settings of an installation with this record."""
    return Settings.from_environment({"SIGNPOST_DATA": str(place.folder), "SIGNPOST_DATABASE_URL": place.url})


def _days(maker: Maker, acts: trail.Acts, bulk: Bulk, days: Days) -> Iterator[int]:
    size, chance = maker.size, maker.chance
    portions = zip(
        days.portions(size.escalations),
        days.portions(size.others),
        days.portions(size.audit - size.escalations),
        strict=True,
    )
    for (midnight, escalated), (_, others), (_, other_acts) in portions:
        which = [True] * escalated + [False] * others
        chance.shuffle(which)
        made = [
            maker.message(received, escalated=one)
            for received, one in zip(days.times(chance, midnight, len(which)), which, strict=True)
        ]
        rows = acts.of_a_day([one for one in made if one], days.times(acts.chance, midnight, other_acts))
        bulk.add("audit_entry", trail.COLUMNS, rows)
        if maker.rows.waiting() >= AT_ONCE:
            _store(maker, bulk)
            yield maker.rows.made("escalation")
    _store(maker, bulk)
    yield maker.rows.made("escalation")


def _store(maker: Maker, bulk: Bulk) -> None:
    for table, rows in maker.rows.take():
        bulk.add(table, COLUMNS[table], rows)


def _mark_days(place: Place, last: date, days: int) -> None:
    """What the triggers would have done, had they not been put aside: all days are still to be counted."""
    engine = open_engine(place.url)
    with Session(engine) as session, session.begin():
        session.add_all(StaleDay(day=last - timedelta(days=back), reach=0, writer=0) for back in range(-1, days + 1))
    engine.dispose()


def _tell(made: int, size: Size) -> None:
    console.print(f"{made:,} of {size.escalations:,} escalations", highlight=False)


def place_of(where: str, data: Path | None) -> Place:
    """The place that is meant by a folder, or by a database's URL and the folder of its keys."""
    if "://" in where:
        return Place(where, data or Path("var-large"))
    folder = Path(where)
    folder.mkdir(parents=True, exist_ok=True)
    return Place(f"sqlite:///{(folder / 'signpost.db').absolute()}", folder)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", help="a folder (SQLite), or a database's URL")
    parser.add_argument("--escalations", type=int, default=1_000_000)
    parser.add_argument("--audit", type=int, default=5_000_000, help="entries of the audit trail")
    parser.add_argument("--others", type=int, default=400_000, help="messages that are no escalation")
    parser.add_argument("--unreviewed-share", type=float, default=0.1, help="from 0 to 1")
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--until", type=_moment, help="the newest message's time (UTC); left out: now")
    parser.add_argument("--data", type=Path, help="folder of secrets.env, where a URL is given")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args(arguments)


def _moment(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when.astimezone(timezone.utc).replace(tzinfo=None) if when.tzinfo else when


if __name__ == "__main__":
    sys.exit(main())
