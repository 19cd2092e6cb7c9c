"""
The checker: what the world took and typed, held against what the database says.

It reads the tables with its own SQL and knows no rule of the house but the promises. What it
returns is empty, or each broken promise in a sentence.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, text

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]

READ = ("inbox", "outbox", "entries", "cases", "registers", "deadlines", "journal")

PROMPTS = ("register_prompt", "register_prompt_later")
MISSING_AFTER = timedelta(minutes=30)
ON_ITS_WAY = timedelta(minutes=5)
"""What fell due so shortly before the end may still be on its way."""

A_LOOK = timedelta(minutes=1)
"""How much older a process' moment may be than what it sees: a second and a half of real time."""

FIRST_CHASE_AFTER = timedelta(minutes=10)

APART = timedelta(minutes=4)
"""No step of a ladder, and no chase, follows another of the same words sooner."""

OF_THE_CLOCK = ("register", "case")
"""The causes of texts that nobody's message brought about."""


def read(engine: Engine) -> Tables:
    """Return every row that is to be checked."""
    with engine.connect() as db:
        return {
            name: [dict(row._mapping) for row in db.execute(text(f"SELECT * FROM {name}"))]
            for name in READ
        }


def check(tables: Tables, told: dict[str, Any], ended: datetime) -> list[str]:
    """Return every promise that was broken by this moment of the day, in words."""
    return [
        *_each_message_is_handled_once(tables, told),
        *_each_text_is_accepted_once(tables, told, ended),
        *_what_did_not_arrive_went_another_way(tables),
        *_no_deadline_is_early_or_twice(tables),
        *_nobody_hears_a_step_twice(tables),
        *_each_chain_is_whole(tables),
        *_nobody_is_forgotten(tables, ended),
    ]


def _each_message_is_handled_once(tables: Tables, told: dict[str, Any]) -> Iterator[str]:
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
    tables: Tables, told: dict[str, Any], ended: datetime
) -> Iterator[str]:
    taken = {(one["network"], one["id"]): one for one in told["taken"] if one["kind"] == "send"}
    may_be_there: Counter[tuple[str, str, str]] = Counter()
    # A change of a message goes by that message's own number, so the messages come first.
    for row in sorted(tables["outbox"], key=lambda row: (bool(row["edits_id"]), row["id"])):
        key = (row["channel"], _number_of(row))
        if row["callback_id"]:
            continue
        if row["edits_id"]:
            # Mostly a change of an earlier message; where that is gone, a message of its own.
            taken.pop(key, None)
            continue
        went = row["state"] in ("sent", "delivered")
        if went and taken.pop(key, None) is None:
            yield (
                f"text {row['id']} is {row['state']} as {row['network_id']}, and the network "
                f"took nothing that is not another's: {row['attempts']}"
            )
        is_waiting = row["state"] in ("waiting", "sending")
        if is_waiting and _moment(row["due_at"]) < ended - ON_ITS_WAY:
            yield f"text {row['id']} still waits: {row['says']}"
        same = (row["channel"], row["address"], row["text"])
        if is_waiting:
            may_be_there[same] += 1
        elif row["channel"] == "telegram":
            # It cannot be asked. Where the log says that a fate was unknown, one more may be there.
            may_be_there[same] += min(_unknown_tries(row), 1 if went else 2)
        elif not went:
            # It went another way while nobody could say whether it had gone this one.
            may_be_there[same] += min(_unknown_tries(row), 1)
    for (network, id), one in taken.items():
        same = (network, one["to"], one["text"])
        if may_be_there[same]:
            may_be_there[same] -= 1
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
    said = _attempts(row)
    broken = sum("may have gone" in one["says"] for one in said)
    unsaid: int = max(row["tries"] - len(said), 0)
    return broken + unsaid


def _what_did_not_arrive_went_another_way(tables: Tables) -> Iterator[str]:
    """Whoever was not reached was told by another channel, or somebody was told in their place."""
    instead = {row["fallback_of"] for row in tables["outbox"]}
    noted = {
        (row["person"], row["because"].partition(" ")[0])
        for row in tables["journal"]
        if row["happening"] == "failed"
    }
    for row in tables["outbox"]:
        ended_so = row["state"] == "failed" or (row["state"] == "lapsed" and row["passed_on_at"])
        if not ended_so or row["edits_id"] or row["callback_id"] or not row["person"]:
            continue
        is_noted = (row["person"], row["script"]) in noted
        if not (is_noted or row["id"] in instead or _was_of_no_use(row, tables)):
            yield f"text {row['id']} did not arrive, and nobody took it up: {row['says']}"
        if row["state"] == "failed" and row["channel"] == "telegram" and _unknown_tries(row) < 2:
            # More: a process was killed as it began a try that never left.
            yield f"text {row['id']} failed though its fate was not unknown twice: {row['says']}"
        if row["state"] == "failed" and row["channel"] != "telegram":
            yield f"text {row['id']} failed: {row['says']}"


def _was_of_no_use(row: dict[str, Any], tables: Tables) -> bool:
    """Whether the text's time was over as it was given up, or all that it was about."""
    tried = [_moment(one["at"]) for one in _attempts(row)]
    moments = [*tried[-1:], *([_moment(row["passed_on_at"])] if row["passed_on_at"] else [])]
    if not moments:
        return False
    given_up = max(moments)
    if row["useful_until"] and given_up >= _moment(row["useful_until"]):
        return True
    refs = set(_json(row["case_refs"]) or ())
    of_cases = [one["resolved_at"] for one in tables["cases"] if one["ref"] in refs]
    of_register = [
        one["completed_at"] for one in tables["registers"] if one["id"] == row["register_id"]
    ]
    ends = of_cases if refs else of_register
    seen_by = given_up + A_LOOK
    return bool(ends) and all(end is not None and _moment(end) <= seen_by for end in ends)


def _no_deadline_is_early_or_twice(tables: Tables) -> Iterator[str]:
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


def _nobody_hears_a_step_twice(tables: Tables) -> Iterator[str]:
    """What the clock alone brought about is not said again before the next step may be due."""
    made: dict[tuple[str, str, str], list[tuple[datetime, int]]] = defaultdict(list)
    for row in tables["outbox"]:
        by_clock = row["cause"] in OF_THE_CLOCK and not row["fallback_of"] and not row["edits_id"]
        if by_clock and row["state"] != "lapsed":
            same = (row["channel"], row["address"], row["text"])
            made[same].append((_moment(row["made_at"]), row["id"]))
    for moments in made.values():
        moments.sort()
        for (first, one), (second, other) in pairwise(moments):
            if second - first < APART:
                yield f"texts {one} and {other} say the same, {second - first} apart"


def _each_chain_is_whole(tables: Tables) -> Iterator[str]:
    last: dict[tuple[int, int], Any] = {}
    for row in sorted(tables["entries"], key=lambda row: row["id"]):
        line = (row["register_id"], row["number"])
        if row["was"] != last.get(line):
            yield f"entry {row['id']} was {row['was']}, and before it stood {last.get(line)}"
        last[line] = row["mark"]


def _nobody_is_forgotten(tables: Tables, ended: datetime) -> Iterator[str]:
    """Each session that began was asked for or had come in; what has not come in is a case."""
    asked = {row["register_id"] for row in tables["outbox"] if row["script"] in PROMPTS}
    marked: dict[int, datetime] = {}
    for row in tables["entries"]:
        marked.setdefault(row["register_id"], _moment(row["at"]))
    opened = {row["register_id"] for row in tables["cases"]}
    for row in tables["registers"]:
        if _moment(row["starts_at"]) + MISSING_AFTER > ended - ON_ITS_WAY:
            continue
        # Who writes before the session need not be asked any more, nor who writes as it begins
        # and is read before our own look, the database having been away.
        by_itself = _moment(row["starts_at"]) + FIRST_CHASE_AFTER
        came_by_itself = row["id"] in marked and marked[row["id"]] <= by_itself
        if not came_by_itself and row["id"] not in asked and row["id"] not in opened:
            yield f"register {row['id']} was never asked for, and nobody was told"
        if row["id"] not in marked and row["id"] not in opened:
            yield f"register {row['id']} is empty, and nobody was told"
    for row in tables["deadlines"]:
        if _moment(row["due_at"]) < ended - ON_ITS_WAY:
            yield f"{row['kind']} {row['subject']} was to be looked at, and nobody did"


def _attempts(row: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _json(row["attempts"])
    return found


def _json(value: Any) -> Any:
    """SQLite gives what is kept as JSON as text."""
    return json.loads(value) if isinstance(value, str) else value


def _moment(value: Any) -> datetime:
    """SQLite gives its moments as text and without their zone, which is UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
