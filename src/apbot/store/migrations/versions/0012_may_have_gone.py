"""How many tries of a text may have gone, where nobody knows: Telegram gets no third."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    column = sa.Column("may_have_gone", sa.Integer(), server_default="0", nullable=False)
    op.add_column("outbox", column)


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table("outbox") as table:
        table.drop_column("may_have_gone")
