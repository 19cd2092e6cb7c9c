from collections.abc import Sequence
from dataclasses import replace

import pytest

from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Buttons, Decision
from apbot.domain.people import Person
from apbot.domain.readings import CaseAction, Reading
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.words import Action, Flag, Mark, Matter, Reason
from tests.builders import (
    ALDER_FARM,
    DEV,
    GILL,
    JO,
    LENA,
    MONDAY,
    OLA,
    RAVI,
    SAM,
    a_case,
    a_register,
    a_rota,
    clock,
    minutes,
)

NAMES = {person.key: person.name for person in (GILL, RAVI, LENA, DEV, OLA, JO, SAM)}


def a_talk(*cases: Case, by: Person = GILL, over: Sequence[Case] = ()) -> CaseTalk:
    return CaseTalk(
        person=by,
        cases=cases,
        over=tuple(over),
        registers={case.ref: a_register(marks={1: Mark.PRESENT}) for case in cases},
        rotas={case.ref: a_rota() for case in cases},
        names=NAMES,
    )


def reply(
    talk: CaseTalk,
    action: Action,
    *only: str,
    wall: str = "10:20",
    text: str = "as a test says it",
    reason: Reason | None = None,
) -> Decision:
    picked = only or tuple(case.ref for case in talk.cases)
    reading = Reading(
        cases=tuple(CaseAction(ref, action) for ref in picked),
        case_reasons=dict.fromkeys(picked, reason) if reason else {},
    )
    return on_case_reply(talk, reading, text, clock(wall))


def said(decision: Decision) -> list[tuple[str, str]]:
    return [(say.to, say.script) for say in decision.say]


def an_absence(ref: str = "K1", held_by: Person | None = None) -> Case:
    return a_case(Matter.ABSENCE, ref, told=[GILL, RAVI], held_by=held_by)


def test_an_acknowledgement_takes_the_case_on() -> None:
    """Who and when are kept; the case is not closed by it."""
    (case,) = reply(a_talk(an_absence()), Action.ACK).cases

    assert (case.state, case.acknowledged_by, case.acknowledged_at) == (
        CaseState.ACKNOWLEDGED,
        GILL.key,
        clock("10:20"),
    )


def test_an_acknowledgement_stops_the_next_step() -> None:
    """The cover would have heard at 10:30; an outcome is asked for at 12:20 instead."""
    (case,) = reply(a_talk(an_absence()), Action.ACK).cases

    assert case.ladder_at == clock("12:20")


def test_an_acknowledgement_is_told_to_all_who_were_told() -> None:
    """Nobody else need do what Gill is doing."""
    assert said(reply(a_talk(an_absence()), Action.ACK)) == [
        (GILL.key, "css_taken"),
        (RAVI.key, "css_taken_by"),
    ]


def test_the_others_hear_who_has_it() -> None:
    """By name."""
    decision = reply(a_talk(an_absence()), Action.ACK)

    assert decision.say[1].more["who"] == "Gill Marsh"


def test_a_case_that_a_colleague_has_is_not_taken_from_them() -> None:
    """Ravi comes second: he hears that Gill has it, and nothing changes."""
    case = an_absence(held_by=GILL)

    decision = reply(a_talk(case, by=RAVI), Action.ACK)

    assert decision.cases == (case,)
    assert [(say.script, say.more["who"]) for say in decision.say] == [
        ("css_taken_already", "Gill Marsh")
    ]


def test_an_outcome_ends_the_case_in_the_contacts_own_words() -> None:
    """Who, when and what: it can be read in six years."""
    decision = reply(a_talk(an_absence(held_by=GILL)), Action.RESOLVE, text=" spoke to mum, ill ")
    (case,) = decision.cases

    assert (case.state, case.resolved_by, case.resolved_at, case.outcome) == (
        CaseState.RESOLVED,
        GILL.key,
        clock("10:20"),
        "spoke to mum, ill",
    )


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("K7 found, he is at the dentist.", "found, he is at the dentist."),
        ("k7: at home?", "at home?"),
        ("K7 and M2 sorted!", "sorted!"),
        ("spoke to jayden, done M2", "spoke to jayden, done"),
        ("K7 M2", "K7 M2"),
        ("both in M25 traffic", "both in M25 traffic"),
    ],
)
def test_the_ref_that_picked_a_case_is_no_part_of_its_outcome(said: str, outcome: str) -> None:
    """The provider reads the outcome; "K7" says nothing to them."""
    cases = [replace(an_absence(held_by=GILL), ref=ref) for ref in ("K7", "M2")]

    decision = reply(a_talk(*cases), Action.RESOLVE, text=said)

    assert {case.outcome for case in decision.cases} == {outcome}


def test_an_outcome_from_one_who_had_not_acknowledged_is_both() -> None:
    """Straight to the end: somebody had it, from then to then."""
    (case,) = reply(a_talk(an_absence()), Action.RESOLVE).cases

    assert (case.acknowledged_by, case.acknowledged_at) == (GILL.key, clock("10:20"))


def test_an_outcome_from_a_colleague_of_the_holder_ends_the_case() -> None:
    """Whoever knows how it ended may say so; who had it stays as it was."""
    (case,) = reply(a_talk(an_absence(held_by=GILL), by=RAVI), Action.RESOLVE).cases

    assert (case.acknowledged_by, case.resolved_by) == (GILL.key, RAVI.key)


def test_the_end_is_told_to_all_who_were_told_of_the_opening() -> None:
    """On the side that was told."""
    decision = reply(a_talk(an_absence()), Action.RESOLVE)

    assert [say for say in said(decision) if not say[1].startswith("provider")] == [
        (GILL.key, "css_resolved"),
        (RAVI.key, "css_case_over"),
    ]


@pytest.mark.parametrize(
    "matter", [Matter.ABSENCE, Matter.UNACCOUNTED, Matter.MISSING_REGISTER, Matter.CLOSED]
)
def test_the_outcome_goes_back_to_the_provider(matter: Matter) -> None:
    """The CSS follows up, and reports back to those who were asked."""
    decision = reply(a_talk(a_case(matter, told=[GILL])), Action.RESOLVE)

    assert [say for say in said(decision) if say[1].startswith("provider")] == [
        (JO.key, "provider_outcome"),
        (SAM.key, "provider_outcome"),
    ]


def test_what_a_lead_says_of_a_concern_stays_with_the_css() -> None:
    """How a concern ended may be about somebody at the provider: that it ended is told alone."""
    concern = a_case(Matter.CONCERN, told=[LENA, DEV])

    decision = reply(a_talk(concern, by=LENA), Action.RESOLVE)

    told, over, back = decision.say
    assert [(say.to, say.script) for say in (told, over)] == [
        (LENA.key, "css_resolved"),
        (DEV.key, "css_case_over"),
    ]
    assert (back.script, back.more, back.cases) == ("concern_dealt_with", {}, ())


def test_a_reason_in_an_outcome_is_kept_on_the_case() -> None:
    """ "Spoke to mum, he's ill": the register's codes can be right."""
    (case,) = reply(a_talk(an_absence()), Action.RESOLVE, reason=Reason.ILLNESS).cases

    assert case.reason is Reason.ILLNESS


def test_a_reason_that_was_known_is_not_lost_by_an_outcome_without_one() -> None:
    """ "Done" takes nothing away."""
    case = replace(an_absence(), reason=Reason.REFUSING)

    (over,) = reply(a_talk(case), Action.RESOLVE).cases

    assert over.reason is Reason.REFUSING


def test_a_note_of_the_holder_is_kept_word_for_word() -> None:
    """ "Left a voicemail" is said by somebody, at some time."""
    decision = reply(a_talk(an_absence(held_by=GILL)), Action.NOTE, text="left a voicemail")
    (note,) = decision.cases[0].notes

    assert (note.words, note.by, note.by_name, note.at) == (
        "left a voicemail",
        GILL.key,
        "Gill Marsh",
        clock("10:20"),
    )


def test_a_note_of_the_holder_gives_them_as_long_again() -> None:
    """Somebody is at work on it: the outcome is asked for two hours from now."""
    decision = reply(a_talk(an_absence(held_by=GILL)), Action.NOTE)

    assert decision.cases[0].ladder_at == clock("12:20")
    assert said(decision) == [(GILL.key, "css_noted")]


def test_a_note_answers_the_question_how_it_ended() -> None:
    """ "Still ringing" is an answer: the case does not lapse."""
    case = replace(an_absence(held_by=GILL), asked_at=clock("10:15"), ladder_at=clock("10:25"))

    (noted,) = reply(a_talk(case), Action.NOTE).cases

    assert (noted.asked_at, noted.state) == (None, CaseState.ACKNOWLEDGED)


def test_a_note_of_somebody_else_is_kept_and_holds_nothing() -> None:
    """Ravi's word is on the case; Gill's clock runs on."""
    case = an_absence(held_by=GILL)

    (noted,) = reply(a_talk(case, by=RAVI), Action.NOTE).cases

    assert (len(noted.notes), noted.ladder_at) == (1, case.ladder_at)


def test_a_note_on_a_case_nobody_has_does_not_stop_the_ladder() -> None:
    """Something was said and nobody has taken it on: the next is told, and the writer knows."""
    case = an_absence()
    decision = reply(a_talk(case), Action.NOTE)

    assert (decision.cases[0].ladder_at, decision.cases[0].state) == (
        case.ladder_at,
        CaseState.TOLD,
    )
    assert said(decision) == [(GILL.key, "css_noted_not_taken")]


def test_notes_are_added_and_never_replaced() -> None:
    """What was said first is still there."""
    case = an_absence(held_by=GILL)
    (once,) = reply(a_talk(case), Action.NOTE, text="rang mum").cases

    (twice,) = reply(a_talk(once), Action.NOTE, text="rang dad").cases

    assert [note.words for note in twice.notes] == ["rang mum", "rang dad"]


def test_all_acts_on_each_of_them() -> None:
    """ "All done": every case that was picked is over."""
    decision = reply(a_talk(an_absence("K1"), an_absence("K2")), Action.RESOLVE)

    assert [(case.ref, case.is_open) for case in decision.cases] == [("K1", False), ("K2", False)]


def test_one_message_may_do_different_things_to_different_cases() -> None:
    """ "K1 sorted, on it for K2"."""
    talk = a_talk(an_absence("K1"), an_absence("K2"))
    actions = (CaseAction("K1", Action.RESOLVE), CaseAction("K2", Action.ACK))

    decision = on_case_reply(talk, Reading(cases=actions), "K1 sorted, on K2", clock("10:20"))

    assert [case.state for case in decision.cases] == [CaseState.RESOLVED, CaseState.ACKNOWLEDGED]


def test_a_case_that_was_not_picked_is_not_touched() -> None:
    """Never by being the latest."""
    decision = reply(a_talk(an_absence("K1"), an_absence("K2")), Action.RESOLVE, "K1")

    assert [case.ref for case in decision.cases] == ["K1"]


def test_words_that_pick_no_case_are_asked_about_and_change_nothing() -> None:
    """With two open, "ok" could be about either: which one?"""
    talk = a_talk(an_absence("K1"), an_absence("K2"))
    reading = Reading(cases=(CaseAction(None, Action.UNCLEAR),))

    decision = on_case_reply(talk, reading, "ok", clock("10:20"))

    assert (decision.cases, said(decision)) == ((), [(GILL.key, "css_which_case")])


def test_the_question_which_case_offers_them_all() -> None:
    """Each with its ref, and a tap for each."""
    talk = a_talk(an_absence("K1"), an_absence("K2"))
    reading = Reading(cases=(CaseAction(None, Action.UNCLEAR),))

    (say,) = on_case_reply(talk, reading, "ok", clock("10:20")).say

    assert ([case.ref for case in say.cases], say.buttons) == (["K1", "K2"], Buttons.CASES)


def test_words_with_nothing_open_are_answered() -> None:
    """A contact is never left wondering."""
    decision = on_case_reply(a_talk(), Reading(), "ok", clock("10:20"))

    assert said(decision) == [(GILL.key, "css_nothing_open")]


def test_whoever_writes_of_a_case_that_is_over_is_told_by_whom_and_when() -> None:
    """ "K7 done" after Ravi has ended it."""
    over = replace(
        a_case(ref="K7", told=[GILL, RAVI]),
        state=CaseState.RESOLVED,
        resolved_by=RAVI.key,
        resolved_at=clock("10:05"),
        outcome="at home",
    )

    (say,) = on_case_reply(a_talk(over=[over]), Reading(), "k7 done", clock("10:20")).say

    assert (say.script, say.more["who"], say.cases) == ("css_over_already", "Ravi Nair", (over,))


def test_a_case_that_ended_by_itself_was_ended_by_the_bot() -> None:
    """Somebody is always named."""
    over = replace(a_case(ref="K7"), state=CaseState.RESOLVED, resolved_at=clock("10:05"))

    (say,) = on_case_reply(a_talk(over=[over]), Reading(), "K7 done", clock("10:20")).say

    assert say.more["who"] == "the bot"


def test_a_case_of_somebody_else_cannot_be_touched_by_its_ref() -> None:
    """A ref that the writer was never told of picks nothing."""
    decision = reply(a_talk(an_absence("K1")), Action.RESOLVE, "K9")

    assert decision.cases == ()


def test_help_says_what_is_open_and_changes_nothing() -> None:
    """`help` answers with what can be sent here and now."""
    talk = a_talk(an_absence("K1"))
    reading = Reading(flags=frozenset({Flag.HELP}))

    decision = on_case_reply(talk, reading, "help", clock("10:20"))

    assert (said(decision), decision.cases) == ([(GILL.key, "css_help")], ())
    assert decision.say[0].cases == talk.cases


def test_a_contact_who_opts_out_is_obeyed() -> None:
    """STOP is STOP, whoever says it."""
    reading = Reading(flags=frozenset({Flag.OPT_OUT}))

    decision = on_case_reply(a_talk(an_absence()), reading, "STOP", clock("10:20"))

    assert (decision.stops, decision.cases) == (True, ())


def test_a_parents_reason_is_kept_on_the_case_and_does_not_end_it() -> None:
    """`reason`: a parent says why; the contact decides."""
    (case,) = reply(a_talk(an_absence()), Action.REASON, reason=Reason.ILLNESS).cases

    assert (case.reason, case.is_open) == (Reason.ILLNESS, True)


@pytest.mark.parametrize("matter", list(Matter))
def test_an_acknowledged_case_of_any_matter_is_looked_at_again(matter: Matter) -> None:
    """An acknowledgement lapses where nothing follows: never no next look."""
    (case,) = reply(a_talk(a_case(matter, told=[GILL])), Action.ACK).cases

    assert case.look_at is not None


def test_an_outcome_for_what_can_wait_is_asked_for_in_the_morning() -> None:
    """Taken on at four, two hours on is past the day's end: nobody is asked in the evening."""
    case = a_case(Matter.CLOSED, opened="15:50", told=[GILL])

    (taken,) = reply(a_talk(case), Action.ACK, wall="16:10").cases

    assert taken.ladder_at == clock("08:00", MONDAY.replace(day=24))


def test_an_outcome_for_an_alarm_is_asked_for_at_any_hour() -> None:
    """A child not accounted for has no evening."""
    case = a_case(Matter.UNACCOUNTED, opened="16:50", told=[GILL])

    (taken,) = reply(a_talk(case), Action.ACK, wall="16:55").cases

    assert taken.ladder_at == clock("16:55") + minutes(15)


def test_one_message_about_two_providers_tells_neither_of_the_others_pupil() -> None:
    """ "neither hears of any other": Femi's farm does not hear where Kofi of the gym is."""
    gym = replace(ALDER_FARM, key="gym", name="The Gym")
    here = a_case(Matter.ABSENCE, "K1", told=[GILL])
    there = replace(a_case(Matter.ABSENCE, "K2", told=[GILL]), provider="gym", shown="Kofi A")
    rotas = {"K1": a_rota(), "K2": replace(a_rota(), provider=gym)}
    registers = {"K1": a_register(), "K2": replace(a_register(), provider="gym")}
    actions = (CaseAction("K1", Action.RESOLVE), CaseAction("K2", Action.RESOLVE))
    decision = on_case_reply(
        CaseTalk(person=GILL, cases=(here, there), registers=registers, rotas=rotas),
        Reading(cases=actions, case_reasons={"K1": Reason.ILLNESS}),
        "Femi is ill and Kofi is with his dad",
        clock("10:20"),
    )

    told = [say for say in decision.say if say.script == "provider_outcome"]
    outcomes = {case.ref: case.outcome for say in told for case in say.cases}
    assert outcomes == {"K1": "followed up (illness)", "K2": "followed up"}
    assert [case.outcome for case in decision.cases] == ["Femi is ill and Kofi is with his dad"] * 2


def test_whoever_asked_twice_is_answered_once_by_one_message() -> None:
    """Nothing is sent twice of the same cause."""
    cases = tuple(a_case(Matter.QUESTION, ref, told=[GILL], raised_by=SAM) for ref in ("K1", "K2"))
    decision = on_case_reply(
        CaseTalk(person=GILL, cases=cases, rotas={"K1": a_rota(), "K2": a_rota()}),
        Reading(cases=tuple(CaseAction(case.ref, Action.NOTE) for case in cases)),
        "ten past three",
        clock("10:20"),
    )

    assert [say.to for say in decision.say if say.script == "answer"] == [SAM.key]


@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_only_one_who_is_somewhere_else_is_entered_as_absent(is_elsewhere: bool) -> None:
    """A child who may be at the provider after all is not said to be away."""
    case = a_case(Matter.UNACCOUNTED, told=[GILL], held_by=GILL)
    register = a_register(marks={3: Mark.UNACCOUNTED})
    talk = replace(a_talk(case), registers={case.ref: register})
    elsewhere = frozenset({case.ref}) if is_elsewhere else frozenset[str]()
    reading = Reading(cases=(CaseAction(case.ref, Action.RESOLVE),), elsewhere=elsewhere)

    decision = on_case_reply(talk, reading, "found him", clock("10:20"))

    assert (decision.register is not None) is is_elsewhere
    if decision.register is not None:
        entry = decision.register.standing[3]
        assert (entry.was, entry.mark, entry.by) == (Mark.UNACCOUNTED, Mark.ABSENT, GILL.key)
        assert decision.register.entries[:-1] == register.entries


def test_one_message_about_two_registers_enters_on_both() -> None:
    """Neither is forgotten."""
    here, there = an_absence("K1"), an_absence("K2")
    farm = a_register(marks={3: Mark.ABSENT})
    talk = a_talk(replace(here, register=1), replace(there, register=2))
    talk = replace(talk, registers={"K1": replace(farm, id=1), "K2": replace(farm, id=2)})

    decision = reply(talk, Action.RESOLVE, reason=Reason.ILLNESS)

    assert decision.register is not None
    changed = [decision.register, *decision.beside]
    assert [(one.id, one.standing[3].reason) for one in changed] == [
        (1, Reason.ILLNESS),
        (2, Reason.ILLNESS),
    ]
