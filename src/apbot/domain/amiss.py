"""
Amiss: what a contact tells ahead and cannot be, or could be of several.

It is answered with exactly what is wrong, or with the one question, and nothing is saved.
"""

from dataclasses import replace

from apbot.domain.coming import Ahead, live_placements
from apbot.domain.decisions import Buttons, Decision, Say
from apbot.domain.foretold import (
    Amiss,
    DayTrouble,
    Foretelling,
    KnownLine,
    Proposal,
    Tells,
)
from apbot.domain.people import Person, Span

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


def wrong(person: Person, script: str, because: str, known: tuple[KnownLine, ...] = ()) -> Decision:
    """Nothing is saved, and what was read back before stands no more."""
    say = Say(to=person.key, script=script, known=known)
    return Decision(because=because, say=(say,), clears_proposal=True)


def bad_days(trouble: DayTrouble, person: Person, ahead: Ahead) -> Decision:
    """Answer days that cannot be: which, and why."""
    spans: tuple[Span, ...] = ()
    if trouble.first is not None:
        spans = (Span(trouble.first, trouble.last or trouble.first),)
    script = _AMISS[trouble.amiss]
    if trouble.amiss is Amiss.END_FIRST and trouble.last is not None:
        spans = tuple(Span(day, day) for day in (trouble.first, trouble.last) if day is not None)
    line = KnownLine(spans=spans)
    decision = wrong(person, script, f"the days: {trouble.amiss}", (line,))
    (say,) = decision.say
    why = ahead.calendar.why_not_in_term(trouble.first) if trouble.first is not None else None
    more = {"said": trouble.said or "That day", "why": why or "no school day"}
    return replace(decision, say=(replace(say, more=more),))


def nobody(read: Foretelling, person: Person, ahead: Ahead) -> Decision:
    """Answer a name that is nobody's, with those that sound like it."""
    is_note = read.tells in (Tells.NOTE, Tells.NOTE_OVER)
    near = tuple(KnownLine(ahead.shown[key]) for key in read.near if key in ahead.shown)
    script = "css_pupil_unknown_near" if near else "css_pupil_unknown"
    decision = wrong(person, "css_provider_unknown" if is_note else script, "a name unknown", near)
    (say,) = decision.say
    return replace(decision, say=(replace(say, more={"said": read.said or "it"}),))


def which(
    read: Foretelling,
    text: str,
    chosen: tuple[tuple[str, str], ...],
    person: Person,
    ahead: Ahead,
) -> Decision:
    """Ask which of several pupils, or providers, is meant."""
    proposal = Proposal(read.tells, text, said=read.said, offered=read.offered, chosen=chosen)
    is_note = read.tells in (Tells.NOTE, Tells.NOTE_OVER)
    if is_note:
        proposal = replace(proposal, said="provider")
        lines = tuple(KnownLine(places=ahead.places([key])) for key in read.offered)
        return ask_which(proposal, lines, person, "Which provider")
    lines = tuple(
        KnownLine(
            next(pupil.name for pupil in ahead.people.pupils if pupil.key == key),
            places=ahead.places([one.provider for one in live_placements(key, ahead)]),
        )
        for key in read.offered
    )
    return ask_which(proposal, lines, person, f"Which {read.said.title()}")


def ask_which(
    proposal: Proposal, lines: tuple[KnownLine, ...], person: Person, question: str
) -> Decision:
    """Put the question; what was said waits for its answer."""
    say = Say(
        to=person.key,
        script="css_known_which",
        known=lines,
        proposal=proposal,
        buttons=Buttons.PROPOSAL,
        more={"question": question},
    )
    return Decision(because="asked who is meant", say=(say,), proposal=proposal)
