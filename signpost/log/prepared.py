"""Statements that are compiled once, when the module is loaded, rather than each time they are executed."""

from sqlalchemy import ClauseElement, TextClause, bindparam, text
from sqlalchemy.dialects import sqlite


def prepared(statement: ClauseElement) -> TextClause:
    """The statement as text with its parameters' names and types, for SQLite and PostgreSQL alike.

    SQLAlchemy keeps what it compiled of most statements, but compiles an insert with ``ON CONFLICT`` anew each time, which
    takes far longer than the insert itself. For statements that both databases write in the same way.
    """
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
    return text(compiled.string).bindparams(*(bindparam(name, type_=one.type) for name, one in compiled.binds.items()))  # type: ignore[attr-defined]
