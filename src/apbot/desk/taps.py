"""
Taps: somebody pressed a button. Every tap is answered where it was made.

A tap carries what its message showed, so that an old message, or two people at once, cannot undo
what was said in between.
"""

from apbot.desk.buttons import (
    AnswerTap,
    CaseTap,
    GroupTap,
    NoSuchButton,
    ProposalTap,
    WhichTap,
    fingerprint,
    read_tap,
)
from apbot.desk.contacts import on_contact_text
from apbot.desk.deadlines import fresh
from apbot.desk.foretelling import on_proposal_tap
from apbot.desk.happening import Happening
from apbot.desk.sides import on_option
from apbot.desk.staff import on_words, talk_of
from apbot.desk.which import tapped
from apbot.domain.answers import Tap, on_tap
from apbot.domain.people import Person
from apbot.domain.register import Register
from apbot.store.cases import list_open_told
from apbot.store.registers import get_register


def on_tap_of(happening: Happening, person: Person) -> str:
    """Do what a person's tap asks; return what came of it."""
    try:
        tap = read_tap(happening.inbound.text)
    except NoSuchButton:
        return _over(happening, person)
    if isinstance(tap, GroupTap):
        return _over(happening, person)
    if isinstance(tap, WhichTap):
        waiting = tapped(happening, person, tap)
        if waiting is None:
            return _over(happening, person)
        happening.toast(person, "tap_noted")
        return on_option(*waiting, person)
    is_contact = person.key in happening.lists.people.contact_by_key
    if isinstance(tap, CaseTap | ProposalTap) and not is_contact:
        # Drawn for contacts alone: phones can send anything.
        return _over(happening, person)
    if isinstance(tap, CaseTap):
        happening.toast(person, "tap_noted")
        open_cases = list_open_told(happening.db, person.key)
        return on_contact_text(happening, person, f"{tap.words} {tap.ref}", open_cases)
    if isinstance(tap, ProposalTap):
        return on_proposal_tap(happening, person, tap) or _over(happening, person)
    register = _register(happening, person, tap.register)
    if register is None:
        return _over(happening, person)
    talk = talk_of(happening, person, register)
    if isinstance(tap, AnswerTap):
        # A button under a question is its answer typed, while the question is open.
        if talk.pending is None or fingerprint(talk.pending) != tap.question:
            return _over(happening, person)
        happening.toast(person, "tap_noted")
        return on_words(happening, talk, tap.words, "tap")
    meant = Tap(tap.number, tap.was, tap.mark)
    decision = on_tap(talk, meant, happening.refs(), happening.now)
    rotas = {register.provider: talk.rota}
    return happening.save(person, decision, kind="tap", rotas=rotas, register=register)


def _register(happening: Happening, person: Person, id: int) -> Register | None:
    """The register, where it is today's and of a provider that this person works for."""
    try:
        register = fresh(happening.lists, get_register(happening.db, id))
    except LookupError:
        return None
    works_there = any(
        staff.provider == register.provider for staff in happening.lists.people.works_as(person.key)
    )
    return register if works_there and register.on == happening.on else None


def _over(happening: Happening, person: Person) -> str:
    happening.toast(person, "tap_over")
    return "a tap on something that is over"
