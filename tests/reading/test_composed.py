"""
What is said of one who is not here, beside what is said of the others, in every way of putting it.

`sentences/what_one_does_elsewhere.txt` holds the one, the frames below hold the other.
"""

from pathlib import Path

import pytest

from apbot.domain.readings import RestPresent
from apbot.domain.words import Flag, Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Dunn", "Femi Okafor", "Jack Tanner", "Zosia Nowak")
SENTENCES = Path(__file__).parent / "sentences"
FRAMES = (
    *("femi {}", "femi {}, rest in", "aiden in, femi {}", "femi {}. all others here"),
    *("all in but femi {}", "all in except femi who {}", "everyone in apart from femi, {}"),
    *("only femi {}", "aiden chloe in, femi {}, jack in", "femi {} and aiden in", "yes femi {}"),
    *("no femi {}", "ok so femi {} but the others are here", "just femi {}", "femi- {}"),
    *(
        "chloe in and femi {}",
        "all here bar femi - {}",
        "hi, femi {} thanks",
        "femi: {}",
        "femi ({})",
    ),
)
LOST = (
    "walked off",
    "has walked off site",
    "legged it",
    "has done one",
    "can't be found",
    "is nowhere to be seen",
    "has gone missing",
    "ran off into town",
    "stormed out",
    "not back from the toilet",
    "hasn't come back from the shop",
    "gone awol",
    "slipped out the back",
    "has disappeared",
    "jumped the fence",
    "gave us the slip",
    "not where he should be",
    "wandered off",
    "bolted",
    "is out of sight now",
    "went to the loo 30 mins ago and hasnt come back",
    "has run away",
    "is gone, we looked everywhere",
    "was here at 9 and nobody's seen him since",
    "scarpered with his mates",
    "left without telling anyone",
    "has gone and we don't know where",
)
BESIDE = (
    "femi {}",
    "femi {}, others fine",
    "femi {}, rest still here",
    "sorry femi {}",
    "femi {} just now",
    "all ok but femi {}",
    "aiden and chloe are here, femi {}",
    "femi {}, i can see aiden",
    "femi {}, staff with chloe",
    "chloe's mum is coming at 12. femi {}",
    "femi {}, thanks",
    "aiden's back but femi {}",
    "its femi, he {}",
    "hi, femi {} at ten past",
    "femi {} and chloe is crying",
    "yes but femi {}",
    "femi {}, waiting on the office",
    "femi {}, his mum is on her way",
)

# What the register holds, and whom the open question is about.
STATES: tuple[tuple[dict[int, Mark], tuple[int, ...]], ...] = (
    ({}, ()),
    ({1: Mark.PRESENT}, (2, 3, 4, 5)),
    ({3: Mark.ABSENT}, ()),
)


@pytest.mark.parametrize("frame", FRAMES)
def test_who_is_elsewhere_is_not_here_by_what_is_said_of_the_others(
    frame: str, lexicon: Lexicon
) -> None:
    """A place, a plan, another day, a hearsay, a doubt: none of it lets "all in" mark them here."""
    wrong = []
    for said in (SENTENCES / "what_one_does_elsewhere.txt").read_text().splitlines():
        text = frame.format(said)
        for held, asked in STATES:
            pending = RestPresent(asked) if asked else None
            reply = a_reply(
                text, *NAMES, marks=held, pending=pending, start="09:00", sent_at="09:20"
            )
            if read(reply, lexicon).marks.get(3) in (Mark.PRESENT, Mark.LATE):
                wrong.append((text, held))
    assert wrong == []


@pytest.mark.parametrize("beside", BESIDE)
def test_one_who_went_missing_is_never_passed_over(beside: str, lexicon: Lexicon) -> None:
    """Of whoever was here it is a mark, a question or a concern, whatever else is told."""
    held = dict.fromkeys((1, 2, 3, 4, 5), Mark.PRESENT)
    wrong = []
    for said in LOST:
        text = beside.format(said)
        reading = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="10:20"), lexicon)
        mark = reading.marks.get(3)
        raised = mark or reading.ask or reading.flags & {Flag.CONCERN, Flag.EMERGENCY}
        if not raised or mark in (Mark.PRESENT, Mark.LATE, Mark.LEFT):
            wrong.append(text)
    assert wrong == []
