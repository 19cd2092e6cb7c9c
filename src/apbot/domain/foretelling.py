"""
Foretelling: what is read back when a CSS contact tells ahead, by text, of an absence or of a note.

First it is read back, then it counts: nobody is away because a sentence was misread. What cannot
be is answered with exactly what is wrong, and saves nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from apbot.domain.amiss import ask_which, bad_days, nobody, which, wrong
from apbot.domain.calendar import local
from apbot.domain.coming import (
    FARTHEST,
    Ahead,
    known_lines,
    line_of,
    live_placements,
    ordered,
    overlap,
    slots_in,
)
from apbot.domain.decisions import Buttons, Decision, Say
from apbot.domain.foretold import (
    ONE_DAY,
    Amiss,
    Days,
    DayTrouble,
    Foretelling,
    KnownLine,
    Proposal,
    Tells,
    ToldAbsence,
    ToldNote,
    moment_of,
    standing_absences,
    within,
    without,
)
from apbot.domain.people import KnownAbsence, Person, Span
from apbot.domain.words import Half, Reason

LONGEST_NOTE = 400
"""So many characters of a note go into one text beside what else is told ahead."""


def on_foretelling(
    read: Foretelling, text: str, chosen: tuple[tuple[str, str], ...], person: Person, ahead: Ahead
) -> Decision:
    """Decide what is read back of a message, or what is wrong with it."""
    if read.is_several:
        return wrong(person, "css_one_at_a_time", "several tellings in one message")
    if read.offered:
        return which(read, text, chosen, person, ahead)
    if read.said and not (read.pupils or read.providers):
        return nobody(read, person, ahead)
    if isinstance(read.days, DayTrouble):
        return bad_days(read.days, person, ahead)
    if read.days is not None and read.days.spans[0].from_on < ahead.today:
        # Said before midnight and only read now: the bot was away.
        return bad_days(DayTrouble(Amiss.PAST, read.days.spans[0].from_on), person, ahead)
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
            if not any(True for span in spans for _ in slots_in(pupil, span, days.halves, ahead)):
                return self._not_due(pupil, days)
            wider = [known for span in spans for known in self._narrowed(pupil, span, days.halves)]
            reason = self.read.reason or Reason.UNKNOWN
            if reason is Reason.UNKNOWN and wider:
                reason = wider[0].reason
            told += [self._absence(pupil, span, days.halves, reason) for span in spans]
            told += [
                self._absence(pupil, one.span, one.halves - days.halves, None) for one in wider
            ]
        return self._read_back(absences=tuple(told), is_open=days.is_open)

    def _narrowed(self, pupil: str, span: Span, halves: frozenset[Half]) -> Iterator[KnownAbsence]:
        """
        What was told of these very days and of more of them: a later, narrower word replaces it.

        "Sorry, only in the morning": the afternoon is taken back, and read back as such. A week's
        absence stays what it is when one of its days is told of.
        """
        for known in self.ahead.people.known_absences:
            other = known.halves - halves
            if known.pupil != pupil or not halves < known.halves:
                continue
            is_due = any(True for _ in slots_in(pupil, known.span, other, self.ahead))
            if is_due and overlap(known.span, span) == known.span:
                yield known

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
                return wrong(self.person, script, "no such absence is known", (line,))
        return self._read_back(absences=tuple(told))

    def note(self) -> Decision:
        days, text = self._days(), " ".join(self.read.text.split())
        provider = self.read.providers[0]
        line = KnownLine(places=self.ahead.places([provider]), spans=days.spans if days else ())
        if not text:
            return wrong(self.person, "css_note_how", "a note without words", (line,))
        if len(text) > LONGEST_NOTE:
            return wrong(self.person, "css_note_too_long", "too long for a note", (line,))
        if days is None:
            return wrong(self.person, "css_note_no_day", "a note without a day", (line,))
        if not any(self._anybody_due(provider, span) for span in days.spans):
            return wrong(self.person, "css_note_nobody_due", "nobody is due there then", (line,))
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
            if (shared := overlap(note.span, span)) is not None
        ]
        texts = tuple(dict.fromkeys(note.text for note in notes))
        if not notes:
            line = KnownLine(places=self.ahead.places([provider]))
            return wrong(self.person, "css_no_note", "no such note", (line,))
        if len(texts) > 1:
            proposal = Proposal(
                self.read.tells, self.text, said="note", offered=texts, chosen=self.chosen
            )
            lines = tuple(KnownLine(text=text) for text in texts)
            return ask_which(proposal, lines, self.person, "Which note")
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
            return wrong(self.person, "css_nothing_to_undo", "nothing to undo")
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
        return overlap(span, Span(self.ahead.today, max(self.ahead.today, span.to_on)))

    def _ended(self, pupil: str, span: Span, days: Days) -> Span:
        """An absence without an end lasts as long as the pupil's placements, or the calendar."""
        if not days.is_open:
            return span
        ends = [one.to_on or span.to_on for one in live_placements(pupil, self.ahead)]
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
            for slot in slots_in(pupil, span, frozenset(Half), self.ahead)
        )

    def _not_due(self, pupil: str, days: Days) -> Decision:
        asked = KnownLine(self.ahead.shown[pupil], spans=days.spans, halves=ordered(days.halves))
        placed = tuple(
            KnownLine(
                self.ahead.shown[pupil],
                places=self.ahead.places([placement.provider]),
                weekdays=tuple(sorted({day for day, _ in placement.timetable})),
            )
            for placement in live_placements(pupil, self.ahead)
        )
        return wrong(self.person, "css_not_due", "not due then", (asked, *placed))

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
                    line = line_of(rest.pupil, rest.reason, [away], self.ahead, is_open=False)
                    yield replace(line, is_left=True)


def _end_of(known: Sequence[KnownAbsence], on: date) -> date:
    """The last day of the absence that a day lies in, through all that follow without a gap."""
    end, day = on, on
    while any(one.span.covers(day) for one in known):
        end = max(one.span.to_on for one in known if one.span.covers(day))
        day = end + ONE_DAY
    return end
