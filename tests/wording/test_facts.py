from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from tests.builders import (
    AIDEN,
    ALDER_FARM,
    CHLOE,
    FEMI,
    GILL,
    JO,
    MONDAY,
    RAVI,
    SAM,
    a_case,
    a_planned_register,
    a_policy,
    a_pupil,
    a_register,
    an_entry,
    clock,
)

from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Say
from apbot.domain.people import Person
from apbot.domain.readings import CountOrNumber, RestPresent, WhichPupil
from apbot.domain.register import How, Register
from apbot.domain.words import Half, Mark, Matter, Reason
from apbot.wording.facts import facts_for, known_facts
from apbot.wording.plain import (
    MARKS,
    MATTERS,
    REASONS,
    TICKS,
    mark_words,
    person_and_number,
    shown_number,
    standing,
    subject,
    tally,
)
from apbot.wording.scene import Scene
from apbot.wording.scripts import MissingFact, Script

THEO = a_pupil("Theo Ward", starts="10:30")


def a_scene(
    now: datetime | None = None, *, to: Person = JO, ring: tuple[Person, ...] = ()
) -> Scene:
    return Scene(
        css="Hexley Support Service",
        now=now or clock("09:40"),
        to=to,
        provider=ALDER_FARM,
        ring=ring,
        names={person.key: person for person in (JO, SAM, GILL, RAVI)},
    )


def fact(name: str, scene: Scene | None = None, *, script: str = "a_script", **say: Any) -> str:
    """Return one fact of what is said."""
    spoken = Script(script, "somebody", (name,), f"{{{name}}}")
    return str(facts_for(spoken, Say(to=JO.key, script=script, **say), scene or a_scene())[name])


def said(register: Register, *entries: tuple[int, Mark, Any]) -> Register:
    """The register with these said of it, each with its reason or time."""
    for number, mark, more in entries:
        entry = an_entry(register, number, mark, **more)
        register = register.with_entries([entry], clock("09:35"))
    return register


@pytest.mark.parametrize("mark", [None, *Mark])
def test_every_mark_has_a_word_and_a_tick(mark: Mark | None) -> None:
    """A mark without words could not be read back."""
    assert MARKS[mark]
    assert TICKS[mark]


def test_no_two_marks_look_alike() -> None:
    """What was taken can be told from what was meant."""
    assert len(set(MARKS.values())) == len(set(TICKS.values())) == len(Mark) + 1


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words(reason: Reason) -> None:
    """A reason that was understood is read back."""
    assert REASONS[reason]


@pytest.mark.parametrize("matter", list(Matter))
def test_every_matter_can_be_named(matter: Matter) -> None:
    """A case is spoken of by what it is about."""
    assert ALDER_FARM.name in subject(a_case(matter))
    assert MATTERS[matter]


@pytest.mark.parametrize(
    ("mark", "more", "words"),
    [
        (Mark.PRESENT, {}, "in"),
        (Mark.LATE, {"said_time": "09:50"}, "late 09:50"),
        (Mark.AWAITED, {"said_time": "10:15"}, "on the way 10:15"),
        (Mark.ABSENT, {"reason": Reason.ILLNESS}, "off (ill)"),
        (Mark.ABSENT, {}, "off"),
        (Mark.UNACCOUNTED, {}, "not accounted for"),
        (Mark.LEFT, {"said_time": "11:00", "reason": Reason.FAMILY}, "left 11:00 (family)"),
    ],
)
def test_a_mark_is_said_with_its_time_and_reason(
    mark: Mark, more: dict[str, Any], words: str
) -> None:
    """One pupil's standing, as a person would say it."""
    assert mark_words(an_entry(a_register(), 1, mark, **more)) == words


def test_no_mark_is_said_as_that() -> None:
    """Silence is not a mark."""
    assert mark_words(None) == "no mark"


def test_a_tally_counts_the_register_in_one_breath() -> None:
    """Only what there is."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.ABSENT})

    assert tally(register) == "2 in, 1 off"


def test_a_tally_counts_a_known_absence_as_off() -> None:
    """Whoever is known to be away is not here."""
    register = a_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY), marks={1: Mark.PRESENT})

    assert tally(register) == "1 in, 1 off"


def test_a_tally_counts_whoever_has_no_mark() -> None:
    """The numbers add up to the roster."""
    assert tally(a_register(marks={1: Mark.PRESENT})) == "1 in, 2 no mark"


def test_all_in_is_said_shortly() -> None:
    """The happiest register."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT})

    assert standing(register) == "All 3 in."


def test_a_roster_of_one_is_named() -> None:
    """ "All 1 in" is no English."""
    assert standing(a_register(AIDEN, marks={1: Mark.PRESENT})) == "In: Aiden B."


def test_whoever_is_not_in_is_said_first() -> None:
    """The last line of a text is the one not read."""
    register = said(
        a_register(AIDEN, CHLOE, FEMI, "Mia Lock"),
        (1, Mark.PRESENT, {}),
        (2, Mark.ABSENT, {"reason": Reason.ILLNESS}),
        (3, Mark.UNACCOUNTED, {}),
        (4, Mark.LATE, {"said_time": "09:50"}),
    )

    assert standing(register) == (
        "Not accounted for: Femi O. Off: Chloe D (ill). Late: Mia L 09:50. In: Aiden B."
    )


def test_a_known_absence_is_said_with_its_reason() -> None:
    """It was told beforehand, and it shows."""
    register = a_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY), marks={1: Mark.PRESENT})

    assert standing(register) == "Off: Chloe D (holiday). In: Aiden B."


def test_a_known_absence_who_came_after_all_is_in() -> None:
    """That mark wins."""
    away = a_pupil(CHLOE, away=Reason.HOLIDAY)
    register = a_register(AIDEN, away, marks={1: Mark.PRESENT, 2: Mark.PRESENT})

    assert standing(register) == "All 2 in."


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+447700900101", "07700 900101"),
        ("+49 none", "+49 none"),
        ("+4477009", "+4477009"),
        ("", ""),
    ],
)
def test_a_number_is_written_as_people_write_it(number: str, written: str) -> None:
    """It has to be read aloud, and rung."""
    assert shown_number(number) == written


def test_a_person_is_named_with_their_number() -> None:
    """Whom to ring, and how."""
    assert person_and_number(GILL) == "Gill Marsh 07700 900111"


def test_the_roster_is_numbered_with_what_is_known() -> None:
    """Numbered pupils, known absences shown, own starts said."""
    register = a_register(AIDEN, a_pupil(CHLOE, away=Reason.MEDICAL_APPOINTMENT), THEO)

    assert fact("roster", register=register) == (
        "1 Aiden B\n2 Chloe D (away: appointment)\n3 Theo W (from 10:30)"
    )


def test_the_message_shows_each_pupil_as_they_stand() -> None:
    """The one message that is edited in place."""
    register = a_register(marks={1: Mark.PRESENT, 3: Mark.ABSENT})

    assert fact("roster_marked", register=register) == "✅ 1 Aiden B\n▫️ 2 Chloe D\n❌ 3 Femi O: off"


def test_the_message_says_how_many_are_still_to_mark() -> None:
    """Under the names, until it is complete."""
    register = a_register(marks={1: Mark.PRESENT})

    assert fact("standing", script="register_message", register=register) == "2 pupils to mark."


def test_the_message_says_when_it_was_complete() -> None:
    """By the wall clock."""
    register = a_register(AIDEN, marks={1: Mark.PRESENT})

    words = fact("standing", script="register_message", register=register)

    assert words.startswith("Complete, 09:40.")


def test_a_chase_names_whom_it_is_about() -> None:
    """Those whom the rule chose."""
    register = a_register(marks={1: Mark.PRESENT})
    lines = register.unmarked()

    assert fact("unmarked", script="register_chase", register=register, lines=lines) == (
        "Chloe D and Femi O"
    )


def test_a_pupil_whose_own_start_is_to_come_is_not_said_to_be_unmarked() -> None:
    """Only those who are due are missed."""
    assert fact("unmarked", register=a_register(AIDEN, THEO)) == "Aiden B"


def test_those_still_to_come_are_named_when_all_who_are_due_are_in() -> None:
    """ "Still to come: Theo W"."""
    register = a_register(AIDEN, THEO, marks={1: Mark.PRESENT})

    assert fact("unmarked", register=register) == "Theo W"


def test_nobody_unmarked_is_nobody() -> None:
    """A text never ends in nothing."""
    assert fact("unmarked", register=a_register(AIDEN, marks={1: Mark.PRESENT})) == "nobody"


def test_the_deadline_is_the_policys_minutes_after_the_start() -> None:
    """ "The CSS is told at 10:00"."""
    assert fact("deadline", register=a_register()) == "10:00"


def test_the_deadline_is_the_policys_own() -> None:
    """A provider with fifteen minutes is told of fifteen."""
    assert fact("deadline", register=a_register(policy=a_policy(missing_after=15))) == "09:45"


def test_the_deadline_of_a_later_start_runs_from_that() -> None:
    """Theo's half hour ends at eleven."""
    register = a_register(AIDEN, THEO, marks={1: Mark.PRESENT})

    assert fact("deadline", register=register, lines=register.unmarked()) == "11:00"


def test_what_was_taken_is_said_together() -> None:
    """Those of one mark in one breath."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.ABSENT})

    assert fact("taken", register=register, lines=register.roster) == (
        "Aiden B and Chloe D in, Femi O off."
    )


def test_what_settled_nothing_says_nothing() -> None:
    """A question stands alone."""
    assert fact("taken", register=a_register()) == ""


def test_the_others_are_asked_about_by_name() -> None:
    """Nobody is assumed to be there."""
    assert fact("ask_names", register=a_register(), ask=RestPresent((1, 3))) == "Aiden B, Femi O"


def test_two_who_fit_a_name_are_offered() -> None:
    """As they are shown, not as they were typed."""
    register = a_register("Jack Tully", "Jack Mann", FEMI)
    ask = WhichPupil("jack", (1, 2), Mark.ABSENT)

    assert (
        fact("said", register=register, ask=ask),
        fact("options", register=register, ask=ask),
    ) == (
        "Jack",
        "Jack T or Jack M",
    )


def test_a_number_that_may_be_a_count_is_asked_about_with_its_pupil() -> None:
    """ "Is 2 how many are off, or number 2 (Chloe D)?" """
    more: dict[str, Any] = {"register": a_register(), "ask": CountOrNumber(2, Mark.ABSENT)}

    assert [fact(name, **more) for name in ("n", "meant", "ask_names")] == ["2", "off", "Chloe D"]


def test_a_number_past_the_end_is_nobody() -> None:
    """Asked about all the same."""
    assert fact("ask_names", register=a_register(), ask=CountOrNumber(9, Mark.ABSENT)) == "nobody"


def test_whom_to_ring_is_the_staff_and_then_the_place() -> None:
    """Two people, and the number that is always there."""
    assert fact("ring", a_scene(ring=(JO, SAM, RAVI))) == (
        "Jo Archer 07700 900101, Sam Field 07700 900102 or 07700 900150"
    )


def test_a_number_that_is_also_the_places_is_said_once() -> None:
    """A tutor's own phone is the place's."""
    scene = a_scene(ring=(replace(JO, mobile=ALDER_FARM.phone),))

    assert fact("ring", scene) == "Jo Archer 07700 900150"


def test_two_concerns_of_one_place_are_told_apart_by_when_they_were_raised() -> None:
    """ "Which one?" must be answerable."""
    cases = [
        a_case(Matter.CONCERN, "K1", opened="09:41"),
        a_case(Matter.CONCERN, "K2", opened="10:05"),
        a_case(Matter.MISSING_REGISTER, "K3"),
    ]

    assert fact("numbered_lines", cases=cases) == (
        "1. K1 concern from Alder Farm, 09:41\n2. K2 concern from Alder Farm, 10:05\n"
        "3. K3 Alder Farm register"
    )


def test_with_nobody_to_ring_it_is_the_place() -> None:
    """A number is always given."""
    assert fact("ring", a_scene()) == "07700 900150"


def test_the_site_is_where_to_go() -> None:
    """For whoever has to drive there."""
    assert fact("site") == "Alder Lane, Hexley"


def test_it_is_said_whether_the_provider_was_ever_asked() -> None:
    """The bot was away: was the silence theirs or ours?"""
    assert (
        fact("asked", register=a_register()),
        fact("asked", register=a_planned_register()),
    ) == ("they were asked", "they were never asked")


def test_absences_are_a_line_each_with_reason_and_ref() -> None:
    """Whoever has a reason, and whoever has none."""
    cases = (
        a_case(ref="K1", reason=Reason.REFUSING),
        a_case(ref="K2"),
    )

    assert fact("case_lines", register=a_register(), cases=cases) == (
        "Femi O, refusing. K1\nFemi O, no reason given. K2"
    )


def test_a_case_that_is_over_offers_no_ref() -> None:
    """Nobody is asked to take on what is settled."""
    case = a_case(state=CaseState.RESOLVED, reason=Reason.ILLNESS)

    assert fact("case_lines", register=a_register(), cases=(case,)) == "Femi O, ill."


def test_a_case_of_a_later_start_says_when_that_was() -> None:
    """Theo is missed from half past ten, not from half past nine."""
    register = a_register(AIDEN, CHLOE, THEO)
    case = a_case(Matter.UNACCOUNTED)

    assert fact("case_lines", register=register, cases=(case,)) == "Femi O, start 10:30. K1"


def test_who_was_seen_last_is_said_with_time_and_name() -> None:
    """The first question of whoever goes to look."""
    register = said(a_register(), (3, Mark.PRESENT, {}), (3, Mark.UNACCOUNTED, {}))

    assert fact("last_seen", register=register, cases=(a_case(Matter.UNACCOUNTED),)) == (
        "Femi O last marked in at 09:35 by Jo Archer."
    )


def test_who_is_on_the_way_is_said_with_the_hour_and_the_reason() -> None:
    """ "At the dentist till 11": whoever looks for him at half past nine need not."""
    at_the_dentist = {"reason": Reason.MEDICAL_APPOINTMENT, "said_time": "11:00"}
    register = said(a_register(), (3, Mark.AWAITED, at_the_dentist))

    assert fact("last_seen", register=register, cases=(a_case(Matter.UNACCOUNTED),)) == (
        "Femi O said at 09:35 to be coming at 11:00 (appointment), Jo Archer."
    )


def test_a_mark_that_a_parent_disputes_is_said_with_who_gave_it() -> None:
    """The contradiction is what the contact must see."""
    register = said(a_register(), (3, Mark.PRESENT, {}))
    case = replace(a_case(Matter.UNACCOUNTED), is_disputed=True)

    assert fact("last_seen", register=register, cases=(case,)) == (
        "The register says in, marked 09:35 by Jo Archer."
    )


def test_a_mark_that_the_office_was_told_is_nothing_that_it_saw() -> None:
    """Gill marked him after a call: whoever looks for him rings the gym, not her."""
    seen = (3, Mark.PRESENT, {"how": How.BOARD})
    register = said(a_register(), seen, (3, Mark.UNACCOUNTED, {}))

    assert fact("last_seen", register=register, cases=(a_case(Matter.UNACCOUNTED),)) == (
        "Femi O last marked in at 09:35, as Jo Archer was told."
    )


def test_who_was_not_seen_is_said_so() -> None:
    """Nobody is to think that he was there."""
    assert fact("last_seen", register=a_register(), cases=(a_case(Matter.UNACCOUNTED),)) == (
        "Not seen this session."
    )


def test_a_concern_is_said_word_for_word_with_who_sent_it() -> None:
    """And with their number."""
    case = a_case(Matter.CONCERN, words="he has {bruises} on his arm", raised_by=SAM)

    assert (fact("words", cases=(case,)), fact("raised_by", cases=(case,))) == (
        "he has {bruises} on his arm",
        "Sam Field 07700 900102",
    )


def test_somebody_no_longer_on_the_lists_is_not_known() -> None:
    """A name that is gone does not stop a warning."""
    case = a_case(Matter.CONCERN, raised_by=Person(key="gone", name="", mobile=""))

    assert fact("raised_by", cases=(case,)) == "not known"


def test_who_sent_the_register_is_who_spoke_last() -> None:
    """With the time on the wall."""
    register = said(a_register(AIDEN), (1, Mark.PRESENT, {"by": SAM, "wall": "10:12"}))

    assert fact("who_sent", register=register) == "Sam Field, 10:12"


def over(outcome: str, by: Person | None) -> tuple[Case, ...]:
    """A case that this person ended at 10:20; None is nobody but the register."""
    ended = replace(
        a_case(state=CaseState.RESOLVED),
        outcome=outcome,
        resolved_by=by.key if by else "",
        resolved_at=clock("10:20"),
    )
    return (ended,)


def test_an_end_is_said_with_its_outcome_and_who_said_so() -> None:
    """Everybody who was told hears how it ended."""
    assert fact("over_lines", cases=over("at home, ill", GILL)) == (
        "K1 Femi O (Alder Farm) is over: at home, ill (Gill Marsh)"
    )


def test_an_end_that_names_its_person_does_not_name_them_twice() -> None:
    """ "marked present by Jo Archer" says it already."""
    assert fact("over_lines", cases=over("marked present by Jo Archer", JO)) == (
        "K1 Femi O (Alder Farm) is over: marked present by Jo Archer"
    )


def test_an_end_by_itself_names_nobody() -> None:
    """The register came in; no person ended it."""
    assert fact("over_lines", cases=over("the register came in", None)).endswith(
        "the register came in"
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [(clock("10:40"), "10:20"), (clock("10:40", MONDAY.replace(day=25)), "Mon 23 Nov 10:20")],
)
def test_when_a_case_ended_is_said_with_its_day_once_that_is_past(
    now: datetime, words: str
) -> None:
    """A late "K7 done" is answered days after."""
    assert fact("resolved", a_scene(now), cases=over("done", GILL)) == words


def test_those_who_were_due_are_named_without_known_absences() -> None:
    """A provider is not running: whose whereabouts must be said?"""
    register = a_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY), FEMI)

    assert fact("due_names", register=register) == "Aiden B and Femi O"


def test_the_choice_of_cases_is_a_line_each() -> None:
    """Each with the ref to reply with."""
    cases = (a_case(Matter.MISSING_REGISTER, "K1"), a_case(Matter.ABSENCE, "K2"))

    assert fact("choice_lines", cases=cases) == "K1 Alder Farm register\nK2 Femi O (Alder Farm)"


def test_tomorrows_known_absences_are_said_with_their_halves_and_then_the_notes() -> None:
    """One line a pupil, also where they are away all day."""
    away = a_pupil(CHLOE, away=Reason.HOLIDAY)
    registers = (
        a_register(AIDEN, away),
        a_register(AIDEN, away, half=Half.PM, start="13:00", end="15:00"),
    )

    words = fact("ahead_lines", registers=registers, notes=("Aiden's taxi is 20 min late",))

    assert words == "Chloe D away AM and PM: holiday\nAiden's taxi is 20 min late"


def test_a_start_of_a_pupils_own_is_said_as_that() -> None:
    """ "Theo W is due at 10:30"; of two who start then, "are"."""
    register = a_register(AIDEN, THEO)

    assert fact("start_later", register=register, lines=register.roster[1:]) == "10:30"
    assert fact("names_are", register=register, lines=register.roster[1:]) == "Theo W is"
    assert fact("names_are", register=register, lines=register.roster) == "Aiden B and Theo W are"


def test_times_are_said_by_the_wall_clock_in_summer_too() -> None:
    """Half past nine in June is half past eight in UTC."""
    summer = MONDAY.replace(month=6, day=22)
    register = a_register(AIDEN, marks={1: Mark.PRESENT})

    words = fact(
        "standing", a_scene(clock("09:30", summer)), script="register_message", register=register
    )

    assert words.startswith("Complete, 09:30.")


def test_a_fact_of_the_rule_itself_comes_before_one_that_is_made() -> None:
    """What the rule counted is what is said."""
    assert fact("minutes", register=a_register(), more={"minutes": 40}) == "40"


def test_a_phone_number_of_the_rule_is_written_as_people_write_it() -> None:
    """It has to be rung."""
    assert fact("phone", more={"phone": JO.mobile}) == "07700 900101"


@pytest.mark.parametrize(
    ("name", "about"),
    [("roster", "register"), ("ref", "case"), ("tally", "register"), ("outcome", "case")],
)
def test_a_fact_without_what_it_is_about_is_an_error(name: str, about: str) -> None:
    """A hole in a warning is never sent."""
    with pytest.raises(MissingFact, match=about):
        fact(name)


def test_a_fact_nobody_knows_is_an_error() -> None:
    """It is found before it is spoken: the check of the scripts knows every fact."""
    with pytest.raises(MissingFact, match="shoe_size"):
        fact("shoe_size")
    assert "shoe_size" not in known_facts()


def test_only_what_a_script_names_is_made() -> None:
    """A text about nothing needs no register."""
    script = Script("welcome", "somebody", ("css", "first_name"), "{css} {first_name}")

    assert facts_for(script, Say(to=JO.key, script="welcome"), a_scene()) == {
        "css": "Hexley Support Service",
        "first_name": "Jo",
    }


@pytest.mark.parametrize("mark", [Mark.LATE, Mark.ABSENT])
def test_a_tap_is_answered_with_the_mark_it_made(mark: Mark) -> None:
    """The word that pops up."""
    register = a_register(marks={2: mark})

    assert fact("mark_word", register=register, lines=register.roster[1:2]) == MARKS[mark]
