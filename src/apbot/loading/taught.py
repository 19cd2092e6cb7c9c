"""
Words that an office has taught, laid over those of the files, by the same checks.

A word that the files have already, here or in a newer version of them, is left out and said to be
so; one that means something else there too: the files win, and the bot starts all the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apbot.domain.taught import TaughtWord
from apbot.domain.words import Flag, Mark, Reason
from apbot.loading.hears import SHEET_OF, Gathering, gather
from apbot.loading.hears_files import Hears, undisturbed
from apbot.loading.lined import Lined, LinedDict, LinedList
from apbot.reading.lexicon import Lexicon
from apbot.reading.tokens import fold, phrase_words

OWN = "the office's own words"

MOST_WORDS, MOST_LETTERS = 6, 60

_PHRASE = re.compile(r"[^\W_]+(?:['’ -][^\W_]+)*'?")

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "Where a pupil is": {
        f"marks.{Mark.PRESENT}": "is here",
        "marks.arrived": "has just come, late",
        f"marks.{Mark.AWAITED}": "is on the way",
        f"marks.{Mark.ABSENT}": "is not here",
        f"marks.{Mark.UNACCOUNTED}": "is not where they should be, or went off without leave",
        f"marks.{Mark.LEFT}": "was here, and has gone with leave",
        "everyone_in": "everybody is here",
    },
    "Why a pupil is not here": {
        f"reasons.{Reason.ILLNESS}": "ill",
        f"reasons.{Reason.MEDICAL_APPOINTMENT}": "an appointment: doctor, dentist, clinic",
        f"reasons.{Reason.TRANSPORT}": "transport",
        f"reasons.{Reason.HOLIDAY}": "holiday",
        f"reasons.{Reason.RELIGIOUS}": "a religious day",
        f"reasons.{Reason.SUSPENDED}": "suspended",
        f"reasons.{Reason.FAMILY}": "family",
        f"reasons.{Reason.REFUSING}": "will not come",
        f"reasons.{Reason.OTHER}": "another reason",
        f"reasons.{Reason.UNKNOWN}": "nobody knows why",
    },
    "For somebody to read": {
        f"flags.{Flag.CONCERN}": "a concern: goes to the safeguarding lead at once",
        f"flags.{Flag.QUESTION}": "a question for the office",
    },
    "It sets nothing": {
        "hedges": "the sender is not sure, so nobody is marked",
        "chat": "small talk",
        "ordinary": "an everyday word, and nobody's name",
    },
}
"""What an office may teach, as it says it; the rest of the files takes more than one word."""

OF_PUPILS = ("marks", "reasons", "everyone_in")
"""The sections that say something of a pupil: no everyday word may do so by itself."""

_SAID = {meaning: said for group in MEANINGS.values() for meaning, said in group.items()}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A word that does not count, and why not."""

    word: TaughtWord
    why: str


def said_meaning(word: TaughtWord) -> str:
    """Return what a taught word means, as the office says it."""
    return _SAID.get(word.meaning, word.meaning)


def lexicon_with(hears: Hears, words: Sequence[TaughtWord]) -> tuple[Lexicon, tuple[LeftOut, ...]]:
    """Return what the files and these words make together, and which words were left out."""
    with undisturbed():
        gathering = gather(hears)
        names = gathering.names()
        left_out = tuple(
            LeftOut(word, why) for word in words if (why := _teach(gathering, names, word))
        )
        return gathering.lexicon(), left_out


def _teach(gathering: Gathering, names: frozenset[str], word: TaughtWord) -> str:
    """Add a word; where that cannot be, say why."""
    why = (
        _unlike_a_phrase(word)
        or _stands_already(gathering, word)
        or _is_a_name(gathering, names, word)
    )
    if why:
        return why
    gathering.take(OWN, _content(word))
    if not gathering.problems:
        return ""
    problem = gathering.problems[0]
    gathering.problems.clear()
    return f"{problem.what}: {problem.remedy}"


def _unlike_a_phrase(word: TaughtWord) -> str:
    if word.meaning not in _SAID:
        return "say what it means"
    if not _PHRASE.fullmatch(word.phrase) or word.phrase.isdigit():
        return "write a word or a few, with letters, without full stops or signs"
    if len(word.phrase) > MOST_LETTERS or len(word.phrase.split()) > MOST_WORDS:
        return f"write {MOST_WORDS} words at most: a phrase, not a whole message"
    if word.section == "ordinary" and " " in word.phrase:
        return "an everyday word is one word: teach each by itself"
    return ""


def _stands_already(gathering: Gathering, word: TaughtWord) -> str:
    """What the files say of it already, and where."""
    index = word.section if word.section in gathering.indexes else "grammar"
    words = phrase_words(word.phrase, gathering.rewrites)
    if (index, words) in gathering.stood:
        where = gathering.where(index, words).replace(
            f"{OWN}:0", "the words that the office taught"
        )
        return f"the bot knows it already: {where}"
    if words in gathering.whole:
        return f"the bot knows it already: alone it says {gathering.whole[words]} (flags.yaml)"
    if len(words) > 1:
        return ""
    for name, held in gathering.beside.items():
        if words[0] in held:
            where = f"{SHEET_OF[name]}, {name.replace('_', ' ')}"
            return f"the bot knows it already, as a small word beside others ({where})"
    if words[0] not in gathering.ordinary | gathering.english:
        return ""
    if word.section == "ordinary":
        return "the bot knows it already as an everyday word"
    if word.section in OF_PUPILS:
        return "people say it of other things too: teach it with the words beside it, two or more"
    return ""


def _is_a_name(gathering: Gathering, names: frozenset[str], word: TaughtWord) -> str:
    said = fold(word.phrase)
    if said in names or said in gathering.word_names:
        return "it is a name: people of that name could not be told from it"
    return ""


def _content(word: TaughtWord) -> LinedDict:
    phrase = Lined(word.phrase.casefold(), 0)
    held: Lined | LinedList | LinedDict = LinedList([phrase])
    if word.section == "ordinary":
        held = phrase
    if word.value:
        held = LinedDict({Lined(word.value, 0): held})
    return LinedDict({Lined(word.section, 0): held})
