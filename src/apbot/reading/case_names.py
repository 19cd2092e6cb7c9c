"""
What the pupils and the providers of open cases are called, and which words name them.
"""

from collections.abc import Sequence

from apbot.domain.readings import OpenCase, Reply, RosterPupil
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import names_of
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import Token


def own_words(reply: Reply, talk: TalkWords) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of the pupils' names and of the providers', in lower case."""
    pupils = {w.lower() for c in reply.cases for w in c.pupil_words}
    places = {w.lower() for c in reply.cases for w in c.provider.split()}
    return frozenset(pupils - talk.common_in_places), frozenset(places - talk.common_in_places)


def pupils_of(cases: Sequence[OpenCase]) -> tuple[RosterPupil, ...]:
    """Return the pupils whom these cases are about, each once, to be found by their names."""
    known_as = {case.pupil: case.known_as for case in cases if case.pupil}
    return tuple(
        RosterPupil(number, name, also) for number, (name, also) in enumerate(known_as.items(), 1)
    )


def nicknames_in(reply: Reply, tokens: Sequence[Token], lexicon: Lexicon) -> frozenset[str]:
    """Return the words by which a case's pupil is named that are no part of the name: "Tommo"."""
    people = pupils_of(reply.cases)
    if not people:
        return frozenset()
    names, line, at = names_of(people, lexicon), tuple(tokens), 0
    found: set[str] = set()
    while at < len(line):
        is_name = line[at].kind == "word" and (
            line[at].is_capital or not lexicon.knows(line[at].word)
        )
        hit = names.find(line, at, loosely=False) if is_name else None
        if hit is not None:
            found |= {token.word for token in line[at : at + hit.length]}
        at += hit.length if hit else 1
    return frozenset(found)
