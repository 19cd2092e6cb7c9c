"""
Cases: what CSS staff and parents say of a case, and which case they say it of.

A case is resolved only on words that say that it is over, or that somebody who was asked told the
reason. What sounds like a child who set out and did not arrive is always a concern.
"""

import itertools
from dataclasses import dataclass, field

from apbot.domain.readings import CaseAction, OpenCase, Reading, Reply, RosterPupil, Why
from apbot.domain.words import Action, Flag, Matter, Reason, Speaker
from apbot.reading.flags import flags_in, tokens_ask, whole_flag
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import names_of
from apbot.reading.tokens import Cut, Token

_STOPS = (Flag.OPT_OUT, Flag.WRONG_NUMBER, Flag.HELP)
_URGENT = (Flag.CONCERN, Flag.EMERGENCY)
_ALL = ("all", "both", "all of them", "everything")
_OTHERS = frozenset(
    ("he", "she", "they", "his", "her", "him", "them", "mum", "dad", "nan", "carer", "this", "it")
)
_BREAKS = frozenset((".", "!", "?", "\n", ";"))


@dataclass(slots=True)
class _Part:
    """The words that go to one case, or to several."""

    tokens: list[Token] = field(default_factory=list)
    cases: list[OpenCase] = field(default_factory=list)
    unknown_ref: bool = False


def read_case(reply: Reply, cut: Cut, lexicon: Lexicon) -> Reading:
    """Return what a CSS or parent's message does to the cases that they were told of."""
    tokens = cut.tokens
    words = tuple(t.word for t in tokens if t.kind in ("word", "number") or t.word == "?")
    flagged = flags_in(_without_own_names(reply, tokens), lexicon)
    urgent = {f.flag for f in flagged if f.flag in _URGENT}
    why = [
        Why(f.flag.value, f.words, "words that raise this flag")
        for f in flagged
        if f.flag in _URGENT
    ]
    stop = whole_flag(words, lexicon) or next(
        (f.flag for f in flagged if f.flag in (Flag.OPT_OUT,)), None
    )
    stop = stop or _soft_stop(words, [f.flag for f in flagged], reply)
    if stop is not None:
        return Reading(
            flags=frozenset({stop, *urgent}),
            why=(*why, Why(stop.value, " ".join(words), "the message says so")),
        )
    if not reply.cases:
        flags = set(urgent)
        if _is_question(tokens, [f.flag for f in flagged]):
            flags.add(Flag.QUESTION)
        return Reading(flags=frozenset(flags), why=tuple(why))
    parts = _parts(reply, tokens, lexicon)
    return _settle(reply, parts, tokens, urgent, [f.flag for f in flagged], why, lexicon)


def _without_own_names(reply: Reply, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    own = {
        word.lower()
        for case in reply.cases
        for word in f"{case.pupil or ''} {case.provider}".split()
    }
    return tuple(Token("·", t.typed, t.kind, t.spaced) if t.word in own else t for t in tokens)


def _soft_stop(words: tuple[str, ...], flags: list[Flag], reply: Reply) -> Flag | None:
    if Flag.WRONG_NUMBER in flags and len(words) <= 14 and reply.speaker is not Speaker.PROVIDER:
        return Flag.WRONG_NUMBER
    if Flag.HELP in flags and reply.speaker is Speaker.CSS and len(words) <= 12:
        return Flag.HELP
    return None


# which case


def _parts(reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon) -> list[_Part]:
    """Cut the message into sentences and give each the cases that it names."""
    parts: list[_Part] = [_Part()]
    for at, token in enumerate(tokens):
        ends = token.kind == "punct" and token.word in _BREAKS
        parts[-1].tokens.append(token)
        if ends and at + 1 < len(tokens):
            parts.append(_Part())
    split = [each for part in parts for each in _split_by_case(part, reply, lexicon)]
    for part in split:
        part.cases, part.unknown_ref = _named(part.tokens, reply, lexicon)
    return [part for part in split if any(t.kind != "punct" for t in part.tokens)]


def _split_by_case(part: _Part, reply: Reply, lexicon: Lexicon) -> list[_Part]:
    """ "K7 done, K8 left a message": a comma or "and" before another case begins a new part."""
    if len(reply.cases) < 2:
        return [part]
    made, seen = [_Part()], False
    for at, token in enumerate(part.tokens):
        joint = token.word in (",", "and", "-", "but", "also")
        ahead = part.tokens[at + 1 : at + 5]
        if (
            joint
            and seen
            and _named(list(ahead), reply, lexicon)[0]
            and _says(made[-1].tokens, lexicon, reply)
        ):
            made.append(_Part())
            seen = False
        here = _named([token], reply, lexicon)[0]
        told = _named(made[-1].tokens, reply, lexicon)[0]
        if here and told and here[0] not in told and _says(made[-1].tokens, lexicon, reply):
            made.append(_Part())
        made[-1].tokens.append(token)
        seen = seen or bool(_named(made[-1].tokens, reply, lexicon)[0])
    return made


def _says(tokens: list[Token], lexicon: Lexicon, reply: Reply) -> bool:
    return bool(_senses(tokens, lexicon)) or bool(_reasons(tokens, lexicon))


def _named(tokens: list[Token], reply: Reply, lexicon: Lexicon) -> tuple[list[OpenCase], bool]:
    """Return the cases that the words pick, and whether they hold a ref that is no open case."""
    refs = {case.ref.lower(): case for case in reply.cases}
    by_ref: list[OpenCase] = []
    unknown = False
    words = [t.word for t in tokens if t.kind in ("word", "number", "hash")]
    joined = [(a, a) for a in words] + [
        (a + b, a) for a, b in itertools.pairwise(words) if len(a) == 1 and b.isdigit()
    ]
    typed = " ".join(t.typed for t in tokens).lower()
    for word, _ in joined:
        if word in refs and refs[word] not in by_ref:
            by_ref.append(refs[word])
    for ref, case in refs.items():
        if _stands(ref, tokens) and case not in by_ref:
            by_ref.append(case)
    if by_ref:
        return by_ref, False
    unknown = _holds_other_ref(tokens, refs)
    by_pupil = _by_pupil(tokens, reply, lexicon)
    if by_pupil:
        return by_pupil, unknown
    by_provider = [case for case in reply.cases if _provider_named(case.provider, typed, words)]
    if by_provider:
        return by_provider, unknown
    return [], unknown


def _stands(ref: str, tokens: list[Token]) -> bool:
    text = "".join(t.word if not t.spaced else f" {t.word}" for t in tokens)
    return any(part.strip(".,:;!?()") == ref for part in text.split())


def _holds_other_ref(tokens: list[Token], refs: dict[str, OpenCase]) -> bool:
    text = "".join(t.word if not t.spaced else f" {t.word}" for t in tokens)
    for part in text.split():
        word = part.strip(".,:;!?()")
        if (
            len(word) > 1
            and word[0].isalpha()
            and word[1:].isdigit()
            and len(word) < 5
            and word not in refs
        ):
            return True
    return False


def _by_pupil(tokens: list[Token], reply: Reply, lexicon: Lexicon) -> list[OpenCase]:
    held = [case for case in reply.cases if case.pupil]
    people = list(dict.fromkeys(case.pupil for case in held if case.pupil))
    if not people:
        return []
    roster = tuple(RosterPupil(n, name) for n, name in enumerate(people, 1))
    names = names_of(roster, lexicon)
    line = tuple(tokens)
    found: set[str] = set()
    unclear = False
    at = 0
    while at < len(line):
        known = lexicon.knows(line[at].word) and not names.is_exact(line[at].word)
        hit = names.find(line, at, loosely=not known) if line[at].kind == "word" else None
        if hit is None or (
            lexicon.knows(line[at].word) and not line[at].is_capital and hit.fit > 2
        ):
            at += 1
            continue
        if len(hit.pupils) == 1:
            found.add(people[hit.pupils[0] - 1])
        else:
            unclear = True
        at += hit.length
    if unclear and not found:
        return []
    return [case for case in held if case.pupil in found]


def _provider_named(provider: str, typed: str, words: list[str]) -> bool:
    if provider.lower() in typed:
        return True
    own = [w for w in provider.lower().split() if w not in ("the", "a", "of", "and")]
    if not own:
        return False
    if " ".join(own[:2]) in " ".join(words):
        return True
    return (
        own[0] in words
        and len(own[0]) > 3
        and own[0] not in ("bridge", "green", "school", "farm", "north", "south")
    )


# what it does


def _senses(tokens: list[Token], lexicon: Lexicon) -> set[str]:
    words = tuple(t.word for t in tokens if not _is_ref(t.word))
    return {sense.value for _, end, sense in lexicon.css.all_in(words) if not _turned(words, end)}


def _is_ref(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and word[1:].isdigit()


def _turned(words: tuple[str, ...], end: int) -> bool:
    """ "says she will not": no promise."""
    return words[end - 1] == "will" and words[end : end + 1] == ("not",)


def _parent_senses(tokens: list[Token], lexicon: Lexicon) -> set[str]:
    words = tuple(t.word for t in tokens)
    return {sense.value for _, _, sense in lexicon.parents.all_in(words)}


def _reasons(tokens: list[Token], lexicon: Lexicon) -> list[Reason]:
    line = tuple(tokens)
    found: list[Reason] = []
    at = 0
    while at < len(line):
        hit = lexicon.grammar.longest(line, at)
        if hit is None:
            at += 1
            continue
        length, sense = hit
        if sense.kind in ("reasons", "on_the_way"):
            found.append(Reason(sense.value))
        at += length
    return found


def _kinds(tokens: list[Token], lexicon: Lexicon) -> set[str]:
    line, at, kinds = tuple(tokens), 0, set[str]()
    while at < len(line):
        hit = lexicon.grammar.longest(line, at)
        kinds |= {hit[1].kind} if hit else set()
        at += hit[0] if hit else 1
    return kinds


def _is_question(tokens: tuple[Token, ...] | list[Token], flags: list[Flag]) -> bool:
    return any(t.word == "?" for t in tokens) or Flag.QUESTION in flags


def _one_reason(reasons: list[Reason]) -> Reason | None:
    told = [r for r in reasons if r is not Reason.UNKNOWN]
    first = [r for r in told if r not in (Reason.OTHER,)] or told
    return first[0] if first else None


def _settle(
    reply: Reply,
    parts: list[_Part],
    tokens: tuple[Token, ...],
    urgent: set[Flag],
    all_flags: list[Flag],
    why: list[Why],
    lexicon: Lexicon,
) -> Reading:
    groups = _grouped(parts, reply, tokens, lexicon)
    flags = set(urgent)
    actions: list[CaseAction] = []
    reasons: dict[str, Reason] = {}
    for cases, part in groups:
        action, reason, alarm, asks = _action(reply, part, cases, all_flags, urgent, lexicon)
        if Flag.EMERGENCY in urgent and action in (Action.RESOLVE, Action.ACK):
            # Found, but in danger: nothing is over.
            action, reason = Action.NOTE, None
        if alarm:
            flags.add(Flag.CONCERN)
        if asks:
            flags.add(Flag.QUESTION)
        for case in cases:
            actions.append(CaseAction(case.ref, action))
            text = " ".join(t.typed for t in part if t.word != "\n")
            why.append(Why(case.ref, text, f"read as {action.value}"))
            if reason is not None and action in (Action.RESOLVE, Action.REASON):
                reasons[case.ref] = reason
    if not actions:
        why.append(
            Why(
                None,
                " ".join(t.typed for t in tokens),
                "more than one case open, and none is picked",
            )
        )
        actions.append(CaseAction(None, Action.UNCLEAR))
        if _is_question(tokens, all_flags):
            flags.add(Flag.QUESTION)
        if _senses(list(tokens), lexicon) & {"set_out"} and (reply.speaker is Speaker.PARENT):
            flags.add(Flag.CONCERN)
    return Reading(
        flags=frozenset(flags), cases=tuple(actions), case_reasons=reasons, why=tuple(why)
    )


def _grouped(
    parts: list[_Part], reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon
) -> list[tuple[list[OpenCase], list[Token]]]:
    """Return each picked set of cases with the words said of it."""
    if any(part.unknown_ref for part in parts) and not any(part.cases for part in parts):
        return []
    picked = [part for part in parts if part.cases]
    if not picked:
        whole = list(tokens)
        one = _the_one(reply, whole, lexicon)
        return [(one, whole)] if one else []
    groups: list[tuple[list[OpenCase], list[Token]]] = []
    before: list[Token] = []
    for part in parts:
        if not part.cases:
            if groups:
                groups[-1][1].extend(part.tokens)
            else:
                before.extend(part.tokens)
            continue
        cases = _narrowed(part, lexicon)
        if cases is None:
            return []
        same = next((g for g in groups if g[0] == cases), None)
        if same is not None:
            same[1].extend(part.tokens)
        else:
            groups.append((cases, before + part.tokens))
            before = []
    return groups


def _narrowed(part: _Part, lexicon: Lexicon) -> list[OpenCase] | None:
    """Of a provider's several cases, those whose matter the words speak of; None if not told."""
    cases = part.cases
    if len(cases) == 1:
        return cases
    words = {t.word for t in part.tokens}
    by_ref = [c for c in cases if _stands(c.ref.lower(), part.tokens)]
    if by_ref:
        return by_ref
    if len({c.pupil for c in cases if c.pupil}) == len(cases) and all(
        _pupil_said(c, words) for c in cases
    ):
        return cases
    if words & {"all", "both"}:
        return cases
    if words & {"register", "registers", "sent", "theirs"}:
        missing = [c for c in cases if c.matter is Matter.MISSING_REGISTER]
        return missing if len(missing) == 1 else None
    return None


def _pupil_said(case: OpenCase, words: set[str]) -> bool:
    return bool(case.pupil) and any(part.lower() in words for part in (case.pupil or "").split())


def _the_one(reply: Reply, tokens: list[Token], lexicon: Lexicon) -> list[OpenCase]:
    """The only open case, all where the words say so, or the one of the matter spoken of."""
    cases = list(reply.cases)
    if len(cases) == 1:
        return cases
    words = {t.word for t in tokens}
    text = " ".join(t.word for t in tokens)
    if "both" in words and len(cases) == 2:
        return cases
    if (
        ("all" in words or "everything" in words)
        and "at all" not in text
        and "after all" not in text
    ):
        whole = (
            not (words & {"fine", "good", "ok"} and not words & {"of", "them", "these", "three"})
            or "all sorted" in text
            or "all done" in text
        )
        return cases if whole else []
    register = words & {"register", "registers", "theirs"} or "sent it" in text
    if register and not words & {"mum", "dad"}:
        missing = [c for c in cases if c.matter is Matter.MISSING_REGISTER]
        return missing if len(missing) == 1 else []
    if words & {"found", "located"}:
        lost = [c for c in cases if c.matter is Matter.UNACCOUNTED]
        return lost if len(lost) == 1 else []
    return []


def _action(
    reply: Reply,
    tokens: list[Token],
    cases: list[OpenCase],
    all_flags: list[Flag],
    urgent: set[Flag],
    lexicon: Lexicon,
) -> tuple[Action, Reason | None, bool, bool]:
    """Return the action, its reason, whether it is an alarm, and whether it asks something."""
    own_flags = [f.flag for f in flags_in(tuple(tokens), lexicon)]
    asks = any(t.word == "?" for t in tokens) or (
        Flag.QUESTION in own_flags and tokens_ask(tuple(tokens), lexicon)
    )
    if reply.speaker is Speaker.PARENT:
        return _parent(tokens, cases, asks, lexicon)
    return _css(tokens, cases, asks, lexicon)


def _css(
    tokens: list[Token], cases: list[OpenCase], asks: bool, lexicon: Lexicon
) -> tuple[Action, Reason | None, bool, bool]:
    senses, kinds = _senses(tokens, lexicon), _kinds(tokens, lexicon)
    reason = _one_reason(_reasons(tokens, lexicon))
    words = {t.word for t in tokens}
    hedged = bool(kinds & {"hedges"}) or bool(words & {"if", "unless"})
    open_not = "not" in words or "no" in words or "still" in words
    matter = cases[0].matter
    asks = (asks and any(t.word == "?" for t in tokens)) or (
        asks and not senses & {"ack", "resolve", "contact"}
    )
    if "set_out" in senses and not senses & {"resolve"} and matter is not Matter.MISSING_REGISTER:
        return Action.NOTE, None, True, asks
    if asks and any(t.word == "?" for t in tokens):
        ack = _begins_with_ack(tokens, lexicon) and not reason and "resolve" not in senses
        return (Action.ACK if ack else Action.NOTE), None, False, True
    closing = bool(
        words & {"done", "sorted", "closing", "resolved", "close", "resolve", "nfa"}
    ) and not (open_not and words & {"not"})
    if kinds & {"i"} and not words & _OTHERS:
        # "I'm off sick" is no word on the pupil.
        closing, reason = closing and "closing" in words, None
    if kinds & {"nobody"} and reason is None and not words & {"closing", "close"}:
        # "Home visit done, no one in": nothing of the case is over.
        closing = False
    if closing and not hedged:
        return Action.RESOLVE, reason, False, asks
    if hedged:
        return Action.NOTE, None, False, asks
    if matter is Matter.MISSING_REGISTER and _has_sent(words) and "note" not in senses:
        return Action.RESOLVE, None, False, asks
    if "resolve" in senses and not _is_denied(tokens) and not senses & {"set_out"}:
        if (
            matter is Matter.MISSING_REGISTER
            and words & {"home", "mum", "dad"}
            and not words & {"register", "sent"}
        ):
            return Action.NOTE, None, False, asks
        if "note" in senses and _note_wins(tokens, lexicon):
            return Action.NOTE, None, False, asks
        return Action.RESOLVE, reason, False, asks
    told = "contact" in senses or words & {
        "mum",
        "dad",
        "carer",
        "nan",
        "gran",
        "stepmum",
        "auntie",
        "uncle",
        "parent",
        "school",
        "unit",
        "worker",
    }
    still_open = "note" in senses and (_note_wins(tokens, lexicon) or not told)
    if reason is not None and matter is Matter.ABSENCE and not still_open:
        return Action.RESOLVE, reason, False, asks
    if "note" in senses or "contact" in senses:
        return Action.NOTE, None, False, asks
    if "ack" in senses or words & {"👀", "👍"} or any(t.word in ("👀", "👍", "✓") for t in tokens):
        return Action.ACK, None, False, asks
    return Action.NOTE, None, False, asks


def _begins_with_ack(tokens: list[Token], lexicon: Lexicon) -> bool:
    words = tuple(t.word for t in tokens)
    return any(start == 0 and sense.value == "ack" for start, _, sense in lexicon.css.all_in(words))


def _has_sent(words: set[str]) -> bool:
    """ "sent": the register, where nothing else is said to have been sent, or not yet."""
    other = {"email", "text", "message", "him", "her", "not", "will", "sending", "asked", "taxi"}
    return "sent" in words and not words & other


def _is_denied(tokens: list[Token]) -> bool:
    words = [t.word for t in tokens]
    return any(
        word in ("not", "no", "never", "still")
        and set(words[at + 1 : at + 5])
        & {
            "turned",
            "found",
            "sent",
            "sorted",
            "resolved",
            "done",
            "located",
            "back",
            "safe",
            "in",
            "there",
            "home",
            "arrived",
            "received",
            "come",
            "closed",
        }
        for at, word in enumerate(words)
    )


def _note_wins(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether what is still to be done outweighs what is over."""
    words = tuple(t.word for t in tokens)
    over = {"found", "safe", "done", "sorted", "closing", "home", "sent", "register", "located"}
    hits = [
        (s, e)
        for s, e, sense in lexicon.css.all_in(words)
        if sense.value == "note" and not _turned(words, e)
    ]
    if set(words) & over:
        return False
    promise = any(
        "will" in words[s:e]
        or "promised" in words[s:e]
        or "answer" in words[s:e]
        or "voicemail" in words[s:e]
        or "not" in words[s:e]
        or "waiting" in words[s:e]
        or "awaiting" in words[s:e]
        for s, e in hits
    )
    return promise or (bool(hits) and not set(words) & over)


def _parent(
    tokens: list[Token], cases: list[OpenCase], asks: bool, lexicon: Lexicon
) -> tuple[Action, Reason | None, bool, bool]:
    senses, own = _senses(tokens, lexicon), _parent_senses(tokens, lexicon)
    kinds = _kinds(tokens, lexicon)
    reason = _one_reason(_reasons(tokens, lexicon))
    matter = cases[0].matter
    alarm = "set_out" in senses
    if matter is Matter.UNACCOUNTED and "has_child" in own and not _is_denied(tokens):
        return Action.RESOLVE, reason, False, False
    if alarm and not ("has_child" in own and reason and reason is not Reason.TRANSPORT):
        return Action.NOTE, None, True, False
    if kinds & {"hedges"} and reason is not None:
        return Action.NOTE, None, False, asks
    if reason is not None:
        return Action.REASON, reason, False, asks and any(t.word == "?" for t in tokens)
    if asks:
        return Action.NOTE, None, False, True
    if "note" in own or "has_child" in own:
        return Action.NOTE, None, False, asks
    if "ack" in own or "ack" in senses:
        return Action.ACK, None, False, asks
    return Action.NOTE, None, False, asks
