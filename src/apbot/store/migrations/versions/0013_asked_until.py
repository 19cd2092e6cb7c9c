"""Up to when each network was asked what it had received: a restart must not forget it."""

import sqlalchemy as sa
from alembic import op

from apbot.store.tables import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "asked_until",
        sa.Column("channel", sa.String(20), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        comment="Up to when each network was asked what it had received for us.",
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("asked_until")
