"""the database itself refuses to change the audit trail: entries, its end, and where its oldest were cut away

What may still be done: the next entry is added; the head moves forward to the last entry there is; a cut is recorded at an
entry that is older than a year, and what lies before it is deleted. A cut's seal needs the key, so one that is made without
it is found by `signpost verify-log`.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

FLOOR_DAYS = 365
"""The youngest that retention may ever take from the trail, whatever the settings say."""

# Each: a name, the event and table, when it is refused, and in which words.
# OLD and NEW are the row before and after; {ago} is the time before which an entry is old enough to go.
GUARDS = (
    ('audit_entry_change', 'UPDATE', 'audit_entry', '1 = 1', 'an audit entry is never changed'),
    (
        'audit_entry_delete', 'DELETE', 'audit_entry',
        'OLD.at >= {ago} OR OLD.sequence > COALESCE((SELECT max(sequence) FROM audit_cut), 0)',
        'an audit entry is never deleted before its time and without a recorded cut',
    ),
    (
        # SQLite would let INSERT OR REPLACE take an entry's place without asking the two above.
        'audit_entry_add', 'INSERT', 'audit_entry',
        'NEW.sequence < 1 OR NEW.sequence <= COALESCE((SELECT max(sequence) FROM audit_entry), 0)',
        'an audit entry is only ever added at the end',
    ),
    ('audit_cut_change', 'UPDATE', 'audit_cut', '1 = 1', 'a cut of the audit trail is never changed'),
    ('audit_cut_delete', 'DELETE', 'audit_cut', '1 = 1', 'a cut of the audit trail is never deleted'),
    (
        'audit_cut_add', 'INSERT', 'audit_cut',
        'NEW.sequence <= COALESCE((SELECT max(sequence) FROM audit_cut), 0)'
        ' OR EXISTS (SELECT 1 FROM audit_cut WHERE id = NEW.id)'
        ' OR NOT EXISTS (SELECT 1 FROM audit_entry'
        ' WHERE sequence = NEW.sequence AND digest = NEW.digest AND at < {ago})',
        'the audit trail is only cut at an entry that is old enough',
    ),
    (
        'audit_head_change', 'UPDATE', 'audit_head',
        'NEW.id <> OLD.id OR NEW.sequence <= OLD.sequence'
        ' OR NEW.sequence <> COALESCE((SELECT max(sequence) FROM audit_entry), 0)'
        ' OR NOT EXISTS (SELECT 1 FROM audit_entry WHERE sequence = NEW.sequence AND digest = NEW.digest)',
        'the end of the audit trail only moves forward to its last entry',
    ),
    ('audit_head_delete', 'DELETE', 'audit_head', '1 = 1', 'the end of the audit trail is never deleted'),
    (
        'audit_head_add', 'INSERT', 'audit_head',
        'NEW.id <> 1{replaced} OR NEW.sequence <> COALESCE((SELECT max(sequence) FROM audit_entry), 0)',
        'the audit trail has one end, at its last entry',
    ),
)
TABLES = ('audit_entry', 'audit_cut', 'audit_head')


def upgrade() -> None:
    # A subject may be a username, which has up to 128 characters.
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.alter_column('subject', existing_type=sa.String(length=64), type_=sa.String(length=160), existing_nullable=True)
    if op.get_bind().dialect.name == 'postgresql':
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    ago = f"datetime('now', '-{FLOOR_DAYS} days')"
    replaced = ' OR EXISTS (SELECT 1 FROM audit_head)'
    for name, event, table, refused, words in GUARDS:
        condition = refused.format(ago=ago, replaced=replaced)
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def _guard_postgresql() -> None:
    ago = f"(now() AT TIME ZONE 'utc' - INTERVAL '{FLOOR_DAYS} days')"
    for name, event, table, refused, words in GUARDS:
        # No row takes another's place here, and whoever comes second to add the head is to find it there.
        _make_postgresql(name, refused.format(ago=ago, replaced=''), words, 'OLD' if event == 'DELETE' else 'NEW')
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    _make_postgresql('audit_truncate', 'true', 'the audit trail is never emptied', 'NULL')
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_truncate()"
        )


def _make_postgresql(name: str, refused: str, words: str, row: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {refused} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        f" RETURN {row}; END $$"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_truncate ON {table}")
        op.execute("DROP FUNCTION audit_truncate()")
        for name, _event, table, _refused, _words in GUARDS:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    else:
        for name, *_rest in GUARDS:
            op.execute(f"DROP TRIGGER {name}")
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.alter_column('subject', existing_type=sa.String(length=160), type_=sa.String(length=64), existing_nullable=True)
