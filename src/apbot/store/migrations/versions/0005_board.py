"""Who signs in to the board, in which browser, and the trail of what they saw and did."""

import sqlalchemy as sa
from alembic import op

from apbot.store.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REFUSES = "the trail is never changed or deleted"


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
        comment="A code asked for to sign in to the board; nobody's number gets a row like any "
        "other.",
    )
    op.create_index("ix_sign_ins_person", "sign_ins", ["person", "made_at"])
    op.create_index("ix_sign_ins_source", "sign_ins", ["source", "made_at"])
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("device", sa.String(length=200), server_default="", nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visits_token_hash")),
        comment="One browser in which somebody is signed in to the board, until it ends.",
    )
    op.create_index(op.f("ix_visits_person"), "visits", ["person"])
    op.create_table(
        "trail",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("did", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=100), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail")),
        comment="Who saw or changed what on the board. Never changed: a trigger refuses it.",
    )
    op.create_index("ix_trail_subject", "trail", ["kind", "subject"])
    op.create_index("ix_trail_person", "trail", ["person", "at"])
    _guard()


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("trail")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION trail_refuse()")
    op.drop_table("visits")
    op.drop_table("sign_ins")


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER trail_refuse_{verb.lower()} BEFORE {verb} ON trail "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSES}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSES}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER trail_refuse_change BEFORE UPDATE OR DELETE ON trail "
        "FOR EACH ROW EXECUTE FUNCTION trail_refuse()"
    )
