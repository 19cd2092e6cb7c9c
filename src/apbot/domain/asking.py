"""
Asking: what a register's deadline asks of us, from the prompt to the alarm.

Thirty minutes of silence reach the key contact: not a minute late, never early. A deadline that
passed while the bot was away is looked at as things stand now: what is no longer useful is not
sent, what is overdue is escalated at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from apbot.domain.cases import Case
from apbot.domain.decisions import Buttons, Decision, Rota, Route, Say, Urgency
from apbot.domain.escalation import asked_people, first_told, telling
from apbot.domain.following import follow, open_case
from apbot.domain.people import Person
from apbot.domain.readings import Rephrase, RestPresent
from apbot.domain.register import Due, Line, Moment, Register, RegisterState
from apbot.domain.words import Mark, Matter, Reason

AWAY = timedelta(minutes=2)
"""So late, a deadline was missed because the bot was away, and what is sent says so."""


KNOWN = {
    "register_chase": "register_chase_known",
    "register_chase_one": "register_chase_known",
}
"""How those asked are chased once the CSS knows that there is no register."""


def on_register_deadline(
    register: Register,
    am_marks: Mapping[int, Mark],
    cases: Sequence[Case],
    rota: Rota,
    refs: Iterator[str],
    now: datetime,
    am_reasons: Mapping[int, Reason] | None = None,
) -> Decision:
    """
    Decide what a register's passed deadline asks of us.

    `cases` are all of this register's. A register that was completed or closed in the meantime
    asks nothing. Deadlines are never raced and cancelled: each is looked at afresh when due.
    """
    due = register.due_since_last_look(now)
    settles = register.settles_at is not None and register.settles_at <= now
    looked = replace(register, looked_at=now if due else register.looked_at)
    if settles:
        looked = replace(looked, settles_at=None)
    if looked.state is RegisterState.CLOSED:
        return Decision(because="the provider is not running this session", register=looked)
    if due and looked.state is RegisterState.PLANNED:
        looked = replace(looked, state=RegisterState.OPEN).with_entries((), now)

    asked, say, why = _ask(looked, due, rota, now)
    if any(case.is_open and case.matter is Matter.MISSING_REGISTER for case in cases):
        # Of whoever starts later nobody is told anew: that there is no register is known.
        say = tuple(replace(one, script=KNOWN.get(one.script, one.script)) for one in say)
    missing = _missing(asked, looked, due, cases, rota, refs, now)
    followed = follow(
        asked, am_marks, [*cases, *missing.cases], rota, refs, now, am_reasons=am_reasons
    )
    settled = _settled(asked, rota) if settles else ()
    because = [why, missing.because, "taps settled" if settles else ""]
    return Decision(
        because="; ".join(filter(None, because)),
        register=missing.register or asked,
        cases=(*missing.cases, *followed.cases),
        say=(*say, *missing.say, *settled, *followed.say),
    )


def prompt(register: Register, person: Person, script: str = "register_prompt") -> Say:
    """Return the asking of one person for the whole register, with its buttons."""
    return Say(
        to=person.key,
        script=script,
        register=register,
        lines=register.roster,
        buttons=Buttons.REGISTER,
        urgency=Urgency.PROMPT,
        once=f"{script}:{register.id}:{person.key}",
        useful_until=register.ends_at,
    )


def _ask(
    register: Register, due: Sequence[Moment], rota: Rota, now: datetime
) -> tuple[Register, tuple[Say, ...], str]:
    """Prompt, or chase, as the last moment that passed asks; the ones before it are overtaken."""
    asking = [moment for moment in due if moment.due is not Due.ALARM]
    asking = [m for m in asking if any(line.starts_at == m.wave for line in register.unmarked())]
    if not asking or now >= register.ends_at:
        return register, (), "" if asking else "nobody due is unmarked"
    if not register.asked:
        return _prompt_first(register, rota)
    alarmed = {moment.wave for moment in due if moment.due is Due.ALARM}
    latest = {m.wave: m for m in asking if m.wave not in alarmed}.values()
    if not latest:
        return register, (), "too late to chase"
    people = asked_people(register, rota)
    starting = {m.wave for m in latest if m.due is Due.PROMPT}
    later = tuple(line for line in register.unmarked() if line.starts_at in starting)
    says = [_chase(register, p, "register_prompt_later", later) for p in people if later]
    if len(later) == 1:
        says = [replace(say, ask=RestPresent((later[0].number,))) for say in says]
    chases = [moment for moment in latest if moment.due is not Due.PROMPT]
    if chases:
        lines = register.unmarked(by=max(moment.wave for moment in chases))
        is_last = any(moment.due is Due.LAST_CHASE for moment in chases)
        route = Route.NEXT_TOO if is_last else Route.PREFERRED
        script = "register_chase_one" if len(lines) == 1 else "register_chase"
        about = Rephrase(about=tuple(line.number for line in lines))
        says += [
            replace(_chase(register, p, script, lines), route=route, ask=about) for p in people
        ]
        following = next((b for b in rota.backups if b.key not in register.asked), None)
        if is_last and following is not None:
            says.append(prompt(register, following))
            register = replace(register, asked=(*register.asked, following.key))
    return register, tuple(says), f"{len(register.unmarked())} unmarked: those asked hear of it"


def _prompt_first(register: Register, rota: Rota) -> tuple[Register, tuple[Say, ...], str]:
    people = rota.staff or rota.backups[:1]
    if not people:
        contact = rota.key_contact or next((person for person, _ in rota.css), None)
        if contact is None:
            return register, (), "nobody at the provider can be asked, and nobody is on duty"
        say = Say(
            to=contact.key,
            script="css_nobody_to_ask",
            register=register,
            urgency=Urgency.ALARM,
            once=f"nobody:{register.id}",
        )
        return register, (say,), "nobody at the provider can be asked"
    asked = replace(register, asked=tuple(person.key for person in people))
    return asked, tuple(prompt(asked, person) for person in people), "the session starts"


def _chase(register: Register, person: Person, script: str, lines: Sequence[Line]) -> Say:
    is_chase = script != "register_prompt_later"
    return Say(
        to=person.key,
        script=script,
        register=register,
        lines=tuple(lines),
        urgency=Urgency.PROMPT,
        # What comes next says it again: after an outage one of them is enough.
        useful_until=_next_moment(register) if is_chase else register.ends_at,
    )


def _next_moment(register: Register) -> datetime:
    """Return when the register is looked at next by the policy, or when it ends."""
    looked_at = register.looked_at
    coming = (m.at for m in register.moments() if looked_at is None or m.at > looked_at)
    return min((*coming, register.ends_at))


def _missing(
    register: Register,
    before: Register,
    due: Sequence[Moment],
    cases: Sequence[Case],
    rota: Rota,
    refs: Iterator[str],
    now: datetime,
) -> Decision:
    """At the start and thirty minutes: no register, a case for the key contact."""
    after = register.policy.missing_after
    alarms = [m for m in due if m.due is Due.ALARM and m.at == m.wave + after]
    alarms = [moment for moment in alarms if register.unmarked(by=moment.wave)]
    if not alarms or register.has_come_in:
        return Decision(because="")
    if any(case.is_open and case.matter is Matter.MISSING_REGISTER for case in cases):
        return Decision(because="the missing register is a case already")
    case, people = first_told(
        open_case(register, rota, refs, now, Matter.MISSING_REGISTER), rota, now
    )
    was_away = now - alarms[0].at > AWAY
    script = "css_register_missing_away" if was_away else "css_register_missing"
    # Whether they were ever asked is told as it was before the bot came back.
    say = telling(case, people, before if was_away else register, script, now)
    asked = (person for person in asked_people(register, rota) if person.key in register.asked)
    say += [
        Say(
            to=person.key,
            script="provider_css_told",
            register=register,
            cases=(case,),
            lines=register.unmarked(by=alarms[0].wave),
            urgency=Urgency.PROMPT,
            useful_until=register.ends_at,
        )
        for person in asked
    ]
    because = "no register when the policy's time was up" + (
        ", the bot was away" if was_away else ""
    )
    return Decision(because=because, cases=(case,), say=tuple(say))


def _settled(register: Register, rota: Rota) -> tuple[Say, ...]:
    """Taps have come to rest: colleagues without the tapped message hear what changed."""
    tapped = [entry for entry in register.entries if entry.how == "tap"]
    if not tapped:
        return ()
    by = tapped[-1].by
    return tuple(
        Say(
            to=person.key,
            script="read_back_colleague",
            register=register,
            more={"who": tapped[-1].by_name},
        )
        for person in asked_people(register, rota)
        if person.key != by
    )
