"""
What is said of one who is not here, beside what is said of the others, in every way of putting it.

`sentences/what_one_does_elsewhere.txt` holds the one, the frames below hold the other.
"""

from pathlib import Path

import pytest

from apbot.domain.readings import RestPresent
from apbot.domain.words import Mark
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
