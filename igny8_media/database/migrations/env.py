"""Alembic's entry: migrations run on the connection that `open_database` hands over."""

from alembic import context

from igny8_media.database.engine import VERSION_TABLE
from igny8_media.database.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
