"""What the parents are told of a case, by whose word, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("notice", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table("cases") as table:
        table.drop_column("notice")
