"""How alembic reaches the database: a connection given by `apbot.store.migrating`."""

from alembic import context

from apbot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
