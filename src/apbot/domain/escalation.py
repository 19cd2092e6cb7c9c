"""
Escalation: who is told next while a case is open.

Pure rules over the ladder that was stamped on the case when it opened, so an edit of the policies
at ten cannot change what was promised at half past nine. A rung with nobody on it is skipped at
once; an acknowledgement holds the ladder only until an outcome is due.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from apbot.domain.calendar import at, local
from apbot.domain.cases import UNTAKEN, Case, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.endings import over_says, settled
from apbot.domain.messages import VOICE
from apbot.domain.people import Person
from apbot.domain.policy import Service
from apbot.domain.readings import RestPresent
from apbot.domain.register import Register, minutes_since
from apbot.domain.words import Mark, Matter

OUTCOME_PATIENCE = timedelta(minutes=10)
"""How long the one who has a case may take to answer how it ended, before the ladder goes on."""

ASK_EVERY = timedelta(minutes=10)
"""How often a provider is asked for a child who cannot be found, where no policy says so."""

LOOKED_FOR = timedelta(hours=4)
"""So long after a child is missed, the provider is asked again whatever the hour of the day."""

DEFAULT_AGAIN = timedelta(hours=1)
"""When we look again where a ladder has no further word of its own: never not at all."""

CALL_PATIENCE = timedelta(minutes=5)
"""After so long a call that could not be put through is made no more: the ladder is elsewhere."""

MORNING = time(8, 0)

SCRIPTS = {
    Matter.MISSING_REGISTER: "css_register_missing",
    Matter.UNACCOUNTED: "css_unaccounted",
    Matter.ABSENCE: "css_absences",
    Matter.CONCERN: "css_concern",
    Matter.CLOSED: "css_closed",
    Matter.QUESTION: "css_question",
}

STILL = {
    Matter.MISSING_REGISTER: "css_register_missing_still",
    Matter.UNACCOUNTED: "css_unaccounted_still",
}
"""What is said to one who was told of it before: it must not be taken for another one."""


def script_of(case: Case) -> str:
    """Return the script by which somebody is told of a case for the first time."""
    if case.matter is Matter.UNACCOUNTED and case.register is None:
        return "css_unaccounted_off_register"
    if case.matter is Matter.UNACCOUNTED and case.words:
        return "css_parent_alarm"
    if case.matter is Matter.QUESTION and case.raised_by and case.shown:
        return "css_parent_question"
    return SCRIPTS[case.matter]


def hearers(case: Case, rota: Rota) -> tuple[str, ...]:
    """
    Return who hears news of a case: who has it, and of those who were told whoever is on duty.

    Where none of them is, the key contact or the first who is; and where nobody is, all who know.
    """
    on_duty = {person.key for person, _ in rota.css}
    there = tuple(key for key in case.told if key in on_duty or key == case.acknowledged_by)
    if there:
        return there
    contact = rota.key_contact or next((person for person, _ in rota.css), None)
    return (contact.key,) if contact is not None else case.told


def first_told(case: Case, rota: Rota, now: datetime) -> tuple[Case, tuple[Person, ...]]:
    """
    Return the case as told for the first time, and whom to tell.

    Where nobody on the first rung is on duty the next is told at once, and so on up.
    """
    people = _unique(person for tell in case.ladder.first for person in rota.people(tell))
    rung = 0
    while not people and rung < len(case.ladder.steps):
        people = rota.on_step(case.ladder.steps[rung])
        rung += 1
    return _after_telling(replace(case, rung=rung), people, rota.service, now), people


def on_case_deadline(
    case: Case,
    register: Register | None,
    rota: Rota,
    now: datetime,
    ask_every: timedelta = ASK_EVERY,
    beside: Sequence[Case] = (),
) -> Decision:
    """
    Decide what a case's passed look asks of us.

    A case that is over asks nothing. Looks are never raced and cancelled: each is looked at
    afresh when it falls due. `ask_every` is how often the provider is asked for a child who was on
    no register; a register has its own. `beside` are other children sought there whom the provider
    is to be asked after within the minute: all are asked after in one text.
    """
    if not case.is_open:
        return Decision(because=f"case {case.ref} was over before its next look")
    say: list[Say] = []
    because: list[str] = []
    along: tuple[Case, ...] = ()
    if case.provider_at is not None and case.provider_at <= now:
        every = ask_every if register is None else register.policy.ask_unaccounted_every
        service = rota.service
        due = [one for one in (case, *beside) if not _hour_to_come(one, register, now)]
        case, *others = (
            _asked_again(one, register, service, now, every) for one in (case, *beside)
        )
        along = tuple(others)
        refs = {one.ref for one in due}
        asked = [one for one in (case, *along) if one.ref in refs]
        say += _ask_provider(asked, register, rota) if asked else []
        because.append(
            "the provider is asked again until the pupil is found"
            if asked
            else "the provider said when: asked again at that hour"
        )
    if case.ladder_at is not None and case.ladder_at <= now:
        case, told, why = _climb(case, register, rota, now)
        say += told
        because.append(why)
    return Decision(
        because="; ".join(because) or "not due yet", cases=(case, *along), say=tuple(say)
    )


def _asked_again(
    case: Case, register: Register | None, service: Service, now: datetime, every: timedelta
) -> Case:
    """
    Return the case with when the provider is asked again: not before the hour that it said.

    Whoever wrote "at the dentist, in at 10.30" is not asked at 09:40 whether the child is here. Nor
    are staff asked all night: when their day is over they look no more, and the CSS still does.
    """
    hour = _hour_to_come(case, register, now)
    following = hour or now + every
    day_ends = at(local(case.opened_at).date(), service.day_ends_at)
    if following >= max(day_ends, case.opened_at + LOOKED_FOR):
        following = in_working_hours(following, service)
    return replace(case, provider_at=following)


def _hour_to_come(case: Case, register: Register | None, now: datetime) -> datetime | None:
    """Return the hour at which the provider said that the child will be there, if still to come."""
    entry = register.standing.get(case.number or 0) if register is not None else None
    if register is None or entry is None or entry.mark is not Mark.AWAITED or not entry.time:
        return None
    hour = at(register.on, entry.time)
    return hour if hour > now else None


def on_unanswered(case: Case, now: datetime, because: str) -> Decision:
    """
    Decide what follows when a call about a case reached nobody: the next one goes at once.

    Where nobody is left to call the ladder keeps its own time; a case that somebody has taken on
    meanwhile asks nothing.
    """
    steps = case.ladder.steps
    is_waiting = case.state in UNTAKEN and case.ladder_at is not None
    is_next_a_call = case.rung < len(steps) and steps[case.rung].by_call
    if not is_waiting or not is_next_a_call:
        return Decision(because=f"{because}; the ladder of {case.ref} goes on in its own time")
    case = replace(case, ladder_at=now)
    return Decision(because=f"{because}; the next of {case.ref} is called", cases=(case,))


def telling(
    case: Case, people: tuple[Person, ...], register: Register | None, script: str, now: datetime
) -> list[Say]:
    """Return what is said to these people of one case."""
    return [
        Say(
            to=person.key,
            script=script,
            register=register,
            cases=(case,),
            more={"minutes": minutes_since(_clock_start(case, register), now)},
            buttons=Buttons.CASES,
            urgency=Urgency.ALARM if case.is_urgent else Urgency.REPLY,
            once=f"case:{case.ref}:{case.opened_at:%Y%m%d%H%M}:{person.key}:{now:%Y%m%d%H%M%S}",
        )
        for person in people
    ]


def is_lead(key: str, rota: Rota) -> bool:
    """A concern is ended by the safeguarding lead or their deputy, and by nobody else."""
    return any(person.key == key and contact.sees_concerns for person, contact in rota.css)


def asked_at(case: Case, service: Service, now: datetime) -> datetime:
    """Return when the one who has a case is asked how it ended: an absence by the day's end too."""
    if case.ladder.asked_after is None and not case.is_urgent:
        return as_the_day_turns(service, now)
    moment = now + (case.ladder.asked_after or DEFAULT_AGAIN)
    day_ends = at(local(now).date(), service.day_ends_at)
    if case.matter is Matter.ABSENCE and now < day_ends < moment:
        moment = day_ends
    return rested(moment, case, service)


def settled_at(service: Service, now: datetime) -> datetime:
    """
    Return when an answered question is over by itself: as the working day ends.

    Till then whatever else is written of it reaches the asker, and nobody is asked how it ended.
    """
    working = in_working_hours(now, service)
    return at(local(working).date(), service.day_ends_at)


def reminded_at(case: Case, service: Service, now: datetime) -> datetime:
    """
    Return when the lead who has a concern is reminded of it: as the policy has it, hourly at most.

    They have it until they resolve it, which may take days; nobody else is told again. Where the
    policy would never ask, it is as the working day ends and begins, so that none is forgotten.
    """
    if case.ladder.asked_after is None:
        return as_the_day_turns(service, now)
    return in_working_hours(now + max(case.ladder.asked_after, DEFAULT_AGAIN), service)


def as_the_day_turns(service: Service, now: datetime) -> datetime:
    """Return the end of this working day, or the beginning of the next."""
    soon = now + timedelta(minutes=1)
    begins = in_working_hours(soon, service)
    return settled_at(service, soon) if begins == soon else begins


def rested(moment: datetime, case: Case, service: Service) -> datetime:
    """
    Return the moment, or the next weekday's morning where it falls after the day's end.

    A child not accounted for and a concern have no night.
    """
    return moment if case.is_urgent else in_working_hours(moment, service)


def in_working_hours(moment: datetime, service: Service) -> datetime:
    """Return the moment, or the next working morning where it falls outside working hours."""
    when = local(moment)
    is_working = when.weekday() < 5 and when.date() not in service.shut_on
    if is_working and MORNING <= when.time() <= service.day_ends_at:
        return moment
    on = when.date() + timedelta(days=0 if when.time() < MORNING else 1)
    while on.weekday() > 4 or on in service.shut_on:
        on += timedelta(days=1)
    return at(on, MORNING)


def _climb(
    case: Case, register: Register | None, rota: Rota, now: datetime
) -> tuple[Case, list[Say], str]:
    holder = next((p for p, _ in rota.css if p.key == case.acknowledged_by), None)
    if case.state is CaseState.ACKNOWLEDGED and case.is_answered:
        over = settled(case, now)
        says = over_says([over], register, rota, holder)
        return over, says, f"{case.ref} was answered, and nobody wrote of it again"
    is_to_ask = case.state is CaseState.ACKNOWLEDGED and case.asked_at is None
    if is_to_ask and holder is not None:
        is_kept = case.matter is Matter.CONCERN and is_lead(case.acknowledged_by, rota)
        patient = rested(now + OUTCOME_PATIENCE, case, rota.service)
        asked = (
            replace(case, ladder_at=reminded_at(case, rota.service, now))
            if is_kept
            else replace(case, asked_at=now, ladder_at=patient)
        )
        say = telling(asked, (holder,), register, "css_outcome_wanted", now)
        # It asks, and alarms nobody: it can wait a moment for others that ask the same.
        say = [replace(one, urgency=Urgency.REPLY) for one in say]
        return asked, say, f"{case.ref} was taken on, and no outcome has come"
    if case.state is CaseState.ACKNOWLEDGED:
        is_asked = case.asked_at is not None
        case = replace(case, state=CaseState.TOLD, asked_at=None)
        if case.matter is Matter.CONCERN and not is_asked:
            # Whoever had it is not there: it goes to the lead, or the deputy, who is.
            case = replace(case, rung=0)
            case, leads = first_told(case, rota, now)
            why = f"{case.ref}: whoever had it is not there"
            return case, telling(case, leads, register, script_of(case), now), why
    people: tuple[Person, ...] = ()
    rung, steps = case.rung, case.ladder.steps
    while not people and rung < len(steps):
        people = rota.on_step(steps[rung])
        rung += 1
    by_call = bool(people) and steps[rung - 1].by_call
    if not people and case.rung < len(steps) and steps[case.rung].by_call:
        waits = replace(case, rung=rung, ladder_at=_next_round(case, now))
        return waits, [], f"{case.ref} is not acknowledged, and nobody is left to call"
    if not people:
        # Everybody was told, and called: from here it goes round, by text and then by call.
        people, rung = _last_told(case, rota), len(case.ladder.told_by_text)
    climbed = _after_telling(replace(case, rung=rung), people, rota.service, now)
    verb = "calls" if by_call else "tells"
    why = f"{case.ref} is not acknowledged: step {rung} {verb} {len(people)}"
    says = telling(climbed, people, register, script_of(case), now)
    if by_call:
        return climbed, [_called(say, now) for say in says], why
    still = STILL.get(case.matter)
    if still is not None:
        says = [replace(say, script=still) if say.to in case.told else say for say in says]
    return climbed, says, why


def _last_told(case: Case, rota: Rota) -> tuple[Person, ...]:
    for step in reversed(case.ladder.told_by_text):
        if people := rota.people(step.tell):
            return people
    return _unique(person for tell in case.ladder.first for person in rota.people(tell))


def _after_telling(case: Case, people: tuple[Person, ...], service: Service, now: datetime) -> Case:
    told = tuple(dict.fromkeys((*case.told, *(person.key for person in people))))
    ladder = case.ladder
    if case.rung < len(ladder.steps):
        next_at = max(case.opened_at + ladder.steps[case.rung].after, now + timedelta(minutes=1))
    elif ladder.steps != ladder.told_by_text and ladder.then_every is not None:
        next_at = _next_round(case, now)
    else:
        next_at = now + (ladder.then_every or ladder.asked_after or DEFAULT_AGAIN)
        if ladder.then_every is None and not case.is_urgent:
            next_at = as_the_day_turns(service, now)
    state = CaseState.TOLD if told else CaseState.OPENED
    return replace(case, told=told, state=state, ladder_at=rested(next_at, case, service))


def _next_round(case: Case, now: datetime) -> datetime:
    """Calls take up time between two rounds of texts, and do not put the next one off."""
    every = case.ladder.then_every or DEFAULT_AGAIN
    told = case.ladder.told_by_text
    first = case.opened_at + (told[-1].after if told else timedelta())
    rounds = max((now - first) // every + 1, 1)
    return max(first + rounds * every, now + timedelta(minutes=1))


def _called(say: Say, now: datetime) -> Say:
    """The same, said by telephone; of no use once the ladder has gone on."""
    return replace(say, by=VOICE, urgency=Urgency.ALARM, useful_until=now + CALL_PATIENCE)


def _ask_provider(cases: Sequence[Case], register: Register | None, rota: Rota) -> list[Say]:
    """Each is asked after all of them in one text: a flood teaches people to look away."""
    people = rota.staff or rota.backups if register is None else asked_people(register, rota)
    asked = tuple(sorted(cases, key=lambda case: (case.number or 0, case.opened_at, case.ref)))
    numbers = tuple(case.number for case in asked if case.number is not None)
    return [
        Say(
            to=person.key,
            script="provider_still_unaccounted",
            register=register,
            cases=asked,
            ask=RestPresent(numbers) if len(numbers) == len(asked) else None,
            urgency=Urgency.ALARM,
        )
        for person in people
    ]


def asked_people(register: Register, rota: Rota) -> tuple[Person, ...]:
    """Return the staff who were asked for this register, or all on duty where nobody was yet."""
    everybody = (*rota.staff, *rota.backups)
    asked = tuple(person for person in everybody if person.key in register.asked)
    return asked or rota.staff or rota.backups


def _clock_start(case: Case, register: Register | None) -> datetime:
    if register is None:
        return case.opened_at
    for line in register.roster:
        if line.number == case.number:
            return line.starts_at
    return register.starts_at


def _unique(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({person.key: person for person in people}.values())
