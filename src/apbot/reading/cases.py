"""
Cases: what CSS staff and parents say of a case, and which case they say it of.

A case is resolved only on words that say that it is over, or that somebody who was asked told the
reason. What sounds like a child who set out and did not arrive is always a concern.
"""

from collections.abc import Iterator
from datetime import time

from apbot.domain.readings import Alarm, CaseAction, Reading, Reply, Why
from apbot.domain.words import Action, Flag, Reason, Speaker
from apbot.reading.case_answer import Answer
from apbot.reading.case_hearing import as_typed, hear, is_ref
from apbot.reading.case_names import nicknames_in, own_words
from apbot.reading.case_picking import Part, picked, with_refs_joined
from apbot.reading.case_words import Clause, Heard
from apbot.reading.css_found import is_elsewhere, is_only_over
from apbot.reading.css_says import css_answer
from apbot.reading.flags import Flagged, flags_in, tokens_ask, whole_flag
from apbot.reading.lexicon import Lexicon
from apbot.reading.parent_says import parent_answer
from apbot.reading.still_coming import session_of
from apbot.reading.tokens import Cut, Token
from apbot.reading.who_has import asks_who_has, is_bare_all

_URGENT = (Flag.CONCERN, Flag.EMERGENCY)
_UNNAMED = "·"


def read_case(reply: Reply, cut: Cut, lexicon: Lexicon) -> Reading:
    """Return what a CSS or parent's message does to the cases that they were told of."""
    tokens = with_refs_joined(reply, cut.tokens)
    flagged = flags_in(_without_own_words(reply, tokens, lexicon), lexicon)
    urgent = [f for f in flagged if f.flag in _URGENT]
    why = [Why(f.flag.value, f.words, "words that raise this flag") for f in urgent]
    flags = {f.flag for f in urgent}
    stop = _stop(reply, tokens, flagged, lexicon)
    if stop is not None:
        words = as_typed(tokens)
        why.append(Why(stop.value, words, "the message says so"))
        return Reading(flags=frozenset({stop, *flags}), why=tuple(why))
    if not reply.cases:
        asks = any(c.asks for c in _heard(reply, tokens, lexicon)) or _asks_plainly(tokens, lexicon)
        flags |= {Flag.QUESTION} if asks else set()
        return Reading(flags=frozenset(flags), why=tuple(why))
    return _settled(reply, tokens, flags, why, lexicon)


def _without_own_words(
    reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon
) -> tuple[Token, ...]:
    """Take out names, and the office's own words where CSS staff say them: they alarm nobody."""
    pupils, places = own_words(reply, lexicon.talk)
    own = pupils | places
    made = [Token(_UNNAMED, t.typed, t.kind, t.spaced) if t.word in own else t for t in tokens]
    if reply.speaker is Speaker.CSS:
        for start, end, sense in lexicon.cases.all_in(tuple(t.word for t in tokens)):
            begins = start == 0 or tokens[start - 1].kind == "punct"
            begins = begins or not lexicon.talk.one_of_us.isdisjoint(
                token.word for token in tokens[max(0, start - 2) : start]
            )
            if sense.value == Heard.OFFICE or (begins and sense.value == Heard.CHASING):
                made[start:end] = [t._replace(word=_UNNAMED) for t in made[start:end]]
        for start, end in _orders(tokens, pupils, lexicon):
            made[start:end] = [t._replace(word=_UNNAMED) for t in made[start:end]]
    return tuple(made)


def _orders(
    tokens: tuple[Token, ...], pupils: frozenset[str], lexicon: Lexicon
) -> Iterator[tuple[int, int]]:
    """Yield where a contact says that parents be not told: "don't tell K1" is no child's secret."""
    for at, token in enumerate(tokens):
        hit = lexicon.telling.longest(tokens, at) if token.kind == "word" else None
        if hit is None or hit[1].kind != "withhold":
            continue
        before = tokens[at - 1] if at else None
        begins = before is None or before.kind == "punct" or is_ref(before.word)
        end = at + hit[0]
        whom = lexicon.telling.longest(tokens, end) if end < len(tokens) else None
        is_told = end == len(tokens) or is_ref(tokens[end].word) or tokens[end].word in pupils
        if begins and (is_told or (whom is not None and whom[1].kind == "whom")):
            yield at, end


def _stop(
    reply: Reply, tokens: tuple[Token, ...], flagged: list[Flagged], lexicon: Lexicon
) -> Flag | None:
    """ "STOP", "who is this", "help": a message to the bot, and about no case."""
    words = tuple(t.word for t in tokens if t.kind in ("word", "number") or t.word == "?")
    flags = {f.flag for f in flagged}
    bare = tuple(w for w in words if w not in lexicon.talk.polite)
    stop = whole_flag(words, lexicon) or whole_flag(bare, lexicon)
    if stop is not None:
        return stop
    asks_who = " ".join(words[:4]) in lexicon.talk.asks_who
    if Flag.WRONG_NUMBER in flags and (sum(w != "?" for w in bare) <= 3 or asks_who):
        return Flag.WRONG_NUMBER
    if Flag.OPT_OUT in flags:
        return Flag.OPT_OUT
    if reply.speaker is Speaker.CSS:
        return Flag.HELP if Flag.HELP in flags and len(words) <= 16 else None
    clauses = _heard(reply, tokens, lexicon)
    of_child = any(c.has(Heard.CHILD) for c in clauses)
    if Flag.WRONG_NUMBER in flags and len(words) <= 14 and not of_child:
        return Flag.WRONG_NUMBER
    if Flag.HELP in flags and " ".join(bare[:3]) in lexicon.talk.asks_how:
        return Flag.HELP
    if any(c.has(Heard.NOT_MINE) for c in clauses):
        return Flag.WRONG_NUMBER
    return None


def _heard(reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Clause]:
    pupils, places = own_words(reply, lexicon.talk)
    return hear(list(tokens), (pupils | nicknames_in(reply, tokens, lexicon), places), lexicon)


def _asks_plainly(tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    asked = any(f.flag is Flag.QUESTION for f in flags_in(tokens, lexicon))
    return asked and tokens_ask(tokens, lexicon)


def _settled(
    reply: Reply, tokens: tuple[Token, ...], flags: set[Flag], why: list[Why], lexicon: Lexicon
) -> Reading:
    parts = picked(reply, tokens, lexicon)
    elsewhere: set[str] = set()
    only_over: set[str] = set()
    away: set[str] = set()
    asked: set[str] = set()
    may_have: set[str] = set()
    coming: dict[str, time | None] = {}
    actions: dict[str, Action] = {}
    alarms: set[Alarm] = set()
    reasons: dict[str, Reason] = {}
    for part in parts:
        own = {case.ref for case in part.cases}
        if is_elsewhere(part.tokens, lexicon.talk):
            elsewhere |= own
        if is_only_over(part.tokens, {ref.lower() for ref in own}, lexicon.talk):
            only_over |= own
        if reply.speaker is Speaker.CSS and _asks_who_has(reply, part, lexicon):
            asked |= own
        for ref, answer in _answers(reply, part, flags, lexicon):
            actions[ref] = answer.action
            why.append(Why(ref, as_typed(part.tokens), answer.because))
            flags |= {Flag.CONCERN} if answer.alarm else set()
            alarms |= answer.alarms
            away |= {ref} if answer.is_away else set()
            may_have |= {ref} if answer.may_have else set()
            if answer.coming is not None:
                coming[ref] = answer.coming.at
            flags |= {Flag.QUESTION} if answer.asks else set()
            reasons.pop(ref, None)
            if answer.reason is not None:
                reasons[ref] = answer.reason
    if not parts:
        return _unclear(reply, tokens, flags, why, lexicon)
    return Reading(
        flags=frozenset(flags),
        cases=tuple(CaseAction(ref, action) for ref, action in actions.items()),
        case_reasons=reasons,
        elsewhere=frozenset(elsewhere),
        only_over=frozenset(only_over),
        away=frozenset(away),
        may_have=frozenset(may_have),
        asked_who=frozenset(asked),
        coming=coming,
        alarms=frozenset(alarms),
        why=tuple(why),
    )


def _asks_who_has(reply: Reply, part: Part, lexicon: Lexicon) -> bool:
    pupils, places = own_words(reply, lexicon.talk)
    own = pupils | places | nicknames_in(reply, part.tokens, lexicon)
    return asks_who_has(part.tokens, own, lexicon.talk)


def _answers(
    reply: Reply, part: Part, flags: set[Flag], lexicon: Lexicon
) -> list[tuple[str, Answer]]:
    if reply.speaker is Speaker.CSS:
        if len(part.cases) > 1 and is_bare_all(part.tokens, len(part.cases), lexicon):
            taken = Answer(Action.ACK, "all of them are taken on")
            return [(case.ref, taken) for case in part.cases]
        if _asks_who_has(reply, part, lexicon):
            asked = Answer(Action.NOTE, "it asks who has it", asks=True)
            return [(case.ref, asked) for case in part.cases]
    clauses = _heard(reply, part.tokens, lexicon)
    asks = _asks_plainly(part.tokens, lexicon)
    read = css_answer if reply.speaker is Speaker.CSS else parent_answer
    made: list[tuple[str, Answer]] = []
    for case in part.cases:
        answer = read(clauses, case.matter, session_of(reply), asks)
        if Flag.EMERGENCY in flags and answer.action in (Action.RESOLVE, Action.ACK):
            # Found, but in danger: nothing is over.
            answer = Answer(Action.NOTE, "an emergency: nothing is over", alarm=True)
        made.append((case.ref, answer))
    return made


def _unclear(
    reply: Reply, tokens: tuple[Token, ...], flags: set[Flag], why: list[Why], lexicon: Lexicon
) -> Reading:
    """No case is picked: nothing is done to any, but an alarm or a question is heard."""
    clauses = _heard(reply, tokens, lexicon)
    read = css_answer if reply.speaker is Speaker.CSS else parent_answer
    asks = _asks_plainly(tokens, lexicon)
    matters = {case.matter for case in reply.cases}
    answers = [read(clauses, matter, session_of(reply), asks) for matter in matters]
    flags |= {Flag.CONCERN} if any(a.alarm for a in answers) else set()
    flags |= {Flag.QUESTION} if all(a.asks for a in answers) else set()
    whole = Part(tuple(reply.cases), tokens)
    asks_who = reply.speaker is Speaker.CSS and _asks_who_has(reply, whole, lexicon)
    flags |= {Flag.QUESTION} if asks_who else set()
    words = as_typed(tokens)
    rule = "more than one case is open, or the ref is no open one: none is picked"
    return Reading(
        flags=frozenset(flags),
        cases=(CaseAction(None, Action.UNCLEAR),),
        away=frozenset(c.ref for c in reply.cases if any(a.is_away for a in answers)),
        asked_who=frozenset(c.ref for c in reply.cases if asks_who),
        alarms=frozenset(alarm for answer in answers for alarm in answer.alarms),
        why=(*why, Why(None, words, rule)),
    )
