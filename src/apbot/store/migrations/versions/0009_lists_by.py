"""A line of a list knows who wrote and who ended it on the board; a load by file is nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BY = ("by", "ended_by")


def upgrade() -> None:
    """Go one step on."""
    for name in BY:
        op.add_column("lists", sa.Column(name, sa.String(100), nullable=False, server_default=""))


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table("lists") as table:
        for name in BY:
            table.drop_column(name)
