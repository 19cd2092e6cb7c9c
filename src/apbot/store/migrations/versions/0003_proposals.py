"""What a contact told ahead and was read back waits for their OK."""

import sqlalchemy as sa
from alembic import op

from apbot.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "proposals",
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_proposals")),
        comment="What a contact told ahead and was read back; it counts once they say OK.",
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("proposals")
