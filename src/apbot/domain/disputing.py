"""
Disputing: a parent says that a child is at home, ill or kept off, whom the register has as there.

One of the two is wrong. Behind a mark that is wrong a child is lost and nobody looks, so it is an
alarm at once; and the same mark said once more settles nothing: a person finds out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Decision, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import hearers
from apbot.domain.following import NOW_SOUGHT
from apbot.domain.people import Person
from apbot.domain.readings import Reading
from apbot.domain.unasked import Child, missed
from apbot.domain.words import Matter


def on_disputed(
    person: Person,
    disputed: Sequence[Child],
    cases: Sequence[Case],
    as_if: Reading,
    words: str,
    refs: Iterator[str],
    now: datetime,
) -> Decision:
    """
    Decide what follows when a parent says that a child is at home, ill or kept off, whom the
    register has as there: one of the two is wrong, and a child may be lost behind a wrong mark.

    To the key contact and the safeguarding lead at once, and the provider is asked to look. `cases`
    are the open ones of the parent's children, `as_if` what was read of each child; who is not
    said to be away is said to be still on the way.
    """
    changed: list[Case] = []
    says: list[Say] = []
    for child in disputed:
        reason = as_if.case_reasons.get(child.pupil)
        asks = "provider_disputed" if as_if.away else "provider_disputed_coming"
        mine = [case for case in cases if case.pupil == child.pupil]
        sought = [case for case in mine if case.matter is Matter.UNACCOUNTED]
        if sought:
            note = CaseNote(at=now, by=person.key, by_name=person.name, words=words)
            noted = [
                replace(c, notes=(*c.notes, note), reason=c.reason or reason, is_disputed=True)
                for c in sought
            ]
            changed += noted
            says += [
                _passed_on(person, case, child, key, words)
                for case in noted
                for key in hearers(case, child.rota)
            ]
            continue
        case, told = missed(person, child, asks, words, refs, now, reason=reason, is_disputed=True)
        over = [
            replace(
                one,
                state=CaseState.RESOLVED,
                resolved_at=now,
                resolved_by=person.key,
                reason=reason or one.reason,
                outcome=NOW_SOUGHT,
            )
            for one in mine
            if one.matter is Matter.ABSENCE
        ]
        changed += [*over, case]
        # Whoever hears the alarm need not hear as well that the absence is over.
        ended = over_says(over, child.register, child.rota, person)
        says += [*told, *(say for say in ended if say.to not in case.told)]
    about = changed[-1]
    register = disputed[-1].register
    reply = Say(to=person.key, script="parent_disputed_noted", register=register, cases=(about,))
    names = ", ".join(child.pupil for child in disputed)
    return Decision(
        because=f"a parent disputes that the child is there: {names}",
        cases=tuple(changed),
        say=(reply, *says),
    )


def _passed_on(person: Person, case: Case, child: Child, key: str, words: str) -> Say:
    return Say(
        to=key,
        script="css_parent_wrote",
        register=child.register,
        cases=(case,),
        more={"who": person.name, "phone": person.mobile, "words": words},
        buttons=Buttons.CASES,
        urgency=Urgency.ALARM,
    )
