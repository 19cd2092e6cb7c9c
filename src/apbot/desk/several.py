"""
Gathering: several cases for one contact within a minute are one text.

Ten registers that are missing at half past nine must not be ten texts: a flood teaches people to
look away. The first waits a few seconds for others that come with it; what comes within the minute
after it waits until that minute is nearly over. A child not accounted for waits for nothing, and
takes along what waits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.buttons import TAKES
from apbot.desk.desk import Desk
from apbot.domain.decisions import Urgency
from apbot.domain.messages import Button
from apbot.store.outbox import (
    Draft,
    OutboxRow,
    OutboxState,
    find_last_gathered,
    is_kept,
    join_text,
    keep_cause,
)
from apbot.wording.compose import compose, counted, longest
from apbot.wording.gsm import parts

SETTLES_AFTER = timedelta(seconds=5)
"""How long a text waits for others that come with it."""

JOINED = ("script", "text", "parts", "buttons", "case_refs", "urgency", "due_at", "gathered")
"""What of a waiting text changes when another is joined to it."""

APART = timedelta(seconds=55)
"""How far two such texts to one address lie apart: nothing is a minute late by it."""


def gather(db: Connection, desk: Desk, drafts: Sequence[Draft], now: datetime) -> list[Draft]:
    """
    Join each of these texts to the one that waits for its address, where there is one.

    Returns those that joined none, to be kept as they are and at their moment.
    """
    alone: list[Draft] = []
    for draft in drafts:
        if draft.once is not None and is_kept(db, draft.once):
            continue
        if _joins(desk, alone, draft, now):
            # Told within another text, it is told: of the same cause nobody is told again.
            keep_cause(db, draft, now)
            continue
        last = find_last_gathered(db, draft.address, now - APART)
        if last is not None and last.state is OutboxState.WAITING and last.tries == 0:
            joined = _joined(desk, last, draft, now)
            if joined is not None and join_text(db, last, joined):
                keep_cause(db, draft, now)
                continue
        alone.append(replace(draft, due_at=_due_at(draft, last, now)))
    return alone


def _joins(desk: Desk, alone: list[Draft], draft: Draft, now: datetime) -> bool:
    """Join the draft to one of these for the same address, made in the same breath."""
    for place, other in enumerate(alone):
        joined = _joined(desk, other, draft, now) if other.address == draft.address else None
        if joined is not None:
            kept = {name: getattr(joined, name) for name in JOINED}
            alone[place] = replace(other, **kept)
            return True
    return False


def _due_at(draft: Draft, last: OutboxRow | None, now: datetime) -> datetime:
    if draft.urgency == Urgency.ALARM:
        return now
    settled = now + SETTLES_AFTER
    return settled if last is None else max(settled, last.due_at + APART)


def _joined(desk: Desk, row: OutboxRow | Draft, draft: Draft, now: datetime) -> Draft | None:
    """Return the one text that says both, or None where it would be too long for its channel."""
    is_first = draft.urgency < row.urgency
    lines = (*draft.gathered, *row.gathered) if is_first else (*row.gathered, *draft.gathered)
    buttons = _each_once((*row.buttons, *draft.buttons))
    takes = any(button.data.endswith(f":{TAKES}") for one in buttons for button in one)
    script = desk.scripts.named("css_several" if takes else "css_several_explained")
    facts: dict[str, str | int] = {
        "things": counted(len(lines), "thing"),
        "gathered_lines": "\n".join(lines),
    }
    text = compose(script, facts, draft.address.channel).strip()
    if len(text) > longest(draft.address.channel):
        return None
    return replace(
        draft,
        script=script.name,
        text=text,
        parts=parts(text) if draft.address.channel == "sms" else 1,
        buttons=buttons,
        case_refs=tuple(dict.fromkeys((*row.case_refs, *draft.case_refs))),
        urgency=min(row.urgency, draft.urgency),
        due_at=now if draft.urgency == Urgency.ALARM else row.due_at,
        gathered=lines,
    )


def _each_once(rows: Sequence[tuple[Button, ...]]) -> tuple[tuple[Button, ...], ...]:
    return tuple(dict.fromkeys(rows))
