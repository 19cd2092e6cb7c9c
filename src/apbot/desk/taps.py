"""
Taps: somebody pressed a button. Every tap is answered where it was made.

A tap carries what its message showed, so that an old message, or two people at once, cannot undo
what was said in between.
"""

from collections.abc import Sequence
from dataclasses import replace

from apbot.desk.buttons import (
    AnswerTap,
    CaseTap,
    GroupTap,
    ListTap,
    NoSuchButton,
    PlainTap,
    ProposalTap,
    WhichTap,
    fingerprint,
    read_tap,
)
from apbot.desk.contacts import on_contact_text
from apbot.desk.deadlines import fresh
from apbot.desk.foretelling import on_proposal_tap
from apbot.desk.happening import Happening
from apbot.desk.sides import on_known_text, on_option
from apbot.desk.staff import on_words, talk_of
from apbot.desk.which import tapped
from apbot.domain.asking import prompt
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.messages import VOICE, InboundKind
from apbot.domain.people import Person
from apbot.domain.register import Register
from apbot.domain.taps import Tap, on_tap
from apbot.store.cases import list_open_told
from apbot.store.registers import get_register


def on_key_of(happening: Happening, person: Person) -> str:
    """
    Do what the n-th button of a text of ours asks; return what came of it.

    The text is the one that it answers, as the network says. Where it does not say, the button's
    label is what was said, as if it had been typed: never is it taken for the latest text's.
    """
    place, _, label = happening.inbound.text.partition(" ")
    quoted = happening.quoted()
    is_theirs = quoted is not None and quoted.person == person.key
    buttons = [one for row in quoted.buttons for one in row] if quoted and is_theirs else []
    if quoted is not None and is_theirs and quoted.address.channel == VOICE:
        return _on_call_taken(happening, person, quoted.case_refs)
    if place.isdigit() and 0 < int(place) <= len(buttons):
        inbound = replace(happening.inbound, text=buttons[int(place) - 1].data)
        return on_tap_of(replace(happening, row=replace(happening.row, inbound=inbound)), person)
    return on_known_text(happening, person, label) if label else _over(happening, person)


def _on_call_taken(happening: Happening, person: Person, refs: Sequence[str]) -> str:
    """The key of a telephone call takes on all that it told of."""
    open_cases = list_open_told(happening.db, person.key)
    return on_contact_text(happening, person, f"ok {' '.join(refs)}", open_cases)


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
    if isinstance(tap, ListTap):
        return _list(happening, person, talk.register)
    if isinstance(tap, AnswerTap):
        # A button under a question is its answer typed, while the question is open.
        if talk.pending is None or fingerprint(talk.pending) != tap.question:
            return _over(happening, person)
        happening.toast(person, "tap_noted")
        return on_words(happening, talk, tap.words, "tap")
    meant = Tap(tap.number, tap.was, tap.mark)
    if isinstance(tap, PlainTap):
        meant = replace(meant, reason=tap.reason, said_time=tap.said_time, is_plain=True)
    decision = on_tap(talk, meant, happening.refs(), happening.now)
    if happening.inbound.kind is InboundKind.KEY:
        decision = replace(decision, say=(*decision.say, _read_back(person, decision, register)))
    rotas = {register.provider: talk.rota}
    return happening.save(person, decision, kind="tap", rotas=rotas, register=register)


def _list(happening: Happening, person: Person, register: Register) -> str:
    """The names come once they are asked for; of a register that is in, how it stands."""
    say = replace(prompt(register, person), once="", urgency=Urgency.REPLY)
    if not register.unmarked():
        say = Say(to=person.key, script="read_back_standing", register=register)
    decision = Decision(because="asked for the list of names", say=(say,))
    return happening.save(person, decision, kind="tap", register=register)


def _read_back(person: Person, decision: Decision, before: Register) -> Say:
    """What came of a tap, where no message can show it anew."""
    register = decision.register
    if register is None:
        return Say(to=person.key, script="tap_over", register=before)
    script = "read_back_standing" if register.unmarked() else "read_back"
    return Say(to=person.key, script=script, register=register)


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
    if happening.inbound.kind is InboundKind.KEY:
        happening.say(person, "tap_over")
    happening.toast(person, "tap_over")
    return "a tap on something that is over"
