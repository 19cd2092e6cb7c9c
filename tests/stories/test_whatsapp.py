"""WhatsApp: outside a day of a person's own last message only what WhatsApp has approved may go."""

from datetime import date, time

from apbot.domain.calendar import at
from apbot.store.database import Database
from tests.stories.day import a_day
from tests.stories.small_town import a_small_town

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


async def test_the_prompt_names_nobody_until_the_list_is_asked_for(sqlite: Database) -> None:
    """By template at the start; the names within the day that the tap opens; then one tap more."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        kit = day.phone("Kit Lowry")
        await day.at("09:30")

        first = kit.hears("register_prompt", "The AM register for Millgym starts at 09:30")
        assert (first.network, first.keys) == ("whatsapp", ("Show the list",))
        assert "Kofi" not in first.text
        await kit.taps("Show the list")
        roster = kit.hears("register_prompt", "1 Kofi A", "2 Lily H")
        assert (roster.network, roster.keys) == ("whatsapp", ("✅ All in",))
        await kit.says("kofi off ill, lily in")

        kit.hears("read_back", "Off: Kofi A (ill). In: Lily H.")


async def test_one_tap_under_the_list_says_all_in_and_is_read_back(sqlite: Database) -> None:
    """A button under a list of names gives the marks; no message can show it, so it is said."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        kit = day.phone("Kit Lowry")
        await day.at("09:30")
        await kit.taps("Show the list")
        kit.forgets()

        await kit.taps("All in")

        kit.hears("read_back", "All 2 in.")


async def test_a_tap_on_an_old_list_undoes_nothing(sqlite: Database) -> None:
    """What a colleague has said since stands: All in is for those without a mark."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        kit, max_ = day.phone("Kit Lowry"), day.phone("Max Perry")
        await day.at("09:30")
        await kit.taps("Show the list")
        await max_.says("lily not here")
        kit.forgets()

        await kit.taps("All in")

        kit.hears("read_back", "Off: Lily H", "In: Kofi A")


async def test_a_template_that_is_not_delivered_goes_by_text_with_the_names(
    sqlite: Database,
) -> None:
    """The words of a template make no sense without its button: an SMS has the list itself."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        kit = day.phone("Kit Lowry")
        day.twilio.block("+447700900504", "whatsapp")
        await day.at("09:40")

        kit.hears("register_prompt")
        by_text = kit.hears("register_prompt", "1 Kofi A", "2 Lily H")
        assert by_text.network == "sms"
        kit.hears("register_chase")
        assert "Kofi A and Lily H" in kit.hears("register_chase").text


async def test_outside_the_day_what_has_no_template_goes_by_text_at_once(
    sqlite: Database,
) -> None:
    """A refusal is not waited for: the parent's text goes by SMS alone."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        await day.at("09:30")
        await day.phone("Max Perry").says("lily not here, kofi in")
        await day.phone("Gill Marsh").says("tell all")

        wes = day.phone("Wes Parent").waiting()

        assert [one.network for one in wes] == ["sms"]
        assert not day.twilio.whatsapp.get("+447700900525").bubbles


async def test_the_window_shuts_a_day_after_their_last_message(sqlite: Database) -> None:
    """In the afternoon the list comes at once; the next morning it is a template again."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        kit = day.phone("Kit Lowry")
        await day.at("09:30")
        await kit.says("all in")
        kit.forgets()
        await day.at("13:00")

        afternoon = kit.hears("register_prompt", "Kofi A")
        assert afternoon.keys == ("✅ All in",)
        kit.forgets()
        day.clock.move_to(at(TUESDAY, time(9, 29)))  # the night is no part of the story
        await day.until(at(TUESDAY, time(9, 30)))
        asked = [one for one in kit.waiting() if one.script == "register_prompt"]
        assert [one.keys for one in asked] == [("Show the list",)]


async def test_free_words_that_the_network_refuses_go_by_text(sqlite: Database) -> None:
    """Their day may have ended on WhatsApp's clock and not on ours: 63016 is no loss."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("millgym")
        kit = day.phone("Kit Lowry")
        await day.at("09:30")
        await kit.says("all in")
        kit.forgets()
        day.twilio.subscriber("+447700900504").wrote_whatsapp_at = None
        await day.at("13:00")

        refused, sent = kit.waiting()

        assert (refused.network, sent.network) == ("whatsapp", "sms")
        assert "Kofi A" in sent.text
