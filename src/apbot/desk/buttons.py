"""
Buttons: what a tap says, in at most 64 bytes, and what it meant when it was drawn.

A tap's data carries what the message showed, so that a tap on an old message, or two people's taps
at once, cannot undo what was said in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from apbot.domain.cases import Case
from apbot.domain.decisions import Buttons, Say
from apbot.domain.messages import Button
from apbot.domain.readings import Ask, CountOrNumber, RestPresent, WhichPupil
from apbot.domain.register import Line, Register, RegisterState
from apbot.domain.words import Mark
from apbot.wording.facts import TICKS

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


def buttons_for(say: Say) -> Rows:
    """Return the rows of buttons that a text offers."""
    register = say.register
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


def read_tap(data: str) -> MarkTap | AnswerTap | CaseTap:
    """Return what a tap's data means. Raises NoSuchButton for anything we did not draw."""
    kind, *rest = data.split(":")
    try:
        if kind == "a" and len(rest) == 1:
            return MarkTap(int(rest[0]), None, None, Mark.PRESENT)
        if kind == "m" and len(rest) == 4:
            register, number, was, mark = rest
            return MarkTap(int(register), int(number), CODES[was], CODES[mark])
        if kind == "q" and len(rest) == 3:
            return AnswerTap(int(rest[0]), rest[1], rest[2])
        if kind == "c" and len(rest) == 2:
            return CaseTap(rest[0], rest[1])
    except (KeyError, ValueError):
        raise NoSuchButton(data[:64]) from None
    raise NoSuchButton(data[:64])


def fingerprint(ask: Ask) -> str:
    """Return a few letters that tell one question from another."""
    return f"{crc32(repr(ask).encode()):08x}"


def _register_rows(register: Register) -> Rows:
    if register.state is RegisterState.CLOSED:
        return ()
    rows: list[tuple[Button, ...]] = []
    if register.unmarked():
        rows.append((Button("✅ All in", f"a:{register.id}"),))
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
    open_cases = [case for case in cases if case.is_open]
    return tuple((Button(f"👍 On it: {case.ref}", f"c:{case.ref}:ok"),) for case in open_cases)


def _answer(register: int, ask: Ask, label: str, words: str) -> Button:
    return Button(label, f"q:{register}:{fingerprint(ask)}:{words}")
