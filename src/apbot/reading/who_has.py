"""
Who has it: a contact's question whether anybody has taken a case on, and their bare word for all.

"Nadia, who's got Dima?" is answered from what is known, and "ALL" picks every case; neither is news
of any. Only where every word belongs to it: "who has he gone with?" is about the child.
"""

from collections.abc import Sequence

from apbot.reading.case_hearing import is_ref
from apbot.reading.lexicon import Lexicon
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import Token


def asks_who_has(tokens: Sequence[Token], own: frozenset[str], talk: TalkWords) -> bool:
    """
    Whether the words ask who has a case; `own` are the words of its pupil and provider.

    A colleague may be spoken to first: one strange word at the head is a name.
    """
    words = [t.word for t in tokens if t.kind in ("word", "number")]
    known = talk.who_has | talk.has_taken | talk.beside_who_has
    if not own.isdisjoint(words):
        # "who has Alder Farm"
        known |= talk.common_in_places
    strange = [
        at
        for at, word in enumerate(words)
        if word not in known
        and word not in own
        and word.removesuffix("s") not in own
        and not is_ref(word)
    ]
    if strange and strange != [0]:
        return False
    asked = [at for at, word in enumerate(words) if word in talk.who_has]
    if not asked or asked[0] > 3:
        return False
    is_question = any(token.word == "?" for token in tokens)
    if asked[0] == 0 and words[0] in talk.somebody and not is_question:
        # "Someone has Dima": told, and not asked.
        return False
    if not own.isdisjoint(words) and _is_of_the_child(words, talk):
        return False
    return any(word in talk.has_taken for word in words[asked[0] + 1 :]) or (
        asked[0] > 0 and words[asked[0] - 1] in talk.has_taken
    )


def _is_of_the_child(words: Sequence[str], talk: TalkWords) -> bool:
    """ "who took Dima", "who is Dima with": where the child is; "who took the Dima one" is not."""
    said = set(words)
    if said & talk.of_one_case or any(is_ref(word) for word in words):
        return False
    return bool(said & talk.takes_a_child) and not said & talk.at_work_with


def is_bare_all(tokens: Sequence[Token], count: int, lexicon: Lexicon) -> bool:
    """Whether the words say "ALL", "both", "the two of them", and nothing else, of so many."""
    talk, counts = lexicon.talk, lexicon.beside.counts
    words = [t.word for t in tokens if t.kind != "punct" and t.word not in lexicon.beside.own_s]
    counted = [w for w in words if _is_count(w, lexicon)]
    numbers = {int(w) if w.isdecimal() else counts[w] for w in counted}
    numbers |= {2} if not talk.both_of_two.isdisjoint(words) else set()
    every = [w for w in words if w in talk.bare_all]
    is_led = bool(every) or (bool(counted) and not talk.before_a_count.isdisjoint(words))
    beside = (w for w in words if w not in every and w not in counted)
    return is_led and not numbers - {count} and all(w in talk.around_bare_all for w in beside)


def _is_count(word: str, lexicon: Lexicon) -> bool:
    is_word = word in lexicon.beside.counts and word not in lexicon.talk.around_bare_all
    return is_word or word.isdecimal()
