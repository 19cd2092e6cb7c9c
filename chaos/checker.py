"""
The checker: what the world took and typed, held against what the database says.

It reads the tables with its own SQL and knows no rule of the house but the promises. What it
returns is empty, or each broken promise in a sentence.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

Rows = list[dict[str, Any]]

PROMPTS = ("register_prompt", "register_prompt_later")
MISSING_AFTER = timedelta(minutes=30)
ON_ITS_WAY = timedelta(minutes=5)
"""What fell due so shortly before the end may still be on its way."""

FIRST_CHASE_AFTER = timedelta(minutes=10)


def check(engine: Engine, told: dict[str, Any], ended: datetime) -> list[str]:
    """Return every promise that was broken by this moment of the day, in words."""
    with engine.connect() as db:
        tables = {
            name: [dict(row._mapping) for row in db.execute(text(f"SELECT * FROM {name}"))]
            for name in ("inbox", "outbox", "entries", "cases", "registers", "deadlines", "journal")
        }
    return [
        *_each_message_is_handled_once(tables, told),
        *_each_text_is_accepted_once(tables, told, ended),
        *_no_deadline_is_early_or_twice(tables),
        *_each_chain_is_whole(tables),
        *_nobody_is_forgotten(tables, ended),
    ]


def _each_message_is_handled_once(tables: dict[str, Rows], told: dict[str, Any]) -> Iterator[str]:
    typed = Counter((one["network"], one["address"], one["text"]) for one in told["typed"])
    rows = [row for row in tables["inbox"] if row["kind"] == "text"]
    kept = Counter((row["channel"], row["address"], row["text"]) for row in rows)
    for what, count in typed.items():
        if kept[what] != count:
            yield f"typed {count} times and kept {kept[what]} times: {what}"
    for what in kept.keys() - typed.keys():
        yield f"kept, and nobody typed it: {what}"
    for row in rows:
        if row["handled_at"] is None:
            yield f"message {row['id']} was never handled: {row['came_of_it']}"
    replies = Counter(
        row["inbox_id"] for row in tables["journal"] if row["inbox_id"] and row["reading"]
    )
    for inbox, count in replies.items():
        if count > 1:
            yield f"message {inbox} was handled {count} times"


def _each_text_is_accepted_once(
    tables: dict[str, Rows], told: dict[str, Any], ended: datetime
) -> Iterator[str]:
    taken = {(one["network"], one["id"]): one for one in told["taken"] if one["kind"] == "send"}
    twice: Counter[tuple[str, str, str]] = Counter()
    on_its_way: Counter[tuple[str, str, str]] = Counter()
    # A change of a message goes by that message's own number, so the messages come first.
    for row in sorted(tables["outbox"], key=lambda row: (bool(row["edits_id"]), row["id"])):
        key = (row["channel"], _number_of(row))
        if row["callback_id"]:
            continue
        if row["edits_id"]:
            # Mostly a change of an earlier message; where that is gone, a message of its own.
            taken.pop(key, None)
            continue
        if row["state"] in ("sent", "delivered"):
            if taken.pop(key, None) is None:
                yield (
                    f"text {row['id']} is {row['state']} as {row['network_id']}, and the network "
                    f"took nothing that is not another's: {row['attempts']}"
                )
        elif row["state"] in ("waiting", "sending"):
            on_its_way[row["channel"], row["address"], row["text"]] += 1
            if _moment(row["due_at"]) < ended - ON_ITS_WAY:
                yield f"text {row['id']} still waits: {row['says']}"
        elif row["state"] == "failed":
            yield f"text {row['id']} failed: {row['says']}"
        if row["channel"] == "telegram":
            twice[row["channel"], row["address"], row["text"]] += _unknown_tries(row)
    for (network, id), one in taken.items():
        same = (network, one["to"], one["text"])
        if on_its_way[same]:
            on_its_way[same] -= 1
        elif twice[same]:
            twice[same] -= 1
        else:
            yield f"{network} took a text that no row accounts for: {id} to {one['to']}"


def _number_of(row: dict[str, Any]) -> str:
    """The network's own number: a Telegram message's stands behind its chat's."""
    return str(row["network_id"] or "").rpartition(":")[2]


def _unknown_tries(row: dict[str, Any]) -> int:
    """
    How many tries of this text ended, by our own log, with nobody knowing their fate.

    A connection broke after the request; or the process that tried was killed before it could say.
    """
    attempts = row["attempts"]
    told = json.loads(attempts) if isinstance(attempts, str) else attempts
    broken = sum("may have gone" in one["says"] for one in told)
    unsaid: int = max(row["tries"] - len(told), 0)
    return broken + unsaid


def _no_deadline_is_early_or_twice(tables: dict[str, Rows]) -> Iterator[str]:
    registers = {row["id"]: row for row in tables["registers"]}
    said: Counter[tuple[Any, ...]] = Counter()
    for row in tables["outbox"]:
        register = registers.get(row["register_id"])
        if register is None or row["fallback_of"]:
            continue
        starts, made = _moment(register["starts_at"]), _moment(row["made_at"])
        if row["script"] in PROMPTS:
            said[row["register_id"], row["person"], row["script"]] += 1
            if made < starts:
                yield f"text {row['id']} asked before the session began"
        if row["script"].startswith("register_chase") and made < starts + FIRST_CHASE_AFTER:
            yield f"text {row['id']} chased too early"
    for (register_id, person, script), count in said.items():
        if count > 1:
            yield f"register {register_id}: {script} to {person} {count} times"
    missing = Counter(
        row["register_id"] for row in tables["cases"] if row["matter"] == "missing_register"
    )
    for register_id, count in missing.items():
        if count > 1:
            yield f"register {register_id} was reported missing {count} times"
    for row in tables["cases"]:
        if row["matter"] != "missing_register":
            continue
        due = _moment(registers[row["register_id"]]["starts_at"]) + MISSING_AFTER
        if _moment(row["opened_at"]) < due:
            yield f"case {row['ref']} was opened early"


def _each_chain_is_whole(tables: dict[str, Rows]) -> Iterator[str]:
    last: dict[tuple[int, int], Any] = {}
    for row in sorted(tables["entries"], key=lambda row: row["id"]):
        line = (row["register_id"], row["number"])
        if row["was"] != last.get(line):
            yield f"entry {row['id']} was {row['was']}, and before it stood {last.get(line)}"
        last[line] = row["mark"]


def _nobody_is_forgotten(tables: dict[str, Rows], ended: datetime) -> Iterator[str]:
    """Each session that began was asked for, and is in, or its absence is a case."""
    asked = {row["register_id"] for row in tables["outbox"] if row["script"] in PROMPTS}
    marked = {(row["register_id"], row["number"]) for row in tables["entries"]}
    opened = {row["register_id"] for row in tables["cases"]}
    for row in tables["registers"]:
        if _moment(row["starts_at"]) + MISSING_AFTER > ended - ON_ITS_WAY:
            continue
        if row["id"] not in asked and row["id"] not in opened:
            yield f"register {row['id']} was never asked for, and nobody was told"
        has_any = any(register == row["id"] for register, _ in marked)
        if not has_any and row["id"] not in opened:
            yield f"register {row['id']} is empty, and nobody was told"


def _moment(value: Any) -> datetime:
    """SQLite gives its moments as text and without their zone, which is UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
