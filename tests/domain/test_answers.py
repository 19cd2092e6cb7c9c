from dataclasses import replace

import pytest

from apbot.domain.answers import NONSENSE_A_DAY, on_reply
from apbot.domain.decisions import Buttons, Decision, Rota
from apbot.domain.people import Person
from apbot.domain.readings import (
    Ask,
    CountOrNumber,
    Reading,
    Rephrase,
    RestPresent,
    WhichPupil,
    Why,
)
from apbot.domain.register import Entry, How, Register, RegisterState
from apbot.domain.strays import on_stray_reply
from apbot.domain.talk import Talk
from apbot.domain.words import Flag, Mark, Matter, Reason
from tests.builders import (
    AIDEN,
    BEV,
    GILL,
    JO,
    LADDERS,
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

ALL_IN = {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT}
REST = {1: Mark.PRESENT, 2: Mark.PRESENT}
ASKS: list[Ask] = [
    RestPresent((1, 2)),
    WhichPupil("jack", (1, 2), Mark.ABSENT),
    CountOrNumber(2, Mark.ABSENT),
    Rephrase(),
]


def a_morning(register: Register | None = None) -> Morning:
    return Morning(register or a_register(looked="09:30"))


def scripts(decision: Decision, person: Person = JO) -> list[str]:
    return [say.script for say in decision.say if say.to == person.key and not say.edits]


def test_an_entry_says_who_how_when_and_why() -> None:
    """Each with what it was before, the words and the rule that led to it, and the message."""
    talk = Talk(
        person=replace(JO, title="instructor"), register=a_register(), rota=a_rota(), inbox=7
    )
    reading = Reading(
        marks={3: Mark.ABSENT},
        reasons={3: Reason.ILLNESS},
        why=(Why(3, "femi ill", "an exception alone"),),
    )

    decision = on_reply(talk, reading, "femi ill", refs(), clock("09:35"))

    assert decision.register is not None
    assert decision.register.entries == (
        Entry(
            number=3,
            pupil="femi-okafor",
            was=None,
            mark=Mark.ABSENT,
            by=JO.key,
            by_name="Jo Archer",
            by_title="instructor",
            how=How.TEXT,
            at=clock("09:35"),
            reason=Reason.ILLNESS,
            because="femi ill (an exception alone)",
            inbox=7,
        ),
    )


def test_a_correction_is_a_new_entry_with_what_it_was() -> None:
    """Nothing is overwritten."""
    morning = a_morning()
    morning.says("09:35", ALL_IN)
    morning.says("09:40", {3: Mark.ABSENT}, by=SAM)

    latest = morning.register.entries[-1]
    assert (latest.was, latest.mark, latest.by, len(morning.register.entries)) == (
        Mark.PRESENT,
        Mark.ABSENT,
        SAM.key,
        4,
    )


def test_a_mark_restated_unchanged_makes_no_entry() -> None:
    """The register says what changed, not how often it was said."""
    morning = a_morning()
    morning.says("09:35", ALL_IN)

    decision = morning.says("09:40", {1: Mark.PRESENT})

    assert decision.register is None


def test_a_restated_mark_keeps_its_reason() -> None:
    """ "Femi's off", said again by a colleague, does not forget why."""
    morning = a_morning()
    morning.says("09:35", {**REST, 3: Mark.ABSENT}, reasons={3: Reason.ILLNESS})
    morning.says("09:40", {3: Mark.ABSENT}, by=SAM)

    assert morning.register.standing[3].reason is Reason.ILLNESS


def test_a_reason_alone_is_an_entry_of_the_same_mark() -> None:
    """ "He's ill", said later, belongs to the absence that stands."""
    morning = a_morning()
    morning.says("09:35", {**REST, 3: Mark.ABSENT})
    morning.says("09:40", reasons={3: Reason.ILLNESS})

    latest = morning.register.standing[3]
    assert (latest.was, latest.mark, latest.reason) == (Mark.ABSENT, Mark.ABSENT, Reason.ILLNESS)


def test_a_reason_without_a_mark_is_no_entry() -> None:
    """A reason said while its pupil is still in question is not recorded."""
    assert a_morning().says("09:35", reasons={3: Reason.ILLNESS}).register is None


def test_a_reason_does_not_survive_a_correction() -> None:
    """ "Sorry, Femi is in": present, and not present and ill."""
    morning = a_morning()
    morning.says("09:35", {**REST, 3: Mark.ABSENT}, reasons={3: Reason.ILLNESS})
    morning.says("09:40", {3: Mark.PRESENT})

    assert morning.register.standing[3].reason is None


def test_a_time_does_not_survive_a_correction() -> None:
    """When somebody was to arrive says nothing of when he left."""
    morning = a_morning()
    morning.says("09:35", {**REST, 3: Mark.AWAITED}, times={3: "10:15"})
    morning.says("09:50", {3: Mark.ABSENT})

    assert morning.register.standing[3].time is None


def test_a_register_that_becomes_complete_is_read_back() -> None:
    """Who is in, who is out, to the sender."""
    assert scripts(a_morning().says("09:35", ALL_IN)) == ["read_back"]


def test_a_part_of_the_register_is_read_back_with_what_is_still_to_come() -> None:
    """One short answer, and no question where none is needed."""
    decision = a_morning().says("09:35", {1: Mark.PRESENT})

    assert scripts(decision) == ["read_back_part"]


def test_a_change_of_a_complete_register_is_read_back_as_one() -> None:
    """The sender sees that the fix was taken."""
    morning = a_morning()
    morning.says("09:35", ALL_IN)

    assert scripts(morning.says("09:40", {3: Mark.LEFT})) == ["read_back_change"]


def test_a_read_back_names_those_this_reply_settled() -> None:
    """ "Got it: Femi off", and not the whole history."""
    morning = a_morning()
    morning.says("09:35", {1: Mark.PRESENT})

    decision = morning.says("09:36", {3: Mark.ABSENT})

    assert [line.shown for line in decision.say[0].lines] == ["Femi O"]


@pytest.mark.parametrize(
    ("ask", "script", "buttons"),
    [
        (ASKS[0], "ask_rest_present", Buttons.REST),
        (ASKS[1], "ask_which_pupil", Buttons.WHICH),
        (ASKS[2], "ask_count_or_number", Buttons.COUNT),
        (ASKS[3], "ask_rephrase_part", Buttons.NONE),
    ],
)
def test_what_could_not_be_read_is_asked_about_in_one_question(
    ask: Ask, script: str, buttons: Buttons
) -> None:
    """One short question, and the taps that answer it."""
    decision = a_morning().says("09:35", {3: Mark.ABSENT}, ask=ask)

    assert next((say.script, say.buttons) for say in decision.say if say.to == JO.key) == (
        script,
        buttons,
    )
    assert scripts(decision) == [script]


@pytest.mark.parametrize("ask", ASKS[:3])
def test_a_question_stays_open_to_the_one_who_was_asked(ask: Ask) -> None:
    """The next "yes" of that person is its answer."""
    assert a_morning().says("09:35", ask=ask).pending == ask


def test_please_say_it_another_way_takes_the_place_of_what_was_asked() -> None:
    """Whatever comes next is read afresh, of those still without a mark; a yes answers nothing."""
    morning = a_morning()
    morning.says("09:35", {3: Mark.ABSENT}, ask=RestPresent((1, 2)))

    decision = morning.says("09:36", ask=Rephrase())

    assert decision.pending == Rephrase(about=(1, 2))


def test_an_answer_ends_the_question() -> None:
    """It is not asked or answered twice."""
    morning = a_morning()
    morning.says("09:35", {3: Mark.ABSENT}, ask=RestPresent((1, 2)))

    assert morning.says("09:36", REST).clears_pending


def test_chatter_changes_nothing_and_leaves_the_question_open() -> None:
    """ "Ok thanks" is no yes, and no answer is owed to it."""
    morning = a_morning()
    morning.says("09:35", {3: Mark.ABSENT}, ask=RestPresent((1, 2)))

    decision = morning.says("09:36")

    assert (decision.register, decision.say, decision.clears_pending) == (None, (), False)


def test_nonsense_on_a_complete_register_says_that_nothing_changed() -> None:
    """Nobody is left to mark; the sender hears how it stands."""
    morning = a_morning()
    morning.says("09:35", ALL_IN)

    assert scripts(morning.says("09:36", ask=Rephrase())) == ["ask_rephrase_complete"]


@pytest.mark.parametrize(
    ("rephrased", "answer"),
    [(NONSENSE_A_DAY - 1, ["ask_rephrase"]), (NONSENSE_A_DAY, [])],
)
def test_nonsense_is_answered_a_few_times_a_day_at_most(rephrased: int, answer: list[str]) -> None:
    """Two machines that answer each other stop."""
    decision = a_morning().says("09:35", ask=Rephrase(), rephrased=rephrased)

    assert scripts(decision) == answer


def test_a_reply_that_settles_something_is_answered_however_often() -> None:
    """Only nonsense is counted out."""
    decision = a_morning().says("09:35", {3: Mark.ABSENT}, ask=Rephrase(), rephrased=99)

    assert scripts(decision) == ["ask_rephrase_part"]


def test_all_who_were_asked_hear_what_another_changed() -> None:
    """Several staff may answer; all of them get the read-back."""
    decision = a_morning().says("09:35", ALL_IN, by=SAM)

    assert scripts(decision, JO) == ["read_back_colleague"]
    assert [say.more["who"] for say in decision.say if say.to == JO.key and say.more] == [
        "Sam Field"
    ]


def test_a_colleague_who_was_not_asked_is_not_told() -> None:
    """Bev stands by for the last chase, and is left in peace."""
    assert scripts(a_morning().says("09:35", ALL_IN), BEV) == []


def test_a_question_of_one_is_not_put_to_all() -> None:
    """The colleague hears what changed, and is not asked about it."""
    decision = a_morning().says("09:35", {3: Mark.ABSENT}, ask=RestPresent((1, 2)))

    assert scripts(decision, SAM) == ["read_back_colleague"]


def test_the_register_message_of_all_who_were_asked_shows_what_changed() -> None:
    """The one message is edited in place, on every phone that has it."""
    decision = a_morning().says("09:35", ALL_IN)

    assert {say.to for say in decision.say if say.edits} == {JO.key, SAM.key}


def test_a_concern_goes_word_for_word_to_the_safeguarding_lead_at_once() -> None:
    """With who sent it, and to nobody else yet."""
    words = "chloe's got bruises on her arm, wont say how"
    morning = a_morning()
    morning.says("10:00", {2: Mark.PRESENT}, flags=[Flag.CONCERN], text=words)
    (case,) = morning.of(Matter.CONCERN)

    assert (case.words, case.raised_by) == (words, JO.key)
    assert morning.heard(LENA) == [("10:00", "css_concern")]


def test_the_sender_of_a_concern_hears_that_it_was_passed_on() -> None:
    """They are not left with it alone."""
    decision = a_morning().says("09:35", flags=[Flag.CONCERN])

    assert scripts(decision) == ["provider_concern_passed_on"]


def test_an_emergency_is_answered_with_999_and_passed_on() -> None:
    """Life and limb: ring 999 now; the lead hears as well."""
    morning = a_morning()
    decision = morning.says("09:35", flags=[Flag.CONCERN, Flag.EMERGENCY])

    assert scripts(decision) == ["provider_emergency"]
    assert morning.heard(LENA) == [("09:35", "css_concern")]


def test_a_concern_with_marks_is_both() -> None:
    """ "Chloe here but has bruises": a mark, and a concern."""
    morning = a_morning()
    morning.says("09:35", ALL_IN, flags=[Flag.CONCERN])

    assert (len(morning.register.entries), len(morning.of(Matter.CONCERN))) == (3, 1)


def test_every_concern_is_a_case_of_its_own() -> None:
    """The second message is not swallowed by the first."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CONCERN], text="first")
    morning.says("09:36", flags=[Flag.CONCERN], text="second")

    assert [case.words for case in morning.of(Matter.CONCERN)] == ["first", "second"]


def test_a_question_is_passed_word_for_word_to_the_key_contact() -> None:
    """Somebody who can answer reads it as it was put."""
    words = "can someone ring me about the bus pass"
    morning = a_morning()
    decision = morning.says("09:35", flags=[Flag.QUESTION], text=words)

    assert (morning.only_case.words, morning.heard(GILL)) == (words, [("09:35", "css_question")])
    assert scripts(decision) == ["provider_question_passed_on"]


def test_many_things_at_once_are_all_taken() -> None:
    """Marks, a reason and a question in one message."""
    morning = a_morning()
    decision = morning.says(
        "09:35", {**REST, 3: Mark.ABSENT}, reasons={3: Reason.ILLNESS}, flags=[Flag.QUESTION]
    )

    assert {case.matter for case in morning.cases.values()} == {Matter.ABSENCE, Matter.QUESTION}
    assert scripts(decision) == ["provider_question_passed_on", "read_back"]


def test_a_provider_that_is_not_running_is_a_case_and_no_marks() -> None:
    """The CSS must say where the pupils are to be."""
    morning = a_morning()
    decision = morning.says("09:35", flags=[Flag.CLOSED], text="shut today, burst pipe")

    assert (morning.register.state, morning.register.entries) == (RegisterState.CLOSED, ())
    assert (morning.only_case.matter, morning.only_case.words) == (
        Matter.CLOSED,
        "shut today, burst pipe",
    )
    assert scripts(decision) == ["provider_closed_noted"]


def test_closing_keeps_who_said_so() -> None:
    """The register says by whom it was closed."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CLOSED], by=SAM)

    assert morning.register.closed_by == SAM.key


def test_closing_ends_the_missing_register() -> None:
    """There is no register to come."""
    morning = a_morning()
    morning.says("10:05", flags=[Flag.CLOSED])

    assert not morning.of(Matter.MISSING_REGISTER)[0].is_open


def test_marks_open_a_closed_register_again() -> None:
    """ "Open after all? Just send the register." """
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CLOSED])
    morning.says("09:50", ALL_IN)

    assert (morning.register.state, morning.register.closed_by) == (RegisterState.COMPLETE, "")


def test_a_register_that_was_opened_again_is_chased_again() -> None:
    """Part of it came after all: the rest is asked for on the same clock."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CLOSED])
    morning.says("09:45", {1: Mark.PRESENT})

    assert ("09:50", "register_chase") in morning.until("09:50").heard(SAM)


def test_chatter_does_not_open_a_closed_register() -> None:
    """Only a mark does."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CLOSED])
    morning.says("09:50", flags=[Flag.QUESTION])

    assert morning.register.state is RegisterState.CLOSED


def test_help_answers_with_what_can_be_sent_here_and_now() -> None:
    """With this register's own pupils."""
    decision = a_morning().says("09:35", flags=[Flag.HELP])

    assert (scripts(decision), len(decision.say[0].lines)) == (["provider_help"], 3)


def test_a_wrong_number_is_told_to_the_key_contact() -> None:
    """Somebody else holds that phone: the office must put it right."""
    morning = a_morning()
    decision = morning.says("09:35", flags=[Flag.WRONG_NUMBER], text="who is this")

    assert scripts(decision) == ["wrong_number_noted"]
    assert morning.heard(GILL) == [("09:35", "css_wrong_number")]


@pytest.mark.parametrize(
    ("rota", "script"),
    [(a_rota(), "css_opted_out"), (a_rota(staff=[JO], backups=[]), "css_opted_out_last")],
)
def test_stop_is_obeyed_and_is_an_alarm(rota: Rota, script: str) -> None:
    """The CSS hears that this provider is harder, or impossible, to ask."""
    morning = Morning(a_register(looked="09:30"), rota)

    decision = morning.says("09:35", flags=[Flag.OPT_OUT])

    assert (decision.stops, morning.heard(GILL)) == (True, [("09:35", script)])


def test_stop_is_not_answered() -> None:
    """Whoever wants no texts gets none, not even one more."""
    assert scripts(a_morning().says("09:35", flags=[Flag.OPT_OUT])) == []


def test_stop_says_who_and_on_which_number() -> None:
    """The key contact can ring them."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.OPT_OUT])

    more = morning.last("css_opted_out").more
    assert (more["who"], more["phone"]) == ("Jo Archer", JO.mobile)


def test_stop_without_a_key_contact_is_told_to_who_is_there() -> None:
    """Somebody at the CSS always hears of it."""
    rota = a_rota(key_contact=None, cover=None, lead=None, deputy=None)
    morning = Morning(a_register(looked="09:30"), rota)
    morning.says("09:35", flags=[Flag.OPT_OUT])

    assert morning.heard(OLA) == [("09:35", "css_opted_out")]


def test_a_decision_says_why_in_words() -> None:
    """The journal can be read."""
    decision = a_morning().says("09:35", {3: Mark.ABSENT}, flags=[Flag.CONCERN], ask=Rephrase())

    assert decision.because == "1 mark read; flag concern; asked Rephrase"


def stray(reading: Reading, person: Person = JO, rota: Rota | None = None) -> Decision:
    return on_stray_reply(
        person, a_policy(), rota or a_rota(), reading, "as it was sent", refs(), clock("18:40")
    )


def test_a_message_with_no_register_to_take_is_read_by_a_person() -> None:
    """It is no answer to anything we asked: the key contact gets it word for word."""
    decision = stray(Reading(ask=Rephrase()))

    assert (decision.cases[0].matter, decision.cases[0].words) == (
        Matter.QUESTION,
        "as it was sent",
    )
    assert scripts(decision, GILL) == ["css_question"]
    assert scripts(decision) == ["nothing_open"]


def test_a_concern_with_no_register_to_take_goes_to_the_lead_at_once() -> None:
    """A concern has no hours."""
    decision = stray(Reading(flags=frozenset({Flag.CONCERN})))

    assert decision.cases[0].matter is Matter.CONCERN
    assert scripts(decision, LENA) == ["css_concern"]
    assert scripts(decision) == ["provider_concern_passed_on"]


def test_an_emergency_with_no_register_to_take_is_answered_with_999() -> None:
    """Also in the evening."""
    decision = stray(Reading(flags=frozenset({Flag.CONCERN, Flag.EMERGENCY})))

    assert scripts(decision) == ["provider_emergency"]


def test_a_stray_message_is_told_to_the_cover_where_the_key_contact_is_off() -> None:
    """A rung with nobody on it is skipped at once."""
    decision = stray(Reading(ask=Rephrase()), rota=a_rota(key_contact=None))

    assert scripts(decision, RAVI) == ["css_question"]


def test_a_stray_case_has_its_ladder_from_the_policy() -> None:
    """It climbs as any other."""
    decision = stray(Reading(flags=frozenset({Flag.CONCERN})))

    assert decision.cases[0].ladder == LADDERS[Matter.CONCERN]
    assert decision.cases[0].look_at == clock("18:45")


def test_chatter_with_no_register_to_take_is_left_alone() -> None:
    """ "Thanks, bye" wakes nobody."""
    decision = stray(Reading())

    assert (decision.cases, decision.say) == ((), ())


def test_a_stray_stop_is_obeyed() -> None:
    """STOP is STOP at any hour."""
    assert stray(Reading(flags=frozenset({Flag.OPT_OUT}))).stops


def test_marks_told_before_the_start_are_kept_for_it() -> None:
    """An absence told early is taken."""
    register = a_planned_register()
    morning = Morning(register)
    morning.says("09:00", {3: Mark.ABSENT}, reasons={3: Reason.ILLNESS})

    assert morning.until("09:30").register.marks == {3: Mark.ABSENT}


def test_a_reply_on_an_own_start_to_come_leaves_that_one_to_come() -> None:
    """All who are due are in; the register waits for Theo and says so."""
    register = a_register(AIDEN, a_pupil("Theo Ward", starts="10:30"), looked="09:30")

    decision = a_morning(register).says("09:35", {1: Mark.PRESENT})

    assert scripts(decision) == ["read_back_part"]


def test_the_same_reply_by_two_people_makes_one_entry_each_pupil() -> None:
    """Jo and Sam both send "all in": the second adds nothing."""
    morning = a_morning()
    morning.says("09:35", ALL_IN)

    decision = morning.says("09:35", ALL_IN, by=SAM)

    assert (len(morning.register.entries), decision.register) == (3, None)
