import pytest

from apbot.domain.decisions import Decision
from apbot.domain.readings import RestPresent
from apbot.domain.register import How, Register, RegisterState
from apbot.domain.taps import SETTLES_AFTER
from apbot.domain.words import Flag, Mark, Matter, Reason
from tests.builders import (
    AIDEN,
    CHLOE,
    FEMI,
    GILL,
    JO,
    SAM,
    a_planned_register,
    a_pupil,
    a_register,
    clock,
)
from tests.domain.morning import Morning

THEO = a_pupil("Theo Ward", starts="10:30")
ALL_IN = {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT}


def a_morning(register: Register | None = None) -> Morning:
    return Morning(register or a_register(looked="09:30"))


def toasts(decision: Decision) -> list[tuple[str, str]]:
    return [(say.to, say.script) for say in decision.say if say.is_toast]


def test_all_in_marks_everybody_present() -> None:
    """One tap, the whole register."""
    morning = a_morning()
    decision = morning.taps("09:35")

    assert (morning.register.marks, morning.register.state) == (ALL_IN, RegisterState.COMPLETE)
    assert toasts(decision) == [(JO.key, "tap_all_in")]


def test_all_in_leaves_a_known_absence() -> None:
    """Whoever is known to be away keeps it, unless tapped by name."""
    morning = a_morning(a_register(AIDEN, a_pupil(CHLOE, away=Reason.ILLNESS), looked="09:30"))
    morning.taps("09:35")

    assert morning.register.marks == {1: Mark.PRESENT}


def test_all_in_leaves_a_pupil_whose_own_start_is_to_come() -> None:
    """Nobody is here before they are due."""
    morning = a_morning(a_register(AIDEN, THEO, looked="09:30"))
    morning.taps("09:35")

    assert morning.register.marks == {1: Mark.PRESENT}


def test_all_in_before_the_start_marks_those_of_the_first_start() -> None:
    """Five minutes early, and Theo is still due at half past ten."""
    morning = a_morning(a_planned_register(AIDEN, THEO))
    morning.taps("09:25")

    assert morning.register.marks == {1: Mark.PRESENT}


def test_all_in_after_a_pupils_own_start_marks_them_too() -> None:
    """By then they are due like the others."""
    morning = a_morning(a_register(AIDEN, THEO, looked="10:30"))
    morning.taps("10:35")

    assert morning.register.marks == {1: Mark.PRESENT, 2: Mark.PRESENT}


@pytest.mark.parametrize("mark", [Mark.ABSENT, Mark.AWAITED, Mark.UNACCOUNTED, Mark.LEFT])
def test_all_in_leaves_marks_that_are_held(mark: Mark) -> None:
    """All in settles those without a mark, and brings nobody back who was said to be away."""
    morning = a_morning(a_register(marks={3: mark}, looked="09:30"))
    morning.taps("09:35")

    assert morning.register.marks == {1: Mark.PRESENT, 2: Mark.PRESENT, 3: mark}


def test_a_tap_marks_one_pupil() -> None:
    """And says which, where it was tapped."""
    morning = a_morning()
    decision = morning.taps("09:35", 2)

    assert morning.register.marks == {2: Mark.PRESENT}
    assert toasts(decision) == [(JO.key, "tap_taken")]


def test_a_tap_is_an_entry_like_any_other() -> None:
    """Who, how, what it was before."""
    morning = a_morning(a_register(marks={2: Mark.PRESENT}, looked="09:30"))
    morning.taps("09:35", 2, Mark.ABSENT, was=Mark.PRESENT, by=SAM)

    entry = morning.register.entries[-1]
    assert (entry.how, entry.by, entry.was, entry.mark) == (
        How.TAP,
        SAM.key,
        Mark.PRESENT,
        Mark.ABSENT,
    )


def test_a_tap_on_a_message_that_a_colleague_has_overtaken_changes_nothing() -> None:
    """Sam's message still shows Femi unmarked; Jo has said since that he is off."""
    morning = a_morning(a_register(marks={3: Mark.ABSENT}, looked="09:30"))
    decision = morning.taps("09:36", 3, Mark.PRESENT, was=None, by=SAM)

    assert morning.register.marks == {3: Mark.ABSENT}
    assert toasts(decision) == [(SAM.key, "tap_changed")]


def test_a_tap_that_came_too_late_shows_the_message_as_it_stands() -> None:
    """The next tap is on the truth."""
    morning = a_morning(a_register(marks={3: Mark.ABSENT}, looked="09:30"))
    decision = morning.taps("09:36", 3, Mark.PRESENT, was=None, by=SAM)

    assert [(say.to, say.script) for say in decision.say if say.edits] == [
        (SAM.key, "register_message")
    ]


def test_two_people_who_tap_all_in_at_once_have_tapped_once() -> None:
    """The second adds no entry and undoes nothing."""
    morning = a_morning()
    morning.taps("09:35")
    morning.taps("09:35", by=SAM)

    assert (len(morning.register.entries), morning.register.marks) == (3, ALL_IN)


def test_two_people_who_tap_one_pupil_at_once_have_tapped_once() -> None:
    """The second tap meant what the first has done."""
    morning = a_morning()
    morning.taps("09:35", 2)
    morning.taps("09:35", 2, by=SAM)

    assert (len(morning.register.entries), morning.register.marks) == (1, {2: Mark.PRESENT})


@pytest.mark.parametrize("was", [Mark.ABSENT, Mark.AWAITED])
def test_a_tap_to_in_of_one_who_was_away_is_late(was: Mark) -> None:
    """Said to be off or on the way, and here now: has come late."""
    morning = a_morning(a_register(marks={3: was}, looked="09:30"))
    morning.taps("09:50", 3, Mark.PRESENT, was=was)

    assert morning.register.marks[3] is Mark.LATE


def test_a_tap_to_in_of_one_who_was_missed_is_present() -> None:
    """Found again is not late."""
    morning = a_morning(a_register(marks={3: Mark.UNACCOUNTED}, looked="09:30"))
    morning.taps("09:50", 3, Mark.PRESENT, was=Mark.UNACCOUNTED)

    assert morning.register.marks[3] is Mark.PRESENT


def test_a_tap_to_in_before_the_start_is_present() -> None:
    """Nobody is late before they are due."""
    morning = a_morning(a_register(AIDEN, THEO, marks={2: Mark.ABSENT}, looked="09:30"))
    morning.taps("10:20", 2, Mark.PRESENT, was=Mark.ABSENT)

    assert morning.register.marks[2] is Mark.PRESENT


def test_every_phone_with_the_message_shows_the_tap() -> None:
    """The one message is edited in place as taps come."""
    decision = a_morning().taps("09:35", 2)

    assert {say.to for say in decision.say if say.edits} == {JO.key, SAM.key}


def test_what_follows_from_taps_waits_until_they_have_come_to_rest() -> None:
    """A pupil tapped through "off" on the way to "on the way" alarms nobody."""
    morning = a_morning(a_register(marks=ALL_IN, looked="09:30"))
    morning.taps("09:35", 3, Mark.ABSENT, was=Mark.PRESENT)
    morning.taps(clock("09:35").replace(second=5), 3, Mark.AWAITED, was=Mark.ABSENT)

    assert morning.until("09:59").heard(GILL) == []


def test_an_absence_that_was_tapped_is_told_once_the_taps_are_at_rest() -> None:
    """Fifteen seconds after the last of them."""
    morning = a_morning()
    morning.taps("09:35", 3, Mark.ABSENT)
    morning.taps(clock("09:35").replace(second=10), 2, Mark.ABSENT)
    morning.until("09:36")

    assert [(heard.at, heard.say.script) for heard in morning.said if heard.say.to == GILL.key] == [
        (clock("09:35").replace(second=10) + SETTLES_AFTER, "css_absences")
    ]


def test_taps_at_rest_are_settled_once() -> None:
    """Nothing is left to settle, and nothing is told again."""
    morning = a_morning()
    morning.taps("09:35", 3, Mark.ABSENT)
    morning.until("09:36")

    assert (morning.register.settles_at, len(morning.cases)) == (None, 1)


def test_all_in_ends_a_missing_register_at_once() -> None:
    """There is nothing to wait for."""
    morning = a_morning()
    morning.taps("10:05")

    assert not morning.only_case.is_open


def test_taps_that_complete_the_register_end_the_missing_case_when_at_rest() -> None:
    """A pupil at a time, and then the CSS hears that it came."""
    morning = a_morning(a_register(AIDEN, CHLOE, looked="09:30"))
    morning.taps("10:05", 1)
    morning.taps("10:05", 2)

    assert morning.until("10:06").heard(GILL)[-1] == ("10:05", "css_register_came")


def test_the_alarm_is_not_kept_waiting_by_taps() -> None:
    """At ten it is looked at, whoever is tapping."""
    morning = a_morning(a_register(AIDEN, CHLOE, FEMI, looked="09:50"))
    morning.taps(clock("10:00").replace(hour=9, minute=59, second=55), 1)

    assert morning.until("10:00").heard(GILL) == [("10:00", "css_unaccounted")]


def test_the_message_can_be_tapped_before_the_register_opens() -> None:
    """A tap opens it; the prompt at the start is for those still unmarked."""
    morning = a_morning(a_planned_register(AIDEN, CHLOE))
    morning.taps("09:25", 1)

    assert morning.register.state is RegisterState.OPEN
    assert morning.until("09:30").heard(SAM)[-1] == ("09:30", "register_prompt")


def test_a_closed_register_cannot_be_tapped() -> None:
    """The provision is not running; a text with the register opens it again."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CLOSED])
    decision = morning.taps("09:40")

    assert (decision.register, toasts(decision)) == (None, [(JO.key, "tap_over")])


def test_a_register_of_yesterday_cannot_be_tapped() -> None:
    """Marks can be given until the day ends; later only by the CSS, with a reason."""
    decision = a_morning(a_register(marks=ALL_IN, looked="10:00")).taps("23:45", 1, Mark.ABSENT)

    assert (decision.register, toasts(decision)) == (None, [(JO.key, "tap_over")])


def test_a_number_that_is_not_on_the_roster_marks_nobody() -> None:
    """Phones can send anything."""
    decision = a_morning().taps("09:35", 9)

    assert (decision.register, toasts(decision)) == (None, [(JO.key, "tap_over")])


def test_a_tap_ends_the_question_that_was_open() -> None:
    """ "Are the others in?" has been answered by hand."""
    morning = a_morning()
    morning.says("09:35", {3: Mark.ABSENT}, ask=RestPresent((1, 2)))

    assert morning.taps("09:36").clears_pending


def test_a_pupil_tapped_as_absent_twice_is_one_case() -> None:
    """Tapped off, tapped in by mistake, tapped off again, all before they were at rest."""
    morning = a_morning(a_register(marks=ALL_IN, looked="09:30"))
    morning.taps("09:35", 3, Mark.ABSENT, was=Mark.PRESENT)
    morning.taps("09:35", 3, Mark.PRESENT, was=Mark.ABSENT)
    morning.taps("09:35", 3, Mark.ABSENT, was=Mark.LATE)

    assert len(morning.until("09:36").of(Matter.ABSENCE)) == 1
