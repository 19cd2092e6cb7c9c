"""
Held up: texts for which a network takes nothing just now, though they could go.

How soon a text ought to have arrived counts from when it was first offered to its network, so that
our own limits make none late. One that stands behind another that the network did not take, or is
for a chat or an account that is to slow down, is not offered at all: its patience runs from its own
moment. Or each of five alarms would wait its minute only after the minute of the one before.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, exists, or_, select, update

from apbot.domain.messages import Address
from apbot.store.tables import on_its_way, outbox, paces

ACCOUNT = ""
"""The address, in `paces`, of an account as a whole."""

_IS_TO_COME = (outbox.c.state == "waiting", outbox.c.tries == 0)

_stuck, _held = outbox.alias("stuck"), paces.alias("held")


def is_held_up() -> ColumnElement[bool]:
    """
    Whether a new text will not be offered just now, as a condition on what it is kept with.

    An earlier text to its `address` was put off, or we are to slow down beyond `expected_by`.
    """
    is_stuck = exists(
        select(1).where(
            _stuck.c.channel == bindparam("channel"),
            _stuck.c.address == bindparam("address"),
            on_its_way("stuck"),
            _stuck.c.state == "waiting",
            _stuck.c.tries > 0,
        )
    )
    is_to_slow_down = exists(
        select(1).where(
            _held.c.channel == bindparam("channel"),
            _held.c.address.in_([ACCOUNT, bindparam("address")]),
            _held.c.free_at > bindparam("expected_by", type_=_held.c.free_at.type),
        )
    )
    return or_(is_stuck, is_to_slow_down)


def start_patience(
    db: Connection,
    channel: str,
    since: Mapping[str, datetime] | datetime,
    until: datetime | None = None,
) -> None:
    """
    Let the patience run of what waits and was never offered.

    It runs from `since`, when the network began to take nothing: for each of these addresses, or
    for the whole account. Where that ends at `until`, only of what has no patience so long.
    """
    asked = select(outbox.c.id, outbox.c.address, outbox.c.due_at, outbox.c.expected_s).where(
        on_its_way("outbox"),
        outbox.c.channel == channel,
        *_IS_TO_COME,
        outbox.c.expected_s.is_not(None),
        outbox.c.expected_by.is_(None),
        outbox.c.passed_on_at.is_(None),
    )
    if not isinstance(since, datetime):
        asked = asked.where(outbox.c.address.in_(sorted(since)))
    late = []
    for id, address, due_at, expected_s in db.execute(asked):
        begins = since if isinstance(since, datetime) else since[address]
        by = max(due_at, begins) + timedelta(seconds=expected_s)
        if until is None or by < until:
            late.append({"one": id, "by": by})
    if late:
        changed = update(outbox).where(outbox.c.id == bindparam("one"), *_IS_TO_COME)
        db.execute(changed.values(expected_by=bindparam("by")), late)


def why_held_up(db: Connection, address: Address) -> str:
    """Return what the network said last of a text that stands before others to this address."""
    asked = select(outbox.c.says).where(
        on_its_way("outbox"),
        outbox.c.channel == address.channel,
        outbox.c.address == address.value,
        outbox.c.tries > 0,
    )
    says: str | None = db.scalar(asked.order_by(outbox.c.id).limit(1))
    return says or "the network takes nothing just now"
