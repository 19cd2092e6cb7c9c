"""The rules of the day that are easiest to break, each as a person would meet it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Decision, Say
from apbot.domain.escalation import rested
from apbot.domain.people import Person
from apbot.domain.policy import Service
from apbot.domain.readings import CaseAction, Reading
from apbot.domain.register import Line, Register
from apbot.domain.strays import on_stray_reply
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.words import Action, Flag, Half, Mark, Matter, Reason
from apbot.wording.facts import facts_for
from apbot.wording.scene import Scene
from apbot.wording.scripts import Script
from tests.builders import (
    AIDEN,
    BEV,
    CHLOE,
    DEV,
    FEMI,
    GILL,
    JO,
    LENA,
    MONDAY,
    OLA,
    RAVI,
    SAM,
    a_case,
    a_planned_register,
    a_policy,
    a_pupil,
    a_register,
    a_rota,
    an_entry,
    clock,
    refs,
)
from tests.domain.morning import Morning

REST = {1: Mark.PRESENT, 2: Mark.PRESENT}
ALL_IN = {**REST, 3: Mark.PRESENT}
THEO = a_pupil("Theo Ward", starts="10:30")


def asked(*pupils: Line | str) -> Register:
    return a_register(*pupils, looked="09:30")


def test_awaited_pupils_are_alarmed_for_though_a_later_start_is_to_come() -> None:
    """A pupil's own start + 30, still `awaited`: an unaccounted case."""
    morning = Morning(asked(AIDEN, FEMI, THEO))
    morning.says("09:35", {1: Mark.AWAITED, 2: Mark.AWAITED})
    morning.until("10:01")

    assert {case.shown for case in morning.of(Matter.UNACCOUNTED)} == {"Aiden B", "Femi O"}


def test_a_later_start_is_no_missing_register_when_all_before_it_were_answered() -> None:
    """Own start + 30, register in (Aiden, alone due at 09:30, was said to be off): unaccounted."""
    morning = Morning(asked(AIDEN, THEO))
    morning.says("09:35", {1: Mark.ABSENT}, reasons={1: Reason.ILLNESS})
    morning.until("11:00")

    assert [case.matter for case in morning.cases.values() if case.is_open] == [Matter.UNACCOUNTED]


def test_a_pupil_who_cannot_be_found_is_not_found_by_a_plain_absent() -> None:
    """What ends an unaccounted case: its outcome, or the pupil being marked HERE."""
    morning = Morning(asked())
    morning.says("09:35", ALL_IN)
    morning.says("10:20", {3: Mark.UNACCOUNTED})
    morning.says("10:30", {3: Mark.ABSENT}, by=SAM)

    assert morning.of(Matter.UNACCOUNTED)[0].is_open


def test_an_unaccounted_case_a_contact_ended_is_not_opened_again_of_one_cause() -> None:
    """Nothing is opened twice of one cause: a detail added while it was open is no new cause."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.UNACCOUNTED})
    morning.says("09:40", {3: Mark.UNACCOUNTED}, times={3: "09:20"})
    morning.contact_says("09:50", GILL, Action.RESOLVE, text="found him, at home")
    morning.says("10:05", {2: Mark.LATE})

    assert len(morning.of(Matter.UNACCOUNTED)) == 1


def test_a_missing_register_is_never_told_early_by_a_shorter_unaccounted() -> None:
    """missing_after 30, unaccounted_after 20: at + 20 nothing is missing yet. Never early."""
    register = a_planned_register(policy=a_policy(unaccounted_after=20))

    assert Morning(register).until("09:59").of(Matter.MISSING_REGISTER) == []


def test_a_missing_register_a_contact_ended_is_not_opened_again_by_a_longer_unaccounted() -> None:
    """unaccounted_after 40: the look at + 40 is no second missing register."""
    morning = Morning(a_planned_register(policy=a_policy(unaccounted_after=40)))
    morning.contact_says("10:05", GILL, Action.RESOLVE, text="rang them, they are sending it")
    morning.until("10:41")

    assert len(morning.of(Matter.MISSING_REGISTER)) == 1


def test_the_last_chase_is_not_swallowed_by_another_start_in_the_same_minute() -> None:
    """Start + 20: each one's next channel as well, and the next person, whatever else is due."""
    morning = Morning(a_planned_register(AIDEN, a_pupil("Theo Ward", starts="09:50")))
    morning.until("09:50")

    assert ("09:50", "register_prompt") in morning.heard(BEV)
    assert ("09:50", "register_chase_one") in morning.heard(JO)


def test_the_first_chase_is_not_swallowed_by_another_start_in_the_same_minute() -> None:
    """Start + 10: those asked are chased."""
    morning = Morning(a_planned_register(AIDEN, a_pupil("Theo Ward", starts="09:40")))

    assert ("09:40", "register_chase_one") in morning.until("09:40").heard(JO)


def test_what_can_wait_rests_in_the_small_hours_too() -> None:
    """Taken on at 23:50, two hours on is 01:50: nobody is asked before the morning."""
    night = clock("01:50", MONDAY.replace(day=24))
    case = a_case(Matter.ABSENCE)

    assert rested(night, case, Service(name="CSS")) == clock("08:00", MONDAY.replace(day=24))


def test_an_absence_taken_on_is_asked_after_at_the_days_end() -> None:
    """Asked after 2 h, and at the day's end. Taken on at 15:30, asked at 17:00 that day."""
    case = a_case(Matter.ABSENCE, opened="15:20", told=[GILL])
    decision = reply(case, GILL, Action.ACK, "15:30")

    assert decision.cases[0].ladder_at == clock("17:00")


def test_the_css_hears_that_a_pupil_known_to_be_away_came_after_all() -> None:
    """If the pupil comes after all, that mark wins and the CSS hears of it."""
    morning = Morning(a_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY), looked="09:30"))
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.PRESENT})

    assert [clock for clock, _ in morning.heard(GILL)] == ["09:35"]


def test_closing_tells_all_who_were_told_that_the_register_was_missing() -> None:
    """The end is told to everybody who was told of the opening."""
    morning = Morning(asked())
    morning.says("10:15", flags=[Flag.CLOSED])

    assert ("10:15", "css_case_over") in morning.heard(RAVI)


def test_closed_said_twice_is_one_case() -> None:
    """Nothing is opened twice of one cause."""
    morning = Morning(asked())
    morning.says("09:35", flags=[Flag.CLOSED])
    morning.says("09:40", flags=[Flag.CLOSED], by=SAM)

    assert len(morning.of(Matter.CLOSED)) == 1


def test_a_provider_that_opens_after_all_ends_the_closed_case_for_all_who_were_told() -> None:
    """The CSS looks for places for pupils who are there: it must hear that they are."""
    morning = Morning(asked())
    morning.says("09:35", flags=[Flag.CLOSED])
    morning.says("09:50", ALL_IN)

    assert not morning.of(Matter.CLOSED)[0].is_open
    assert morning.heard(GILL)[-1][0] == "09:50"


def test_what_a_contact_answers_to_a_question_goes_to_the_asker() -> None:
    """The key contact can answer by replying; the answer goes back to the asker."""
    case = a_case(Matter.QUESTION, told=[GILL], raised_by=SAM, words="which bus is it today?")
    decision = reply(case, GILL, Action.NOTE, "10:20", text="the 685, ten past three")

    assert SAM.key in [say.to for say in decision.say]


def test_the_asker_hears_also_where_there_was_no_register() -> None:
    """A question sent in the evening is answered too."""
    case = replace(a_case(Matter.QUESTION, told=[GILL], raised_by=SAM), register=None)
    decision = reply(case, GILL, Action.RESOLVE, "10:20", has_register=False)

    assert SAM.key in [say.to for say in decision.say]


def test_the_answer_goes_to_the_asker_and_not_to_those_who_did_not_ask() -> None:
    """Bev asked; Jo and Sam were asked for the register, and put no question."""
    case = a_case(Matter.QUESTION, told=[GILL], raised_by=BEV)
    decision = reply(case, GILL, Action.RESOLVE, "10:20")

    assert [say.to for say in decision.say if say.script == "answer"] == [BEV.key]


def test_a_stray_stop_from_staff_is_an_alarm_too() -> None:
    """STOP from a member of staff is obeyed and is an alarm: also at twenty to seven."""
    decision = stray(Reading(flags=frozenset({Flag.OPT_OUT})))

    assert [say.to for say in decision.say] == [GILL.key]


def test_help_with_no_register_to_take_wakes_nobody() -> None:
    """The welcome says "Reply HELP for help": it is answered, and opens no case."""
    decision = stray(Reading(flags=frozenset({Flag.HELP})))

    assert decision.cases == ()
    assert [say.to for say in decision.say] == [JO.key]


def test_a_concern_is_ended_by_its_lead_or_deputy_alone() -> None:
    """concern: acknowledged, but no outcome: until that lead or deputy resolves it."""
    case = a_case(Matter.CONCERN, told=[LENA, DEV, GILL, OLA])
    decision = reply(case, OLA, Action.RESOLVE, "10:20", text="done")

    assert decision.cases[0].is_open


def test_whoever_reported_a_concern_hears_that_it_was_dealt_with_and_no_word_of_how() -> None:
    """The outcome goes back to the provider; a concern's words to nobody else."""
    case = a_case(Matter.CONCERN, told=[LENA, DEV], raised_by=SAM)
    decision = reply(case, LENA, Action.RESOLVE, "10:20", text="social care visit at three. done")

    (back,) = [say for say in decision.say if say.to == SAM.key]
    assert (back.script, back.more, back.cases) == ("concern_dealt_with", {}, ())


def test_an_emergency_is_a_concern_even_where_the_reading_says_only_emergency() -> None:
    """Nobody is told to ring 999 without the safeguarding lead hearing why."""
    morning = Morning(asked())
    morning.says("09:35", flags=[Flag.EMERGENCY])

    assert morning.heard(LENA) == [("09:35", "css_concern")]


def test_a_late_word_about_a_case_that_is_over_never_ends_another() -> None:
    """A late "K7 done" must not end another case, however it was read."""
    over = replace(
        a_case(ref="K7"), state=CaseState.RESOLVED, resolved_by=RAVI.key, resolved_at=clock("10:05")
    )
    case = a_case(ref="K9", told=[GILL])
    decision = reply(case, GILL, Action.RESOLVE, "10:20", text="K7 done", over=[over])

    assert [say.script for say in decision.say] == ["css_over_already"]


@pytest.mark.parametrize("text", ["K7, done", "done (K7)", "k7: sorted", "K7."])
def test_a_case_that_is_over_is_known_by_its_ref_whatever_stands_beside_it(text: str) -> None:
    """Whoever replies to a case that is already over is told by whom and when."""
    over = replace(
        a_case(ref="K7"), state=CaseState.RESOLVED, resolved_by=RAVI.key, resolved_at=clock("10:05")
    )
    talk = CaseTalk(person=GILL, cases=(), over=(over,), names={RAVI.key: RAVI.name})

    (say,) = on_case_reply(talk, Reading(), text, clock("10:20")).say

    assert say.script == "css_over_already"


def test_a_register_sent_before_the_start_is_read_back_and_not_as_a_change() -> None:
    """The marks are complete: read-back to the sender, who is in and who is out."""
    morning = Morning(a_planned_register())
    decision = morning.says("09:20", ALL_IN)

    assert [say.script for say in decision.say if say.to == JO.key and not say.edits] == [
        "read_back"
    ]


def test_a_reply_that_says_what_stands_already_is_still_answered() -> None:
    """Sam sends "all in" a minute after Jo: silence would make him send it again."""
    morning = Morning(asked())
    morning.says("09:35", ALL_IN)
    decision = morning.says("09:36", ALL_IN, by=SAM)

    assert [say.to for say in decision.say] == [SAM.key]


def test_colleagues_hear_of_one_all_in_once() -> None:
    """Nothing is sent twice of the same cause: tapped with Theo still to come."""
    morning = Morning(asked(AIDEN, CHLOE, THEO))
    morning.taps("09:35")
    morning.until("09:36")

    assert morning.heard(SAM) == [("09:35", "read_back_colleague")]


def test_colleagues_hear_once_also_after_single_taps() -> None:
    """One pupil tapped, then All in within the fifteen seconds."""
    morning = Morning(asked())
    morning.taps("09:35", 3, Mark.ABSENT)
    morning.taps("09:35")
    morning.until("09:36")

    assert morning.heard(SAM) == [("09:35", "read_back_colleague")]


def test_a_provider_that_said_absent_is_not_told_that_nobody_said_where_they_are() -> None:
    """PM `absent` after AM `present`: what is asked fits what was just said."""
    afternoon = Morning(
        a_register(half=Half.PM, start="13:00", end="15:00", looked="13:00"),
        am_marks={3: Mark.PRESENT},
    )
    decision = afternoon.says("13:05", {**REST, 3: Mark.ABSENT})

    assert "provider_unaccounted" not in [say.script for say in decision.say]


def test_when_somebody_was_last_seen_is_what_the_provider_said() -> None:
    """ "Can't find Femi, last seen 10:15": times hold when a pupil was last seen."""
    register = a_register(marks={3: Mark.PRESENT})
    entry = an_entry(register, 3, Mark.UNACCOUNTED, "10:30", said_time="10:15")
    register = register.with_entries([entry], clock("10:30"))
    say = Say(to=GILL.key, script="s", register=register, cases=(a_case(Matter.UNACCOUNTED),))
    scene = Scene(css="CSS", now=clock("10:30"), to=GILL)

    words = facts_for(Script("s", "x", ("last_seen",), "{last_seen}"), say, scene)["last_seen"]

    assert "10:15" in str(words)


def test_an_absence_whose_case_a_contact_ended_is_not_opened_again_by_its_reason() -> None:
    """One absence, one case: a reason that comes after its end is kept, and wakes nobody."""
    morning = Morning(asked())
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.contact_says("09:45", GILL, Action.RESOLVE, text="with grandma today")
    morning.says("09:55", reasons={3: Reason.UNKNOWN})

    assert len(morning.of(Matter.ABSENCE)) == 1


def test_saying_ok_twice_tells_the_others_once() -> None:
    """Nothing is sent twice of the same cause."""
    case = a_case(Matter.ABSENCE, told=[GILL, RAVI], held_by=GILL)
    decision = reply(case, GILL, Action.ACK, "10:20")

    assert [say.to for say in decision.say] == [GILL.key]


def test_who_took_a_case_on_after_a_lapse_did_so_when_they_did() -> None:
    """acknowledged_at and acknowledged_by are of one person."""
    case = replace(
        a_case(Matter.MISSING_REGISTER, told=[GILL, RAVI]),
        acknowledged_by=GILL.key,
        acknowledged_at=clock("10:02"),
    )
    (taken,) = reply(case, RAVI, Action.ACK, "10:45").cases

    assert (taken.acknowledged_by, taken.acknowledged_at) == (RAVI.key, clock("10:45"))


def test_a_pupil_known_to_be_away_but_said_to_be_coming_who_does_not_come_is_an_alarm() -> None:
    """The provider's word wins over the list: `awaited` at own start + 30 is not accounted for."""
    morning = Morning(a_register(AIDEN, a_pupil(CHLOE, away=Reason.ILLNESS), looked="09:30"))
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.AWAITED})
    morning.until("10:01")

    assert [case.matter for case in morning.cases.values()] == [Matter.UNACCOUNTED]


def reply(
    case: Case,
    by: Person,
    action: Action,
    wall: str,
    *,
    text: str = "as a test says it",
    has_register: bool = True,
    over: Sequence[Case] = (),
) -> Decision:
    talk = CaseTalk(
        person=by,
        cases=(case,),
        over=tuple(over),
        registers={case.ref: a_register(marks=ALL_IN)} if has_register else {},
        rotas={case.ref: a_rota()},
        names={person.key: person.name for person in (GILL, RAVI, LENA, DEV, OLA)},
    )
    reading = Reading(cases=(CaseAction(case.ref, action),))
    return on_case_reply(talk, reading, text, clock(wall))


def stray(reading: Reading) -> Decision:
    return on_stray_reply(
        JO, a_policy(), a_rota(), reading, "as it was sent", refs(), clock("18:40")
    )
