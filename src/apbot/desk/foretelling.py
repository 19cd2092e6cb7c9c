"""
Foretelling: a CSS contact told ahead, by text, of an absence or of a note, or answered us.

What was told is read back and waits, one thing a person, until they say OK; then it counts, is kept
with the office's lists, and today's registers take it at once. Whatever is no such message goes
on untouched to be read as being about a case.
"""

from collections.abc import Collection
from datetime import date, datetime, time

from apbot.desk.buttons import ProposalTap, proposal_fingerprint
from apbot.desk.deadlines import am_marks_of
from apbot.desk.happening import Happening
from apbot.desk.planning import plan_day
from apbot.desk.rota import rota_of
from apbot.domain.calendar import at, local
from apbot.domain.cases import Case, CaseState
from apbot.domain.coming import Ahead
from apbot.domain.confirming import on_confirmed, on_declined
from apbot.domain.decisions import Buttons, Decision, Rota, Say
from apbot.domain.foretelling import on_foretelling
from apbot.domain.foretold import Proposal
from apbot.domain.people import Person
from apbot.domain.register import Register, RegisterState
from apbot.domain.told_today import on_told_today
from apbot.domain.words import Matter, Reason
from apbot.reading.foretelling import read_answer, read_foretelling
from apbot.reading.foretold_pieces import Nameable, Told
from apbot.reading.tokens import fold
from apbot.store.cases import list_of_register
from apbot.store.lists import Lists, find_lists
from apbot.store.proposals import find_proposal
from apbot.store.registers import get_register, list_registers
from apbot.wording.compose import NameStyle, short_names

READ_BACKS = frozenset(
    {
        *("css_known_read_back", "css_note_read_back", "css_note_over_read_back"),
        "css_known_which",
    }
)
"""The texts that a bare yes or no answers."""

Chosen = tuple[tuple[str, str], ...]


def on_told_ahead(
    happening: Happening, person: Person, text: str, open_cases: tuple[Case, ...]
) -> str | None:
    """Do what a contact's text asks of days to come; None where it is no such text."""
    waiting = _waiting(happening, person)
    if waiting is not None and _may_answer(happening, waiting[1]):
        came = _answered(happening, person, *waiting, text, open_cases)
        if came is not None:
            return came
    return _told(happening, person, text, (), open_cases)


def on_proposal_tap(happening: Happening, person: Person, tap: ProposalTap) -> str | None:
    """A button below what was read back is its answer typed; None where it is over."""
    waiting = _waiting(happening, person)
    if waiting is None or proposal_fingerprint(waiting[0]) != tap.proposal:
        return None
    happening.toast(person, "tap_noted")
    return _answered(happening, person, *waiting, tap.words, ())


def _waiting(happening: Happening, person: Person) -> tuple[Proposal, datetime] | None:
    """What was read back to this person today, and when. Yesterday's is forgotten."""
    midnight = at(local(happening.now).date(), time(0, 0))
    return find_proposal(happening.db, person.key, midnight)


def _may_answer(happening: Happening, at: datetime) -> bool:
    """A message that quotes another text is about that one; so is one that quotes an older."""
    quoted = happening.quoted()
    if quoted is None or quoted.made_at is None:
        return quoted is None
    return quoted.script in READ_BACKS and quoted.made_at >= at


def _answered(
    happening: Happening,
    person: Person,
    proposal: Proposal,
    at: datetime,
    text: str,
    open_cases: tuple[Case, ...],
) -> str | None:
    answer = read_answer(text, happening.desk.lexicon)
    if answer is False:
        return happening.save(person, on_declined(person), kind="told ahead")
    if proposal.offered:
        choice = _choice(happening.lists, proposal, answer, text)
        if choice is None:
            return None
        chosen = (*proposal.chosen, (proposal.said, choice))
        return _told(happening, person, proposal.text, chosen, open_cases)
    if answer is not True:
        return None
    return _confirmed(happening, person, proposal, _newer(open_cases, at, person))


def _choice(lists: Lists, proposal: Proposal, answer: bool | int | None, text: str) -> str | None:
    """The key that was picked, by its number or by a part of its name that only it has."""
    if isinstance(answer, int) and not isinstance(answer, bool):
        fits = 0 < answer <= len(proposal.offered)
        return proposal.offered[answer - 1] if fits else None
    words = fold(text).split()
    named = [
        pupil.key
        for pupil in lists.people.pupils
        if pupil.key in proposal.offered
        and words
        and set(words) <= set(fold(f"{pupil.name} {pupil.known_as or ''}").split())
    ]
    return named[0] if len(named) == 1 else None


def _newer(open_cases: Collection[Case], at: datetime, person: Person) -> tuple[Case, ...]:
    """Cases that came after what was read back: a bare OK could have been meant for them."""
    return tuple(
        case
        for case in open_cases
        if case.opened_at > at and case.state is not CaseState.ACKNOWLEDGED
    )


def _told(
    happening: Happening,
    person: Person,
    text: str,
    chosen: Chosen,
    open_cases: tuple[Case, ...],
) -> str | None:
    told = _context(happening, text, chosen, open_cases)
    read = read_foretelling(told, happening.desk.lexicon)
    if read is None:
        return None
    ahead = _ahead(happening, happening.lists)
    decision = on_foretelling(read, text, chosen, person, ahead)
    return happening.save(person, decision, kind="told ahead")


def _context(happening: Happening, text: str, chosen: Chosen, open_cases: tuple[Case, ...]) -> Told:
    people, today = happening.lists.people, happening.on
    shown = shown_pupils(happening.lists, today)
    return Told(
        text=text,
        today=today,
        calendar=happening.lists.calendar,
        pupils=tuple(
            Nameable(pupil.key, pupil.name, pupil.known_as, shown=shown[pupil.key])
            for pupil in people.pupils
            if pupil.key in shown
        ),
        providers=tuple(Nameable(p.key, p.name, kind=p.kind) for p in people.providers),
        refs=frozenset(case.ref.lower() for case in open_cases),
        busy=frozenset(case.pupil for case in open_cases if case.pupil is not None),
        has_cases=bool(open_cases),
        sought=frozenset(
            case.pupil
            for case in open_cases
            if case.pupil is not None and case.matter is Matter.UNACCOUNTED
        ),
        away=frozenset(one.pupil for one in people.known_absences if one.span.to_on >= today),
        chosen=dict(chosen),
    )


def _ahead(happening: Happening, lists: Lists) -> Ahead:
    names = {pupil.key: pupil.name for pupil in lists.people.pupils}
    return Ahead(
        people=lists.people,
        calendar=lists.calendar,
        service=lists.service,
        told=lists.told,
        shown={**names, **shown_pupils(lists, happening.on)},
        now=happening.now,
    )


def shown_pupils(lists: Lists, today: date) -> dict[str, str]:
    """Return the pupils whose placement is live or to come, by key: what each is on a phone."""
    placed = {
        placement.pupil
        for placement in lists.people.placements
        if placement.to_on is None or placement.to_on >= today
    }
    live = [pupil for pupil in lists.people.pupils if pupil.key in placed]
    style: NameStyle = lists.service.names.value
    shown = short_names([(pupil.name, pupil.known_as) for pupil in live], style)
    return {pupil.key: name for pupil, name in zip(live, shown, strict=True)}


def _confirmed(
    happening: Happening, person: Person, proposal: Proposal, newer: tuple[Case, ...]
) -> str:
    decision = confirmed(happening, person, proposal)
    if newer:
        script = "css_known_still_open"
        say = Say(to=person.key, script=script, cases=newer, buttons=Buttons.CASES)
        decision = Decision(
            because=decision.because,
            say=(*decision.say, say),
            told=decision.told,
            clears_proposal=True,
        )
    came = happening.save(person, decision, kind="told ahead")
    tell_today(happening, person, proposal)
    return came


def confirmed(happening: Happening, person: Person, proposal: Proposal) -> Decision:
    """Decide what follows from what is proposed, once it counts."""
    lists, db = happening.lists, happening.db

    def rota(provider: str, on: date) -> Rota:
        return rota_of(db, lists, provider, on, happening.desk.channels)

    return on_confirmed(proposal, person, _ahead(happening, lists), rota, happening.row.id)


def tell_today(happening: Happening, person: Person, proposal: Proposal) -> None:
    """Today's registers take what was told: planned ones afresh, open ones line by line."""
    db, today = happening.db, local(happening.now).date()
    pupils = {one.pupil for one in proposal.absences if one.span.covers(today)}
    # Not by the desk's shelf: what this transaction has written is nobody else's yet.
    lists = find_lists(db)
    if not pupils or lists is None:
        return
    plan_day(db, lists, happening.now)
    for found in list_registers(db, today):
        if found.id is not None and any(line.pupil in pupils for line in found.roster):
            _tell_register(happening, person, get_register(db, found.id), proposal, lists)


def _tell_register(
    happening: Happening, person: Person, register: Register, proposal: Proposal, lists: Lists
) -> None:
    assert register.id is not None
    known = _known(register, proposal, lists, happening.now)
    is_fresh = register.state is RegisterState.PLANNED and not register.entries
    if is_fresh or not known:
        return
    rota = happening.rota(register.provider)
    decision = on_told_today(
        register,
        known,
        am_marks_of(happening.db, register),
        list_of_register(happening.db, register.id),
        rota,
        happening.refs(),
        person,
        happening.now,
        happening.row.id,
    )
    if decision is not None:
        rotas = {register.provider: rota}
        happening.save(person, decision, kind="told ahead", rotas=rotas, register=register)


def _known(
    register: Register, proposal: Proposal, lists: Lists, now: datetime
) -> dict[str, Reason | None]:
    """Why the pupils of this half that were told of are away, by key; None for one who is in."""
    told = {
        one.pupil
        for one in proposal.absences
        if register.half in one.halves and one.span.covers(register.on)
    }
    known: dict[str, Reason | None] = dict.fromkeys(sorted(told))
    for absence in lists.people.known_absences:
        if absence.pupil in known and absence.covers(register.on, register.half):
            known[absence.pupil] = absence.reason
    if register.ends_at <= now:
        return {pupil: reason for pupil, reason in known.items() if reason is not None}
    return known
