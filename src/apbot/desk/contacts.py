"""
Contacts and parents: somebody wrote about a case, or to the office.

A contact speaks about the cases they were told of, a parent about the open cases of their own
child; neither hears of any other.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from apbot.desk.colleagues import on_colleagues
from apbot.desk.foretelling import on_told_ahead
from apbot.desk.happening import Happening
from apbot.desk.passing_on import on_words, pass_on
from apbot.desk.releasing import on_release
from apbot.domain.cases import Case
from apbot.domain.decisions import together
from apbot.domain.people import Person, Pupil
from apbot.domain.readings import Reading
from apbot.domain.stopping import on_opt_out
from apbot.domain.taking import NOT_PICKED, CaseTalk
from apbot.domain.words import Action, Speaker
from apbot.reading.choosing import chosen
from apbot.store.cases import (
    list_open_told,
    list_over_told,
)
from apbot.store.inbox import find_before
from apbot.store.said import find_last_said

CHOICE_WAITS = timedelta(hours=2)
"""How long "Which one?" waits for a number."""

RELEASED = "parents released"
"""What came of a message that said nothing but whether parents are told."""

OVER_KNOWN = timedelta(days=14)
"""How long somebody who writes about a case that is over is told by whom and when."""


def on_contact_text(
    happening: Happening, person: Person, text: str, open_cases: tuple[Case, ...]
) -> str:
    """Do what a contact's text asks; `open_cases` are those that they were told of."""
    text = _with_choice(happening, person, text, open_cases)
    rest = on_release(happening, person, text, open_cases)
    if rest == "":
        return RELEASED
    if rest is not None:
        text, open_cases = rest, list_open_told(happening.db, person.key)
    came = on_told_ahead(happening, person, text, open_cases)
    if came is not None:
        # Whatever else it is, a concern in it does not wait for tomorrow.
        pass_on(happening, person, text)
        return came
    # A reply picks its case by the message that it quotes, before anything else.
    quoted = happening.quoted_among(open_cases)
    readable = quoted if len(quoted) == 1 else open_cases
    reading = happening.read_of_cases(readable, text, Speaker.CSS)
    if len(quoted) != 1 and _is_of_others(happening, reading, open_cases, text):
        reading = replace(reading, cases=())
    rotas = happening.rotas(case.provider for case in open_cases)
    talk = CaseTalk(
        person=person,
        cases=open_cases,
        over=list_over_told(happening.db, person.key, happening.now - OVER_KNOWN),
        registers=happening.registers_of(open_cases),
        rotas={case.ref: rotas[case.provider] for case in open_cases},
        names=happening.names(),
        naming_others=naming_others(happening, open_cases, text),
        inbox=happening.row.id,
    )
    asked, rest = on_colleagues(happening, talk, reading, text)
    if asked is not None and rest:
        reading = happening.read_of_cases(readable, rest, Speaker.CSS)
    decision = on_words(happening, talk, reading, rest) if asked is None or rest else asked
    if asked is not None and decision is not asked:
        decision = together((asked, decision))
    rotas |= happening.rotas(case.provider for case in decision.cases)
    if decision.stops and not decision.is_wrong_number:
        rotas |= happening.rotas([happening.lists.people.providers[0].key])
        decision = on_opt_out(person, next(reversed(rotas.values())))
    return happening.save(person, decision, reading, kind="case reply", rotas=rotas)


def _with_choice(
    happening: Happening, person: Person, text: str, open_cases: Sequence[Case]
) -> str:
    """
    Return what the contact wrote before, with the refs of the cases that they choose now.

    "2", "both" or "Femi" answers "Which one?": what could not be told of which case is told of the
    one that is chosen, and "Whose parents?" is answered in the same way.
    """
    before = find_before(happening.db, happening.row)
    if before is None or before.came_of_it not in (NOT_PICKED, RELEASED):
        return text
    is_release = before.came_of_it == RELEASED
    script = "css_parents_which" if is_release else "css_which_case"
    since = max(happening.now - CHOICE_WAITS, before.received_at)
    asked = find_last_said(happening.db, person.key, script, since)
    if asked is None:
        return text
    over = list_over_told(happening.db, person.key, happening.now - OVER_KNOWN)
    known = {case.ref: happening.open_case(case) for case in (*over, *open_cases)}
    options = [known[ref] for ref in asked.case_refs if ref in known]
    refs = chosen(text, options, happening.desk.lexicon)
    if not refs or len(options) < len(asked.case_refs):
        return text
    still = {case.ref for case in open_cases}
    refs = tuple(ref for ref in refs if ref in still) or refs
    return " ".join(("tell" if is_release else before.inbound.text, *refs))


def _is_of_others(
    happening: Happening, reading: Reading, open_cases: Sequence[Case], text: str
) -> bool:
    """
    Whether the words name a pupil, and none whose case they would end by its being the only one.

    "Aiden is ill" must not end the search for Noel: it is asked which case is meant.
    """
    refs = {action.ref for action in reading.cases if action.action is not Action.NOTE}
    picked = [case for case in open_cases if case.ref in refs]
    if not picked or any(case.shown is None for case in picked):
        return False
    said = set(re.findall(r"\w+", text.lower()))
    own = {word.lower() for case in picked for word in (case.ref, *(case.shown or "").split()[:1])}
    pupils = happening.lists.people.pupils
    keys = {case.pupil for case in picked}
    own |= {name for pupil in pupils if pupil.key in keys for name in _first_names(pupil)}
    names = {name for pupil in pupils for name in _first_names(pupil)}
    return not said & own and bool(said & names)


def naming_others(happening: Happening, cases: Sequence[Case], text: str) -> frozenset[str]:
    """
    Return the refs of the cases whose provider must not read these words: they name a pupil whom
    it does not have.

    A first name that is a common word as well, written small, is taken for the word.
    """
    people, ordinary = happening.lists.people, happening.desk.lexicon.ordinary
    said = {
        word.lower()
        for word in re.findall(r"[^\W\d_]+", text)
        if not (word.islower() and word in ordinary)
    }
    named = {pupil.key for pupil in people.pupils if said & _first_names(pupil)}
    refs = set()
    for case in cases:
        known = {place.pupil for place in people.placements if place.provider == case.provider}
        own = {name for p in people.pupils if p.key in known for name in _first_names(p)}
        others = (p for p in people.pupils if p.key in named - known)
        if any((said & _first_names(pupil)) - own for pupil in others):
            refs.add(case.ref)
    return frozenset(refs)


def _first_names(pupil: Pupil) -> set[str]:
    return {name.lower().split()[0] for name in (pupil.name, pupil.known_as or pupil.name)}
