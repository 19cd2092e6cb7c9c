"""
Flags: a concern is heard whatever stands around it, and an innocent word raises none by itself.

The words are conversations/hears/flags.yaml's; the labelled texts are cases/own_flags.jsonl.
"""

import itertools
import json
import string
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from apbot.domain.words import Mark
from apbot.loading.hears import load_lexicon
from apbot.loading.problems import Unreadable
from apbot.reading.flags import flags_in
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from apbot.reading.tokens import cut_up, fold
from tests.reading.conftest import HEARS, a_reply

NAMES = ("Aiden Brown", "Chloe Marsh", "Femi Okafor", "Zara Hussain")
CONCERNS = (
    "chloe has finger marks round her neck",
    "femi's stepdad shoves him about",
    "zara says a man in a car asked her to get in",
    "aiden stinks of vodka",
    "femi has a screwdriver down his sock for protection",
    "chloe is having dark thoughts",
    "zara told us things about home",
    "the dog bit aiden on the leg",
    "femi slept on a bench",
    "some lads outside asking for zara",
)
HARMLESS = (
    "police are doing a talk on knife crime at two",
    "we are doing macbeth, lots of stabbing",
    "femi smashed his maths test",
    "burning the hedge cuttings on the farm",
    "sparring and pads first thing",
    "this heat is killing me",
    "no injuries, no concerns",
    "nobody hurt",
    "femi did not self harm today",
    "no weapons found on search",
    "learning cpr and choking on the first aid course",
)
ALONE = [
    json.loads(line)
    for line in (Path(__file__).parent / "flags_alone.jsonl").read_text("utf-8").splitlines()
]
quick = settings(max_examples=60, deadline=None)


def _flags(text: str, lexicon: Lexicon, *names: str) -> set[str]:
    return {flag.value for flag in read(a_reply(text, *(names or NAMES)), lexicon).flags}


@pytest.mark.parametrize("said", CONCERNS)
def test_words_that_say_nothing_alone_are_a_concern_in_company(said: str, lexicon: Lexicon) -> None:
    """A body and a mark, a tool and a sock, a stranger and an approach: together a concern."""
    assert "concern" in _flags(f"all in. {said}", lexicon)


@pytest.mark.parametrize("said", HARMLESS)
def test_lessons_work_and_denials_are_no_concern(said: str, lexicon: Lexicon) -> None:
    """A flood of false concerns teaches people to look away."""
    assert not _flags(f"all in. {said}", lexicon) & {"concern", "emergency"}


@pytest.mark.parametrize("case", ALONE, ids=[str(n) for n in range(len(ALONE))])
def test_a_labelled_text_raises_what_is_urgent_in_it(
    case: dict[str, Any], lexicon: Lexicon
) -> None:
    """Concern and emergency are the label's, whatever the marks in the same text may be."""
    flags = _flags(case["text"], lexicon)

    assert sorted(flags & {"concern", "emergency"}) == case["flags"]


@pytest.mark.parametrize(
    "said",
    [
        "knife found during the drama lesson",
        "police called to the boxing course",
        "femi battered aiden at football",
        "no injuries except a cut on femi's lip",
        "chloe is not hurt too badly",
        "not hurt himself since friday",
        "zara took an overdose last night",
    ],
)
def test_in_doubt_a_concern_stays_one(said: str, lexicon: Lexicon) -> None:
    """A lesson in which something happened, and a denial half taken back, are looked at."""
    assert "concern" in _flags(f"all in. {said}", lexicon)


@quick
@given(said=st.sampled_from(CONCERNS), upper=st.lists(st.booleans(), min_size=80, max_size=80))
def test_letter_case_takes_no_concern_away(said: str, upper: list[bool], lexicon: Lexicon) -> None:
    """SHOUTED, Mixed or small, the words are the same."""
    typed = "".join(c.upper() if up else c for c, up in zip(said, upper, strict=False))

    assert "concern" in _flags(typed, lexicon)


@quick
@given(
    said=st.sampled_from(CONCERNS),
    before=st.sampled_from(("", "morning! ", "😊 ", "hiya all in. ", "thanks, ", "ok 👍\n")),
    after=st.sampled_from(("", " thanks", " 😢😢", " x", ". ta x", "!!! 🙏", "\nregards Bev")),
)
def test_nothing_polite_around_it_takes_a_concern_away(
    said: str, before: str, after: str, lexicon: Lexicon
) -> None:
    """Greetings, thanks and emoji set nothing and hide nothing."""
    assert "concern" in _flags(before + said + after, lexicon)


@quick
@given(
    said=st.sampled_from(CONCERNS),
    place=st.integers(0, 120),
    filler=st.sampled_from(
        ("the kettle is on and we have made toast. ", "all in so far. ", "ok. ")
    ),
)
def test_a_concern_is_found_wherever_it_stands_in_a_long_text(
    said: str, place: int, filler: str, lexicon: Lexicon
) -> None:
    """Early, in the middle or last, and past the end of what is read for marks."""
    text = filler * place + said + ". " + filler * (120 - place)

    assert "concern" in _flags(text, lexicon)


@quick
@given(
    first=st.sampled_from(("Rob", "Star", "Gunn", "Reece", "Blade")),
    last=st.sampled_from(("Stabb", "Burns", "Batter", "Slaughter", "Shooter", "Hurt", "Sword")),
    said=st.sampled_from(("{0} {1} off", "{0} in", "{1} absent ill", "all in except {0} {1}")),
)
def test_a_name_that_is_a_word_of_harm_raises_nothing(
    first: str, last: str, said: str, lexicon: Lexicon
) -> None:
    """A pupil is not a concern for what they are called."""
    flags = _flags(said.format(first, last), lexicon, f"{first} {last}", "Chloe Marsh")

    assert not flags & {"concern", "emergency"}


def test_a_name_that_is_a_word_of_harm_hides_none(lexicon: Lexicon) -> None:
    """Star Burns may have burns."""
    assert "concern" in _flags("star has burns up her arms", lexicon, "Star Burns", "Chloe Marsh")


@pytest.mark.parametrize(
    "slip", ["strangeld", "thretened", "suicdal", "overdsoe", "unconsious", "abmulance", "brusied"]
)
def test_a_slip_of_the_thumb_in_a_grave_word_is_heard(slip: str, lexicon: Lexicon) -> None:
    """One letter off is the same word, where missing it could cost a child."""
    assert "concern" in _flags(f"all in. somebody was {slip}", lexicon)


@pytest.mark.parametrize("plain", ["scored", "polite", "policy", "brushed", "attached", "stabled"])
def test_an_ordinary_word_is_no_slip_of_a_grave_one(plain: str, lexicon: Lexicon) -> None:
    """A word that only looks alike is left alone."""
    assert not _flags(f"all in. it was {plain}", lexicon)


@quick
@given(text=st.text(alphabet=string.printable, max_size=300))
def test_any_text_at_all_can_be_looked_at(text: str, lexicon: Lexicon) -> None:
    """Never an error."""
    _flags(text, lexicon)


def test_a_long_text_of_nothing_but_grave_words_takes_no_long_time(lexicon: Lexicon) -> None:
    """The rules of company look only near by, so a flood of words cannot hold up the inbox."""
    text = ("arm cut man car neck marks knife lesson told home " * 200)[:5000]
    read(a_reply(text, *NAMES), lexicon)
    began = time.process_time()

    read(a_reply(text, *NAMES), lexicon)

    assert time.process_time() - began < 1


def test_denials_without_end_take_no_long_time(lexicon: Lexicon) -> None:
    """A denial is weighed once, however many stand in one sentence."""
    tokens = cut_up(("not hurt no marks " * 200)[:2390], lexicon.rewrites).tokens
    flags_in(tokens, lexicon)
    began = time.process_time()

    flags_in(tokens, lexicon)

    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("the polis took femi", "the police took femi"), ("chloe was greetin", "chloe was crying")],
)
def test_a_word_of_dialect_is_heard_as_the_word_it_stands_for(
    typed: str, plain: str, lexicon: Lexicon
) -> None:
    """What raises a concern in one part of the country raises it in every other."""
    assert _flags(typed, lexicon) == _flags(plain, lexicon) == {"concern"}


def test_the_words_that_raised_a_flag_are_those_that_were_typed(lexicon: Lexicon) -> None:
    """A concern is passed on word for word, and not as the lexicon spells it."""
    raised = flags_in(cut_up("ok. the polis cam", lexicon.rewrites).tokens, lexicon)

    assert [each.words for each in raised] == ["polis"]


def test_no_phrase_holds_a_spelling_that_is_heard_as_another() -> None:
    """Such a phrase would never be found: the spelling is gone before it is looked for."""
    told = yaml.safe_load((HEARS / "flags.yaml").read_text(encoding="utf-8"))
    spellings = {fold(str(each)) for spelt in told["heard_as"].values() for each in spelt}
    groups = [*told["word_groups"].values(), *told["flags"].values()]
    phrases = itertools.chain(told["innocent"], told["deniable"], *groups)

    assert [each for each in phrases if not spellings.isdisjoint(str(each).split())] == []


def test_a_spelling_heard_as_two_words_is_a_problem(tmp_path: Path) -> None:
    """One word has one meaning, or neither can be trusted."""
    text = "heard_as:\n  police: [plod]\n  walk: [plod]\n"
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Unreadable) as error:
        load_lexicon(tmp_path)

    told = [(p.line, p.what, p.remedy) for p in error.value.problems]
    assert (3, "'plod' is heard as 'police'", "keep one of them") in told


@pytest.mark.parametrize(("short", "full"), [("nick", "Nicholas"), ("cam", "Cameron")])
def test_a_word_within_a_concern_hides_no_pupil_of_that_name(
    short: str, full: str, lexicon: Lexicon
) -> None:
    """ "In the nick" and "on cam" are concerns, and Nick and Cam are still themselves."""
    reading = read(a_reply(f"{short} off ill", f"{full} Moor", "Chloe Marsh"), lexicon)

    assert reading.marks == {1: Mark.ABSENT}


def test_a_word_that_is_a_concern_of_itself_is_nobodys_name(lexicon: Lexicon) -> None:
    """Oscar, Scar to his friends, is not marked for somebody's scars."""
    reading = read(
        a_reply("chloe here, has scars on her arm", "Oscar Moor", "Chloe Marsh"), lexicon
    )

    assert set(reading.marks) == {2}


def test_work_is_harmless_only_with_what_it_is_done_to(lexicon: Lexicon) -> None:
    """Brakes are bled and brambles attacked; a pupil who bleeds by the brakes is none of that."""
    assert not _flags("all in. aiden bleeding the old brakes", lexicon)
    assert "concern" in _flags("all in. aiden bleeding, caught it on the brakes", lexicon)


def test_a_rule_that_names_no_known_group_is_a_problem(tmp_path: Path) -> None:
    """A slip in a group's name would silence the rule, so it is told with its line."""
    text = "word_groups:\n  body: [arm]\ntogether:\n  concern:\n    - bdy + body\n"
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Unreadable) as error:
        load_lexicon(tmp_path)

    told = [(p.line, p.what, p.remedy) for p in error.value.problems]
    assert (5, "'bdy' is no group of words that is known", "did you mean 'body'?") in told


def test_a_rule_of_one_group_is_a_problem(tmp_path: Path) -> None:
    """One group alone is what `flags` is for."""
    text = "word_groups:\n  body: [arm]\nharmless:\n  - body\n"
    (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(Unreadable) as error:
        load_lexicon(tmp_path)

    assert (4, "'body' is no rule") in [(p.line, p.what) for p in error.value.problems]
