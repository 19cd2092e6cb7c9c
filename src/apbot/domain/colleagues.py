"""
Colleagues: a contact asks who has a case, or asks another to take it.

Who has it is answered and kept nowhere. Whoever is asked to take one is told of it, and it is
nobody's until they say so: the ladder goes on.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from apbot.domain.calendar import local
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Buttons, Decision, Say, Urgency
from apbot.domain.people import Person
from apbot.domain.taking import CaseTalk

TO_ANSWER = timedelta(minutes=5)
"""How long a colleague has to take what another had, before the ladder goes on."""


def on_who_has(talk: CaseTalk, cases: Sequence[Case]) -> Decision:
    """Decide what a contact hears who asks who has these cases."""
    is_free = any(case.state is not CaseState.ACKNOWLEDGED for case in cases)
    say = Say(
        to=talk.person.key,
        script="css_who_has",
        cases=tuple(cases),
        buttons=Buttons.CASES if is_free else Buttons.NONE,
    )
    return Decision(because="asked who has it", say=(say,))


def on_asked_to_take(
    talk: CaseTalk, cases: Sequence[Case], colleague: Person, words: str, now: datetime
) -> Decision:
    """Decide what follows where a contact asks a colleague to take these cases."""
    me = talk.person.key
    asked = tuple(_asked(case, me, colleague, now) for case in cases)
    is_urgent = any(case.is_urgent for case in asked)
    says = (
        Say(
            to=colleague.key,
            script="css_asked_to_take",
            cases=asked,
            more={"who": talk.person.name, "words": words.strip()},
            buttons=Buttons.CASES,
            urgency=Urgency.ALARM if is_urgent else Urgency.REPLY,
        ),
        Say(to=me, script="css_colleague_asked", cases=asked, more={"who": colleague.name}),
    )
    refs = ", ".join(case.ref for case in asked)
    return Decision(
        because=f"{colleague.key} is asked to take {refs}, by {me}", cases=asked, say=says
    )


def _asked(case: Case, me: str, colleague: Person, now: datetime) -> Case:
    told = tuple(dict.fromkeys((*case.told, colleague.key)))
    if case.state is not CaseState.ACKNOWLEDGED or case.acknowledged_by != me:
        return replace(case, told=told)
    # Whoever had it has it no more: till the colleague says so nobody does.
    return replace(
        case,
        told=told,
        state=CaseState.TOLD,
        acknowledged_by="",
        acknowledged_at=None,
        asked_at=None,
        ladder_at=now + TO_ANSWER,
    )


def holder_line(case: Case, name: str) -> str:
    """Return who has a case, in words."""
    if case.state is not CaseState.ACKNOWLEDGED or case.acknowledged_at is None:
        return "nobody has it yet"
    return f"{name} has it since {local(case.acknowledged_at):%H:%M}"
