from collections.abc import Sequence
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from apbot.domain.register import Due, Register, RegisterState, minutes_since
from apbot.domain.words import Mark, Reason
from tests.builders import (
    AIDEN,
    CHLOE,
    FEMI,
    a_planned_register,
    a_policy,
    a_pupil,
    a_register,
    an_entry,
    clock,
)


def looks(register: Register) -> list[tuple[str, Due]]:
    return [(f"{moment.at:%H:%M}", moment.due) for moment in register.moments()]


def test_a_register_is_looked_at_at_its_start_and_ten_twenty_and_thirty_minutes_after() -> None:
    """Prompt, chase, last chase, alarm: the contract's four moments."""
    assert looks(a_planned_register()) == [
        ("09:30", Due.PROMPT),
        ("09:40", Due.CHASE),
        ("09:50", Due.LAST_CHASE),
        ("10:00", Due.ALARM),
    ]


def test_a_later_start_of_a_pupils_own_has_moments_of_its_own() -> None:
    """Every clock that speaks of a pupil runs from the pupil's own start."""
    register = a_planned_register(AIDEN, a_pupil("Theo Ward", starts="10:30"))

    assert looks(register)[4:] == [
        ("10:30", Due.PROMPT),
        ("10:40", Due.CHASE),
        ("10:50", Due.LAST_CHASE),
        ("11:00", Due.ALARM),
    ]


def test_pupils_with_the_same_own_start_share_its_moments() -> None:
    """Two who come at half past ten are asked about once."""
    late = [a_pupil(name, starts="10:30") for name in ("Theo Ward", "Mia Lock")]

    assert len(a_planned_register(AIDEN, *late).moments()) == 8


def test_nobody_is_looked_for_who_is_known_to_be_away() -> None:
    """A known absence's own start is no moment."""
    away = a_pupil("Theo Ward", starts="10:30", away=Reason.MEDICAL_APPOINTMENT)

    assert len(a_planned_register(AIDEN, away).moments()) == 4


def test_a_register_of_known_absences_alone_is_never_looked_at() -> None:
    """A provider with nobody due is not asked."""
    register = a_planned_register(a_pupil(AIDEN, away=Reason.HOLIDAY))

    assert register.next_look() is None


def test_a_policy_that_chases_once_chases_on_the_next_channel() -> None:
    """The last chase is the one that widens, however many there are."""
    assert looks(a_planned_register(policy=a_policy(chase_after=(15,))))[1] == (
        "09:45",
        Due.LAST_CHASE,
    )


@pytest.mark.parametrize(
    ("looked", "next_look"),
    [
        (None, "09:30"),
        ("09:30", "09:40"),
        ("09:40", "09:50"),
        ("09:45", "09:50"),
        ("09:50", "10:00"),
        ("10:00", None),
    ],
)
def test_the_next_look_is_the_first_moment_after_the_last_look(
    looked: str | None, next_look: str | None
) -> None:
    """What was dealt with is not dealt with again, and what was not is not forgotten."""
    register = a_register(looked=looked)

    assert register.next_look() == (clock(next_look) if next_look else None)


def test_a_closed_register_is_looked_at_no_more() -> None:
    """Nobody is chased for a session that is not running."""
    assert a_register(state=RegisterState.CLOSED, looked="09:30").next_look() is None


def test_what_fell_due_while_nobody_looked_is_still_due() -> None:
    """A deadline is never dropped: all that passed since the last look are dealt with together."""
    due = a_register(looked="09:30").due_since_last_look(clock("09:55"))

    assert [moment.due for moment in due] == [Due.CHASE, Due.LAST_CHASE]


def test_nothing_is_due_a_second_before_its_moment() -> None:
    """Punctual: not a minute late, never early."""
    almost = clock("09:30").replace(minute=29, second=59)

    assert a_planned_register().due_since_last_look(almost) == ()


@pytest.mark.parametrize(
    ("marks", "has_come_in"),
    [
        ({}, False),
        ({2: Mark.ABSENT}, False),
        ({2: Mark.ABSENT, 3: Mark.AWAITED}, False),
        ({1: Mark.PRESENT}, True),
        ({1: Mark.LATE}, True),
        ({1: Mark.LEFT}, True),
        ({1: Mark.ABSENT, 2: Mark.ABSENT, 3: Mark.ABSENT}, True),
    ],
)
def test_exceptions_alone_are_no_register(marks: dict[int, Mark], has_come_in: bool) -> None:
    """ "Chloe is off" says of nobody that they are here: the register is still to come."""
    assert a_register(marks=marks).has_come_in is has_come_in


def test_known_absences_are_not_waited_for() -> None:
    """Whoever is known to be away needs no mark for the register to be complete."""
    register = a_register(AIDEN, a_pupil(CHLOE, away=Reason.ILLNESS), marks={1: Mark.PRESENT})

    assert register.state is RegisterState.COMPLETE


def test_a_known_absence_may_still_be_marked() -> None:
    """If the pupil comes after all, that mark wins."""
    away = a_pupil(CHLOE, away=Reason.ILLNESS)

    assert a_register(AIDEN, away, marks={2: Mark.PRESENT}).marks == {2: Mark.PRESENT}


def test_the_latest_entry_stands() -> None:
    """Every mark shown is derived from the entries; the last said of a pupil counts."""
    register = a_register(marks={1: Mark.ABSENT})

    corrected = register.with_entries([an_entry(register, 1, Mark.PRESENT)], clock("09:40"))

    assert corrected.marks == {1: Mark.PRESENT}


def test_an_entry_that_takes_a_mark_back_leaves_none() -> None:
    """A mark taken back is no mark, and what was said before stays on the list."""
    register = a_register(marks={1: Mark.PRESENT})

    emptied = register.with_entries([an_entry(register, 1, None)], clock("09:40"))

    assert (emptied.marks, len(emptied.entries)) == ({}, 2)


def test_a_register_is_complete_once_nobody_is_unmarked() -> None:
    """Completeness is stamped with the moment of the mark that made it so."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT})

    full = register.with_entries([an_entry(register, 3, Mark.ABSENT)], clock("09:41"))

    assert (full.state, full.completed_at) == (RegisterState.COMPLETE, clock("09:41"))


def test_a_correction_keeps_the_moment_at_which_it_was_complete() -> None:
    """The duty is measured by when the register came, not by when it was last put right."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT})

    corrected = register.with_entries([an_entry(register, 3, Mark.LATE)], clock("10:20"))

    assert corrected.completed_at == clock("09:30")


def test_a_mark_taken_back_opens_the_register_again() -> None:
    """A register with somebody unmarked is not complete, whatever it was before."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT})

    opened = register.with_entries([an_entry(register, 3, None)], clock("10:20"))

    assert (opened.state, opened.completed_at) == (RegisterState.OPEN, None)


def test_a_register_told_early_is_not_yet_open() -> None:
    """Marks before the start are kept; the register opens at its own moment."""
    register = a_planned_register(AIDEN)

    told = register.with_entries([an_entry(register, 1, Mark.PRESENT, "09:15")], clock("09:15"))

    assert (told.state, told.marks) == (RegisterState.PLANNED, {1: Mark.PRESENT})


@pytest.mark.parametrize(("by", "numbers"), [("09:30", [1]), ("10:29", [1]), ("10:30", [1, 2])])
def test_only_those_who_are_due_are_missed(by: str, numbers: Sequence[int]) -> None:
    """A pupil whose own start is to come is not unmarked yet."""
    register = a_register(AIDEN, a_pupil("Theo Ward", starts="10:30"))

    assert [line.number for line in register.unmarked(by=clock(by))] == numbers


def test_a_number_past_the_end_is_no_pupil() -> None:
    """A mark is never put on the nearest line."""
    with pytest.raises(KeyError):
        a_register().line(4)


@pytest.mark.parametrize("field", ["mark", "was", "by", "at"])
def test_an_entry_cannot_be_changed(field: str) -> None:
    """Nothing is overwritten."""
    entry: Any = an_entry(a_register(), 1, Mark.PRESENT)

    with pytest.raises(FrozenInstanceError):
        setattr(entry, field, None)


def test_those_with_a_mark_are_listed_in_the_rosters_order() -> None:
    """What is read back is in the order in which it was asked."""
    register = a_register(AIDEN, CHLOE, FEMI, marks={3: Mark.ABSENT, 1: Mark.UNACCOUNTED})

    found = register.marked(Mark.ABSENT, Mark.UNACCOUNTED)

    assert [line.number for line in found] == [1, 3]


def test_minutes_are_whole_and_not_rounded_up() -> None:
    """Half an hour and 59 seconds is said as 30 minutes."""
    assert minutes_since(clock("09:30"), clock("10:00").replace(second=59)) == 30
