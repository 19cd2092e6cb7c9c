"""
Requests: what is asked of the office in so many words, whatever it is that is asked for.

Nobody could list all that may be wanted, so a request is heard from how it is put: "could you find
out who has the key", "kindly amend the letters", "has her form come back yet".
"""

from collections.abc import Sequence

from apbot.reading.flag_words import FlagWords

_ENDS = frozenset((".", "!", "?", "\n", ";"))
# How far behind its verb the thing may stand that is asked about: "has FEMI 'S CONSENT FORM".
_NEAR = 6


def request_in(words: Sequence[str], small: FlagWords) -> tuple[int, int] | None:
    """Return where something is asked of the office, or None."""
    for at in range(len(words) - 1):
        asks = (
            _asks_us_to(words, at, small)
            or _tells_us_to(words, at, small)
            or _asks_after_a_thing(words, at, small)
            or _asks_whom(words, at, small)
        )
        if asks:
            return at, min(at + 3, len(words))
    return None


def _asks_us_to(words: Sequence[str], at: int, small: FlagWords) -> bool:
    """ "can u order overalls", "would somebody please telephone": any errand at all."""
    if words[at] not in small.asks_would or words[at + 1] not in small.asked_to_help:
        return False
    errand = _next(words, at + 2, small)
    return errand.isalpha() and errand not in small.asked_of_nobody


def _tells_us_to(words: Sequence[str], at: int, small: FlagWords) -> bool:
    """ "kindly amend your letters", "update your records please"."""
    if not _is_head(words, at, small):
        return False
    if words[at] in small.asks_nicely:
        return words[at + 1] in small.errands
    return words[at] in small.errands and not small.asks_nicely.isdisjoint(_to_the_end(words, at))


def _asks_after_a_thing(words: Sequence[str], at: int, small: FlagWords) -> bool:
    """ "has her form come back to you yet", "did the boots arrive"."""
    if words[at] not in small.asks_whether or not _is_head(words, at, small):
        return False
    said = _to_the_end(words, at)
    if words[at + 1] not in small.of_a_thing and small.asks_till_now.isdisjoint(said):
        return False
    thing = not small.things_of_the_office.isdisjoint(said[:_NEAR])
    # "have the forms here", with nobody before it, tells: who has them is left out.
    tells = words[at] in small.may_tell and small.asks_till_now.isdisjoint(said)
    return thing and not tells


def _asks_whom(words: Sequence[str], at: int, small: FlagWords) -> bool:
    """ "who do I send the form to", "where do we leave the keys"."""
    who = words[at] in small.asks_whom and _is_head(words, at, small)
    return who and words[at + 1] in small.do_we and _next(words, at + 2, small) in small.we_ask


def _is_head(words: Sequence[str], at: int, small: FlagWords) -> bool:
    return at == 0 or words[at - 1] in small.before_asking


def _next(words: Sequence[str], at: int, small: FlagWords) -> str:
    """Return the next word that is no courtesy, or nothing."""
    return next((word for word in words[at:] if word not in small.courtesies_between), "")


def _to_the_end(words: Sequence[str], at: int) -> list[str]:
    """Return what follows in this sentence, with the "?" that may end it."""
    said: list[str] = []
    for word in words[at + 1 :]:
        said.append(word)
        if word in _ENDS:
            break
    return said
