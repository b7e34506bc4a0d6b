"""Runs migrations on the connection that ``signpost.log.database.migrate`` passes in."""

from alembic import context

from signpost.log.models import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Migrations run through `signpost up`; nothing was changed.")
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
