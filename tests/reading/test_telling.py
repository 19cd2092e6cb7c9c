"""Telling: what sends a family a text is read only where every word of it is understood."""

import pytest

from apbot.domain.readings import OpenCase
from apbot.domain.releasing import Order
from apbot.domain.words import Matter
from apbot.reading.lexicon import Lexicon
from apbot.reading.telling import read_telling

CASES = (
    OpenCase("K7", Matter.ABSENCE, "Alder Farm", "Femi O"),
    OpenCase("K9", Matter.ABSENCE, "Alder Farm", "Chloe D"),
    OpenCase("K10", Matter.CLOSED, "Southpaw", None),
)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("TELL K7", Order(True, ("K7",))),
        ("tell", Order(True)),
        ("please tell mum k 7, thanks", Order(True, ("K7",))),
        ("Tell parents K7 K9", Order(True, ("K7", "K9"))),
        ("tell k7 and k9", Order(True, ("K7", "K9"))),
        ("TELL ALL", Order(True, is_all=True)),
        ("tell femi's mum", Order(True, names=("Femi O",))),
        ("don't tell K7", Order(False, ("K7",))),
        ("no need to tell K7", Order(False, ("K7",))),
        ("no need", Order(False)),
        ("do not tell k7 yet", Order(False, ("K7",))),
    ],
)
def test_an_order_is_read(text: str, order: Order, lexicon: Lexicon) -> None:
    """The word, whose parents, and nothing left over."""
    telling = read_telling(text, CASES, lexicon)

    assert telling is not None
    assert (telling.orders, telling.rest) == ((order,), "")


@pytest.mark.parametrize(
    "text",
    [
        "K7 done",
        "tell mum i'll ring her",
        "tell K7?",
        "should i tell K7",
        "tell K7, no wait",
        "tell K7 not",
        "if he is not in by ten, tell K7",
        "tell K12",
        "tell Alder Farm: fire drill at 11",
        "spoke to mum, she will tell him off",
    ],
)
def test_what_is_not_sure_orders_nothing(text: str, lexicon: Lexicon) -> None:
    """A parent's text cannot be taken back; the message goes on to be read as ever."""
    assert read_telling(text, CASES, lexicon) is None


@pytest.mark.parametrize(
    "text",
    ["don't tell K7, her dad is not to know", "do not tell K7 until i have spoken to mum"],
)
def test_keeping_back_counts_whatever_stands_beside_it(text: str, lexicon: Lexicon) -> None:
    """It can be taken back itself, so it is read widely; the words are kept as well."""
    telling = read_telling(text, CASES, lexicon)

    assert telling is not None
    assert telling.orders == (Order(False, ("K7",)),)


def test_a_doubt_leaves_the_keeping_back_alone(lexicon: Lexicon) -> None:
    """ "Tell K9. Don't tell K7 until I ring": nothing goes, and K7 is kept back."""
    telling = read_telling("tell K9. don't tell K7 until i ring", CASES, lexicon)

    assert telling is not None
    assert telling.orders == (Order(False, ("K7",)),)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("on it, tell K7", "on it K7"),
        ("ok tell K7", "ok K7"),
        ("spoke to mum, done. no need to tell K7", "spoke to mum, done. K7"),
    ],
)
def test_the_rest_is_left_to_be_read(text: str, rest: str, lexicon: Lexicon) -> None:
    """With the ref, so that it is about the same case."""
    telling = read_telling(text, CASES, lexicon)

    assert telling is not None
    assert telling.rest == rest
