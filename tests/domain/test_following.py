import pytest

from apbot.domain.cases import CaseState
from apbot.domain.decisions import Buttons, Urgency
from apbot.domain.following import LASTS, follow
from apbot.domain.register import Register
from apbot.domain.words import Action, Flag, Half, Mark, Matter, Reason
from tests.builders import (
    AIDEN,
    BEV,
    CHLOE,
    FEMI,
    GILL,
    JO,
    LENA,
    OLA,
    RAVI,
    SAM,
    a_planned_register,
    a_policy,
    a_pupil,
    a_register,
    a_rota,
    clock,
    refs,
)
from tests.domain.morning import Morning

REST = {1: Mark.PRESENT, 2: Mark.PRESENT}
EXPLAIN = [reason for reason in Reason if reason not in (Reason.REFUSING, Reason.UNKNOWN)]


def asked(*pupils: str) -> Register:
    return a_register(*pupils, looked="09:30")


def an_afternoon() -> Register:
    return a_register(half=Half.PM, start="13:00", end="15:00", looked="13:00")


def test_an_absence_is_told_to_the_key_contact_at_once() -> None:
    """`absent`, not known beforehand: a case, told in the same breath."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})

    assert (morning.only_case.matter, morning.heard(GILL)) == (
        Matter.ABSENCE,
        [("09:35", "css_absences")],
    )


def test_all_absences_of_one_reply_are_one_message() -> None:
    """One message a register, a line a pupil, never a flood."""
    morning = Morning(asked())
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.ABSENT})

    assert [case.shown for case in morning.last("css_absences").cases] == ["Chloe D", "Femi O"]
    assert morning.heard(GILL) == [("09:35", "css_absences")]


@pytest.mark.parametrize("reason", [Reason.REFUSING, Reason.UNKNOWN, None])
def test_an_absence_without_a_good_reason_waits_to_be_taken_on(reason: Reason | None) -> None:
    """`unknown`, `refusing` or no reason needs an acknowledgement."""
    morning = Morning(asked())
    morning.says("09:35", {3: Mark.ABSENT}, reasons={3: reason} if reason else None)

    assert morning.only_case.state is CaseState.TOLD
    assert morning.last("css_absences").buttons is Buttons.CASES


@pytest.mark.parametrize("reason", EXPLAIN)
def test_an_absence_that_is_explained_is_told_and_over(reason: Reason) -> None:
    """A reason that explains it is told and needs no acknowledgement."""
    morning = Morning(asked())
    morning.says("09:35", {3: Mark.ABSENT}, reasons={3: reason})

    assert morning.only_case.state is CaseState.RESOLVED
    assert morning.heard(GILL) == [("09:35", "css_absences_explained")]


def test_an_explained_absence_offers_nothing_to_take_on() -> None:
    """No button asks for what nobody need do."""
    morning = Morning(asked())
    morning.says("09:35", {3: Mark.ABSENT}, reasons={3: Reason.ILLNESS})

    assert morning.last("css_absences_explained").buttons is Buttons.NONE


def test_one_unexplained_absence_among_others_makes_the_message_one_to_answer() -> None:
    """Both stand in one message, and it asks for an answer."""
    morning = Morning(asked())
    morning.says("09:35", {2: Mark.ABSENT, 3: Mark.ABSENT}, reasons={2: Reason.ILLNESS})

    assert [case.is_open for case in morning.last("css_absences").cases] == [False, True]


def test_a_reason_that_comes_later_ends_the_absence() -> None:
    """ "Femi's mum rang, he's ill" ten minutes on: nobody need chase it."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:45", reasons={3: Reason.ILLNESS})

    assert (morning.only_case.state, morning.heard(GILL)[-1]) == (
        CaseState.RESOLVED,
        ("09:45", "css_case_over"),
    )


def test_a_reason_that_does_not_explain_leaves_the_absence_open() -> None:
    """ "No idea why" is said, and still to be followed up."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:45", reasons={3: Reason.UNKNOWN})

    assert morning.only_case.is_open


def test_a_known_absence_makes_no_case() -> None:
    """Told beforehand by the CSS itself: nobody is told what they know."""
    morning = Morning(a_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY), looked="09:30"))
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.ABSENT})

    assert morning.cases == {}


def test_a_pupil_known_to_be_away_who_cannot_be_found_is_still_an_alarm() -> None:
    """What is known beforehand never hushes "can't find Chloe"."""
    morning = Morning(a_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY), looked="09:30"))
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.UNACCOUNTED})

    assert morning.only_case.matter is Matter.UNACCOUNTED


def test_a_pupil_who_cannot_be_found_is_told_at_once_to_both() -> None:
    """Key contact and safeguarding lead, in the same breath, as an alarm."""
    morning = Morning(asked())
    morning.says("09:45", {**REST, 3: Mark.UNACCOUNTED})

    assert (morning.heard(GILL), morning.heard(LENA)) == (
        [("09:45", "css_unaccounted")],
        [("09:45", "css_unaccounted")],
    )
    assert morning.last("css_unaccounted").urgency is Urgency.ALARM


def test_a_provider_that_cannot_find_a_pupil_is_not_told_its_own_words() -> None:
    """It said so itself; it is asked again when the time comes."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})

    assert [script for _, script in morning.heard(JO)] == ["read_back"]


def test_a_provider_is_asked_every_ten_minutes_until_the_pupil_is_found() -> None:
    """ "Found yet?" goes on, also after the CSS has taken the case on."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    morning.contact_says("09:37", GILL, Action.ACK)
    morning.until("10:05")
    morning.says("10:08", {3: Mark.PRESENT})

    assert [said for said in morning.until("11:00").heard(SAM) if "still" in said[1]] == [
        ("09:45", "provider_still_unaccounted"),
        ("09:55", "provider_still_unaccounted"),
        ("10:05", "provider_still_unaccounted"),
    ]


def test_a_pupil_absent_this_afternoon_who_was_here_this_morning_did_not_come_back() -> None:
    """PM `absent` after AM `present`, without leave: unaccounted, not absence."""
    afternoon = Morning(an_afternoon(), am_marks={3: Mark.PRESENT})
    afternoon.says("13:05", {**REST, 3: Mark.ABSENT})

    assert [case.matter for case in afternoon.cases.values()] == [Matter.UNACCOUNTED]


@pytest.mark.parametrize(
    ("morning_mark", "matter"),
    [
        (Mark.PRESENT, Matter.UNACCOUNTED),
        (Mark.LATE, Matter.UNACCOUNTED),
        (Mark.LEFT, Matter.ABSENCE),
        (Mark.ABSENT, Matter.ABSENCE),
        (None, Matter.ABSENCE),
    ],
)
def test_what_the_morning_held_says_what_an_afternoons_absence_is(
    morning_mark: Mark | None, matter: Matter
) -> None:
    """Only one who was here and did not leave with leave has failed to come back."""
    am_marks = {3: morning_mark} if morning_mark else {}
    afternoon = Morning(an_afternoon(), am_marks=am_marks)
    afternoon.says("13:05", {**REST, 3: Mark.ABSENT})

    assert afternoon.only_case.matter is matter


def test_an_afternoons_absence_with_leave_is_an_absence() -> None:
    """ "Femi's gone to the dentist" after a morning here: explained, and over."""
    afternoon = Morning(an_afternoon(), am_marks={3: Mark.PRESENT})
    afternoon.says("13:05", {**REST, 3: Mark.ABSENT}, reasons={3: Reason.MEDICAL_APPOINTMENT})

    assert (afternoon.only_case.matter, afternoon.only_case.is_open) == (Matter.ABSENCE, False)


def test_leave_that_is_told_later_ends_the_alarm() -> None:
    """The reason explains why a pupil did not come back: the alarm is over, the absence told."""
    afternoon = Morning(an_afternoon(), am_marks={3: Mark.PRESENT})
    afternoon.says("13:05", {**REST, 3: Mark.ABSENT})
    afternoon.says("13:10", reasons={3: Reason.FAMILY})

    assert [(case.matter, case.is_open) for case in afternoon.cases.values()] == [
        (Matter.UNACCOUNTED, False),
        (Matter.ABSENCE, False),
    ]


def test_a_mornings_marks_do_not_matter_in_a_morning() -> None:
    """The rule is the afternoon's alone."""
    morning = Morning(asked(), am_marks={3: Mark.PRESENT})
    morning.says("09:35", {**REST, 3: Mark.ABSENT})

    assert morning.only_case.matter is Matter.ABSENCE


@pytest.mark.parametrize("mark", [None, Mark.AWAITED])
def test_a_pupil_nobody_spoke_of_by_thirty_is_not_accounted_for(mark: Mark | None) -> None:
    """Own start + 30, register in, that pupil still unmarked or awaited."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: mark} if mark else REST)
    morning.until("10:00")

    assert (morning.only_case.matter, morning.only_case.shown) == (Matter.UNACCOUNTED, "Femi O")


def test_a_pupil_unmarked_before_thirty_is_no_case_yet() -> None:
    """Never early: at 09:59 Femi is still being chased."""
    morning = Morning(asked())
    morning.says("09:35", REST)

    assert morning.until("09:59").cases == {}


def test_the_provider_is_told_whom_it_did_not_speak_of() -> None:
    """It did not say so itself: it is told, and asked where he is."""
    morning = Morning(asked())
    morning.says("09:35", REST)
    morning.until("10:00")

    assert [line.shown for line in morning.last("provider_unaccounted").lines] == ["Femi O"]


def test_several_unaccounted_are_one_message() -> None:
    """One message a contact, a line a pupil."""
    morning = Morning(asked())
    morning.says("09:35", {1: Mark.PRESENT})
    morning.until("10:00")

    assert morning.heard(LENA) == [("10:00", "css_unaccounted")]


def test_a_late_partial_register_leaves_the_missing_case_for_the_rest() -> None:
    """At 10:20 only Aiden is in: the register is still missing, and no alarm is added to it."""
    morning = Morning(asked())
    morning.says("10:20", {1: Mark.PRESENT})

    assert [(case.matter, case.is_open) for case in morning.cases.values()] == [
        (Matter.MISSING_REGISTER, True)
    ]


def test_a_late_register_with_one_still_on_the_way_alarms_for_that_one() -> None:
    """The register came at 10:20 and Femi, due 09:30, has not come: missing ends, he begins."""
    morning = Morning(asked())
    morning.says("10:20", {**REST, 3: Mark.AWAITED})

    assert [(case.matter, case.is_open) for case in morning.cases.values()] == [
        (Matter.MISSING_REGISTER, False),
        (Matter.UNACCOUNTED, True),
    ]


@pytest.mark.parametrize("mark", [Mark.PRESENT, Mark.LATE, Mark.LEFT])
@pytest.mark.parametrize("was", [Mark.ABSENT, Mark.UNACCOUNTED])
def test_a_pupil_marked_here_ends_the_case(was: Mark, mark: Mark) -> None:
    """What ends an absence or an unaccounted case: the pupil being marked here."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: was})
    morning.says("09:50", {3: mark})

    assert (morning.only_case.is_open, morning.only_case.outcome) == (
        False,
        f"marked {mark} by Jo Archer",
    )


def test_the_end_is_told_to_all_who_were_told_of_the_opening() -> None:
    """Key contact and lead were told that Femi could not be found: both hear that he is here."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    morning.until("09:46").says("09:50", {3: Mark.PRESENT})

    assert {
        person.name
        for person in (GILL, LENA, RAVI, OLA)
        if ("09:50", "css_case_over") in morning.heard(person)
    } == {"Gill Marsh", "Lena Holt", "Ravi Nair", "Ola Finch"}


def test_an_end_is_stamped_with_who_and_when() -> None:
    """Whoever replies to a case that is over can be told by whom and when."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:50", {3: Mark.LATE}, by=SAM)

    assert (morning.only_case.resolved_by, morning.only_case.resolved_at) == (
        SAM.key,
        clock("09:50"),
    )


def test_a_pupil_said_to_be_on_the_way_ends_the_absence() -> None:
    """The bus broke down: no absence, and the clock of the awaited runs."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:45", {3: Mark.AWAITED})

    assert morning.only_case.outcome == "now said to be on the way"


def test_an_absent_pupil_said_to_be_on_the_way_who_does_not_come_is_an_alarm() -> None:
    """One case over, and at thirty another begins."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:45", {3: Mark.AWAITED})
    morning.until("10:00")

    assert [case.matter for case in morning.cases.values() if case.is_open] == [Matter.UNACCOUNTED]


def test_a_pupil_on_the_way_does_not_end_an_alarm() -> None:
    """Somebody who cannot be found is not found by being expected."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    morning.says("09:50", {3: Mark.AWAITED})

    assert morning.only_case.is_open


def test_an_absent_pupil_who_turns_out_to_be_lost_is_an_alarm() -> None:
    """ "Femi set off and never arrived": the absence is over, the alarm begins."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:50", {3: Mark.UNACCOUNTED})

    assert [(case.matter, case.is_open) for case in morning.cases.values()] == [
        (Matter.ABSENCE, False),
        (Matter.UNACCOUNTED, True),
    ]


def test_a_pupil_nobody_spoke_of_who_is_then_said_to_be_off_is_an_absence() -> None:
    """At ten nobody knew; at five past the provider says that he never came."""
    morning = Morning(asked())
    morning.says("09:35", REST)
    morning.says("10:05", {3: Mark.ABSENT})

    assert [(case.matter, case.is_open) for case in morning.cases.values()] == [
        (Matter.UNACCOUNTED, False),
        (Matter.ABSENCE, True),
    ]


@pytest.mark.parametrize("mark", [Mark.ABSENT, Mark.UNACCOUNTED])
def test_the_same_said_again_opens_nothing(mark: Mark) -> None:
    """Nothing is opened twice of one cause."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: mark})
    morning.says("09:40", {3: mark}, by=SAM)

    assert len(morning.cases) == 1


@pytest.mark.parametrize("mark", [Mark.ABSENT, Mark.UNACCOUNTED])
def test_a_case_that_a_contact_ended_is_not_opened_again_by_another_pupils_mark(
    mark: Mark,
) -> None:
    """Gill says that it is dealt with; ten minutes later somebody writes about Chloe."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: mark})
    morning.contact_says("09:45", GILL, Action.RESOLVE)
    morning.says("09:55", {2: Mark.LATE})

    assert len(morning.cases) == 1


def test_an_alarm_at_thirty_that_a_contact_ended_is_not_opened_again() -> None:
    """Femi is still unmarked, and somebody has said where he is."""
    morning = Morning(asked())
    morning.says("09:35", REST)
    morning.contact_says("10:10", GILL, Action.RESOLVE)
    morning.says("10:15", {2: Mark.LATE})

    assert len(morning.of(Matter.UNACCOUNTED)) == 1


def test_an_explained_absence_is_told_once() -> None:
    """Looked at again with every mark, and told no more."""
    morning = Morning(asked())
    morning.says("09:35", {3: Mark.ABSENT}, reasons={3: Reason.ILLNESS})
    morning.says("09:40", REST)

    assert morning.heard(GILL) == [("09:35", "css_absences_explained")]


def test_a_new_cause_opens_a_new_case() -> None:
    """Found at ten, gone again at eleven: that is another alarm, with a ref of its own."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    morning.says("10:00", {3: Mark.PRESENT})
    morning.says("11:00", {3: Mark.UNACCOUNTED})

    assert [(case.ref, case.is_open) for case in morning.cases.values()] == [
        ("K1", False),
        ("K2", True),
    ]


def test_an_absence_that_comes_again_after_its_end_is_a_new_case() -> None:
    """ "Femi's in", "no he isn't": the second absence is followed up as the first was."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:40", {3: Mark.PRESENT})
    morning.says("09:45", {3: Mark.ABSENT})

    assert [case.is_open for case in morning.of(Matter.ABSENCE)] == [False, True]


def test_a_reason_taken_back_opens_the_absence_again() -> None:
    """ "Ill" was a mistake and nobody knows why: now somebody must take it on."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT}, reasons={3: Reason.ILLNESS})
    morning.says("09:45", reasons={3: Reason.UNKNOWN})

    assert [case.is_open for case in morning.of(Matter.ABSENCE)] == [False, True]


def test_the_register_coming_in_ends_the_missing_case() -> None:
    """Open missing-register cases resolve themselves."""
    morning = Morning(asked())
    morning.says("10:20", {**REST, 3: Mark.PRESENT})

    assert (morning.only_case.is_open, morning.only_case.outcome) == (
        False,
        "the register came in",
    )


def test_all_who_were_told_of_a_missing_register_hear_that_it_came() -> None:
    """Key contact, cover, and all whom the ladder reached by then."""
    morning = Morning(asked())
    morning.says("10:25", {**REST, 3: Mark.PRESENT})

    assert [
        ("10:25", "css_register_came") in morning.heard(person)
        for person in (GILL, RAVI, LENA, OLA)
    ] == [True, True, True, True]


def test_nobody_who_was_not_told_hears_that_the_register_came() -> None:
    """At 10:05 only the key contact knew that it was missing."""
    morning = Morning(asked())
    morning.says("10:05", {**REST, 3: Mark.PRESENT})

    assert (morning.heard(RAVI), morning.heard(LENA)) == ([], [])


def test_a_register_of_absences_alone_has_come_in() -> None:
    """ "Nobody turned up", said of each: it is a register, and a sad one."""
    morning = Morning(asked())
    morning.says("10:20", {1: Mark.ABSENT, 2: Mark.ABSENT, 3: Mark.ABSENT})

    assert not morning.of(Matter.MISSING_REGISTER)[0].is_open


def test_a_pupil_whose_own_start_is_to_come_does_not_hold_the_missing_case() -> None:
    """All who were due are marked: the register came, though Theo is not due till half past."""
    theo = a_pupil("Theo Ward", starts="10:30")
    morning = Morning(a_register(AIDEN, theo, looked="09:30"))
    morning.says("10:10", {1: Mark.PRESENT})

    assert not morning.only_case.is_open


def test_an_absence_told_before_the_start_is_told_on_at_once() -> None:
    """Half an hour early is half an hour gained."""
    morning = Morning(a_planned_register(AIDEN, FEMI))
    morning.says("08:45", {2: Mark.ABSENT})

    assert morning.heard(GILL) == [("08:45", "css_absences")]


def test_a_case_is_opened_on_the_ladder_that_was_stamped_on_the_register() -> None:
    """An edit at ten does not change what was promised at half past nine."""
    policy = a_policy(ask_unaccounted_every=3)
    morning = Morning(a_register(policy=policy, looked="09:30"))
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})

    assert morning.only_case.ladder is policy.ladders[Matter.UNACCOUNTED]
    assert morning.only_case.provider_at == clock("09:38")


def test_a_case_knows_who_raised_it() -> None:
    """The CSS can ring the person who said so."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED}, by=SAM)

    assert morning.only_case.raised_by == SAM.key


def test_no_case_follows_from_a_closed_register() -> None:
    """Nobody is absent from a session that does not run; the closing is the case."""
    morning = Morning(asked())
    morning.says("09:35", flags=[Flag.CLOSED])

    assert [case.matter for case in morning.until("11:00").cases.values()] == [Matter.CLOSED]


def test_the_backup_hears_of_an_alarm_only_once_asked() -> None:
    """Those who were asked for the register are the ones who are told."""
    morning = Morning(asked(), a_rota())
    morning.says("09:35", REST)

    assert morning.until("10:00").heard(BEV)[-1] == ("10:00", "provider_unaccounted")


def test_what_ended_one_case_opens_no_other() -> None:
    """Gill found her at home: the provider's next word opens no absence of it."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    words = "found him, he's at home"
    morning.contact_says("09:50", GILL, Action.RESOLVE, text=words, elsewhere=True)
    morning.says("10:00", {1: Mark.LATE})
    morning.until("12:00")

    assert [case.matter for case in morning.cases.values()] == [Matter.UNACCOUNTED]
    assert morning.register.marks[3] is Mark.ABSENT


def test_one_whom_the_provider_cannot_find_after_all_is_sought_anew() -> None:
    """What the contact ended is over; what is said since is a new cause."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    morning.contact_says("09:50", GILL, Action.RESOLVE, text="found him, he's at home")
    morning.says("10:00", {3: Mark.LATE})
    morning.says("10:30", {3: Mark.UNACCOUNTED})

    assert len(morning.of(Matter.UNACCOUNTED)) == 2
    assert morning.of(Matter.UNACCOUNTED)[1].is_open


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_that_lasts_explains_the_afternoon_too(reason: Reason) -> None:
    """Ill in the morning is ill after lunch; a dentist's hour, or a missed bus, is over by then."""
    followed = follow(
        a_register(
            half=Half.PM,
            start="13:00",
            end="15:00",
            looked="13:00",
            marks={**REST, 3: Mark.ABSENT},
        ),
        {3: Mark.ABSENT},
        (),
        a_rota(),
        refs(),
        clock("13:05"),
        JO,
        {3: reason},
    )

    (case,) = followed.cases
    assert case.is_open is not (reason in LASTS)
    assert (case.reason == reason) is (reason in LASTS)


def test_what_is_said_otherwise_in_the_afternoon_is_followed_up() -> None:
    """Ill this morning, they thought: now nobody knows."""
    morning = Morning(an_afternoon(), am_marks={3: Mark.ABSENT}, am_reasons={3: Reason.ILLNESS})
    morning.says("13:05", {**REST, 3: Mark.ABSENT})
    morning.says("13:20", {}, reasons={3: Reason.UNKNOWN})

    assert [case.is_open for case in morning.of(Matter.ABSENCE)] == [False, True]
