from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apbot.domain.readings import OpenCase
from apbot.domain.words import Action, Speaker
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import CHLOE, FEMI, LEAH, REGISTER, action, actions, alarms, said

PEOPLE = ("mum", "dad", "his nan", "the carer", "her social worker", "the unit")
REACHED = ("spoke to {}, ", "{} says ", "just off the phone to {}, ", "rang {}, ", "")
REASONS = ("he's ill", "she has the dentist", "he's suspended", "she's refusing", "at a funeral")
SAFE = ("found her", "he's at home", "she's safe", "back in class", "he's with his nan")
OVER = ("done", "sorted", "closing", "all sorted", "resolved", "K7 done", "case closed")
PIECES = """
spoke to mum dad says he she ill dentist found home done sorted closing left at 8 not think will if
when on it mine K7 D4 H2 Z9 femi chloe leah both all sent register no answer voicemail ok thanks
? . , but and - is there where sure here with me nan school never ' £ \n 👍 👀
"""
EMOJI = ("🙂", "👍🏽", "😅 ✨", "❤️")
quick = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=250)

sources = st.builds(str.format, st.sampled_from(REACHED), st.sampled_from(PEOPLE))
ends = st.one_of(
    st.builds(str.__add__, sources, st.sampled_from(REASONS)),
    st.builds(str.__add__, sources, st.sampled_from(SAFE)),
    st.sampled_from(OVER),
)
talk = st.lists(st.sampled_from(PIECES.split(" ")), max_size=12).map(" ".join)
one_case = st.sampled_from([FEMI, LEAH, REGISTER])
speakers = st.sampled_from([Speaker.CSS, Speaker.PARENT])
takes_back = st.sampled_from(["not", "I think", "will", "if", "maybe", "once", "never"])


@quick
@given(end=ends, word=takes_back)
def test_no_word_that_takes_back_leaves_a_resolve_standing(
    end: str, word: str, lexicon: Lexicon
) -> None:
    """ "not", "I think", "will" or "if" before it, and a case that was over is not."""
    reading = said(f"{word} {end}", lexicon)

    assert Action.RESOLVE not in actions(reading).values(), end


@quick
@given(person=sources, reason=st.sampled_from(REASONS), word=takes_back)
def test_a_reason_taken_back_in_its_own_clause_ends_nothing(
    person: str, reason: str, word: str, lexicon: Lexicon
) -> None:
    """Beside the reason itself, these words leave the case open."""
    assert action(said(f"{person}{word} {reason}", lexicon)) is not Action.RESOLVE


@quick
@given(text=ends, emoji=st.sampled_from(EMOJI), case=one_case, speaker=speakers)
def test_letter_case_a_smile_and_thanks_change_no_action(
    text: str, emoji: str, case: OpenCase, speaker: Speaker, lexicon: Lexicon
) -> None:
    """What is only polite, or loud, does nothing to a case."""
    before = said(text, lexicon, case, speaker=speaker)

    for dressed in (text.upper(), text.lower(), f"{text} {emoji}", f"{text}\nthanks"):
        after = said(dressed, lexicon, case, speaker=speaker)
        assert actions(after) == actions(before), dressed
        assert alarms(after) == alarms(before), dressed


@quick
@given(text=st.one_of(talk, st.text(max_size=300)), speaker=speakers)
def test_no_text_raises_and_none_touches_a_case_that_is_not_open(
    text: str, speaker: Speaker, lexicon: Lexicon
) -> None:
    """Any text gives a Reading, and only of the cases that this person was told of."""
    reading = said(text, lexicon, FEMI, CHLOE, LEAH, REGISTER, speaker=speaker)

    assert set(actions(reading)) <= {"K7", "D4", "H2", "T5", None}
    assert set(reading.case_reasons) <= set(actions(reading)) - {None}


@quick
@given(
    letter=st.sampled_from("BCEFGJLMNPQRSVWXYZ"),
    number=st.integers(2, 98),
    end=st.sampled_from(OVER[:5]),
)
def test_a_ref_that_is_no_open_case_never_picks_another(
    letter: str, number: int, end: str, lexicon: Lexicon
) -> None:
    """ "Z9 done" with one case open, or with two, ends neither."""
    for cases in ((FEMI,), (FEMI, LEAH)):
        reading = said(f"{letter}{number} {end}", lexicon, *cases)
        assert actions(reading) == {None: Action.UNCLEAR}


@quick
@given(
    who=st.sampled_from(["he", "she", "my lad", "femi"]),
    went=st.sampled_from(["left at 8", "set off", "went in", "got on the bus", "should be there"]),
    more=st.sampled_from(["", "!!", " as normal", " and he was fine", ", thanks", " this morning"]),
)
def test_a_parent_whose_child_set_out_always_alarms(
    who: str, went: str, more: str, lexicon: Lexicon
) -> None:
    """Whatever stands around it, a child who set out is a concern."""
    assert alarms(said(f"{who} {went}{more}", lexicon, FEMI, speaker=Speaker.PARENT))
