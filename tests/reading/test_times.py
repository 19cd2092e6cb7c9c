from datetime import time

import pytest

from apbot.domain.words import Mark
from tests.reading.conftest import Reads

ROSTER = ("Aiden Brown", "Chloe Davies")


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("arrived 9:50", "09:50"),
        ("arrived 9.50", "09:50"),
        ("arrived at 0950", "09:50"),
        ("came in at ten to ten", "09:50"),
        ("came in at quarter to 10", "09:45"),
        ("came in late at twenty to", "09:40"),
        ("got here nine fifty", "09:50"),
        ("turned up at ten", "10:00"),
        ("arrived 10am", "10:00"),
        ("L 9:45", "09:45"),
        ("late but here now 9.55", "09:55"),
        ("was 15 late", "09:45"),
    ],
)
def test_an_arrival_after_the_start_is_late_with_its_time(said: str, at: str, reads: Reads) -> None:
    """However the clock is spelt, it is the same time."""
    reading = reads(f"chloe {said}", *ROSTER, sent_at="10:05")

    assert reading.marks == {2: Mark.LATE}
    assert reading.times == {2: time.fromisoformat(at)}


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("will be in at 10", "10:00"),
        ("in 15", "09:55"),
        ("15 away", "09:55"),
        ("back by 11", "11:00"),
        ("late 10.15", "10:15"),
        ("on way, 20 mins", "10:00"),
        ("here in half an hour", "10:10"),
        ("half an hour late", "10:00"),
        ("eta ten past ten", "10:10"),
        ("in about an hour", "10:40"),
        ("late half ten", "10:30"),
    ],
)
def test_a_time_to_come_is_awaited_with_its_time(said: str, at: str, reads: Reads) -> None:
    """A count with "late" runs from the start, any other from when it was sent."""
    reading = reads(f"chloe {said}", *ROSTER, sent_at="09:40")

    assert reading.marks == {2: Mark.AWAITED}
    assert reading.times == {2: time.fromisoformat(at)}


def test_an_afternoon_hour_is_read_inside_the_working_day(reads: Reads) -> None:
    """ "1.40" is twenty to two in the afternoon."""
    reading = reads("chloe arrived 1.40", *ROSTER, half="PM", start="13:00", sent_at="13:50")

    assert reading.times == {2: time(13, 40)}


def test_somebody_here_by_the_start_is_present(reads: Reads) -> None:
    """A time at or before the start is no lateness."""
    reading = reads("chloe got here 9.20", *ROSTER)

    assert reading.marks == {2: Mark.PRESENT}
    assert reading.times == {2: time(9, 20)}


def test_somebody_expected_after_the_session_is_absent_from_it(reads: Reads) -> None:
    """ "Back at 2" in the morning is not here this morning, and its time is the afternoon's."""
    reading = reads("chloe at the dentist back at 2", *ROSTER)

    assert reading.marks == {2: Mark.ABSENT}
    assert not reading.times


def test_while_two_is_till_two(reads: Reads) -> None:
    """ "at the opticians while 2 then she's coming", as they say in Yorkshire."""
    text = "chloe at the opticians while 2 then shes coming"
    reading = reads(text, *ROSTER, half="PM", start="13:00", sent_at="13:05")

    assert reading.marks == {2: Mark.AWAITED}
    assert reading.times == {2: time(14, 0)}
