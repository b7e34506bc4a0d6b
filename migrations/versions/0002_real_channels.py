"""real channels: kinds, urgency, bursts, edits, references, ways of delivery, accounts' states, alerts"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('staff_until', sa.DateTime(), nullable=True))

    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=16), nullable=False, server_default='text'))
        batch_op.add_column(sa.Column('reply_target', sa.String(length=255), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sent_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('urgency', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('looked_through', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('part_of_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('edit_of_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('crime_kind', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('reference', sa.String(length=16), nullable=True))
        batch_op.create_foreign_key(op.f('fk_inbound_message_part_of_id'), 'inbound_message', ['part_of_id'], ['id'])
        batch_op.create_foreign_key(op.f('fk_inbound_message_edit_of_id'), 'inbound_message', ['edit_of_id'], ['id'])
        batch_op.create_unique_constraint(op.f('uq_inbound_message_reference'), ['reference'])
        batch_op.drop_index('ix_inbound_message_queue')
    op.execute("UPDATE inbound_message SET reply_target = platform_id")
    op.execute(
        "UPDATE inbound_message SET reference ="
        " (SELECT reference FROM escalation WHERE escalation.inbound_message_id = inbound_message.id)"
    )
    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=16), server_default=None)
        batch_op.alter_column('reply_target', existing_type=sa.String(length=255), server_default=None)
        batch_op.alter_column('looked_through', existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column('urgency', existing_type=sa.Integer(), server_default=None)
        batch_op.create_index('ix_inbound_message_attempts', ['attempts'], unique=False)
        batch_op.create_index(op.f('ix_inbound_message_part_of_id'), ['part_of_id'], unique=False)

    op.create_index('ix_inbound_message_queue', 'inbound_message', ['state', sa.text('urgency DESC'), 'due_at'])

    with op.batch_alter_table('outbound_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('way', sa.String(length=16), nullable=False, server_default='message'))
        batch_op.add_column(sa.Column('attempted_at', sa.DateTime(), nullable=True))
    with op.batch_alter_table('outbound_message', schema=None) as batch_op:
        batch_op.alter_column('way', existing_type=sa.String(length=16), server_default=None)

    with op.batch_alter_table('escalation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('crime_kind', sa.String(length=32), nullable=True))

    op.create_table('account_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform', sa.String(length=32), nullable=False),
    sa.Column('account', sa.String(length=128), nullable=False),
    sa.Column('watched_since', sa.DateTime(), nullable=False),
    sa.Column('last_received_at', sa.DateTime(), nullable=True),
    sa.Column('rest_until', sa.DateTime(), nullable=True),
    sa.Column('checked_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_state')),
    sa.UniqueConstraint('platform', 'account', name=op.f('uq_account_state_platform_account'))
    )
    op.create_table('alert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('account', sa.String(length=128), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('raised_at', sa.DateTime(), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('cleared_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert'))
    )
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.create_index('ix_alert_open', ['cleared_at', 'kind', 'account'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_index('ix_alert_open')
    op.drop_table('alert')
    op.drop_table('account_state')
    with op.batch_alter_table('escalation', schema=None) as batch_op:
        batch_op.drop_column('crime_kind')
    with op.batch_alter_table('outbound_message', schema=None) as batch_op:
        batch_op.drop_column('attempted_at')
        batch_op.drop_column('way')
    op.drop_index('ix_inbound_message_queue', table_name='inbound_message')
    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.drop_index(op.f('ix_inbound_message_part_of_id'))
        batch_op.drop_index('ix_inbound_message_attempts')
        batch_op.drop_constraint(op.f('uq_inbound_message_reference'), type_='unique')
        batch_op.drop_constraint(op.f('fk_inbound_message_edit_of_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_inbound_message_part_of_id'), type_='foreignkey')
        batch_op.drop_column('reference')
        batch_op.drop_column('crime_kind')
        batch_op.drop_column('edit_of_id')
        batch_op.drop_column('part_of_id')
        batch_op.drop_column('looked_through')
        batch_op.drop_column('urgency')
        batch_op.drop_column('sent_at')
        batch_op.drop_column('reply_target')
        batch_op.drop_column('kind')
        batch_op.create_index('ix_inbound_message_queue', ['state', 'due_at'], unique=False)
    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_column('staff_until')
