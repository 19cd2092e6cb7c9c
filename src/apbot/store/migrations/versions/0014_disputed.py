"""A parent says that a pupil is at home whom the register has as there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column(
        "cases",
        sa.Column("is_disputed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_column("cases", "is_disputed")
