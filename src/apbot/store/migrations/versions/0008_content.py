"""A text may be one that the network holds already, with its places filled."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column("outbox", sa.Column("content", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table("outbox") as table:
        table.drop_column("content")
