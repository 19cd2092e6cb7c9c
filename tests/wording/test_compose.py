import unicodedata
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.wording.compose import (
    NameStyle,
    clock_time,
    compose,
    counted,
    day,
    listed,
    pages,
    short_names,
)
from apbot.wording.gsm import alphabet
from apbot.wording.scripts import MissingFact, NoSuchScript, Script, Scripts, placeholders


def a_script(text: str = "No {half} register from {provider}", sms: str | None = None) -> Script:
    return Script("register_missing", "key contact", ("half", "provider"), text, sms)


def test_facts_stand_where_the_script_names_them() -> None:
    """A script is words and placeholders; the facts it does not name are left aside."""
    facts = {"half": "AM", "provider": "Alder Farm", "ref": "K7"}

    assert compose(a_script(), facts, "telegram") == "No AM register from Alder Farm"


def test_an_sms_takes_its_own_words_and_the_other_channels_do_not() -> None:
    """A channel's variant is a second key, never a branch."""
    script = a_script(sms="{provider}: no {half} register")
    facts = {"half": "AM", "provider": "Alder Farm"}

    assert compose(script, facts, "sms") == "Alder Farm: no AM register"
    assert compose(script, facts, "whatsapp") == "No AM register from Alder Farm"


def test_an_sms_is_folded_and_the_other_channels_keep_the_accents() -> None:
    """Only an SMS pays for an accent."""
    facts = {"half": "AM", "provider": "Maël’s Café"}

    assert compose(a_script(), facts, "sms") == "No AM register from Mael's Café"
    assert compose(a_script(), facts, "telegram") == "No AM register from Maël’s Café"


def test_a_missing_fact_is_named_with_its_script() -> None:
    """A hole in a warning is never sent."""
    with pytest.raises(MissingFact, match=r"register_missing needs the fact \{provider\}"):
        compose(a_script(), {"half": "AM"}, "sms")


def test_a_fact_with_braces_is_said_as_it_is() -> None:
    """A person's words are passed on, never filled in."""
    script = Script("concern", "lead", ("words",), "They wrote: {words}")

    assert compose(script, {"words": "{words} {ref}"}, "telegram") == "They wrote: {words} {ref}"


def test_a_number_is_a_fact() -> None:
    """Counts come as they are."""
    script = Script("chase", "staff", ("minutes",), "{minutes} minutes")

    assert compose(script, {"minutes": 10}, "sms") == "10 minutes"


def test_a_script_is_spoken_in_the_language_asked_for_else_in_the_base_one() -> None:
    """Better understood by half than not sent."""
    english, polish = a_script("hello"), a_script("witaj")
    scripts = Scripts({"hello": english, "bye": english}, {"pl": {"hello": polish}})

    assert scripts.named("hello", "pl") is polish
    assert scripts.named("bye", "pl") is english
    assert scripts.named("hello") is english
    assert scripts.named("hello", "cy") is english
    assert "bye" in scripts
    assert list(scripts) == [english, english, polish]
    with pytest.raises(NoSuchScript, match="no script named helo"):
        scripts.named("helo")


def test_placeholders_are_told_once_each_in_order() -> None:
    """They are what a script needs."""
    assert placeholders("{a} {b} {a} {C} {d") == ("a", "b")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Aiden B"], "Aiden B"),
        (["Chloe D", "Femi O"], "Chloe D and Femi O"),
        (["Aiden B", "Chloe D", "Femi O"], "Aiden B, Chloe D and Femi O"),
    ],
)
def test_a_list_is_read_aloud(names: list[str], said: str) -> None:
    """As a person would say it."""
    assert listed(names) == said


def test_a_choice_is_listed_with_or() -> None:
    """Which Jack: one or the other."""
    assert listed(["Jack Tu", "Jack Ti"], "or") == "Jack Tu or Jack Ti"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no pupils"), (1, "1 pupil"), (2, "2 pupils"), (11, "11 pupils")]
)
def test_a_count_agrees_with_its_noun(count: int, said: str) -> None:
    """Never "1 pupils"."""
    assert counted(count, "pupil") == said


def test_a_count_can_have_a_plural_of_its_own() -> None:
    """Not every noun takes an s."""
    assert counted(2, "is", "are") == "2 are"


def test_times_and_days_are_short_and_the_same_on_every_machine() -> None:
    """No locale has a say in them."""
    assert clock_time(time(9, 6)) == "09:06"
    assert clock_time(datetime(2026, 11, 23, 13, 36, 59, tzinfo=UTC)) == "13:36"
    assert day(date(2026, 11, 23)) == "Mon 23 Nov"
    assert day(date(2027, 1, 3)) == "Sun 3 Jan"


@pytest.mark.parametrize(
    ("style", "pupils", "names"),
    [
        ("initial", [("Chloe Davies", None)], ["Chloe D"]),
        ("initial", [("Aiden Brown", "Aid")], ["Aid B"]),
        ("initial", [("Mary Jane Watson", None)], ["Mary W"]),
        ("initial", [("Prince", None)], ["Prince"]),
        ("initial", [("  Chloe   Davies ", "")], ["Chloe D"]),
        (
            "initial",
            [("Jack Turner", None), ("Chloe Davies", None), ("Jack Tiny", None)],
            ["Jack Tu", "Chloe D", "Jack Ti"],
        ),
        (
            "initial",
            [("Jack Turner", None), ("Jack Tully", None), ("Jack Tiny", None)],
            ["Jack Tur", "Jack Tul", "Jack Ti"],
        ),
        ("initial", [("Jack Turner", None), ("Jack Ward", None)], ["Jack T", "Jack W"]),
        (
            "initial",
            [("Sean O'Brien", None), ("Sean O'Hara", None)],
            ["Sean O'B", "Sean O'H"],
        ),
        (
            "initial",
            [("Alexander Smith", "Alex"), ("Alexandra Smith", "Alex")],
            ["Alexander Smith", "Alexandra Smith"],
        ),
        (
            "initial",
            [("John Paul Smith", None), ("John Peter Smith", None)],
            ["John Paul Smith", "John Peter Smith"],
        ),
        # An SMS shows both as "Zoe B", and a phone's small letters hide a capital.
        ("initial", [("Zoë Brown", None), ("Zoe Best", None)], ["Zoë Br", "Zoe Bes"]),
        ("initial", [("jack turner", None), ("Jack Tiny", None)], ["jack tu", "Jack Ti"]),
        ("initials", [("Chloe Davies", None), ("Mary Jane Watson", None)], ["CD", "MJW"]),
        ("initials", [("Chloe Davies", None), ("Callum Dean", None)], ["Ch Da", "Ca De"]),
        ("initials", [("Aiden Brown", "Zed")], ["ZB"]),
        ("full", [("Aiden Brown", "Aid")], ["Aiden Brown"]),
        ("full", [], []),
    ],
)
def test_a_pupil_is_called_by_a_short_name(
    style: NameStyle, pupils: list[tuple[str, str | None]], names: list[str]
) -> None:
    """First name and initial; longer only where two of the list would look alike."""
    assert short_names(pupils, style) == names


NAMES = st.lists(
    st.sampled_from(
        ["Jack", "jack", "Zoë", "Zoe", "Tu", "Turner", "T", "O'Brien", "O-", "SS", "李"]
    ),
    min_size=0,
    max_size=4,
).map(" ".join) | st.text(max_size=8)
PUPILS = st.lists(st.tuples(NAMES, st.none() | NAMES), max_size=8)
STYLES = st.sampled_from(["initial", "initials", "full"])


@given(PUPILS, STYLES)
def test_pupils_whose_full_names_differ_are_never_called_the_same(
    pupils: list[tuple[str, str | None]], style: NameStyle
) -> None:
    """A mark must never land on another child because two were called alike."""
    called: dict[str, set[str]] = {}
    for (full, _), name in zip(pupils, short_names(pupils, style), strict=True):
        called.setdefault(name, set()).add(" ".join(unicodedata.normalize("NFC", full).split()))

    assert all(len(fulls) == 1 for fulls in called.values())


@given(PUPILS, STYLES)
def test_no_pupil_is_left_without_a_name(
    pupils: list[tuple[str, str | None]], style: NameStyle
) -> None:
    """Whoever has a name is called something."""
    for (full, _), name in zip(pupils, short_names(pupils, style), strict=True):
        assert bool(name) == bool(full.split())


@given(st.text(), st.sampled_from(["sms", "telegram", "whatsapp"]))
def test_a_short_text_is_one_page(text: str, channel: str) -> None:
    """Only what a network would refuse is split."""
    assert pages(text, channel) == (text,)


@given(st.lists(st.text(min_size=0, max_size=900), max_size=8).map("\n".join))
def test_pages_hold_every_word_and_each_is_taken(text: str) -> None:
    """A concern is passed on word for word, however long."""
    split = pages(text, "sms")

    assert all(len(page.encode("utf-16-le")) // 2 <= 1600 for page in split)
    assert "".join("".join(split).split()) == "".join(text.split())


def test_a_long_text_is_split_between_words() -> None:
    """Nobody has to put a name together from two texts."""
    split = pages("Femi Okafor " * 200, "sms")

    assert len(split) == 2
    assert all(set(page.split()) == {"Femi", "Okafor"} for page in split)


@given(st.text(alphabet="abc ąęłśżźćńó’–"))
def test_a_composed_sms_in_latin_letters_is_in_the_cheap_alphabet(words: str) -> None:
    """Whatever a name carries."""
    script = Script("note", "staff", ("words",), "{words}")

    assert alphabet(compose(script, {"words": words}, "sms")) == "gsm"
