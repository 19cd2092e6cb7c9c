"""
Parents: what follows when a parent writes about their own child's case.

A parent's words are taken as a reason, as news, or as an alarm: a child who set out and did not
arrive is not absent but not accounted for. Nothing of another child is ever in what they hear.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from apbot.domain.called_for import ended_because
from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_people, first_told, hearers
from apbot.domain.expected import Coming, on_coming
from apbot.domain.following import NOW_SOUGHT, open_case, shown_anew
from apbot.domain.people import Person
from apbot.domain.readings import Alarm, Reading, RestPresent
from apbot.domain.register import Entry, How, Line, Register
from apbot.domain.telling_parents import heard_of, lines_of
from apbot.domain.unasked import told_together, with_words
from apbot.domain.words import Action, Flag, Mark, Matter, Reason


@dataclass(frozen=True, slots=True)
class ParentTalk:
    """
    A parent, and the cases of their own children; registers and rotas are by ref.

    `cases` are the open ones, `over` those of late that they were told of. `pupils` are their
    children; `rota` is of a provider of theirs, None where no child is placed. Words that are
    `in_other_words` are of a language that nobody taught us: they may be an alarm. `coming` are the
    children who are said to be still to come, by their case's ref.
    """

    person: Person
    cases: tuple[Case, ...]
    registers: Mapping[str, Register]
    rotas: Mapping[str, Rota]
    over: tuple[Case, ...] = ()
    pupils: tuple[str, ...] = ()
    rota: Rota | None = None
    in_other_words: bool = False
    coming: Mapping[str, Coming] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cases that changed, what is said of it, and why the child is away, for the register."""

    cases: tuple[Case, ...] = ()
    say: tuple[Say, ...] = ()
    entry: Entry | None = None


def told_of(cases: Iterable[Case], person: Person) -> tuple[Case, ...]:
    """Return the cases that this parent was told of."""
    return tuple(case for case in cases if case.notice and person.key in case.notice.told)


def on_parent_reply(
    talk: ParentTalk, reading: Reading, text: str, refs: Iterator[str], now: datetime
) -> Decision:
    """Decide what a parent's reply does to their child's cases."""
    to = talk.person.key
    if reading.flags & {Flag.OPT_OUT, Flag.WRONG_NUMBER}:
        return on_parent_stops(talk, reading, text)
    if Flag.HELP in reading.flags:
        return Decision(because="asked for help", say=(Say(to=to, script="parent_help"),))
    by_ref = {case.ref: case for case in (*talk.cases, *talk.over)}
    actions = [(by_ref[a.ref], a.action) for a in reading.cases if a.ref in by_ref]
    is_alarm = bool(reading.alarms)
    cases: list[Case] = []
    says: list[Say] = []
    grown: dict[int | None, Register] = {}
    if not actions:
        # Whose case it is could not be told: a person reads it on each.
        meant = told_of(talk.cases, talk.person) or talk.cases or talk.over
        actions = [(case, Action.NOTE) for case in meant]
    for case, action in actions:
        reason = reading.case_reasons.get(case.ref)
        followed = _act(talk, case, action, reason, text, refs, now, reading.alarms)
        cases += followed.cases
        says += followed.say
        if followed.entry is not None:
            held = grown.get(case.register) or talk.registers[case.ref]
            grown[case.register] = held.with_entries((followed.entry,), now)
    for case in cases:
        register = grown.get(case.register) if not case.is_open else None
        if register is not None:
            people = asked_people(register, talk.rotas[case.ref])
            says += [shown_anew(person, register) for person in people]
    registers = tuple(grown.values())
    script = "parent_alarm_noted" if is_alarm else "parent_noted"
    if all(not case.is_open for case, _ in actions) and not is_alarm:
        script = "parent_over"
    if talk.in_other_words and not is_alarm:
        script = "parent_not_read"
    about = actions[0][0]
    reply = Say(to=to, script=script, register=talk.registers.get(about.ref), cases=(about,))
    return Decision(
        because=f"a parent wrote: {', '.join(sorted({action for _, action in actions}))}",
        register=registers[0] if registers else None,
        beside=registers[1:],
        cases=tuple(cases),
        say=(reply, *_together(talk, says, text)),
    )


def _together(talk: ParentTalk, says: Sequence[Say], text: str) -> list[Say]:
    """
    Return these with what each hears of several children in one text, and the provider the words.

    What may be said of a child at another place is for no other provider.
    """
    own = {*talk.pupils}
    return [
        with_words(say, text) if own <= {line.pupil for line in say.lines} else say
        for say in told_together(says)
    ]


def on_parent_stops(talk: ParentTalk, reading: Reading, text: str) -> Decision:
    """
    Obey a parent's opt-out, or their word that the number is somebody else's.

    The CSS hears that this parent can no longer be told: silence must not look like consent, and
    nothing of a child may go to a stranger.
    """
    is_wrong = Flag.WRONG_NUMBER in reading.flags
    because = "the number is not the parent's" if is_wrong else "the parent opted out"
    stopped = Decision(because=because, stops=not is_wrong, is_wrong_number=is_wrong)
    rota = next(iter(talk.rotas.values()), talk.rota)
    if rota is None:
        return stopped
    contact = rota.key_contact or next((person for person, _ in rota.css), None)
    if contact is None:
        return stopped
    say = Say(
        to=contact.key,
        script="css_parent_stopped",
        more={
            "who": talk.person.name,
            "phone": talk.person.mobile,
            "provider": rota.provider.name,
            "words": text.strip(),
        },
    )
    return replace(stopped, say=(say,))


def _act(
    talk: ParentTalk,
    case: Case,
    action: Action,
    reason: Reason | None,
    text: str,
    refs: Iterator[str],
    now: datetime,
    alarms: frozenset[Alarm],
) -> Outcome:
    is_sought = case.matter is Matter.UNACCOUNTED and case.is_open
    if alarms and not is_sought:
        return _alarm(talk, case, text, refs, now, alarms)
    register, coming = talk.registers.get(case.ref), talk.coming.get(case.ref)
    if coming is not None and register is not None and case.is_open and not case.is_disputed:
        new, says = on_coming(
            talk.person, case, register, talk.rotas[case.ref], coming, action, reason, text, now
        )
        return Outcome((new,), says)
    ends = action is Action.RESOLVE or (reason is not None and reason.explains)
    if ends and case.is_open and case.number is not None and not case.is_disputed:
        return _over(talk, case, reason, text, now)
    if action is Action.ACK:
        return Outcome()
    note = CaseNote(at=now, by=talk.person.key, by_name=talk.person.name, words=text)
    noted = replace(case, notes=(*case.notes, note), reason=reason or case.reason)
    if alarms and case.is_open:
        # They hear that the child is looked for, and are to hear when the child is there.
        noted = replace(noted, notice=heard_of(noted.notice, talk.person.key, now))
    is_alarm = case.is_urgent or alarms or talk.in_other_words
    urgency = Urgency.ALARM if is_alarm else Urgency.REPLY
    script = "css_parent_not_read" if talk.in_other_words else "css_parent_wrote"
    return Outcome((noted,), _tell_css(talk, noted, script, text, urgency))


def _over(talk: ParentTalk, case: Case, reason: Reason | None, text: str, now: datetime) -> Outcome:
    """The parent's word explains it, or the child is with them."""
    rota, register = talk.rotas[case.ref], talk.registers.get(case.ref)
    over = replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=talk.person.key,
        reason=reason or case.reason,
        outcome=text.strip(),
    )
    says = over_says([over], register, rota, talk.person)
    if register is not None:
        # The provider hears how it ended, not what a parent wrote to the CSS.
        told = replace(over, outcome="the parent has told us, nothing to do")
        says += [
            Say(to=person.key, script="provider_outcome", register=register, cases=(told,))
            for person in asked_people(register, rota)
        ]
    return Outcome((over,), tuple(says), _entry(talk.person, over, register, reason, now))


def _entry(
    person: Person, over: Case, register: Register | None, reason: Reason | None, now: datetime
) -> Entry | None:
    """Why the child is away, as the parent says, where the provider gave no reason for it."""
    held = register.standing.get(over.number or 0) if register is not None else None
    if held is None or held.mark is not Mark.ABSENT or reason is None:
        return None
    if held.reason is not None and held.reason.explains:
        return None
    return Entry(
        number=held.number,
        pupil=held.pupil,
        was=held.mark,
        mark=Mark.ABSENT,
        by=person.key,
        by_name=person.name,
        by_title="parent or carer",
        how=How.TEXT,
        at=now,
        reason=reason,
        because=ended_because(over),
    )


def _alarm(
    talk: ParentTalk,
    case: Case,
    text: str,
    refs: Iterator[str],
    now: datetime,
    alarms: frozenset[Alarm],
) -> Outcome:
    """The child set out and did not arrive: not absent, but not accounted for."""
    rota, register = talk.rotas[case.ref], talk.registers.get(case.ref)
    lines = () if register is None else lines_of(case, register)
    sought = {c.pupil for c in talk.cases if c.is_open and c.matter is Matter.UNACCOUNTED}
    own = [
        line
        for line in lines
        if (line.pupil in talk.pupils or line.number == case.number) and line.pupil not in sought
    ]
    if register is None or not own:
        return Outcome()
    followed = [
        alarmed(talk.person, case, register, rota, line, text, refs, now, alarms) for line in own
    ]
    return Outcome(
        tuple(case for one in followed for case in one.cases),
        tuple(say for one in followed for say in one.say),
    )


def alarmed(
    person: Person,
    case: Case,
    register: Register,
    rota: Rota,
    line: Line,
    text: str,
    refs: Iterator[str],
    now: datetime,
    alarms: frozenset[Alarm],
) -> Outcome:
    """
    Return what follows where somebody knows that this pupil is not where they should be.

    Not absent, but not accounted for: to the key contact and the safeguarding lead at once, in the
    words that were used, and the provider is asked.
    """
    # What was over before stays as it ended; that a provider is closed is true all the same.
    ends = case.is_open and case.number is not None
    over = replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=person.key,
        outcome=NOW_SOUGHT,
    )
    opened = open_case(register, rota, refs, now, Matter.UNACCOUNTED, line)
    opened = replace(opened, words=text, raised_by=person.key)
    told, people = first_told(opened, rota, now)
    hear = {one.key for one in people}
    says = [
        # Whoever hears the alarm need not hear as well that the absence is over.
        *(
            say
            for say in (over_says([over], register, rota, person) if ends else ())
            if say.to not in hear
        ),
        *(
            Say(
                to=one.key,
                script="css_parent_alarm",
                register=register,
                cases=(told,),
                buttons=Buttons.CASES,
                urgency=Urgency.ALARM,
            )
            for one in people
        ),
        *(
            Say(
                to=one.key,
                script="provider_set_out" if Alarm.SET_OUT in alarms else "provider_missed",
                register=register,
                cases=(told,),
                lines=(line,),
                ask=RestPresent((line.number,)),
                urgency=Urgency.ALARM,
            )
            for one in asked_people(register, rota)
        ),
    ]
    return Outcome((over, told) if ends else (told,), tuple(says))


def _tell_css(
    talk: ParentTalk, case: Case, script: str, text: str, urgency: Urgency
) -> tuple[Say, ...]:
    """Whoever has it or is on duty; of one that is over the key contact, who can tell others."""
    rota = talk.rotas[case.ref]
    contact = rota.key_contact
    to = (contact.key,) if contact is not None and not case.is_open else hearers(case, rota)
    return tuple(
        Say(
            to=key,
            script=script,
            register=talk.registers.get(case.ref),
            cases=(case,),
            more={"who": talk.person.name, "phone": talk.person.mobile, "words": text},
            buttons=Buttons.CASES,
            urgency=urgency,
        )
        for key in to
    )
