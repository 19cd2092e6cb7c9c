"""
Saving: a decision is made true in the transaction of the happening that asked for it.

Register, cases, deadlines, question, journal and outbox together, or nothing of it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.homes import with_homes
from apbot.desk.several import without_overtaken
from apbot.desk.speaking import speak
from apbot.domain.cases import UNTAKEN
from apbot.domain.decisions import Decision
from apbot.domain.messages import VOICE
from apbot.domain.readings import Ask, Rephrase, RestPresent
from apbot.store.cases import save_cases
from apbot.store.journal import write_journal
from apbot.store.lapsing import lapse_calls
from apbot.store.lists import add_told
from apbot.store.proposals import save_proposal
from apbot.store.registers import find_ask, save_ask, save_register


def save_decision(
    db: Connection,
    desk: Desk,
    decision: Decision,
    about: About,
    now: datetime,
    *,
    person: str = "",
    inbox: int | None = None,
    reading: Any = None,
) -> None:
    """Keep all that a decision says is to be true next, and what it says to whom."""
    decision, about = with_homes(db, desk, decision, about, now)
    if decision.register is not None:
        save_register(db, decision.register)
    for beside in decision.beside:
        save_register(db, beside)
    latest = {case.ref: case for case in decision.cases}
    save_cases(db, tuple(latest.values()))
    if VOICE in desk.channels:
        lapse_calls(db, {ref for ref, case in latest.items() if case.state not in UNTAKEN})
    register = decision.register or about.register
    asks = decision.pending is not None or decision.clears_pending
    if asks and person and register is not None and register.id is not None:
        save_ask(db, register.id, person, None if about.asker else decision.pending, now)
        if about.asker:
            save_ask(db, register.id, about.asker, decision.pending, now)
    for say in decision.say:
        is_own = say.to == person and decision.pending is not None
        if say.ask is not None and not is_own and say.register and say.register.id is not None:
            _keep_asked(db, say.register.id, say.to, say.ask, now)
    if person and (decision.proposal is not None or decision.clears_proposal):
        save_proposal(db, person, decision.proposal, now)
    add_told(db, decision.told, now)
    # One that was over from the start, its reason known, is told all the same.
    ended = [c for c in latest.values() if c.id is not None and c.resolved_at == now]
    says = without_overtaken(db, desk, decision.say, ended)
    unreachable = speak(db, desk, says, about, now)
    because = decision.because
    if unreachable:
        because += f"; could not be reached: {', '.join(sorted(set(unreachable)))}"
    write_journal(
        db,
        now,
        about.happening,
        because,
        register=register.id if register else None,
        case_refs=tuple(latest),
        person=person,
        inbox=inbox,
        reading=reading,
    )


def _keep_asked(db: Connection, register: int, person: str, ask: Ask, now: datetime) -> None:
    """
    Keep what a text asks; where another question is open, a bare yes could be to either.

    Unless all whom it asks about were asked about before, and one of those is no more in question.
    """
    held = find_ask(db, register, person)
    # "Say it another way?" is no question that a yes could be to.
    is_rephrase = held is not None and isinstance(held.ask, Rephrase) and not held.ask.of_several
    if isinstance(ask, Rephrase) and held is not None and not is_rephrase:
        # A reminder of who is without a mark leaves open what was asked.
        return
    if held is None or held.ask == ask or is_rephrase or _is_left_of(ask, held.ask):
        save_ask(db, register, person, ask, now)
    else:
        save_ask(db, register, person, Rephrase(of_several=True), now)


def _is_left_of(ask: Ask, held: Ask) -> bool:
    """Whether a question is what is left of the one that is open."""
    if not isinstance(ask, RestPresent) or not isinstance(held, RestPresent):
        return False
    return {*ask.pupils} <= {*held.pupils}
