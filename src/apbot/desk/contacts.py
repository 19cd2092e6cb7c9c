"""
Contacts and parents: somebody wrote about a case, or to the office.

A contact speaks about the cases they were told of, a parent about the open cases of their own
child; neither hears of any other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from apbot.desk.foretelling import on_told_ahead
from apbot.desk.happening import Happening
from apbot.desk.releasing import on_release
from apbot.domain.answers import on_opt_out
from apbot.domain.cases import Case
from apbot.domain.decisions import Rota
from apbot.domain.parents import ParentTalk, on_parent_reply, on_stray_parent, told_of
from apbot.domain.people import Person, Pupil
from apbot.domain.policy import Ladder
from apbot.domain.readings import Reading
from apbot.domain.taking import NOT_PICKED, CaseTalk, on_case_reply
from apbot.domain.words import Action, Matter, Speaker
from apbot.store.cases import (
    list_of_providers,
    list_open_of_pupils,
    list_open_told,
    list_over_told,
)
from apbot.store.inbox import find_before
from apbot.store.outbox import find_last_said

NOTICE_KNOWN = timedelta(days=2)
"""How long what a parent writes may still be an answer to what they were told."""

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
    quoted = _quoted(happening, open_cases)
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
    decision = on_case_reply(talk, reading, text, happening.now)
    if decision.stops and not decision.is_wrong_number:
        rotas |= happening.rotas([happening.lists.people.providers[0].key])
        decision = on_opt_out(person, next(reversed(rotas.values())))
    return happening.save(person, decision, reading, kind="case reply", rotas=rotas)


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
    names = {name.split()[0].lower() for p in pupils for name in (p.name, p.known_as or p.name)}
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


def on_parent_text(happening: Happening, person: Person, text: str) -> str:
    """Do what a parent's text asks: about their own child's cases, or else to the office."""
    talk = _parent_talk(happening, person)
    known = (*talk.cases, *talk.over)
    rotas = {rota.provider.key: rota for rota in talk.rotas.values()}
    if not known:
        return _on_stray_parent(happening, talk, text)
    reading = _read_of_parent(happening, talk, text)
    decision = on_parent_reply(talk, reading, text, happening.refs(), happening.now)
    return happening.save(person, decision, reading, kind="parent's reply", rotas=rotas)


def _parent_talk(happening: Happening, person: Person) -> ParentTalk:
    people = happening.lists.people
    pupils = tuple(parent.pupil for parent in people.children_of(person.key))
    placed = [place.provider for place in people.placements if place.pupil in pupils]
    since = happening.now - NOTICE_KNOWN
    recent = list_of_providers(happening.db, placed, since)
    told = told_of(recent, person)
    mine = list_open_of_pupils(happening.db, pupils)
    shut = [case for case in told if case.is_open and case.number is None]
    cases = (*mine, *shut)
    over = _latest(case for case in told if not case.is_open and not _is_open_of(case, cases))
    rotas = happening.rotas(case.provider for case in (*cases, *over))
    return ParentTalk(
        person=person,
        cases=cases,
        registers=happening.registers_of((*cases, *over)),
        rotas={case.ref: rotas[case.provider] for case in (*cases, *over)},
        over=over,
        pupils=pupils,
        rota=happening.rota(placed[0]) if placed else None,
    )


def _latest(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The latest of each pupil's."""
    return tuple({(case.pupil, case.provider): case for case in cases}.values())


def _is_open_of(case: Case, cases: Iterable[Case]) -> bool:
    return case.pupil is not None and any(case.pupil == other.pupil for other in cases)


def _read_of_parent(happening: Happening, talk: ParentTalk, text: str) -> Reading:
    """
    Read a parent's words beside the cases that they may be about.

    What names a child is about that child. What names none answers the text that it quotes, or
    the one that they were told of, before any that they never heard of.
    """
    known = (*talk.cases, *talk.over)
    quoted = _quoted(happening, known)
    told = told_of(known, talk.person)
    open_told = told_of(talk.cases, talk.person)
    if len(quoted) == 1:
        return happening.read_of_cases(quoted, text, Speaker.PARENT)
    if len(known) > 1:
        reading = happening.read_of_cases(known, text, Speaker.PARENT)
        picked = {action.ref for action in reading.cases}
        if _is_named([case for case in known if case.ref in picked], text):
            return reading
    one = next((some for some in (open_told, told, talk.cases) if len(some) == 1), known)
    return happening.read_of_cases(one, text, Speaker.PARENT)


def _is_named(picked: Sequence[Case], text: str) -> bool:
    """Whether the words pick one, or each by its name: "up all night" is not all of them."""
    names = [(case.shown or "").lower().split()[:1] for case in picked]
    each = all(name and name[0] in text.lower() for name in names)
    return len(picked) == 1 or (bool(picked) and each)


def _on_stray_parent(happening: Happening, talk: ParentTalk, text: str) -> str:
    reading = happening.read_of_cases((), text, Speaker.PARENT)
    rota = talk.rota
    if rota is None:
        return "a parent of no pupil with a placement"
    policy = happening.lists.policies[rota.provider.policy]
    decision = on_stray_parent(
        talk,
        policy,
        reading,
        text,
        happening.refs(),
        happening.now,
        is_thanks=_is_thanks(happening, rota, text),
    )
    rotas = {rota.provider.key: rota}
    return happening.save(talk.person, decision, reading, kind="parent's reply", rotas=rotas)


def _is_thanks(happening: Happening, rota: Rota, text: str) -> bool:
    """Whether the words would only acknowledge a case, if there were one."""
    provider = rota.provider
    none = Case(
        matter=Matter.ABSENCE,
        provider=provider.key,
        provider_name=provider.name,
        opened_at=happening.now,
        ladder=Ladder(first=()),
        ref="?",
    )
    reading = happening.read_of_cases((none,), text, Speaker.PARENT)
    return [action.action for action in reading.cases] == [Action.ACK]


def _quoted(happening: Happening, open_cases: tuple[Case, ...]) -> tuple[Case, ...]:
    quoted = happening.quoted()
    refs = quoted.case_refs if quoted is not None else ()
    return tuple(case for case in open_cases if case.ref in refs)
