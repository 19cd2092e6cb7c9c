"""
Answers: what follows when a member of staff writes or taps.

Every mark that a reply settles becomes an entry, with what it was before, who said it and which
words led to it. What could not be read is asked about in one short question; nothing is guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from apbot.domain.cases import Case
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.escalation import SCRIPTS, asked_people, first_told, telling
from apbot.domain.following import Following, follow, open_case, over_says, shown_anew
from apbot.domain.people import Person
from apbot.domain.policy import Policy, Tell
from apbot.domain.readings import Ask, CountOrNumber, Reading, Rephrase, RestPresent, WhichPupil
from apbot.domain.register import Entry, How, Line, Register, RegisterState
from apbot.domain.sought import is_unread, on_unread, sought_of
from apbot.domain.words import Flag, Mark, Matter, Reason

SETTLES_AFTER = timedelta(seconds=15)
"""Taps come one after another; what follows from them waits until they have come to rest."""

NONSENSE_A_DAY = 5
"""How often a day one person is told that a message could not be read."""

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


@dataclass(frozen=True, slots=True)
class Talk:
    """
    Everything about one member of staff that a reply is read and decided against.

    `cases` are all of the register's, `am_marks` what the morning held, by this register's
    numbers, and `am_reasons` why. `rephrased` counts how often today this person was told that a
    message was not understood.
    """

    person: Person
    register: Register
    rota: Rota
    cases: tuple[Case, ...] = ()
    am_marks: Mapping[int, Mark] = field(default_factory=dict)
    am_reasons: Mapping[int, Reason] = field(default_factory=dict)
    pending: Ask | None = None
    rephrased: int = 0
    inbox: int | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """
    One tap on a register's message.

    `number` None is "all in". `was` is the mark that the tapped message showed and `mark` what it
    offered, so that a tap on an old message changes nothing that a colleague has said since. One
    that `is_plain` was offered beside every other mark, so it means what it says, however often.
    """

    number: int | None
    was: Mark | None
    mark: Mark | None
    reason: Reason | None = None
    said_time: time | None = None
    is_plain: bool = False


def on_reply(
    talk: Talk, reading: Reading, text: str, refs: Iterator[str], now: datetime
) -> Decision:
    """Decide what a provider's reply, as it was read, makes true and makes us say."""
    if Flag.OPT_OUT in reading.flags:
        return on_opt_out(talk.person, talk.rota)
    sought = sought_of(talk.cases, talk.register)
    if sought and is_unread(reading, text):
        return on_unread(talk.person, sought, talk.register, talk.rota, text, now)
    reading = _urgent(reading)
    entries = _entries(talk, reading, now)
    register = talk.register
    if register.state is RegisterState.CLOSED and entries:
        register = replace(register, state=RegisterState.OPEN, closed_by="")
    register = register.with_entries(entries, now)
    if Flag.CLOSED in reading.flags and register.state is not RegisterState.CLOSED:
        register = replace(register, state=RegisterState.CLOSED, closed_by=talk.person.key)
    followed = _follow(talk, register, refs, now)
    raised = _raised(talk, reading, text, register, refs, now)
    passed_on = _passed_on(talk, sought, entries, followed, text, now)
    answers = bool(entries or reading.ask is not None or Flag.CLOSED in reading.flags)
    return Decision(
        because=_because(reading, entries),
        register=register if register != talk.register else None,
        cases=(*followed.cases, *passed_on.cases, *raised.cases),
        say=(
            *_answer(talk, reading, register, entries),
            *_shown_anew(talk, register),
            *_to_colleagues(talk, register, entries),
            *raised.say,
            *followed.say,
            *passed_on.say,
        ),
        pending=reading.ask,
        clears_pending=answers,
        is_wrong_number=Flag.WRONG_NUMBER in reading.flags,
    )


def on_stray_reply(
    person: Person,
    policy: Policy,
    rota: Rota,
    reading: Reading,
    text: str,
    refs: Iterator[str],
    now: datetime,
    script: str = "nothing_open",
) -> Decision:
    """
    Decide what a reply makes true when its sender's provider has no register to take.

    It is no answer to anything we asked, so a person reads it: a concern goes to the safeguarding
    lead, anything else to the key contact. Chatter is left alone.
    """
    to = person.key
    if Flag.OPT_OUT in reading.flags:
        return on_opt_out(person, rota)
    reading = _urgent(reading)
    if Flag.HELP in reading.flags:
        return Decision(because="asked for help", say=(Say(to=to, script="help_nothing_open"),))
    if Flag.WRONG_NUMBER in reading.flags and Flag.CONCERN not in reading.flags:
        raised = _wrong_number(person, policy, rota, text, refs, now)
        return Decision(
            because="the number is not theirs, or they have left",
            cases=raised.cases,
            say=(_goodbye(person), *raised.say),
            is_wrong_number=True,
        )
    is_concern = Flag.CONCERN in reading.flags
    if not (reading.flags or reading.ask or reading.marks):
        return Decision(because="chatter, and no register to take")
    matter = Matter.CONCERN if is_concern else Matter.QUESTION
    blank = Case(
        matter=matter,
        provider=rota.provider.key,
        provider_name=rota.provider.name,
        opened_at=now,
        ladder=rota.ladder(policy, matter),
        ref=next(refs),
        words=text,
        raised_by=to,
    )
    case, people = first_told(blank, rota, now)
    if is_concern:
        script = "provider_concern_passed_on"
    if Flag.EMERGENCY in reading.flags:
        script = "provider_emergency"
    return Decision(
        because="no register to take: passed on to a person",
        cases=(case,),
        say=(
            Say(to=to, script=script, cases=(case,)),
            *telling(case, people, None, SCRIPTS[matter], now),
        ),
    )


def on_opt_out(person: Person, rota: Rota) -> Decision:
    """
    Obey an opt-out; from whoever works for a provider or the CSS it is an alarm as well.

    Silence must not look like safety: somebody else hears that this person is asked no more.
    """
    stopped = Decision(because="the person opted out", stops=True, clears_pending=True)
    staff = [*rota.staff, *rota.backups]
    is_css = any(other.key == person.key for other, _ in rota.css)
    contacts = [other for other, _ in rota.css if other.key != person.key]
    if not is_css and all(other.key != person.key for other in staff):
        return stopped
    contact = rota.key_contact if rota.key_contact in contacts else next(iter(contacts), None)
    if contact is None:
        return stopped
    others = [other for other in staff if other.key != person.key]
    script = "css_opted_out" if others else "css_opted_out_last"
    say = Say(
        to=contact.key,
        script="css_contact_opted_out" if is_css else script,
        more={"who": person.name, "phone": person.mobile, "provider": rota.provider.name},
        urgency=Urgency.ALARM,
    )
    return replace(stopped, say=(say,))


def on_tap(talk: Talk, tap: Tap, refs: Iterator[str], now: datetime) -> Decision:
    """
    Decide what a tap makes true. The cases that follow wait until the taps have come to rest.

    A tap on what a colleague has changed since changes nothing: the message is shown as it is.
    """
    register = talk.register
    if register.state is RegisterState.CLOSED or now >= day_after(register):
        return Decision(because="the register is over", say=(_toast(talk, "tap_over"),))
    if tap.number is None:
        lines = register.unmarked(by=max(now, register.starts_at))
        entries = tuple(_tapped(talk, line, Mark.PRESENT, now) for line in lines)
    else:
        line = next((line for line in register.roster if line.number == tap.number), None)
        if line is None:
            return Decision(because="no such pupil", say=(_toast(talk, "tap_over"),))
        if tap.is_plain and _is_said(register.standing.get(line.number), tap):
            return Decision(
                because="said already", say=(_toast(talk, "tap_taken", (line,), register),)
            )
        if register.marks.get(line.number) != tap.was:
            say = (_toast(talk, "tap_changed", (line,)), shown_anew(talk.person, register))
            return Decision(because="a colleague had changed it since", say=say)
        mark = tap.mark if tap.is_plain else _arrived(tap.mark, line, now, tap.was)
        entries = (_tapped(talk, line, mark, now, tap),)
    if register.state is RegisterState.PLANNED:
        register = replace(register, state=RegisterState.OPEN)
    tapped = register.with_entries(entries, now)
    is_all = tap.number is None and tapped.state is RegisterState.COMPLETE
    if is_all and register.settles_at is None:
        followed, settled = _follow(talk, tapped, refs, now), tapped
    else:
        # After a tap on a pupil a reason may still follow, before or after All in.
        followed, settled = Following(), replace(tapped, settles_at=now + SETTLES_AFTER)
    return Decision(
        because=f"{len(entries)} tapped",
        register=settled,
        cases=followed.cases,
        say=(
            _toast(
                talk,
                "tap_all_in" if is_all else "tap_taken",
                tuple(register.line(e.number) for e in entries),
                tapped,
            ),
            *(shown_anew(person, tapped) for person in asked_people(tapped, talk.rota)),
            *(_to_colleagues(talk, tapped, entries) if settled.settles_at is None else ()),
            *followed.say,
        ),
        clears_pending=True,
    )


def day_after(register: Register) -> datetime:
    """Return when marks can no longer be given by the provider: fourteen hours from the start."""
    return register.starts_at + timedelta(hours=14)


def _follow(talk: Talk, register: Register, refs: Iterator[str], now: datetime) -> Following:
    if register.state is RegisterState.CLOSED:
        return Following()
    return follow(
        register,
        talk.am_marks,
        talk.cases,
        talk.rota,
        refs,
        now,
        talk.person,
        talk.am_reasons,
    )


def _passed_on(
    talk: Talk,
    sought: Sequence[Case],
    entries: Sequence[Entry],
    followed: Following,
    text: str,
    now: datetime,
) -> Following:
    """A mark of one who is sought, and still is: those who look read what was said of the child."""
    pupils = {entry.pupil for entry in entries}
    changed = {case.ref for case in followed.cases}
    still = [case for case in sought if case.pupil in pupils and case.ref not in changed]
    if not still:
        return Following()
    told = on_unread(talk.person, still, talk.register, talk.rota, text, now)
    return Following(told.cases, tuple(say for say in told.say if say.to != talk.person.key))


def _entries(talk: Talk, reading: Reading, now: datetime) -> tuple[Entry, ...]:
    standing = talk.register.standing
    why = {line.about: f"{line.words} ({line.rule})" for line in reading.why}
    numbers = sorted({*reading.marks, *reading.reasons, *reading.times})
    # That one who is sought is here is news, whatever was said before.
    sought = {case.pupil for case in sought_of(talk.cases, talk.register)}
    entries = []
    for number in numbers:
        held, line = standing.get(number), talk.register.line(number)
        mark = reading.marks.get(number, held.mark if held else None)
        is_same_mark = held is not None and held.mark == mark
        reason = reading.reasons.get(number, held.reason if is_same_mark and held else None)
        said_time = reading.times.get(number, held.time if is_same_mark and held else None)
        is_restated = held and (held.mark, held.reason, held.time) == (mark, reason, said_time)
        if mark is None or (is_restated and not (mark.is_here and line.pupil in sought)):
            continue
        entries.append(
            _entry(
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


def _entry(
    talk: Talk,
    line: Line,
    mark: Mark | None,
    now: datetime,
    *,
    how: How = How.TEXT,
    reason: Reason | None = None,
    said_time: time | None = None,
    because: str = "",
) -> Entry:
    return Entry(
        number=line.number,
        pupil=line.pupil,
        was=talk.register.marks.get(line.number),
        mark=mark,
        by=talk.person.key,
        by_name=talk.person.name,
        by_title=talk.person.title,
        how=how,
        at=now,
        reason=reason,
        time=said_time,
        because=because,
        inbox=talk.inbox,
    )


def _tapped(
    talk: Talk, line: Line, mark: Mark | None, now: datetime, tap: Tap | None = None
) -> Entry:
    """An entry of a tap: a reason tapped after a time leaves the time, and the other way round."""
    held = talk.register.standing.get(line.number)
    is_same = held is not None and held.mark is mark
    return _entry(
        talk,
        line,
        mark,
        now,
        how=How.TAP,
        reason=(tap and tap.reason) or (held.reason if is_same and held else None),
        said_time=(tap and tap.said_time) or (held.time if is_same and held else None),
        because="tapped",
    )


def _is_said(held: Entry | None, tap: Tap) -> bool:
    return (
        held is not None
        and held.mark is tap.mark
        and tap.reason in (None, held.reason)
        and tap.said_time in (None, held.time)
    )


def _arrived(mark: Mark | None, line: Line, now: datetime, was: Mark | None) -> Mark | None:
    """A tap to "in" for a pupil who was said to be away or on the way means: has come late."""
    came_late = was in (Mark.ABSENT, Mark.AWAITED) and now > line.starts_at
    return Mark.LATE if mark is Mark.PRESENT and came_late else mark


def _answer(
    talk: Talk, reading: Reading, register: Register, entries: Sequence[Entry]
) -> Iterator[Say]:
    """What the sender hears back: what was taken, and one short question where one is needed."""
    to, lines = talk.person.key, tuple(register.line(entry.number) for entry in entries)
    if Flag.EMERGENCY in reading.flags:
        yield Say(
            to=to,
            script="provider_emergency",
            register=register,
            urgency=Urgency.ALARM,
            is_here=Flag.WRONG_NUMBER in reading.flags,
        )
    elif Flag.CONCERN in reading.flags:
        yield Say(to=to, script="provider_concern_passed_on", urgency=Urgency.ALARM)
    if Flag.CLOSED in reading.flags:
        yield Say(to=to, script="provider_closed_noted", register=register)
    if Flag.QUESTION in reading.flags:
        yield Say(to=to, script="provider_question_passed_on", register=register)
    if Flag.WRONG_NUMBER in reading.flags:
        yield _goodbye(talk.person)
    if Flag.HELP in reading.flags:
        yield Say(to=to, script="provider_help", register=register, lines=register.roster)
    if reading.ask is not None:
        is_nonsense = isinstance(reading.ask, Rephrase) and not entries
        if not is_nonsense or talk.rephrased < NONSENSE_A_DAY:
            yield _question(to, reading.ask, register, lines)
    elif entries:
        script = "read_back_change"
        if register.unmarked():
            script = "read_back_part"
        elif talk.register.unmarked():
            script = "read_back"
        yield Say(to=to, script=script, register=register, lines=lines)
    elif reading.marks and not reading.flags:
        # Said already, perhaps by a colleague: it is read back all the same.
        script = "read_back" if not register.unmarked() else "read_back_standing"
        yield Say(to=to, script=script, register=register)


def _shown_anew(talk: Talk, register: Register) -> Iterator[Say]:
    """Everybody's own message of the register shows what it now is."""
    if register != talk.register:
        for person in asked_people(register, talk.rota):
            yield shown_anew(person, register)


def _urgent(reading: Reading) -> Reading:
    """Life and limb is always a concern too."""
    if Flag.EMERGENCY not in reading.flags:
        return reading
    return replace(reading, flags=reading.flags | {Flag.CONCERN})


def _question(to: str, ask: Ask, register: Register, taken: tuple[Line, ...]) -> Say:
    script = ASK_SCRIPTS[type(ask)]
    if isinstance(ask, Rephrase) and not register.unmarked():
        script = "ask_rephrase_complete"
    elif isinstance(ask, Rephrase) and taken:
        script = "ask_rephrase_part"
    return Say(
        to=to,
        script=script,
        register=register,
        lines=taken,
        ask=ask,
        buttons=ASK_BUTTONS[type(ask)],
    )


def _to_colleagues(talk: Talk, register: Register, entries: Sequence[Entry]) -> tuple[Say, ...]:
    """All who were asked hear what another changed."""
    if not entries:
        return ()
    lines = tuple(register.line(entry.number) for entry in entries)
    return tuple(
        Say(
            to=person.key,
            script="read_back_colleague",
            register=register,
            lines=lines,
            more={"who": talk.person.name},
        )
        for person in asked_people(register, talk.rota)
        if person.key != talk.person.key and person.key in register.asked
    )


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
        wrong = _wrong_number(
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


def _wrong_number(
    person: Person,
    policy: Policy,
    rota: Rota,
    text: str,
    refs: Iterator[str],
    now: datetime,
    register: Register | None = None,
) -> Following:
    """A case of the person's number: nobody asked anything, and nobody is written to again."""
    blank = Case(
        matter=Matter.QUESTION,
        provider=rota.provider.key,
        provider_name=rota.provider.name,
        opened_at=now,
        ladder=rota.ladder(policy, Matter.QUESTION),
        ref=next(refs),
        register=register.id if register else None,
        shown=person.name,
        words=text,
    )
    others = replace(
        rota,
        key_contact=next((p for p in rota.people(Tell.KEY_CONTACT) if p.key != person.key), None),
        css=tuple((other, contact) for other, contact in rota.css if other.key != person.key),
    )
    case, people = first_told(blank, others, now)
    who = {"who": person.name, "phone": person.mobile, "provider": rota.provider.name}
    said = telling(case, people, register, "css_wrong_number", now)
    says = tuple(replace(say, more={**say.more, **who}, urgency=Urgency.ALARM) for say in said)
    return Following(cases=(case,), say=says)


def _goodbye(person: Person) -> Say:
    """The last that goes to a number that is somebody else's; it names nobody."""
    return Say(to=person.key, script="wrong_number_noted", is_here=True)


def _ended_by_closing(case: Case, person: Person, now: datetime) -> Case:
    return replace(
        case,
        state=type(case.state).RESOLVED,
        resolved_at=now,
        resolved_by=person.key,
        outcome=f"{person.name} said that they are not running",
    )


def _toast(
    talk: Talk, script: str, lines: tuple[Line, ...] = (), register: Register | None = None
) -> Say:
    """The word that pops up where a person tapped."""
    return Say(
        to=talk.person.key,
        script=script,
        register=register or talk.register,
        lines=lines,
        is_toast=True,
        urgency=Urgency.ALARM,
    )


def _because(reading: Reading, entries: Sequence[Entry]) -> str:
    parts = []
    if entries:
        parts.append(f"{len(entries)} marks read")
    parts += sorted(f"flag {flag}" for flag in reading.flags)
    if reading.ask is not None:
        parts.append(f"asked {type(reading.ask).__name__}")
    return "; ".join(parts) or "chatter: nothing to take"
