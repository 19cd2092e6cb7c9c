"""
Unasked: what a parent writes when no case of their child's is known to them.

News and questions go to the key contact. An alarm ("he left at half eight", "he never got home")
is a child not accounted for at once: whether it is one turns on what the register says of the
child, for that a child set out is no alarm where the child is marked as there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apbot.domain.cases import Case
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.escalation import asked_people, first_told, script_of
from apbot.domain.following import open_case
from apbot.domain.people import Person
from apbot.domain.policy import Policy
from apbot.domain.readings import Alarm, Reading, RestPresent
from apbot.domain.register import Line, Register
from apbot.domain.strays import on_stray_reply
from apbot.domain.words import Flag, Mark, Matter, Reason

PARENT_SCRIPTS: Mapping[str, str] = {
    "provider_concern_passed_on": "parent_concern_passed_on",
    "provider_emergency": "parent_emergency",
    "help_nothing_open": "parent_help",
    "css_question": "css_parent_question",
}
"""What a parent hears in place of what a member of staff would, and the CSS of a parent."""

WITH_THE_LEAD = "(only the safeguarding lead may read this)"
"""What those who look for a child read in place of words that are a concern as well."""


JUST_CLOSED = timedelta(hours=1)
"""How long after a session that she is ill still gainsays her mark; home by then is no news."""


@dataclass(frozen=True, slots=True)
class Child:
    """
    A child of the parent who writes, and where the child is to be at that moment.

    `register` is the latest of the day that has begun for the child, with the child's `line` on
    it; None where none has. `is_sought` where a case for it is open already.
    """

    pupil: str
    shown: str
    rota: Rota
    policy: Policy
    register: Register | None = None
    line: Line | None = None
    is_sought: bool = False

    def is_missed(self, alarms: frozenset[Alarm], now: datetime) -> bool:
        """Whether these words make it a child not accounted for."""
        if self.is_sought:
            return False
        if Alarm.MISSED in alarms:
            return True
        is_on = self.register is not None and now < self.register.ends_at
        if is_on and self.was_seen:
            return False
        return Alarm.SOUGHT in alarms or (is_on and Alarm.SET_OUT in alarms)

    def is_disputed(self, reason: Reason | None, now: datetime) -> bool:
        """
        Whether the register has it that the child is there, and the parent says otherwise.

        `register` is the latest that has a mark of the child. That a child is at home gainsays a
        session that is on; why it was never there, one that has just closed as well.
        """
        if self.register is None or self.line is None:
            return False
        mark = self.register.marks.get(self.line.number)
        until = self.register.ends_at + (JUST_CLOSED if reason is not None else timedelta())
        return mark in (Mark.PRESENT, Mark.LATE) and now < until

    @property
    def was_seen(self) -> bool:
        """Whether the register has it that the child came."""
        if self.register is None or self.line is None:
            return False
        entry = self.register.standing.get(self.line.number)
        return entry is not None and entry.mark_is_here


def on_unasked(
    person: Person,
    policy: Policy,
    rota: Rota,
    reading: Reading,
    text: str,
    refs: Iterator[str],
    now: datetime,
    *,
    is_thanks: bool,
    shown: str,
    script: str = "parent_noted",
) -> Decision:
    """
    Decide what a parent's words make true when they are no alarm.

    News of a child is never chatter: what is more than thanks goes to the key contact, and a
    concern word for word to the safeguarding lead. The parent hears `script` in answer to news;
    `shown` is the child, or the children, of whom it may be.
    """
    if not reading.flags and not is_thanks:
        reading = replace(reading, flags=frozenset({Flag.QUESTION}))
    decision = on_stray_reply(person, policy, rota, reading, text, refs, now, script)
    cases = {case.ref: _of_child(case, shown) for case in decision.cases}
    says = tuple(
        replace(
            say,
            script=PARENT_SCRIPTS.get(say.script, say.script),
            cases=tuple(cases.get(case.ref, case) for case in say.cases),
        )
        for say in decision.say
    )
    return replace(decision, cases=tuple(cases.values()), say=says)


def _of_child(case: Case, shown: str) -> Case:
    """A parent's question says whose parent asks, also to whoever is told of it later."""
    return replace(case, shown=shown) if case.matter is Matter.QUESTION else case


def on_alarm(
    person: Person,
    lost: Sequence[Child],
    alarms: frozenset[Alarm],
    words: str,
    refs: Iterator[str],
    now: datetime,
    *,
    is_passed_on: bool = False,
) -> Decision:
    """
    Decide what follows when a parent says, before anybody asked, that a child is not where it
    should be: to the key contact and the safeguarding lead at once, and the provider is asked.

    Where it `is_passed_on` the provider reads the words as well: "dropped him at the gate at 9.15"
    says where to look. Of several children everybody hears in one text.
    """
    cases: list[Case] = []
    says: list[Say] = []
    for child in lost:
        is_on = child.register is not None and not child.was_seen
        asks = "provider_set_out" if is_on and Alarm.SET_OUT in alarms else "provider_missed"
        case, told = missed(person, child, asks, words, refs, now)
        cases.append(case)
        says += [with_words(say, words) for say in told] if is_passed_on else told
    says = told_together(says)
    names = {child.rota.provider.key: child.rota.provider.name for child in lost}
    about = lost[0].register
    reply = Say(to=person.key, script="parent_alarm_noted", register=about, cases=(cases[0],))
    return Decision(
        because=f"a parent's alarm that nobody asked for: {', '.join(names.values())}",
        cases=tuple(cases),
        say=(reply, *says),
    )


TOGETHER = frozenset({"css_parent_alarm", "provider_set_out", "provider_missed"})
"""What is said in one text of several children of one register, missed in the same words."""


def told_together(says: Sequence[Say]) -> list[Say]:
    """Return these with what one person hears of several children in one text."""
    kept: dict[object, Say] = {}
    for say in says:
        register = say.register.id if say.register is not None else None
        is_joined = say.script in TOGETHER
        key: object = (say.to, say.script, register) if is_joined else len(kept)
        held = kept.get(key)
        if held is None:
            kept[key] = say
            continue
        numbers = [one.ask.pupils for one in (held, say) if isinstance(one.ask, RestPresent)]
        asked = tuple(dict.fromkeys(number for some in numbers for number in some))
        kept[key] = replace(
            held,
            cases=(*held.cases, *say.cases),
            lines=(*held.lines, *say.lines),
            ask=RestPresent(asked) if asked else None,
            more={name: fact for name, fact in held.more.items() if name != "names"},
        )
    return list(kept.values())


def with_words(say: Say, words: str) -> Say:
    """Return it with the parent's words for the provider, but what the lead alone may read."""
    if say.script != "provider_set_out" or words == WITH_THE_LEAD:
        return say
    return replace(say, more={**say.more, "heard": f': "{words.strip()}"'})


def with_concern(concern: Decision, other: Decision, person: Person) -> Decision:
    """Return both as one decision: the parent hears once, and of the concern first."""
    return replace(
        other,
        because=f"{concern.because}; {other.because}",
        cases=(*concern.cases, *other.cases),
        say=(*concern.say, *(say for say in other.say if say.to != person.key)),
    )


def missed(
    person: Person,
    child: Child,
    asks: str,
    words: str,
    refs: Iterator[str],
    now: datetime,
    *,
    reason: Reason | None = None,
    is_disputed: bool = False,
) -> tuple[Case, list[Say]]:
    """
    Return the case of a child whom a parent misses, or says to be elsewhere, and what is said.

    The provider is asked by the script `asks`.
    """
    register, line, rota = child.register, child.line, child.rota
    if register is not None and line is not None:
        blank = open_case(register, rota, refs, now, Matter.UNACCOUNTED, line)
    else:
        blank = Case(
            matter=Matter.UNACCOUNTED,
            provider=rota.provider.key,
            provider_name=rota.provider.name,
            opened_at=now,
            ladder=rota.ladder(child.policy, Matter.UNACCOUNTED),
            ref=next(refs),
            pupil=child.pupil,
            shown=child.shown,
            provider_at=now + child.policy.ask_unaccounted_every,
        )
    blank = replace(
        blank, words=words, raised_by=person.key, reason=reason, is_disputed=is_disputed
    )
    case, people = first_told(blank, rota, now)
    says = [
        Say(
            to=contact.key,
            script=script_of(case),
            register=register,
            cases=(case,),
            buttons=Buttons.CASES,
            urgency=Urgency.ALARM,
        )
        for contact in people
    ]
    asked = (rota.staff or rota.backups) if register is None else asked_people(register, rota)
    says += [
        Say(
            to=member.key,
            script=asks,
            register=register,
            cases=(case,),
            lines=(line,) if line is not None else (),
            more={"names": child.shown},
            ask=RestPresent((line.number,)) if line is not None else None,
            urgency=Urgency.ALARM,
        )
        for member in asked
    ]
    return case, says
