"""
Parents: somebody wrote of their own child.

A parent speaks about the open cases of their own child, or of late ones that they were told of;
what is about none of these is an alarm, a concern, or a word for the office. They hear of no other
child. What is in another language than we have goes to a person at once: it may be an alarm.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from apbot.desk.expected import coming_after_all, coming_of, is_said_to_be_coming
from apbot.desk.happening import Happening
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Say
from apbot.domain.disputing import on_disputed
from apbot.domain.expected import on_coming_after_all
from apbot.domain.parents import ParentTalk, on_parent_reply, on_parent_stops, told_of
from apbot.domain.people import Person, Pupil
from apbot.domain.policy import Ladder
from apbot.domain.readings import Reading
from apbot.domain.unasked import WITH_THE_LEAD, Child, on_alarm, on_unasked, with_concern
from apbot.domain.words import Action, Flag, Matter, Speaker
from apbot.reading.other_words import is_in_other_words
from apbot.reading.tokens import fold
from apbot.store.cases import list_of_providers, list_open_of_pupils
from apbot.store.registers import list_registers
from apbot.wording.compose import NameStyle, listed, short_names
from apbot.wording.scripts import BASE_LANGUAGE

NOTICE_KNOWN = timedelta(days=2)
"""How long what a parent writes may still be an answer to what they were told."""

STOPS = frozenset({Flag.OPT_OUT, Flag.WRONG_NUMBER})
AT_ONCE = frozenset({Flag.CONCERN, Flag.EMERGENCY})


def on_parent_text(happening: Happening, person: Person, text: str) -> str:
    """Do what a parent's text asks: about their own child's cases, or else to the office."""
    talk = _parent_talk(happening, person)
    bare = happening.read_of_cases((), text, Speaker.PARENT)
    rotas = {rota.provider.key: rota for rota in (*talk.rotas.values(), talk.rota) if rota}
    reading = _of_known(happening, talk, text) or bare
    talk = replace(talk, in_other_words=_is_not_read(happening, talk, reading, text))
    if reading.flags & STOPS:
        decision = on_parent_stops(talk, reading, text)
    elif talk.rota is None and reading is bare:
        return "a parent of no pupil with a placement"
    else:
        decision = _decided(happening, talk, reading, bare, text)
        rotas |= happening.rotas(case.provider for case in decision.cases)
    return happening.save(person, decision, reading, kind="parent's reply", rotas=rotas)


def _decided(
    happening: Happening, talk: ParentTalk, reading: Reading, bare: Reading, text: str
) -> Decision:
    """A concern goes to the lead alone; what else the words say follows beside it."""
    refs = happening.refs()
    concern = _unasked(happening, talk, bare, text, refs) if bare.flags & AT_ONCE else None
    words = WITH_THE_LEAD if concern else text
    own = () if _names_others(happening, talk.pupils, text) else talk.pupils
    as_if = as_if_of(happening, own, text)
    if disputed := _disputed(happening, own, as_if) or _on_the_way(happening, as_if, text):
        decision = on_disputed(talk.person, disputed, talk.cases, as_if, words, refs, happening.now)
        return with_concern(concern, decision, talk.person) if concern is not None else decision
    if reading is not bare and not (talk.in_other_words and _is_of_over(talk, reading)):
        if concern is not None and not reading.alarms:
            return concern
        coming = coming_of(happening, talk.cases, talk.registers, reading, text)
        talk = replace(talk, coming=coming)
        decision = on_parent_reply(talk, reading, words, refs, happening.now)
    else:
        meant = {action.ref for action in as_if.cases if action.ref} or {*own}
        missed = [
            child
            for child in children(happening, meant)
            if child.is_missed(as_if.alarms, happening.row.received_at)
        ]
        if not missed and (late := _late(happening, talk, as_if, text, words, refs)) is not None:
            return with_concern(concern, late, talk.person) if concern is not None else late
        if not missed:
            return concern or _unasked(happening, talk, bare, text, refs)
        decision = on_alarm(
            talk.person,
            missed,
            as_if.alarms,
            words,
            refs,
            happening.now,
            is_passed_on={child.pupil for child in missed} >= {*talk.pupils},
        )
    return with_concern(concern, decision, talk.person) if concern is not None else decision


def _late(
    happening: Happening,
    talk: ParentTalk,
    as_if: Reading,
    text: str,
    words: str,
    refs: Iterator[str],
) -> Decision | None:
    """What follows where a child is on the way whose absence was settled; None where none is."""
    meant = {action.ref for action in as_if.cases if action.ref}
    followed = [
        on_coming_after_all(talk.person, child, coming, words, refs, happening.now)
        for child in children(happening, meant, only_marked=True)
        if (coming := coming_after_all(happening, child, as_if, text)) is not None
    ]
    if not followed:
        return None
    cases = tuple(case for case, _ in followed)
    reply = Say(to=talk.person.key, script="parent_noted", cases=cases[:1])
    return Decision(
        because=f"still to come, says a parent: {', '.join(case.ref for case in cases)}",
        cases=cases,
        say=(reply, *(say for _, says in followed for say in says)),
    )


def _disputed(happening: Happening, own: Collection[str], as_if: Reading) -> list[Child]:
    """
    Return the children whom the parent says to be away, and the register to be there.

    Words that could be of several of their children dispute the mark of each where all are marked
    as there: where one is not, it is that one.
    """
    if not as_if.away:
        return []
    now = happening.row.received_at
    marked = children(happening, as_if.away, only_marked=True)
    found = [c for c in marked if c.is_disputed(as_if.case_reasons.get(c.pupil), now)]
    is_plain = all(action.ref is not None for action in as_if.cases)
    return found if is_plain or len(found) == len(own) else []


def _on_the_way(happening: Happening, as_if: Reading, text: str) -> list[Child]:
    """Return the children who are on the way, as the parent says, and there by the register."""
    meant = {action.ref for action in as_if.cases if action.ref is not None}
    marked = children(happening, meant, only_marked=True)
    found = [child for child in marked if is_said_to_be_coming(happening, child, as_if, text)]
    return [child for child in found if child.is_disputed(None, happening.row.received_at)]


def _unasked(
    happening: Happening, talk: ParentTalk, bare: Reading, text: str, refs: Iterator[str]
) -> Decision:
    rota = talk.rota or next(iter(talk.rotas.values()))
    as_if = as_if_of(happening, talk.pupils, text)
    actions = [action.action for action in as_if.cases]
    meant = [action.ref for action in as_if.cases if action.ref is not None] or talk.pupils
    return on_unasked(
        talk.person,
        happening.lists.policies[rota.provider.policy],
        rota,
        bare,
        text,
        refs,
        happening.now,
        is_thanks=bool(actions) and all(action is Action.ACK for action in actions),
        shown=listed([_shown_among_all(happening, key) for key in meant]),
        script="parent_not_read" if talk.in_other_words else "parent_noted",
    )


def _is_not_read(happening: Happening, talk: ParentTalk, reading: Reading, text: str) -> bool:
    """
    Whether nothing was understood, because it is in another language than we have.

    The least word of ours that was heard ("temperature") says more than those that were not.
    """
    if reading.alarms or reading.case_reasons or reading.flags - {Flag.QUESTION}:
        return False
    if any(action.action not in (Action.NOTE, Action.UNCLEAR) for action in reading.cases):
        return False
    people = happening.lists.people
    named = [people.pupil_by_key[key] for key in talk.pupils]
    names = {talk.person.name, *(name for p in named for name in (p.name, p.known_as or ""))}
    words = {word for name in names for word in fold(name).split()}
    is_expected = talk.person.language != BASE_LANGUAGE
    return is_in_other_words(text, words, happening.desk.lexicon, is_expected=is_expected)


def _is_of_over(talk: ParentTalk, reading: Reading) -> bool:
    """Whether all that the words may be about is over: nobody would have to look at them."""
    refs = {action.ref for action in reading.cases}
    return not any(case.ref in refs or None in refs for case in talk.cases)


def _of_known(happening: Happening, talk: ParentTalk, text: str) -> Reading | None:
    """
    Return the words as read beside the cases that the parent may mean; None where they mean none.

    What names a child without a case is not about another's; and an alarm is of today.
    """
    known = (*talk.cases, *talk.over)
    if not known or _names_others(happening, talk.pupils, text):
        return None
    pupils = happening.lists.people.pupil_by_key
    named = {key for key in talk.pupils if _first_names(pupils[key]) & _words(text)}
    of_all = any(case.number is None for case in known)
    if named and not of_all and not named & {case.pupil for case in known}:
        return None
    reading = _read_of_parent(happening, talk, text)
    is_of_today = any(local(case.opened_at).date() == happening.on for case in known)
    return None if reading.alarms and not is_of_today else reading


def as_if_of(
    happening: Happening, keys: Sequence[str], text: str, speaker: Speaker = Speaker.PARENT
) -> Reading:
    """Read the words as if a case of each child were open: they name the same things."""
    shown = _shown(happening, keys)
    cases = [
        Case(
            matter=Matter.ABSENCE,
            provider="",
            provider_name="",
            opened_at=happening.now,
            ladder=Ladder(first=()),
            ref=key,
            pupil=key,
            shown=shown[key],
        )
        for key in keys
    ]
    return happening.read_of_cases(cases, text, speaker)


def children(
    happening: Happening, keys: Collection[str], *, only_marked: bool = False
) -> list[Child]:
    """Where these children are to be at the moment of the message, or were last marked today."""
    people, found = happening.lists.people, []
    sought = {
        case.pupil
        for case in list_open_of_pupils(happening.db, keys)
        if case.matter is Matter.UNACCOUNTED
    }
    for key, shown in _shown(happening, sorted(keys)).items():
        placed = [place.provider for place in people.placements if place.pupil == key]
        begun = [
            (register, line)
            for register in list_registers(happening.db, happening.on, placed)
            for line in register.roster
            if line.pupil == key
            and line.starts_at <= happening.row.received_at
            and (not only_marked or line.number in register.marks)
        ]
        if not placed:
            continue
        register, line = begun[-1] if begun else (None, None)
        rota = happening.rota(register.provider if register else placed[0])
        found.append(
            Child(
                pupil=key,
                shown=line.shown if line else shown,
                rota=rota,
                policy=happening.lists.policies[rota.provider.policy],
                register=register,
                line=line,
                is_sought=key in sought,
            )
        )
    return found


def _shown(happening: Happening, keys: Sequence[str]) -> dict[str, str]:
    pupils = [happening.lists.people.pupil_by_key[key] for key in keys]
    style = cast(NameStyle, str(happening.lists.service.names))
    names = short_names([(pupil.name, pupil.known_as) for pupil in pupils], style)
    return dict(zip(keys, names, strict=True))


def _shown_among_all(happening: Happening, key: str) -> str:
    """What the pupil is called where no other who is taught at the same places looks alike."""
    people = happening.lists.people
    places = {place.provider for place in people.placements if place.pupil == key}
    beside = {place.pupil for place in people.placements if place.provider in places}
    return _shown(happening, sorted({key, *beside}))[key]


def _names_others(happening: Happening, own: Sequence[str], text: str) -> bool:
    """Whether the words name a pupil who is not theirs, and none who is."""
    said = _words(text)
    ordinary = happening.desk.lexicon.ordinary
    mine = {name for key in own for name in _first_names(happening.lists.people.pupil_by_key[key])}
    if said & mine:
        return False
    others = {name for pupil in happening.lists.people.pupils for name in _first_names(pupil)}
    return bool(said & (others - mine - ordinary))


def _words(text: str) -> set[str]:
    return {word.strip(".,!?:;()'\"").removesuffix("'s") for word in fold(text).split()}


def _first_names(pupil: Pupil) -> set[str]:
    return {fold(name).split()[0] for name in (pupil.name, pupil.known_as or pupil.name)}


def _parent_talk(happening: Happening, person: Person) -> ParentTalk:
    people = happening.lists.people
    pupils = tuple(parent.pupil for parent in people.children_of(person.key))
    placed = [place.provider for place in people.placements if place.pupil in pupils]
    since = happening.now - NOTICE_KNOWN
    recent = list_of_providers(happening.db, placed, since)
    told = told_of(recent, person)
    mine = list_open_of_pupils(happening.db, pupils)
    shut = [case for case in told if case.is_open and case.pupil is None]
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
    quoted = happening.quoted_among(known)
    told = told_of(known, talk.person)
    open_told = told_of(talk.cases, talk.person)
    if len(quoted) == 1:
        return happening.read_of_cases(quoted, text, Speaker.PARENT)
    if len(known) > 1:
        reading = happening.read_of_cases(known, text, Speaker.PARENT)
        picked = {action.ref for action in reading.cases}
        if _is_named(happening, [case for case in known if case.ref in picked], text):
            return reading
    one = next((some for some in (open_told, told, talk.cases) if len(some) == 1), known)
    return happening.read_of_cases(one, text, Speaker.PARENT)


def _is_named(happening: Happening, picked: Sequence[Case], text: str) -> bool:
    """Whether the words pick one, or each by its name: "up all night" is not all of them."""
    pupils, said = happening.lists.people.pupil_by_key, fold(text)
    named = [
        pupils[case.pupil] for case in picked if case.pupil is not None and case.pupil in pupils
    ]
    each = all(any(name in said for name in _first_names(pupil)) for pupil in named)
    return len(picked) == 1 or (bool(picked) and len(named) == len(picked) and each)
