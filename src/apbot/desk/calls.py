"""
Calls: what a telephone call says, and what comes of one that reached nobody.

The words are looked up when somebody has answered, not when the number was dialled: a case that
was taken on in between is not told as if nobody had it.
"""

from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.rota import rota_of
from apbot.desk.saving import save_decision
from apbot.domain.calendar import local
from apbot.domain.cases import UNTAKEN
from apbot.domain.escalation import on_unanswered
from apbot.domain.messages import VOICE, Spoken
from apbot.store.cases import list_cases
from apbot.store.outbox import OutboxRow
from apbot.store.registers import get_register
from apbot.store.said import find_text


def words_of_call(db: Connection, desk: Desk, key: str) -> Spoken | None:
    """Return what is said in the call about this text of ours, or None where there is no such."""
    row = find_text(db, int(key)) if key.isdecimal() and len(key) < 15 else None
    if row is None or row.address.channel != VOICE:
        return None
    open_cases = list_cases(db, only_open=True, refs=row.case_refs)
    if not any(case.state in UNTAKEN for case in open_cases):
        return Spoken(desk.scripts.named("css_call_over").text)
    press = "css_call_press" if len(row.case_refs) == 1 else "css_call_press_all"
    return Spoken(
        text=row.text,
        press=desk.scripts.named(press).text,
        thanks=desk.scripts.named("css_call_thanks").text,
    )


def on_call_failed(db: Connection, desk: Desk, row: OutboxRow, says: str, now: datetime) -> None:
    """Nobody was reached: of each case that nobody has, the next one is called."""
    lists = desk.lists(db)
    for case in list_cases(db, only_open=True, refs=row.case_refs):
        decision = on_unanswered(case, now, f"{row.person} was called: {says}")
        register = get_register(db, case.register) if case.register is not None else None
        rota = rota_of(db, lists, case.provider, local(now).date(), desk.channels)
        about = About(lists, {case.provider: rota}, register, "call")
        save_decision(db, desk, decision, about, now, person=row.person)
