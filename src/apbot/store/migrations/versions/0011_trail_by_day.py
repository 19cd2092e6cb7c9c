"""The trail of one day is found quickly, however long it has become."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_index("ix_trail_at", "trail", ["at"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_trail_at", table_name="trail")
