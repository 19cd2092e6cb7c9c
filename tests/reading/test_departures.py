"""
Who has left, told in more than one breath or in plain words: with the hour and the reason of it.

And who has not: whoever is only to go, whose mother came and went alone, who is looked for.
"""

import pytest

from apbot.domain.readings import Reading
from apbot.domain.words import Flag, Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Dunn", "Femi Okafor", "Jack Tanner", "Zosia Nowak")
AIDEN, CHLOE, FEMI, JACK, ZOSIA = range(1, 6)
HERE = dict.fromkeys(range(1, 6), Mark.PRESENT)
APPOINTMENT, FAMILY, ILLNESS = Reason.MEDICAL_APPOINTMENT, Reason.FAMILY, Reason.ILLNESS

ONE_HAS_LEFT = [
    # fetched, and then the hour they went
    ("femi's nan has picked him up, they went at five to two", "13:55", None),
    ("Femi's mum's been for him, they left 1.55", "13:55", None),
    ("femis dad has been for him and they set off at five to 2", "13:55", None),
    ("femi's brother came for him, he left at 1.55", "13:55", None),
    ("Femi has been collected by his mother. They departed at 1.55.", "13:55", None),
    ("femi's step dad has fetched him, they've gone, 1.55", "13:55", None),
    ("sent femi home with a bad stomach, he went 1.55", "13:55", ILLNESS),
    # came for him, and so he has gone
    ("femi's mum came early for him so he's gone, 1.55", "13:55", None),
    ("Femi's gran came a bit early for him, so he went at five to two", "13:55", None),
    ("femis aunty came a little earlier for him so he has left, 1.55pm", "13:55", None),
    ("Femi's dad come straight from work for him at 1.55", "13:55", None),
    ("femi's carer turned up early for him and they've just left", None, None),
    # gone, and then who came
    ("femi's gone, his stepmum came for him at 1.55", "13:55", None),
    ("femi's away, his cousin come for him in the van at five to two", "13:55", None),
    ("femi has gone now, his taxi came at 1.55", "13:55", None),
    ("Femi's gone as well, his lift came at 1.55", "13:55", None),
    ("femi gone now, minibus came for him at five to two", "13:55", None),
    ("femi he is gone now, taxi take him at 1.55", "13:55", None),
    ("femi's taxi has been, he's away 1.55", "13:55", None),
    ("femi's minibus has been, gone 1.55", "13:55", None),
    ("femi's taxi came so he's gone", None, None),
    ("his dad's just picked femi up, 1.55", "13:55", None),
    ("jack's mum has picked femi up at five to two", "13:55", None),
    # with whom
    ("that's femi away with his nan now, five to two on the dot", "13:55", None),
    ("femi has gone off home with his auntie, five to two", "13:55", None),
    ("femi has gone off with jack's mum at 1.55", "13:55", None),
    ("femi left with jack's dad at five to two", "13:55", None),
    # why
    ("femi has been collected by his dad owing to a bereavement in the family", None, FAMILY),
    ("femi's uncle took him home at 1.55, a death in the family", "13:55", FAMILY),
    ("femi's auntie has come to carry him to the dentist. They left 13:55", "13:55", APPOINTMENT),
    (
        "Femi's aunt has come to take him to hospital. They left 1.55 and are not returning today",
        "13:55",
        APPOINTMENT,
    ),
    ("femi has been carried home by his mummy, the fever came back, 1.55", "13:55", ILLNESS),
    ("femi's dad has taken him to his music exam. They left at 1.55", "13:55", Reason.OTHER),
    ("femi's granda collected him at five to two for the physio", "13:55", APPOINTMENT),
    ("femi has gone with his nan at 1.55. Not back this afternoon", "13:55", None),
    ("femi's ma come and got him at 1.55, they've had a death in the family", "13:55", FAMILY),
    ("sent femi home like they said, he went 1.55", "13:55", None),
    ("femi and his mum went at 1.55", "13:55", None),
    # English learnt late
    ("mother of Femi come and take him to home, it was 1.55", "13:55", None),
    ("The uncle of Femi has come and has taken him, they went away at 1.55", "13:55", None),
    ("Father of Femi take him home at 1.55", "13:55", None),
    # bare, with the hour
    ("so femi's been picked up now, five to it was", "13:55", None),
    ("femi's been collected, it was five to two", "13:55", None),
    # sent home
    ("I've had to send femi home hun, he was sick", None, ILLNESS),
    ("I send femi to home at 1.55", "13:55", None),
]


def _read(text: str, lexicon: Lexicon, marks: dict[int, Mark] | None = None) -> Reading:
    held = HERE if marks is None else marks
    reply = a_reply(text, *NAMES, half="PM", start="13:00", sent_at="14:02", marks=held)
    return read(reply, lexicon)


@pytest.mark.parametrize(("text", "at", "reason"), ONE_HAS_LEFT)
def test_whoever_has_left_has_left_then_and_for_that(
    text: str, at: str | None, reason: Reason | None, lexicon: Lexicon
) -> None:
    """One pupil, the hour they went, and why; and no more is asked."""
    made = _read(text, lexicon)

    assert made.marks == {FEMI: Mark.LEFT}
    assert {n: f"{when:%H:%M}" for n, when in made.times.items()} == ({FEMI: at} if at else {})
    assert made.reasons == ({FEMI: reason} if reason else {})
    assert made.ask is None


@pytest.mark.parametrize(
    ("text", "timed"),
    [
        ("both femi and zosia have gone, their lift came at 1.55", True),
        ("femi and zosia also they are gone now, taxi take the two of them at 1.55", True),
        ("femi and zosia have both gone now their minibus came at 1.55 and took them", True),
        ("femi and zosia have gone off home with femi's auntie, 1.55", True),
        ("femi and zosia left with zosia's father at five to two", True),
        ("zosia's mum has taken femi and zosia home, they went at 1.55", True),
        ("femi and zosia have gone, taxi came for them at 1.55", True),
        ("femi and zosia went off home with zosia's nan", False),
    ],
)
def test_two_leave_together(text: str, timed: bool, lexicon: Lexicon) -> None:
    """ "femi and zosia have gone, their lift came at 1.55": both, at that hour."""
    made = _read(text, lexicon)

    assert made.marks == {FEMI: Mark.LEFT, ZOSIA: Mark.LEFT}
    assert [f"{at:%H:%M}" for at in made.times.values()] == (["13:55"] * 2 if timed else [])
    assert made.ask is None


@pytest.mark.parametrize(
    "text",
    [
        "that's the other two gone as well now, their taxi came at 1.55",
        "and the other two have gone, their minibus came at 1.55",
    ],
)
def test_the_others_leave_together(text: str, lexicon: Lexicon) -> None:
    """ "the other two gone, their taxi came": those who were still here."""
    held = {**HERE, AIDEN: Mark.LEFT, CHLOE: Mark.ABSENT, JACK: Mark.LEFT}
    made = _read(text, lexicon, held)

    assert made.marks == {FEMI: Mark.LEFT, ZOSIA: Mark.LEFT}
    assert [f"{at:%H:%M}" for at in made.times.values()] == ["13:55"] * 2
    assert made.ask is None


@pytest.mark.parametrize(
    "text",
    [
        "I send all of them to home now, we finish early",
        "sent all of them home, we are finishing early",
        "I've had to send everyone home, no heating",
    ],
)
def test_all_are_sent_home(text: str, lexicon: Lexicon) -> None:
    """ "I send all of them to home now": whoever was here has left."""
    held = {**HERE, AIDEN: Mark.ABSENT, CHLOE: Mark.LEFT}
    made = _read(text, lexicon, held)

    assert {n: m for n, m in made.marks.items() if n not in (AIDEN, CHLOE)} == dict.fromkeys(
        (FEMI, JACK, ZOSIA), Mark.LEFT
    )
    assert made.marks.get(AIDEN, Mark.ABSENT) is Mark.ABSENT


def test_whoever_was_away_has_not_gone_home_with_the_rest(lexicon: Lexicon) -> None:
    """ "the rest have gone home": those who were here, and nobody who was not."""
    held = {AIDEN: Mark.ABSENT, CHLOE: Mark.UNACCOUNTED, JACK: Mark.PRESENT, ZOSIA: Mark.LATE}
    made = _read("femi collected at 1.40. the rest have gone home at 1.55", lexicon, held)

    assert made.marks == dict.fromkeys((FEMI, JACK, ZOSIA), Mark.LEFT)


def test_who_is_sent_home_for_what_was_found_is_a_concern(lexicon: Lexicon) -> None:
    """ "found half a bottle of vodka in her bag": both, and no hour."""
    made = _read(
        "I've had to send Zosia home hun, found half a bottle of vodka in her bag", lexicon
    )

    assert made.marks == {ZOSIA: Mark.LEFT}
    assert Flag.CONCERN in made.flags
    assert not made.times


@pytest.mark.parametrize(
    "text",
    [
        "signing out book says femi went 1.40",
        "femi went at 1.40 sorry not 1.50",
        "femi was collected at 1.40 not 1.50",
        "got the time wrong on femi before, it was twenty to two his ma came not ten to",
        "it was twenty to two femi went",
        "Femi Okafor went at twenty to two by the way, I'd not looked at the clock when I wrote",
        "correction, femi left at 1.40",
        "sorry it was 1.40 femi's mum came, not 1.50",
        "wrong time for femi, he went at 1.40",
        "femi actually left at 1.40",
    ],
)
def test_the_hour_of_one_who_has_left_is_put_right(text: str, lexicon: Lexicon) -> None:
    """ "went at 1.40, not 1.50", of one who has left: the hour alone."""
    made = _read(text, lexicon, {**HERE, FEMI: Mark.LEFT})

    assert made.marks == {FEMI: Mark.LEFT}
    assert {n: f"{at:%H:%M}" for n, at in made.times.items()} == {FEMI: "13:40"}
    assert made.ask is None
    assert not made.flags


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("femis one was for a college interview btw", Reason.OTHER),
        ("the reason for femi is a funeral", FAMILY),
        ("femis uncle said it was for a hospital appointment", APPOINTMENT),
        ("femi had been throwing up fyi", ILLNESS),
        ("reason for femi was the dentist", APPOINTMENT),
        ("femi's mum says it was for a funeral", FAMILY),
        ("it was the dentist for femi by the way", APPOINTMENT),
        ("femi's was a dentist appointment", APPOINTMENT),
    ],
)
@pytest.mark.parametrize("held", [Mark.LEFT, Mark.ABSENT])
def test_the_reason_of_one_who_is_away_is_told(
    text: str, reason: Reason, held: Mark, lexicon: Lexicon
) -> None:
    """ "the reason for femi is a funeral": why, and no more."""
    made = _read(text, lexicon, {**HERE, FEMI: held})

    assert made.marks.get(FEMI, held) is held
    assert set(made.marks) <= {FEMI}
    assert made.reasons == {FEMI: reason}
    assert made.ask is None


@pytest.mark.parametrize(
    "text",
    [
        # who came and went alone
        "femi's mum came at 1.55 and went again",
        "femi's mum came early for her meeting",
        "femi's dad came early for his meeting so he's gone now",
        "femi's mum has gone home",
        "femi's nan left at 1.55",
        "femi's mum popped in with some lunch for him, she left at 1.55",
        "femi's mum came for a chat, she went at 1.55",
        "femi's dad came for his coat, he left at 1.55",
        "femi is here, his nan has gone",
        "femi is here, his mum went at 1.55",
        "femi's mum and dad went at 1.55",
        "it's femi's coat she came for",
        "femi's back with us now and she's fetched me a pasty",
        "zosia's mum came and got her bag",
        "zosia's mum came for her PE kit",
        "zosia's mum has come to collect her coat",
        "zosia's nan came a bit early for her but she wouldn't go",
        "zosia gone, some bloke came for her in a van at 1.55",
        "zosia's boyfriend came early for her so she's gone, 1.55",
        "zosia gone, her brother came for her, not on the list",
        "femi went at 1.55 with jack",
        "femi gone, 1.55 😡",
        "femi gone!! 1.55",
        "femi has gone, 1.55, he was upset",
        "femi gone 1.55 no idea where",
        "femi's just gone out the gate 1.55",
        "femi's taxi has been and gone",
        "femi's taxi came, he's gone missing",
        "femi's taxi has been, he's gone and hid",
        "femi's taxi hasn't been, he's gone in the kitchen",
        "mum picked femi up some trainers",
        "she picked femi up on his language",
        "femi's gone in the kitchen, his mum came at 1.55",
        "femi's gone upstairs, his taxi came at 1.55",
        "femi's gone, apparently his taxi came at 1.55",
        "femi gone 1.55 yesterday",
        "femi's nan picked him up on friday, they went at 1.55",
        "femi's dad has been for his report, he left at 1.55",
        "everyone gone, 1.55",
        "only femi left, jack's taxi came at 1.55",
        # planned
        "I send femi home at half 2",
        "should I send femi to home?",
        "when I send femi home he cries",
        "femi is going at half 2",
        "femi's mum is coming for him at half 2",
        "femi's mum will be here early for him",
        "femi's nan is picking him up a bit early, they will leave at half 2",
        "femi leaves at half 2",
        "femi's auntie is to come and take him to the dentist",
        "femi is leaving with jack's mum at half 2",
        # without leave, or not known
        "femi gone off with jack",
        "femi's gone",
        "femi gone, 1.55, looking for him now",
        "femi left at 1.55 and we can't find him",
        "femi's gone, his taxi came at 1.55 and he wasn't there",
        "femi's gone, no sign of him since 1.55",
        "femi went at 1.55 without telling anyone",
        "femi gone, his mum came for him and couldn't find him",
        "femi's away, his mum came in to tell us",
        "femi has gone off home",
        # not away for good
        "femi gone to the shop, 1.55",
        "femi went to the toilet at 1.55",
        "femi has gone out to the field, 1.55",
        "femi left the room at 1.55",
        # staff and others
        "our tutor left at 1.55",
        "femi is here, our tutor has gone, 1.55",
        "femi left his coat at 1.55",
        # asked, thought, denied
        "has femi gone? 1.55?",
        "did femi's mum come for him at 1.55?",
        "I think femi went at 1.55",
        "femi's mum didn't come for him",
        "femi's not gone, his taxi came at 1.55 and went without him",
    ],
)
def test_nobody_has_left_by_these(text: str, lexicon: Lexicon) -> None:
    """Who is to go, who is lost, and whose mother came alone: nobody has left by that."""
    made = _read(text, lexicon)

    assert Mark.LEFT not in made.marks.values(), text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("'twas femi she come for, zosia's still here", FEMI),
        ("it was femi she came for", FEMI),
        ("it were zosia he came for, femi is still in", ZOSIA),
    ],
)
def test_whom_they_came_for_has_left(text: str, answer: int, lexicon: Lexicon) -> None:
    """ "it was Femi she came for": Femi has left, and is not here by her coming."""
    made = _read(text, lexicon)

    assert made.marks.get(answer) is Mark.LEFT
    assert list(made.marks.values()).count(Mark.LEFT) == 1


@pytest.mark.parametrize(
    "text",
    [
        "femi's mum has collected him, zosia left at 1.55",
        "femi's mum has collected him. zosia and jack were upset, they left at 1.55",
        "femi's been picked up, jack is here since 1.55",
    ],
)
def test_an_hour_of_another_is_not_of_the_one_who_was_fetched(text: str, lexicon: Lexicon) -> None:
    """ "zosia left at 1.55" gives Femi no hour."""
    made = _read(text, lexicon)

    assert made.marks.get(FEMI) is Mark.LEFT
    assert FEMI not in made.times


@pytest.mark.parametrize(
    "text",
    [
        "femi gone, 1.55",
        "femi's mum came early for him so he's gone, 1.55",
        "femi's gone, his taxi came at 1.55",
        "the reason for femi is a funeral",
        "femis one was for a college interview",
        "femis uncle said it was for a hospital appointment",
        "it was twenty to two femi went",
    ],
)
@pytest.mark.parametrize("held", [None, Mark.ABSENT, Mark.AWAITED, Mark.UNACCOUNTED])
def test_nobody_is_here_by_a_departure(text: str, held: Mark | None, lexicon: Lexicon) -> None:
    """Whatever was held, a word of going brings nobody in."""
    marks = {n: mark for n, mark in HERE.items() if n != FEMI}
    made = _read(text, lexicon, marks if held is None else {**marks, FEMI: held})

    assert made.marks.get(FEMI) not in (Mark.PRESENT, Mark.LATE)


@pytest.mark.parametrize(
    "text",
    [
        "femi is back, his mum went at 1.40",
        "sorry femi hasn't left, that was jack at 1.40",
        "femi's here, it was jack who went at 1.40",
    ],
)
def test_who_had_left_and_has_not_is_not_said_to_have_left_again(
    text: str, lexicon: Lexicon
) -> None:
    """An hour of somebody else is none of theirs."""
    made = _read(text, lexicon, {**HERE, FEMI: Mark.LEFT})

    assert FEMI not in made.times


@pytest.mark.parametrize(
    "text",
    [
        "Femi is feeling rough so I've let him go home, his sister came for him at 2",
        "I've had to let femi go home at 2, headache",
        "we let femi go early at 2, he's got a headache",
    ],
)
def test_whom_we_let_go_has_gone(text: str, lexicon: Lexicon) -> None:
    """ "I've let him go home": with leave, and done."""
    made = _read(text, lexicon, HERE)

    assert made.marks == {FEMI: Mark.LEFT}
    assert made.reasons == {FEMI: ILLNESS}


@pytest.mark.parametrize(
    "text",
    ["I will let femi go home", "can i let femi go home", "mum wants me to let femi go home"],
)
def test_whom_we_may_let_go_is_still_here(text: str, lexicon: Lexicon) -> None:
    """ "can I let Femi go home": not yet."""
    assert _read(text, lexicon, HERE).marks.get(FEMI) is not Mark.LEFT


@pytest.mark.parametrize(
    "text",
    [
        "had to send femi home, nosebleed wouldn't stop, dad picked him up",
        "femi had a nosebleed that wouldn't stop, dad's picked him up",
    ],
)
def test_what_would_not_stop_keeps_nobody_here(text: str, lexicon: Lexicon) -> None:
    """ "nosebleed wouldn't stop, dad picked him up": he did."""
    assert _read(text, lexicon, HERE).marks == {FEMI: Mark.LEFT}
