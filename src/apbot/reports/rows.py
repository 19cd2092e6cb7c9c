"""
Rows: registers, cases and messages as plain objects with stable keys.

Moments are ISO 8601 in UTC, days ISO dates, a pupil's times local "HH:MM". Nothing is left out of a
register: every entry ever made is there, with what it was before, who said it, how and why.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from apbot.domain.cases import Case, Notice
from apbot.domain.register import Entry, Line, Register
from apbot.domain.words import Half
from apbot.store.cases import list_cases
from apbot.store.inbox import list_inbox, list_strangers
from apbot.store.registers import list_registers
from apbot.store.said import list_outbox
from apbot.store.tables import registers

Object = dict[str, Any]


def latest_day(db: Connection, today: date) -> date:
    """Return today where it has registers, else the last day that has, else today."""
    last: date | None = db.scalar(select(func.max(registers.c.on)).where(registers.c.on <= today))
    return last or db.scalar(select(func.max(registers.c.on))) or today


def register_objects(
    db: Connection, on: date, providers: Collection[str] | None = None, half: Half | None = None
) -> list[Object]:
    """Return the registers of a day, each with its pupils and every entry's history."""
    return [_register(register) for register in list_registers(db, on, providers, half)]


def case_objects(db: Connection, *, only_open: bool) -> list[Object]:
    """Return the cases, oldest first."""
    return [_case(case) for case in list_cases(db, only_open=only_open)]


def stranger_objects(db: Connection, since: datetime) -> list[Object]:
    """Return what came from senders whom nobody knows since a moment, oldest first."""
    return [
        {
            "at": _moment(row.received_at),
            "channel": row.inbound.address.channel,
            "address": row.inbound.address.value,
            "group": row.inbound.chat_title,
            "sender": row.inbound.sender,
            "text": row.inbound.text,
            "came_of_it": row.came_of_it,
        }
        for row in list_strangers(db, since)
    ]


def message_objects(db: Connection, addresses: Collection[str] | None = None) -> list[Object]:
    """Return what went out and came in, in the order in which it happened."""
    out = [
        {
            "direction": "out",
            "at": _moment(row.made_at),
            "channel": row.address.channel,
            "address": row.address.value,
            "person": row.person or None,
            "text": row.text,
            "state": str(row.state),
            "network_id": row.network_id,
            "cause": row.cause,
            "script": row.script,
            "sent_at": _moment(row.sent_at),
            "delivered_at": _moment(row.delivered_at),
            "edits": row.edits,
            "says": row.says or None,
            "attempts": list(row.attempts),
        }
        for row in list_outbox(db, addresses)
    ]
    came_in = [
        {
            "direction": "in",
            "at": _moment(row.received_at),
            "channel": row.inbound.address.channel,
            "address": row.inbound.address.value,
            "person": row.person,
            "text": row.inbound.text,
            "state": "handled" if row.handled_at else "waiting",
            "network_id": row.inbound.network_id,
            "cause": row.came_of_it,
            "kind": str(row.inbound.kind),
            "handled_at": _moment(row.handled_at),
        }
        for row in list_inbox(db, addresses)
    ]
    return sorted([*out, *came_in], key=lambda message: message["at"] or "")


def _register(register: Register) -> Object:
    return {
        "provider": register.provider,
        "provider_name": register.provider_name,
        "date": register.on.isoformat(),
        "half": str(register.half),
        "start": register.start.strftime("%H:%M"),
        "starts_at": _moment(register.starts_at),
        "state": str(register.state),
        "completed_at": _moment(register.completed_at),
        "closed_by": register.closed_by or None,
        "asked": list(register.asked),
        "pupils": [_line(register, line) for line in register.roster],
    }


def _line(register: Register, line: Line) -> Object:
    standing = register.standing.get(line.number)
    return {
        "number": line.number,
        "pupil": line.pupil,
        "name": line.name,
        "shown": line.shown,
        "start": line.own_start.strftime("%H:%M") if line.own_start else None,
        "known_absence": str(line.known_absence) if line.known_absence else None,
        "mark": str(standing.mark) if standing and standing.mark else None,
        "reason": str(standing.reason) if standing and standing.reason else None,
        "time": standing.time.strftime("%H:%M") if standing and standing.time else None,
        "entries": [_entry(entry) for entry in register.entries if entry.number == line.number],
    }


def _entry(entry: Entry) -> Object:
    return {
        "was": str(entry.was) if entry.was else None,
        "mark": str(entry.mark) if entry.mark else None,
        "reason": str(entry.reason) if entry.reason else None,
        "time": entry.time.strftime("%H:%M") if entry.time else None,
        "at": _moment(entry.at),
        "by": entry.by,
        "by_name": entry.by_name,
        "by_title": entry.by_title or None,
        "how": str(entry.how),
        "because": entry.because or None,
        "message": entry.inbox,
    }


def _case(case: Case) -> Object:
    return {
        "ref": case.ref,
        "matter": str(case.matter),
        "pupil": case.pupil,
        "pupil_name": case.shown if case.pupil else None,
        "provider": case.provider,
        "provider_name": case.provider_name,
        "state": str(case.state),
        "opened_at": _moment(case.opened_at),
        "told": list(case.told),
        "acknowledged_at": _moment(case.acknowledged_at),
        "acknowledged_by": case.acknowledged_by or None,
        "resolved_at": _moment(case.resolved_at),
        "resolved_by": case.resolved_by or None,
        "reason": str(case.reason) if case.reason else None,
        "outcome": case.outcome or None,
        "next_look_at": _moment(case.look_at),
        "parents": _notice(case.notice),
        "notes": [
            {"at": _moment(note.at), "by": note.by, "by_name": note.by_name, "words": note.words}
            for note in case.notes
        ],
    }


def _notice(notice: Notice | None) -> Object | None:
    if notice is None:
        return None
    return {
        "state": str(notice.state),
        "due_at": _moment(notice.due_at),
        "told": list(notice.told),
        "by": notice.by or None,
        "at": _moment(notice.at),
        "heard_end": str(notice.end) if notice.end else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
