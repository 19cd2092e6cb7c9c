"""
Buttons: what a tap says, in at most 64 bytes, and what it meant when it was drawn.

A tap's data carries what the message showed, so that a tap on an old message, or two people's taps
at once, cannot undo what was said in between.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from zlib import crc32

from apbot.domain.cases import Case, NoticeState
from apbot.domain.decisions import Buttons, Say
from apbot.domain.foretold import Proposal
from apbot.domain.messages import Button
from apbot.domain.readings import Ask, CountOrNumber, RestPresent, WhichPupil
from apbot.domain.register import Line, Register, RegisterState
from apbot.domain.words import Mark, Reason
from apbot.store.values import to_json
from apbot.wording.foretold import option
from apbot.wording.plain import TICKS

CODES = {
    "p": Mark.PRESENT,
    "l": Mark.LATE,
    "w": Mark.AWAITED,
    "a": Mark.ABSENT,
    "u": Mark.UNACCOUNTED,
    "g": Mark.LEFT,
    "-": None,
}
LETTERS = {mark: code for code, mark in CODES.items()}

# What the next tap on a pupil means: in, off, on the way, in.
NEXT = {
    None: Mark.PRESENT,
    Mark.PRESENT: Mark.ABSENT,
    Mark.LATE: Mark.ABSENT,
    Mark.LEFT: Mark.PRESENT,
    Mark.ABSENT: Mark.AWAITED,
    Mark.AWAITED: Mark.PRESENT,
    Mark.UNACCOUNTED: Mark.PRESENT,
}

TAKES = "ok"
"""What a case's first button says: it takes the case on."""

ALL_IN = "a:"
LIST = "l:"
"""How the data of two buttons begins: All in, and the one that asks for the list of names."""

Rows = tuple[tuple[Button, ...], ...]


class NoSuchButton(ValueError):
    """The data was not drawn by us; phones can send anything."""


@dataclass(frozen=True, slots=True)
class MarkTap:
    """A pupil's button, or All in (number None)."""

    register: int
    number: int | None
    was: Mark | None
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class ListTap:
    """A button under a text that names nobody: the list of names is wanted."""

    register: int


@dataclass(frozen=True, slots=True)
class PlainTap:
    """A slip's button for a pupil: every mark has its own, a reason or a time may follow."""

    register: int
    number: int
    was: Mark | None
    mark: Mark
    reason: Reason | None = None
    said_time: time | None = None


@dataclass(frozen=True, slots=True)
class AnswerTap:
    """A button under a question: the same as typing `words`, while that question is open."""

    register: int
    question: str
    words: str


@dataclass(frozen=True, slots=True)
class CaseTap:
    """A button under a case: the same as typing the words with its ref."""

    ref: str
    words: str


@dataclass(frozen=True, slots=True)
class ProposalTap:
    """A button below what was read back: the same as typing `words`, while that waits."""

    proposal: str
    words: str


@dataclass(frozen=True, slots=True)
class WhichTap:
    """A button under "which is it for?": what the message `inbox` is about."""

    inbox: int
    option: str


@dataclass(frozen=True, slots=True)
class GroupTap:
    """A button under "whose group is this?": one of those that the tapper works for."""

    option: str


def buttons_for(say: Say) -> Rows:
    """Return the rows of buttons that a text offers."""
    register = say.register
    if say.offers:
        return tuple((button,) for button in say.offers)
    if say.buttons is Buttons.PROPOSAL and say.proposal is not None:
        return _proposal_rows(say, say.proposal)
    if say.buttons is Buttons.REGISTER and register is not None:
        return _register_rows(register)
    if say.buttons is Buttons.CASES:
        return _case_rows(say.cases)
    if register is None or say.ask is None or register.id is None:
        return ()
    if say.buttons is Buttons.REST and isinstance(say.ask, RestPresent):
        return ((_answer(register.id, say.ask, "Yes, all in", "yes"),),)
    if say.buttons is Buttons.WHICH and isinstance(say.ask, WhichPupil):
        offered = [line for line in register.roster if line.number in say.ask.pupils]
        return tuple(
            (_answer(register.id, say.ask, line.shown, str(line.number)),) for line in offered
        )
    if say.buttons is Buttons.COUNT and isinstance(say.ask, CountOrNumber):
        number = say.ask.n
        shown = [line.shown for line in register.roster if line.number == number]
        label = f"Number {number}" + (f", {shown[0]}" if shown else "")
        return ((_answer(register.id, say.ask, label, "number"),),)
    return ()


Tapped = MarkTap | ListTap | PlainTap | AnswerTap | CaseTap | ProposalTap | WhichTap | GroupTap


def read_tap(data: str) -> Tapped:
    """Return what a tap's data means. Raises NoSuchButton for anything we did not draw."""
    kind, *rest = data.split(":")
    try:
        if kind == "a" and len(rest) == 1:
            return MarkTap(int(rest[0]), None, None, Mark.PRESENT)
        if kind == "l" and len(rest) == 1:
            return ListTap(int(rest[0]))
        if kind == "m" and len(rest) == 4:
            register, number, was, mark = rest
            return MarkTap(int(register), int(number), CODES[was], CODES[mark])
        if kind == "s" and len(rest) == 6:
            return _plain_tap(rest)
        if kind == "q" and len(rest) == 3:
            return AnswerTap(int(rest[0]), rest[1], rest[2])
        if kind == "c" and len(rest) == 2:
            return CaseTap(rest[0], rest[1])
        if kind == "k" and len(rest) == 2:
            return ProposalTap(rest[0], rest[1])
        if kind == "w" and len(rest) == 2:
            return WhichTap(int(rest[0]), rest[1])
        if kind == "g" and len(rest) == 1:
            return GroupTap(rest[0])
    except (KeyError, ValueError):
        raise NoSuchButton(data[:64]) from None
    raise NoSuchButton(data[:64])


def plain_tap(tap: PlainTap) -> str:
    """Return what a slip's button says."""
    at = tap.said_time.strftime("%H%M") if tap.said_time else ""
    was, mark = LETTERS[tap.was], LETTERS[tap.mark]
    return f"s:{tap.register}:{tap.number}:{was}:{mark}:{tap.reason or ''}:{at}"


def which_button(inbox: int, option: str, label: str) -> Button:
    """Return the button that says which a message is for."""
    return Button(label[:40], f"w:{inbox}:{option_fingerprint(option)}")


def group_button(provider: str, label: str) -> Button:
    """Return the button that says whose a group is."""
    return Button(label[:40], f"g:{option_fingerprint(provider)}")


def option_fingerprint(option: str) -> str:
    """Return a few letters that tell one option from another; a key may be too long for a tap."""
    return f"{crc32(option.encode()):08x}"


def fingerprint(ask: Ask) -> str:
    """Return a few letters that tell one question from another."""
    return f"{crc32(repr(ask).encode()):08x}"


def proposal_fingerprint(proposal: Proposal) -> str:
    """Return a few letters that tell one proposal from another, the same in every process."""
    return f"{crc32(json.dumps(to_json(Proposal, proposal), sort_keys=True).encode()):08x}"


def _plain_tap(said: Sequence[str]) -> PlainTap:
    register, number, was, letter, reason, at = said
    mark = CODES[letter]
    if mark is None:
        raise ValueError("a slip takes no mark back")
    return PlainTap(
        int(register),
        int(number),
        CODES[was],
        mark,
        Reason(reason) if reason else None,
        time(int(at[:2]), int(at[2:])) if at else None,
    )


def _proposal_rows(say: Say, proposal: Proposal) -> Rows:
    print_of = proposal_fingerprint(proposal)
    if proposal.offered:
        return tuple(
            (Button(option(line)[:40], f"k:{print_of}:{number}"),)
            for number, line in enumerate(say.known, 1)
        )
    return ((Button("Yes", f"k:{print_of}:yes"), Button("No", f"k:{print_of}:no")),)


def _register_rows(register: Register) -> Rows:
    if register.state is RegisterState.CLOSED:
        return ()
    rows: list[tuple[Button, ...]] = []
    if register.unmarked():
        rows.append((Button("✅ All in", f"{ALL_IN}{register.id}"),))
    pupils = [_pupil_button(register, line) for line in register.roster]
    two = len(pupils) > 4 and all(len(button.label) <= 16 for button in pupils)
    width = 2 if two else 1
    rows += [tuple(pupils[i : i + width]) for i in range(0, len(pupils), width)]
    return tuple(rows)


def _pupil_button(register: Register, line: Line) -> Button:
    mark = register.marks.get(line.number)
    shown = Mark.ABSENT if mark is None and line.known_absence is not None else mark
    data = f"m:{register.id}:{line.number}:{LETTERS[mark]}:{LETTERS[NEXT[shown or mark]]}"
    if mark is None and line.known_absence is not None:
        data = f"m:{register.id}:{line.number}:-:p"
    return Button(f"{TICKS[shown]} {line.shown}", data)


def _case_rows(cases: Sequence[Case]) -> Rows:
    rows = ((*_take_button(case), *_parents_button(case)) for case in cases)
    return tuple(row for row in rows if row)


def _take_button(case: Case) -> tuple[Button, ...]:
    return (Button(f"👍 On it: {case.ref}", f"c:{case.ref}:{TAKES}"),) if case.is_open else ()


def _parents_button(case: Case) -> tuple[Button, ...]:
    """Tell them, where a contact's word is waited for; else keep back what is due."""
    if case.notice is None or not case.notice.waits:
        return ()
    if case.notice.state is NoticeState.HELD:
        return (Button(f"✉️ Tell parent: {case.ref}", f"c:{case.ref}:tell"),)
    return (Button(f"✋ Don't tell: {case.ref}", f"c:{case.ref}:don't tell"),)


def _answer(register: int, ask: Ask, label: str, words: str) -> Button:
    return Button(label, f"q:{register}:{fingerprint(ask)}:{words}")
