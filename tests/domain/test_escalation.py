from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.domain.by_hand import on_handed_over
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Buttons, Rota, Urgency
from apbot.domain.escalation import asked_people, first_told, on_case_deadline, rested
from apbot.domain.people import Person
from apbot.domain.policy import Ladder, Service, Step, Tell
from apbot.domain.readings import CaseAction, Reading, RestPresent
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.words import Action, Mark, Matter
from tests.builders import (
    BEV,
    DEV,
    FRIDAY,
    GILL,
    JO,
    LADDERS,
    LENA,
    MONDAY,
    NOBODY,
    OLA,
    RAVI,
    SAM,
    a_case,
    a_register,
    a_rota,
    clock,
    minutes,
)

ALL_CSS = {person.key for person in (GILL, RAVI, LENA, DEV, OLA)}
SERVICE = Service(name="Hexley Support Service")


def opened(
    matter: Matter, rota: Rota, wall: str = "10:00", ladder: Ladder | None = None
) -> tuple[Case, list[tuple[str, set[str]]]]:
    """A case that has just been opened, and who was told when."""
    blank = replace(a_case(matter, opened=wall, ladder=ladder), told=(), state=CaseState.OPENED)
    case, people = first_told(blank, rota, clock(wall))
    return case, [(wall, {person.key for person in people})]


def climbed(
    matter: Matter,
    until: str,
    *,
    rota: Rota | None = None,
    ladder: Ladder | None = None,
) -> list[tuple[str, set[str]]]:
    """Who is told when, from ten o'clock on, if nobody acknowledges."""
    there = rota or a_rota()
    case, told = opened(matter, there, ladder=ladder)
    while case.ladder_at is not None and case.ladder_at <= clock(until):
        now = case.ladder_at
        decision = on_case_deadline(case, a_register(), there, now)
        (case,) = decision.cases
        told.append((f"{now:%H:%M}", {say.to for say in decision.say}))
    return told


def keys(*people: Person) -> set[str]:
    return {person.key for person in people}


@pytest.mark.parametrize(
    ("matter", "until", "told"),
    [
        (
            Matter.MISSING_REGISTER,
            "10:50",
            [
                ("10:00", keys(GILL)),
                ("10:10", keys(RAVI)),
                ("10:20", ALL_CSS),
                ("10:35", ALL_CSS),
                ("10:50", ALL_CSS),
            ],
        ),
        (
            Matter.UNACCOUNTED,
            "10:30",
            [
                ("10:00", keys(GILL, LENA)),
                ("10:05", keys(RAVI)),
                ("10:10", ALL_CSS),
                ("10:20", ALL_CSS),
                ("10:30", ALL_CSS),
            ],
        ),
        (Matter.ABSENCE, "10:59", [("10:00", keys(GILL)), ("10:30", keys(RAVI))]),
        (
            Matter.CONCERN,
            "10:30",
            [("10:00", keys(LENA)), ("10:05", keys(DEV)), ("10:10", ALL_CSS)],
        ),
        (Matter.CLOSED, "10:59", [("10:00", keys(GILL)), ("10:30", keys(RAVI))]),
    ],
)
def test_a_case_nobody_acknowledges_climbs_its_ladder(
    matter: Matter, until: str, told: list[tuple[str, set[str]]]
) -> None:
    """The contract's table: who is told first, who next, and how often again."""
    assert climbed(matter, until) == told


def test_a_first_rung_with_nobody_on_it_is_skipped_at_once() -> None:
    """No key contact on duty: the cover hears at ten, not at ten past."""
    rota = a_rota(key_contact=None)

    assert climbed(Matter.MISSING_REGISTER, "10:20", rota=rota) == [
        ("10:00", keys(RAVI)),
        ("10:20", keys(RAVI, LENA, DEV, OLA)),
    ]


def test_two_empty_rungs_are_skipped_together() -> None:
    """Neither key contact nor cover: all the CSS hears at ten."""
    rota = a_rota(key_contact=None, cover=None)

    assert climbed(Matter.MISSING_REGISTER, "10:00", rota=rota) == [("10:00", keys(LENA, DEV, OLA))]


def test_a_later_rung_with_nobody_on_it_is_not_waited_out() -> None:
    """No cover: at ten past, everybody hears what the cover would have heard."""
    assert climbed(Matter.MISSING_REGISTER, "10:10", rota=a_rota(cover=None))[1] == (
        "10:10",
        keys(GILL, LENA, DEV, OLA),
    )


def test_a_concern_with_no_lead_on_duty_goes_to_the_deputy_at_once() -> None:
    """A concern is never kept for somebody who is on leave."""
    assert climbed(Matter.CONCERN, "10:00", rota=a_rota(lead=None)) == [("10:00", keys(DEV))]


def test_an_alarm_without_a_lead_still_reaches_the_key_contact() -> None:
    """Of two on the first rung one is enough to begin."""
    assert climbed(Matter.UNACCOUNTED, "10:00", rota=a_rota(lead=None)) == [("10:00", keys(GILL))]


def test_somebody_in_two_duties_is_told_once() -> None:
    """A key contact who is the safeguarding lead gets one text."""
    _, told = opened(Matter.UNACCOUNTED, a_rota(key_contact=LENA, lead=LENA))

    assert told == [("10:00", keys(LENA))]


def test_nobody_anywhere_leaves_the_case_opened_and_looked_at_again() -> None:
    """It is told to whoever comes on duty first."""
    case, _ = opened(Matter.UNACCOUNTED, NOBODY)

    assert (case.state, case.told, case.look_at) == (CaseState.OPENED, (), clock("10:10"))


def test_a_case_that_could_be_told_to_nobody_is_told_to_who_comes_on_duty() -> None:
    """The next look finds Ola."""
    case, _ = opened(Matter.UNACCOUNTED, NOBODY)
    rota = a_rota(key_contact=None, cover=None, lead=None, deputy=None)

    decision = on_case_deadline(case, a_register(), rota, clock("10:10"))

    assert [say.to for say in decision.say] == [OLA.key]


def test_whoever_was_told_is_kept_in_order() -> None:
    """All of them hear of the end."""
    case, _ = opened(Matter.MISSING_REGISTER, a_rota())

    decision = on_case_deadline(case, a_register(), a_rota(), clock("10:10"))

    assert decision.cases[0].told == (GILL.key, RAVI.key)


def test_a_case_that_is_over_asks_nothing() -> None:
    """Looks are never cancelled: one that comes too late does nothing."""
    over = replace(a_case(), state=CaseState.RESOLVED)

    decision = on_case_deadline(over, a_register(), a_rota(), clock("10:30"))

    assert (decision.cases, decision.say) == ((), ())


def test_a_look_before_its_time_tells_nobody() -> None:
    """Looked at for another cause, the ladder stands where it stood."""
    case = a_case(Matter.MISSING_REGISTER, told=[GILL])

    decision = on_case_deadline(case, a_register(), a_rota(), clock("10:09"))

    assert (decision.say, decision.cases) == ((), (case,))


@pytest.mark.parametrize(
    ("matter", "script", "urgency"),
    [
        (Matter.MISSING_REGISTER, "css_register_missing", Urgency.REPLY),
        (Matter.UNACCOUNTED, "css_unaccounted", Urgency.ALARM),
    ],
)
def test_what_a_step_says_can_be_taken_on(matter: Matter, script: str, urgency: Urgency) -> None:
    """With a button for taking it on; a child not accounted for passes everything."""
    case = a_case(matter, told=[GILL])

    (say,) = on_case_deadline(case, a_register(), a_rota(), clock("10:10")).say

    assert (say.script, say.buttons, say.urgency) == (script, Buttons.CASES, urgency)


def test_a_step_says_how_long_it_is_by_the_pupils_own_clock() -> None:
    """ "40 min after" counts from the start, also for whoever hears it late."""
    case = a_case(Matter.MISSING_REGISTER, told=[GILL])

    (say,) = on_case_deadline(case, a_register(), a_rota(), clock("10:10")).say

    assert say.more["minutes"] == 40


def test_a_case_climbs_the_ladder_that_was_stamped_on_it() -> None:
    """An edit at ten does not change what was promised at half past nine."""
    slow = Ladder(first=(Tell.KEY_CONTACT,), steps=(Step(minutes(45), Tell.DEPUTY_LEAD),))

    assert climbed(Matter.ABSENCE, "10:45", ladder=slow) == [
        ("10:00", keys(GILL)),
        ("10:45", keys(DEV)),
    ]


def test_each_telling_has_a_cause_of_its_own() -> None:
    """Told again after fifteen minutes is meant, and is no repeat to be dropped."""
    case = replace(a_case(Matter.MISSING_REGISTER, told=[GILL]), rung=2)
    first = on_case_deadline(case, a_register(), a_rota(), clock("10:35"))
    again = on_case_deadline(first.cases[0], a_register(), a_rota(), clock("10:50"))

    causes = [say.once for say in (*first.say, *again.say)]

    assert len(causes) == len(set(causes)) == 10


def test_a_call_is_of_no_use_once_the_ladder_has_gone_on() -> None:
    """One that could not be put through within five minutes is not made late."""
    case = a_case(Matter.UNACCOUNTED, told=[GILL])
    call = Step(timedelta(minutes=12), Tell.KEY_CONTACT, by_call=True)
    ladder = replace(case.ladder, steps=(*case.ladder.steps, call))
    case = replace(case, ladder=ladder, rung=len(ladder.steps) - 1, provider_at=None)
    rota = replace(a_rota(), called=frozenset({GILL.key}))

    (say,) = on_case_deadline(case, a_register(), rota, clock("10:42")).say

    assert (say.to, say.by, say.useful_until) == (GILL.key, "voice", clock("10:47"))


@pytest.mark.parametrize(
    ("matter", "asked"),
    [
        (Matter.MISSING_REGISTER, "10:32"),
        (Matter.UNACCOUNTED, "10:17"),
        (Matter.ABSENCE, "12:02"),
        (Matter.CLOSED, "11:02"),
    ],
)
def test_an_acknowledgement_holds_the_ladder_until_an_outcome_is_due(
    matter: Matter, asked: str
) -> None:
    """Acknowledged at 10:02 and nothing said since: the holder is asked, and nobody else."""
    held = acknowledged(matter, "10:02")
    assert held.ladder_at == clock(asked)

    decision = on_case_deadline(held, a_register(), a_rota(), clock(asked))

    assert [(say.to, say.script) for say in decision.say] == [(GILL.key, "css_outcome_wanted")]


def test_an_acknowledgement_without_an_answer_lapses_and_the_ladder_goes_on() -> None:
    """Asked at 10:32, silent until 10:42: the cover hears what it would have heard."""
    asked = asked_for_outcome()

    decision = on_case_deadline(asked, a_register(), a_rota(), clock("10:42"))

    assert [say.to for say in decision.say] == [RAVI.key]
    assert decision.cases[0].state is CaseState.TOLD


def test_the_one_asked_has_ten_minutes_to_answer() -> None:
    """A minute before, the ladder still rests."""
    asked = asked_for_outcome()

    assert on_case_deadline(asked, a_register(), a_rota(), clock("10:41")).say == ()


def test_an_acknowledgement_of_somebody_gone_off_duty_lapses_at_once() -> None:
    """The holder cannot be asked any more: the ladder goes on without them."""
    held = acknowledged(Matter.MISSING_REGISTER, "10:02")
    rota = a_rota(key_contact=None)

    decision = on_case_deadline(held, a_register(), rota, clock("10:32"))

    assert [say.to for say in decision.say] == [RAVI.key]


def test_a_new_acknowledgement_after_a_lapse_holds_again() -> None:
    """Ravi takes on what Gill let lapse."""
    asked = asked_for_outcome()
    (lapsed,) = on_case_deadline(asked, a_register(), a_rota(), clock("10:42")).cases

    (taken,) = on_case_reply(*a_reply(lapsed, RAVI, Action.ACK), clock("10:45")).cases

    assert (taken.acknowledged_by, taken.ladder_at) == (RAVI.key, clock("11:15"))


def test_the_provider_is_asked_again_while_a_pupil_is_not_found() -> None:
    """Whoever was asked for the register is asked whether he is found, every ten minutes."""
    case = replace(a_case(Matter.UNACCOUNTED, told=[GILL]), provider_at=clock("10:10"))
    case = replace(case, ladder_at=clock("11:00"))

    decision = on_case_deadline(case, a_register(), a_rota(), clock("10:10"))

    assert [(say.to, say.script) for say in decision.say] == [
        (JO.key, "provider_still_unaccounted"),
        (SAM.key, "provider_still_unaccounted"),
    ]
    assert decision.cases[0].provider_at == clock("10:20")


def test_asking_the_provider_again_is_of_the_pupil() -> None:
    """One case, one pupil, one question."""
    case = replace(a_case(Matter.UNACCOUNTED), provider_at=clock("10:10"))

    decision = on_case_deadline(case, a_register(), a_rota(), clock("10:10"))

    assert [one.shown for one in decision.say[0].cases] == ["Femi O"]
    assert decision.say[0].ask == RestPresent((3,))


def test_the_provider_is_asked_after_all_who_are_sought_in_one_text() -> None:
    """Of two pupils who are sought a person hears once; both are asked after again in ten."""
    later = replace(a_case(Matter.UNACCOUNTED), provider_at=clock("10:10"), ladder_at=None)
    first = replace(later, ref="K8", number=1, pupil="aiden-brown", shown="Aiden B")

    decision = on_case_deadline(later, a_register(), a_rota(), clock("10:10"), beside=[first])

    assert [say.to for say in decision.say] == [JO.key, SAM.key]
    assert [one.shown for one in decision.say[0].cases] == ["Aiden B", "Femi O"]
    assert decision.say[0].ask == RestPresent((1, 3))
    assert [one.provider_at for one in decision.cases] == [clock("10:20")] * 2


def test_those_asked_for_the_register_are_the_ones_who_are_asked_again() -> None:
    """Not the colleague who was never asked."""
    assert asked_people(a_register(asked=[SAM]), a_rota()) == (SAM,)


def test_where_nobody_was_asked_all_on_duty_are() -> None:
    """A register that came by itself still has somebody to speak to."""
    assert asked_people(a_register(asked=[]), a_rota()) == (JO, SAM)


def test_where_those_asked_are_gone_who_is_there_is_spoken_to() -> None:
    """A colleague who went home is not waited for."""
    assert asked_people(a_register(asked=[JO]), a_rota(staff=[], backups=[BEV])) == (BEV,)


@pytest.mark.parametrize(
    ("wall", "day", "rests_until", "on"),
    [
        ("16:59", MONDAY, "16:59", MONDAY),
        ("17:00", MONDAY, "17:00", MONDAY),
        ("17:01", MONDAY, "08:00", MONDAY + timedelta(days=1)),
        ("23:30", MONDAY, "08:00", MONDAY + timedelta(days=1)),
        ("17:20", FRIDAY, "08:00", FRIDAY + timedelta(days=3)),
        ("10:00", FRIDAY + timedelta(days=1), "08:00", FRIDAY + timedelta(days=3)),
        ("10:00", FRIDAY + timedelta(days=2), "08:00", FRIDAY + timedelta(days=3)),
    ],
)
def test_what_can_wait_rests_from_the_days_end_till_a_weekdays_morning(
    wall: str, day: date, rests_until: str, on: date
) -> None:
    """Nobody is rung out of bed for an unexplained absence."""
    case = a_case(Matter.ABSENCE)

    assert rested(clock(wall, day), case, SERVICE) == clock(rests_until, on)


@pytest.mark.parametrize("matter", [Matter.UNACCOUNTED, Matter.CONCERN])
def test_a_child_not_accounted_for_and_a_concern_have_no_night(matter: Matter) -> None:
    """Nine in the evening is as good as nine in the morning."""
    assert rested(clock("21:00"), a_case(matter), SERVICE) == clock("21:00")


def test_the_days_end_is_by_the_wall_clock() -> None:
    """In summer five o'clock in England is four in UTC."""
    summer = MONDAY.replace(month=6, day=22)

    found = rested(clock("17:01", summer), a_case(Matter.ABSENCE), SERVICE)

    assert f"{found:%d %H:%M}" == "23 07:00"


def test_a_missing_register_of_a_late_afternoon_is_told_and_then_rests() -> None:
    """The first telling is at once; its next step is tomorrow's."""
    case, told = opened(Matter.MISSING_REGISTER, a_rota(), wall="16:55")

    assert (told, case.ladder_at) == (
        [("16:55", keys(GILL))],
        clock("08:00", MONDAY + timedelta(days=1)),
    )


def acknowledged(matter: Matter, wall: str) -> Case:
    case = a_case(matter, told=[GILL])
    (held,) = on_case_reply(*a_reply(case, GILL, Action.ACK), clock(wall)).cases
    return held


def asked_for_outcome() -> Case:
    held = acknowledged(Matter.MISSING_REGISTER, "10:02")
    (asked,) = on_case_deadline(held, a_register(), a_rota(), clock("10:32")).cases
    return asked


def a_reply(
    case: Case, by: Person, action: Action, text: str = "as a test says it"
) -> tuple[CaseTalk, Reading, str]:
    talk = CaseTalk(
        person=by,
        cases=(case,),
        registers={case.ref: a_register(marks={1: Mark.PRESENT})},
        rotas={case.ref: a_rota()},
    )
    return talk, Reading(cases=(CaseAction(case.ref, action),)), text


PEOPLE = {"key_contact": GILL, "cover": RAVI, "lead": LENA, "deputy": DEV}

rotas = st.builds(
    lambda there, others: a_rota(
        key_contact=GILL if "key_contact" in there else None,
        cover=RAVI if "cover" in there else None,
        lead=LENA if "lead" in there else None,
        deputy=DEV if "deputy" in there else None,
        others=[OLA] if others else [],
    ),
    st.sets(st.sampled_from(sorted(PEOPLE))),
    st.booleans(),
)

ladders = st.builds(
    Ladder,
    first=st.lists(st.sampled_from(Tell), min_size=1, max_size=2).map(tuple),
    steps=st.lists(
        st.builds(Step, st.integers(0, 60).map(minutes), st.sampled_from(Tell)), max_size=3
    ).map(tuple),
    then_every=st.none() | st.integers(1, 60).map(minutes),
    asked_after=st.none() | st.integers(1, 120).map(minutes),
)

happenings = st.lists(
    st.one_of(
        st.just("look"),
        st.tuples(
            st.sampled_from([Action.ACK, Action.NOTE]),
            st.sampled_from([GILL, RAVI, LENA]),
            st.integers(0, 90),
        ),
    ),
    max_size=15,
)


@given(
    matter=st.sampled_from(Matter),
    ladder=ladders | st.none(),
    there=st.lists(rotas, min_size=1, max_size=4),
    after=happenings,
)
def test_an_open_case_always_has_a_next_look_still_to_come(
    matter: Matter, ladder: Ladder | None, there: list[Rota], after: list[object]
) -> None:
    """
    Never not at all, whatever is on the ladder and whoever comes and goes.

    Looks, acknowledgements and notes in any order, with a rota that changes between them: the
    case is open at the end of each, and is looked at again, later than now. A question that was
    answered ends as the day does.
    """
    now = clock("10:00")
    blank = replace(a_case(matter, ladder=ladder or LADDERS[matter]), state=CaseState.OPENED)
    case, _ = first_told(blank, there[0], now)
    for number, happening in enumerate(after):
        rota = there[number % len(there)]
        look_at = case.look_at
        assert look_at is not None
        if isinstance(happening, tuple):
            action, by, later = happening
            now = min(now + minutes(later), look_at)
            talk, reading, text = a_reply(case, by, action)
            decision = on_case_reply(replace(talk, rotas={case.ref: rota}), reading, text, now)
        else:
            now = look_at
            decision = on_case_deadline(case, a_register(), rota, now)
        (case,) = decision.cases

        if case.is_answered and not case.is_open:
            return
        assert case.is_open
        assert case.look_at is not None
        assert case.look_at > now or isinstance(happening, tuple)


@given(matter=st.sampled_from(Matter), there=rotas, looks=st.integers(1, 12))
def test_a_case_nobody_takes_reaches_everybody_on_duty_and_forgets_nobody(
    matter: Matter, there: Rota, looks: int
) -> None:
    """Those told only ever become more, and every rung's people are told in their turn."""
    case, _ = first_told(replace(a_case(matter), told=()), there, clock("10:00"))
    for _ in range(looks):
        assert case.look_at is not None
        told = case.told
        (case,) = on_case_deadline(case, a_register(), there, case.look_at).cases
        assert case.told[: len(told)] == told
    reached = {p.key for step in case.ladder.steps[: case.rung] for p in there.people(step.tell)}

    assert reached <= set(case.told)


def test_a_concern_that_a_lead_has_stays_with_the_lead() -> None:
    """Acknowledged, but no outcome: "until that lead or deputy resolves it". Nobody else hears."""
    case = a_case(Matter.CONCERN, told=[LENA, DEV, GILL], held_by=LENA)
    case = replace(case, ladder_at=clock("11:00"))

    tuesday = MONDAY + timedelta(days=1)
    looks = [clock("11:00"), clock("17:00"), clock("08:00", tuesday), clock("17:00", tuesday)]
    for look, following in pairwise(looks):
        decision = on_case_deadline(case, None, a_rota(), look)
        (case,) = decision.cases
        assert [(say.to, say.script) for say in decision.say] == [(LENA.key, "css_outcome_wanted")]
        assert (case.acknowledged_by, case.look_at) == (LENA.key, following)


def test_the_lead_is_not_reminded_at_night() -> None:
    """In working hours: what they took on at six is asked about in the morning."""
    case = a_case(Matter.CONCERN, told=[LENA], held_by=LENA)
    case = replace(case, ladder_at=clock("17:30"))

    (asked,) = on_case_deadline(case, None, a_rota(), clock("17:30")).cases

    assert asked.look_at == clock("08:00", MONDAY + timedelta(days=1))


def test_a_concern_whose_lead_is_not_there_goes_to_the_deputy() -> None:
    """On leave, or with no phone that works: somebody who may end it must have it."""
    case = a_case(Matter.CONCERN, told=[LENA, DEV, GILL], held_by=LENA)
    case = replace(case, ladder_at=clock("11:00"))

    decision = on_case_deadline(case, None, a_rota(lead=None), clock("11:00"))

    assert [(say.to, say.script) for say in decision.say] == [(DEV.key, "css_concern")]


def test_a_missing_register_that_is_told_again_says_that_it_is_the_same() -> None:
    """Whoever heard of it at ten must not take it for another at half past."""
    case = a_case(Matter.MISSING_REGISTER, told=[GILL])
    case = replace(case, ladder_at=clock("10:20"), rung=1)

    says = on_case_deadline(case, a_register(), a_rota(), clock("10:20")).say

    assert {say.script for say in says if say.to == GILL.key} == {"css_register_missing_still"}
    assert {say.script for say in says if say.to != GILL.key} == {"css_register_missing"}


def test_an_answered_question_is_over_as_the_day_ends_and_nobody_is_asked_of_it() -> None:
    """Its answer is its outcome, gone back to the asker; a colleague who was told hears the end."""
    question = a_case(Matter.QUESTION, told=[GILL, RAVI], raised_by=SAM)
    reply = a_reply(question, GILL, Action.NOTE, text="the 685, ten past three")
    (answered,) = on_case_reply(*reply, clock("10:20")).cases
    assert answered.ladder_at == clock("17:00")

    decision = on_case_deadline(answered, a_register(), a_rota(), clock("17:00"))

    assert [(say.to, say.script) for say in decision.say] == [(RAVI.key, "css_case_over")]
    (over,) = decision.cases
    assert (over.state, over.resolved_by) == (CaseState.RESOLVED, GILL.key)
    assert over.outcome == "the 685, ten past three"


def test_a_question_handed_over_after_an_answer_is_asked_after() -> None:
    """Gill answered half of it and handed it to Ravi, who has answered nothing yet."""
    question = a_case(Matter.QUESTION, told=[GILL, RAVI], raised_by=SAM)
    reply = a_reply(question, GILL, Action.NOTE, text="Ravi knows that")
    (answered,) = on_case_reply(*reply, clock("10:20")).cases
    handed = on_handed_over(answered, None, RAVI, GILL, "", a_rota(), clock("10:30"))
    (with_ravi,) = handed.cases

    assert with_ravi.look_at == clock("17:00")
    decision = on_case_deadline(with_ravi, None, a_rota(), clock("17:00"))

    assert [(say.to, say.script) for say in decision.say] == [(RAVI.key, "css_outcome_wanted")]


def test_where_a_ladder_never_tells_again_nobody_is_told_by_the_hour() -> None:
    """A question's cover was told; what is left is told once more as the working day ends."""
    question = a_case(Matter.QUESTION, told=[GILL], raised_by=SAM)
    question = replace(question, rung=len(question.ladder.steps), ladder_at=clock("10:30"))
    (told,) = on_case_deadline(question, None, a_rota(), clock("10:30")).cases
    assert told.look_at == clock("17:00")
