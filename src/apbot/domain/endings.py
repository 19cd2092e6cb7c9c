"""
Endings: who hears that a case is over, and how an answered question ends by itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Rota, Say
from apbot.domain.people import Person
from apbot.domain.register import Register
from apbot.domain.words import Matter


def over_says(
    over: Sequence[Case], register: Register | None, rota: Rota, speaker: Person | None
) -> list[Say]:
    """Tell all who were told of these cases, but the one who ended them, that they are over."""
    told = dict.fromkeys(key for case in over for key in case.told)
    says = []
    for key in told:
        mine = tuple(case for case in over if key in case.told)
        if speaker is not None and key == speaker.key:
            continue
        came_in = tuple(case for case in mine if case.matter is Matter.MISSING_REGISTER)
        rest = tuple(case for case in mine if case not in came_in)
        if came_in and register is not None and not register.unmarked():
            says.append(Say(to=key, script="css_register_came", register=register, cases=came_in))
            mine = rest
        if mine:
            says.append(Say(to=key, script="css_case_over", register=register, cases=mine))
    return says


def settled(case: Case, now: datetime) -> Case:
    """Return an answered question as over: nobody wrote of it again until the day's end."""
    return replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=case.acknowledged_by,
        outcome=case.notes[-1].words,
    )
