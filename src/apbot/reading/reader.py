"""
The reader: one reply in its context to one Reading.

It never guesses. A wrong mark is far worse than a question, so a pupil is marked only on words that
say it, and whatever could not be read becomes the one question that is asked back.
"""

from dataclasses import replace

from apbot.domain.readings import (
    Ask,
    CountOrNumber,
    Reading,
    Rephrase,
    Reply,
    RestPresent,
    WhichPupil,
    Why,
)
from apbot.domain.words import Action, Flag, Mark, Reason, Speaker
from apbot.reading import cases, pending
from apbot.reading.asking import question_of
from apbot.reading.clauses import build
from apbot.reading.flags import (
    Flagged,
    flags_beyond,
    flags_in,
    is_only_upset,
    is_order,
    whole_flag,
    without_names,
)
from apbot.reading.gathering import gather
from apbot.reading.heard import URGENT, Heard
from apbot.reading.in_order import read_in_order
from apbot.reading.laid_out import laid_out
from apbot.reading.lexicon import Lexicon
from apbot.reading.listed import read_list
from apbot.reading.names import names_of
from apbot.reading.outcome import Outcome
from apbot.reading.passed_on import set_out_and_missed
from apbot.reading.prepare import (
    is_reaction,
    with_points,
    with_promises,
    without_business,
    without_courtesies,
    without_quotes,
    without_signature,
    without_smiles,
)
from apbot.reading.raising import closes, flags_of
from apbot.reading.retold import retold
from apbot.reading.tagging import tag
from apbot.reading.tokens import Cut, Token, clean, cut_up
from apbot.reading.who import whom
from apbot.reading.yes_or_no import (
    SAID_YES,
    YES_TO_THESE,
    answer_yes_or_no,
    as_this_morning,
    take_back,
)

# More words than a register needs, or a text that was cut: too much to be sure of.
# So much of a message is no part of it that could be said another way.
_NEARLY_ALL = 0.8
_TOO_MANY_TOKENS = 500
_RAISES = "words that raise this flag"
# No network brings a text half as long.
_MOST_TYPED = 50_000
_ENDLESS = Flagged(Flag.CONCERN, "a text too long to be read to its end")


def read(reply: Reply, lexicon: Lexicon) -> Reading:
    """Return what the message means, by the reply contract. Any text at all gives a Reading."""
    if len(reply.text) > _MOST_TYPED:
        return _read_ends(reply, lexicon)
    own = without_quotes(with_points(clean(reply.text), lexicon))
    cut = with_promises(without_smiles(cut_up(own, lexicon.rewrites)), lexicon)
    return _calmed(_read_cut(reply, cut, own, lexicon), cut, lexicon)


def _calmed(made: Reading, cut: Cut, lexicon: Lexicon) -> Reading:
    """ "he won't go, crying at the door": refusing, and being upset is no concern by itself."""
    reasons = {*made.reasons.values(), *made.case_reasons.values()}
    gone = {Mark.LEFT, Mark.UNACCOUNTED} & set(made.marks.values())
    if Flag.CONCERN not in made.flags or Reason.REFUSING not in reasons or cut.is_cut or gone:
        return made
    if not is_only_upset(cut.tokens, lexicon):
        return made
    why = tuple(each for each in made.why if each.about != Flag.CONCERN.value)
    return replace(made, flags=made.flags - {Flag.CONCERN}, why=why)


def _read_cut(reply: Reply, cut: Cut, own: str, lexicon: Lexicon) -> Reading:
    if reply.speaker is not Speaker.PROVIDER:
        made = cases.read_case(reply, cut, lexicon)
        return _with_beyond(made, own, cut, reply, lexicon) if cut.is_cut else made
    if is_reaction(reply.text):
        return _rephrase("a phone or a program wrote it, and it is no answer", own)
    if isinstance(reply.pending, Rephrase):
        about = reply.pending.about
        return _after_rephrase(replace(reply, pending=None), cut, own, lexicon, about)
    return _read_provider(reply, cut, own, lexicon)


def _read_ends(reply: Reply, lexicon: Lexicon) -> Reading:
    """Read the ends of a text that no phone sends, for what must be passed on, and mark nobody."""
    half = _MOST_TYPED // 2
    ends = f"{reply.text[: half - 1]}\n{reply.text[-half:]}"
    made = _noted(read(replace(reply, text=ends), lexicon), [_ENDLESS])
    if reply.speaker is not Speaker.PROVIDER:
        return made
    return replace(made, marks={}, reasons={}, times={}, ask=Rephrase())


def _after_rephrase(
    reply: Reply, cut: Cut, own: str, lexicon: Lexicon, about: tuple[int, ...]
) -> Reading:
    """
    Read what follows "say it another way?": anything but a bare yes.

    "2 off" and then "yes" says that the two are off, and never that all are in. What is read as
    nothing may be of those whom the question named: "both are present", "he's on the bus".
    """
    made = _read_provider(reply, cut, own, lexicon)
    if any(each.rule == SAID_YES and each.about in made.marks for each in made.why):
        return _rephrase("a yes to no question that can be answered with yes", own)
    if not about or made.marks or made.flags or not isinstance(made.ask, Rephrase):
        return made
    asked = _read_provider(replace(reply, pending=RestPresent(about)), cut, own, lexicon)
    rules = {each.rule for each in asked.why if each.about in asked.marks}
    return asked if asked.marks and not rules & {SAID_YES, YES_TO_THESE} else made


def _with_beyond(made: Reading, own: str, cut: Cut, reply: Reply, lexicon: Lexicon) -> Reading:
    """What was read of a long text, with what stands beyond it; no case is over by such a text."""
    names = [case.pupil or "" for case in reply.cases]
    beyond = flags_beyond(own, lexicon, names, is_dense=cut.is_dense)
    return _noted(made, beyond)


def _noted(made: Reading, beyond: list[Flagged]) -> Reading:
    actions = tuple(
        replace(each, action=Action.NOTE) if each.action is Action.RESOLVE else each
        for each in made.cases
    )
    return replace(
        made,
        flags=made.flags | {each.flag for each in beyond},
        cases=actions,
        case_reasons={} if actions != made.cases else made.case_reasons,
        why=(*made.why, *_why_flagged(beyond)),
    )


def _read_provider(reply: Reply, cut: Cut, own: str, lexicon: Lexicon) -> Reading:
    names = names_of(reply.roster, lexicon)
    cut = replace(cut, tokens=names.as_typed(cut.tokens))
    flagged = _flagged(reply, cut, own, lexicon)
    urgent = [each for each in flagged if each.flag in URGENT]
    if cut.is_cut or len(cut.tokens) > _TOO_MANY_TOKENS:
        return _rephrase("too long to be sure of", own, urgent)
    if is_order(cut.tokens, lexicon):
        return _rephrase("orders to the reader, not an answer", own, urgent)
    tokens = pending.with_surnames(cut.tokens, reply, lexicon)
    tokens = without_courtesies(tokens, lexicon, names)
    words = tuple(t.word for t in tokens if t.kind in ("word", "number") or t.word == "?")
    alone = whole_flag(words, lexicon) or whole_flag(
        tuple(word for word in words if word != "?"), lexicon
    )
    if alone is not None:
        return Reading(flags=frozenset({alone}), why=(Why(alone.value, own, "the whole message"),))
    listed = None if flagged else read_list(reply, tokens, lexicon)
    listed = listed or read_in_order(reply, tokens, own, lexicon)
    return listed or _read_words(reply, tokens, own, lexicon, flagged)


def _flagged(reply: Reply, cut: Cut, own: str, lexicon: Lexicon) -> list[Flagged]:
    """Return the flags that the words raise; pupils' own names raise none."""
    names = [f"{pupil.name} {pupil.known_as or ''}" for pupil in reply.roster]
    flagged = flags_in(without_names(cut.tokens, names, lexicon), lexicon)
    if cut.is_cut:
        found = {each.flag for each in flagged}
        beyond = flags_beyond(own, lexicon, names, is_dense=cut.is_dense)
        flagged += [each for each in beyond if each.flag not in found]
    return flagged


def _read_words(
    reply: Reply,
    tokens: tuple[Token, ...],
    own: str,
    lexicon: Lexicon,
    flagged: list[Flagged],
) -> Reading:
    tagged = laid_out(tag(tokens, lexicon, names_of(reply.roster, lexicon)))
    beside = lexicon.beside
    tagged = retold(tagged, reply, beside)
    items = without_signature(without_business(tagged, beside), lexicon)
    clauses = build(items, lexicon.beside)
    whose = whom(clauses.statements, reply, lexicon.beside)
    heard = Heard(reply, lexicon, own, items, clauses, tuple(flagged))
    answered = pending.answer(items, whose, reply, lexicon.beside)
    if answered is not None:
        return _answered(heard, answered)
    out = gather(items, clauses, whose, reply, lexicon, is_urgent=bool(heard.urgent))
    if clauses.same_as_morning:
        as_this_morning(heard, out)
    answer_yes_or_no(heard, out)
    take_back(heard, out)
    missed = set_out_and_missed(reply, tokens, out, lexicon)
    if missed is not None:
        heard = replace(heard, flagged=(*heard.flagged, missed))
    return _reading(heard, out)


def _answered(heard: Heard, answered: pending.Answer) -> Reading:
    """What an answer to the open question settles."""
    flags = frozenset(heard.urgent)
    if answered.marks:
        flags = flags_of(heard, Outcome())
    why = tuple(Why(number, heard.own, answered.rule) for number in answered.marks)
    return Reading(
        marks=answered.marks,
        ask=answered.ask,
        flags=flags,
        why=why or (Why(None, heard.own, answered.rule),),
    )


def _reading(heard: Heard, out: Outcome) -> Reading:
    if closes(heard, out):
        because = Why(Flag.CLOSED.value, heard.own, "not running this session")
        urgent = _why_flagged([each for each in heard.flagged if each.flag in heard.urgent])
        return Reading(flags=frozenset({Flag.CLOSED, *heard.urgent}), why=(because, *urgent))
    flags = flags_of(heard, out)
    ask = question_of(heard, out, flags)
    held = {*out.marks, *heard.reply.marks}
    why = [each for each in out.why if each.about is None or each.about in out.marks]
    why += _why_flagged([each for each in heard.flagged if each.flag in flags])
    if ask is not None:
        why.append(Why(None, _unclear(heard, out), _why_asked(ask)))
    return Reading(
        marks=dict(sorted(out.marks.items())),
        reasons=dict(sorted((n, reason) for n, reason in out.reasons.items() if n in held)),
        times=dict(sorted((n, at) for n, at in out.times.items() if n in out.marks)),
        flags=flags,
        ask=ask,
        why=tuple(why),
        unread=_unread(heard, out) if isinstance(ask, Rephrase) else (),
    )


def _unread(heard: Heard, out: Outcome) -> tuple[str, ...]:
    """Return what could not be read, as it was typed, for the sender to say another way."""
    own, low = heard.own, heard.own.lower()
    found: list[str] = []
    for words in dict.fromkeys((*out.unread, *out.subjectless)):
        first, last = words.lower().split()[0], words.lower().split()[-1]
        start = low.find(first)
        end = low.find(last, max(start, 0))
        if start >= 0 and end >= 0:
            found.append(own[start : end + len(last)])
    is_all = any(len(words) > _NEARLY_ALL * len(own.strip()) for words in found)
    return () if is_all else tuple(found)


def _rephrase(rule: str, words: str, urgent: list[Flagged] | None = None) -> Reading:
    flagged = urgent or []
    return Reading(
        flags=frozenset(each.flag for each in flagged),
        ask=Rephrase(),
        why=(*_why_flagged(flagged), Why(None, words[:200], rule)),
    )


def _why_flagged(flagged: list[Flagged]) -> list[Why]:
    return [Why(each.flag.value, each.words, _RAISES) for each in flagged]


def _unclear(heard: Heard, out: Outcome) -> str:
    unsure = (f"{number}: {rule}" for number, rule in out.unsure.items())
    return "; ".join([*out.unread, *out.subjectless, *unsure])[:300] or heard.own[:200]


def _why_asked(ask: Ask) -> str:
    if isinstance(ask, RestPresent):
        return "nothing was said of these others"
    if isinstance(ask, WhichPupil):
        return "the name fits more than one pupil"
    if isinstance(ask, CountOrNumber):
        return "it may be how many, or a number of the prompt"
    return "a part of the message could not be read for certain"


__all__ = ["Flagged", "read"]
