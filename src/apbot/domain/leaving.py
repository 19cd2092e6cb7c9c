"""
Leaving: what follows when somebody is no longer on the lists, or no longer what they were.

What a contact had taken on is nobody's now: it goes back to the ladder at once, from its first
rung. A register that only they were asked for is asked of those who are there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from apbot.domain.asking import prompt
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Decision, Rota, Say
from apbot.domain.escalation import first_told, script_of, telling
from apbot.domain.register import Register, RegisterState


def on_contact_left(
    who: str,
    held: Sequence[Case],
    registers: Mapping[str, Register],
    rotas: Mapping[str, Rota],
    now: datetime,
) -> Decision:
    """Give back the open cases that somebody who left had taken on; `rotas` are by provider."""
    cases: list[Case] = []
    says: list[Say] = []
    for case in held:
        free = replace(case, state=CaseState.TOLD, asked_at=None, acknowledged_by="")
        told, people = first_told(free, rotas[case.provider], now)
        cases.append(told)
        said = telling(told, people, registers.get(case.ref), "css_holder_left", now)
        says += [replace(say, more={**say.more, "who": who}) for say in said]
    because = f"{who} has left: {', '.join(case.ref for case in cases)} need somebody"
    return Decision(because=because, cases=tuple(cases), say=tuple(says))


def tell_others(
    case: Case, register: Register | None, unreached: str, rota: Rota, now: datetime
) -> Decision:
    """Tell somebody else of a case at once, where the only one who was told cannot be reached."""
    because = f"{case.ref}: whoever was told cannot be reached"
    if any(person.key == unreached for person, _ in rota.css):
        return Decision(because=because, cases=(replace(case, ladder_at=now),))
    told, people = first_told(replace(case, rung=0), rota, now)
    says = telling(told, people, register, script_of(case), now)
    return Decision(because=because, cases=(told,), say=tuple(says))


def ask_others(register: Register, gone: Collection[str], rota: Rota, now: datetime) -> Decision:
    """Ask those who are there for a register, where nobody is left of those who were asked."""
    first = tuple(person for person in rota.staff if person.key not in gone)
    backups = tuple(person for person in rota.backups if person.key not in gone)
    is_covered = any(person.key in register.asked for person in (*first, *backups))
    is_wanted = register.state is RegisterState.OPEN and register.unmarked()
    people = first or backups[:1]
    if is_covered or not is_wanted or not people or now >= register.ends_at:
        return Decision(because="others were asked, or nobody need be")
    asked = tuple(dict.fromkeys((*register.asked, *(person.key for person in people))))
    now_asked = replace(register, asked=asked)
    return Decision(
        because="nobody of those who were asked is there: others are asked",
        register=now_asked,
        say=tuple(prompt(now_asked, person) for person in people),
    )
