"""
Gathering: several cases for one contact within a minute are one text.

Ten registers that are missing at half past nine must not be ten texts: a flood teaches people to
look away. The first waits a few seconds for others that come with it; what comes within the minute
after it waits until that minute is nearly over. A child not accounted for waits for nothing, and
takes along what waits; only saying so again, ten minutes later, waits as the others do: with five
lost children nobody reads five texts every ten minutes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from apbot.desk.buttons import TAKES
from apbot.desk.desk import Desk
from apbot.domain.cases import Case
from apbot.domain.decisions import Say, Urgency
from apbot.domain.messages import VOICE, Button
from apbot.store.lapsing import lapse_waiting
from apbot.store.outbox import (
    Draft,
    OutboxRow,
    OutboxState,
    find_last_gathered,
    is_kept,
    join_text,
    keep_cause,
)
from apbot.store.said import list_said_to
from apbot.wording.compose import compose, counted, longest
from apbot.wording.gsm import alphabet, parts

SETTLES_AFTER = timedelta(seconds=5)
"""How long a text waits for others that come with it."""

JOINED = (
    *("script", "text", "parts", "alphabet", "buttons", "case_refs", "urgency", "due_at"),
    *("gathered", "expected"),
)
"""What of a waiting text changes when another is joined to it."""

REMINDERS = frozenset({"css_unaccounted_still"})
"""What says an alarm once more to somebody who was told of it: this can wait for others."""

OUTCOMES = frozenset({"css_outcome_wanted", "css_several_outcomes"})
"""What asks somebody how the cases that they have came to an end, and nothing else."""

ENDS = frozenset({"css_case_over", "css_register_came", "css_here_after_all"})
"""What tells those who were told of a case that it is over."""

OVERTAKEN = "over before it left"
"""What is kept of a text whose case was over while it waited."""

APART = timedelta(seconds=55)
"""How far two such texts to one address lie apart: nothing is a minute late by it."""

WAITS_AT_MOST = timedelta(minutes=2)
"""How long before a case the text can have been made that is to tell of it."""


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


def without_overtaken(
    db: Connection, desk: Desk, says: Sequence[Say], cases: Iterable[Case]
) -> tuple[Say, ...]:
    """
    Return what is still to be said, once a case is over before its opening text has left.

    Nobody need hear that it is over, and a minute later that it began: what waits says it no more,
    also where they hear of the end in other words, or ended it themselves. `cases` have just ended.
    """
    left = tuple(one for say in says for one in _not_overtaken(db, desk, say))
    told = {(say.to, case.ref) for say in says if say.script in ENDS for case in say.cases}
    for case in cases:
        for key in case.told:
            if (key, case.ref) not in told:
                _take_out(db, desk, key, case)
    return left


def _take_out(db: Connection, desk: Desk, key: str, case: Case) -> None:
    """Take a case that is over out of what is being gathered for somebody who was told of it."""
    for row in list_said_to(db, key, case.opened_at - WAITS_AT_MOST):
        if row.gathered and case.ref in row.case_refs:
            _is_silenced(db, desk, row, {case.ref})


def _not_overtaken(db: Connection, desk: Desk, say: Say) -> tuple[Say, ...]:
    if say.script not in ENDS or not say.cases:
        return (say,)
    over = {case.ref for case in say.cases}
    # What was being gathered when the case opened took it along.
    since = min(case.opened_at for case in say.cases) - WAITS_AT_MOST
    rows = list_said_to(db, say.to, since)
    about = [row for row in rows if row.state is not OutboxState.LAPSED and over & {*row.case_refs}]
    silent = {row.id for row in about if _is_silenced(db, desk, row, over)}
    heard = {ref for row in about if row.id not in silent for ref in row.case_refs}
    unheard = {ref for row in about if row.id in silent for ref in row.case_refs} - heard
    left = tuple(case for case in say.cases if case.ref not in unheard)
    return (replace(say, cases=left),) if left else ()


def _is_silenced(db: Connection, desk: Desk, row: OutboxRow, over: Set[str]) -> bool:
    """Take the cases that are over out of a text that waits; False where it has left, or cannot."""
    if row.state is not OutboxState.WAITING:
        return False
    if over >= {*row.case_refs}:
        return lapse_waiting(db, row, OVERTAKEN)
    if row.tries:
        return False
    kept = tuple(line for line in row.gathered if not _refs_in(line, row.case_refs) <= over)
    left = {ref for line in kept for ref in _refs_in(line, row.case_refs)}
    if not kept or over & left:
        return False
    buttons = tuple(
        keys
        for one in row.buttons
        if (keys := tuple(button for button in one if button.data.split(":")[1] not in over))
    )
    script, text = _composed(
        desk, kept, buttons, row.address.channel, is_outcomes=row.script in OUTCOMES
    )
    without = Draft(
        person=row.person,
        address=row.address,
        script=script,
        text=text,
        parts=parts(text) if row.address.channel == "sms" else 1,
        due_at=row.due_at,
        urgency=row.urgency,
        buttons=buttons,
        case_refs=tuple(ref for ref in row.case_refs if ref in left),
        gathered=kept,
    )
    return join_text(db, row, without)


def _refs_in(line: str, refs: Sequence[str]) -> set[str]:
    return {ref for ref in refs if re.search(rf"\b{ref}\b", line)}


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
    if draft.address.channel == VOICE:
        return now + SETTLES_AFTER  # three children at once are one call
    if _is_alarm(draft):
        return now
    settled = now + SETTLES_AFTER
    return settled if last is None else max(settled, last.due_at + APART)


def _is_alarm(draft: Draft) -> bool:
    return draft.urgency == Urgency.ALARM and draft.script not in REMINDERS


def _joined(desk: Desk, row: OutboxRow | Draft, draft: Draft, now: datetime) -> Draft | None:
    """Return the one text that says both, or None where it would be too long for its channel."""
    is_call = draft.address.channel == VOICE
    is_first = draft.urgency < row.urgency
    lines = (*draft.gathered, *row.gathered) if is_first else (*row.gathered, *draft.gathered)
    buttons = _each_once((*row.buttons, *draft.buttons))
    is_outcomes = {row.script, draft.script} <= OUTCOMES
    script, text = _composed(desk, lines, buttons, draft.address.channel, is_outcomes=is_outcomes)
    if len(text) > longest(draft.address.channel):
        return None
    return replace(
        draft,
        script=script,
        text=text,
        parts=parts(text) if draft.address.channel == "sms" else 1,
        alphabet=alphabet(text) if draft.address.channel == "sms" else None,
        expected=min((e for e in (row.expected, draft.expected) if e is not None), default=None),
        buttons=buttons,
        case_refs=tuple(dict.fromkeys((*row.case_refs, *draft.case_refs))),
        urgency=min(row.urgency, draft.urgency),
        due_at=now if _is_alarm(draft) and not is_call else row.due_at,
        gathered=lines,
    )


def _composed(
    desk: Desk,
    lines: Sequence[str],
    buttons: Sequence[tuple[Button, ...]],
    channel: str,
    *,
    is_outcomes: bool,
) -> tuple[str, str]:
    """Return the script and the text that say these lines in one."""
    takes = any(button.data.endswith(f":{TAKES}") for one in buttons for button in one)
    name = "css_several" if takes else "css_several_explained"
    script = desk.scripts.named("css_several_outcomes" if is_outcomes else name)
    facts: dict[str, str | int] = {
        "things": counted(len(lines), "thing"),
        "gathered_lines": (" " if channel == VOICE else "\n").join(_tails_once(lines)),
    }
    return script.name, compose(script, facts, channel).strip()


def _tails_once(lines: Sequence[str]) -> Iterator[str]:
    """Three children of one place: whom to ring and where is said under the last of them."""
    for line, following in pairwise((*lines, "")):
        tail = line.partition("\n")[2]
        is_repeated = tail != "" and tail == following.partition("\n")[2]
        yield line.partition("\n")[0] if is_repeated else line


def _each_once(rows: Sequence[tuple[Button, ...]]) -> tuple[tuple[Button, ...], ...]:
    return tuple(dict.fromkeys(rows))
