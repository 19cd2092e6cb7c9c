from collections.abc import Mapping
from dataclasses import replace

import pytest

from apbot.domain.cases import CaseState
from apbot.domain.outlook import (
    Look,
    NextStep,
    alarm_at,
    look_of,
    needs_somebody,
    next_step,
    urgency_of,
)
from apbot.domain.policy import Tell
from apbot.domain.register import RegisterState
from apbot.domain.words import Mark, Matter
from tests.builders import a_case, a_pupil, a_register, clock

IN, OFF = Mark.PRESENT, Mark.ABSENT


@pytest.mark.parametrize(
    ("at", "marks", "look"),
    [
        ("09:29", {}, Look.NOT_DUE),
        ("09:30", {}, Look.ASKED),
        ("09:39", {}, Look.ASKED),
        ("09:40", {}, Look.LATE),
        ("09:59", {}, Look.LATE),
        ("10:00", {}, Look.MISSING),
        ("09:35", {1: IN}, Look.PART),
        ("09:45", {2: OFF}, Look.PART),
        ("10:00", {2: OFF}, Look.MISSING),
        ("10:00", {1: IN}, Look.PART),
        ("09:35", {1: IN, 2: OFF, 3: IN}, Look.IN),
    ],
)
def test_a_register_looks_as_the_clocks_of_the_contract_have_it(
    at: str, marks: Mapping[int, Mark], look: Look
) -> None:
    """Late from the first chase on, missing from the alarm on: exceptions alone are no register."""
    state = RegisterState.COMPLETE if len(marks) == 3 else RegisterState.OPEN

    assert look_of(a_register(marks=marks, state=state), clock(at)) is look


def test_a_closed_register_is_closed_whatever_the_time() -> None:
    """Nobody is asked, and nobody is late."""
    closed = a_register(state=RegisterState.CLOSED)

    assert look_of(closed, clock("11:00")) is Look.CLOSED
    assert alarm_at(closed, clock("09:31")) is None


def test_a_register_is_in_while_one_with_a_later_start_is_still_to_come() -> None:
    """Theo starts at half past ten: at ten all who were due are marked."""
    theo = a_pupil("Theo Marsh", starts="10:30")
    register = a_register("Aiden Brown", theo, marks={1: IN})

    assert look_of(register, clock("10:00")) is Look.IN
    assert look_of(register, clock("10:31")) is Look.PART
    assert alarm_at(register, clock("10:00")) == clock("11:00")


def test_the_alarm_is_that_of_those_who_are_still_unmarked() -> None:
    """Half an hour after their own start; none once everybody is marked."""
    assert alarm_at(a_register(), clock("09:35")) == clock("10:00")
    assert alarm_at(a_register(), clock("10:00")) is None
    assert alarm_at(a_register(marks={1: IN, 2: IN, 3: IN}), clock("09:35")) is None


def test_the_alarm_is_that_of_somebody_on_the_way_as_well() -> None:
    """Whoever is not there by then is not accounted for."""
    register = a_register(marks={1: IN, 2: IN, 3: Mark.AWAITED}, state=RegisterState.COMPLETE)

    assert look_of(register, clock("09:35")) is Look.IN
    assert alarm_at(register, clock("09:35")) == clock("10:00")


@pytest.mark.parametrize(("at", "needs"), [("09:35", False), ("09:40", True), ("10:31", True)])
def test_a_register_in_part_needs_an_eye_once_those_who_lack_were_asked_again(
    at: str, needs: bool
) -> None:
    """A thumb that is half through its list is no trouble."""
    assert needs_somebody(a_register(marks={1: IN}), clock(at)) is needs


def test_a_later_start_of_ones_own_needs_an_eye_from_its_own_chase_on() -> None:
    """Theo starts at half past ten and is asked for then: at ten to eleven he is missed."""
    theo = a_pupil("Theo Marsh", starts="10:30")
    register = a_register("Aiden Brown", theo, marks={1: IN})

    assert not needs_somebody(register, clock("10:31"))
    assert needs_somebody(register, clock("10:40"))


def test_what_comes_next_of_a_case_is_the_ladders_next_rung_or_the_asking_after_it() -> None:
    """So that the board says who hears of it when, before they do."""
    case = a_case(Matter.MISSING_REGISTER)
    held = replace(case, state=CaseState.ACKNOWLEDGED, acknowledged_by="gill")

    assert next_step(case) == NextStep(clock("10:10"), Tell.COVER)
    assert next_step(replace(case, rung=2)) == NextStep(clock("10:10"), Tell.ALL_CSS, is_again=True)
    assert next_step(held) == NextStep(clock("10:10"), None)
    assert next_step(replace(case, state=CaseState.RESOLVED)) is None


def test_what_nobody_has_comes_before_what_somebody_has_and_a_child_before_a_register() -> None:
    """The top of the board is what needs a person."""
    register = a_case(Matter.MISSING_REGISTER, ref="K1")
    absence = a_case(Matter.ABSENCE, ref="K2")
    child = a_case(Matter.UNACCOUNTED, ref="K3")
    held = replace(child, ref="K4", state=CaseState.ACKNOWLEDGED)

    ordered = sorted([absence, held, register, child], key=urgency_of)
    assert [case.ref for case in ordered] == ["K3", "K1", "K2", "K4"]
