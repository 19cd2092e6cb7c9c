"""
Colleagues: a contact asks the others of a case: who has it, or whether one of them takes it.
"""

import re

from apbot.desk.happening import Happening
from apbot.desk.rota import persons_by_key
from apbot.domain.cases import Case, CaseState
from apbot.domain.colleagues import on_asked_to_take, on_who_has
from apbot.domain.decisions import Decision
from apbot.domain.escalation import is_lead
from apbot.domain.passing_on import AT_ONCE
from apbot.domain.readings import Reading
from apbot.domain.taking import CaseTalk
from apbot.domain.words import Matter, Speaker
from apbot.reading.colleagues import asked_to_take
from apbot.reading.tokens import fold


def on_colleagues(
    happening: Happening, talk: CaseTalk, reading: Reading, text: str
) -> tuple[Decision | None, str]:
    """Return what is asked of the others, if anything is, and what is left of the message."""
    asks = happening.desk.lexicon.sides.asks_to_take
    names = _colleagues(happening, talk)
    who = tuple(case for case in talk.cases if case.ref in reading.asked_who)
    if who:
        return on_who_has(talk, who), ""
    asked = asked_to_take(text, names, asks)
    if asked is None or reading.flags & AT_ONCE:
        return None, text
    cases = _meant(happening, talk, asked.words) or (talk.cases if len(talk.cases) == 1 else ())
    person = persons_by_key(happening.lists)[asked.colleague]
    able = [case for case in cases if _may_take(talk, case, person.key)]
    if not able or len(able) < len(cases):
        return None, text
    return on_asked_to_take(talk, able, person, text, happening.now), asked.rest


def _may_take(talk: CaseTalk, case: Case, key: str) -> bool:
    """Whether the colleague is there for it, and it is nobody else's."""
    rota = talk.rotas[case.ref]
    if case.state is CaseState.ACKNOWLEDGED and case.acknowledged_by != talk.person.key:
        return False
    if case.matter is Matter.CONCERN:
        return is_lead(key, rota)
    return any(person.key == key for person, _ in rota.css)


def _meant(happening: Happening, talk: CaseTalk, text: str) -> tuple[Case, ...]:
    """The cases that these words name: by ref, else as they are read."""
    refs = set(re.findall(r"[a-z][0-9]+", text.lower()))
    named = tuple(case for case in talk.cases if case.ref.lower() in refs)
    if named:
        return named
    reading = happening.read_of_cases(talk.cases, text, Speaker.CSS)
    picked = {action.ref for action in reading.cases}
    return tuple(case for case in talk.cases if case.ref in picked)


def _colleagues(happening: Happening, talk: CaseTalk) -> dict[str, str]:
    """The other contacts, by their first names; none where two are called alike."""
    people = persons_by_key(happening.lists)
    names: dict[str, str] = {}
    twice: set[str] = set()
    for key in happening.lists.people.contact_by_key:
        first = fold(people[key].name).split()[0]
        if first in names:
            twice.add(first)
        if key != talk.person.key:
            names[first] = key
    return {name: key for name, key in names.items() if name not in twice}
