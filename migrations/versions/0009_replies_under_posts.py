"""replies about what stands under posts: an index of just these, for echoes and comments that may be ours"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    beside = sa.text("way != 'message'")
    op.create_index(
        'ix_outbound_message_beside', 'outbound_message', ['created_at'], sqlite_where=beside, postgresql_where=beside
    )


def downgrade() -> None:
    op.drop_index('ix_outbound_message_beside', 'outbound_message')
