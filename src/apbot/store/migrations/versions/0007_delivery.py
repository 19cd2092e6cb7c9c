"""Whose a text is and in which turn it goes, when it is expected to arrive, and networks' paces."""

import sqlalchemy as sa
from alembic import op

from apbot.store.tables import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ON_ITS_WAY = sa.text("state IN ('waiting', 'sending')")
EXPECTED = sa.text("expected_by IS NOT NULL")


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "paces",
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name="pk_paces"),
        comment="When a network takes the next text: of our account (no address), and for one "
        "chat.",
    )
    for column in (
        sa.Column("provider", sa.String(100), nullable=False, server_default=""),
        sa.Column("turn", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("alphabet", sa.String(10), nullable=True),
        sa.Column("expected_s", sa.Integer(), nullable=True),
        sa.Column("expected_by", UtcDateTime(), nullable=True),
        sa.Column("passed_on_at", UtcDateTime(), nullable=True),
    ):
        op.add_column("outbox", column)
    op.drop_index("ix_outbox_waiting", "outbox")
    _index("ix_outbox_in_turn", ["urgency", "turn", "due_at", "id"], ON_ITS_WAY)
    _index("ix_outbox_ahead", ["channel", "address", "urgency", "id"], ON_ITS_WAY)
    _index("ix_outbox_provider", ["provider", "urgency"], ON_ITS_WAY)
    _index("ix_outbox_expected", ["expected_by"], EXPECTED)


def downgrade() -> None:
    """Go one step back."""
    for name in ("in_turn", "ahead", "provider", "expected"):
        op.drop_index(f"ix_outbox_{name}", "outbox")
    _index("ix_outbox_waiting", ["urgency", "due_at", "id"], ON_ITS_WAY)
    with op.batch_alter_table("outbox") as table:
        for name in (
            *("provider", "turn", "alphabet"),
            *("expected_s", "expected_by", "passed_on_at"),
        ):
            table.drop_column(name)
    op.drop_table("paces")


def _index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "outbox", columns, postgresql_where=where, sqlite_where=where)
