"""
The tables: everything the house remembers.

Times are UTC in `UtcDateTime` columns; days are dates. An entry is never updated or deleted: the
database itself refuses it, by a trigger on both databases. Lists of the office are kept with the
line's whole history: a line that goes from a file is ended, never deleted.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TextClause,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC. SQLite forgets time zones: what comes back is aware again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; keep an aware one as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


lists = Table(
    "lists",
    metadata,
    _id(),
    Column("name", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    Column("line", JSON, nullable=False),
    Column("from_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),
    Column("by", String(100), nullable=False, server_default=""),
    Column("ended_by", String(100), nullable=False, server_default=""),
    Index("ix_lists_live", "name", "key", unique=True, postgresql_where=text("until_at IS NULL"),
          sqlite_where=text("until_at IS NULL")),
    comment="The office's lists, a row a line; a changed line is ended and a new one begun.",
)  # fmt: skip

list_versions = Table(
    "list_versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    comment="One row: counts the changes of the lists, so that a process reads them anew.",
)

addresses = Table(
    "addresses",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("value", String(100), nullable=False),
    Column("person", String(100), nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("since_at", UtcDateTime, nullable=False),
    Column("says", Text, nullable=False, server_default=""),
    UniqueConstraint("channel", "value"),
    comment="Where a person can be reached: live, stopped (opted out) or gone.",
)

links = Table(
    "links",
    metadata,
    _id(),
    Column("token", String(64), nullable=False, unique=True),
    Column("person", String(100), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    comment="One-time links that tie a chat to a person.",
)

registers = Table(
    "registers",
    metadata,
    _id(),
    Column("provider", String(100), nullable=False),
    Column("provider_name", String(200), nullable=False),
    Column("on", Date, nullable=False),
    Column("half", String(2), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("start", String(5), nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False),
    Column("roster", JSON, nullable=False),
    Column("policy", JSON, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("looked_at", UtcDateTime),
    Column("settles_at", UtcDateTime),
    Column("completed_at", UtcDateTime),
    Column("closed_by", String(100), nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    UniqueConstraint("provider", "on", "half"),
    Index("ix_registers_on", "on"),
    comment="One provider, one date, one half: who was due, and the policy stamped at opening.",
)

entries = Table(
    "entries",
    metadata,
    _id(),
    Column("register_id", ForeignKey("registers.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("pupil", String(100), nullable=False, index=True),
    Column("was", String(20)),
    Column("mark", String(20)),
    Column("reason", String(40)),
    Column("time", String(5)),
    Column("by", String(100), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("by_title", String(200), nullable=False, server_default=""),
    Column("how", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("because", Text, nullable=False, server_default=""),
    Column("inbox_id", ForeignKey("inbox.id")),
    comment="One thing said of one pupil. Never changed or deleted: a trigger refuses both.",
)

cases = Table(
    "cases",
    metadata,
    _id(),
    Column("ref", String(10), nullable=False, index=True),
    Column("matter", String(30), nullable=False),
    Column("provider", String(100), nullable=False),
    Column("provider_name", String(200), nullable=False),
    Column("register_id", ForeignKey("registers.id"), index=True),
    Column("number", Integer),
    Column("pupil", String(100)),
    Column("shown", String(200)),
    Column("state", String(20), nullable=False),
    Column("rung", Integer, nullable=False),
    Column("told", JSON, nullable=False),
    Column("ladder", JSON, nullable=False),
    Column("ladder_at", UtcDateTime),
    Column("provider_at", UtcDateTime),
    Column("reason", String(40)),
    Column("words", Text, nullable=False, server_default=""),
    Column("raised_by", String(100), nullable=False, server_default=""),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("acknowledged_by", String(100), nullable=False, server_default=""),
    Column("asked_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("resolved_by", String(100), nullable=False, server_default=""),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("notes", JSON, nullable=False),
    Column("notice", JSON),
    Column("is_disputed", Boolean, nullable=False, server_default=false()),
    Column("expected_at", UtcDateTime),
    Index("ix_cases_opened_at", "opened_at"),
    Index("ix_cases_pupil", "pupil", "opened_at"),
    Index("ix_cases_open", "state", postgresql_where=text("state <> 'resolved'"),
          sqlite_where=text("state <> 'resolved'")),
    comment="Something a CSS person must take on.",
)  # fmt: skip

case_told = Table(
    "case_told",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person", String(100), primary_key=True),
    Index("ix_case_told_person", "person"),
    comment="Who was told of a case, so that a reply finds the cases its sender knows of.",
)

deadlines = Table(
    "deadlines",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),
    Column("subject", String(60), nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("claimed_until", UtcDateTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    UniqueConstraint("kind", "subject"),
    comment="When we look again: one row for each register and case that is not over.",
)

asks = Table(
    "asks",
    metadata,
    Column("register_id", ForeignKey("registers.id"), primary_key=True),
    Column("person", String(100), primary_key=True),
    Column("ask", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment="The one short question open to a person about a register.",
)

proposals = Table(
    "proposals",
    metadata,
    Column("person", String(100), primary_key=True),
    Column("proposal", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment="What a contact told ahead and was read back; it counts once they say OK.",
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("network_id", String(200), nullable=False),
    Column("address", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("answers", String(200)),
    Column("sender", String(200)),
    Column("callback_id", String(200)),
    Column("chat_title", String(300)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("handled_at", UtcDateTime),
    Column("person", String(100)),
    Column("came_of_it", Text, nullable=False, server_default=""),
    Column("outcome", String(20)),
    UniqueConstraint("channel", "network_id"),
    Index("ix_inbox_waiting", "id", postgresql_where=text("handled_at IS NULL"),
          sqlite_where=text("handled_at IS NULL")),
    Index("ix_inbox_address", "channel", "address", "id"),
    Index("ix_inbox_received_at", "received_at"),
    comment="Every message as it came, kept before anybody reads it.",
)  # fmt: skip


def on_its_way(name: str = "") -> TextClause:
    """
    Return the condition of the partial indexes on texts that are not over, as they have it.

    Its words are in the statement itself: given as values, neither database would see that such an
    index will do, and each look would go through all the history there is.
    """
    return text(f"{name + '.' if name else ''}state IN ('waiting', 'sending')")


outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("once", String(200), unique=True),
    Column("person", String(100), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("address", String(100), nullable=False),
    Column("script", String(60), nullable=False),
    Column("text", Text, nullable=False),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("buttons", JSON, nullable=False),
    Column("register_id", Integer, index=True),
    Column("case_refs", JSON, nullable=False),
    Column("cause", Text, nullable=False, server_default=""),
    Column("urgency", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("useful_until", UtcDateTime),
    Column("patience_s", Integer, nullable=False),
    Column("edits_id", Integer),
    Column("callback_id", String(200)),
    Column("fallback_of", Integer),
    Column("claimed_until", UtcDateTime),
    Column("first_tried_at", UtcDateTime),
    Column("fate_unknown", Boolean, nullable=False, server_default=false()),
    Column("may_have_gone", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("attempts", JSON, nullable=False),
    Column("network_id", String(200)),
    Column("made_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("says", Text, nullable=False, server_default=""),
    Column("gathered", JSON(none_as_null=True)),
    Column("provider", String(100), nullable=False, server_default=""),
    Column("turn", Integer, nullable=False, server_default="0"),
    Column("alphabet", String(10)),
    Column("expected_s", Integer),
    Column("expected_by", UtcDateTime),
    Column("passed_on_at", UtcDateTime),
    Column("content", JSON(none_as_null=True)),
    Index("ix_outbox_network_id", "channel", "network_id"),
    Index("ix_outbox_address", "channel", "address", "made_at"),
    Index("ix_outbox_person", "person", "made_at"),
    Index("ix_outbox_made_at", "made_at"),
    Index("ix_outbox_edits", "edits_id", postgresql_where=text("edits_id IS NOT NULL"),
          sqlite_where=text("edits_id IS NOT NULL")),
    Index("ix_outbox_in_turn", "urgency", "turn", "due_at", "id",
          postgresql_where=on_its_way(), sqlite_where=on_its_way()),
    Index("ix_outbox_ahead", "channel", "address", "urgency", "id",
          postgresql_where=on_its_way(), sqlite_where=on_its_way()),
    Index("ix_outbox_provider", "provider", "urgency",
          postgresql_where=on_its_way(), sqlite_where=on_its_way()),
    Index("ix_outbox_expected", "expected_by",
          postgresql_where=text("expected_by IS NOT NULL"),
          sqlite_where=text("expected_by IS NOT NULL")),
    comment="Every text exactly as it is sent, from waiting to delivered, failed or lapsed.",
)  # fmt: skip

paces = Table(
    "paces",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("address", String(100), primary_key=True),
    Column("free_at", UtcDateTime, nullable=False),
    comment="When a network takes the next text: of our account (no address), and for one chat.",
)

early_receipts = Table(
    "early_receipts",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("network_id", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("says", Text, nullable=False, server_default=""),
    Column("address_gone", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_early_receipts_network_id", "channel", "network_id"),
    comment="A receipt that overtook the answer to its own send call.",
)

journal = Table(
    "journal",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("happening", String(40), nullable=False),
    Column("because", Text, nullable=False),
    Column("register_id", Integer, index=True),
    Column("case_refs", JSON, nullable=False),
    Column("person", String(100), nullable=False, server_default=""),
    Column("inbox_id", Integer),
    Column("reading", JSON(none_as_null=True)),
    comment="Why each thing was done: one row a happening.",
)

beats = Table(
    "beats",
    metadata,
    Column("engine", String(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    comment="When each engine last beat, by the machine's own time.",
)

asked_until = Table(
    "asked_until",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    comment="Up to when each network was asked what it had received for us.",
)

sign_ins = Table(
    "sign_ins",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False),
    Column("person", String(100), nullable=False),
    Column("source", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("used_at", UtcDateTime),
    Index("ix_sign_ins_person", "person", "made_at"),
    Index("ix_sign_ins_source", "source", "made_at"),
    comment="A code asked for to sign in to the board; nobody's number gets a row like any other.",
)

visits = Table(
    "visits",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person", String(100), nullable=False, index=True),
    Column("device", String(200), nullable=False, server_default=""),
    Column("made_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    comment="One browser in which somebody is signed in to the board, until it ends.",
)

trail = Table(
    "trail",
    metadata,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("person", String(100), nullable=False),
    Column("did", String(40), nullable=False),
    Column("kind", String(20), nullable=False, server_default=""),
    Column("subject", String(100), nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Index("ix_trail_subject", "kind", "subject"),
    Index("ix_trail_person", "person", "at"),
    Index("ix_trail_at", "at"),
    comment="Who saw or changed what on the board. Never changed: a trigger refuses it.",
)

JsonObject = dict[str, Any]
