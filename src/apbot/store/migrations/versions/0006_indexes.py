"""What a reply asks stays quick however long the history is: indexes by whose and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WIDER = (
    ("ix_cases_pupil", "cases", ["pupil"], "opened_at"),
    ("ix_inbox_address", "inbox", ["channel", "address"], "id"),
    ("ix_outbox_address", "outbox", ["channel", "address"], "made_at"),
)
"""Indexes that gain a column: what is asked is the latest, or since a moment."""

IS_EDIT = sa.text("edits_id IS NOT NULL")


def upgrade() -> None:
    """Go one step on."""
    for name, table, columns, more in WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [*columns, more])
    op.create_index("ix_outbox_person", "outbox", ["person", "made_at"])
    op.create_index(
        "ix_outbox_edits", "outbox", ["edits_id"], postgresql_where=IS_EDIT, sqlite_where=IS_EDIT
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_index("ix_outbox_edits", table_name="outbox")
    op.drop_index("ix_outbox_person", table_name="outbox")
    for name, table, columns, _ in WIDER:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
