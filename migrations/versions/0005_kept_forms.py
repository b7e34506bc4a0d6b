"""forms that were being filled in when a sign-in ended"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('kept_at', sa.DateTime(), nullable=False),
    sa.Column('content_encrypted', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_account.id'], name=op.f('fk_kept_form_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_form')),
    sa.UniqueConstraint('key', name=op.f('uq_kept_form_key'))
    )
    op.create_index('ix_kept_form_kept_at', 'kept_form', ['kept_at'])
    op.create_index('ix_kept_form_staff_id', 'kept_form', ['staff_id'])


def downgrade() -> None:
    op.drop_table('kept_form')
