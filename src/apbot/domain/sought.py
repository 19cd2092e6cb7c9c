"""
Sought: what staff write while a child is being looked for.

Nothing of it is answered with "I did not get that". A word that the child is here ends the search,
even where it was said before the alarm; what is no mark goes on, word for word, to those who are
looking. A child who is on no register just now can be missed as well, and found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import first_told, hearers, telling
from apbot.domain.people import Person
from apbot.domain.policy import Policy
from apbot.domain.readings import Reading, Rephrase, RestPresent
from apbot.domain.register import Entry, Register
from apbot.domain.talk import Talk
from apbot.domain.words import Mark, Matter

COURTESIES = frozenset(
    {
        *("ok", "okay", "k", "yes", "yep", "thanks", "thank", "you", "ta", "cheers", "will", "do"),
        *("morning", "hi", "hello", "sure", "great", "good", "lovely", "please", "so", "much"),
    }
)
"""Words that say nothing of where a child is."""

ANSWERS = re.compile(
    r"\W*(no|nope|nah|not|yes|yeah|yep|yup|hes|shes|he|she|they|it|its|that|thats)\b", re.I
)
"""How words begin that answer what was asked, and are no news of another."""

FOUND = re.compile(
    r"\b(found|spotted|turned up|got (him|her|them)|safe|(he|she|they)('?s|'?re)? back)\b",
    re.I,
)
"""How words sound by which a child is found, and that do not say where the child is now."""

NOT_FOUND = re.compile(r"\b(not|no|nobody|cant|can't|cannot|havent|haven't|yet to|if)\b", re.I)


@dataclass(frozen=True, slots=True)
class OffRegister:
    """
    A provider's pupils who are on no register just now, and what a message says of them.

    `shown` is what each is called on phones, by the pupil's key; `marks` what was read of them.
    """

    shown: Mapping[str, str]
    marks: Mapping[str, Mark]

    @property
    def lost(self) -> tuple[str, ...]:
        """Who cannot be found."""
        return tuple(key for key, mark in self.marks.items() if mark is Mark.UNACCOUNTED)

    def here(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """Return the open searches for those who are said to be here."""
        return tuple(
            case
            for case in cases
            if case.is_open
            and case.register is None
            and case.matter is Matter.UNACCOUNTED
            and (mark := self.marks.get(case.pupil or "")) is not None
            and mark.is_here
        )


def sought_of(cases: Sequence[Case], register: Register | None) -> tuple[Case, ...]:
    """Return the open searches of this register's provider, or, of none, all of them."""
    return tuple(
        case
        for case in cases
        if case.is_open
        and case.matter is Matter.UNACCOUNTED
        and (register is None or case.provider == register.provider)
    )


def not_asking_after(reading: Reading, talk: Talk) -> Reading:
    """Return the reading without the question whether one who cannot be found is in as well."""
    if not isinstance(reading.ask, RestPresent):
        return reading
    sought = {case.pupil for case in sought_of(talk.cases, talk.register)}
    left = tuple(n for n in reading.ask.pupils if talk.register.line(n).pupil not in sought)
    return replace(reading, ask=RestPresent(left) if left else None)


def without_said_again(reading: Reading, talk: Talk) -> Reading:
    """Return the reading without the mark of one who is looked for and is still not found."""
    sought = {case.pupil for case in sought_of(talk.cases, talk.register)}
    again = {
        number
        for number, mark in reading.marks.items()
        if mark is Mark.UNACCOUNTED
        and talk.register.marks.get(number) is mark
        and talk.register.line(number).pupil in sought
    }
    return replace(reading, marks={}) if {*reading.marks} == again else reading


def is_passed_on(talk: Talk, reading: Reading, text: str) -> bool:
    """Whether words that are no mark go to whoever looks for a child of this register."""
    return bool(sought_of(talk.cases, talk.register)) and is_unread(reading, text)


def spoken_of(talk: Talk, entries: Sequence[Entry], reading: Reading, text: str) -> set[str]:
    """
    Return the pupils of whom a message speaks, as far as it could be of one who is sought.

    Those whom it marks or names; where it begins as an answer does, those who were asked after;
    and where it was read as nothing at all, everybody.
    """
    spoken = {entry.pupil for entry in entries} | talk.named
    if is_unread(reading, text):
        return spoken | {line.pupil for line in talk.register.roster}
    if isinstance(talk.pending, RestPresent) and ANSWERS.match(text):
        spoken |= {talk.register.line(number).pupil for number in talk.pending.pupils}
    return spoken


def beside(decision: Decision, other: Decision) -> Decision:
    """Return both as one: whoever reads the same words of several cases reads them once."""
    together = ("css_staff_wrote", "provider_words_passed_on")
    says = list(decision.say)
    for say in other.say:
        place = next(
            (
                place
                for place, one in enumerate(says)
                if (one.to, one.script) == (say.to, say.script) and say.script in together
            ),
            None,
        )
        if place is None:
            says.append(say)
        else:
            says[place] = replace(says[place], cases=(*says[place].cases, *say.cases))
    return replace(
        decision,
        because=f"{decision.because}; {other.because}",
        cases=(*decision.cases, *other.cases),
        say=tuple(says),
    )


def is_unread(reading: Reading, text: str) -> bool:
    """Whether words that say something were read as no mark, no flag and no question."""
    is_plain = not (reading.marks or reading.reasons or reading.times or reading.flags)
    is_lost_on_us = reading.ask is None or isinstance(reading.ask, Rephrase)
    words = re.findall(r"[a-z0-9]+", text.lower())
    return is_plain and is_lost_on_us and any(word not in COURTESIES for word in words)


def on_unread(
    person: Person,
    sought: Sequence[Case],
    register: Register | None,
    rota: Rota,
    text: str,
    now: datetime,
) -> Decision:
    """Decide what comes of words that are no mark, while a child is sought: they are passed on."""
    note = CaseNote(at=now, by=person.key, by_name=person.name, words=text)
    noted = tuple(replace(case, notes=(*case.notes, note)) for case in sought)
    to = dict.fromkeys(key for case in noted for key in hearers(case, rota))
    more = {"who": person.name, "phone": person.mobile, "words": text.strip()}
    says = [
        Say(
            to=key,
            script="css_staff_wrote",
            register=register,
            cases=tuple(case for case in noted if key in hearers(case, rota)),
            more=more,
            urgency=Urgency.ALARM,
        )
        for key in to
        if key != person.key
    ]
    asked = _asked_where(sought, register, text)
    thanks = Say(
        to=person.key,
        script="provider_words_passed_on" if asked is None else "provider_found_where",
        register=register,
        cases=noted,
        ask=asked,
        urgency=Urgency.ALARM,
    )
    return Decision(
        because="no mark, while a child is sought: passed on",
        cases=noted,
        say=(thanks, *says),
        pending=asked,
    )


def _asked_where(
    sought: Sequence[Case], register: Register | None, text: str
) -> RestPresent | None:
    """Who was found by the sender's words, and is perhaps not with them yet, is asked after."""
    if register is None or len(sought) != 1 or not FOUND.search(text) or NOT_FOUND.search(text):
        return None
    numbers = tuple(line.number for line in register.roster if line.pupil == sought[0].pupil)
    return RestPresent(numbers) if numbers else None


def on_off_register(
    person: Person,
    policy: Policy,
    rota: Rota,
    said: OffRegister,
    cases: Sequence[Case],
    reading: Reading,
    text: str,
    refs: Iterator[str],
    now: datetime,
) -> Decision | None:
    """
    Decide what a message makes true of pupils who are on no register just now; None if nothing.

    One who cannot be found is a case at once, whatever the timetable says: somebody saw the child
    there. `cases` are the open ones of such pupils, `reading` what the words say of all others.
    """
    sought = {case.pupil: case for case in sought_of(cases, None)}
    new = [key for key in said.lost if key not in sought]
    again = [sought[key] for key in said.lost if key in sought]
    found = said.here(cases)
    parts: list[Decision] = []
    if new:
        parts.append(_missed(person, policy, rota, said, new, text, refs, now))
    if again:
        parts.append(on_unread(person, again, None, rota, text, now))
    if found:
        parts.append(_found(person, rota, found, now))
    if not parts and sought and is_unread(reading, text):
        return on_unread(person, tuple(sought.values()), None, rota, text, now)
    if not parts:
        return None
    return Decision(
        because="; ".join(part.because for part in parts),
        cases=tuple(case for part in parts for case in part.cases),
        say=tuple(say for part in parts for say in part.say),
    )


def _missed(
    person: Person,
    policy: Policy,
    rota: Rota,
    said: OffRegister,
    keys: Sequence[str],
    text: str,
    refs: Iterator[str],
    now: datetime,
) -> Decision:
    told: list[Case] = []
    says: list[Say] = []
    for key in keys:
        blank = Case(
            matter=Matter.UNACCOUNTED,
            provider=rota.provider.key,
            provider_name=rota.provider.name,
            opened_at=now,
            ladder=rota.ladder(policy, Matter.UNACCOUNTED),
            ref=next(refs),
            pupil=key,
            shown=said.shown[key],
            words=text,
            raised_by=person.key,
            provider_at=now + policy.ask_unaccounted_every,
        )
        case, people = first_told(blank, rota, now)
        told.append(case)
        says += telling(case, people, None, "css_unaccounted_off_register", now)
    answer = Say(
        to=person.key,
        script="provider_lost_off_register",
        cases=tuple(told),
        urgency=Urgency.ALARM,
    )
    because = f"{len(told)} on no register just now cannot be found"
    return Decision(because=because, cases=tuple(told), say=(answer, *says))


def _found(person: Person, rota: Rota, found: Sequence[Case], now: datetime) -> Decision:
    over = tuple(
        replace(
            case,
            state=CaseState.RESOLVED,
            resolved_at=now,
            resolved_by=person.key,
            outcome=f"found, says {person.name}",
        )
        for case in found
    )
    thanks = Say(
        to=person.key,
        script="provider_found_off_register",
        cases=over,
        urgency=Urgency.ALARM,
    )
    says = over_says(over, None, rota, person)
    return Decision(because="found, who was on no register", cases=over, say=(thanks, *says))
