"""
Gainsaid: what takes back an end in talk of a case, though no word of "not" stands beside it.

A phone that is found is no pupil; a nan who says that he is not there gainsays a mum who says that
he is; a register that went to a wrong number has not come.
"""

from itertools import pairwise

from apbot.reading.case_words import NAMED, PLACE, Clause, Heard, Hit
from apbot.reading.small_words import ends_as
from apbot.reading.talk_words import TalkWords

_NO_WORD = ("", "")
_LEAST_DONE = 5


def is_of_a_thing(clause: Clause, hit: Hit) -> bool:
    """ "found his phone", "her bag turned up", "found mum's number": no word on the pupil."""
    return _has_a_thing_behind(clause, hit) or _has_a_thing_before(clause, hit)


def is_of_belongings(clause: Clause) -> bool:
    """ "found his phone", "her bag turned up": what is the pupil's own, and found without them."""
    talk, words = clause.talk, clause.words
    told = not talk.found_alone.isdisjoint(words) or any(
        f"{one} {two}" in talk.found_thing for one, two in pairwise(words)
    )
    if not told:
        return False
    taken = _of_phrases(clause)
    return any(
        word in talk.belongings
        and (at == 0 or words[at - 1] in talk.of_the_pupil)
        and at not in taken
        for at, word in enumerate(words)
    )


def _has_a_thing_behind(clause: Clause, hit: Hit) -> bool:
    talk = clause.talk
    words = hit.words.split()
    at = hit.end - clause.start
    after = clause.words[at : at + 2]
    if words[-1] in talk.found_alone:
        if not after:
            return False
        child = next(
            (h for h in clause.hits if h.heard is Heard.CHILD and h.start == hit.end), None
        )
        if child is None or after[0] in talk.whose_thing:
            return after[0] in talk.whose_thing or not _tells_how(after[0], clause)
        after = clause.words[child.end - clause.start :][:2]
        words = child.words.split()
    elif words[-1] not in talk.of_found or words[-2] in talk.before_where:
        # "back in her lesson"
        return False
    one, two = (*after, *_NO_WORD)[:2]
    if one in talk.own_s:
        # "found Femi's phone"; "found Femi 's safe" is not how anybody writes.
        return True
    if one in talk.seen_by and two in talk.seen_online:
        # "found him on facebook": where nobody has him.
        return True
    if one in talk.of_something:
        # "found him a seat"
        return True
    is_hers = words[-1] in talk.whose_thing or words[-1] == NAMED
    family = any(h.heard is Heard.PEOPLE and h.words.split()[0] == one for h in clause.hits)
    unknown = one in talk.belongings or one in clause.left_over or family
    return is_hers and bool(one) and unknown and not _tells_how(one, clause)


def _tells_how(word: str, clause: Clause) -> bool:
    """ "found SAFE", "found her WANDERING", "found him CURLED up"."""
    if word in clause.talk.belongings:
        return False
    known = word in clause.talk.after_found or not word.isalpha()
    return known or (len(word) >= _LEAST_DONE and ends_as(word, clause.talk.verb_ends))


def _has_a_thing_before(clause: Clause, hit: Hit) -> bool:
    """ "his bag turned up": the word just before is neither the pupil nor of how it is told."""
    talk = clause.talk
    if hit.heard is not Heard.WITH and set(hit.words.split()) & talk.child_pronouns:
        return False
    before = list(clause.words[: hit.start - clause.start])
    while before and before[-1] in talk.before_found:
        before.pop()
    if not before:
        return False
    thing = before[-1]
    if thing in talk.belongings:
        return True
    # "a fight at home", "his tea is here", "the boiler at home"
    of_home = hit.heard is Heard.AT_HOME or (before[-2:-1] and before[-2] in talk.whose_thing)
    return bool(of_home) and thing in clause.left_over and not _tells_how(thing, clause)


def denies_presence(clause: Clause) -> bool:
    """ "nan says he isn't there", "but not him", "they can't find him": not where it was said."""
    if clause.asks:
        return False
    talk = clause.talk
    said_by = clause.turns or clause.has(Heard.PEOPLE)
    for hit in clause.hits:
        if hit.heard is Heard.NOT_AT_HOME and said_by:
            return True
        if (
            hit.heard is Heard.NOT_REACHED
            and said_by
            and hit.words.replace(" '", "'") in talk.nobody_there
        ):
            return True
    of_child = clause.says_any(talk.child_pronouns) or clause.has(Heard.SAYS, Heard.PEOPLE)
    taken = _of_phrases(clause)
    for at, word in enumerate(clause.words):
        if word not in talk.denies_place or at in taken:
            continue
        behind = at + 1
        while behind < len(clause.words) and clause.words[behind] in talk.before_a_place_denied:
            behind += 1
        after = clause.words[behind : behind + 2]
        if _denies(after, talk, of_child=of_child, said_by=said_by):
            return True
    return False


def _denies(after: tuple[str, ...], talk: TalkWords, *, of_child: bool, said_by: bool) -> bool:
    """ "he isn't", "but not HIM", "nan says he isn't THERE": what stands behind a "not"."""
    if not after or (len(after) == 1 and after[0] in talk.of_it):
        return of_child
    alone = len(after) == 1 and after[0] in talk.child_pronouns
    return alone or (said_by and after[0] in talk.place_denied)


def _of_phrases(clause: Clause) -> set[int]:
    """Return where the words of longer phrases stand: "not coming in", "picked up her phone"."""
    plain = (Heard.NOT, Heard.WAITING, Heard.CHASE)
    phrases = (hit for hit in clause.hits if hit.heard not in plain)
    return {place - clause.start for hit in phrases for place in range(hit.start, hit.end)}


def doubts_it(clause: Clause) -> bool:
    """ "but can't be sure", "but not confirmed": a doubt with nothing of its own after it."""
    ends = clause.start + len(clause.words)
    return clause.turns and any(
        h.words in clause.talk.doubts_it and h.end == ends for h in clause.hits
    )


def is_gone_again(clause: Clause) -> bool:
    """ "found him but he ran", "had her, lost her again"."""
    again = clause.turns or not clause.talk.once_more.isdisjoint(clause.words)
    text = f" {' '.join(clause.words)} "
    return again and any(f" {phrase} " in text for phrase in clause.talk.gone_again)


def says_no_more(clause: Clause, hit: Hit) -> bool:
    """Whether it came: "it is in", but not "it is in hand"; "sent it", but not "sent Sue"."""
    talk = clause.talk
    after = clause.words[hit.end - clause.start :]
    last = hit.words.split()[-1]
    if not after or last not in talk.sent_what:
        return True
    if after[0] in talk.after_sent:
        return True
    of_register = clause.has(Heard.REGISTER) or PLACE in clause.words
    return last not in talk.is_in and after[0] in talk.whose_thing and of_register


def went_astray(clause: Clause) -> bool:
    """ "sent it to the wrong number", "sent yesterday's", "getting them to resend"."""
    text = f" {' '.join(clause.words)} "
    if any(f" {phrase} " in text for phrase in clause.talk.astray):
        return True
    return any(_is_to_another(clause, h) for h in clause.hits if h.heard is Heard.SENT)


def _is_to_another(clause: Clause, sent: Hit) -> bool:
    """ "sent it to Sue": to somebody, and not to us."""
    after = clause.words[sent.end - clause.start :]
    if after[:1] and after[0] in clause.talk.before_where_to:
        return clause.talk.sent_to_us.isdisjoint(after[1:4])
    return False
