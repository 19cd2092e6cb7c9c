"""
Tagging: each piece of a message given its kind, the longest known phrase first.

A pupil's name beats a word unless its neighbours make it one ("will be", "mark as"). What nothing
explains is tagged unknown, so that the reader can be in doubt about it; it is never dropped.
"""

from apbot.reading.codes import LETTERS, SYMBOLS
from apbot.reading.items import CHATTER, NAMED, PRONOUNS, Item
from apbot.reading.lettering import code_at, ends_code, is_courtesy
from apbot.reading.lexicon import Kind, Lexicon, Sense, WordName
from apbot.reading.names import Fit, Found, Names
from apbot.reading.neighbours import Neighbours
from apbot.reading.numbering import distance_at, number_at, ride_at
from apbot.reading.small_words import ends_as
from apbot.reading.sounds import near_at
from apbot.reading.tagged import Tagged
from apbot.reading.times import find_time
from apbot.reading.tokens import Token

_BEFORE_WE_ARE = frozenset(
    (
        *(None, *CHATTER, Kind.POINT, Kind.BUT, Kind.AND, Kind.MARK, Kind.EVERYONE_IN),
        *(Kind.TODAY, Kind.EMOJI, Kind.CODE, Kind.YES),
    )
)
# Words of which nothing is said: where something is, it is of a pupil who is called so.
_NO_SUBJECT = (Kind.THANKS, Kind.CHAT, Kind.CHAT_YES, Kind.MARK)
# Behind these somebody is named, who is left out or who alone is meant.
_BEFORE_ONE = (Kind.EXCEPT, Kind.BUT, Kind.ONLY)
_OF_SOMEBODY = (Kind.MARK, Kind.REASON, Kind.NOT, Kind.NOT_YET, Kind.ON_THE_WAY, Kind.JUST)
# What may stand behind a word that a phone put for another.
_AFTER_WHAT_IS_SAID = (
    *(Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.REASON, Kind.RELATION, Kind.AND, Kind.BUT),
    *CHATTER,
)
# Small words that somebody's initials may spell: "BC" is no "because" in capitals.
_SPELT_BY_INITIALS = (Kind.CHAT, Kind.IF, Kind.FILL, Kind.ORDINARY, Kind.FROM)
_SOMEBODY_OR_IS = (Kind.NAME, Kind.FILL, Kind.HE, Kind.SHE)
_NO_MARK_BEHIND = (Kind.ORDINARY, Kind.UNKNOWN)
_AFTER_ALL = (Kind.MARK, Kind.GROUP, Kind.FILL, Kind.EXCEPT, Kind.BUT, Kind.TODAY)


def tag(tokens: tuple[Token, ...], lexicon: Lexicon, names: Names) -> list[Item]:
    """Tag a message. A letter that may be an initial or a mark is a mark where others are marks."""
    items = _run(Tagged(tokens, lexicon, names, False))
    letters_too = any(len(t.word) == 1 and t.kind == "word" for t in tokens)
    if letters_too and any(item.kind is Kind.CODE for item in items):
        return _run(Tagged(tokens, lexicon, names, True))
    return items


def _run(tagged: Tagged) -> list[Item]:
    at = 0
    while at < len(tagged.tokens):
        at += _next(tagged, at)
    return tagged.items


def _next(tagged: Tagged, at: int) -> int:
    """Tag what stands here, and return how many tokens it took."""
    token = tagged.tokens[at]
    if token.word == "\n":
        return tagged.add(Item(Kind.POINT, "\n", token.typed), at, 1)
    if (
        token.word in tagged.beside.others_counted
        and tagged.count(at + 1)
        and tagged.word(at + 1) not in tagged.beside.bare_one
    ):
        return tagged.add(Item(Kind.REST, "other", token.typed), at, 1)
    if token.word in tagged.beside.were_for_we_are and _is_we_are(tagged, at):
        tagged.add(Item(Kind.SPEAKER, "we", token.typed), at, 1)
        return tagged.add(Item(Kind.FILL, "are", ""), at, 1)
    if (
        token.word in tagged.beside.will_unmarked
        and tagged.word(at + 1) in tagged.beside.after_will
    ):
        whom = tagged.beside.will_unmarked[token.word]
        tagged.add(Item(Kind(tagged.lexicon.grammar.root[whom][""].kind), whom, token.typed), at, 1)
        return tagged.add(Item(Kind.FILL, "will", ""), at, 1)
    if token.word in tagged.beside.not_behind_a_name and tagged.before in (*NAMED, *PRONOUNS):
        return tagged.add(Item(Kind.NOT, "not", token.typed), at, 1)
    slip = _corrected(tagged, at)
    if slip:
        return slip
    code = None if is_courtesy(tagged, at) else code_at(tagged, at)
    if code is not None and not _is_dotted_initial(tagged, at):
        return tagged.add(code, at, 1)
    if token.kind in ("emoji", "sign"):
        is_code = token.word in SYMBOLS and not is_courtesy(tagged, at)
        kind = Kind.CODE if is_code else Kind.EMOJI
        value = token.word if token.kind == "sign" else token.typed
        return tagged.add(Item(kind, value, token.typed), at, 1)
    name = _name(tagged, at)
    phrase = tagged.lexicon.grammar.longest(tagged.tokens, at)
    known = phrase[0] if phrase is not None else 0
    if name is not None and (known <= name.length or name.fit < Fit.PART):
        return _add_name(tagged, name, at)
    if token.kind != "word" or token.word in tagged.lexicon.numeric:
        taken = _numeric(tagged, at, known)
        if taken:
            return taken
    if phrase is not None:
        return _phrase(tagged, phrase, at)
    if token.word == "," and (_is_request(tagged, at + 1) or _is_asked_apart(tagged, at + 1)):
        return tagged.add(Item(Kind.POINT, ".", token.typed), at, 1)
    if token.kind in ("punct", "date"):
        kind = Kind.POINT if token.kind == "punct" else Kind.DATE
        return tagged.add(Item(kind, token.word, token.typed), at, 1)
    return _word(tagged, at)


def _corrected(tagged: Tagged, at: int) -> int:
    """
    Tag what a phone made of a small word, and return how many tokens it took; 0 for none.

    "Lacey I'll today" is ill, "Jaydon's of today" is off, "rest inn" is in: where no other word
    fits, right behind somebody and with nothing behind that the word itself would need.
    """
    word, beside = tagged.word(at), tagged.beside
    if word in beside.typed_for_all and tagged.before in (None, Kind.POINT):
        here = tagged.lexicon.grammar.means(tagged.word(at + 1), Kind.MARK)
        named = tagged.names.find(tagged.tokens, at, loosely=False) is not None
        typed = tagged.tokens[at].typed
        return tagged.add(Item(Kind.EVERYONE, "all", typed), at, 1) if here and not named else 0
    led = tagged.before not in _NO_MARK_BEHIND and tagged.word(at - 1) not in beside.articles
    if word in beside.typed_for_in and led:
        return tagged.add(Item(Kind.MARK, "present", tagged.tokens[at].typed), at, 1)
    of_somebody = tagged.before in _SOMEBODY_OR_IS or tagged.word(at - 1) in beside.own_s
    if word in beside.typed_for_off and of_somebody and _ends_what_is_said(tagged, at + 1):
        return tagged.add(Item(Kind.MARK, "absent", tagged.tokens[at].typed), at, 1)
    will = tagged.word(at + 1) in beside.i_will and (of_somebody or tagged.before is Kind.MARK)
    if will and word in beside.typed_for_ill and _ends_what_is_said(tagged, at + 2):
        return tagged.add(Item(Kind.REASON, "illness", tagged.tokens[at].typed), at, 2)
    return 0


def _ends_what_is_said(tagged: Tagged, at: int) -> bool:
    """Whether nothing stands there that a verb or a name would need before it."""
    token = tagged.token(at)
    if token.kind in ("end", "punct", "emoji"):
        return True
    phrase = tagged.lexicon.grammar.longest(tagged.tokens, at)
    return phrase is not None and phrase[1].kind in _AFTER_WHAT_IS_SAID


def _is_we_are(tagged: Tagged, at: int) -> bool:
    """ "all in, were shutting at 2": the apostrophe left out, where nobody stands before."""
    doing = tagged.word(at + 1)
    if not (ends_as(doing, tagged.beside.doing_ends) or doing in tagged.beside.after_we_are):
        return False
    return tagged.before in _BEFORE_WE_ARE


def _numeric(tagged: Tagged, at: int, known: int) -> int:
    """Tag a distance, a time or a number, and return how many tokens it took; 0 for none."""
    distance = distance_at(tagged, at) or ride_at(tagged, at)
    if distance:
        return distance
    timed = find_time(tagged.tokens, at, tagged.beside)
    if timed is not None and known < timed[0] and not _is_of_letters(tagged, at, timed[0]):
        length, when = timed
        if _is_late_doing(tagged, at + length):
            # "10 mins late sending this"
            more = length + 2
            return tagged.add(Item(Kind.CHAT, "late", tagged.text(at, more)), at, more)
        return tagged.add(Item(Kind.TIME, "", tagged.text(at, length), when=when), at, length)
    number = number_at(tagged, at)
    if number is not None and known <= number[0]:
        return tagged.add(number[1], at, number[0])
    return 0


def _is_of_letters(tagged: Tagged, at: int, length: int) -> bool:
    """ "the two M's": whose names begin so, and no minutes."""
    led = tagged.word(at - 1) in tagged.beside.bare_the
    said = tagged.tokens[at : at + length]
    return led and any(each.kind == "word" and len(each.word) == 1 for each in said)


def _is_late_doing(tagged: Tagged, at: int) -> bool:
    doing = tagged.word(at + 1)
    return tagged.word(at) in tagged.beside.bare_late and (
        doing in tagged.beside.late_doing and ends_as(doing, tagged.beside.doing_ends)
    )


def _is_dotted_initial(tagged: Tagged, at: int) -> bool:
    """ "A. Miah" in a list of such names: an initial, and no mark of the name before it."""
    if tagged.before is Kind.NAME or tagged.word(at + 1) != "." or len(tagged.word(at)) != 1:
        return False
    found = tagged.names.find(tagged.tokens, at, loosely=False)
    return found is not None and found.length > 2


def _word(tagged: Tagged, at: int) -> int:
    """Tag a word that is no phrase: ordinary, a slip of a name or of a phrase, or unknown."""
    token, lexicon = tagged.tokens[at], tagged.lexicon
    word = token.word
    if word in tagged.beside.comes_at and find_time(tagged.tokens, at + 1, tagged.beside):
        return tagged.add(Item(Kind.MARK, "arrived", token.typed), at, 1)
    if word in tagged.beside.dropped_he and _is_led_to_verb(tagged, at + 1):
        return tagged.add(Item(Kind.HE, "he", token.typed), at, 1)
    if word in tagged.beside.own_s or word in lexicon.ordinary or not word.isalpha():
        return tagged.add(Item(Kind.ORDINARY, word, token.typed), at, 1)
    if word in lexicon.given_names and tagged.names.is_surname(tagged.word(at + 1)):
        # "dave khan" where there is no Dave: nobody of the roster, whatever Khan is on it.
        return tagged.add(Item(Kind.UNKNOWN, word, tagged.text(at, 2)), at, 2)
    near = tagged.names.find(tagged.tokens, at, loosely=True)
    english = word in lexicon.english
    sense = None if english else _near_phrase(word, lexicon)
    if near is not None and sense is None and not _is_told_of_nobody(tagged, at, near):
        return _add_name(tagged, near, at)
    if near is None and sense is not None:
        return _phrase(tagged, (1, lexicon.grammar.root[sense][""]), at)
    verb = (
        near is None
        and (english or _is_verb(token, tagged.beside))
        and word not in lexicon.given_names
    )
    return tagged.add(Item(Kind.ORDINARY if verb else Kind.UNKNOWN, word, token.typed), at, 1)


def _is_told_of_nobody(tagged: Tagged, at: int, near: Found) -> bool:
    """ "up on the stands already": a thing, by its article, which only looks like a name."""
    led = tagged.word(at - 1) in tagged.beside.before_a_thing
    return led and near.fit is Fit.NEAR


def _is_led_to_verb(tagged: Tagged, at: int) -> bool:
    """ "so e won't be in": the h is dropped, and it is no initial."""
    phrase = tagged.lexicon.grammar.longest(tagged.tokens, at)
    return phrase is not None and phrase[1].kind in (Kind.NOT, Kind.FILL)


def _phrase(tagged: Tagged, phrase: tuple[int, Sense], at: int) -> int:
    length, sense = phrase
    apart = sense.kind == Kind.AND and _is_asked_apart(tagged, at + length)
    if apart or (sense.kind == Kind.AND and _is_request(tagged, at + length)):
        # "all in bar Jenna and can someone ring me": what is asked is a sentence of its own.
        return tagged.add(Item(Kind.POINT, ".", tagged.text(at, length)), at, length)
    if sense.kind == Kind.NOT and length > 1 and _begins_with_not(tagged, at + length - 1):
        # "is not [not in]"; but "not [been collected]" is a "not" still.
        grammar, length = tagged.lexicon.grammar, length - 1
        denies = not grammar.means(tagged.word(at + length), Kind.NOT)
        sense = sense if denies and grammar.means(tagged.word(at), Kind.NOT) else Sense(Kind.FILL)
    if sense.kind == Kind.EXCEPT and length > 1 and _has_a_not(tagged, at + length - 1):
        # "but not heard from femi", "just not in: femi": the "not" is of what follows.
        sense, length = Sense(Kind.BUT), length - 1
    if sense.kind == Kind.TOO and length > 1 and _is_of_all(tagged, at + length):
        # "femi's ill and all present": not he too, but all the others.
        sense, length = tagged.lexicon.grammar.root[tagged.word(at)].get("", sense), 1
    if sense.kind == Kind.MARK and length == 2 and _is_in_a_place(tagged, at):
        length, sense = 1, tagged.lexicon.grammar.root[tagged.word(at)].get("", sense)
    if sense.kind in (Kind.CHAT, Kind.YES) and length > 1 and _greets_all(tagged, at + length):
        length -= 1
    value = sense.value or " ".join(t.word for t in tagged.tokens[at : at + length])
    return tagged.add(Item(Kind(sense.kind), value, tagged.text(at, length)), at, length)


_ENDS_OF_ALL = (".", "!", "?", "\n", ";")


def _is_request(tagged: Tagged, at: int) -> bool:
    """ "can someone", "could you": with these something is asked of the office."""
    if tagged.word(at) in tagged.beside.asks_if_one_can:
        return tagged.word(at + 1) in tagged.beside.of_whom_it_is_asked
    # "and I'm going to need a different room".
    needs = {tagged.word(at + 1), tagged.word(at + 2), tagged.word(at + 4)}
    return tagged.word(at) in tagged.beside.who_needs and bool(needs & tagged.beside.needs)


def _is_asked_apart(tagged: Tagged, at: int) -> bool:
    """ "kai's in, do you have his mum's number?": a question of its own, and none of Kai's mark."""
    beside = tagged.beside
    first = tagged.word(at)
    verb = first in beside.asking_verbs and tagged.word(at + 1) in beside.asked_about
    if not (verb or first in beside.asks_wh):
        return False
    words: list[str] = []
    while (token := tagged.token(at + len(words))).word not in (*_ENDS_OF_ALL, ""):
        words.append(token.word)
    # "all in, are they?", "all in, is that right?": asks whether it is so.
    plain = len(words) > 2 and beside.asks_if_so.isdisjoint(words)
    return plain and token.word == "?"


def _begins_with_not(tagged: Tagged, at: int) -> bool:
    """ "isn't well", "hasn't shown": the "not" is of a longer phrase that says it all."""
    phrase = tagged.lexicon.grammar.longest(tagged.tokens, at)
    says = phrase is not None and phrase[1].kind in (
        Kind.MARK,
        Kind.REASON,
        Kind.NOT_YET,
        Kind.UNTIL,
    )
    return says and phrase is not None and phrase[0] > 1


def _is_of_all(tagged: Tagged, at: int) -> bool:
    """Whether "and all" is of a group: "and all present", "and all kids here", "and all 4"."""
    phrase = tagged.lexicon.grammar.longest(tagged.tokens, at)
    of_all = (Kind.MARK, Kind.GROUP, Kind.REST, Kind.FILL)
    return bool(tagged.count(at)) or (phrase is not None and phrase[1].kind in of_all)


def _has_a_not(tagged: Tagged, at: int) -> bool:
    """Whether a "not" stands there that is of a longer phrase, or of the mark of a heading."""
    headed = _is_mark(tagged, at + 1) and tagged.word(at + 2) == ":"
    denied = tagged.lexicon.grammar.means(tagged.word(at), Kind.NOT)
    # "but not sure about Mo".
    headed = headed or tagged.lexicon.grammar.means(tagged.word(at + 1), Kind.HEDGE)
    return _begins_with_not(tagged, at) or (headed and denied)


def _is_in_a_place(tagged: Tagged, at: int) -> bool:
    """ "just in the loo": where somebody is, not that they came this minute."""
    just_in = f"{tagged.word(at)} {tagged.word(at + 1)}" in tagged.beside.just_in
    return just_in and tagged.word(at + 2) in tagged.beside.articles


def _greets_all(tagged: Tagged, after: int) -> bool:
    """ "morning all in today": here "all" is not of the greeting."""
    if tagged.word(after - 1) not in tagged.beside.greeted or after >= len(tagged.tokens):
        return False
    following = tagged.lexicon.grammar.longest(tagged.tokens, after)
    return following is not None and following[1].kind in _AFTER_ALL


# names


def _name(tagged: Tagged, at: int) -> Found | None:
    if tagged.tokens[at].kind != "word":
        return None
    found = tagged.names.find(tagged.tokens, at, loosely=False)
    if found is None:
        sense = tagged.lexicon.grammar.root.get(tagged.word(at), {}).get("")
        small = sense is None or sense.kind in _SPELT_BY_INITIALS
        led = tagged.before is Kind.EXCEPT
        return tagged.names.by_initials(tagged.tokens, at, led=led) if small else None
    if found.fit is Fit.FIRST_AND_INITIAL and tagged.listed:
        found = _first_name_alone(tagged, at, found) or found
    return None if found.length == 1 and _is_word(tagged, at, found) else found


def _first_name_alone(tagged: Tagged, at: int, found: Found) -> Found | None:
    """ "aiden p": an initial, unless there is one Aiden and this is a list of marks."""
    if tagged.word(at + found.length - 1) not in LETTERS:
        return None
    alone = tagged.names.find(tagged.tokens[at : at + 1], 0, loosely=False)
    if alone is None or len(alone.pupils) != 1:
        return None
    following = tagged.token(at + found.length)
    ends = following.kind in ("end", "number", "time") or following.word in ("\n", ",", ".")
    return alone if ends or tagged.names.is_exact(following.word) else None


def _is_word(tagged: Tagged, at: int, found: Found) -> bool:
    """Whether a name is meant as the word that it also is, by its neighbours."""
    token, lexicon = tagged.tokens[at], tagged.lexicon
    told = lexicon.word_names.get(token.word)
    if told is not None:
        if _is_sentence_of(tagged, at):
            return False
        # "will will be late": the first is the name.
        doubled = tagged.word(at - 1) == token.word and tagged.before not in (None, Kind.NAME)
        if doubled or _stands_beside(tagged, at, told):
            return not doubled
    if found.fit is Fit.SHORT and _is_listed_initials(tagged, at):
        return False
    sense = lexicon.grammar.root.get(token.word, {}).get("")
    if sense is not None and told is None:
        if found.fit <= Fit.EXACT and _stands_as_name(tagged, at, sense):
            return False
        heads = tagged.before in (None, Kind.POINT)
        return not (heads and found.fit <= Fit.SHORT and _is_said_of(tagged, at, sense))
    if sense is None and token.word not in lexicon.ordinary:
        return False
    # "no sign OF will": the small word is of the mark.
    # "chloe AN jack": an "and".
    led = tagged.before not in (Kind.MARK, Kind.AND)
    led = led and tagged.word(at - 1) in tagged.beside.articles
    return led or (found.fit > Fit.EXACT and not _heads_what_is_said(tagged, at, found))


def _heads_what_is_said(tagged: Tagged, at: int, found: Found) -> bool:
    """ "paddy's off", "all bar paddy": a short form that is a word too, where a name stands."""
    if found.fit is Fit.SHORT and tagged.before is Kind.EXCEPT:
        return True
    if found.fit is not Fit.SHORT or tagged.before not in (None, Kind.POINT, Kind.AND):
        return False
    behind = at + 1
    while (
        tagged.word(behind) in tagged.beside.is_or_are or tagged.word(behind) in tagged.beside.own_s
    ):
        behind += 1
    said = tagged.lexicon.grammar.longest(tagged.tokens, behind)
    return said is not None and said[1].kind in (Kind.MARK, Kind.REASON, Kind.NOT)


def _stands_as_name(tagged: Tagged, at: int, sense: Sense) -> bool:
    """ "bar chloe and ty", "absent: jo, si", "rash off today": it stands where a name would."""
    behind, following = at + 1, tagged.word(at + 1)
    joined = following in (",", "&", "+", "/") or tagged.lexicon.grammar.means(following, Kind.AND)
    if joined and tagged.names.find(tagged.tokens, at + 2, loosely=False) is not None:
        return True
    if following in SYMBOLS:
        return True
    led = [item.kind for item in tagged.items[-2:]]
    if (led and led[-1] in _BEFORE_ONE) or led == [Kind.NAME, Kind.AND]:
        return True
    if led == [Kind.NAME, Kind.POINT] and tagged.word(at - 1) in ("&", "+", "/"):
        return True
    if led == [Kind.NAME, Kind.POINT] and _is_in_headed_list(tagged):
        return True
    if led == [Kind.NAME, Kind.POINT] and tagged.word(at - 1) == ",":
        # "chloe, femi, ty" may end with thanks; "jo, si" does not.
        return tagged.token(behind).kind != "end" or sense.kind not in CHATTER
    if _is_headed(tagged, at):
        return True
    if led[-1:] == [Kind.MARK] and _is_mark(tagged, behind):
        # "ty in will in rash off": one after another.
        return True
    if led and led[-1] not in (Kind.POINT, Kind.AND, *CHATTER):
        # Thanks stand at an edge of what is said, and not in its midst.
        ends = tagged.token(behind).kind in ("end", "punct", "emoji")
        return sense.kind in CHATTER and (led[-1] in (Kind.FILL, Kind.HEDGE) or not ends)
    while (
        tagged.word(behind) in tagged.beside.is_or_are or tagged.word(behind) in tagged.beside.own_s
    ):
        behind += 1
    said = tagged.lexicon.grammar.longest(tagged.tokens, behind)
    if sense.kind in CHATTER and tagged.token(behind).kind == "word":
        # "ty at dentist", where "ty all in" thanks.
        return said is None or said[1].kind in (*_OF_SOMEBODY, Kind.FILL)
    return said is not None and said[1].kind in _OF_SOMEBODY


def _is_in_headed_list(tagged: Tagged) -> bool:
    """ "absent: rhys, tara": one more of those who stand behind a mark and its colon."""
    listed = [item for item in tagged.items if item.kind not in (Kind.NAME, Kind.AND, Kind.NUMBER)]
    at = max((n for n, item in enumerate(listed) if item.value == ":"), default=0)
    if not at or listed[at - 1].kind is not Kind.MARK:
        return False
    return all(item.value == "," for item in listed[at + 1 :])


def _is_headed(tagged: Tagged, at: int) -> bool:
    """ "off: ty", "no sign of ty", "missing Ty": behind a mark that nobody was named before."""
    items = tagged.items[:-1] if tagged.word(at - 1) == ":" else tagged.items
    if not items or items[-1].kind not in (Kind.MARK, Kind.NOT_YET):
        return False
    denied = len(items) > 1 and items[-2].kind is Kind.NOT
    led = items[:-2] if denied else items[:-1]
    before = led[-1].kind if led else Kind.POINT
    begins = before in (Kind.POINT, Kind.AND, Kind.BUT, Kind.JUST, Kind.ONLY, *CHATTER)
    return begins and (denied or items[-1].value not in ("present", "arrived", "back"))


def _is_listed_initials(tagged: Tagged, at: int) -> bool:
    """ "BH and TA absent", "ab p am a": of a pupil, though a TA is one of the staff elsewhere."""
    led = [item.kind for item in tagged.items[-2:]]
    if len(tagged.word(at)) == 2 and led[-1:] == [Kind.NAME]:
        # "AK BF CM in".
        return len(tagged.items[-1].typed) == 2 and tagged.token(at).typed.isupper()
    if len(tagged.word(at)) != 2 or led not in ([Kind.NAME, Kind.AND], [Kind.NAME, Kind.CODE]):
        return False
    alike = len(tagged.items[-2].typed) == 2
    return alike and (led[1] is Kind.AND or _is_coded(tagged, at + 1))


def _is_sentence_of(tagged: Tagged, at: int) -> bool:
    """ "Will not in": no sentence but of somebody of that name."""
    heads = tagged.before in (None, Kind.POINT, Kind.CHAT)
    plain = tagged.token(at).typed.lower() == tagged.word(at)
    if plain and (_is_listed_name(tagged, at) or (heads and _is_put_down(tagged, at))):
        return True
    is_will = tagged.word(at) in tagged.beside.will
    if is_will and plain and tagged.word(at + 1) in tagged.beside.verbs_after_will:
        return True
    return heads and plain and (_is_not_in(tagged, at + 1) or _heads_a_list(tagged, at + 1))


def _heads_a_list(tagged: Tagged, at: int) -> bool:
    """ "will and joy in": the first of those who are named."""
    joined = tagged.lexicon.grammar.means(tagged.word(at), Kind.AND)
    return joined and tagged.names.is_exact(tagged.word(at + 1))


def _is_not_in(tagged: Tagged, at: int) -> bool:
    return f"{tagged.word(at)} {tagged.word(at + 1)}" in tagged.beside.not_in


def _is_put_down(tagged: Tagged, at: int) -> bool:
    """ "Mark absent, Grace late": a name and its mark, where "mark" would want somebody behind."""
    if not _is_mark(tagged, at + 1) or (tagged.before is Kind.POINT and not _is_unlike(tagged, at)):
        return False
    behind = at + 2
    while tagged.word(behind) in (",", "\n", ".", "!"):
        behind += 1
    parted = behind > at + 2
    phrase = tagged.lexicon.grammar.longest(tagged.tokens, behind)
    thanks = phrase is not None and phrase[1].kind in CHATTER
    following = tagged.token(behind)
    if following.kind in ("end", "emoji") or thanks:
        return True
    found = tagged.names.find(tagged.tokens, behind, loosely=False) if parted else None
    return found is not None and _is_mark(tagged, behind + found.length)


def _is_unlike(tagged: Tagged, at: int) -> bool:
    """ "grace absent, mark present"; in "chloe is here, mark present" she is to be marked so."""
    if [item.kind for item in tagged.items[-3:-1]] != [Kind.NAME, Kind.MARK]:
        return False
    sense = tagged.lexicon.grammar.root[tagged.word(at + 1)][""]
    return {tagged.items[-2].value, sense.value} == {"present", "absent"}


def _is_mark(tagged: Tagged, at: int) -> bool:
    return tagged.lexicon.grammar.means(tagged.word(at), Kind.MARK)


def _is_listed_name(tagged: Tagged, at: int) -> bool:
    """ "chloe and will have arrived": of both, behind another name."""
    kinds = [item.kind for item in tagged.items[-2:]]
    return kinds == [Kind.NAME, Kind.AND] and tagged.word(at + 1) in tagged.beside.of_both


def _is_said_of(tagged: Tagged, at: int, sense: Sense) -> bool:
    """ "abs in at ten", "ty's had to go": with what is said of somebody right behind."""
    if sense.kind == Kind.REASON and len(tagged.word(at)) == 2:
        # "DR not here".
        return _is_not_in(tagged, at + 1)
    if sense.kind not in _NO_SUBJECT:
        return False
    after = tagged.word(at + 1)
    timed = after in tagged.beside.in_or_is and tagged.word(at + 2) in tagged.beside.then_where
    return after in tagged.beside.own_s or timed


def _is_coded(tagged: Tagged, at: int) -> bool:
    """Whether a mark's letter stands here, and ends what is said."""
    if tagged.word(at) not in LETTERS:
        return False
    behind = tagged.token(at + 1)
    return behind.kind in ("end", "punct") or ends_code(tagged, at + 1)


def _stands_beside(tagged: Tagged, at: int, told: WordName) -> bool:
    words = [token.word for token in tagged.tokens[max(0, at - 4) : at]]
    for phrase in told.before:
        if phrase == ("*number",):
            if tagged.token(at - 1).kind == "number" or tagged.count(at - 1):
                return True
        elif tuple(words[-len(phrase) :]) == phrase:
            return True
    following = tuple(token.word for token in tagged.tokens[at + 1 : at + 5])
    return any(following[: len(phrase)] == phrase for phrase in told.after)


def _add_name(tagged: Tagged, found: Found, at: int) -> int:
    length, has_s = found.length, found.possessive
    if tagged.word(at + length) in tagged.beside.own_s:
        has_s, length = True, length + 1
    item = Item(
        Kind.NAME,
        "",
        found.said,
        found.pupils,
        found.fit,
        has_s=has_s,
        is_plural=found.plural,
        is_other=bool(tagged.items) and tagged.items[-1].value in tagged.beside.others_counted,
    )
    return tagged.add(item, at, length)


# words


def _is_verb(token: Token, beside: Neighbours) -> bool:
    """ "smelling", "overheated": an ordinary word by its ending, and so nobody's name."""
    return len(token.word) > 5 and ends_as(token.word, beside.word_ends)


def _near_phrase(word: str, lexicon: Lexicon) -> str | None:
    """Return the one known word that this is a slip of, or None."""
    if len(word) < 5:
        return None
    known = lexicon.single_words.get(word[0], ())
    most = 2 if len(word) >= 9 else 1
    nearer = near_at(word, known, most - 1)
    near = nearer[:1] or near_at(word, known, most)
    return known[near[0]] if len(near) == 1 else None
