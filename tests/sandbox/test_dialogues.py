from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from apbot.sandbox.dialogues import Dialogue, Step
from apbot.sandbox.phones import LONDON


def a_dialogue(**changes: Any) -> dict[str, Any]:
    """A written dialogue, as its file holds it."""
    steps = [
        {"caption": "It is nearly half past nine."},
        {"at": "09:30", "phone": "Gill Marsh", "hears": "who is in"},
        {"at": "09:32", "phone": "Gill Marsh", "says": "all in"},
    ]
    return {"name": "all-in", "title": "All in", "start": "09:25", "steps": steps} | changes


def test_a_dialogue_is_read_as_it_is_written() -> None:
    """Name, title, start, and each step with its time, its phone and its words."""
    dialogue = Dialogue.of(a_dialogue(about="An easy morning."))

    assert (dialogue.title, dialogue.about, dialogue.start) == (
        "All in",
        "An easy morning.",
        time(9, 25),
    )
    assert dialogue.steps[1] == Step(at=time(9, 30), phone="Gill Marsh", hears="who is in")
    assert dialogue.phones == {"Gill Marsh"}


def test_a_dialogue_without_a_start_begins_with_its_first_step() -> None:
    """The first time in the steps is the start, where none is given."""
    assert Dialogue.of(a_dialogue(start=None)).start == time(9, 30)


def test_a_time_that_yaml_took_for_a_number_is_a_time() -> None:
    """YAML reads an unquoted 10:30 as 630; it is half past ten all the same."""
    assert Dialogue.of(a_dialogue(start=630)).start == time(10, 30)


def test_steps_for_other_readers_are_passed_over() -> None:
    """What is neither caption nor talk is not for the phones."""
    steps = [{"at": "09:30", "silence": "10 minutes"}, {"caption": "Nothing came."}]

    assert Dialogue.of(a_dialogue(steps=steps)).steps == (Step(caption="Nothing came."),)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "has no name"),
        ({"steps": []}, "all-in: it has no steps"),
        ({"steps": [{"at": "09:30", "says": "x"}]}, "step 1 does not say on which phone"),
        ({"steps": [{"phone": "G", "says": "x", "taps": "y"}]}, "step 1 has both says and taps"),
        ({"start": "half nine"}, "'half nine' is no time such as 09:30"),
        ({"start": "25:00"}, "all-in: hour must be in 0"),
        ({"steps": [{"phone": "G", "switches": "dim"}]}, "step 1 switches neither"),
        ({"steps": [{"network": "sms", "switches": "down"}]}, "step 1 switches a network"),
        ({"steps": [{"switches": "blocked"}]}, "step 1 does not say on which phone"),
        ({"date": "soon"}, "all-in: Invalid isoformat"),
    ],
)
def test_a_mistake_in_a_dialogue_is_named(changes: dict[str, Any], words: str) -> None:
    """A dialogue that cannot be played says why, by its name."""
    with pytest.raises(ValueError, match=words):
        Dialogue.of(a_dialogue(**changes))


@pytest.mark.parametrize(
    ("now", "on", "begins"),
    [
        ("2026-11-23 09:00", None, "2026-11-23 09:25"),
        ("2026-11-23 10:00", None, "2026-11-24 09:25"),
        ("2026-11-27 10:00", None, "2026-11-30 09:25"),
        ("2026-11-28 09:00", None, "2026-11-30 09:25"),
        ("2026-11-23 09:00", "2026-12-01", "2026-12-01 09:25"),
        ("2026-12-03 09:00", "2026-12-01", "2026-12-08 09:25"),
        ("2026-12-01 09:26", "2026-12-01", "2026-12-08 09:25"),
        ("2027-06-23 09:00", None, "2027-06-23 09:25"),
    ],
    ids=[
        "today",
        "too late",
        "friday",
        "saturday",
        "its own day",
        "its day is over",
        "its hour is over",
        "summer",
    ],
)
def test_a_dialogue_begins_at_its_next_time(now: str, on: str | None, begins: str) -> None:
    """Today, else the next weekday; one with a day then, or on the next of the same weekday."""
    dialogue = Dialogue.of(a_dialogue(date=on))
    local_now = datetime.fromisoformat(now).replace(tzinfo=LONDON)

    begun = dialogue.begins(local_now.astimezone(UTC), LONDON)
    assert begun == datetime.fromisoformat(begins).replace(tzinfo=LONDON)


def test_a_dialogue_is_played_on_an_open_day_alone() -> None:
    """In a holiday nobody is due: it waits for the first day of its own after it."""
    dialogue = Dialogue.of(a_dialogue(date="2026-11-23"))
    now = datetime(2026, 12, 14, 12, 0, tzinfo=UTC)

    begun = dialogue.begins(now, LONDON, lambda day: day >= date(2027, 1, 5))
    assert begun == datetime(2027, 1, 11, 9, 25, tzinfo=LONDON)


def test_a_dialogue_that_finds_no_day_says_so() -> None:
    """Where the calendar ends, a play is refused and no day is looked for without end."""
    with pytest.raises(ValueError, match="“All in” finds no school day"):
        Dialogue.of(a_dialogue()).begins(
            datetime(2026, 11, 23, tzinfo=UTC), LONDON, lambda _: False
        )


def test_a_dialogue_without_times_begins_at_once() -> None:
    """Where no step has a time, a dialogue moves no clock."""
    dialogue = Dialogue.of(a_dialogue(start=None, steps=[{"caption": "Hello."}]))
    now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)

    assert dialogue.begins(now, LONDON) == now
