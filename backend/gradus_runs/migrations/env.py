"""Alembic runs this file; the connection comes from `database.migrations`."""

from alembic import context

from gradus_runs.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # SQLite rolls back changes of the schema like any other, once BEGIN is our own.
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
