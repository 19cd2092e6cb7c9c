"""Telephone calls: the ladder's last rungs, where a number that calls is set."""

from dataclasses import replace
from datetime import date, time, timedelta

from apbot.domain.calendar import at
from apbot.domain.messages import VOICE
from apbot.domain.policy import Step, Tell
from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.lists import Lists
from apbot.store.said import list_outbox
from tests.stories.day import Day, a_day
from tests.stories.small_town import a_small_town

MONDAY = date(2026, 11, 23)
CALLS = (
    Step(timedelta(minutes=12), Tell.KEY_CONTACT, by_call=True),
    Step(timedelta(minutes=14), Tell.SAFEGUARDING_LEAD, by_call=True),
    Step(timedelta(minutes=16), Tell.COVER, by_call=True),
)


def a_town_that_calls() -> Lists:
    """The small town, whose ladder for a child not accounted for ends in calls."""
    lists = a_small_town()
    policies = {}
    for name, policy in lists.policies.items():
        ladder = policy.ladders[Matter.UNACCOUNTED]
        rung = replace(ladder, steps=(*ladder.steps, *CALLS))
        policies[name] = replace(policy, ladders={**policy.ladders, Matter.UNACCOUNTED: rung})
    return replace(lists, policies=policies)


async def until_the_first_call(day: Day, words: str = "cant find zara. noel in") -> None:
    """A child is missing from 10:05, and nobody at the CSS takes it on."""
    day.only("fenlane")
    await day.at("10:05")
    await day.phone("Una Bright").says(words)
    await day.at("10:17:05")


async def test_press_1_takes_the_case_on(sqlite: Database) -> None:
    """Who and where, and one key: the others hear of it as of a text."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day)
        gill, lena = day.phone("Gill Marsh"), day.phone("Lena Holt")
        gill.rings()
        gill.forgets()
        lena.forgets()

        await gill.taps("Answer", "sms")
        assert "Zara I is not accounted for at Fenlane. Press 1 to take it on." in gill.is_told()
        await gill.taps("1", "sms")

        assert "Thank you. It is yours" in gill.is_told()
        gill.hears("css_taken", "is yours: Zara I (Fenlane)")
        lena.hears("css_taken_by", "Gill Marsh has it")
        with day.house.database.reading() as db:
            [case] = list_cases(db, only_open=True)
        assert case.acknowledged_by == "gill-marsh"
        await day.at("10:31")
        assert not any(bubble.keys for bubble in lena.threads[-1].bubbles)


async def test_a_voicemail_is_told_nothing_and_the_next_is_called_at_once(
    sqlite: Database,
) -> None:
    """A child's name is left on no machine, and nobody waits for it to be listened to."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day)
        gill, lena = day.phone("Gill Marsh"), day.phone("Lena Holt")

        await gill.taps("Voicemail", "sms")

        assert "Zara" not in gill.is_told()
        lena.rings()
        await lena.taps("Hang up", "sms")
        day.phone("Ravi Nair").rings()


async def test_a_call_that_nobody_answers_goes_on(sqlite: Database) -> None:
    """It rings for less than a voicemail takes to pick up."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day)
        await day.at("10:17:31")

        assert "missed" in day.phone("Gill Marsh").is_told()
        day.phone("Lena Holt").rings()


async def test_it_goes_round_until_somebody_has_it(sqlite: Database) -> None:
    """Calls do not put the next texts off: all are told every ten minutes, and then rung again."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day)
        for name in ("Gill Marsh", "Lena Holt", "Ravi Nair"):
            day.phone(name).rings()
            await day.phone(name).taps("Hang up", "sms")
        dev = day.phone("Dev Kaur")
        dev.forgets()
        await day.at("10:25")

        dev.hears("css_unaccounted_still", at="10:25")
        await day.at("10:26:05")
        day.phone("Gill Marsh").rings()


async def test_two_children_at_once_are_one_call(sqlite: Database) -> None:
    """Nobody is rung up twice for what was said in one breath; one key takes on both."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day, "cant find zara or noel")
        gill = day.phone("Gill Marsh")
        gill.rings()
        await gill.taps("Answer", "sms")

        assert "Zara I is not accounted for" in gill.is_told()
        assert "Noel P is not accounted for" in gill.is_told()
        assert sum(one.kind == "call" for one in day.twilio.accepted) == 1
        await gill.taps("1", "sms")
        with day.house.database.reading() as db:
            held = {case.acknowledged_by for case in list_cases(db, only_open=True)}
        assert held == {"gill-marsh"}


async def test_a_case_taken_on_while_it_rings_is_not_told_as_if_nobody_had_it(
    sqlite: Database,
) -> None:
    """What is said is looked up when somebody answers."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day)
        gill = day.phone("Gill Marsh")
        gill.rings()
        await day.phone("Ravi Nair").says("ok")

        await gill.taps("Answer", "sms")

        assert "Somebody has taken this on by now" in gill.is_told()


async def test_a_phone_is_never_rung_twice_at_once(sqlite: Database) -> None:
    """A second case waits until the first call cannot be on any more."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        await until_the_first_call(day)
        gill = day.phone("Gill Marsh")
        gill.rings()
        await gill.taps("Answer", "sms")
        made = [one for one in day.twilio.accepted if one.kind == "call"]
        await day.at("10:19:20")

        later = [one for one in day.twilio.accepted if one.kind == "call"][len(made) :]

        assert all(one.to != made[0].to for one in later)


async def test_who_is_off_duty_or_has_no_number_is_passed_over(sqlite: Database) -> None:
    """A number that texts may not go to any more is nobody's to ring."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        day.twilio.type_text("+447700900511", "STOP")
        await day.settle()
        await until_the_first_call(day)

        day.phone("Lena Holt").rings()
        assert all(one.to != "+447700900511" for one in day.twilio.accepted if one.kind == "call")


async def test_without_a_number_that_calls_the_ladder_is_as_it_was(sqlite: Database) -> None:
    """The steps that call are taken off a case when it opens."""
    async with a_day(
        sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls(), calls=False
    ) as day:
        await until_the_first_call(day)
        dev = day.phone("Dev Kaur")
        dev.forgets()
        await day.at("10:36")

        assert [one.clock[:5] for one in dev.waiting()] == ["10:25", "10:35"]
        assert not any(one.kind == "call" for one in day.twilio.accepted)


async def test_a_call_that_waits_is_not_made_once_somebody_has_it(sqlite: Database) -> None:
    """Twilio is away when it is due; Gill takes the child on by Telegram meanwhile."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        day.only("fenlane")
        await day.at("10:05")
        await day.phone("Una Bright").says("cant find zara. noel in")
        await day.at("10:16:50")
        day.twilio.faults.take_down()
        await day.at("10:17:10")
        await day.phone("Gill Marsh").says("on it")
        day.twilio.faults.bring_up()
        await day.at("10:21")

        assert rung(day) == []


async def test_a_call_that_could_not_be_put_through_is_not_made_late(sqlite: Database) -> None:
    """The ladder has gone on: in its next round it calls again, and not before."""
    async with a_day(sqlite, at(MONDAY, time(9, 55)), lists=a_town_that_calls()) as day:
        day.only("fenlane")
        await day.at("10:05")
        await day.phone("Una Bright").says("cant find zara. noel in")
        await day.at("10:16:50")
        day.twilio.faults.take_down()
        await day.at("10:22:30")
        day.twilio.faults.bring_up()
        await day.at("10:24:30")

        assert "gill-marsh" not in rung(day)


def rung(day: Day) -> list[str]:
    """Who was rung up, in order."""
    with day.house.database.reading() as db:
        return [
            row.person
            for row in list_outbox(db)
            if row.address.channel == VOICE and row.network_id is not None
        ]
