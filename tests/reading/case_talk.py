"""Builders for what CSS staff and parents write, and how it is read."""

from datetime import date, time

from apbot.domain.readings import OpenCase, Reading, Reply
from apbot.domain.words import Action, Flag, Half, Matter, Speaker
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read

FEMI = OpenCase("K7", Matter.ABSENCE, "Alder Farm", "Femi Okafor")
CHLOE = OpenCase("D4", Matter.ABSENCE, "Northside Boxing", "Chloe Denham")
LEAH = OpenCase("H2", Matter.UNACCOUNTED, "Hollybank Equine", "Leah Marsden")
REGISTER = OpenCase("T5", Matter.MISSING_REGISTER, "Rooftop Media")


def said(text: str, lexicon: Lexicon, *cases: OpenCase, speaker: Speaker = Speaker.CSS) -> Reading:
    """Read a text from this speaker, to whom these cases are open (Femi's absence, if none)."""
    reply = Reply(
        speaker=speaker,
        text=text,
        on=date(2026, 11, 24),
        half=Half.AM,
        start=time(9, 30),
        sent_at=time(10, 12),
        cases=cases or (FEMI,),
    )
    return read(reply, lexicon)


def actions(reading: Reading) -> dict[str | None, Action]:
    """Return what is done to each case, by ref."""
    return {each.ref: each.action for each in reading.cases}


def action(reading: Reading) -> Action:
    """Return what is done to the one case that is spoken of."""
    (one,) = reading.cases
    return one.action


def alarms(reading: Reading) -> bool:
    """Whether a concern was raised."""
    return Flag.CONCERN in reading.flags
