"""
Taking on: what follows when a CSS contact or a parent writes about a case.

An acknowledgement stops the next step; an outcome ends the case, is told to everybody who was told
of its opening, and goes back to the provider.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from apbot.domain.called_for import ended_because
from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_at, asked_people, is_lead, reminded_at, settled_at
from apbot.domain.following import shown_anew
from apbot.domain.people import Person
from apbot.domain.readings import Reading
from apbot.domain.register import Entry, How, Register
from apbot.domain.words import Action, Flag, Mark, Matter, Reason

NOT_PICKED = "no case could be picked"
"""What came of a message that could be about several cases."""


CONTROL = frozenset(
    {
        *("all", "both", "ok", "okay", "k", "yes", "yep", "yeah", "y", "no", "nope", "n"),
        *("and", "done", "tell", "help", "none"),
    }
)
"""Words that answer the bot, and are an answer to nobody else: they are never passed on."""

TOLD_TOGETHER: Mapping[str, str] = {
    "css_taken": "css_taken_several",
    "css_taken_by": "css_taken_several_by",
    "css_resolved": "css_resolved_several",
    "css_noted": "css_noted_several",
    "css_case_over": "css_case_over",
    "provider_outcome": "provider_outcome",
}
"""What is said of several cases in one text, and by which script."""


@dataclass(frozen=True, slots=True)
class CaseTalk:
    """
    Everything about one contact that a reply is read and decided against.

    `cases` are the open ones they were told of, oldest first; `over` those that ended lately, by
    ref. `registers` and `rotas` are by the case's ref; `names` of persons by key. `naming_others`
    are the refs of cases whose provider does not know somebody whom the words name.
    """

    person: Person
    cases: tuple[Case, ...]
    over: tuple[Case, ...] = ()
    registers: Mapping[str, Register] = field(default_factory=dict)
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    naming_others: Set[str] = frozenset()
    inbox: int | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """What a reply says of one case: its words, why, where the pupil is, and whether it is more."""

    words: str
    reason: Reason | None
    is_elsewhere: bool
    is_only_over: bool


def on_case_reply(talk: CaseTalk, reading: Reading, text: str, now: datetime) -> Decision:
    """Decide what a contact's reply, as it was read, does to the cases they were told of."""
    to = talk.person.key
    if Flag.OPT_OUT in reading.flags:
        return Decision(because="the contact opted out", stops=True)
    if Flag.WRONG_NUMBER in reading.flags:
        goodbye = Say(to=to, script="wrong_number_noted", is_here=True)
        because = "the number is not the contact's, or they have left"
        return Decision(because=because, say=(goodbye,), is_wrong_number=True)
    if Flag.HELP in reading.flags:
        script = "css_help" if talk.cases else "css_help_nothing_open"
        buttons = Buttons.CASES if talk.cases else Buttons.NONE
        say = Say(to=to, script=script, cases=talk.cases, buttons=buttons)
        return Decision(because="asked for help", say=(say,))
    by_ref = {case.ref: case for case in talk.cases}
    actions = [(by_ref[a.ref], a.action) for a in reading.cases if a.ref in by_ref]
    refs = set(re.findall(r"[a-z][0-9]+", text.lower()))
    if not actions or (
        _over_named(talk, refs) and not any(c.ref.lower() in refs for c, _ in actions)
    ):
        return Decision(because=NOT_PICKED, say=(_which(talk, refs),))
    changed: list[Case] = []
    says: list[Say] = []
    grown: dict[int | None, Register] = {}
    for case, action in actions:
        reason = reading.case_reasons.get(case.ref)
        if case.ref in reading.may_have and action is Action.NOTE:
            says.append(_to(to, "css_with_you", case, talk))
            continue
        words = _without_refs(text, by_ref)
        told = _Told(words, reason, case.ref in reading.elsewhere, case.ref in reading.only_over)
        new, said = _act(talk, case, action, told, now)
        changed.append(new)
        says += said
        entry = _entry(talk, case, new, grown.get(case.register), told, now)
        if entry is not None and case.register is not None:
            register = grown.get(case.register) or talk.registers[case.ref]
            grown[case.register] = register.with_entries((entry,), now)
    says = [_as_it_stands(say, grown) for say in _told_apart(talk, says, changed)]
    says = _with_word_of_passing_on(says, changed)
    for register in grown.values():
        rota = next(r for r in talk.rotas.values() if r.provider.key == register.provider)
        says += [shown_anew(person, register) for person in asked_people(register, rota)]
    looked = _to_look_at_again(talk, changed, now)
    if looked is not None:
        held = grown.get(looked.id)
        grown[looked.id] = replace(held, settles_at=now) if held is not None else looked
    registers = tuple(grown.values())
    because = ", ".join(f"{case.ref} {action}" for case, action in actions)
    return Decision(
        because=because,
        cases=tuple(changed),
        say=tuple(says),
        register=registers[0] if registers else None,
        beside=registers[1:],
    )


def _entry(
    talk: CaseTalk,
    case: Case,
    new: Case,
    grown: Register | None,
    told: _Told,
    now: datetime,
) -> Entry | None:
    """
    What a contact who ends a case makes known of the pupil, as an entry on the register.

    It says why a pupil is away, or that one who was sought is somewhere else; where the words say
    neither, what the provider said stands.
    """
    register = grown or talk.registers.get(case.ref)
    if new.is_open or register is None or case.number is None:
        return None
    held = register.standing.get(case.number)
    mark = held.mark if held else None
    reason = told.reason
    if case.matter is Matter.UNACCOUNTED and reason is None and told.is_elsewhere:
        reason = Reason.OTHER
    if case.is_disputed and told.is_elsewhere:
        reason = told.reason or case.reason or reason
    is_away = mark is Mark.ABSENT or case.matter is Matter.UNACCOUNTED
    # A contact who found out that the parent was right puts the mark right.
    is_settled = mark is not None and mark.is_here and not case.is_disputed
    if reason is None or not is_away or is_settled or mark is Mark.LEFT:
        return None
    if mark is Mark.ABSENT and held is not None and held.reason == reason:
        return None
    return Entry(
        number=case.number,
        pupil=register.line(case.number).pupil,
        was=mark,
        mark=Mark.ABSENT,
        by=talk.person.key,
        by_name=talk.person.name,
        by_title=talk.person.title,
        how=How.TEXT,
        at=now,
        reason=reason,
        because=ended_because(new),
        inbox=talk.inbox,
    )


def _told_apart(talk: CaseTalk, says: Sequence[Say], changed: Sequence[Case]) -> list[Say]:
    """
    Return what one message has us say, each to each once, and nothing that is not theirs to hear.

    Words about several providers, or that name a pupil of another, are kept from both: each hears
    that its own is followed up. Who is told the same of several cases is told it of all in one.
    """
    is_of_several = len({case.provider for case in changed}) > 1
    kept: dict[object, Say] = {}
    for say in says:
        ref = say.cases[0].ref if say.cases else ""
        if say.script == "provider_outcome" and (is_of_several or ref in talk.naming_others):
            say = replace(say, cases=tuple(_in_our_words(case) for case in say.cases))
        key: object = len(kept)
        if say.script == "answer":
            key = (say.to, say.script)
        elif say.script in TOLD_TOGETHER:
            key = (say.to, say.script, say.more.get("who"), _place_of(say))
        held = kept.get(key)
        if held is not None and say.script in TOLD_TOGETHER:
            say = replace(held, cases=(*held.cases, *say.cases))
        kept[key] = say if held is None or say.script in TOLD_TOGETHER else held
    return [
        replace(say, script=TOLD_TOGETHER[say.script])
        if len(say.cases) > 1 and say.script in TOLD_TOGETHER
        else say
        for say in kept.values()
    ]


def _as_it_stands(say: Say, grown: Mapping[int | None, Register]) -> Say:
    """What is said of the marks is said of them as this very message has made them."""
    if say.register is None or say.script not in ("provider_outcome", "css_resolved"):
        return say
    return replace(say, register=grown.get(say.register.id, say.register))


def _with_word_of_passing_on(says: Sequence[Say], changed: Sequence[Case]) -> list[Say]:
    """Whoever ends a case is told that the provider reads their words, where it does."""
    outcomes = {case.ref: case.outcome for case in changed}
    passed = {
        case.ref
        for say in says
        if say.script == "provider_outcome"
        for case in say.cases
        if case.outcome == outcomes[case.ref]
    }
    return [
        replace(say, more={**say.more, "is_passed_on": 1})
        if say.script in ("css_resolved", "css_resolved_several")
        and passed.issuperset(case.ref for case in say.cases)
        else say
        for say in says
    ]


def _place_of(say: Say) -> str:
    """A provider hears of its own cases alone, whoever answers for two."""
    return say.cases[0].provider if say.script == "provider_outcome" else ""


def _in_our_words(case: Case) -> Case:
    because = f" ({case.reason.replace('_', ' ')})" if case.reason else ""
    return replace(case, outcome=f"followed up{because}")


def _to_look_at_again(talk: CaseTalk, changed: Sequence[Case], now: datetime) -> Register | None:
    """
    A missing register that was ended by a person may have come in in part: the pupils without a
    mark are looked at at once, for nothing covers them any more.
    """
    for case in changed:
        register = talk.registers.get(case.ref)
        is_ended = case.matter is Matter.MISSING_REGISTER and not case.is_open
        if is_ended and register is not None and register.unmarked(by=now):
            return replace(register, settles_at=now)
    return None


def _act(
    talk: CaseTalk,
    case: Case,
    action: Action,
    told: _Told,
    now: datetime,
) -> tuple[Case, list[Say]]:
    may_end = case.matter is not Matter.CONCERN or _is_lead(talk, case)
    if action is Action.RESOLVE and may_end:
        return _resolve(talk, case, told, now)
    if action is Action.ACK:
        return _take(talk, case, now)
    note = CaseNote(at=now, by=talk.person.key, by_name=talk.person.name, words=told.words)
    noted = replace(case, notes=(*case.notes, note), reason=told.reason or case.reason)
    if action is Action.RESOLVE:
        return noted, [_to(talk.person.key, "css_lead_ends", noted, talk)]
    if case.matter is Matter.QUESTION and case.raised_by and _is_control(told.words):
        return case, [_to(talk.person.key, "css_no_answer", case, talk)]
    if case.matter is Matter.QUESTION and case.raised_by:
        return _answer(talk, noted, told.words, now)
    if case.state is CaseState.ACKNOWLEDGED and case.acknowledged_by == talk.person.key:
        noted = replace(noted, asked_at=None, ladder_at=_looked_at(talk, case, now))
        return noted, [_to(talk.person.key, "css_noted", noted, talk)]
    return noted, [_to(talk.person.key, "css_noted_not_taken", noted, talk)]


def _is_control(words: str) -> bool:
    """Whether words are such as answer the bot alone: a yes, a number, a ref, ALL."""
    said = re.findall(r"[a-z0-9]+", words.lower())
    return all(word in CONTROL or re.fullmatch(r"[a-z]?\d+", word) for word in said)


def _without_refs(text: str, refs: Iterable[str]) -> str:
    """
    Return what was said without the refs before and after it: they only picked the cases.

    To the provider, or whoever asked, "K7" says nothing.
    """
    ref = rf"\b(?:{'|'.join(map(re.escape, refs))})\b"
    words = re.sub(rf"(?i)^(?:\W*{ref}(?:\s+and\b)?)+[\s:,.;-]*", "", text)
    words = re.sub(rf"(?i)(?:[\s,;(]*{ref}[\s).!]*)+$", "", words)
    return words.strip() or text.strip()


def _is_lead(talk: CaseTalk, case: Case) -> bool:
    return is_lead(talk.person.key, talk.rotas[case.ref])


def _looked_at(talk: CaseTalk, case: Case, now: datetime) -> datetime:
    """When the one who has the case now is asked how it stands."""
    service = talk.rotas[case.ref].service
    if case.is_answered:
        return settled_at(service, now)
    if case.matter is Matter.CONCERN and _is_lead(talk, case):
        return reminded_at(case, service, now)
    return asked_at(case, service, now)


def _answer(talk: CaseTalk, noted: Case, text: str, now: datetime) -> tuple[Case, list[Say]]:
    """What a contact writes about a question goes back to the asker; the question is theirs now."""
    taken = replace(
        noted,
        state=CaseState.ACKNOWLEDGED,
        acknowledged_at=noted.acknowledged_at or now,
        acknowledged_by=talk.person.key,
        asked_at=None,
        ladder_at=settled_at(talk.rotas[noted.ref].service, now),
    )
    return taken, [*_to_asker(talk, taken, text), _to(talk.person.key, "css_answered", taken, talk)]


def _to_asker(talk: CaseTalk, case: Case, text: str) -> list[Say]:
    if not case.raised_by:
        return []
    say = _to(case.raised_by, "answer", case, talk)
    return [replace(say, more={"who": talk.person.name, "words": text.strip()})]


def _take(talk: CaseTalk, case: Case, now: datetime) -> tuple[Case, list[Say]]:
    if case.state is CaseState.ACKNOWLEDGED and case.acknowledged_by != talk.person.key:
        who = talk.names.get(case.acknowledged_by, "a colleague")
        say = _to(talk.person.key, "css_taken_already", case, talk)
        return case, [replace(say, more={**say.more, "who": who})]
    is_holder = case.acknowledged_by == talk.person.key
    is_held = is_holder and case.state is CaseState.ACKNOWLEDGED
    taken = replace(
        case,
        state=CaseState.ACKNOWLEDGED,
        acknowledged_at=case.acknowledged_at if is_holder else now,
        acknowledged_by=talk.person.key,
        asked_at=None,
        ladder_at=_looked_at(talk, case, now),
    )
    others = [] if is_held else [key for key in case.told if key != talk.person.key]
    says = [_to(talk.person.key, "css_taken", taken, talk)]
    for key in others:
        say = _to(key, "css_taken_by", taken, talk)
        says.append(replace(say, more={**say.more, "who": talk.person.name}))
    return taken, says


def _resolve(talk: CaseTalk, case: Case, told: _Told, now: datetime) -> tuple[Case, list[Say]]:
    rota, register = talk.rotas[case.ref], talk.registers.get(case.ref)
    over = replace(
        case,
        state=CaseState.RESOLVED,
        acknowledged_at=case.acknowledged_at or now,
        acknowledged_by=case.acknowledged_by or talk.person.key,
        resolved_at=now,
        resolved_by=talk.person.key,
        reason=told.reason or case.reason,
        outcome=told.words.strip(),
    )
    says = [_to(talk.person.key, "css_resolved", over, talk)]
    says += over_says([over], register, rota, talk.person)
    if case.matter is Matter.QUESTION:
        # "Done" is no answer to anybody.
        says += [] if told.is_only_over else _to_asker(talk, over, told.words)
    elif case.matter is Matter.CONCERN:
        says += _told_back(over, talk.person, rota)
    else:
        people = asked_people(register, rota) if register else rota.staff or rota.backups
        says += [_to(person.key, "provider_outcome", over, talk) for person in people]
    return over, says


def _told_back(over: Case, speaker: Person, rota: Rota) -> list[Say]:
    """Whoever reported a concern hears that it was dealt with, and no word of how."""
    colleagues = (*rota.staff, *rota.backups, *(person for person, _ in rota.css))
    is_told = over.raised_by != speaker.key and over.raised_by not in over.told
    reporter = any(person.key == over.raised_by for person in colleagues)
    return [Say(to=over.raised_by, script="concern_dealt_with")] if is_told and reporter else []


def _over_named(talk: CaseTalk, refs: Set[str]) -> Case | None:
    return next((case for case in talk.over if case.ref.lower() in refs), None)


def _which(talk: CaseTalk, refs: Set[str]) -> Say:
    over = _over_named(talk, refs)
    if over is not None:
        who = talk.names.get(over.resolved_by, "the bot")
        say = _to(talk.person.key, "css_over_already", over, talk)
        return replace(say, more={**say.more, "who": who})
    script = "css_which_case" if talk.cases else "css_nothing_open"
    buttons = Buttons.CASES if talk.cases else Buttons.NONE
    return Say(to=talk.person.key, script=script, cases=talk.cases, buttons=buttons)


def _to(key: str, script: str, case: Case, talk: CaseTalk) -> Say:
    return Say(
        to=key,
        script=script,
        cases=(case,),
        register=talk.registers.get(case.ref),
        more={"who": talk.person.name},
    )
