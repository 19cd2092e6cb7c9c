import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.wording.gsm import BASIC, EXTENDED, alphabet, fold, parts


def test_the_alphabet_has_the_characters_of_its_tables() -> None:
    """TS 23.038 has 128 places, one of them the escape to the ten of the extension table."""
    assert len(BASIC) == 127
    assert len(EXTENDED) == 10


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Renée, Zoë, Żaneta", "Renée, Zoe, Zaneta"),
        ("Łukasz Wójcik", "Lukasz Wojcik"),
        ("Đorđe Çelik façade", "Dorde Çelik facade"),
        ("Ştefan Ionuţ", "Stefan Ionut"),
        ("“Chloe’s here” – all in…", '"Chloe\'s here" - all in...'),
        ("Siân\u00a0Ó Briain", "Sian O Briain"),
        ("œuvre ﬁne Ŵyn", "oeuvre fine Wyn"),
        ("Zoe\u0301 sits", "Zoé sits"),
        ("Ngũgĩ\u200b", "Ngugi"),
        ("½ day", "1/2 day"),
        ("èéàäöüñß", "èéàäöüñß"),
        ("", ""),
    ],
)
def test_a_text_is_folded_into_the_gsm_alphabet(typed: str, sent: str) -> None:
    """Accents, curly quotes and dashes must not double an SMS's price; GSM's own letters stay."""
    assert fold(typed) == sent
    assert alphabet(sent) == "gsm"


@pytest.mark.parametrize("typed", ["Привет, Zoë", "👍 all in", "李 Łukasz", "مرحبا", "✓"])
def test_what_has_no_near_letter_leaves_the_text_as_it_was(typed: str) -> None:
    """A text that is dear anyway keeps its accents: nothing would be gained by losing them."""
    assert fold(typed) == typed
    assert alphabet(typed) == "ucs2"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 153 is odd: the 77th euro does not fit in the first part by halves.
        ("€" * 153, 3),
        ("€" * 152, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        ("👍" * 66, 2),
        ("👍" * 67, 3),
    ],
)
def test_parts_are_counted_as_the_networks_bill_them(text: str, count: int) -> None:
    """One part holds 160 (70 in UCS-2); joined ones 153 (67); nothing is split in its middle."""
    assert parts(text) == count


@given(st.text())
def test_folding_never_makes_an_sms_dearer_and_settles_at_once(text: str) -> None:
    """Folding is for the price; done twice it changes nothing."""
    folded = fold(text)

    assert parts(folded) <= max(parts(text), 1) or alphabet(text) == "gsm"
    assert fold(folded) == folded


@given(st.text(alphabet=st.sampled_from(sorted(BASIC | EXTENDED))))
def test_a_text_in_the_alphabet_is_left_alone(text: str) -> None:
    """What costs nothing is not touched."""
    assert fold(text) == text


@given(st.text(alphabet=st.characters(min_codepoint=0xC0, max_codepoint=0x17F)))
def test_every_accented_latin_letter_is_folded(text: str) -> None:
    """No name written in a European Latin alphabet makes a text dear."""
    letters = "".join(letter for letter in text if unicodedata.category(letter)[0] == "L")

    assert alphabet(fold(letters)) == "gsm"


@given(st.text(max_size=400))
def test_parts_never_lose_a_character(text: str) -> None:
    """As many parts as counted can hold the text."""
    units = len(text.encode("utf-16-le")) // 2
    if alphabet(text) == "gsm":
        units = len(text) + sum(letter in EXTENDED for letter in text)
        assert units <= (160 if parts(text) == 1 else 153 * parts(text))
    else:
        assert units <= (70 if parts(text) == 1 else 67 * parts(text))
