"""the console: staff, reviews, corrections, deliveries' history, audit, alerts about records, search"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('staff_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('password_hash', sa.String(length=255), nullable=True),
    sa.Column('password_temporary', sa.Boolean(), nullable=False),
    sa.Column('totp_encrypted', sa.LargeBinary(), nullable=True),
    sa.Column('totp_last_step', sa.Integer(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(), nullable=True),
    sa.Column('disabled_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_signed_in_at', sa.DateTime(), nullable=True),
    sa.Column('issuer', sa.String(length=255), nullable=True),
    sa.Column('subject', sa.String(length=255), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_account')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_staff_account_issuer_subject')),
    sa.UniqueConstraint('key', name=op.f('uq_staff_account_key')),
    sa.UniqueConstraint('username', name=op.f('uq_staff_account_username'))
    )

    # Before any table refers to it: SQLite makes the table anew, which it can't while rows point to it.
    with op.batch_alter_table('escalation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cause', sa.String(length=16), nullable=False, server_default='report'))
        batch_op.add_column(sa.Column('priority', sa.Integer(), nullable=False, server_default='2'))
        batch_op.add_column(sa.Column('unsure', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('confidence', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('reviewer_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reviewed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('was_report', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('was_emergency', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('reply_right', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('hold_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('hold_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('hold_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('original_erased_at', sa.DateTime(), nullable=True))
        batch_op.drop_index(batch_op.f('ix_escalation_review'))
        batch_op.create_index('ix_escalation_account', ['account', 'received_at'], unique=False)
        batch_op.create_index('ix_escalation_channel', ['channel', 'received_at'], unique=False)
        batch_op.create_index('ix_escalation_label', ['label', 'received_at'], unique=False)
        batch_op.create_index('ix_escalation_queue', ['review_state', 'priority', 'received_at', 'id'], unique=False)
        batch_op.create_index('ix_escalation_received_at', ['received_at', 'id'], unique=False)
        batch_op.create_index('ix_escalation_reviewed_at', ['reviewed_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_escalation_hold_by_id'), 'staff_account', ['hold_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_escalation_reviewer_id'), 'staff_account', ['reviewer_id'], ['id'])
        batch_op.drop_column('reviewer')
    op.execute("UPDATE escalation SET priority = 0 WHERE label = 'emergency' OR delivery_state = 'failed'")
    op.execute(
        "UPDATE escalation SET unsure = COALESCE((SELECT unsure FROM inbound_message"
        " WHERE inbound_message.id = escalation.inbound_message_id), unsure)"
    )
    op.execute("UPDATE escalation SET priority = 1 WHERE unsure AND priority = 2")

    # Not made anew: other tables' rows point to it.
    op.add_column('inbound_message', sa.Column('settled', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index('ix_inbound_message_received_at', 'inbound_message', ['received_at'])
    op.create_index(
        'ix_inbound_message_unsettled', 'inbound_message', ['id'],
        sqlite_where=sa.text('settled = 0'), postgresql_where=sa.text('NOT settled'),
    )

    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('escalation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('urgent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('acknowledged_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('acknowledged_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('notices', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('notice_due_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('notice_failure', sa.Text(), nullable=True))
        batch_op.create_index('ix_alert_escalation', ['escalation_id'], unique=False)
        batch_op.create_index('ix_alert_notice', ['acknowledged_at', 'notice_due_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_alert_escalation_id'), 'escalation', ['escalation_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_alert_acknowledged_by_id'), 'staff_account', ['acknowledged_by_id'], ['id'])
    alerts = sa.table('alert', sa.column('id'), sa.column('key'))
    for (known,) in op.get_bind().execute(sa.select(alerts.c.id)).all():
        op.execute(alerts.update().where(alerts.c.id == known).values(key=str(uuid.uuid4())))
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.alter_column('key', existing_type=sa.String(length=36), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_alert_key'), ['key'])

    op.create_table('audit_cut',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_cut')),
    sa.UniqueConstraint('sequence', name=op.f('uq_audit_cut_sequence'))
    )
    op.create_table('audit_entry',
    sa.Column('sequence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.String(length=160), nullable=False),
    sa.Column('action', sa.String(length=16), nullable=False),
    sa.Column('event', sa.String(length=48), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=True),
    sa.Column('purpose', sa.Text(), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_action', ['action', 'sequence'], unique=False)
        batch_op.create_index('ix_audit_entry_actor', ['actor', 'sequence'], unique=False)
        batch_op.create_index('ix_audit_entry_at', ['at', 'sequence'], unique=False)
        batch_op.create_index('ix_audit_entry_subject', ['subject', 'sequence'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_account.id'], name=op.f('fk_saved_view_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('staff_id', 'name', name=op.f('uq_saved_view_staff_id_name'))
    )
    op.create_table('staff_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_account.id'], name=op.f('fk_staff_session_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_staff_session_token_hash'))
    )
    with op.batch_alter_table('staff_session', schema=None) as batch_op:
        batch_op.create_index('ix_staff_session_staff', ['staff_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('escalation_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('old_label', sa.String(length=16), nullable=False),
    sa.Column('new_label', sa.String(length=16), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('intent', sa.String(length=64), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['staff_account.id'], name=op.f('fk_correction_decided_by_id')),
    sa.ForeignKeyConstraint(['escalation_id'], ['escalation.id'], name=op.f('fk_correction_escalation_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['staff_account.id'], name=op.f('fk_correction_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction')),
    sa.UniqueConstraint('escalation_id', name=op.f('uq_correction_escalation_id'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index('ix_correction_state', ['state', 'proposed_at'], unique=False)

    op.create_table('delivery_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbound_message_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('detail', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['outbound_message_id'], ['outbound_message.id'], name=op.f('fk_delivery_attempt_outbound_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_attempt'))
    )
    with op.batch_alter_table('delivery_attempt', schema=None) as batch_op:
        batch_op.create_index('ix_delivery_attempt_reply', ['outbound_message_id', 'id'], unique=False)

    _make_search()


def _make_search() -> None:
    """Full-text search in the redacted text: FTS5 on SQLite, a generated tsvector on PostgreSQL."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "ALTER TABLE escalation ADD COLUMN search tsvector"
            " GENERATED ALWAYS AS (to_tsvector('english', redacted_text)) STORED"
        )
        op.execute("CREATE INDEX ix_escalation_search ON escalation USING gin (search)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE escalation_search USING fts5("
        "redacted_text, content='escalation', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute("INSERT INTO escalation_search(escalation_search) VALUES ('rebuild')")
    gone = "INSERT INTO escalation_search(escalation_search, rowid, redacted_text) VALUES ('delete', old.id, old.redacted_text);"
    new = "INSERT INTO escalation_search(rowid, redacted_text) VALUES (new.id, new.redacted_text);"
    op.execute(f"CREATE TRIGGER escalation_search_insert AFTER INSERT ON escalation BEGIN {new} END")
    op.execute(f"CREATE TRIGGER escalation_search_delete AFTER DELETE ON escalation BEGIN {gone} END")
    op.execute(
        f"CREATE TRIGGER escalation_search_update AFTER UPDATE OF redacted_text ON escalation BEGIN {gone} {new} END"
    )


def _drop_search() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP INDEX ix_escalation_search")
        op.execute("ALTER TABLE escalation DROP COLUMN search")
        return
    for event in ('insert', 'delete', 'update'):
        op.execute(f"DROP TRIGGER escalation_search_{event}")
    op.execute("DROP TABLE escalation_search")


def downgrade() -> None:
    _drop_search()
    for table in ('delivery_attempt', 'correction', 'staff_session', 'saved_view', 'audit_head', 'audit_entry', 'audit_cut'):
        op.drop_table(table)
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_index('ix_alert_escalation')
        batch_op.drop_index('ix_alert_notice')
        batch_op.drop_constraint(op.f('uq_alert_key'), type_='unique')
        batch_op.drop_constraint(op.f('fk_alert_escalation_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_alert_acknowledged_by_id'), type_='foreignkey')
        for column in ('key', 'escalation_id', 'urgent', 'acknowledged_at', 'acknowledged_by_id', 'notices', 'notice_due_at', 'notice_failure'):
            batch_op.drop_column(column)
    op.drop_index('ix_inbound_message_unsettled', 'inbound_message')
    op.drop_index('ix_inbound_message_received_at', 'inbound_message')
    op.drop_column('inbound_message', 'settled')
    with op.batch_alter_table('escalation', schema=None) as batch_op:
        for index in ('account', 'channel', 'label', 'queue', 'received_at', 'reviewed_at'):
            batch_op.drop_index(f'ix_escalation_{index}')
        batch_op.drop_constraint(op.f('fk_escalation_hold_by_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('fk_escalation_reviewer_id'), type_='foreignkey')
        for column in ('cause', 'priority', 'unsure', 'confidence', 'version', 'reviewer_id', 'reviewed_at', 'was_report', 'was_emergency', 'reply_right', 'hold_reason', 'hold_by_id', 'hold_at', 'original_erased_at'):
            batch_op.drop_column(column)
        batch_op.add_column(sa.Column('reviewer', sa.String(length=128), nullable=True))
        batch_op.create_index('ix_escalation_review', ['review_state', 'label', 'received_at'])
    op.drop_table('staff_account')
