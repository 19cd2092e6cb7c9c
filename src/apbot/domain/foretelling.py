"""
Foretelling: what follows when a CSS contact tells ahead, by text, of an absence or of a note.

First it is read back, then it counts: nobody is away because a sentence was misread. What cannot
be is answered with exactly what is wrong, and saves nothing. Once confirmed, the provider hears of
it at four o'clock of the working day before like of any other, or at once where that has passed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from apbot.domain.calendar import Calendar, at, local
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say
from apbot.domain.escalation import asked_people
from apbot.domain.following import follow, over_says, shown_anew
from apbot.domain.foretold import (
    ONE_DAY,
    Amiss,
    Days,
    DayTrouble,
    Foretelling,
    Hears,
    KnownLine,
    Proposal,
    Telling,
    Tells,
    ToldAbsence,
    ToldNote,
    moment_of,
    standing_absences,
    within,
    without,
)
from apbot.domain.people import KnownAbsence, People, Person, Placement, Span
from apbot.domain.policy import Service
from apbot.domain.register import Entry, How, Line, Register
from apbot.domain.words import Half, Mark, Matter, Reason

LONGEST_NOTE = 400
"""So many characters of a note go into one text beside what else is told ahead."""

FARTHEST = timedelta(days=550)

_AMISS = {
    Amiss.PAST: "css_day_past",
    Amiss.NO_SCHOOL: "css_day_no_school",
    Amiss.END_FIRST: "css_day_end_first",
    Amiss.NO_SUCH_DAY: "css_day_unknown",
    Amiss.OTHER_WEEKDAY: "css_day_other_weekday",
    Amiss.NOT_IN_CALENDAR: "css_day_not_in_calendar",
    Amiss.HALVES_MIXED: "css_day_halves_mixed",
    Amiss.EVERY_WEEK: "css_day_every_week",
    Amiss.UNCLEAR: "css_day_unclear",
}


@dataclass(frozen=True, slots=True)
class Ahead:
    """
    What a telling is decided against: the lists as they stand, and the day it is.

    `shown` are pupils' names on phones, by key. `now` is UTC.
    """

    people: People
    calendar: Calendar
    service: Service
    told: Telling
    shown: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return local(self.now).date()

    def places(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return providers' names in the order of the lists."""
        return tuple(p.name for p in self.people.providers if p.key in keys)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A session in which a pupil is due."""

    provider: str
    on: date
    half: Half
    ends_at: datetime


def on_foretelling(
    read: Foretelling, text: str, chosen: tuple[tuple[str, str], ...], person: Person, ahead: Ahead
) -> Decision:
    """Decide what is read back of a message, or what is wrong with it."""
    if read.is_several:
        return _wrong(person, "css_one_at_a_time", "several tellings in one message")
    if read.offered:
        return _which(read, text, chosen, person, ahead)
    if read.said and not (read.pupils or read.providers):
        return _nobody(read, person, ahead)
    if isinstance(read.days, DayTrouble):
        return _bad_days(read.days, person, ahead)
    if read.days is not None and read.days.spans[0].from_on < ahead.today:
        # Said before midnight and only read now: the bot was away.
        return _bad_days(DayTrouble(Amiss.PAST, read.days.spans[0].from_on), person, ahead)
    made = _Made(read, text, chosen, person, ahead)
    if read.tells is Tells.AWAY:
        return made.away()
    if read.tells is Tells.IN:
        return made.back()
    if read.tells is Tells.NOTE:
        return made.note()
    if read.tells is Tells.NOTE_OVER:
        return made.note_over()
    return made.undo()


def on_confirmed(
    proposal: Proposal,
    person: Person,
    ahead: Ahead,
    rota: Callable[[str, date], Rota],
    inbox: int | None,
) -> Decision:
    """
    Decide what follows from an OK: what was proposed counts, and providers hear of it in time.

    `rota` is who is there for a provider on a day.
    """
    now = ahead.now
    absences = tuple(replace(one, at=now, inbox=inbox) for one in proposal.absences)
    notes = tuple(replace(one, at=now, inbox=inbox) for one in proposal.notes)
    soon, later = _told_when(proposal, ahead)
    says: list[Say] = []
    unreached: list[str] = []
    for provider in soon:
        people = {one.key: one for day in soon[provider] for one in _staff_of(rota(provider, day))}
        unreached += [] if people else [provider]
        for key in people:
            says += _provider_says(key, provider, soon[provider], proposal, ahead, inbox)
    lines = known_lines(proposal, ahead)
    saved = Say(
        to=person.key,
        script=_saved_script(bool(soon), bool(later), bool(unreached)),
        known=lines,
        hears=Hears(
            ahead.places(unreached or list(soon) or list(later)), min(later.values(), default=None)
        ),
    )
    return Decision(
        because=f"confirmed: {proposal.tells}",
        say=(saved, *says),
        told=(*absences, *notes),
        clears_proposal=True,
    )


def on_declined(person: Person) -> Decision:
    """Decide what follows from a no: nothing counts."""
    say = Say(to=person.key, script="css_known_dropped")
    return Decision(because="not confirmed", say=(say,), clears_proposal=True)


def on_told_today(
    register: Register,
    known: Mapping[str, Reason | None],
    am_marks: Mapping[int, Mark],
    cases: Sequence[Case],
    rota: Rota,
    refs: Iterator[str],
    speaker: Person,
    now: datetime,
    inbox: int | None = None,
) -> Decision | None:
    """
    Decide what a register of today becomes by what was told of its pupils, or None for nothing.

    `known` is by pupil why they are away, or None for one who is in after all. Whoever is said to
    be here stays so: the provider sees them.
    """
    roster = tuple(_line_now(register, line, known, now) for line in register.roster)
    over = [_ended(case, register, known, speaker, now) for case in cases if case.is_open]
    ended = [case for case in over if case is not None]
    here = tuple(_is_here_yet(register, known, speaker))
    if roster == register.roster and not ended:
        return Decision(because="told by the office: here already", say=here) if here else None
    taken_back = [
        _taken_back(register, line, speaker, now, inbox)
        for line in register.roster
        if known.get(line.pupil) and register.marks.get(line.number) is Mark.AWAITED
    ]
    looked = replace(register, roster=roster).with_entries(taken_back, now)
    refs_over = {case.ref for case in ended}
    others = [case for case in cases if case.ref not in refs_over]
    followed = follow(looked, am_marks, [*others, *ended], rota, refs, now, speaker)
    return Decision(
        because="told by the office",
        register=looked,
        cases=(*ended, *followed.cases),
        say=(
            *here,
            *over_says(ended, looked, rota, speaker),
            *(shown_anew(each, looked) for each in asked_people(looked, rota)),
            *followed.say,
        ),
    )


def known_lines(proposal: Proposal, ahead: Ahead) -> tuple[KnownLine, ...]:
    """Return what is proposed, a line a pupil and reason, or a line a note."""
    lines: dict[tuple[str, Reason | None], list[ToldAbsence]] = {}
    for one in proposal.absences:
        lines.setdefault((one.pupil, one.reason), []).append(one)
    known = tuple(
        _line_of(pupil, reason, told, ahead, is_open=proposal.is_open)
        for (pupil, reason), told in lines.items()
    )
    noted = tuple(
        KnownLine(
            places=ahead.places([one.provider]),
            spans=(one.span,),
            text=one.text,
            is_over=one.is_over,
        )
        for one in proposal.notes
    )
    return known + noted


# what is proposed


@dataclass(frozen=True, slots=True)
class _Made:
    """A message on its way to what is read back."""

    read: Foretelling
    text: str
    chosen: tuple[tuple[str, str], ...]
    person: Person
    ahead: Ahead

    def away(self) -> Decision:
        ahead = self.ahead
        days = self._days() or Days((Span(ahead.today, ahead.today),))
        told: list[ToldAbsence] = []
        for pupil in self.read.pupils:
            spans = [self._ended(pupil, span, days) for span in days.spans]
            if not any(True for span in spans for _ in _slots(pupil, span, days.halves, ahead)):
                return self._not_due(pupil, days)
            reason = self.read.reason or Reason.UNKNOWN
            told += [self._absence(pupil, span, days.halves, reason) for span in spans]
        return self._read_back(absences=tuple(told), is_open=days.is_open)

    def back(self) -> Decision:
        told: list[ToldAbsence] = []
        for pupil in self.read.pupils:
            known = [one for one in self.ahead.people.known_absences if one.pupil == pupil]
            pieces = self._taken(known)
            told += [self._absence(pupil, one.span, one.halves, None) for one in pieces]
            if not pieces:
                days = self._days()
                line = KnownLine(self.ahead.shown[pupil], spans=days.spans if days else ())
                script = "css_nothing_known_then" if days else "css_nothing_known"
                return _wrong(self.person, script, "no such absence is known", (line,))
        return self._read_back(absences=tuple(told))

    def note(self) -> Decision:
        days, text = self._days(), " ".join(self.read.text.split())
        provider = self.read.providers[0]
        line = KnownLine(places=self.ahead.places([provider]), spans=days.spans if days else ())
        if not text:
            return _wrong(self.person, "css_note_how", "a note without words", (line,))
        if len(text) > LONGEST_NOTE:
            return _wrong(self.person, "css_note_too_long", "too long for a note", (line,))
        if days is None:
            return _wrong(self.person, "css_note_no_day", "a note without a day", (line,))
        if not any(self._anybody_due(provider, span) for span in days.spans):
            return _wrong(self.person, "css_note_nobody_due", "nobody is due there then", (line,))
        notes = [self._note(provider, span, text, is_over=False) for span in days.spans]
        return self._read_back(notes=tuple(notes))

    def note_over(self) -> Decision:
        days, provider = self._days(), self.read.providers[0]
        chosen = dict(self.chosen).get("note")
        coming = Span(self.ahead.today, self.ahead.today + FARTHEST)
        spans = days.spans if days else (coming,)
        notes = [
            self._note(provider, shared, note.text, is_over=True)
            for note in self.ahead.people.notes
            if note.provider == provider and chosen in (None, note.text)
            for span in spans
            if (shared := _shared(note.span, span)) is not None
        ]
        texts = tuple(dict.fromkeys(note.text for note in notes))
        if not notes:
            line = KnownLine(places=self.ahead.places([provider]))
            return _wrong(self.person, "css_no_note", "no such note", (line,))
        if len(texts) > 1:
            proposal = Proposal(
                self.read.tells, self.text, said="note", offered=texts, chosen=self.chosen
            )
            lines = tuple(KnownLine(text=text) for text in texts)
            return _ask_which(proposal, lines, self.person, "Which note")
        return self._read_back(notes=tuple(notes))

    def undo(self) -> Decision:
        told = self.ahead.told
        mine: list[ToldAbsence | ToldNote] = [*told.absences, *told.notes]
        mine = [one for one in mine if self._is_of_today(one)]
        last = max((moment_of(one) for one in mine), default=None)
        absences = [one for one in told.absences if one in mine and moment_of(one) == last]
        notes = [one for one in told.notes if one in mine and moment_of(one) == last]
        undone = tuple(again for one in absences for again in self._undone(one, absences))
        noted = tuple(
            replace(one, span=span, is_over=not one.is_over, words=self.text)
            for one in notes
            if (span := self._coming(one.span)) is not None
        )
        if not undone and not noted:
            return _wrong(self.person, "css_nothing_to_undo", "nothing to undo")
        return self._read_back(absences=undone, notes=noted)

    def _is_of_today(self, one: ToldAbsence | ToldNote) -> bool:
        return one.by == self.person.key and local(one.at).date() == self.ahead.today

    def _undone(self, one: ToldAbsence, batch: Sequence[ToldAbsence]) -> Iterator[ToldAbsence]:
        """What makes it as it was: in again, and away where an absence was known before."""
        span = self._coming(one.span)
        if span is None:
            return
        told = self.ahead.told
        before = standing_absences(
            told.listed, [other for other in told.absences if other not in batch]
        )
        was = [
            part
            for known in before
            if known.pupil == one.pupil and (part := within(known, span, one.halves)) is not None
        ]
        if one.reason is not None:
            yield self._absence(one.pupil, span, one.halves, None)
        for part in was:
            yield self._absence(one.pupil, part.span, part.halves, part.reason)

    def _taken(self, known: Sequence[KnownAbsence]) -> list[KnownAbsence]:
        """The parts of what is known that a pupil's being in takes away."""
        days = self._days()
        if days is None:
            spans: tuple[Span, ...] = (Span(self.ahead.today, self.ahead.today + FARTHEST),)
        elif self.read.is_from_then:
            spans = (Span(days.spans[0].from_on, _end_of(known, days.spans[0].from_on)),)
        else:
            spans = days.spans
        halves = days.halves if days else frozenset(Half)
        found = [within(one, span, halves) for span in spans for one in known]
        return [one for one in found if one is not None]

    def _days(self) -> Days | None:
        assert not isinstance(self.read.days, DayTrouble)
        return self.read.days

    def _coming(self, span: Span) -> Span | None:
        return _shared(span, Span(self.ahead.today, max(self.ahead.today, span.to_on)))

    def _ended(self, pupil: str, span: Span, days: Days) -> Span:
        """An absence without an end lasts as long as the pupil's placements, or the calendar."""
        if not days.is_open:
            return span
        ends = [one.to_on or span.to_on for one in _placements(pupil, self.ahead)]
        return Span(span.from_on, max(span.from_on, min(max(ends), span.to_on)))

    def _absence(
        self, pupil: str, span: Span, halves: frozenset[Half], reason: Reason | None
    ) -> ToldAbsence:
        by, now = self.person, self.ahead.now
        return ToldAbsence(pupil, span, halves, reason, by.key, by.name, now, self.text)

    def _note(self, provider: str, span: Span, text: str, *, is_over: bool) -> ToldNote:
        by, now = self.person, self.ahead.now
        return ToldNote(provider, span, text, is_over, by.key, by.name, now, self.text)

    def _anybody_due(self, provider: str, span: Span) -> bool:
        pupils = {p.pupil for p in self.ahead.people.placements if p.provider == provider}
        return any(
            slot.provider == provider
            for pupil in pupils
            for slot in _slots(pupil, span, frozenset(Half), self.ahead)
        )

    def _not_due(self, pupil: str, days: Days) -> Decision:
        asked = KnownLine(self.ahead.shown[pupil], spans=days.spans, halves=_ordered(days.halves))
        placed = tuple(
            KnownLine(
                self.ahead.shown[pupil],
                places=self.ahead.places([placement.provider]),
                weekdays=tuple(sorted({day for day, _ in placement.timetable})),
            )
            for placement in _placements(pupil, self.ahead)
        )
        return _wrong(self.person, "css_not_due", "not due then", (asked, *placed))

    def _read_back(
        self,
        absences: tuple[ToldAbsence, ...] = (),
        notes: tuple[ToldNote, ...] = (),
        *,
        is_open: bool = False,
    ) -> Decision:
        proposal = Proposal(
            self.read.tells, self.text, absences, notes, chosen=self.chosen, is_open=is_open
        )
        script = "css_known_read_back"
        if notes and not absences:
            script = "css_note_over_read_back" if notes[0].is_over else "css_note_read_back"
        say = Say(
            to=self.person.key,
            script=script,
            known=(*known_lines(proposal, self.ahead), *self._left(absences)),
            proposal=proposal,
            buttons=Buttons.PROPOSAL,
        )
        return Decision(because=f"read back: {self.read.tells}", say=(say,), proposal=proposal)

    def _left(self, absences: tuple[ToldAbsence, ...]) -> Iterator[KnownLine]:
        """What is still known of a pupil when a part of it is taken back."""
        taken = [one for one in absences if one.reason is None]
        for known in self.ahead.people.known_absences:
            mine = [one for one in taken if one.pupil == known.pupil]
            left = [known] if mine and self.read.tells is Tells.IN else []
            for one in mine:
                left = [rest for held in left for rest in without(held, one.span, one.halves)]
            for rest in left:
                span = self._coming(rest.span)
                if span is not None:
                    away = self._absence(rest.pupil, span, rest.halves, rest.reason)
                    line = _line_of(rest.pupil, rest.reason, [away], self.ahead, is_open=False)
                    yield replace(line, is_left=True)


# when the provider hears of it


def _told_when(
    proposal: Proposal, ahead: Ahead
) -> tuple[dict[str, list[date]], dict[str, datetime]]:
    """By provider, the days of which it hears at once; and when it hears of the first other."""
    soon: dict[str, list[date]] = {}
    later: dict[str, datetime] = {}
    for slot, is_away in _slots_of(proposal, ahead):
        moment = _told_at(slot.on, ahead)
        if moment > ahead.now:
            if is_away:
                later[slot.provider] = min(moment, later.get(slot.provider, moment))
        elif slot.ends_at > ahead.now and slot.on not in soon.setdefault(slot.provider, []):
            soon[slot.provider].append(slot.on)
    return {key: days for key, days in soon.items() if days}, later


def _slots_of(proposal: Proposal, ahead: Ahead) -> Iterator[tuple[_Slot, bool]]:
    for one in proposal.absences:
        for slot in _slots(one.pupil, one.span, one.halves, ahead):
            yield slot, one.reason is not None
    for note in proposal.notes:
        pupils = {p.pupil for p in ahead.people.placements if p.provider == note.provider}
        for pupil in sorted(pupils):
            for slot in _slots(pupil, note.span, frozenset(Half), ahead):
                if slot.provider == note.provider:
                    yield slot, not note.is_over


def _told_at(on: date, ahead: Ahead) -> datetime:
    """When providers are told of a day: four o'clock of the working day before."""
    return at(ahead.calendar.working_day_before(on), ahead.service.tells_ahead_at)


def _staff_of(rota: Rota) -> tuple[Person, ...]:
    return rota.staff or rota.backups


def _provider_says(
    to: str,
    provider: str,
    days: Sequence[date],
    proposal: Proposal,
    ahead: Ahead,
    inbox: int | None,
) -> Iterator[Say]:
    """What one of a provider's staff hears at once: of these days, and nothing of others."""
    near = Span(min(days), max(days))
    of_pupils = replace(proposal, notes=(), absences=tuple(_near(proposal.absences, near)))
    lines = tuple(
        replace(line, places=ahead.places([provider]))
        for line in known_lines(of_pupils, ahead)
        if ahead.places([provider])[0] in line.places
    )
    once = f"told:{inbox}:{provider}:{to}"
    if lines:
        yield Say(to=to, script="provider_told", known=lines, once=once)
    for place, note in enumerate(note for note in proposal.notes if note.provider == provider):
        line = KnownLine(
            places=ahead.places([provider]),
            spans=(_shared(note.span, near) or near,),
            text=note.text,
        )
        script = "provider_told_note_over" if note.is_over else "provider_told_note"
        yield Say(to=to, script=script, known=(line,), once=f"{once}:{place}")


def _near(absences: Sequence[ToldAbsence], near: Span) -> Iterator[ToldAbsence]:
    for one in absences:
        span = _shared(one.span, near)
        if span is not None:
            yield replace(one, span=span)


def _saved_script(is_soon: bool, is_later: bool, is_unreached: bool) -> str:
    if is_unreached:
        return "css_known_saved_unreached"
    if is_soon and is_later:
        return "css_known_saved_both"
    if is_soon:
        return "css_known_saved_now"
    return "css_known_saved_later" if is_later else "css_known_saved"


# today's registers


def _line_now(
    register: Register, line: Line, known: Mapping[str, Reason | None], now: datetime
) -> Line:
    mark = register.marks.get(line.number)
    if line.pupil not in known or (mark is not None and mark.is_here):
        return line
    reason = known[line.pupil]
    if reason is not None or line.known_absence is None:
        return replace(line, known_absence=reason)
    expected = replace(line, known_absence=None)
    if mark is not None or now < line.starts_at:
        return expected
    # Half the session may be over: this pupil is asked for from now on, not alarmed about at once.
    return replace(
        expected, starts_at=now, own_start=local(now).time().replace(second=0, tzinfo=None)
    )


def _is_here_yet(
    register: Register, known: Mapping[str, Reason | None], speaker: Person
) -> Iterator[Say]:
    """Told to be away, and the provider says that they are there: the teller must hear of it."""
    for line in register.marked(Mark.PRESENT, Mark.LATE):
        if known.get(line.pupil) is not None:
            once = f"here:{register.id}:{line.number}:{speaker.key}"
            script = "css_came_after_all"
            yield Say(to=speaker.key, script=script, register=register, lines=(line,), once=once)


def _taken_back(
    register: Register, line: Line, speaker: Person, now: datetime, inbox: int | None
) -> Entry:
    """Said to be on the way, and then known to be away: nobody waits for them any more."""
    return Entry(
        number=line.number,
        pupil=line.pupil,
        was=register.marks.get(line.number),
        mark=None,
        by=speaker.key,
        by_name=speaker.name,
        by_title=speaker.title,
        how=How.TEXT,
        at=now,
        because="the office told that the pupil is away",
        inbox=inbox,
    )


def _ended(
    case: Case,
    register: Register,
    known: Mapping[str, Reason | None],
    speaker: Person,
    now: datetime,
) -> Case | None:
    """A case of a pupil who is known to be away is over, and why is its outcome."""
    if case.matter not in (Matter.ABSENCE, Matter.UNACCOUNTED) or case.pupil is None:
        return None
    reason = known.get(case.pupil)
    mark = register.marks.get(case.number) if case.number is not None else None
    if reason is None or (mark is not None and mark.is_here):
        return None
    return replace(
        case,
        state=CaseState.RESOLVED,
        acknowledged_at=case.acknowledged_at or now,
        acknowledged_by=case.acknowledged_by or speaker.key,
        resolved_at=now,
        resolved_by=speaker.key,
        reason=reason,
        outcome=f"known to be away: {str(reason).replace('_', ' ')}",
    )


# what is wrong


def _wrong(
    person: Person, script: str, because: str, known: tuple[KnownLine, ...] = ()
) -> Decision:
    """Nothing is saved, and what was read back before stands no more."""
    say = Say(to=person.key, script=script, known=known)
    return Decision(because=because, say=(say,), clears_proposal=True)


def _bad_days(trouble: DayTrouble, person: Person, ahead: Ahead) -> Decision:
    spans: tuple[Span, ...] = ()
    if trouble.first is not None:
        spans = (Span(trouble.first, trouble.last or trouble.first),)
    script = _AMISS[trouble.amiss]
    if trouble.amiss is Amiss.END_FIRST and trouble.last is not None:
        spans = tuple(Span(day, day) for day in (trouble.first, trouble.last) if day is not None)
    line = KnownLine(spans=spans)
    decision = _wrong(person, script, f"the days: {trouble.amiss}", (line,))
    (say,) = decision.say
    why = ahead.calendar.why_not_in_term(trouble.first) if trouble.first is not None else None
    more = {"said": trouble.said or "That day", "why": why or "no school day"}
    return replace(decision, say=(replace(say, more=more),))


def _nobody(read: Foretelling, person: Person, ahead: Ahead) -> Decision:
    is_note = read.tells in (Tells.NOTE, Tells.NOTE_OVER)
    near = tuple(KnownLine(ahead.shown[key]) for key in read.near if key in ahead.shown)
    script = "css_pupil_unknown_near" if near else "css_pupil_unknown"
    decision = _wrong(person, "css_provider_unknown" if is_note else script, "a name unknown", near)
    (say,) = decision.say
    return replace(decision, say=(replace(say, more={"said": read.said or "it"}),))


def _which(
    read: Foretelling,
    text: str,
    chosen: tuple[tuple[str, str], ...],
    person: Person,
    ahead: Ahead,
) -> Decision:
    proposal = Proposal(read.tells, text, said=read.said, offered=read.offered, chosen=chosen)
    is_note = read.tells in (Tells.NOTE, Tells.NOTE_OVER)
    if is_note:
        proposal = replace(proposal, said="provider")
        lines = tuple(KnownLine(places=ahead.places([key])) for key in read.offered)
        return _ask_which(proposal, lines, person, "Which provider")
    lines = tuple(
        KnownLine(
            next(pupil.name for pupil in ahead.people.pupils if pupil.key == key),
            places=ahead.places([one.provider for one in _placements(key, ahead)]),
        )
        for key in read.offered
    )
    return _ask_which(proposal, lines, person, f"Which {read.said.title()}")


def _ask_which(
    proposal: Proposal, lines: tuple[KnownLine, ...], person: Person, question: str
) -> Decision:
    say = Say(
        to=person.key,
        script="css_known_which",
        known=lines,
        proposal=proposal,
        buttons=Buttons.PROPOSAL,
        more={"question": question},
    )
    return Decision(because="asked who is meant", say=(say,), proposal=proposal)


# placements and spans


def _placements(pupil: str, ahead: Ahead) -> list[Placement]:
    return [
        placement
        for placement in ahead.people.placements
        if placement.pupil == pupil and (placement.to_on is None or placement.to_on >= ahead.today)
    ]


def _slots(pupil: str, span: Span, halves: frozenset[Half], ahead: Ahead) -> Iterator[_Slot]:
    """The sessions of the span in which the pupil is due."""
    providers = {provider.key: provider for provider in ahead.people.providers}
    placements = _placements(pupil, ahead)
    day = span.from_on
    while day <= span.to_on and day - span.from_on <= FARTHEST:
        for placement in placements:
            provider = providers[placement.provider]
            for half in sorted(halves):
                hours = provider.hours(half)
                is_due = hours is not None and placement.is_due(day, half)
                if hours and is_due and ahead.calendar.why_shut(provider, day, half) is None:
                    yield _Slot(provider.key, day, half, at(day, hours.end))
        day += ONE_DAY


def _line_of(
    pupil: str,
    reason: Reason | None,
    told: Sequence[ToldAbsence],
    ahead: Ahead,
    *,
    is_open: bool,
) -> KnownLine:
    slots = [slot for one in told for slot in _slots(pupil, one.span, one.halves, ahead)]
    halves = {slot.half for slot in slots} or {half for one in told for half in one.halves}
    return KnownLine(
        shown=ahead.shown[pupil],
        places=ahead.places([slot.provider for slot in slots]),
        spans=tuple(dict.fromkeys(one.span for one in told)),
        halves=_ordered(halves),
        reason=reason,
        is_open=is_open,
    )


def _ordered(halves: frozenset[Half] | set[Half]) -> tuple[Half, ...]:
    return tuple(half for half in Half if half in halves)


def _shared(one: Span, other: Span) -> Span | None:
    first, last = max(one.from_on, other.from_on), min(one.to_on, other.to_on)
    return Span(first, last) if first <= last else None


def _end_of(known: Sequence[KnownAbsence], on: date) -> date:
    """The last day of the absence that a day lies in, through all that follow without a gap."""
    end, day = on, on
    while any(one.span.covers(day) for one in known):
        end = max(one.span.to_on for one in known if one.span.covers(day))
        day = end + ONE_DAY
    return end
