"""A parent says when a child who is away will be there, and the child is looked for then."""

import sqlalchemy as sa
from alembic import op

from apbot.store.tables import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column("cases", sa.Column("expected_at", UtcDateTime()))


def downgrade() -> None:
    """Go one step back."""
    op.drop_column("cases", "expected_at")
