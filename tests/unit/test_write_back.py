"""What the write-ahead log holds goes into the database's file beside the work, and not while somebody waits for a commit."""

import shutil
import sqlite3
from contextlib import closing

from sqlalchemy import text

from signpost.log.database import write_back


def people_in(file, folder) -> int:
    """Read from the database's own file, without what stands beside it."""
    alone = shutil.copyfile(file, folder / "alone.db")
    with closing(sqlite3.connect(alone)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM conversation").fetchone()[0])


def test_what_was_written_is_in_the_databases_own_file_afterwards(sqlite_record, tmp_path):
    sqlite_record.receive("help")
    assert people_in(tmp_path / "signpost.db", tmp_path) == 0
    write_back(sqlite_record.sessions)
    assert people_in(tmp_path / "signpost.db", tmp_path) == 1


def test_on_either_database_it_may_be_asked_for_at_any_time(either_record):
    with either_record.reads() as session:
        session.execute(text("SELECT 1"))
        write_back(either_record.sessions)
        either_record.receive("help")
        write_back(either_record.sessions)
