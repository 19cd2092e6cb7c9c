"""
Reopening: a provider that was said to be shut is running after all, and has not said who is in.

The closed case is over for all who were told of it, and the register is asked for as if it had
never been shut: what falls due for it falls due, from its own start on.
"""

from dataclasses import replace
from datetime import datetime

from apbot.domain.asking import prompt
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Decision, Say
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_people
from apbot.domain.following import shown_anew
from apbot.domain.register import RegisterState
from apbot.domain.talk import Talk
from apbot.domain.words import Matter


def on_reopened(talk: Talk, now: datetime) -> Decision:
    """Decide what follows where staff say that they are open after all, and no more."""
    person, has_begun = talk.person, now >= talk.register.starts_at
    state = RegisterState.OPEN if has_begun else RegisterState.PLANNED
    register = replace(talk.register, state=state, closed_by="")
    if has_begun and person.key not in register.asked:
        register = replace(register, asked=(*register.asked, person.key))
    over = tuple(
        _over(case, person.key, now)
        for case in talk.cases
        if case.is_open and case.matter is Matter.CLOSED and case.register == register.id
    )
    if has_begun:
        people = {one.key: one for one in (*asked_people(register, talk.rota), person)}
        asking = [replace(prompt(register, one), once="") for one in people.values()]
    else:
        asking = [Say(to=person.key, script="provider_open_noted", register=register)]
    return Decision(
        because="open after all: the register is asked for",
        register=register,
        cases=over,
        say=(
            *asking,
            *(shown_anew(one, register) for one in asked_people(register, talk.rota)),
            *over_says(over, register, talk.rota, person),
        ),
        clears_pending=True,
    )


def _over(case: Case, by: str, now: datetime) -> Case:
    return replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=by,
        outcome="open after all: the register is asked for",
    )
