"""
Sides: which of the things that somebody is they speak as, when they are more than one.

A contact may answer for a provider, a parent may work at one. Each message is read on the side to
which it plainly belongs: by the text that it quotes, the ref or the pupil of a case that they were
told of, the register that is open. Where two would do they are asked; it is never read on both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from apbot.desk.contacts import OVER_KNOWN, on_contact_text
from apbot.desk.happening import Happening
from apbot.desk.off_register import words_of
from apbot.desk.parents import on_parent_text
from apbot.desk.staff import on_staff_text, reading_of, registers_now
from apbot.desk.which import CSS, PARENT, PROVIDER, Option, answered, ask_which, provider_option
from apbot.domain.calendar import at, local
from apbot.domain.cases import Case
from apbot.domain.people import Person
from apbot.domain.register import Register
from apbot.domain.words import Action, Flag, Speaker
from apbot.reading.side_words import SideWords
from apbot.reading.tokens import fold
from apbot.store.cases import list_open_of_pupils, list_open_told, list_over_told
from apbot.store.outbox import OutboxRow
from apbot.store.proposals import find_proposal


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is, and what is open to them on each side."""

    is_contact: bool
    providers: tuple[str, ...]
    children: tuple[str, ...]
    told: tuple[Case, ...]
    registers: tuple[Register, ...]
    own: tuple[Case, ...]

    @property
    def sides(self) -> tuple[str, ...]:
        """Every side on which they can speak at all."""
        sides = [(PROVIDER, self.providers), (CSS, self.is_contact), (PARENT, self.children)]
        return tuple(side for side, has in sides if has)

    @property
    def open_sides(self) -> tuple[str, ...]:
        """Those on which something waits for them."""
        waiting = any(one.unmarked() for one in self.registers)
        sides = [(PROVIDER, waiting), (CSS, self.told), (PARENT, self.own)]
        return tuple(side for side, has in sides if has)


def on_known_text(happening: Happening, person: Person, text: str) -> str:
    """Do what a text of somebody we know asks, on the side on which they said it."""
    if fold(text.strip().strip(".!")) in happening.desk.lexicon.sides.stops_abroad:
        text = "STOP"
    waiting = answered(happening, person, text)
    if waiting is not None:
        return on_option(*waiting, person)
    standing = _standing(happening, person, text)
    side = _side(happening, person, standing, text)
    if side is None:
        return ask_which(happening, person, _options(standing), "ask_which_side")
    return _on_side(happening, person, standing, side, text)


def on_option(happening: Happening, option: str, person: Person) -> str:
    """Handle a message that waited, as being for what its sender has said now."""
    text = happening.inbound.text
    standing = _standing(happening, person, text)
    if option.startswith(PROVIDER):
        key = option.removeprefix(PROVIDER)
        return on_staff_text(happening, person, [key], text)
    return _on_side(happening, person, standing, option, text)


def _on_side(happening: Happening, person: Person, standing: Standing, side: str, text: str) -> str:
    if side == CSS:
        return on_contact_text(happening, person, text, standing.told)
    if side == PROVIDER:
        return on_staff_text(happening, person, standing.providers, text)
    return on_parent_text(happening, person, text)


def _standing(happening: Happening, person: Person, text: str) -> Standing:
    people = happening.lists.people
    providers = tuple(staff.provider for staff in people.works_as(person.key))
    children = tuple(parent.pupil for parent in people.children_of(person.key))
    is_contact = person.key in people.contact_by_key
    return Standing(
        is_contact=is_contact,
        providers=providers,
        children=children,
        told=list_open_told(happening.db, person.key) if is_contact else (),
        registers=tuple(registers_now(happening, person, providers, text)) if providers else (),
        own=list_open_of_pupils(happening.db, children) if children else (),
    )


def _side(happening: Happening, person: Person, standing: Standing, text: str) -> str | None:
    """The side on which they plainly speak, or None where two would do."""
    sides = standing.sides
    if len(sides) < 2:
        return sides[0] if sides else PARENT
    quoted = happening.quoted()
    if quoted is not None and (side := _side_of(quoted)) in sides:
        return side
    if CSS in sides and _is_for_css(happening, person, standing, text):
        return CSS
    plain = [side for side in sides if _is_plain(happening, person, standing, side, text)]
    for able in (plain, standing.open_sides):
        if len(able) == 1:
            return able[0]
    return None if standing.open_sides else sides[0]


def _side_of(quoted: OutboxRow) -> str:
    if quoted.script.startswith("css_"):
        return CSS
    return PARENT if quoted.script.startswith("parent_") else PROVIDER


def _is_for_css(happening: Happening, person: Person, standing: Standing, text: str) -> bool:
    """It names a case of theirs by its ref, tells of days to come, or says OK to what it told."""
    refs = set(re.findall(r"[a-z][0-9]+", text.lower()))
    since = happening.now - OVER_KNOWN
    told = (*standing.told, *list_over_told(happening.db, person.key, since))
    if any(case.ref.lower() in refs for case in told):
        return True
    sides = happening.desk.lexicon.sides
    if text.strip().lower().partition(" ")[0].strip(":,") in sides.tells_ahead:
        return not any(reading_of(happening, person, one, text).marks for one in standing.registers)
    midnight = at(local(happening.now).date(), time(0, 0))
    return _is_bare_answer(text, sides) and (
        find_proposal(happening.db, person.key, midnight) is not None
    )


def _is_bare_answer(text: str, sides: SideWords) -> bool:
    """ "ok", "2": what answers a question of ours, whatever it was."""
    bare = re.sub(r"^\W+|\W+$", "", text.lower())
    return bare in sides.bare_answers or (len(bare) == 1 and bare.isdecimal())


def _is_plain(
    happening: Happening, person: Person, standing: Standing, side: str, text: str
) -> bool:
    """Whether the words say something on this side."""
    if side == PROVIDER:
        readings = [reading_of(happening, person, one, text) for one in standing.registers]
        return any(reading.marks or reading.flags - {Flag.HELP} for reading in readings)
    if side == PARENT:
        is_open = bool(standing.own)
        return is_open and bool(words_of(text) & _of_own_child(happening, standing))
    if not standing.told:
        return False
    reading = happening.read_of_cases(standing.told, text, Speaker.CSS)
    return any(action.action in (Action.ACK, Action.RESOLVE) for action in reading.cases)


def _of_own_child(happening: Happening, standing: Standing) -> set[str]:
    return {*_children(happening, standing), *happening.desk.lexicon.sides.of_my_child}


def _children(happening: Happening, standing: Standing) -> set[str]:
    pupils = [happening.lists.people.pupil_by_key[key] for key in standing.children]
    return {word for pupil in pupils for word in words_of(f"{pupil.name} {pupil.known_as or ''}")}


def _options(standing: Standing) -> Sequence[Option]:
    options = [
        provider_option(one.provider, one.provider_name)
        for one in {one.provider: one for one in standing.registers}.values()
        if PROVIDER in standing.open_sides
    ]
    if CSS in standing.open_sides:
        refs = ", ".join(case.ref for case in standing.told[:3])
        options.append(Option(CSS, f"your cases ({refs})"))
    if PARENT in standing.open_sides:
        options.append(Option(PARENT, "your own child"))
    return options
