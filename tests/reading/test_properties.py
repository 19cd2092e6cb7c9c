import string
from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apbot.domain.readings import Rephrase
from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Okafor", "Marta Kowalska", "Will Grant")
HERE = (Mark.PRESENT, Mark.LATE)
GROUPS = {
    *("all", "everyone", "nobody", "rest", "yes", "only", "just", "✓", "👍", "back", "same"),
    *("both", "in", "here", "no", "not"),
}
SOME = """
all in off chloe aiden femi marta will not here except bar 2 and 4 the rest late 9:50 on way only
just everyone nobody ill sorry now yes no back left is isn't was , . ? ( ) - tomorrow yesterday if
when i think she he they x / ✓ ✗ 👍 6 here dave bus home gone scrap that actually same as this
morning both number with mum
"""
quick = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=300)

some_words = st.lists(st.sampled_from([*SOME.split(), "\n"]), max_size=14).map(" ".join)


@quick
@given(text=st.text(max_size=400))
def test_no_text_at_all_raises(text: str, lexicon: Lexicon) -> None:
    """Any unicode, control characters too, gives a Reading."""
    reading = read(a_reply(text, *NAMES), lexicon)

    assert set(reading.marks) <= {1, 2, 3, 4, 5}


@pytest.mark.parametrize("sign", [*string.punctuation, "…", "–", "•", "½", "→"])
def test_no_sign_between_words_raises(sign: str, lexicon: Lexicon) -> None:
    """ "All in + femi late": a sign may stand where a phrase of ours would go on."""
    goes_on = [
        word
        for word, node in lexicon.grammar.root.items()
        if any(isinstance(below, list) for below in node.values())
    ]
    assert len(goes_on) > 100
    for word in ("in", "off", "late", *goes_on[::20]):
        read(a_reply(f"{word} {sign} femi late", *NAMES), lexicon)


@quick
@given(text=some_words, half=st.sampled_from(["AM", "PM"]), at=st.times())
def test_words_thrown_together_raise_nothing_and_mark_only_the_roster(
    text: str, half: str, at: time, lexicon: Lexicon
) -> None:
    """Known words in any order give a Reading about pupils of the roster alone."""
    reply = a_reply(text, *NAMES, half=half, sent_at=at.strftime("%H:%M"))

    reading = read(reply, lexicon)

    assert set(reading.marks) <= {1, 2, 3, 4, 5}
    assert set(reading.reasons) <= {1, 2, 3, 4, 5}


@quick
@given(text=some_words)
def test_nobody_is_present_who_was_not_named_numbered_or_covered(
    text: str, lexicon: Lexicon
) -> None:
    """Every pupil marked present is in the words, or a word for everyone or the others is."""
    reading = read(a_reply(text, *NAMES), lexicon)

    words = set(text.lower().replace(",", " ").split())
    group = words & GROUPS
    for number, mark in reading.marks.items():
        if mark is Mark.PRESENT and not group:
            first = NAMES[number - 1].split()[0].lower()
            assert first in words or str(number) in words


@pytest.mark.parametrize("said", ["chloe is here now, mark present", "chloe's in. mark present"])
def test_a_word_for_what_we_are_to_do_is_no_pupil_of_that_name(said: str, lexicon: Lexicon) -> None:
    """We are to mark Chloe so: Mark, who is on the roster, is not taken as here."""
    for text in (said, said.title(), said.upper()):
        marks = read(a_reply(text, "Mark Aldous", "Chloe Davies"), lexicon).marks
        assert marks == {2: Mark.PRESENT}, text


@pytest.mark.parametrize("number", range(1, 5))
def test_an_exception_is_never_left_present(number: int, lexicon: Lexicon) -> None:
    """ "all in" with "except NAME" added, in any of its words, leaves that pupil not present."""
    first = NAMES[number - 1].split()[0]
    for word in ("except", "bar", "apart from", "but not", "minus", "exept", "other than", "but"):
        for said in ("all in", "everyone here", "full house", "all present", "all 5 in"):
            reading = read(a_reply(f"{said} {word} {first}", *NAMES), lexicon)
            assert reading.marks.get(number) not in HERE, f"{said} {word} {first}"


@pytest.mark.parametrize(
    "said", ["all in", "aiden in", "everyone here", "chloe and aiden are here"]
)
@pytest.mark.parametrize("doubt", ["I think", "not sure if", "maybe", "hopefully", "should be"])
def test_a_guess_leaves_nobody_present(said: str, doubt: str, lexicon: Lexicon) -> None:
    """ "I think" before or after takes every present away."""
    for text in (f"{doubt} {said}", f"{said} {doubt}", f"{said}, {doubt}"):
        reading = read(a_reply(text, *NAMES), lexicon)
        assert not [m for m in reading.marks.values() if m in HERE], text


@pytest.mark.parametrize("said", ["aiden in", "aiden is here", "all in", "aiden present today"])
def test_a_not_anywhere_leaves_nobody_present(said: str, lexicon: Lexicon) -> None:
    """Wherever a "not" falls, nobody is taken as here."""
    words = said.split()
    for at in range(len(words) + 1):
        text = " ".join([*words[:at], "not", *words[at:]])
        reading = read(a_reply(text, *NAMES), lexicon)
        assert not [m for m in reading.marks.values() if m in HERE], text


_NEAR_KEYS = {
    "n": "bhjm", "o": "iklp09", "t": "rfgy56", "h": "gjybn", "e": "wrsd34", "r": "etdf45",
    "i": "ujko89",
}  # fmt: skip


def _slips(word: str) -> set[str]:
    made = {word[:i] + word[i + 1 :] for i in range(len(word))}
    made |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    made |= {word[:i] + k + word[i + 1 :] for i in range(len(word)) for k in _NEAR_KEYS[word[i]]}
    made |= {word[:i] + word[i] + word[i:] for i in range(len(word))}
    return made - {word}


@pytest.mark.parametrize("slip", sorted(_slips("not")))
@pytest.mark.parametrize("mark", ["here", "in"])
def test_a_slip_in_not_never_makes_here_of_not_here(slip: str, mark: str, lexicon: Lexicon) -> None:
    """ "chloe nto here", "chloe bot in": whatever the thumb did, Chloe is not taken as here."""
    reading = read(a_reply(f"chloe {slip} {mark}", *NAMES), lexicon)

    assert reading.marks.get(2) not in HERE


@quick
@given(order=st.permutations(range(5)))
def test_the_order_of_the_roster_does_not_matter_to_names(
    order: list[int], lexicon: Lexicon
) -> None:
    """The same pupil takes the same mark, whichever number the prompt gave."""
    names = tuple(NAMES[i] for i in order)
    reading = read(a_reply("aiden in, chloe off ill, femi late, marta here", *names), lexicon)

    by_name = {names[n - 1].split()[0]: mark for n, mark in reading.marks.items()}
    assert by_name == {
        "Aiden": Mark.PRESENT,
        "Chloe": Mark.ABSENT,
        "Femi": Mark.AWAITED,
        "Marta": Mark.PRESENT,
    }


@pytest.mark.parametrize(
    "filler", ["lorem ipsum ", "in here all ", "chloe ", "🙂", "1 2 3 ", "((("]
)
def test_a_text_too_long_to_read_marks_nobody(filler: str, lexicon: Lexicon) -> None:
    """What lies beyond what is read could change everything, so nothing is believed."""
    text = "all in " + filler * (6000 // len(filler))

    reading = read(a_reply(text, *NAMES), lexicon)

    assert not reading.marks
    assert isinstance(reading.ask, Rephrase)


@quick
@given(tail=st.text(alphabet=string.printable, max_size=60))
def test_a_concern_is_flagged_whatever_stands_behind_it(tail: str, lexicon: Lexicon) -> None:
    """Nothing that follows takes a concern away."""
    reading = read(a_reply(f"aiden has been stabbed. {tail}", *NAMES), lexicon)

    assert {"concern", "emergency"} <= {flag.value for flag in reading.flags}


OTHERWISE = (
    *("can't find {n} anywhere", "no sign of {n}", "{n} hasn't turned up", "{n} isn't", "not {n}"),
    *("{n} still hasn't appeared", "nothing from {n}", "where is {n}", "{n} is off", "{n} is ill"),
    *("{n} has gone missing", "not sure about {n}", "{n} texted from the bus stop", "{n} is late"),
    *("nobody has seen {n}", "waiting on {n}", "{n}'s taxi came without her", "{n} not here yet"),
)


@pytest.mark.parametrize("said", OTHERWISE)
@pytest.mark.parametrize("joint", [", ", ". ", " but ", " and "])
def test_whoever_is_named_beside_words_that_say_otherwise_is_never_one_of_all(
    said: str, joint: str, lexicon: Lexicon
) -> None:
    """However "all in" and the rest of it are joined, Femi is not taken as here."""
    clause = said.format(n="femi")
    for whole in ("all in", "everyone here", "all in except chloe", "rest in", "full house"):
        reading = read(a_reply(f"{whole}{joint}{clause}", *NAMES), lexicon)
        assert reading.marks.get(3) not in HERE, f"{whole}{joint}{clause}"


@pytest.mark.parametrize(
    "story",
    [
        "femi's late nan was from Leeds",
        "femi told us his stepdad locks him out at night and he slept in a bus shelter",
        "femi left his coat on the bus again",
        "femi was off yesterday",
        "femi isn't in trouble",
        "femi's brother is off ill",
        "talk on knife crime today",
        "we had nowt to eat",
    ],
)
def test_a_story_takes_nobody_out_of_all(story: str, lexicon: Lexicon) -> None:
    """A negative or a reason in a clause about something else sets nothing."""
    for text in (f"all in. {story}", f"{story}. all in"):
        marks = read(a_reply(text, *NAMES), lexicon).marks
        assert marks == dict.fromkeys(range(1, 6), Mark.PRESENT), text


@pytest.mark.parametrize(
    "text",
    [
        "All In Boxing here. chloe not coming today",
        "chloe is off. Regards, All In Boxing",
        "this is Full House Youth Project, chloe isn't coming",
        "All Here Farm: chloe off",
        "yesterday: aiden in, femi in, chloe off",
        "on friday aiden in, femi in, chloe off",
        "full complement of staff today, chloe is off",
        "if aiden's in he is hiding, chloe is off",
        "lads all here, chloe is off",
    ],
)
def test_a_name_another_day_or_a_condition_is_no_presence(text: str, lexicon: Lexicon) -> None:
    """The provider's own name, another day, staff and conditions leave nobody present."""
    for typed in (text, text.lower(), text.upper()):
        marks = read(a_reply(typed, *NAMES), lexicon).marks
        assert not [m for m in marks.values() if m in HERE], typed
