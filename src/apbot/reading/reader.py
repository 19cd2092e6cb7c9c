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
from apbot.domain.words import Action, Flag, Half, Mark, Reason, Speaker
from apbot.reading import cases, pending
from apbot.reading.clauses import build
from apbot.reading.flags import Flagged, flags_beyond, flags_in, is_order, whole_flag
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import names_of
from apbot.reading.outcome import Outcome, gather
from apbot.reading.prepare import is_reaction, without_quotes, without_signature
from apbot.reading.statements import Clauses
from apbot.reading.tagging import (
    ABSENT_CODES,
    PRESENT_CODES,
    REASON_CODES,
    Item,
    tag,
)
from apbot.reading.times import minutes_of
from apbot.reading.tokens import Cut, Token, clean, cut_up
from apbot.reading.who import Whose, whom

_EARLIEST = 20
_CHATTER = frozenset((Kind.CHAT, Kind.THANKS))
_EMPTY_KINDS = frozenset((Kind.POINT, Kind.EMOJI))
_BESIDE_YES = frozenset(
    (
        *(Kind.YES, Kind.CHAT, Kind.CHAT_YES, Kind.THANKS, Kind.EMOJI, Kind.POINT, Kind.FILL),
        *(Kind.TODAY, Kind.GROUP, Kind.CODE, Kind.MORNING, Kind.AFTERNOON, Kind.NOW, Kind.THEY),
        *(Kind.CORRECTION, Kind.IT, Kind.JUST, Kind.AND, Kind.SPEAKER, Kind.YET),
    )
)
_URGENT = (Flag.CONCERN, Flag.EMERGENCY)
# More words than a register needs, or a text that was cut: too much to be sure of.
_TOO_MANY_TOKENS = 500


def read(reply: Reply, lexicon: Lexicon) -> Reading:
    """Return what the message means, by the reply contract. Any text at all gives a Reading."""
    text = clean(reply.text)
    own = without_quotes(text)
    cut = cut_up(own, lexicon.rewrites)
    if reply.speaker is not Speaker.PROVIDER:
        read_of = cases.read_case(reply, cut, lexicon)
        return _with_beyond(read_of, own, lexicon) if cut.is_cut else read_of
    if is_reaction(reply.text):
        return _rephrase("a phone's reaction, not an answer", own)
    return _Provider(reply, cut, own, lexicon).read()


def _with_beyond(made: Reading, own: str, lexicon: Lexicon) -> Reading:
    """What was read of a long text, with what stands beyond it; no case is over by such a text."""
    beyond = flags_beyond(own, lexicon)
    actions = tuple(
        replace(each, action=Action.NOTE) if each.action is Action.RESOLVE else each
        for each in made.cases
    )
    why = tuple(Why(f.flag.value, f.words, "words that raise this flag") for f in beyond)
    return replace(
        made,
        flags=made.flags | {each.flag for each in beyond},
        cases=actions,
        case_reasons={} if actions != made.cases else made.case_reasons,
        why=(*made.why, *why),
    )


def _rephrase(
    rule: str, words: str, flags: frozenset[Flag] = frozenset(), why: tuple[Why, ...] = ()
) -> Reading:
    return Reading(flags=flags, ask=Rephrase(), why=(*why, Why(None, words[:200], rule)))


class _Provider:
    """One provider's message on its way through."""

    def __init__(self, reply: Reply, cut: Cut, own: str, lexicon: Lexicon) -> None:
        self.reply, self.cut, self.own, self.lexicon = reply, cut, own, lexicon
        self.tokens = cut.tokens
        self.flagged = flags_in(self._flag_tokens(), lexicon)
        if cut.is_cut:
            found = {each.flag for each in self.flagged}
            beyond = flags_beyond(own, lexicon)
            self.flagged += [each for each in beyond if each.flag not in found]
        self.flags = {each.flag for each in self.flagged}
        self.numbers = tuple(pupil.number for pupil in reply.roster)

    def _flag_tokens(self) -> tuple[Token, ...]:
        """The words in which flags are looked for: pupils' own names raise none."""
        own = {
            t.word
            for p in self.reply.roster
            for t in cut_up(f"{p.name} {p.known_as or ''}", {}).tokens
        }
        return tuple(
            replace(t, word="·") if t.word in own and t.word not in _NEVER_MASKED else t
            for t in self.tokens
        )

    def read(self) -> Reading:
        words = tuple(t.word for t in self.tokens if t.kind in ("word", "number") or t.word == "?")
        urgent = frozenset(flag for flag in self.flags if flag in _URGENT)
        why = tuple(
            Why(each.flag.value, each.words, "words that raise this flag")
            for each in self.flagged
            if each.flag in _URGENT
        )
        if self.cut.is_cut or len(self.tokens) > _TOO_MANY_TOKENS:
            return _rephrase("too long to be sure of", self.own, urgent, why)
        if is_order(self.tokens, self.lexicon):
            return _rephrase("orders to the reader, not an answer", self.own, urgent, why)
        alone = whole_flag(words, self.lexicon) or whole_flag(
            tuple(w for w in words if w != "?"), self.lexicon
        )
        if alone is not None and not self._is_pending_word(words):
            return Reading(
                flags=frozenset({alone}), why=(Why(alone.value, self.own, "the whole message"),)
            )
        listed = self._codes_alone()
        if listed is not None:
            return listed
        return self._read_words()

    def _is_pending_word(self, words: tuple[str, ...]) -> bool:
        return False

    def _read_words(self) -> Reading:
        names = names_of(self.reply.roster, self.lexicon)
        items = without_signature(tag(self.tokens, self.lexicon, names, len(self.numbers)))
        clauses = build(items)
        whose = whom(clauses.statements, self.reply)
        answered = pending.answer(items, clauses, whose, self.reply)
        if answered is not None:
            why = tuple(Why(n, self.own, answered.rule) for n in answered.marks)
            return Reading(
                marks=answered.marks,
                ask=answered.ask,
                flags=self._flags(Outcome(), items, True)
                if answered.marks
                else frozenset(f for f in self.flags if f in _URGENT),
                why=why or (Why(None, self.own, answered.rule),),
            )
        out = gather(clauses, whose, self.reply, self.lexicon)
        if clauses.same_as_morning:
            self._same_as_morning(out)
        self._answer_yes_or_no(items, clauses, out)
        if _takes_back(items):
            for number in [n for n, mark in out.marks.items() if mark in (Mark.PRESENT, Mark.LATE)]:
                del out.marks[number]
                out.unsure[number] = "said, and taken back in the same breath"
        return self._reading(items, clauses, whose, out)

    # lists of nothing but codes

    def _codes_alone(self) -> Reading | None:
        """ "P P A P L", "👍", "✓✓✗": as many as pupils go in the prompt's order."""
        codes = self._without_chat()
        known = PRESENT_CODES | ABSENT_CODES | set(REASON_CODES) | {"l"}
        spelt = len(codes) > 2
        for token in codes:
            plain = spelt and token.word in _CODE_WORDS
            if token.kind in ("number", "pair") or not (plain or _code_word(token) in known):
                return None
        if not codes:
            return None
        if len(codes) == 1 and (self.reply.pending or codes[0].word in ("yes", "yep", "yeah")):
            return None
        words = [_code_word(t) for t in codes]
        if set(words) <= {"👍"} and len(words) != len(self.numbers):
            words = ["👍"]
        if len(words) == 1 and (
            len(self.numbers) > 1 or words[0] in ("y", "n", "👍", "👎", "yes", "yep")
        ):
            return (
                None
                if words[0] in ("y", "yes", "yep", "👍", "✓", "n", "👎", "x", "✗", "o")
                else _rephrase("one mark for more than one pupil", self.own)
            )
        if len(words) != len(self.numbers):
            return _rephrase("not as many marks as pupils", self.own)
        out = Outcome()
        for number, word in zip(self.numbers, words, strict=True):
            self._code(out, number, word)
        ask = self._ask(out, [], Clauses())
        return Reading(marks=out.marks, reasons=out.reasons, ask=ask, why=tuple(out.why))

    def _without_chat(self) -> list[Token]:
        """The tokens without thanks, greetings and points."""
        kept: list[Token] = []
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            phrase = self.lexicon.grammar.longest(self.tokens, at)
            polite = phrase is not None and phrase[1].kind in _CHATTER and token.word != "x"
            if phrase is not None and polite:
                to_all = self.tokens[at + phrase[0] - 1].word in ("all", "everyone", "team")
                at += phrase[0] - (to_all and phrase[0] > 1)
                continue
            if token.kind != "emoji" and token.word not in (",", "\n", ".", "-", "|", "!"):
                kept.append(token)
            at += 1
        return kept

    def _code(self, out: Outcome, number: int, word: str) -> None:
        why = Why(number, word, "the marks in the prompt's order")
        if word in PRESENT_CODES:
            if minutes_of(self.reply.sent_at) < minutes_of(self.reply.start) - _EARLIEST:
                out.too_early = True
                return
            out.present_named = True
            out.marks[number] = Mark.PRESENT
        elif word in REASON_CODES:
            out.marks[number] = Mark.ABSENT
            out.reasons[number] = Reason(REASON_CODES[word])
        elif word in ABSENT_CODES:
            out.marks[number] = Mark.ABSENT
        elif minutes_of(self.reply.sent_at) <= self._start(number) + 30:
            out.marks[number] = Mark.AWAITED
        else:
            out.unsure[number] = "late, but not said whether here yet"
            return
        out.why.append(why)

    def _start(self, number: int) -> int:
        pupil = next(p for p in self.reply.roster if p.number == number)
        return minutes_of(pupil.start or self.reply.start)

    # yes, no, the same as this morning

    def _answer_yes_or_no(self, items: list[Item], clauses: Clauses, out: Outcome) -> None:
        asked = self.reply.pending
        yes = pending.says_yes(items, clauses)
        no = pending.says_no(clauses)
        if isinstance(asked, RestPresent):
            self._answer_rest(asked, items, clauses, out, yes, no)
            return
        if (
            asked is not None
            or out.whole
            or out.marks
            or out.unread
            or out.subjectless
            or out.unsure
            or out.counts
            or out.which
        ):
            if asked is not None and (yes or no) and not out.marks:
                out.unread.append(self.own)
            return
        negative = any(i.kind is Kind.NOT for i in items) and not clauses.statements
        if negative and len(self.numbers) == 1 and any(i.kind is Kind.YET for i in items):
            negative = minutes_of(self.reply.sent_at) >= self._start(self.numbers[0]) + 15
        if len(self.numbers) == 1 and (no or negative or self._says_down(items)):
            out.marks[self.numbers[0]] = Mark.ABSENT
            out.why.append(Why(self.numbers[0], self.own, "no, of the one pupil asked about"))
        elif yes and any(i.kind is Kind.NOT for i in items):
            out.unread.append(self.own)
        elif yes and not self.reply.marks and not clauses.hedges and self._is_plain_yes(items):
            self._yes_to_first(out)
        elif yes or no or self._says_down(items):
            if self._due(out):
                out.unread.append(self.own)
            else:
                out.quiet.add(-1)

    @staticmethod
    def _is_plain_yes(items: list[Item]) -> bool:
        """Whether nothing stands beside the yes that is not small talk ("yes but we're shut")."""
        return all(item.kind in _BESIDE_YES or item.value == "'s" for item in items)

    @staticmethod
    def _says_down(items: list[Item]) -> bool:
        plain = [i for i in items if i.kind not in (Kind.POINT, Kind.CHAT, Kind.THANKS, Kind.EMOJI)]
        return bool(plain) and all(i.kind is Kind.CODE and i.value in ABSENT_CODES for i in plain)

    def _yes_to_first(self, out: Outcome) -> None:
        if minutes_of(self.reply.sent_at) < minutes_of(self.reply.start) - _EARLIEST:
            out.too_early = True
            return
        out.whole = True
        for pupil in self.reply.roster:
            own = pupil.start is not None and minutes_of(self.reply.sent_at) < minutes_of(
                pupil.start
            )
            if pupil.known_absence is None and not own:
                out.marks[pupil.number] = Mark.PRESENT
                out.why.append(Why(pupil.number, self.own, "yes, to who is in"))

    def _answer_rest(
        self,
        asked: RestPresent,
        items: list[Item],
        clauses: Clauses,
        out: Outcome,
        yes: bool,
        no: bool,
    ) -> None:
        if out.left_over:
            out.left_over = False
        if clauses.hedges and not out.marks:
            return
        exceptions = any(s.is_except for s in clauses.statements)
        too = any(s.is_too for s in clauses.statements)
        not_here = {n for n, mark in out.marks.items() if mark not in (Mark.PRESENT, Mark.LATE)}
        if no and (too or (not_here and self._adds_absent(clauses))):
            for statement in clauses.statements:
                for ref in statement.refs:
                    if ref.what == "pupils" and len(ref.pupils) == 1 and not statement.says:
                        out.marks[ref.pupils[0]] = Mark.ABSENT
                        out.why.append(Why(ref.pupils[0], self.own, "no, this one too is not in"))
                        out.named.add(ref.pupils[0])
            self._others_present(asked, out)
            return
        yes = yes or self._they_are(items)
        if yes and not out.unread and not out.counts:
            if out.which and not exceptions:
                return
            self._others_present(asked, out)
            return
        if no and not out.marks:
            out.unread.append(self.own)

    @staticmethod
    def _they_are(items: list[Item]) -> bool:
        plain = [i for i in items if i.kind not in (Kind.POINT, Kind.CHAT, Kind.THANKS, Kind.EMOJI)]
        return (
            len(plain) == 1
            and plain[0].kind is Kind.THEY
            and "are" in plain[0].text.lower() + plain[0].value
        )

    @staticmethod
    def _adds_absent(clauses: Clauses) -> bool:
        return any(i.kind is Kind.TOO for s in clauses.statements for i in s.items)

    def _others_present(self, asked: RestPresent, out: Outcome) -> None:
        out.whole = True
        unclear = {n for _, fits, _ in out.which for n in fits}
        for number in asked.pupils:
            if (
                number in out.marks
                or number in out.unsure
                or number in unclear
                or number in out.named
            ):
                continue
            out.marks[number] = Mark.PRESENT
            out.why.append(Why(number, self.own, "yes, the others are in"))

    def _same_as_morning(self, out: Outcome) -> None:
        same = {Mark.PRESENT: Mark.PRESENT, Mark.LATE: Mark.PRESENT, Mark.ABSENT: Mark.ABSENT}
        if self.reply.half is not Half.PM or not self.reply.am_marks:
            out.unread.append(self.own)
            return
        out.whole = True
        for number in self.numbers:
            mark = same.get(self.reply.am_marks.get(number, Mark.LEFT))
            if number in out.named or number in out.marks:
                continue
            if mark is not None:
                out.marks[number] = mark
                out.why.append(Why(number, self.own, "the same as this morning"))
            elif not self._is_known_absent(number):
                out.unread.append(self.own)

    def _is_known_absent(self, number: int) -> bool:
        return any(p.number == number and p.known_absence is not None for p in self.reply.roster)

    # what to ask, and the flags

    def _reading(self, items: list[Item], clauses: Clauses, whose: Whose, out: Outcome) -> Reading:
        closed = self._is_closed(out)
        if closed:
            flags = frozenset({Flag.CLOSED, *(f for f in self.flags if f in _URGENT)})
            return Reading(
                flags=flags, why=(Why(Flag.CLOSED.value, self.own, "not running this session"),)
            )
        flags = self._flags(
            out,
            items,
            bool(
                out.marks or out.unread or out.subjectless or out.unsure or out.counts or out.which
            ),
        )
        ask = self._ask(out, items, clauses, flags)
        alone = not out.marks and not out.counts and not out.which
        if alone and flags & {Flag.HELP, Flag.OPT_OUT, Flag.WRONG_NUMBER}:
            ask = None
        if alone and isinstance(ask, Rephrase) and flags & set(_URGENT) and not out.whole:
            ask = None
        why = [each for each in out.why if each.about is None or each.about in out.marks]
        why += [
            Why(each.flag.value, each.words, "words that raise this flag")
            for each in self.flagged
            if each.flag in flags
        ]
        if ask is not None:
            why.append(Why(None, self._unclear(out), _asked_because(ask)))
        return Reading(
            marks=dict(sorted(out.marks.items())),
            reasons=dict(
                sorted(
                    (n, r)
                    for n, r in out.reasons.items()
                    if n in out.marks or n in self.reply.marks
                )
            ),
            times=dict(sorted((n, t) for n, t in out.times.items() if n in out.marks)),
            flags=flags,
            ask=ask,
            why=tuple(why),
        )

    def _unclear(self, out: Outcome) -> str:
        parts = [*out.unread, *out.subjectless, *(f"{n}: {rule}" for n, rule in out.unsure.items())]
        return "; ".join(parts)[:300] or self.own[:200]

    def _is_closed(self, out: Outcome) -> bool:
        if Flag.CLOSED not in self.flags:
            return False
        here = {Mark.PRESENT, Mark.LATE}
        return not any(mark in here for mark in out.marks.values())

    def _flags(self, out: Outcome, items: list[Item], has_report: bool) -> frozenset[Flag]:
        flags = {flag for flag in self.flags if flag in _URGENT}
        for flag in (Flag.WRONG_NUMBER, Flag.OPT_OUT, Flag.HELP):
            if flag in self.flags and not out.marks and not out.counts:
                return frozenset({flag, *flags})
        if (
            Flag.QUESTION in self.flags
            or Flag.CLOSED in self.flags
            or out.question
            or out.leaving
            or (
                any(item.value == "?" for item in items)
                and self._asks_something(items)
                and not any(item.kind is Kind.HEDGE for item in items)
            )
            or (any(i.kind is Kind.STAFF for i in items) and self._staff_off(items))
        ):
            flags.add(Flag.QUESTION)
        return frozenset(flags)

    @staticmethod
    def _asks_something(items: list[Item]) -> bool:
        words = [item for item in items if item.kind not in _EMPTY_KINDS]
        return len(words) > 1

    @staticmethod
    def _staff_off(items: list[Item]) -> bool:
        for at, item in enumerate(items):
            near = items[at + 1 : at + 4]
            if item.kind is Kind.STAFF and any(
                i.kind is Kind.MARK and i.value in ("absent", "late") for i in near
            ):
                return True
        return False

    def _due(self, out: Outcome) -> list[int]:
        """Whoever is due now and has no mark, from this message or before."""
        now = minutes_of(self.reply.sent_at)
        due = []
        for pupil in self.reply.roster:
            n = pupil.number
            own = pupil.start is not None and now < minutes_of(pupil.start)
            if n in out.marks or n in self.reply.marks or pupil.known_absence is not None or own:
                continue
            if n not in out.quiet:
                due.append(n)
        return due

    def _ask(
        self,
        out: Outcome,
        items: list[Item],
        clauses: Clauses,
        flags: frozenset[Flag] = frozenset(),
    ) -> Ask | None:
        if out.which:
            said, fits, mark = out.which[0]
            return WhichPupil(said, tuple(sorted(fits)), mark)
        if out.counts and not out.unread and len(out.counts) == 1:
            n, mark = out.counts[0]
            return CountOrNumber(n, mark)
        if out.counts:
            if len(out.counts) == 1 and not out.marks:
                return Rephrase()
            if len(out.counts) == 1:
                return CountOrNumber(*out.counts[0])
            return Rephrase()
        if out.unread or out.unsure or out.left_over or out.too_early:
            return Rephrase()
        if out.subjectless and not (flags & {Flag.QUESTION, *_URGENT}):
            return Rephrase()
        if out.asked_again:
            return RestPresent(tuple(out.asked_again))
        due = self._due(out)
        if not out.marks:
            return self._ask_of_nothing(out, items, clauses, flags, due)
        if not due:
            return None
        if out.present_named or (clauses.hedges and not self._is_only_exceptions(out)):
            return Rephrase()
        if minutes_of(self.reply.sent_at) < minutes_of(self.reply.start):
            return None
        return RestPresent(tuple(due))

    @staticmethod
    def _is_only_exceptions(out: Outcome) -> bool:
        return all(mark is not Mark.PRESENT for mark in out.marks.values())

    def _ask_of_nothing(
        self,
        out: Outcome,
        items: list[Item],
        clauses: Clauses,
        flags: frozenset[Flag],
        due: list[int],
    ) -> Ask | None:
        if flags or out.elsewhen or out.leaving or out.reasons or out.quiet or out.asked:
            return None
        if out.whole and not due:
            return None
        if clauses.scraps or clauses.hedges or clauses.answers:
            return Rephrase()
        if self._is_chatter(items, due):
            return None
        return Rephrase()

    def _is_chatter(self, items: list[Item], due: list[int]) -> bool:
        words = [item for item in items if item.kind not in _EMPTY_KINDS]
        if not words:
            return not due and bool(items) and any(i.kind is Kind.EMOJI for i in items) and False
        if any(i.kind in (Kind.NAME, Kind.NUMBER, Kind.EVERYONE, Kind.REST) for i in words):
            return False
        fine = [i for i in words if i.kind in _CHATTER]
        unknown = [i for i in words if i.kind is Kind.UNKNOWN]
        if not due:
            return len(unknown) * 2 <= len(words)
        return bool(fine) and not unknown


_BESIDE_NO = frozenset((*_CHATTER, *_EMPTY_KINDS, Kind.TODAY))


def _takes_back(items: list[Item]) -> bool:
    """ "all in... not", "all in no wait", "all in wrong group": the last word undoes the rest."""
    said = [item for item in items if item.kind not in _BESIDE_NO]
    if len(said) < 2:
        return False
    last, before = said[-1], said[-2]
    if last.kind is Kind.CORRECTION:
        return "no" in last.value.split()
    after_mark = before.kind in (Kind.MARK, Kind.EVERYONE_IN)
    denied = last.kind is Kind.NO or (last.kind is Kind.NOT and last.value in ("not", "no"))
    return last.kind is Kind.SCRAP or (denied and after_mark)


_CODE_WORDS = {
    **dict.fromkeys(("yes", "yep", "yeah", "in", "here", "present"), "p"),
    **dict.fromkeys(("no", "nope", "off", "out", "absent", "away"), "a"),
    "late": "l",
}


def _code_word(token: Token) -> str:
    """The register code that a token stands for, or the token's own word."""
    if len(token.typed) == 1:
        return token.typed.lower() if token.kind == "word" else token.word
    return _CODE_WORDS.get(token.word, token.word)


_NEVER_MASKED = frozenset(("police", "knife", "blood"))


def _asked_because(ask: Ask) -> str:
    if isinstance(ask, RestPresent):
        return "nothing was said of these others"
    if isinstance(ask, WhichPupil):
        return "the name fits more than one pupil"
    if isinstance(ask, CountOrNumber):
        return "it may be how many, or a number of the prompt"
    return "a part of the message could not be read for certain"


__all__ = ["Flagged", "read"]
