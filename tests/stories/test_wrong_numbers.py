"""A number that is somebody else's: nothing of a child goes there, and the CSS hears of it."""

from tests.stories.day import Day


async def hugh_is_asked(town: Day) -> None:
    """Ceri says nothing, so Hugh is asked at ten to ten."""
    town.only("kiln-street")
    await town.at("09:50")
    town.phone("Ceri Vaughan").forgets()
    town.phone("Hugh Penrose").hears("register_prompt")


async def test_nothing_more_goes_to_a_number_that_is_somebody_elses(town: Day) -> None:
    """No prompt, no read-back with pupils' names: one line that says so, and then silence."""
    hugh, ceri, ravi = (town.phone(name) for name in ("Hugh Penrose", "Ceri Vaughan", "Ravi Anand"))
    await hugh_is_asked(town)
    await hugh.says("who is this? think uve got the wrong number mate")
    hugh.hears("wrong_number_noted", "I send nothing more here", "START")
    ravi.hears("css_wrong_number", "Hugh Penrose", "Nothing more goes there.")

    await ceri.says("all in")
    ceri.hears("read_back_part")
    await town.at("14:00")

    hugh.hears_nothing()


async def test_the_others_on_duty_are_asked_on(town: Day) -> None:
    """Ceri still hears what is asked of Kiln Street."""
    await hugh_is_asked(town)
    await town.phone("Hugh Penrose").says("i no longer work there")
    await town.at("10:00")

    town.phone("Ceri Vaughan").hears("register_prompt_later")
    town.phone("Ceri Vaughan").hears("provider_css_told")


async def test_what_is_written_from_there_is_a_strangers(town: Day) -> None:
    """Whoever has the number now answers for no pupil."""
    hugh, ravi = town.phone("Hugh Penrose"), town.phone("Ravi Anand")
    await hugh_is_asked(town)
    await hugh.says("wrong number mate")
    hugh.hears("wrong_number_noted")
    ravi.hears("css_wrong_number")

    await hugh.says("all in")

    hugh.hears("unknown_sender")
    town.phone("Ceri Vaughan").hears_nothing()
    await town.at("10:00")
    ravi.hears("css_register_missing")


async def test_start_undoes_it(town: Day) -> None:
    """It was Hugh after all, and a slip."""
    hugh = town.phone("Hugh Penrose")
    await hugh_is_asked(town)
    await hugh.says("wrong number mate")
    hugh.hears("wrong_number_noted")

    await hugh.says("START")
    hugh.hears("started_again")
    await hugh.says("all in")

    hugh.hears("read_back_part", "Still to come: Theo G.")


async def test_who_has_left_is_asked_on_no_channel(town: Day) -> None:
    """It was said in a chat of their own: their number gets nothing either, until START."""
    carla = town.phone("Carla Voss")
    town.only("southpaw")
    await town.at("09:02")
    await carla.says("i no longer work there")
    carla.forgets()
    await town.at("09:21")
    carla.hears_nothing()

    await carla.says("START")

    carla.hears("started_again")
    await carla.says("all in")
    carla.hears("read_back_part")


async def test_the_last_who_could_be_asked_is_an_alarm(town: Day) -> None:
    """Imogen Vale is a tutor by herself: nobody there can be asked any more."""
    town.only("vale-tuition")
    await town.at("10:01")
    town.phone("Imogen Vale").hears("register_prompt")
    await town.phone("Imogen Vale").says("wrong number mate")

    town.phone("Imogen Vale").hears("wrong_number_noted")
    town.phone("Nadia Karim").hears("css_wrong_number_last", "Nobody at", "Please ring them.")


async def test_others_are_asked_at_once_in_their_place(town: Day) -> None:
    """Carla was the only one asked, and Dean is there: he need not wait for the chase."""
    town.only("southpaw")
    await town.at("09:02")
    town.phone("Carla Voss").hears("register_prompt")
    await town.phone("Carla Voss").says("i no longer work there")

    town.phone("Carla Voss").hears("wrong_number_noted")
    town.phone("Dean Usher").hears("register_prompt", at="09:02")


async def test_a_contacts_number_that_is_somebody_elses_hears_of_no_case(town: Day) -> None:
    """Ravi is told in Gill's place, and hears why."""
    gill, ravi = town.phone("Gill Marsh"), town.phone("Ravi Anand")
    town.only("alder-farm")
    await town.at("08:58")
    await gill.says("wrong number")
    gill.hears("wrong_number_noted")
    told = [phone for phone in map(town.phone, NAMES) if phone.waiting()]
    assert [phone.waiting()[0].script for phone in told] == ["css_contact_wrong_number"]
    ravi.forgets()

    await town.at("09:31")

    gill.hears_nothing()
    ravi.hears("css_register_missing")


async def test_thanks_on_a_wrong_number_are_sent_to_nobody(town: Day) -> None:
    """A case that nobody asked is noted, and called what it is."""
    ravi = town.phone("Ravi Anand")
    await hugh_is_asked(town)
    await town.phone("Hugh Penrose").says("wrong number mate")
    town.phone("Hugh Penrose").hears("wrong_number_noted")
    ravi.hears("css_wrong_number")

    await ravi.says("thanks hugh")

    ravi.hears("css_noted_not_taken", "number of Hugh Penrose")
    town.phone("Hugh Penrose").hears_nothing()


NAMES = ("Ravi Anand", "Dawn Pike", "Nadia Karim", "Lena Frost", "Tom Adeyemi")
