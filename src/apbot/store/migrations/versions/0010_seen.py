"""What came of each message, in a word, and indexes by when: for counting the last hour."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column("inbox", sa.Column("outcome", sa.String(20), nullable=True))
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_index("ix_outbox_made_at", "outbox", ["made_at"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_outbox_made_at", table_name="outbox")
    op.drop_index("ix_inbox_received_at", table_name="inbox")
    with op.batch_alter_table("inbox") as table:
        table.drop_column("outcome")
