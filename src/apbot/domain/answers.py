"""
Answers: what follows when a member of staff writes.

Every mark that a reply settles becomes an entry, with what it was before, who said it and which
words led to it. What could not be read is asked about in one short question; nothing is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from apbot.domain.calendar import at
from apbot.domain.cases import Case
from apbot.domain.decisions import Buttons, Decision, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_people, first_told, telling
from apbot.domain.following import Following, open_case, shown_anew
from apbot.domain.people import Person
from apbot.domain.readings import Ask, CountOrNumber, Reading, Rephrase, RestPresent, WhichPupil
from apbot.domain.register import Entry, Line, Register, RegisterState
from apbot.domain.sought import is_passed_on, on_unread, sought_of, spoken_of
from apbot.domain.stopping import goodbye, on_opt_out, wrong_number
from apbot.domain.strays import urgent
from apbot.domain.talk import Talk, cases_after, entry_of, to_colleagues
from apbot.domain.unasked import WITH_THE_LEAD
from apbot.domain.words import Flag, Half, Mark, Matter

NONSENSE_A_DAY = 5
"""How often a day one person is told that a message could not be read."""

TAKEN_BEFORE = timedelta(minutes=20)
"""How long before the start who is in can be said; who is off can be said at any time."""

ASK_SCRIPTS: Mapping[type, str] = {
    RestPresent: "ask_rest_present",
    WhichPupil: "ask_which_pupil",
    CountOrNumber: "ask_count_or_number",
    Rephrase: "ask_rephrase",
}

ASK_BUTTONS: Mapping[type, Buttons] = {
    RestPresent: Buttons.REST,
    WhichPupil: Buttons.WHICH,
    CountOrNumber: Buttons.COUNT,
    Rephrase: Buttons.NONE,
}

_ELSEWHERE = (Mark.AWAITED, Mark.ABSENT, Mark.LEFT)


def on_reply(
    talk: Talk, reading: Reading, text: str, refs: Iterator[str], now: datetime
) -> Decision:
    """Decide what a provider's reply, as it was read, makes true and makes us say."""
    if Flag.OPT_OUT in reading.flags:
        return on_opt_out(talk.person, talk.rota)
    sought = sought_of(talk.cases, talk.register)
    if is_passed_on(talk, reading, text) and not _names_unmarked(talk, sought):
        return on_unread(talk.person, sought, talk.register, talk.rota, text, now)
    reading = urgent(reading)
    entries = _entries(talk, reading, now)
    register = talk.register
    if register.state is RegisterState.CLOSED and entries:
        register = replace(register, state=RegisterState.OPEN, closed_by="")
    register = register.with_entries(entries, now)
    if Flag.CLOSED in reading.flags and register.state is not RegisterState.CLOSED:
        register = replace(register, state=RegisterState.CLOSED, closed_by=talk.person.key)
    # What is a concern as well is read by those alone who see concerns.
    words = WITH_THE_LEAD if reading.flags & {Flag.CONCERN, Flag.EMERGENCY} else text
    followed = cases_after(talk, register, refs, now, words)
    raised = _raised(talk, reading, text, register, refs, now)
    spoken = spoken_of(talk, entries, reading, text)
    passed_on = _passed_on(talk, sought, spoken, followed, words, now)
    answers = bool(entries or reading.ask is not None or Flag.CLOSED in reading.flags)
    return Decision(
        because=_because(reading, entries),
        register=register if register != talk.register else None,
        cases=(*followed.cases, *passed_on.cases, *raised.cases),
        say=(
            *_answer(
                talk, reading, register, entries, _goes_on(talk, sought, followed, entries), now
            ),
            *_shown_anew(talk, register),
            *to_colleagues(talk, register, entries),
            *raised.say,
            *followed.say,
            *passed_on.say,
        ),
        pending=_open_question(reading.ask, register),
        clears_pending=answers,
        is_wrong_number=Flag.WRONG_NUMBER in reading.flags,
    )


def _open_question(ask: Ask | None, register: Register) -> Ask | None:
    """The question, and whom the text that asks it names as still without a mark."""
    if not isinstance(ask, Rephrase):
        return ask
    return replace(ask, about=tuple(line.number for line in register.unmarked()))


def _passed_on(
    talk: Talk,
    sought: Sequence[Case],
    pupils: Set[str],
    followed: Following,
    text: str,
    now: datetime,
) -> Following:
    """One who is sought, and still is, was spoken of: those who look read what was said."""
    changed = {case.ref for case in followed.cases}
    still = [case for case in sought if case.pupil in pupils and case.ref not in changed]
    if not still:
        return Following()
    # Whoever was asked whether a child is there after all, and says so, need not be asked again.
    still = [replace(case, provider_at=None) if case.is_disputed else case for case in still]
    told = on_unread(talk.person, still, talk.register, talk.rota, text, now)
    return Following(told.cases, tuple(say for say in told.say if say.to != talk.person.key))


def _names_unmarked(talk: Talk, sought: Sequence[Case]) -> bool:
    """Whether the words name somebody who still wants a mark: they are of the register too."""
    others = talk.named - {case.pupil for case in sought}
    return any(line.pupil in others for line in talk.register.unmarked())


def _entries(talk: Talk, reading: Reading, now: datetime) -> tuple[Entry, ...]:
    standing = talk.register.standing
    why = {
        line.about: f"{line.words} ({line.rule})" if line.rule else line.words
        for line in reading.why
    }
    numbers = sorted({*reading.marks, *reading.reasons, *reading.times})
    # That one who is sought is here is news, whatever was said before.
    sought = {case.pupil for case in sought_of(talk.cases, talk.register)}
    entries = []
    for number in numbers:
        held, line = standing.get(number), talk.register.line(number)
        mark = reading.marks.get(number, held.mark if held else None)
        if mark is Mark.LATE and number not in reading.times:
            # "Mohamed's back", from the dentist: he came on time, and went out since.
            mark = _came_first(talk.register, line) or mark
        is_same_mark = held is not None and held.mark == mark
        reason = reading.reasons.get(number, held.reason if is_same_mark and held else None)
        said_time = reading.times.get(number, held.time if is_same_mark and held else None)
        is_restated = held and (held.mark, held.reason, held.time) == (mark, reason, said_time)
        if held is not None and mark is Mark.ABSENT and _is_away_with_leave(talk, held):
            continue
        if mark is None or (is_restated and not (mark.is_here and line.pupil in sought)):
            continue
        entries.append(
            entry_of(
                talk,
                line,
                mark,
                now,
                reason=reason,
                said_time=said_time,
                because=why.get(number, ""),
            )
        )
    return tuple(entries)


def _came_first(register: Register, line: Line) -> Mark | None:
    """How the pupil came, who went out since and is back; None where that is not so."""
    here = [e.mark for e in register.entries if e.number == line.number and e.mark_is_here]
    return here[-1] if here and register.due_back(line) is not None else None


def _is_away_with_leave(talk: Talk, held: Entry) -> bool:
    """Whether one who is "still out" after lunch left before it: that was with leave."""
    register = talk.register
    left_at = at(register.on, held.time) if held.time is not None else held.at
    is_before = left_at <= register.starts_at
    return register.half is Half.PM and held.mark is Mark.LEFT and is_before


def _goes_on(
    talk: Talk, sought: Sequence[Case], followed: Following, entries: Sequence[Entry]
) -> tuple[Case, ...]:
    """
    The searches that go on: a parent disputes the mark, or it is one of not being here.

    Whoever writes that a child who is sought is "at the dentist" thinks that the alarm is over.
    """
    changed = {case.ref: case for case in followed.cases}
    away = {entry.pupil for entry in entries if entry.mark in _ELSEWHERE}
    return tuple(
        case
        for case in sought
        if (case.is_disputed or case.pupil in away) and case.register == talk.register.id
        if changed.get(case.ref, case).is_open
    )


def _answer(
    talk: Talk,
    reading: Reading,
    register: Register,
    entries: Sequence[Entry],
    searches: tuple[Case, ...],
    now: datetime,
) -> Iterator[Say]:
    """What the sender hears back: what was taken, and one short question where one is needed."""
    to, lines = talk.person.key, tuple(register.line(entry.number) for entry in entries)
    kept = () if entries or reading.ask is not None else _kept(talk, register)
    if Flag.EMERGENCY in reading.flags:
        yield Say(
            to=to,
            script="provider_emergency",
            register=register,
            urgency=Urgency.ALARM,
            is_here=Flag.WRONG_NUMBER in reading.flags,
        )
    elif Flag.CONCERN in reading.flags:
        yield Say(
            to=to,
            script="provider_concern_passed_on",
            register=register,
            lines=kept,
            urgency=Urgency.ALARM,
        )
    if Flag.CLOSED in reading.flags:
        yield Say(to=to, script="provider_closed_noted", register=register)
    if Flag.QUESTION in reading.flags:
        is_said = bool(reading.flags & {Flag.CONCERN, Flag.EMERGENCY, Flag.CLOSED})
        yield Say(
            to=to,
            script="provider_question_passed_on",
            register=register,
            lines=() if is_said else kept,
        )
    if Flag.WRONG_NUMBER in reading.flags:
        yield goodbye(talk.person)
    if Flag.HELP in reading.flags:
        yield Say(to=to, script="provider_help", register=register, lines=register.roster)
    if reading.ask is not None:
        is_nonsense = isinstance(reading.ask, Rephrase) and not entries
        if not is_nonsense or talk.rephrased < NONSENSE_A_DAY:
            yield _question(to, reading, register, lines, now, talk.named)
    elif entries:
        script = "read_back_change"
        if register.unmarked():
            script = "read_back_part"
        elif talk.register.unmarked():
            script = "read_back"
        yield Say(to=to, script=script, register=register, lines=lines, cases=searches)
    elif reading.marks and not reading.flags:
        # Said already, perhaps by a colleague: it is read back all the same.
        script = "read_back" if not register.unmarked() else "read_back_standing"
        yield Say(to=to, script=script, register=register)
    elif kept and not reading.flags:
        # Told of somebody who is here, and no mark read: whoever meant one sees that there is none.
        yield Say(to=to, script="provider_noted", register=register, lines=kept)


def _kept(talk: Talk, register: Register) -> tuple[Line, ...]:
    """Whoever the words name, or ask about, and has a mark that they leave as it is."""
    marks = register.marks
    told = {line.pupil for line in register.roster} if talk.asks_who_is_in else talk.named
    return tuple(line for line in register.roster if line.pupil in told and line.number in marks)


def _shown_anew(talk: Talk, register: Register) -> Iterator[Say]:
    """Everybody's own message of the register shows what it now is."""
    if register != talk.register:
        for person in asked_people(register, talk.rota):
            yield shown_anew(person, register)


def _question(
    to: str,
    reading: Reading,
    register: Register,
    taken: tuple[Line, ...],
    now: datetime,
    named: Set[str],
) -> Say:
    ask = reading.ask
    assert ask is not None
    script = ASK_SCRIPTS[type(ask)]
    if isinstance(ask, Rephrase):
        if not register.unmarked():
            script = "ask_rephrase_complete"
        elif now < register.starts_at - TAKEN_BEFORE:
            script = "ask_early"
        told = all(line.pupil in named for line in register.unmarked())
        if taken and told and script == "ask_rephrase" and not reading.unread:
            # "no sign of Mo yet": of whoever has no mark there is no more to be said.
            script = "ask_rephrase_told"
        else:
            script += "_part" if taken else ""
    return Say(
        to=to,
        script=script,
        register=register,
        lines=taken,
        ask=ask,
        buttons=ASK_BUTTONS[type(ask)],
        more=_of_question(reading, register, taken, named),
    )


def _of_question(
    reading: Reading, register: Register, taken: tuple[Line, ...], named: Set[str]
) -> dict[str, str | int]:
    """Return what could not be read, and of which one pupil it was said."""
    more: dict[str, str | int] = {}
    if taken and reading.unread:
        more["unread"] = "; ".join(reading.unread)
    about = [line for line in register.roster if line.pupil in named and line not in taken]
    if len(about) == 1:
        more["about"] = about[0].number
    return more


def _raised(
    talk: Talk,
    reading: Reading,
    text: str,
    register: Register,
    refs: Iterator[str],
    now: datetime,
) -> Following:
    """Cases that a flag raises: a concern word for word, a question, a provider that is closed."""
    cases, says = [], []
    matters = [
        (Flag.CONCERN, Matter.CONCERN, "css_concern"),
        (Flag.CLOSED, Matter.CLOSED, "css_closed"),
        (Flag.QUESTION, Matter.QUESTION, "css_question"),
    ]
    for flag, matter, script in matters:
        is_told = flag is Flag.CLOSED and talk.register.state is RegisterState.CLOSED
        if flag not in reading.flags or is_told:
            continue
        blank = open_case(register, talk.rota, refs, now, matter)
        blank = replace(blank, words=text, raised_by=talk.person.key)
        case, people = first_told(blank, talk.rota, now)
        cases.append(case)
        who = {"who": talk.person.name, "phone": talk.person.mobile}
        said = telling(case, people, register, script, now)
        says += [replace(say, more={**say.more, **who}) for say in said]
    if Flag.WRONG_NUMBER in reading.flags:
        wrong = wrong_number(
            talk.person, register.policy, talk.rota, text, refs, now, register=register
        )
        cases += wrong.cases
        says += wrong.say
    if register.state is RegisterState.CLOSED:
        for case in talk.cases:
            if case.is_open and case.matter is Matter.MISSING_REGISTER:
                ended = _ended_by_closing(case, talk.person, now)
                cases.append(ended)
                says += over_says([ended], register, talk.rota, talk.person)
    return Following(cases=tuple(cases), say=tuple(says))


def _ended_by_closing(case: Case, person: Person, now: datetime) -> Case:
    return replace(
        case,
        state=type(case.state).RESOLVED,
        resolved_at=now,
        resolved_by=person.key,
        outcome=f"{person.name} said that they are not running",
    )


def _because(reading: Reading, entries: Sequence[Entry]) -> str:
    parts = []
    if entries:
        parts.append(f"{len(entries)} mark{'s' if len(entries) > 1 else ''} read")
    parts += sorted(f"flag {flag}" for flag in reading.flags)
    if reading.ask is not None:
        parts.append(f"asked {type(reading.ask).__name__}")
    return "; ".join(parts) or "chatter: nothing to take"
