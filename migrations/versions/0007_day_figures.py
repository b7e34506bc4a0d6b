"""figures of each day and month for the reports, and marks on the days that changed since they were counted"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

WEEK = 7
"""A report counts for the week before it too: somebody who was given guidance then has written again."""
# Each: its name, the event, the table, and how far back the change reaches.
# What is erased stays counted, so no deletion is among them.
MARKS = (
    ('message', 'INSERT', 'inbound_message', 0),
    ('escalation', 'INSERT', 'escalation', WEEK),
    ('delivery', 'UPDATE OF received_at, channel, account, cause, label, delivered_at', 'escalation', WEEK),
    ('review', 'UPDATE OF crime_kind, review_state, reviewed_at, was_report, was_emergency', 'escalation', 0),
)


def upgrade() -> None:
    op.create_table('day_figure',
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('account', sa.String(length=128), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('over', sa.Boolean(), nullable=False),
    sa.Column('escalations', sa.Integer(), nullable=False),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'account', 'day', name=op.f('pk_day_figure'))
    )
    op.create_table('month_figure',
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('account', sa.String(length=128), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'account', 'month', name=op.f('pk_month_figure'))
    )
    op.create_table('stale_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('reach', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('writer', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('day', 'reach', 'writer', name=op.f('pk_stale_day'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        _mark_postgresql()
    else:
        _mark_sqlite()


def _mark_sqlite() -> None:
    # The last hour of a day in UTC is the first of the next one in London while summer time lasts: both are marked.
    days = "SELECT date({at}) AS day UNION SELECT date({at}, '+1 hour')"
    for name, event, table, reach in MARKS:
        op.execute(
            f"CREATE TRIGGER stale_day_{name} AFTER {event} ON {table} BEGIN"
            f" INSERT INTO stale_day (day, reach, writer) SELECT day, {reach}, 0 FROM ({days.format(at='NEW.received_at')}) AS changed"
            f" WHERE NOT EXISTS (SELECT 1 FROM stale_day AS known WHERE known.day = changed.day AND known.reach = {reach});"
            " END"
        )
    op.execute(
        "INSERT INTO stale_day (day, reach, writer) SELECT DISTINCT date(received_at), 0, 0 FROM inbound_message"
        " UNION SELECT DISTINCT date(received_at, '+1 hour'), 0, 0 FROM inbound_message"
    )


def _mark_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION mark_stale_day() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO stale_day (day, reach, writer) VALUES (NEW.received_at::date, TG_ARGV[0]::integer, txid_current())"
        " ON CONFLICT DO NOTHING;"
        " IF date_part('hour', NEW.received_at) = 23 THEN"
        " INSERT INTO stale_day (day, reach, writer) VALUES (NEW.received_at::date + 1, TG_ARGV[0]::integer, txid_current())"
        " ON CONFLICT DO NOTHING;"
        " END IF; RETURN NULL; END $$"
    )
    for name, event, table, reach in MARKS:
        op.execute(
            f"CREATE TRIGGER stale_day_{name} AFTER {event} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION mark_stale_day('{reach}')"
        )
    op.execute(
        "INSERT INTO stale_day (day, reach, writer) SELECT DISTINCT received_at::date, 0, 0 FROM inbound_message"
        " UNION SELECT DISTINCT (received_at + INTERVAL '1 hour')::date, 0, 0 FROM inbound_message"
    )


def downgrade() -> None:
    for name, _event, table, _reach in MARKS:
        on = f" ON {table}" if op.get_bind().dialect.name == 'postgresql' else ''
        op.execute(f"DROP TRIGGER stale_day_{name}{on}")
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP FUNCTION mark_stale_day()")
    op.drop_table('stale_day')
    op.drop_table('month_figure')
    op.drop_table('day_figure')
