"""
Confirming: what was read back to a contact counts, and providers hear of it in time.

They are told at four o'clock of the working day before, like of any other, or at once where that
has passed: of their own pupils and days, and of nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from apbot.domain.calendar import at
from apbot.domain.coming import (
    Ahead,
    Slot,
    known_lines,
    overlap,
    slots_in,
)
from apbot.domain.decisions import Decision, Rota, Say
from apbot.domain.foretold import (
    Hears,
    KnownLine,
    Proposal,
    ToldAbsence,
)
from apbot.domain.people import Person, Span
from apbot.domain.words import Half


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


def _slots_of(proposal: Proposal, ahead: Ahead) -> Iterator[tuple[Slot, bool]]:
    for one in proposal.absences:
        for slot in slots_in(one.pupil, one.span, one.halves, ahead):
            yield slot, one.reason is not None
    for note in proposal.notes:
        pupils = {p.pupil for p in ahead.people.placements if p.provider == note.provider}
        for pupil in sorted(pupils):
            for slot in slots_in(pupil, note.span, frozenset(Half), ahead):
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
            spans=(overlap(note.span, near) or near,),
            text=note.text,
        )
        script = "provider_told_note_over" if note.is_over else "provider_told_note"
        yield Say(to=to, script=script, known=(line,), once=f"{once}:{place}")


def _near(absences: Sequence[ToldAbsence], near: Span) -> Iterator[ToldAbsence]:
    for one in absences:
        span = overlap(one.span, near)
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
