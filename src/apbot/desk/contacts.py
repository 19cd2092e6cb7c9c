"""
Contacts and parents: somebody wrote about a case, or to the office.

A contact speaks about the cases they were told of, a parent about the open cases of their own
child; neither hears of any other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from apbot.desk.foretelling import on_told_ahead
from apbot.desk.happening import Happening
from apbot.desk.releasing import on_release
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, together
from apbot.domain.passing_on import (
    is_concern,
    on_concern,
    on_news,
    on_set_out,
    searches,
    set_out,
    without,
)
from apbot.domain.people import Person, Pupil
from apbot.domain.policy import Ladder
from apbot.domain.readings import Reading
from apbot.domain.stopping import on_opt_out
from apbot.domain.taking import NOT_PICKED, CaseTalk, on_case_reply
from apbot.domain.unasked import WITH_THE_LEAD
from apbot.domain.words import Action, Matter, Speaker
from apbot.store.cases import (
    list_open_told,
    list_over_told,
)
from apbot.store.inbox import find_before
from apbot.store.said import find_last_said

CHOICE_WAITS = timedelta(hours=2)
"""How long "Which one?" waits for a number."""

_NUMBERS = re.compile(r"\W*\d(?:(?:\W|and|n)*\d)*\W*", re.I)

OVER_KNOWN = timedelta(days=14)
"""How long somebody who writes about a case that is over is told by whom and when."""


def on_contact_text(
    happening: Happening, person: Person, text: str, open_cases: tuple[Case, ...]
) -> str:
    """Do what a contact's text asks; `open_cases` are those that they were told of."""
    text = _with_choice(happening, person, text)
    rest = on_release(happening, person, text, open_cases)
    if rest == "":
        return "parents released"
    if rest is not None:
        text, open_cases = rest, list_open_told(happening.db, person.key)
    came = on_told_ahead(happening, person, text, open_cases)
    if came is not None:
        return came
    # A reply picks its case by the message that it quotes, before anything else.
    quoted = quoted_of(happening, open_cases)
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
        naming_others=_naming_others(happening, open_cases, text),
        inbox=happening.row.id,
    )
    decision = _decided(happening, talk, reading, text)
    rotas |= happening.rotas(case.provider for case in decision.cases)
    if decision.stops and not decision.is_wrong_number:
        rotas |= happening.rotas([happening.lists.people.providers[0].key])
        decision = on_opt_out(person, next(reversed(rotas.values())))
    return happening.save(person, decision, reading, kind="case reply", rotas=rotas)


def _decided(happening: Happening, talk: CaseTalk, reading: Reading, text: str) -> Decision:
    """
    What cannot wait goes to whoever must read it, beside what the words do to the cases.

    A concern's own words are the lead's alone: others who were told hear that they are there.
    """
    now, refs = happening.now, happening.refs()
    bare = happening.read_of_cases((), text, Speaker.CSS)
    concern = None
    if is_concern(reading, bare, talk.cases):
        concern = _concern(happening, talk, reading, text, refs)
    lost, sought = set_out(reading, talk.cases), searches(reading, talk.cases)
    words = text
    if concern is not None and not any(case.matter is Matter.QUESTION for case in talk.cases):
        words = WITH_THE_LEAD
        talk = replace(talk, naming_others=frozenset(case.ref for case in talk.cases))
    rest = without(reading, lost)
    decided: list[Decision] = []
    if rest.cases or not (lost or (concern is not None and not talk.cases)):
        plain = on_case_reply(talk, rest, words, now)
        if plain.stops or plain.is_wrong_number:
            return plain
        decided.append(plain)
    if lost:
        decided.append(
            on_set_out(talk.person, lost, talk.registers, talk.rotas, reading, words, refs, now)
        )
    if sought and concern is None:
        decided.append(on_news(talk.person, sought, talk.rotas, text))
    if concern is not None:
        decided.append(concern)
    return together(decided)


def _concern(
    happening: Happening, talk: CaseTalk, reading: Reading, text: str, refs: Iterator[str]
) -> Decision | None:
    """A concern that a contact passes on, of the place that their words are about."""
    by_ref = {case.ref: case for case in talk.cases}
    about = next((by_ref[a.ref] for a in reading.cases if a.ref in by_ref), None)
    people = happening.lists.people
    said = set(re.findall(r"\w+", text.lower()))
    named = [pupil.key for pupil in people.pupils if said & _first_names(pupil)]
    placed = next((place.provider for place in people.placements if place.pupil in named), None)
    key = about.provider if about is not None else placed or people.providers[0].key
    rota = happening.rota(key)
    is_known = about is not None or placed is not None
    blank = Case(
        matter=Matter.CONCERN,
        provider=key,
        provider_name=rota.provider.name if is_known else happening.lists.service.name,
        opened_at=happening.now,
        ladder=Ladder(first=()),
        ref=next(refs),
        register=about.register if about is not None else None,
    )
    policy = happening.lists.policies[rota.provider.policy]
    register = talk.registers.get(about.ref) if about is not None else None
    return on_concern(talk.person, blank, policy, rota, register, text, happening.now)


def _with_choice(happening: Happening, person: Person, text: str) -> str:
    """
    Return what the contact wrote before, with the refs of the cases that their numbers choose.

    "2" answers "Which one?": what could not be told of which case is told of the second.
    """
    if not _NUMBERS.fullmatch(text):
        return text
    before = find_before(happening.db, happening.row)
    since = happening.now - CHOICE_WAITS
    asked = find_last_said(happening.db, person.key, "css_which_case", since)
    if before is None or asked is None or before.came_of_it != NOT_PICKED:
        return text
    refs = dict(enumerate(asked.case_refs, 1))
    chosen = [refs.get(int(number)) for number in re.findall(r"\d+", text)]
    if not chosen or None in chosen:
        return text
    return f"{before.inbound.text} {' '.join(ref for ref in chosen if ref)}"


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


def _naming_others(happening: Happening, cases: Sequence[Case], text: str) -> frozenset[str]:
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


def quoted_of(happening: Happening, open_cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Return those of the cases that the text which they answer was about."""
    quoted = happening.quoted()
    refs = quoted.case_refs if quoted is not None else ()
    return tuple(case for case in open_cases if case.ref in refs)
