"""
Passing on: what a contact writes that cannot wait, beside what their words do to their cases.

A concern goes to the safeguarding lead, and its words to nobody else. That a child set out is an
alarm, whether or not a case of that child is open; it is never another child's.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import datetime

from apbot.desk.desk import Desk
from apbot.desk.happening import Happening
from apbot.desk.parents import as_if_of, children
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, together
from apbot.domain.passing_on import (
    AT_ONCE,
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
from apbot.domain.readings import CaseAction, Reading, Reply
from apbot.domain.register import Register
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.unasked import WITH_THE_LEAD, on_alarm
from apbot.domain.words import Action, Half, Matter, Speaker
from apbot.reading.reader import read
from apbot.reading.tokens import fold


def on_words(
    happening: Happening, talk: CaseTalk, reading: Reading, text: str, child: str | None = None
) -> Decision:
    """
    Decide what a contact's words come to, of cases and of what cannot wait.

    `child` is of whom they are for certain, as phones name them.
    """
    now, refs = happening.now, happening.refs()
    bare = happening.read_of_cases((), text, Speaker.CSS)
    concern = None
    if is_concern(reading, bare, talk.cases):
        places = {case.ref: case.provider for case in talk.cases}
        ref = next((a.ref for a in reading.cases if a.ref in places), None) or ""
        register = talk.registers.get(ref)
        place = places.get(ref, "")
        concern = _concern(happening, talk.person, place, register, text, refs, child)
    words = text
    if concern is not None and not any(case.matter is Matter.QUESTION for case in talk.cases):
        words = WITH_THE_LEAD
        talk = replace(talk, naming_others=frozenset(case.ref for case in talk.cases))
    named = _named(happening, text)
    lost = set_out(reading, talk.cases)
    rest = without(reading, lost)
    if named and not named & {case.pupil for case in lost}:
        # That another set out is nothing of the only case that happens to be open.
        lost = ()
    missed = _missed(happening, talk, named, text, words, refs)
    is_done = lost or missed is not None or (concern is not None and not talk.cases)
    decided: list[Decision] = []
    if rest.cases or not is_done:
        plain = on_case_reply(talk, rest, words, now)
        if plain.stops or plain.is_wrong_number:
            return plain
        decided.append(plain)
    if lost:
        decided.append(
            on_set_out(talk.person, lost, talk.registers, talk.rotas, reading, words, refs, now)
        )
    sought = searches(reading, talk.cases)
    if sought and concern is None:
        decided.append(on_news(talk.person, sought, talk.rotas, text))
    decided += [one for one in (missed, concern) if one is not None]
    return together(decided)


def heed(
    happening: Happening,
    person: Person,
    text: str,
    *,
    about: Case | None = None,
    register: Register | None = None,
    provider: str = "",
) -> tuple[bool, Decision | None]:
    """
    Return whether words that a contact types beside what they do are a concern, and what follows.

    `about` is the case that they are typed on, else `register` or `provider` the place. Nothing
    follows where whoever types them is the lead who would be told.
    """
    bare = happening.read_of_cases((), text, Speaker.CSS)
    cases = () if about is None else (about,)
    beside = replace(bare, cases=tuple(CaseAction(case.ref, Action.NOTE) for case in cases))
    if not is_concern(beside, bare, cases):
        return False, None
    child = None
    if about is not None:
        register = happening.registers_of(cases).get(about.ref)
        provider, child = about.provider, child_of(about)
    elif register is not None:
        provider = register.provider
    refs = happening.refs()
    return True, _concern(happening, person, provider, register, text, refs, child)


def pass_on(happening: Happening, person: Person, text: str) -> None:
    """Have the leads told of a concern in a text that was taken for something else."""
    _, decision = heed(happening, person, text)
    if decision is not None:
        rotas = happening.rotas(case.provider for case in decision.cases)
        reading = Reading(flags=AT_ONCE)
        happening.save(person, decision, reading, kind="passed on", rotas=rotas)


def on_worry(
    happening: Happening, person: Person, provider: str, child: str, text: str
) -> Decision | None:
    """Decide what follows where somebody says outright that their words are a concern."""
    return _concern(happening, person, provider, None, text, happening.refs(), child)


def child_of(case: Case) -> str | None:
    """Return whom a case is about, as phones name them; None where it is of no one child."""
    return case.shown if case.pupil else None


def is_for_leads(desk: Desk, text: str, at: datetime) -> bool:
    """Whether a text that somebody wrote by hand is such as the leads alone should read."""
    said = local(at)
    moment = said.time().replace(second=0, microsecond=0)
    half = Half.AM if moment.hour < 12 else Half.PM
    reply = Reply(Speaker.CSS, text, said.date(), half, start=moment, sent_at=moment)
    return bool(read(reply, desk.lexicon).flags & AT_ONCE)


def _named(happening: Happening, text: str) -> frozenset[str]:
    """The pupils whose name stands in the words."""
    said = set(re.findall(r"\w+", fold(text)))
    return frozenset(p.key for p in happening.lists.people.pupils if said & _first_names(p))


def _first_names(pupil: Pupil) -> set[str]:
    return {fold(name).split()[0] for name in (pupil.name, pupil.known_as or pupil.name)}


def _missed(
    happening: Happening,
    talk: CaseTalk,
    named: Set[str],
    text: str,
    words: str,
    refs: Iterator[str],
) -> Decision | None:
    """What follows where a contact says of children without a case that they set out."""
    known = {case.pupil for case in talk.cases}
    keys = sorted(key for key in named if key not in known)
    as_if = as_if_of(happening, keys, text, Speaker.CSS) if keys else None
    if as_if is None or not as_if.alarms:
        return None
    meant = {action.ref for action in as_if.cases if action.ref}
    missed = [
        child
        for child in children(happening, [key for key in keys if key in meant])
        if child.is_missed(as_if.alarms, happening.row.received_at)
    ]
    if not missed:
        return None
    me = talk.person.key
    alarm = on_alarm(talk.person, missed, as_if.alarms, words, refs, happening.now)
    heard = [say for say in alarm.say if say.script != "parent_alarm_noted"]
    if not any(say.to == me for say in heard):
        heard += [replace(say, to=me) for say in heard if say.script == "css_parent_alarm"][:1]
    return replace(alarm, say=tuple(heard))


def _concern(
    happening: Happening,
    person: Person,
    provider: str,
    register: Register | None,
    text: str,
    refs: Iterator[str],
    child: str | None = None,
) -> Decision | None:
    """A concern that a contact passes on, of the place that their words are about, "" for none."""
    people, named = happening.lists.people, _named(happening, text)
    placed = next((place.provider for place in people.placements if place.pupil in named), "")
    place = provider or placed
    rota = happening.rota(place or people.providers[0].key)
    blank = Case(
        matter=Matter.CONCERN,
        provider=rota.provider.key,
        provider_name=rota.provider.name if place else happening.lists.service.name,
        opened_at=happening.now,
        ladder=Ladder(first=()),
        ref=next(refs),
        register=register.id if register is not None else None,
        shown=child,
    )
    policy = happening.lists.policies[rota.provider.policy]
    return on_concern(person, blank, policy, rota, register, text, happening.now)
