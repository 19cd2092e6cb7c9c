"""What is said of a bus, a taxi or whoever drives, and of where somebody is kept."""

import pytest

from apbot.domain.words import Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Ade", "Jade East")
AIDEN, CHLOE, FEMI, JADE = 1, 2, 3, 4
HERE = (Mark.PRESENT, Mark.LATE)


@pytest.mark.parametrize(
    "text",
    [
        "Femi's here, nan's just dropped him at the gate. Looks half asleep still",
        "femi here now, dropped at the gate by his dad",
        "femi's here his mum dropped him off at the gate",
        "No, Femi is in, he got here at 10. Not on the way any more",
        "femi is in now not on his way",
        "femi's in, no longer on the way",
    ],
)
def test_whoever_was_awaited_and_is_here_is_late(text: str, lexicon: Lexicon) -> None:
    """ "femi is in now, not on his way": he came, however he did."""
    held = {AIDEN: Mark.PRESENT, FEMI: Mark.AWAITED}
    made = read(a_reply(text, *NAMES, marks=held, sent_at="10:10"), lexicon)
    assert made.marks.get(FEMI) is Mark.LATE


@pytest.mark.parametrize(
    "text",
    [
        "all in, not coming jade",
        "all in, not on their way femi and jade",
        "femi's in, jade not on her way",
        "femi's in. jade isn't on the way",
    ],
)
def test_whoever_is_not_on_the_way_is_not_here(text: str, lexicon: Lexicon) -> None:
    """ "femi's in, jade not on her way": of Jade."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert made.marks.get(JADE) not in HERE


@pytest.mark.parametrize(
    "text",
    [
        "aiden and femi off the minibus",
        "aiden n femi off the bus and in",
    ],
)
def test_off_the_bus_is_no_day_off(text: str, lexicon: Lexicon) -> None:
    """ "Aiden and Femi off the minibus": here."""
    made = read(a_reply(text, *NAMES, start="09:30", sent_at="09:34"), lexicon)
    assert made.marks.get(AIDEN) in HERE
    assert made.marks.get(FEMI) in HERE


@pytest.mark.parametrize(
    "text",
    ["femi off the bus didn't come", "femi off, bus broke down", "femi's not off the bus yet"],
)
def test_whom_no_bus_brought_is_not_here(text: str, lexicon: Lexicon) -> None:
    """ "femi off, the bus didn't come": not here."""
    made = read(a_reply(text, *NAMES, start="09:30", sent_at="09:50"), lexicon)
    assert made.marks.get(FEMI) not in HERE


@pytest.mark.parametrize("text", ["femi's still stuck at court", "all in bar femi, stuck at court"])
def test_stuck_there_is_not_on_the_way(text: str, lexicon: Lexicon) -> None:
    """ "still stuck at court": kept there, and no ride is late."""
    made = read(a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:05"), lexicon)
    assert made.marks.get(FEMI) is Mark.ABSENT
    assert made.reasons.get(FEMI) is Reason.OTHER


@pytest.mark.parametrize("text", ["femi stuck in traffic", "femi's stuck, bus hasn't moved"])
def test_stuck_on_a_ride_is_on_the_way(text: str, lexicon: Lexicon) -> None:
    """ "stuck in traffic": on the way."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert made.marks.get(FEMI) is Mark.AWAITED
