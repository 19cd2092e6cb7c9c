"""Registers, cases and the two trays."""

import sqlalchemy as sa
from alembic import op

from apbot.store.tables import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.Column("says", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("channel", "value", name=op.f("uq_addresses_channel_value")),
        comment="Where a person can be reached: live, stopped (opted out) or gone.",
    )
    op.create_index(op.f("ix_addresses_person"), "addresses", ["person"], unique=False)
    op.create_table(
        "beats",
        sa.Column("engine", sa.String(length=100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("engine", name=op.f("pk_beats")),
        comment="When each engine last beat, by the machine's own time.",
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_deadlines_kind_subject")),
        comment="When we look again: one row for each register and case that is not over.",
    )
    op.create_index(op.f("ix_deadlines_due_at"), "deadlines", ["due_at"], unique=False)
    op.create_table(
        "early_receipts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("network_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("says", sa.Text(), server_default="", nullable=False),
        sa.Column("address_gone", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_receipts")),
        comment="A receipt that overtook the answer to its own send call.",
    )
    op.create_index(
        "ix_early_receipts_network_id", "early_receipts", ["channel", "network_id"], unique=False
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("network_id", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.String(length=200), nullable=True),
        sa.Column("sender", sa.String(length=200), nullable=True),
        sa.Column("callback_id", sa.String(length=200), nullable=True),
        sa.Column("chat_title", sa.String(length=300), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.Column("person", sa.String(length=100), nullable=True),
        sa.Column("came_of_it", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "network_id", name=op.f("uq_inbox_channel_network_id")),
        comment="Every message as it came, kept before anybody reads it.",
    )
    op.create_index("ix_inbox_address", "inbox", ["channel", "address"], unique=False)
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
        sqlite_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("happening", sa.String(length=40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=True),
        sa.Column("case_refs", sa.JSON(), nullable=False),
        sa.Column("person", sa.String(length=100), server_default="", nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        comment="Why each thing was done: one row a happening.",
    )
    op.create_index(op.f("ix_journal_register_id"), "journal", ["register_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token", name=op.f("uq_links_token")),
        comment="One-time links that tie a chat to a person.",
    )
    op.create_table(
        "list_versions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_versions")),
        comment="One row: counts the changes of the lists, so that a process reads them anew.",
    )
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.JSON(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        comment="The office's lists, a row a line; a changed line is ended and a new one begun.",
    )
    op.create_index(
        "ix_lists_live",
        "lists",
        ["name", "key"],
        unique=True,
        postgresql_where=sa.text("until_at IS NULL"),
        sqlite_where=sa.text("until_at IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("once", sa.String(length=200), nullable=True),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=100), nullable=False),
        sa.Column("script", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=True),
        sa.Column("case_refs", sa.JSON(), nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("useful_until", UtcDateTime(), nullable=True),
        sa.Column("patience_s", sa.Integer(), nullable=False),
        sa.Column("edits_id", sa.Integer(), nullable=True),
        sa.Column("callback_id", sa.String(length=200), nullable=True),
        sa.Column("fallback_of", sa.Integer(), nullable=True),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("first_tried_at", UtcDateTime(), nullable=True),
        sa.Column("fate_unknown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.Column("network_id", sa.String(length=200), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("says", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once", name=op.f("uq_outbox_once")),
        comment="Every text exactly as it is sent, from waiting to delivered, failed or lapsed.",
    )
    op.create_index("ix_outbox_address", "outbox", ["channel", "address"], unique=False)
    op.create_index("ix_outbox_network_id", "outbox", ["channel", "network_id"], unique=False)
    op.create_index(op.f("ix_outbox_register_id"), "outbox", ["register_id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["urgency", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        sqlite_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_table(
        "registers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("provider_name", sa.String(length=200), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("half", sa.String(length=2), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("roster", sa.JSON(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("settles_at", UtcDateTime(), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers")),
        sa.UniqueConstraint("provider", "on", "half", name=op.f("uq_registers_provider_on_half")),
        comment="One provider, one date, one half: who was due, and the policy stamped at opening.",
    )
    op.create_index("ix_registers_on", "registers", ["on"], unique=False)
    op.create_table(
        "asks",
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("ask", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_id"], ["registers.id"], name=op.f("fk_asks_register_id")
        ),
        sa.PrimaryKeyConstraint("register_id", "person", name=op.f("pk_asks")),
        comment="The one short question open to a person about a register.",
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ref", sa.String(length=10), nullable=False),
        sa.Column("matter", sa.String(length=30), nullable=False),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column("provider_name", sa.String(length=200), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("pupil", sa.String(length=100), nullable=True),
        sa.Column("shown", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=False),
        sa.Column("ladder_at", UtcDateTime(), nullable=True),
        sa.Column("provider_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("raised_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_id"], ["registers.id"], name=op.f("fk_cases_register_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        comment="Something a CSS person must take on.",
    )
    op.create_index(
        "ix_cases_open",
        "cases",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state <> 'resolved'"),
        sqlite_where=sa.text("state <> 'resolved'"),
    )
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"], unique=False)
    op.create_index(op.f("ix_cases_pupil"), "cases", ["pupil"], unique=False)
    op.create_index(op.f("ix_cases_ref"), "cases", ["ref"], unique=False)
    op.create_index(op.f("ix_cases_register_id"), "cases", ["register_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pupil", sa.String(length=100), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=True),
        sa.Column("mark", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("time", sa.String(length=5), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("by_title", sa.String(length=200), server_default="", nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_entries_inbox_id")),
        sa.ForeignKeyConstraint(
            ["register_id"], ["registers.id"], name=op.f("fk_entries_register_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        comment="One thing said of one pupil. Never changed or deleted: a trigger refuses both.",
    )
    op.create_index(op.f("ix_entries_pupil"), "entries", ["pupil"], unique=False)
    op.create_index(op.f("ix_entries_register_id"), "entries", ["register_id"], unique=False)
    op.create_table(
        "case_told",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_told_case_id")),
        sa.PrimaryKeyConstraint("case_id", "person", name=op.f("pk_case_told")),
        comment="Who was told of a case, so that a reply finds the cases its sender knows of.",
    )
    op.create_index("ix_case_told_person", "case_told", ["person"], unique=False)
    _refuse_changes_of_entries()


def _refuse_changes_of_entries() -> None:
    """An entry is evidence: the database itself refuses to change or delete one."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER entries_refuse_{verb.lower()} BEFORE {verb} ON entries "
                "BEGIN SELECT RAISE(ABORT, 'an entry is never changed or deleted'); END"
            )
        # INSERT OR REPLACE deletes without asking the trigger of DELETE.
        op.execute(
            "CREATE TRIGGER entries_refuse_replace BEFORE INSERT ON entries "
            "WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id) "
            "BEGIN SELECT RAISE(ABORT, 'an entry is never changed or deleted'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION entries_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'an entry is never changed or deleted'; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_refuse_change BEFORE UPDATE OR DELETE ON entries "
        "FOR EACH ROW EXECUTE FUNCTION entries_refuse()"
    )
    op.execute(
        "CREATE TRIGGER entries_refuse_truncate BEFORE TRUNCATE ON entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION entries_refuse()"
    )
