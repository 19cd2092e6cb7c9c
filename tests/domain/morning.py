"""
A morning at one provider, played through the rules alone.

What the desk would fetch, keep and dedupe is kept here in plain values, and every look is done at
its own moment, so that a rule's consequences can be read as one talk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from apbot.domain.answers import on_reply
from apbot.domain.asking import on_register_deadline
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say
from apbot.domain.escalation import on_case_deadline
from apbot.domain.people import Person
from apbot.domain.readings import Ask, CaseAction, Reading
from apbot.domain.register import Register
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.talk import Talk
from apbot.domain.taps import Tap, on_tap
from apbot.domain.words import Action, Flag, Mark, Matter, Reason
from tests.builders import JO, a_rota, clock, refs

MOST_LOOKS = 2000
"""More looks than the longest day needs: beyond them, one of them does not move on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One text, when it was said, and to whom."""

    at: datetime
    say: Say

    @property
    def clock(self) -> str:
        return f"{local(self.at):%H:%M}"


class Morning:
    """One register with its cases, the people of a rota, and a clock that is moved by hand."""

    def __init__(
        self,
        register: Register,
        rota: Rota | None = None,
        am_marks: Mapping[int, Mark] | None = None,
        am_reasons: Mapping[int, Reason] | None = None,
    ) -> None:
        self.register = register
        self.rota = rota or a_rota()
        self.am_marks = am_marks or {}
        self.am_reasons = am_reasons or {}
        self.cases: dict[str, Case] = {}
        self.pending: dict[str, Ask] = {}
        self.said: list[Heard] = []
        self._refs = refs()
        self._causes: set[tuple[str, str]] = set()

    def until(self, wall: str | datetime) -> "Morning":
        """Do every look that falls due up to this moment, each at its own time."""
        moment = clock(wall) if isinstance(wall, str) else wall
        for _ in range(MOST_LOOKS):
            due = min(self._looks(), default=None)
            if due is None or due > moment:
                return self
            self._look(due)
        raise AssertionError(f"a look does not move on: {min(self._looks())}")

    def wakes(self, wall: str) -> "Morning":
        """The bot was away, and looks now at all that fell due meanwhile."""
        self._look(clock(wall))
        return self

    def says(
        self,
        wall: str | datetime,
        marks: Mapping[int, Mark] | None = None,
        *,
        by: Person = JO,
        text: str = "as a test says it",
        reasons: Mapping[int, Reason] | None = None,
        times: Mapping[int, str] | None = None,
        flags: Sequence[Flag] = (),
        ask: Ask | None = None,
        rephrased: int = 0,
    ) -> Decision:
        """A member of staff writes what is read as this, once all that is due has been done."""
        reading = Reading(
            marks=marks or {},
            reasons=reasons or {},
            times={number: time.fromisoformat(said) for number, said in (times or {}).items()},
            flags=frozenset(flags),
            ask=ask,
        )
        now = self._at(wall)
        talk = replace(self._talk(by), rephrased=rephrased)
        return self._keep(on_reply(talk, reading, text, self._refs, now), now, by)

    def taps(
        self,
        wall: str | datetime,
        number: int | None = None,
        mark: Mark | None = Mark.PRESENT,
        *,
        was: Mark | None = None,
        by: Person = JO,
    ) -> Decision:
        """A member of staff taps a pupil, or All in, on a message that showed `was`."""
        now = self._at(wall)
        decision = on_tap(self._talk(by), Tap(number, was, mark), self._refs, now)
        return self._keep(decision, now, by)

    def contact_says(
        self,
        wall: str | datetime,
        by: Person,
        action: Action,
        *only: str,
        text: str = "as a test says it",
        reason: Reason | None = None,
        elsewhere: bool = False,
    ) -> Decision:
        """A contact writes about these cases of theirs, or about all that are open for them."""
        now = self._at(wall)
        told = [case for case in self.cases.values() if by.key in case.told]
        open_cases = tuple(case for case in told if case.is_open)
        picked = only or tuple(case.ref for case in open_cases)
        reading = Reading(
            cases=tuple(CaseAction(ref, action) for ref in picked),
            case_reasons=dict.fromkeys(picked, reason) if reason else {},
            elsewhere=frozenset(picked if elsewhere else ()),
        )
        people = (*self.rota.staff, *self.rota.backups, *(p for p, _ in self.rota.css))
        talk = CaseTalk(
            person=by,
            cases=open_cases,
            over=tuple(case for case in told if not case.is_open),
            registers={case.ref: self.register for case in open_cases},
            rotas={case.ref: self.rota for case in open_cases},
            names={person.key: person.name for person in people},
        )
        return self._keep(on_case_reply(talk, reading, text, now), now, by)

    def heard(self, person: Person, *, since: str = "00:00") -> list[tuple[str, str]]:
        """Return when this person heard which script: texts alone, no edits and no toasts."""
        return [
            (heard.clock, heard.say.script)
            for heard in self.said
            if heard.say.to == person.key
            and heard.at >= clock(since)
            and not heard.say.edits
            and not heard.say.is_toast
        ]

    def last(self, script: str) -> Say:
        """Return the last that was said by this script."""
        return [heard.say for heard in self.said if heard.say.script == script][-1]

    def of(self, matter: Matter) -> list[Case]:
        """Return the cases of this matter, oldest first."""
        return [case for case in self.cases.values() if case.matter is matter]

    @property
    def only_case(self) -> Case:
        """The one case there is."""
        (case,) = self.cases.values()
        return case

    def _at(self, wall: str | datetime) -> datetime:
        moment = clock(wall) if isinstance(wall, str) else wall
        self.until(moment)
        return moment

    def _looks(self) -> list[datetime]:
        looks = [self.register.next_look(), *(case.look_at for case in self.cases.values())]
        return [look for look in looks if look is not None]

    def _look(self, now: datetime) -> None:
        next_look = self.register.next_look()
        if next_look is not None and next_look <= now:
            cases = tuple(self.cases.values())
            decision = on_register_deadline(
                self.register, self.am_marks, cases, self.rota, self._refs, now, self.am_reasons
            )
            self._keep(decision, now)
        for case in tuple(self.cases.values()):
            if case.look_at is not None and case.look_at <= now:
                self._keep(on_case_deadline(case, self.register, self.rota, now), now)

    def _talk(self, by: Person) -> Talk:
        return Talk(
            person=by,
            register=self.register,
            rota=self.rota,
            cases=tuple(self.cases.values()),
            am_marks=self.am_marks,
            am_reasons=self.am_reasons,
            pending=self.pending.get(by.key),
        )

    def _keep(self, decision: Decision, now: datetime, by: Person | None = None) -> Decision:
        self.register = decision.register or self.register
        for case in decision.cases:
            held = self.cases.get(case.ref)
            assert (held is None) == (case.id is None), f"{case.ref} is new twice"
            self.cases[case.ref] = replace(case, id=case.id or len(self.cases) + 1)
        if by is not None and decision.clears_pending:
            self.pending.pop(by.key, None)
        if by is not None and decision.pending is not None:
            self.pending[by.key] = decision.pending
        for say in decision.say:
            cause = (say.to, say.once)
            if not say.once or cause not in self._causes:
                self._causes.add(cause)
                self.said.append(Heard(now, say))
        return decision
