"""alerts and retention: one alert a record and kind, scheduled work, what retention looks through"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_alert_escalation', 'alert')
    op.create_index('ix_alert_escalation', 'alert', ['escalation_id', 'kind'], unique=True)
    op.create_index(
        'ix_alert_waiting', 'alert', ['urgent', 'id'],
        sqlite_where=sa.text('cleared_at IS NULL AND acknowledged_at IS NULL'),
        postgresql_where=sa.text('cleared_at IS NULL AND acknowledged_at IS NULL'),
    )
    # What was open before anybody could be told is told now.
    op.execute("UPDATE alert SET notice_due_at = last_seen_at WHERE cleared_at IS NULL AND acknowledged_at IS NULL")
    op.create_index(
        'ix_inbound_message_edits', 'inbound_message', ['edit_of_id'],
        sqlite_where=sa.text('edit_of_id IS NOT NULL'), postgresql_where=sa.text('edit_of_id IS NOT NULL'),
    )
    op.create_index(
        'ix_inbound_message_with_text', 'inbound_message', ['received_at', 'id'],
        sqlite_where=sa.text('text_encrypted IS NOT NULL'), postgresql_where=sa.text('text_encrypted IS NOT NULL'),
    )
    op.create_index(
        'ix_escalation_held', 'escalation', ['id'],
        sqlite_where=sa.text('hold_reason IS NOT NULL'), postgresql_where=sa.text('hold_reason IS NOT NULL'),
    )
    op.create_table('duty',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(), nullable=True),
    sa.Column('claimed_by', sa.String(length=64), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_duty'))
    )


def downgrade() -> None:
    op.drop_table('duty')
    op.drop_index('ix_escalation_held', 'escalation')
    op.drop_index('ix_inbound_message_with_text', 'inbound_message')
    op.drop_index('ix_inbound_message_edits', 'inbound_message')
    op.drop_index('ix_alert_waiting', 'alert')
    op.drop_index('ix_alert_escalation', 'alert')
    op.create_index('ix_alert_escalation', 'alert', ['escalation_id'])
