"""
What is said for the office and is no mark: flagged as a question, with no question asked back.

And what must not be read so: a mark told beside a request, a worry beside a word of harmlessness.
"""

import pytest

from apbot.domain.readings import Reading, Rephrase
from apbot.domain.words import Flag, Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = (
    *("Aiden Brown", "Chloe Davies", "Femi Adeyemi", "Jack Brown", "Jack Taylor"),
    "Zofia Nowak",
)
AIDEN, CHLOE, FEMI = 1, 2, 3
HELD = dict.fromkeys(range(1, 7), Mark.PRESENT)
NONE: dict[int, Mark] = {}
QUESTION, CONCERN, EMERGENCY = Flag.QUESTION, Flag.CONCERN, Flag.EMERGENCY


def _read(text: str, lexicon: Lexicon, held: dict[int, Mark]) -> Reading:
    return read(a_reply(text, *NAMES, marks=held, sent_at="11:05"), lexicon)


ASKED = (
    "could you find out when the heating man is coming",
    "can u order some more hi vis vests",
    "could u get us some more gloves",
    "can yous drop off the new timetables",
    "can ye send us the new risk assessment",
    "can you sort femi out with some boots",
    "can you get femi some gloves, his are ripped",
    "could one of you pop the vouchers in the post",
    "would somebody give me a bell about the trip",
    "would someone please telephone me",
    "would you mind asking transport about the late bus",
    "please telephone me when you have a minute",
    "someone bell me pls",
    "somebody bell us when you get a sec",
    "nobody has got back to me about the invoice, somebody ring me",
    "no one's been in touch about the boots, can someone bell me",
    "give me a ring about chloe when you get chance",
    "kindly send the new form",
    "kindly remind femi's carer about the trip form",
    "please find out if chloe needs a packed lunch",
    "wheres the spare set of keys",
    "where is my invoice",
    "where's the first aid kit gone",
    "where are we supposed to park tomorrow",
    "whose turn is it to bring the minibus back",
    "who's got the key to the shed",
    "any idea who has the key",
    "do any of you know the code for the shed",
    "Chloe would like to know whether she can bring her own lunch",
    "Chloes nana wants to kna if the bus can drop her at the corner",
    "Chloe wants to know what time the trip is",
    "Femi's mum is asking if he needs boots tomorrow",
    "chloes mum is asking why she wasnt picked up",
    "femi asked if he could do an extra day",
    "I need somebody to explain the new form",
    "I need that somebody explains me the form",
    "we could do with someone looking at the boiler",
    "has his form come back to you yet",
    "has chloes consent form come back yet",
    "have the boots come in yet",
    "did the forms arrive",
    "is Femi allowed to take his cake home",
    "Femi would like to take some eggs home is that allowed",
    "who do i send the incident form to?",
    "who do I send the form to",
    "what do i say to chloes mum?",
    "femis mum wants to pick up some work for him, what do i say?",
    "could somebody phone chloe's mum, she forgot her glasses",
    "can somebody your end ring chloe's mum about her wellies, she's left em here again",
    "could one of you ring chloes mum to say shell be late home",
    "did anyone book the hall",
    "do we get paid this week",
    "chloe's foster mum would like a word with somebody",
    "femi's dad wants a copy of his report",
)
TOLD = (
    "my laptop died so this week's reports will be a day late",
    "my wifi's been down so last week's reports are late",
    "Sandra's gone home with a migraine so we're a man down this afternoon",
    "Karen has gone home poorly, we are one short on staff",
    "our Paul's on the desk cos Sandra's off so ask for him if you ring",
    "Bev's manning the phones as Jan's on holiday",
    "our tutor has gone home ill",
    "we are a man down today",
    "amend your letters: he prefers to be called Tony",
    "Chloe prefers to be known as Coco, please update your system",
    "Femi's taxi needs to be here at ten to three not half past",
    "Femi's minibus needs to come at 2 not 3",
    "Chloe is to go on the 3 o'clock taxi",
    "Chloe is to go home on the 3 oclock bus today not the half past",
    "femis mum rang, his taxis coming at 2 today not 3",
    "the taxi is to pick femi up from the other gate tonight",
    "ferry wont be running at three so chloe and femi will want fetching by road",
    "Chloe will be leaving at 2, her nan's getting her",
    "Femi is going at half 2 today, his nan is getting him",
    "femi's got to be away early, mum's coming at half one for him",
    "chloe's mum coming to get her at half 11",
    "Chloes nan is going to come for her at about half past eleven",
    "femi is off next tues",
    "femi is off again next weds",
    "femi isnt in next fri, hospital",
    "Femi'll not be in the morra",
    "Chloe and Femi are both away early the morra",
    "chloe off a week on monday",
    "3 o'clock taxi for chloe, not the half past",
    "Sue had to go home, migraine, so I'm on my own with them",
    "Liam is poorly so we've got an agency lad in",
    "chloe finishes at 1 tomorrow",
)


@pytest.mark.parametrize("text", [*ASKED, *TOLD])
def test_it_is_for_the_office_and_nothing_is_asked(text: str, lexicon: Lexicon) -> None:
    """ "can u order some more vests": a question, no mark, and no question back."""
    for held in (HELD, NONE):
        made = _read(text, lexicon, held)
        assert made.flags == {QUESTION}, text
        assert not made.marks, text
        assert made.ask is None, text


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("can you mark chloe as off please", {CHLOE: Mark.ABSENT}),
        ("chloe is off, can you let transport know", {CHLOE: Mark.ABSENT}),
        ("femi isn't here, could someone ring his mum", {FEMI: Mark.ABSENT}),
        ("can somebody find femi, he has walked off", {FEMI: Mark.UNACCOUNTED}),
        ("chloe is off today and next tues", {CHLOE: Mark.ABSENT}),
        ("femi is off today, back next tues", {FEMI: Mark.ABSENT}),
        ("chloe is off, her taxi never came", {CHLOE: Mark.ABSENT}),
        ("chloe is out", {CHLOE: Mark.ABSENT}),
        ("femi's bus is coming at 11.30", {FEMI: Mark.AWAITED}),
        ("femi's taxi is running late", {FEMI: Mark.AWAITED}),
        ("femi is going on the 11.15 bus", {FEMI: Mark.AWAITED}),
        ("femi just in the door there", {FEMI: Mark.LATE}),
        ("nobody has turned up", dict.fromkeys(range(1, 7), Mark.ABSENT)),
    ],
)
def test_a_mark_beside_a_request_stands(
    text: str, marks: dict[int, Mark], lexicon: Lexicon
) -> None:
    """ "chloe is off, can you let transport know": absent, whatever else is asked."""
    assert _read(text, lexicon, NONE).marks == marks


@pytest.mark.parametrize("text", ["Sandra's not in today", "Dave is off", "Dale has gone home"])
def test_an_unknown_name_with_no_word_of_staff_is_asked_about(text: str, lexicon: Lexicon) -> None:
    """ "Dave is off": perhaps a pupil, by another name."""
    assert isinstance(_read(text, lexicon, NONE).ask, Rephrase)


@pytest.mark.parametrize("text", ["what do i send", "what do i text back to this again?", "help"])
def test_how_to_answer_is_still_help(text: str, lexicon: Lexicon) -> None:
    """ "what do i send": how to use this, and no question for the office."""
    assert _read(text, lexicon, NONE).flags == {Flag.HELP}


@pytest.mark.parametrize(
    "text",
    [
        "Chloe and Femi have built a den and won't come out of it",
        "femis trainers have fallen apart lol, finished the game in wellies",
        "chloes boots have fallen to bits",
        "the shed door has fallen off its hinges",
        "the farrier has turned up at last so the girls are watching him do the shoeing",
        "Femi has just come in shaking the snow off his boots",
        "jack t is shaking the mats out",
        "femi and chloe finished bleeding the brakes on the corsa",
        "chloe and zofia are doing a duet and I might actually cry",
        "I may cry with joy, femi finished his folder",
        "feet up and a large gin for me",
        "I need a gin after today",
        "Leanne sent a postcard and we have pinned it up in the shed",
        "There is one cake left if somebody in the office is hungry",
        "Femi just in the door there",
        "Femi went up to the shop and we've not clapped eyes on him since",
        "Chloe's not coming to us, she's come down with a sickness bug",
        "he went to fill his bottle and I can't find him anywhere",
        "Chloe needs her hay fever tablets sending in tomorrow, can you tell mum",
        "can you sort Chloe out with a new tunic, hers is ruined with bleach",
        "Chloe's mum is coming at half one for her passport photos",
        "taxi firm rang re Femi, be about 15 mins",
    ],
)
def test_harmless_words_raise_no_concern(text: str, lexicon: Lexicon) -> None:
    """ "feet up and a large gin for me": nothing for a safeguarding lead."""
    assert not _read(text, lexicon, HELD).flags & {CONCERN, EMERGENCY}, text


@pytest.mark.parametrize(
    "text",
    [
        "Femi just trapped his hand in the gate and its swelling up. first aid done",
        "Femi's come off the wall and landed funny on his wrist, its swelling up",
        "chloe has turned her ankle and it's swelling up",
        "Femi cut his finger with the razor, it was bleeding a lot, I made a bandage",
        "A man whom none of us knows came to the door asking for Femi and will not give his name",
        "theres a bloke at the gate asking for chloe and he wont say who he is",
        "a woman came to the door for femi and refused to say who she was",
        "someone at reception asking for Jack Brown won't give a name",
        "there's a man here wanting to see zofia and nobody knows him",
        "chloe's stepdad is coming to get her at 3",
        "her ex is coming to get her at 2",
        "he says they are coming to get him at half 3",
        "chloe's mum is coming to get her at 2 and she is scared to go home",
        "a man is watching her from the gate",
        "the lads are watching him from the van",
        "femi is shaking",
        "femi is hungry, no food at home since sunday",
        "femi had gin in his bag",
        "femi has fallen off the wall",
        "chloe has fallen apart since her nan died",
        "incident form to follow re femi",
        "i've sent the incident form",
        "zofias dad pinned her up against the wall",
    ],
)
def test_a_concern_stands_and_is_no_emergency(text: str, lexicon: Lexicon) -> None:
    """ "its swelling up", of a wrist: a safeguarding lead hears of it, and nobody calls 999."""
    found = _read(text, lexicon, HELD).flags & {CONCERN, EMERGENCY}
    assert found == {CONCERN}, text


@pytest.mark.parametrize(
    "text",
    [
        "femi got stung on the hand and it is swelling up",
        "femi ate a nut and his hand is swelling up and his lips",
        "femis face is swelling up",
        "chloe cut her finger, bleeding a lot and we cant stop it",
        "chloe cut her wrist, bleeding a lot, bandaged it",
        "femi drank bleach",
        "femi took a load of tablets",
    ],
)
def test_danger_to_life_stays_an_emergency(text: str, lexicon: Lexicon) -> None:
    """ "stung on the hand and it is swelling up": that hand may close a throat."""
    assert EMERGENCY in _read(text, lexicon, HELD).flags, text
