"""the workbench: trainings and runs of the conversations, one at a time"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('workbench_job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('under_way', sa.Boolean(), nullable=True),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=True),
    sa.Column('beat_at', sa.DateTime(), nullable=True),
    sa.Column('claimed_by', sa.String(length=64), nullable=True),
    sa.Column('stop_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('step', sa.String(length=255), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('model_key', sa.String(length=64), nullable=True),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('fault', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by_id'], ['staff_account.id'], name=op.f('fk_workbench_job_asked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workbench_job')),
    sa.UniqueConstraint('key', name=op.f('uq_workbench_job_key')),
    sa.UniqueConstraint('under_way', name=op.f('uq_workbench_job_under_way'))
    )
    op.create_index('ix_workbench_job_asked', 'workbench_job', ['kind', 'asked_at'])


def downgrade() -> None:
    op.drop_index('ix_workbench_job_asked', 'workbench_job')
    op.drop_table('workbench_job')
