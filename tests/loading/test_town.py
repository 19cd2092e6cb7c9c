import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from apbot.domain.people import Placement, Role
from apbot.domain.policy import ParentsTold, Tell
from apbot.domain.words import Half, Matter
from apbot.loading.columns import COLUMNS
from apbot.loading.config import Config, check, load_config
from apbot.loading.phones import DRAMA_LANDLINE, DRAMA_MOBILE

CONFIG = Path(__file__).parents[2] / "config"
MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def wrensby() -> Config:
    return load_config(CONFIG)


def due(config: Config, provider: str, on: date, half: Half) -> list[Placement]:
    """Return the placements that are due, by the day contract's rule."""
    place = next(it for it in config.people.providers if it.key == provider)
    if config.calendar.why_shut(place, on, half) is not None:
        return []
    placements = config.people.placements
    return [it for it in placements if it.provider == provider and it.is_due(on, half)]


def minutes(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=number) for number in numbers)


def test_the_invented_town_has_no_problem() -> None:
    """`make run` starts on it, so it must load as it is."""
    assert check(CONFIG) == ()


def test_the_town_is_as_large_as_one_office(wrensby: Config) -> None:
    """One CSS: about a dozen providers and some forty pupils, each placed somewhere."""
    people = wrensby.people

    assert len(people.providers) >= 9
    assert len(people.pupils) >= 40
    assert {it.key for it in people.pupils} == {it.pupil for it in people.placements}


def test_every_number_of_the_town_is_kept_for_drama(wrensby: Config) -> None:
    """No text or call from a try-out can reach a stranger; a mobile is one person's."""
    mobiles = Counter(person.mobile for person in wrensby.people.persons)

    assert all(DRAMA_MOBILE.fullmatch(mobile) for mobile in mobiles)
    assert max(mobiles.values()) == 1
    for provider in wrensby.people.providers:
        is_drama = DRAMA_MOBILE.fullmatch(provider.phone) or DRAMA_LANDLINE.fullmatch(
            provider.phone
        )
        assert is_drama, provider


def test_the_first_morning_begins_minutes_after_the_sandbox(wrensby: Config) -> None:
    """A newcomer sees Alder Farm asked for six pupils at 09:00, and no register before it."""
    assert wrensby.sandbox.starts == datetime(2026, 11, 23, 8, 55, tzinfo=UTC)
    first = {
        it.key: it.am.start
        for it in wrensby.people.providers
        if it.am is not None and due(wrensby, it.key, MONDAY, Half.AM)
    }

    assert min(first.values()) == first["alder-farm"] == first["southpaw"] == time(9, 0)
    assert first["cog-lane"] == time(9, 15)
    assert len(due(wrensby, "alder-farm", MONDAY, Half.AM)) == 6


def test_the_sandbox_shows_both_sides_of_the_first_registers(wrensby: Config) -> None:
    """Staff of the three first providers, the key contact they share, her cover, and a parent."""
    people, phones = wrensby.people, wrensby.sandbox.phones
    persons = {it.key: it for it in people.persons}
    staff = [it for it in people.staff if it.person in phones]
    places = {it.key: it for it in people.providers}
    key_contacts = {places[it.provider].key_contact for it in staff}
    contacts = {it.person: it for it in people.contacts}

    assert [it.provider for it in staff] == ["alder-farm", "southpaw", "cog-lane"]
    assert all(MONDAY.weekday() in it.days and not it.is_backup for it in staff)
    assert [persons[it.person].channels[0] for it in staff] == ["telegram", "telegram", "sms"]
    assert key_contacts == {"gill-marsh"}
    assert contacts["gill-marsh"].cover == "ravi-anand"
    assert contacts["gill-marsh"].is_on_duty(MONDAY)
    assert contacts["ravi-anand"].is_on_duty(MONDAY)
    assert {"gill-marsh", "ravi-anand"} < set(phones)
    parents = [it for it in people.parents if it.person in phones]
    assert [it.pupil for it in parents if it.is_told] == ["femi-okafor"]


def test_the_default_policy_has_the_minutes_of_the_day_contract(wrensby: Config) -> None:
    """Chases at ten and twenty, the key contact at thirty, and the ladders of the contract."""
    policy = wrensby.policies["default"]

    assert policy.chase_after == minutes(10, 20)
    assert (policy.missing_after,) == minutes(30)
    assert (policy.unaccounted_after,) == minutes(30)
    assert (policy.ask_unaccounted_every,) == minutes(10)
    assert policy.parents is ParentsTold.OFF
    assert set(policy.ladders) == set(Matter)


@pytest.mark.parametrize(
    ("matter", "first", "steps", "then_every", "asked_after"),
    [
        ("missing_register", ["key contact"], {10: "cover", 20: "all css"}, 15, 30),
        (
            "unaccounted",
            ["key contact", "safeguarding lead"],
            {5: "cover", 10: "all css"},
            10,
            15,
        ),
        ("absence", ["key contact"], {30: "cover"}, None, 120),
        ("concern", ["safeguarding lead"], {5: "deputy lead", 10: "all css"}, None, None),
        ("closed", ["key contact"], {30: "cover"}, None, 60),
    ],
)
def test_the_default_ladders_are_the_contract_s(
    wrensby: Config,
    matter: str,
    first: list[str],
    steps: dict[int, str],
    then_every: int | None,
    asked_after: int | None,
) -> None:
    """Who is told first, who after how long, how often again, and when the one who has it is."""
    ladder = wrensby.policies["default"].ladders[Matter(matter)]

    assert [tell.value for tell in ladder.first] == first
    told = ladder.told_by_text
    assert {it.after // timedelta(minutes=1): it.tell.value for it in told} == steps
    assert ladder.then_every == (None if then_every is None else timedelta(minutes=then_every))
    assert ladder.asked_after == (None if asked_after is None else timedelta(minutes=asked_after))


def test_a_child_not_accounted_for_is_called_about_after_everybody_was_told(
    wrensby: Config,
) -> None:
    """One after another, between two rounds of texts; no other matter rings anybody up."""
    ladders = wrensby.policies["default"].ladders
    calls = {
        matter: [(it.after // timedelta(minutes=1), it.tell.value) for it in ladder.steps]
        for matter, ladder in ladders.items()
        if ladder.steps != ladder.told_by_text
    }

    assert list(calls) == [Matter.UNACCOUNTED]
    assert calls[Matter.UNACCOUNTED][2:] == [
        (12, "key contact"),
        (14, "safeguarding lead"),
        (16, "cover"),
    ]


def test_a_policy_like_another_changes_only_what_it_says(wrensby: Config) -> None:
    """`tells-parents` holds notices for a release; every minute of it is the default's."""
    default, parents = wrensby.policies["default"], wrensby.policies["tells-parents"]

    assert parents.parents is ParentsTold.HOLD
    assert parents.ladders == default.ladders
    assert parents.chase_after == default.chase_after


def test_a_ladder_may_change_in_one_word(wrensby: Config) -> None:
    """Within a ladder too, what is not said stays as the other policy has it."""
    default = wrensby.policies["default"].ladders[Matter.UNACCOUNTED]
    tutor = wrensby.policies["one-to-one"].ladders[Matter.UNACCOUNTED]

    assert (tutor.asked_after,) == minutes(10)
    assert (tutor.first, tutor.steps, tutor.then_every) == (
        (Tell.KEY_CONTACT, Tell.SAFEGUARDING_LEAD),
        default.steps,
        default.then_every,
    )


def test_the_town_has_the_pupils_that_are_hard_to_tell_apart(wrensby: Config) -> None:
    """Names alike, names with accents and apostrophes, and names by which a pupil goes."""
    names = {it.name for it in wrensby.people.pupils}
    known_as = Counter(it.known_as for it in wrensby.people.pupils if it.known_as)

    assert {"Jack Tanner", "Jack Tully", "Mohammed Iqbal", "Mohamed Hassan"} < names
    assert {"Zoe Hartnell", "Zoë Bellamy", "Siân Prosser", "Connor O'Brien"} < names
    assert {"Ellis Ward", "Jade Elliss", "Lily-Mae Ashby-Cole"} < names
    assert known_as["Alex"] == 1
    assert "Alex Mercer" in names


def test_the_town_has_every_shape_of_placement(wrensby: Config) -> None:
    """Half days, own starts, one that has ended, one to come, two providers in a week."""
    people = wrensby.people
    providers = {it.key: it for it in people.providers}
    rosters = Counter(it.provider for it in people.placements)

    assert sum(count == 1 for count in rosters.values()) >= 3
    assert any(it.am is None for it in people.providers)
    assert any(it.pm is None for it in people.providers)
    assert any(it.days == frozenset({0, 1, 2}) for it in people.providers)
    assert any(len(it.timetable) == 1 for it in people.placements)
    assert any(it.am_start for it in people.placements)
    assert any(it.pm_start for it in people.placements)
    assert any(it.to_on is not None and it.to_on < MONDAY for it in people.placements)
    assert any(it.from_on > MONDAY for it in people.placements)
    assert {it.am.start for it in providers.values() if it.am} == {
        time(9, 0),
        time(9, 15),
        time(9, 30),
        time(10, 0),
    }


def test_a_day_without_a_half_is_all_that_the_provider_runs(wrensby: Config) -> None:
    """Treble Yard opens in the afternoon only, so "Tue-Fri" there is four afternoons."""
    zoe = next(it for it in wrensby.people.placements if it.pupil == "zoe-hartnell")

    assert zoe.timetable == {(day, Half.PM) for day in range(1, 5)}


def test_a_person_in_two_lines_is_one_person(wrensby: Config) -> None:
    """Owen answers for two providers from one phone; a mother of two is told of each."""
    persons = Counter(it.key for it in wrensby.people.persons)

    assert max(persons.values()) == 1
    assert [it.provider for it in wrensby.people.staff if it.person == "owen-crake"] == [
        "alder-farm",
        "hazel-copse",
    ]
    assert [it.pupil for it in wrensby.people.parents if it.person == "mark-quayle"] == [
        "ruby-quayle",
        "pearl-quayle",
    ]


def test_nobody_has_an_address_before_they_are_enrolled(wrensby: Config) -> None:
    """The files know mobiles and wishes; whom a channel reaches is the store's to know."""
    assert all(person.addresses == () for person in wrensby.people.persons)


def test_the_office_has_every_role_and_wish(wrensby: Config) -> None:
    """A lead, a deputy, leave, part-time; languages; parents not told; a pupil never told of."""
    people = wrensby.people
    roles = {role for it in people.contacts for role in it.roles}

    assert roles == set(Role)
    assert any(it.leave for it in people.contacts)
    assert any(len(it.days) < 5 for it in people.contacts)
    assert {"en", "pl", "cy"} <= {it.language for it in people.persons}
    assert any(not it.is_told for it in people.parents)
    assert any(not it.tells_parents for it in people.pupils)
    assert people.known_absences
    assert people.notes


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 11, 2), "INSET day"),
        (date(2026, 10, 28), "half term"),
        (date(2026, 12, 22), "holiday"),
        (date(2026, 12, 28), "bank holiday"),
        (date(2027, 5, 3), "bank holiday"),
        (date(2027, 3, 26), "bank holiday"),
    ],
)
def test_the_calendar_knows_england_s_year(wrensby: Config, on: date, why: str) -> None:
    """Bank holidays come from the setting `england`; terms and INSET days from the file."""
    assert wrensby.calendar.why_not_in_term(on) == why


def test_the_school_year_is_190_days_as_the_law_has_it(wrensby: Config) -> None:
    """Six half terms less five INSET days."""
    first = date(2026, 9, 1)
    year = [first + timedelta(days=n) for n in range(330)]

    assert len(wrensby.calendar.inset_days) == 5
    assert sum(wrensby.calendar.why_not_in_term(on) is None for on in year) == 190


def test_the_readme_lists_the_columns_that_are_read() -> None:
    """A clerk who follows the README is never told of an unknown or a missing column."""
    lines = (CONFIG / "README.md").read_text(encoding="utf-8").splitlines()
    tables = {
        match[1]: match[2]
        for line in lines
        if (match := re.fullmatch(r"\| `(\w+\.csv)` \|.*\| (.*) \|", line))
    }

    assert {file: cell.split(", ") for file, cell in tables.items()} == {
        file: [f"**{name}**" if is_needed else name for name, is_needed in columns.items()]
        for file, columns in COLUMNS.items()
    }
