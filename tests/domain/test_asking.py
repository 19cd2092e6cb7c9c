import pytest

from apbot.domain.decisions import Buttons, Route, Urgency
from apbot.domain.readings import Rephrase
from apbot.domain.register import RegisterState
from apbot.domain.words import Flag, Mark, Matter, Reason
from tests.builders import (
    AIDEN,
    BEV,
    CHLOE,
    GILL,
    JO,
    NOBODY,
    OLA,
    SAM,
    a_planned_register,
    a_policy,
    a_pupil,
    a_register,
    a_rota,
    an_entry,
    clock,
)
from tests.domain.morning import Morning

THEO = a_pupil("Theo Ward", starts="10:30")


def a_morning(*pupils: str) -> Morning:
    return Morning(a_planned_register(*pupils))


def test_the_staff_on_duty_are_prompted_at_the_start() -> None:
    """Each of them, and nobody else; the backup is kept for the last chase."""
    morning = a_morning().until("09:30")

    assert [(heard.clock, heard.say.to, heard.say.script) for heard in morning.said] == [
        ("09:30", JO.key, "register_prompt"),
        ("09:30", SAM.key, "register_prompt"),
    ]


def test_nobody_is_prompted_before_the_start() -> None:
    """Never early."""
    assert a_morning().until("09:29").said == []


def test_the_prompt_opens_the_register_and_keeps_whom_it_asked() -> None:
    """Whoever was asked is chased, and hears what came of it."""
    register = a_morning().until("09:30").register

    assert (register.state, register.asked) == (RegisterState.OPEN, (JO.key, SAM.key))


def test_the_prompt_names_the_whole_roster_and_can_be_tapped() -> None:
    """Numbered pupils, known absences among them, and how to answer."""
    away = a_pupil(CHLOE, away=Reason.HOLIDAY)
    say = Morning(a_planned_register(AIDEN, away)).until("09:30").last("register_prompt")

    assert ([line.number for line in say.lines], say.buttons) == ([1, 2], Buttons.REGISTER)


def test_a_prompt_is_useful_until_the_session_ends() -> None:
    """A text that cannot be delivered in time is not sent after it."""
    assert a_morning().until("09:30").last("register_prompt").useful_until == clock("12:00")


def test_so_are_the_prompt_for_a_later_start_and_the_word_that_the_css_was_told() -> None:
    """A chase is overtaken by what comes next; these are said once."""
    morning = Morning(a_planned_register(AIDEN, THEO)).until("10:30")

    for script in ("register_prompt_later", "provider_css_told"):
        assert morning.last(script).useful_until == clock("12:00")


def test_silence_is_chased_twice_and_then_told() -> None:
    """Start + 10, + 20, + 30: the clock of the contract, for those who were asked."""
    morning = a_morning().until("10:00")

    assert morning.heard(JO) == [
        ("09:30", "register_prompt"),
        ("09:40", "register_chase"),
        ("09:50", "register_chase"),
        ("10:00", "provider_css_told"),
    ]


def test_thirty_minutes_of_silence_reach_the_key_contact() -> None:
    """Punctual: at start + 30 the key contact hears, once."""
    assert a_morning().until("10:09").heard(GILL) == [("10:00", "css_register_missing")]


def test_the_missing_register_is_never_told_early() -> None:
    """Nine minutes to ten, and a second to ten: nothing."""
    almost = clock("10:00").replace(hour=9, minute=59, second=59)

    assert a_morning().until(almost).cases == {}


def test_the_missing_register_passes_prompts_and_says_its_minutes() -> None:
    """It goes before every prompt, and says how long there has been silence."""
    say = a_morning().until("10:00").last("css_register_missing")

    assert (say.urgency, say.more["minutes"]) == (Urgency.REPLY, 30)


def test_the_first_chase_goes_on_the_preferred_channel() -> None:
    """The next channel is for the last chase."""
    assert a_morning().until("09:40").last("register_chase").route is Route.PREFERRED


def test_the_last_chase_goes_on_the_next_channel_as_well() -> None:
    """Start + 20: whoever does not see one phone may see another."""
    assert a_morning().until("09:50").last("register_chase").route is Route.NEXT_TOO


def test_the_last_chase_asks_the_next_member_of_staff() -> None:
    """Start + 20: the backup is asked, with the whole register."""
    morning = a_morning().until("09:50")

    assert morning.heard(BEV) == [("09:50", "register_prompt")]


def test_the_backup_is_among_those_asked_from_then_on() -> None:
    """The provider is told that the CSS has been told: the backup too."""
    assert a_morning().until("10:00").heard(BEV)[-1] == ("10:00", "provider_css_told")


def test_a_last_chase_without_a_backup_still_chases() -> None:
    """Nobody behind them is no reason to be quiet."""
    morning = Morning(a_planned_register(), a_rota(backups=())).until("09:50")

    assert morning.heard(JO)[-1] == ("09:50", "register_chase")


def test_the_chase_names_only_those_without_a_mark() -> None:
    """Chased, if any pupil due has no mark: those are named."""
    morning = a_morning()
    morning.says("09:35", {2: Mark.ABSENT})

    assert [line.number for line in morning.until("09:40").last("register_chase").lines] == [1, 3]


def test_a_register_that_is_complete_is_left_alone() -> None:
    """Everybody marked at 09:35: no chase, no alarm, no case."""
    morning = a_morning()
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT})
    said = len(morning.said)

    assert (len(morning.until("12:00").said), morning.cases) == (said, {})


def test_a_register_told_before_the_start_is_not_asked_for() -> None:
    """ "All in" at 09:20 is taken; at 09:30 there is nothing left to ask."""
    morning = a_morning()
    morning.says("09:20", {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT})
    morning.until("10:30")

    assert "register_prompt" not in [script for _, script in morning.heard(SAM)]


def test_a_register_told_before_the_start_is_complete_at_the_start() -> None:
    """It opens complete, and is in the count of those that came in time."""
    morning = a_morning(AIDEN)
    morning.says("09:20", {1: Mark.PRESENT})
    morning.until("09:30")

    assert (morning.register.state, morning.register.completed_at) == (
        RegisterState.COMPLETE,
        clock("09:30"),
    )


def test_an_absence_told_before_the_start_leaves_the_others_to_be_asked() -> None:
    """What is known is kept, and the prompt still comes."""
    morning = a_morning()
    morning.says("09:10", {2: Mark.ABSENT}, reasons={2: Reason.ILLNESS})

    assert morning.until("09:30").heard(SAM)[-1] == ("09:30", "register_prompt")


def test_a_register_that_is_closed_is_not_asked_for_again() -> None:
    """Not running: nothing more is asked, nothing is missing, and the others asked are told so."""
    morning = a_morning()
    morning.says("09:35", flags=[Flag.CLOSED])
    morning.until("12:00")

    assert (morning.heard(SAM), morning.of(Matter.MISSING_REGISTER)) == (
        [("09:30", "register_prompt"), ("09:35", "provider_closed_colleague")],
        [],
    )


def test_a_closing_told_before_the_start_stops_the_prompt() -> None:
    """ "Closed today, burst pipe" at eight: nobody is asked at half past nine."""
    morning = a_morning()
    morning.says("08:00", flags=[Flag.CLOSED])

    assert morning.until("12:00").heard(SAM) == []


def test_exceptions_alone_are_a_missing_register_at_thirty() -> None:
    """ "Chloe is off", and not a word of the others: nobody is assumed to be there."""
    morning = a_morning()
    morning.says("09:35", {2: Mark.ABSENT}, reasons={2: Reason.ILLNESS})

    assert morning.until("10:00").heard(GILL)[-1] == ("10:00", "css_register_missing")


def test_a_register_that_is_partly_in_is_no_missing_register() -> None:
    """Those not named are then asked for by name, each as not accounted for."""
    morning = a_morning()
    morning.says("09:35", {1: Mark.PRESENT})
    morning.until("10:00")

    assert morning.of(Matter.MISSING_REGISTER) == []


def test_nonsense_is_no_register() -> None:
    """A reply that could not be read changes nothing of the clock."""
    morning = a_morning()
    morning.says("09:35", ask=Rephrase())

    assert morning.until("10:00").heard(GILL) == [("10:00", "css_register_missing")]


def test_a_missing_register_is_told_once() -> None:
    """One case, however often it is looked at."""
    morning = Morning(a_planned_register(AIDEN, THEO)).until("11:30")

    assert len(morning.of(Matter.MISSING_REGISTER)) == 1


def test_a_pupils_own_start_is_asked_about_when_it_comes() -> None:
    """Theo starts at 10:30: his name alone is asked for, then."""
    morning = Morning(a_planned_register(AIDEN, THEO))
    morning.says("09:35", {1: Mark.PRESENT})
    say = morning.until("10:30").last("register_prompt_later")

    assert [line.shown for line in say.lines] == ["Theo W"]


def test_a_pupil_whose_own_start_is_to_come_is_not_chased() -> None:
    """Nobody is late before their own start."""
    morning = Morning(a_planned_register(AIDEN, THEO)).until("09:50")

    assert [line.shown for line in morning.last("register_chase_one").lines] == ["Aiden B"]


def test_a_pupil_whose_own_start_is_to_come_is_not_missed() -> None:
    """The others are in at 09:35; the register is not missing at 10:00 for want of Theo."""
    morning = Morning(a_planned_register(AIDEN, THEO))
    morning.says("09:35", {1: Mark.PRESENT})

    assert morning.until("10:59").cases == {}


def test_a_pupils_own_thirty_minutes_run_from_their_own_start() -> None:
    """Theo, due 10:30, unmarked at 11:00: not accounted for, told that minute."""
    morning = Morning(a_planned_register(AIDEN, THEO))
    morning.says("09:35", {1: Mark.PRESENT})

    assert morning.until("11:00").heard(GILL) == [("11:00", "css_unaccounted")]


def test_a_pupils_own_start_is_chased_on_its_own_clock() -> None:
    """10:30, 10:40 and 10:50 for one who is due at half past ten."""
    morning = Morning(a_planned_register(AIDEN, THEO))
    morning.says("09:35", {1: Mark.PRESENT})

    assert morning.until("10:59").heard(SAM, since="10:00") == [
        ("10:30", "register_prompt_later"),
        ("10:40", "register_chase_one"),
        ("10:50", "register_chase_one"),
    ]


def test_a_pupil_marked_before_their_own_start_is_not_asked_about() -> None:
    """ "Theo's here early" leaves nothing to ask at half past ten."""
    morning = Morning(a_planned_register(AIDEN, THEO))
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.PRESENT})

    assert morning.until("12:00").heard(SAM, since="10:00") == []


def test_an_alarm_and_an_own_start_in_one_minute_are_both_done() -> None:
    """A pupil due at 10:00, as the others' thirty minutes end: neither swallows the other."""
    morning = Morning(a_planned_register(AIDEN, a_pupil("Theo Ward", starts="10:00")))
    morning.until("10:00")

    assert {script for _, script in morning.heard(JO, since="10:00")} == {
        "register_prompt_later",
        "provider_css_told",
    }


def test_nobody_to_ask_is_told_to_the_key_contact_at_the_start() -> None:
    """Nobody enrolled or everyone opted out: the CSS must ring, and knows it at once."""
    morning = Morning(a_planned_register(), a_rota(staff=(), backups=())).until("09:59")

    assert morning.heard(GILL) == [("09:30", "css_nobody_to_ask")]


def test_nobody_to_ask_still_alarms_at_thirty() -> None:
    """A register that nobody could be asked for is missing all the same."""
    morning = Morning(a_planned_register(), a_rota(staff=(), backups=())).until("10:00")

    assert morning.heard(GILL)[-1] == ("10:00", "css_register_missing")


def test_nobody_to_ask_and_no_key_contact_is_told_to_who_is_there() -> None:
    """Somebody at the CSS is always told, if anybody is on duty at all."""
    rota = a_rota(staff=(), backups=(), key_contact=None, cover=None, lead=None, deputy=None)

    assert Morning(a_planned_register(), rota).until("09:30").heard(OLA) == [
        ("09:30", "css_nobody_to_ask")
    ]


def test_nobody_anywhere_leaves_an_open_case_that_is_looked_at_again() -> None:
    """The worst morning: no staff, no contact. The case waits for whoever comes on duty."""
    morning = Morning(a_planned_register(), NOBODY).until("10:00")

    assert morning.only_case.look_at is not None


def test_a_backup_alone_is_asked_at_the_start() -> None:
    """Where none of the first is on duty, the next is not kept waiting for the last chase."""
    morning = Morning(a_planned_register(), a_rota(staff=())).until("09:30")

    assert morning.heard(BEV) == [("09:30", "register_prompt")]


def test_somebody_who_comes_on_duty_late_is_prompted_when_they_do() -> None:
    """Nobody could be asked at the start; at the next look somebody can."""
    morning = Morning(a_planned_register(), a_rota(staff=(), backups=())).until("09:35")
    morning.rota = a_rota(staff=(JO,))

    assert morning.until("09:40").heard(JO) == [("09:40", "register_prompt")]


def test_a_bot_that_wakes_before_the_chase_prompts_late() -> None:
    """Five minutes late is still useful."""
    assert a_morning().wakes("09:35").heard(JO) == [("09:35", "register_prompt")]


def test_a_bot_that_wakes_after_both_chases_asks_once() -> None:
    """Never asked, and both chases overtaken: one prompt, not three texts."""
    assert a_morning().wakes("09:55").heard(JO) == [("09:55", "register_prompt")]


def test_a_bot_that_was_away_over_both_chases_chases_once() -> None:
    """Asked at 09:30 and asleep since: the last chase stands for both."""
    morning = a_morning().until("09:30").wakes("09:55")

    assert morning.heard(JO)[1:] == [("09:55", "register_chase")]


def test_a_bot_that_was_away_over_the_alarm_does_not_chase() -> None:
    """Those asked are told that the CSS knows; a chase beside it says nothing new."""
    morning = a_morning().until("09:30").wakes("10:07")

    assert morning.heard(JO)[1:] == [("10:07", "provider_css_told")]


def test_a_bot_that_wakes_after_the_alarm_tells_at_once_that_it_was_away() -> None:
    """A register whose + 30 passed is escalated at once, and says why so late."""
    morning = a_morning().until("09:30").wakes("10:07")

    assert morning.heard(GILL) == [("10:07", "css_register_missing_away")]


@pytest.mark.parametrize(
    ("wakes", "script"),
    [("10:02", "css_register_missing"), ("10:03", "css_register_missing_away")],
)
def test_two_minutes_late_is_not_away(wakes: str, script: str) -> None:
    """A busy minute is no absence of the bot's."""
    assert a_morning().until("09:50").wakes(wakes).heard(GILL) == [(wakes, script)]


def test_a_bot_that_wakes_when_the_session_is_over_asks_nobody() -> None:
    """A prompt that is no longer useful is not sent; the silence is told all the same."""
    morning = a_morning().wakes("12:30")

    assert (morning.heard(JO), morning.heard(GILL)) == (
        [],
        [("12:30", "css_register_missing_away")],
    )


def test_a_reply_that_came_while_the_bot_was_away_counts_first() -> None:
    """Nothing that came in is lost: what was read before the look stops the alarm."""
    register = a_register(marks={1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT})

    assert Morning(register).wakes("10:30").said == []


def test_minutes_of_another_policy_are_kept_to_as_they_are() -> None:
    """A provider's own agreement: chased at 5, told at 15."""
    policy = a_policy(chase_after=(5,), missing_after=15, unaccounted_after=15)
    morning = Morning(a_planned_register(policy=policy)).until("09:45")

    assert [clock for clock, _ in (*morning.heard(JO), *morning.heard(GILL))] == [
        "09:30",
        "09:35",
        "09:45",
        "09:45",
    ]


def test_a_pupil_on_the_way_at_thirty_is_not_accounted_for() -> None:
    """ "On the bus" at 09:35 does not hold for ever."""
    morning = a_morning()
    morning.says("09:35", {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.AWAITED})

    assert morning.until("10:00").heard(GILL) == [("10:00", "css_unaccounted")]


def test_taps_that_have_come_to_rest_are_read_back_to_the_colleagues() -> None:
    """Whoever did not tap hears what a colleague has sent."""
    morning = a_morning(AIDEN, CHLOE).until("09:30")
    morning.taps("09:35", 1)
    morning.taps("09:35", 2)

    assert morning.until("09:36").heard(SAM)[1:] == [("09:35", "read_back_colleague")]


def test_the_one_who_tapped_is_not_told_what_they_tapped() -> None:
    """Their own message shows it already."""
    morning = a_morning(AIDEN).until("09:30")
    morning.taps("09:35", 1)

    assert morning.until("09:36").heard(JO)[1:] == []


def test_an_entry_of_a_session_that_is_planned_asks_for_nothing_by_itself() -> None:
    """A planned register has no overdue pupils before it opens."""
    register = a_planned_register(AIDEN, CHLOE)
    told = register.with_entries([an_entry(register, 1, Mark.PRESENT, "09:20")], clock("09:20"))

    assert Morning(told).until("09:29").said == []
