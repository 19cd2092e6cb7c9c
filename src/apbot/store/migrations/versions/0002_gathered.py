"""Several cases for one contact within a minute are one text: its lines are kept beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("gathered", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table("outbox") as table:
        table.drop_column("gathered")
