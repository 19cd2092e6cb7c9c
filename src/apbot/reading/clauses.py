"""
Clauses: who is spoken of, and what is said of them.

A tagged message becomes statements in the order of its words. People leave out points and commas,
so a new statement begins where somebody else is named after something was said, not only where a
sentence ends. What a word governs (a "not", an "I think", a "yesterday") goes to one statement.
"""

from collections.abc import Sequence
from dataclasses import replace

from apbot.reading.lexicon import Kind
from apbot.reading.statements import Clauses, Ref, Said, Statement
from apbot.reading.tagging import Item

_SUBJECTS = frozenset(
    (
        Kind.NAME,
        Kind.NUMBER,
        Kind.RANGE,
        Kind.PAIR,
        Kind.EVERYONE,
        Kind.EVERYONE_IN,
        Kind.REST,
        Kind.NOBODY,
        Kind.BOTH,
    )
)
_GROUPS = frozenset((Kind.EVERYONE, Kind.EVERYONE_IN, Kind.REST, Kind.NOBODY))
_PRONOUNS = frozenset((Kind.HE, Kind.SHE, Kind.THEY))
_SAYS = frozenset((Kind.MARK, Kind.REASON, Kind.ON_THE_WAY, Kind.CODE, Kind.NOT_YET))
_SMALL = frozenset(
    (
        Kind.FILL,
        Kind.TODAY,
        Kind.GROUP,
        Kind.ONLY,
        Kind.TOO,
        Kind.NOW,
        Kind.YET,
        Kind.CHAT,
        Kind.EMOJI,
        Kind.CORRECTION,
        Kind.SPEAKER,
        Kind.MORNING,
        Kind.AFTERNOON,
    )
)
# "a row between Aiden and Femi": names that something else is said to.
_LEADING_OBJECT = frozenset((Kind.ORDINARY, Kind.WITH, Kind.REPORTS, Kind.FROM))
_COMPANY = frozenset(
    (
        *(Kind.NAME, Kind.UNKNOWN, Kind.STAFF, Kind.RELATION, Kind.FILL, Kind.AND),
        *(Kind.SPEAKER, Kind.SHE, Kind.HE),
    )
)
_LIST_GAPS = frozenset((",", "-", ":", "(", "/", "&", "+", "|", '"', "*", "_", "=", ">", "~"))
_PROMISES = (
    "will ",
    "let ",
    "checking",
    "bear",
    "bare",
    "give",
    "gimme",
    "hang",
    "hold",
    "going to",
    "gonna",
    "just checking",
    "double",
    "one sec",
    "two secs",
    "2 secs",
    "wait",
    "find out",
    "trying",
    "ask",
    "to be",
    "tbc",
    "doing",
    "on it",
)
_COMPARING = frozenset(("unlike", "like", "than", "compared", "after", "from", "since", "not like"))


def build(items: Sequence[Item]) -> Clauses:
    """Return the statements of a tagged message."""
    return _Builder(items).run()


class _Builder:
    def __init__(self, items: Sequence[Item]) -> None:
        self.items = list(items)
        self.out = Clauses()
        self.cur: Statement | None = None
        self.pushed: Statement | None = None
        self.except_open = False
        self.gap = ""
        self.line = self.sentence = 0
        self.prefix = Statement()
        self.last: Statement | None = None
        self.header: Statement | None = None
        self.negated = False
        self.hedge_next = False
        self.void = False
        self.i = 0

    def run(self) -> Clauses:
        while self.i < len(self.items):
            item = self.items[self.i]
            self._take(item)
            if item.kind is not Kind.POINT:
                self.gap = ""
            self.i += 1
        self._close()
        return self.out

    # one item

    def _take(self, item: Item) -> None:
        kind = item.kind
        if kind is Kind.POINT:
            self._point(item)
        elif self.void and not (kind in (Kind.REST, Kind.EVERYONE) and self.gap):
            return
        elif kind in (Kind.EVERYONE, Kind.EVERYONE_IN, Kind.REST, Kind.NOBODY, Kind.BOTH):
            self.void = False
            self._group(item)
        elif kind in _SUBJECTS:
            self._subject(item)
        elif kind in _PRONOUNS:
            self._pronoun(item)
        elif kind in _SAYS:
            self._say(item)
        elif kind in (Kind.EXCEPT, Kind.BUT):
            self._except(item)
        elif kind is Kind.UNKNOWN:
            self._unknown(item)
        else:
            self._small(item)

    def _small(self, item: Item) -> None:
        kind = item.kind
        handler = {
            Kind.ONLY: self._only,
            Kind.NOT: self._not,
            Kind.HEDGE: self._hedge,
            Kind.IF: self._if,
            Kind.WITH: self._with,
            Kind.RELATION: self._relation,
            Kind.STAFF: self._staff,
            Kind.VEHICLE: self._vehicle,
            Kind.IT: self._it,
            Kind.SPEAKER: self._speaker,
            Kind.TIME: self._time,
            Kind.SUBGROUP: self._subgroup,
            Kind.SAME: self._same,
            Kind.YES: self._answer,
            Kind.NO: self._answer,
        }.get(kind)
        if handler is not None:
            handler(item)
            return
        if kind in (
            Kind.PAST_DAY,
            Kind.FUTURE_DAY,
            Kind.WEEKDAY,
            Kind.MORNING,
            Kind.AFTERNOON,
            Kind.TODAY,
            Kind.DATE,
            Kind.UNTIL,
            Kind.SINCE,
            Kind.FROM,
            Kind.LUNCH,
        ):
            self._day(item)
            return
        if kind is Kind.SAME_AS_MORNING:
            self.out.same_as_morning = True
        elif kind is Kind.SCRAP:
            self.out.scraps = True
            self._close()
        elif kind is Kind.CORRECTION:
            self.out.corrects = True
            (self.cur or self.prefix).is_correction = True
        elif kind in (Kind.NOW, Kind.YET, Kind.TOO) or self._is_too_last(item):
            self._adverb(item)
        elif kind is Kind.REPORTS and self.cur is not None and not self.cur.says:
            self.cur.possessed = ""
        self._keep(item)

    def _is_too_last(self, item: Item) -> bool:
        """ "Stan absent, Tegwen also": the last of what is said of her."""
        following = self._peek(0)
        named = self.cur is not None and bool(self.cur.refs) and not self.cur.says
        return item.value == "also" and named and (following is None or following.is_hard)

    def _keep(self, item: Item) -> None:
        if self.cur is not None:
            self.cur.items.append(item)
        else:
            self.prefix.items.append(item)

    def _adverb(self, item: Item) -> None:
        target = self.cur or self.prefix
        if item.kind is Kind.NOW:
            target.is_now = True
        elif item.kind is Kind.YET:
            target.is_yet = True
        elif self.cur is not None and item.value != "even":
            self.cur.is_too = self.cur.is_too or not self.cur.says
        else:
            self.prefix.is_too = True

    # points

    def _point(self, item: Item) -> None:
        value = item.value
        if item.is_hard:
            self._end_sentence(value)
            return
        if value == "(" or value == "[":
            self._open()
        elif value in (")", "]"):
            self._shut()
        elif self.void and value in (",", "-"):
            self.void = False
        if value == ":" and self.cur is not None and self.cur.marks and not self.cur.refs:
            self.cur.header = True
        self.gap = value

    def _end_sentence(self, value: str) -> None:
        self.void = False
        cur = self.cur
        colon = self.gap in (":", "-") and value == "\n"
        headed = cur is not None and cur.marks and not cur.refs and (colon or value == "\n")
        if value == "?":
            self._question()
        if headed and cur is not None and self._only_names_follow():
            cur.header = True
            self.header = cur
            self.cur = None
        else:
            blank = (
                value == "\n"
                and self.items[self.i - 1 : self.i]
                and self.items[self.i - 1].value == "\n"
            )
            self._close()
            if value not in ("\n", ";") or blank or not self._only_names_follow():
                self.header = None
        if value == "\n":
            self.line += 1
        if not (value == ";" or (value == "\n" and colon)) and self.except_open:
            self.except_open = (
                value == "\n" and self._only_names_follow() and self.gap in (":", "-", ",")
            )
        self.sentence += value != ";"
        self.prefix = Statement()
        self.negated = self.hedge_next = False
        self.gap = value

    def _question(self) -> None:
        for each in (*self.out.statements, *([self.cur] if self.cur else [])):
            if each.sentence == self.sentence:
                each.is_question = True

    def _only_names_follow(self) -> bool:
        """Whether the next line is somebody and nothing said of them."""
        found = False
        for item in self.items[self.i + 1 :]:
            if item.is_hard:
                if found:
                    return True
                if item.value != "\n":
                    return False
                continue
            if item.kind in (Kind.NAME, Kind.NUMBER, Kind.UNKNOWN, Kind.RANGE):
                found = True
            elif item.kind in (Kind.MARK, Kind.CODE) or (not found and item.kind is not Kind.POINT):
                return False
        return found

    def _open(self) -> None:
        following = self._peek(0)
        if self.cur is None or following is None or self.pushed is not None:
            return
        if following.kind in _SUBJECTS or following.kind in (Kind.EXCEPT, Kind.ONLY, Kind.BUT):
            return
        if not self.cur.refs or len(self.cur.refs) == 1 or self.cur.marks:
            return
        self.pushed = self.cur
        self.cur = self._new()
        self.cur.refs = [self.pushed.refs[-1]]
        self.cur.is_except = self.pushed.is_except

    def _shut(self) -> None:
        if self.pushed is not None:
            back, self.pushed = self.pushed, None
            self._close()
            self.cur = back

    # who

    def _new(self) -> Statement:
        made = self.prefix
        self.prefix = Statement()
        made.line, made.sentence = self.line, self.sentence
        return made

    def _close(self) -> None:
        if self.pushed is not None:
            inner, self.cur = self.cur, self.pushed
            self.pushed = None
            if inner is not None and (inner.refs or inner.marks):
                self.out.statements.append(inner)
        cur, self.cur = self.cur, None
        if cur is not None:
            cur.reasons.extend(cur.lead_reasons)
            cur.lead_reasons = []
        if cur is not None and (cur.refs or cur.says or cur.times):
            if self.negated:
                cur.has_open_not = True
            self.out.statements.append(cur)
            if cur.refs:
                self.last = cur
        self.negated = False

    def _add(self, ref: Ref, item: Item) -> None:
        cur = self.cur
        if cur is not None and self._must_part(cur, ref):
            header = cur if cur.mark_first and (cur.header or cur.reasons or cur.times) else None
            only_list = cur.is_except and (self.gap in _LIST_GAPS or self._linked())
            self._close()
            cur = None
            if header is not None and not self._own_predicate():
                cur = self.cur = self._new()
                cur.marks = [replace(m, place=-1) for m in header.marks]
                cur.mark_first = cur.header = True
            self.except_open = self.except_open and only_list
        if cur is None:
            nobody = self.last is not None and self.last.refs[-1].what == "nobody"
            cur = self.cur = self._new()
            if nobody and self.last is not None and not self.last.says and not self.gap:
                # "no one told me chloe was in" does not say that she is.
                cur.is_doubtful = self.last.sentence == self.sentence and not self.except_open
            cur.is_except = cur.is_except or self.except_open
            if self.header is not None and not self._own_predicate():
                cur.marks = [replace(m, place=-1) for m in self.header.marks]
                cur.mark_first = cur.header = True
        if cur.ref_place < 0 or not cur.refs:
            cur.ref_place = len(cur.items)
            before = self.items[self.i - 1] if self.i and not self.gap else None
            to = before is not None and before.value in (
                "to",
                "for",
                "about",
                "of",
                "at",
                "against",
            )
            cur.is_object = to or (before is not None and before.kind in _LEADING_OBJECT)
        if self.negated and not cur.refs and not cur.marks:
            cur.negates_who, self.negated = True, False
            cur.neither = self._negating()
        if ref.what in ("everyone", "rest", "nobody"):
            cur.is_except = False
        cur.refs.append(replace(ref, comma=self.gap == ","))
        cur.items.append(item)
        if item.has_s and self._peek(0) is not None:
            self._possession(cur)

    def _negating(self) -> str:
        """The word that negates the name here, where it is a "neither" or a "not"."""
        before = [i.value for i in self.items[max(0, self.i - 2) : self.i]]
        found = [value for value in before if value in ("neither", "nor", "not")]
        return found[0] if found else ""

    def _must_part(self, cur: Statement, ref: Ref) -> bool:
        if cur.mark_first:
            if not cur.refs:
                return False
            said_since = bool(cur.reasons or len(cur.marks) > 1 or cur.times)
            return said_since or self._own_predicate()
        if cur.says or cur.is_void or cur.is_too:
            return True
        if cur.negates_who and self.gap == "," and not cur.neither:
            return True
        if cur.times and cur.refs:
            return True
        if cur.refs and self.gap == "," and cur.items and cur.items[-1].value in _IS:
            return True
        whole = ("everyone", "rest", "nobody")
        if cur.refs and (ref.what in whole) != (cur.refs[-1].what in whole):
            return cur.refs[-1].what != "other"
        if cur.refs and (cur.possessed or cur.refs[-1].what == "other"):
            return True
        return bool(cur.refs and cur.is_hedged and self.gap == ",")

    def _own_predicate(self) -> bool:
        """Whether something is said after the names that begin here, before the sentence ends."""
        for step, item in enumerate(self.items[self.i + 1 :]):
            if item.is_hard:
                return False
            if item.kind in _GROUPS:
                return False
            if item.kind in _SAYS or (item.kind is Kind.NOT and step):
                return True
            if item.kind is Kind.POINT and item.value in ("(",):
                return False
            if item.kind in _SUBJECTS or item.kind in (
                Kind.AND,
                Kind.FILL,
                Kind.TODAY,
                Kind.UNKNOWN,
                Kind.YET,
                Kind.TOO,
                Kind.ONLY,
                Kind.NOW,
                *_PRONOUNS,
            ):
                continue
            if item.kind is Kind.POINT and item.value in _LIST_GAPS:
                continue
            return False
        return False

    def _linked(self) -> bool:
        before = self.items[self.i - 1] if self.i else None
        return (
            before is not None and before.kind in (Kind.AND, Kind.FILL, Kind.ONLY)
        ) or self.gap != ""

    def _possession(self, cur: Statement) -> None:
        """ "chloe's mum": what is said next is of her mum, or of her bus; else 's is "is"."""
        step = 0
        item = self._peek(step)
        while (
            item is not None
            and item.kind is Kind.ORDINARY
            and step < 1
            and item.value not in ("got", "been", "just", "not")
        ):
            step += 1
            item = self._peek(step)
        if item is None:
            return
        if item.kind is Kind.RELATION:
            cur.possessed = item.value
        elif item.kind is Kind.VEHICLE or (item.kind is Kind.REASON and item.value == "transport"):
            cur.possessed = "transport"
        elif self._is_thing_of():
            cur.possessed = "thing"
        elif step == 0 and (item.kind is Kind.UNKNOWN or self._is_friend(item)):
            cur.is_doubtful = True
        elif (
            step == 1
            and item.kind in (Kind.FILL, Kind.MARK, Kind.REASON)
            and self._peek(0) is not None
        ):
            cur.possessed = "thing"

    def _is_friend(self, item: Item) -> bool:
        """ "femi's mate is in": a word for him that is small talk elsewhere."""
        following = self._peek(1)
        return item.kind is Kind.CHAT and following is not None and following.kind is Kind.FILL

    def _is_thing_of(self) -> bool:
        """ "jamie's new trim is sick": one to three words that say nothing, and then a verb."""
        for step in range(4):
            item = self._peek(step)
            if item is None:
                return False
            if item.kind is Kind.FILL and item.value in ("is", "was", "looks", "are", "has"):
                return step > 0
            if item.kind not in (Kind.ORDINARY, Kind.UNKNOWN) or item.value in _NO_THING:
                return False
        return False

    def _subject(self, item: Item) -> None:
        if item.kind is Kind.NAME:
            ref = Ref(
                "pupils",
                item.text,
                item.pupils,
                is_plural=item.is_plural,
                is_other=item.is_other,
                fit=int(item.fit),
            )
            previous = self.cur.refs[-1] if self.cur and self.cur.refs else None
            counted = (
                previous is not None
                and (
                    previous.what == "both"
                    or (previous.what in ("everyone", "number") and not self.cur.says)
                )
                if self.cur
                else False
            )
            if counted and item.is_plural and previous is not None and self.cur is not None:
                count = previous.count or (2 if previous.what == "both" else previous.n) or None
                self.cur.refs[-1] = replace(ref, is_plural=True, count=count, pupils=ref.pupils)
                self.cur.items.append(item)
                return
            if self._swap(item, ref):
                return
        elif item.kind is Kind.NUMBER:
            if self._counts_a_group(item):
                return
            ref = Ref(
                "number",
                item.text,
                n=item.n,
                is_explicit=item.is_explicit,
                is_plural=item.is_plural,
            )
            if self._swap(item, ref):
                return
        elif item.kind is Kind.RANGE:
            ref = Ref("range", item.text, n=item.n, n_to=item.n_to, is_explicit=True)
        else:
            ref = Ref("pair", item.text, n=item.n, n_to=item.n_to)
            if self._counts_a_group(item):
                return
        self._add(ref, item)

    def _swap(self, item: Item, ref: Ref) -> bool:
        """ "4 not 3", "Hassan not Hussein": a correction, the first for the second."""
        no, second = self._peek(0), self._peek(1)
        if no is None or second is None or no.kind is not Kind.NOT or no.value != "not":
            return False
        if second.kind is not item.kind or (self.cur is not None and self.cur.says):
            return False
        third = self._peek(2)
        if third is not None and not third.is_hard and third.kind in _SAYS:
            return False
        other = Ref(
            ref.what, second.text, second.pupils, n=second.n, is_explicit=True, fit=int(second.fit)
        )
        self.out.swaps.append((replace(ref, is_explicit=True), other))
        self.i += 2
        return True

    def _counts_a_group(self, item: Item) -> bool:
        """ "all 6", "the rest (4)": a count that must agree with the group it stands by."""
        cur = self.cur or (self.out.statements[-1] if self.out.statements else None)
        if self.prefix.is_except or self.except_open:
            return False
        if cur is None or not cur.refs or cur.refs[-1].what not in ("everyone", "rest", "both"):
            return False
        following = self._peek(0)
        close = self.cur is not None and not cur.says
        group = following is not None and following.kind in (Kind.GROUP, Kind.SUBGROUP)
        ends = (
            following is None
            or following.is_hard
            or following.kind in (Kind.CHAT, Kind.THANKS, Kind.EMOJI)
            or following.value in (")", ",")
        )
        pair = item.kind is Kind.PAIR
        if not (
            close
            or (cur.sentence == self.sentence and (ends or group) and cur.refs[-1].count is None)
            or pair
        ):
            return False
        if not close and (cur.is_except or item.is_explicit):
            return False
        count = item.n if not pair or item.n == item.n_to else -1
        cur.refs[-1] = replace(cur.refs[-1], count=count)
        cur.items.append(item)
        return True

    def _group(self, item: Item) -> None:
        cur = self.cur
        if item.kind is Kind.BOTH:
            if cur is not None and cur.refs and not cur.says:
                cur.items.append(item)
                return
            self._add(Ref("both", item.text), item)
            return
        what = {Kind.EVERYONE_IN: "everyone", Kind.EVERYONE: "everyone", Kind.REST: "rest"}.get(
            item.kind, "nobody"
        )
        after_names = (
            cur is not None
            and cur.refs
            and not cur.says
            and cur.refs[-1].what in ("pupils", "number", "range")
            and not cur.is_except
            and not cur.is_object
            and (not self.gap or len(cur.refs) > 1)
        )
        if item.kind is Kind.EVERYONE and item.value == "all" and after_names and cur is not None:
            cur.items.append(item)
            return
        if (
            item.kind is Kind.EVERYONE
            and cur is not None
            and cur.refs
            and not cur.says
            and cur.refs[-1].what in ("everyone", "rest", "they")
        ):
            if cur.refs[-1].what == "they":
                cur.refs[-1] = Ref("everyone", item.text)
            cur.items.append(item)
            return
        if self.negated and what == "everyone":
            self.negated = False
            self._close()
            made = self._new()
            made.is_hedged = True
            made.refs = [Ref("everyone", item.text)]
            made.items.append(item)
            self.cur = made
            return
        self._add(Ref(what, item.text), item)
        before = self.items[self.i - 1].value if self.i else ""
        after = self._peek(0)
        if before in _SENDING and after is not None and after.text.lower() in ("home", "off home"):
            self.cur_marks().append(Said("left", False, f"{before} home", 0))
            self.i += 1
            return
        if item.kind is Kind.EVERYONE_IN and self.cur is not None:
            self.cur.marks.append(Said("present", False, item.text, len(self.cur.items)))

    def cur_marks(self) -> list[Said]:
        """The marks of the statement that is being made."""
        return self.cur.marks if self.cur is not None else []

    def _subgroup(self, item: Item) -> None:
        cur = self.cur
        if (
            cur is not None
            and cur.refs
            and not cur.says
            and cur.refs[-1].what in ("everyone", "rest", "both")
        ):
            if cur.refs[-1].count is None:
                cur.refs[-1] = replace(cur.refs[-1], what="subgroup")
            cur.items.append(item)
            return
        self._keep(item)

    def _pronoun(self, item: Item) -> None:
        cur = self.cur
        following = self._peek(0)
        if (
            cur is not None
            and cur.refs
            and not cur.says
            and not self.gap
            and cur.refs[-1].what != "other"
        ):
            cur.items.append(item)
            if cur.possessed and cur.possessed != "transport":
                cur.possessed, cur.is_doubtful = "", True
            return
        if following is not None and following.kind in (Kind.EVERYONE, Kind.BOTH, Kind.EVERYONE_IN):
            return
        if cur is not None and cur.refs and cur.is_except and not cur.says:
            cur.items.append(item)
            return
        what = {Kind.HE: "he", Kind.SHE: "she"}.get(item.kind, "they")
        self.except_open = False if self.gap in (".",) else self.except_open
        was_except = cur.is_except if cur is not None else bool(self.last and self.last.is_except)
        self._close()
        made = self.cur = self._new()
        made.ref_place = len(made.items)
        made.continues = True
        made.refs = self._meant(what, item)
        made.is_except = was_except and made.refs[0].what == "pupils" and self.except_open
        made.items.append(item)

    def _meant(self, what: str, item: Item) -> list[Ref]:
        last = self.last
        if last is None or not last.refs:
            return [Ref(what, item.text)]
        if last.possessed and last.says and last.possessed not in ("transport", "thing"):
            female = last.possessed.split()[-1].rstrip("s") in (
                "mum",
                "mam",
                "mom",
                "mother",
                "nan",
                "sister",
                "auntie",
                "aunt",
                "gran",
                "girlfriend",
                "nana",
                "grandma",
                "daughter",
            )
            if what == "they" or female == (what == "she"):
                return [Ref(what, item.text)]
        named = [ref for ref in last.refs if ref.what in ("pupils", "number", "range")]
        if named and self.gap == "(" and what != "they":
            return [named[-1]]
        if named and (what == "they" or (len(last.refs) == 1 and len(named[0].pupils) <= 1)):
            return list(last.refs)
        if what == "they" and last.refs[-1].what in ("everyone", "rest"):
            return [Ref("everyone" if last.refs[-1].what == "everyone" else "rest", item.text)]
        if what != "they":
            single = [
                s for s in reversed(self.out.statements) if s.refs and s.refs[-1].what == "pupils"
            ]
            if (
                single
                and len(single[0].refs) == 1
                and last.refs[-1].what in ("other", "rest", "everyone")
            ):
                return list(single[0].refs)
            if last.refs[-1].what in ("unknown", "other"):
                return list(last.refs)
        return [Ref(what, item.text)]

    def _unknown(self, item: Item) -> None:
        before = self.items[self.i - 1] if self.i else None
        cur = self.cur
        companion = before is not None and before.kind in (Kind.WITH,)
        wanted = self.except_open and (
            cur is None or (cur.is_except and (not cur.says or self._linked()))
        )
        wanted = wanted or (self.prefix.is_only and cur is None)
        listed = (
            cur is not None
            and cur.refs
            and not cur.says
            and before is not None
            and (before.kind is Kind.AND or self.gap == ",")
        )
        starts = cur is None or cur.says or bool(listed) or wanted or not cur.refs
        if not companion and starts and (wanted or self._predicate_near() or self._same_before()):
            if (
                self._is_covered_for()
                or self._is_staff_near()
                or (cur is not None and cur.refs and cur.refs[-1].what == "other" and not cur.says)
            ):
                self._add(Ref("other", item.text), item)
            else:
                self._add(Ref("unknown", item.text), item)
            return
        self._keep(item)

    def _same_before(self) -> bool:
        return self.prefix.is_same

    def _predicate_near(self) -> bool:
        """Whether a mark follows this unknown word, as it would a name."""
        for item in self.items[self.i + 1 : self.i + 7]:
            if item.kind in _SAYS or item.kind is Kind.NOT:
                return True
            small = item.kind in (
                Kind.FILL,
                Kind.UNKNOWN,
                Kind.AND,
                Kind.STAFF,
                Kind.TODAY,
                Kind.NAME,
                Kind.ONLY,
                Kind.TOO,
            )
            if not (small or item.value in ("'s", "our", "the", ",", "-", ":")):
                return False
        return False

    def _is_covered_for(self) -> bool:
        """ "Steph's off so Mo is covering": of the staff."""
        return any(
            i.value in ("cover", "covering", "covers") and i.kind is not Kind.NAME
            for i in self.items[self.i : self.i + 10]
        )

    def _is_staff_near(self) -> bool:
        for item in self.items[self.i + 1 : self.i + 5]:
            if item.kind is Kind.STAFF:
                return True
            if item.kind not in (Kind.FILL, Kind.ORDINARY, Kind.POINT):
                return False
        return False

    # what

    def _say(self, item: Item) -> None:
        if item.kind is Kind.MARK and (self._is_loose(item) or self._is_of_a_thing(item)):
            return
        if item.kind is Kind.MARK and item.value == "present" and self._is_place(item):
            return
        if item.kind is Kind.CODE and (self.cur is None or not self.cur.refs):
            self.out.answers.append("yes" if item.value in ("✓", "👍", "y", "yes") else "no")
            self._keep(item)
            return
        if (
            self.cur is not None
            and self.cur.says
            and self.cur.refs
            and self.cur.refs[-1].what in ("everyone", "rest")
            and item.kind in (Kind.MARK, Kind.ON_THE_WAY)
            and self._is_of_another()
        ):
            self._keep(item)
            return
        if item.kind is Kind.MARK and self._goes_on(item):
            return
        if self._is_of_group(item):
            self.out.statements[-1].marks.append(Said(item.value, False, item.text, 99))
            self._keep(item)
            return
        if self.cur is None or not (self.cur.refs or self.cur.says):
            if item.kind is Kind.REASON and self._leads_to_others():
                self.prefix.lead_reasons.append((item.value, item.text.lower(), self.negated))
                self._keep(item)
                return
            self._say_without_subject(item)
        cur = self.cur
        if cur is None:
            return
        if (
            cur.mark_first
            and cur.refs
            and item.kind in (Kind.MARK, Kind.NOT_YET, Kind.CODE, Kind.REASON, Kind.ON_THE_WAY)
        ):
            cur = self._part_last(cur, item)
        leads = item.text.lower().split()[-1:] in (["of"], ["for"], ["on"])
        if (
            cur.refs
            and (cur.says or leads)
            and self.gap
            and item.kind in (Kind.MARK, Kind.NOT_YET)
            and self._is_mark_first()
        ):
            self._close()
            cur = self.cur = self._new()
            cur.mark_first = True
        self._put(cur, item)

    def _leads_to_others(self) -> bool:
        """ "bus cancelled so petra and omar are late": a reason told before whom it is of."""
        if self.last is not None or self.negated:
            return False
        for step, item in enumerate(self.items[self.i + 1 :]):
            if item.kind is Kind.NAME:
                return self._has_own_predicate(self.i + 1 + step)
            if item.is_hard or item.kind in _SAYS:
                return False
        return False

    def _is_of_group(self, item: Item) -> bool:
        """ "all but chloe are in": the mark after the names left out is the others'."""
        cur = self.cur
        if cur is None or not cur.is_except or not cur.refs or cur.says or self.gap or self.negated:
            return False
        if item.kind is not Kind.MARK or item.value not in ("present", "arrived", "back"):
            return False
        before = self.out.statements[-1] if self.out.statements else None
        if before is None or before.says or before.sentence != self.sentence or not before.refs:
            return False
        if before.refs[-1].what not in ("everyone", "nobody", "rest"):
            return False
        after = cur.items[cur.ref_place :]
        return not any(i.kind in _PRONOUNS or i.value in ("who", "whom", "that") for i in after)

    def _is_loose(self, item: Item) -> bool:
        """ "took a knife off Kyle": a small word of another verb, and no mark."""
        before = self.items[self.i - 1] if self.i else None
        if before is None or self.gap or before.kind not in (Kind.ORDINARY, Kind.UNKNOWN):
            return False
        if self.cur is not None and self.cur.refs:
            if before.kind is Kind.UNKNOWN or item.value == "present" or self.negated:
                return False
            if item.text.lower() not in _LOOSE or before.value in _BEFORE_LOOSE:
                return False
            self._keep(item)
            return True
        if " " in item.text or before.value in (
            "'s",
            "got",
            "just",
            "still",
            "now",
            "also",
            "actually",
        ):
            return False
        self._keep(item)
        return True

    def _is_of_a_thing(self, item: Item) -> bool:
        """ "can't find the epipen", "gone grey", "dropped Josie off": said of no one's place."""
        following, after = self._peek(0), self._peek(1)
        words = item.text.lower().split()
        thing = after is not None and after.kind in (Kind.ORDINARY, Kind.UNKNOWN)
        finds = item.value == "unaccounted" and words[-1] in ("find", "locate", "of", "see")
        if finds and following is not None and following.kind is Kind.FILL and thing:
            thing = following.value in ("the", "a", "my", "our", "his", "her", "their")
        else:
            state = following is not None and following.value in _STATES
            thing = words[-1] in ("gone", "went") and state
        if words == ["off"]:
            before = [i.value for i in self.items[max(0, self.i - 4) : self.i]]
            thing = bool(set(before) & _TAKEN_OFF)
            texts = {i.text.lower() for i in self.items[max(0, self.i - 1) : self.i]}
            led = following is not None and following.value in ("the", "his", "her", "a", "their")
            thing = thing or (led and bool(texts & _COME_OFF))
        if thing:
            self._keep(item)
        return thing

    def _goes_on(self, item: Item) -> bool:
        """ "off to the allotment", "out in the van": something being done, and no mark."""
        text = item.text.lower()
        following = self._peek(0)
        if following is None or text not in ("off", "out"):
            return False
        if text == "off" and following.value == "to":
            near = self.items[self.i + 1 : self.i + 5]
            goes = not any(i.kind is Kind.REASON for i in near)
        else:
            goes = text == "out" and (
                following.value in ("in", "on", "looking", "and", "there", "here", "back", "doing")
                or following.kind in (Kind.PLACE_HERE,)
                or (following.kind is Kind.MARK and following.text.lower() == "in")
            )
        if not goes:
            return False
        if self.cur is not None and self.cur.refs and not self.cur.says:
            self.cur.is_doubtful = self.cur.is_doubtful or not self.cur.continues
        self._keep(item)
        if following.kind is Kind.MARK:
            self.i += 1
            self._keep(following)
        return True

    def _put(self, cur: Statement, item: Item) -> None:
        place = len(cur.items)
        hedged, self.hedge_next = self.hedge_next, False
        if item.kind in (Kind.REASON, Kind.ON_THE_WAY):
            # "won't get out of the car, refusing": the "not" was of what stands before the comma.
            denied = self.negated and not self.gap
            cur.reasons.append((item.value, item.text.lower(), hedged or denied))
            if item.kind is Kind.ON_THE_WAY:
                cur.marks.append(Said("awaited", self.negated, item.text, place, hedged=hedged))
            self.negated = False
        elif item.kind is Kind.NOT_YET:
            cur.marks.append(Said("not_yet", False, item.text, place))
            cur.is_yet = True
            self.negated = False
        elif item.kind is Kind.CODE:
            cur.marks.append(Said(item.value, False, item.text, place, is_code=True))
        else:
            cur.marks.append(self._said(cur, item, place, hedged))
            self.negated = False
        cur.items.append(item)

    def _said(self, cur: Statement, item: Item, place: int, hedged: bool) -> Said:
        """A mark, turned round by its own "not", or by one before the name ("no chloe in")."""
        negated = self.negated
        if cur.negates_who and not cur.marks:
            verb = any(
                i.value in ("is", "'s", "are", "has", "was") for i in cur.items[cur.ref_place :]
            )
            verb = verb or any(i.has_s for i in cur.items)
            if cur.neither == "neither" and item.value in ("present", "arrived"):
                return Said(item.value, True, item.text, place, hedged=hedged)
            if item.value not in ("present", "arrived") or negated:
                cur.negates_who = False
                if cur.neither:
                    return Said("unclear", False, item.text, place)
                self.out.answers.append("no")
            elif verb and not cur.neither:
                return Said("unclear", False, item.text, place)
            else:
                negated = True
        return Said(item.value, negated, item.text, place, hedged=hedged)

    def _part_last(self, cur: Statement, item: Item) -> Statement:
        """ "absent chloe, femi late": the last of the names belongs to what follows it."""
        if item.kind in (Kind.REASON, Kind.ON_THE_WAY) and not cur.refs[-1].comma:
            return cur
        if self.gap in (",", ":", "-", "(") and item.kind is not Kind.CODE and len(cur.refs) == 1:
            if self._is_mark_first() and item.kind is Kind.MARK:
                self._close()
                made = self.cur = self._new()
                made.mark_first = True
                return made
            return cur
        if len(cur.refs) < 2 or not cur.refs[-1].comma:
            return cur
        taken = cur.refs.pop()
        self._close()
        made = self.cur = self._new()
        made.refs = [taken]
        made.ref_place = 0
        made.items.append(Item(Kind.NAME, "", taken.said, taken.pupils))
        return made

    def _is_of_another(self) -> bool:
        """Whether the words since the last pause name somebody or something else."""
        kinds = (Kind.ORDINARY, Kind.UNKNOWN, Kind.RELATION, Kind.STAFF, Kind.VEHICLE, Kind.SPEAKER)
        for item in reversed(self.items[: self.i]):
            if item.kind is Kind.POINT or item.kind in _SAYS:
                return False
            if item.kind in kinds and item.value not in _BEFORE_LOOSE:
                return True
        return False

    def _say_without_subject(self, item: Item) -> None:
        mark_first = item.kind is not Kind.CODE and self._is_mark_first()
        if self.negated and self.cur is None and not mark_first:
            pass
        if not mark_first and self.last is not None and item.kind is not Kind.CODE:
            made = self._new()
            made.refs = list(self.last.refs)
            group = made.refs[-1].what in ("everyone", "rest", "nobody")
            says_here = item.kind is Kind.MARK and item.value == "present" and not self.negated
            if (says_here and self._is_of_another()) or (
                group and (self.last.sentence != self.sentence or self._is_of_another())
            ):
                made.refs = [Ref("other", item.text)]
            made.is_except = self.last.is_except and self.last.sentence == self.sentence
            made.possessed = ""
            made.continues = True
            made.ref_place = len(made.items)
            self.cur = made
            return
        if self.cur is None:
            self.cur = self._new()
        self.cur.mark_first = mark_first

    def _is_mark_first(self) -> bool:
        """Whether the names that this mark is said of come after it ("absent: chloe and femi")."""
        comma = False
        for step, item in enumerate(self.items[self.i + 1 :]):
            if item.kind in (Kind.NAME, Kind.NUMBER, Kind.RANGE, *_GROUPS):
                own = self._has_own_predicate(self.i + 1 + step)
                return not own or (self.last is None and not comma)
            if (
                item.kind is Kind.UNKNOWN
                and not comma
                and step < 2
                and not self._has_own_predicate(self.i + 1 + step)
            ):
                return self.last is None or self.negated
            if item.kind is Kind.POINT:
                if item.is_hard:
                    return False
                comma = comma or item.value == ","
                continue
            if item.kind in _SMALL or item.kind in (Kind.PAST_DAY, Kind.FUTURE_DAY):
                continue
            if item.value in ("of", "from", "for", "with", "by", "'s", "got") and step < 3:
                continue
            return False
        return False

    def _has_own_predicate(self, at: int) -> bool:
        for item in self.items[at + 1 :]:
            if item.is_hard or item.value == "(":
                return False
            if item.kind in _GROUPS:
                return False
            if item.kind in _SAYS or item.kind is Kind.NOT:
                return True
            fine = item.kind in _SUBJECTS or item.kind in (
                Kind.AND,
                Kind.FILL,
                Kind.TODAY,
                Kind.UNKNOWN,
                Kind.YET,
                Kind.TOO,
                Kind.NOW,
                *_PRONOUNS,
            )
            if not (fine or (item.kind is Kind.POINT and item.value in _LIST_GAPS)):
                return False
        return False

    def _is_place(self, item: Item) -> bool:
        """ "in the workshop", "in hospital": where somebody is, not the mark "in"."""
        if item.value != "present" or not item.text.lower().endswith(("in", "ere", "here", "it")):
            return False
        text = item.text.lower()
        if text != "in":
            return False
        step = 0
        following = self._peek(step)
        led = False
        while (
            following is not None
            and following.kind in (Kind.FILL, Kind.ORDINARY)
            and following.value
            in ("the", "a", "an", "his", "her", "their", "our", "my", "some", "main", "big")
        ):
            led, step = True, step + 1
            following = self._peek(step)
        if following is None:
            return False
        target = self.cur
        strange = target is not None and any(
            i.kind in (Kind.ORDINARY, Kind.UNKNOWN, Kind.RELATION, Kind.STAFF)
            and i.value not in ("'s", "all", "been", "just", "now", "still", "out", "also")
            for i in target.items[max(target.ref_place, 0) :]
        )
        if strange and (led or following.kind in (Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.ORDINARY)):
            return True
        further = self._peek(step + 1)
        if (
            led
            and following.kind in (Kind.ORDINARY, Kind.UNKNOWN)
            and further is not None
            and further.kind is Kind.PLACE_HERE
        ):
            # "in the kiln room": one of our rooms, whatever it is called.
            following, step = further, step + 1
        passed = [self._peek(at) for at in range(step + 1)]
        if target is not None and any(i is not None and i.value in _NOT_OURS for i in passed):
            # "in the other building", "in the wrong room": it may not be ours.
            target.is_doubtful = True
        if following.kind is Kind.PLACE_HERE or (led and following.value == "back"):
            self.i += step + 1
            self._in_place("here", item)
            return True
        if following.kind is Kind.PLACE_AWAY:
            self.i += step + 1
            self._in_place("away", item)
            return True
        if (
            following.kind in (Kind.REASON, Kind.VEHICLE)
            and (led or following.kind is Kind.REASON)
            and not self.gap
        ):
            if following.value in ("medical_appointment", "other") and following.text.lower() in (
                "hospital",
                "court",
                "the hospital",
                "interview",
                "custody",
            ):
                return True
            if target is not None and following.kind is Kind.REASON and not led:
                return False
        if led or (
            following.kind in (Kind.UNKNOWN, Kind.ORDINARY, Kind.RELATION)
            and following.value not in _AFTER_IN
            and not following.value.endswith("ing")
        ):
            self.i += step
            self._in_place("somewhere", item)
            return True
        return False

    def _in_place(self, where: str, item: Item) -> None:
        cur = self.cur
        if cur is None and self.last is not None:
            cur = self.cur = self._new()
            cur.refs = list(self.last.refs)
            cur.continues = True
        if cur is None:
            return
        value = {"here": "in_place", "away": "in_away"}.get(where, "in_somewhere")
        cur.marks.append(Said(value, self.negated, item.text, len(cur.items)))
        self.negated = False
        cur.items.append(item)

    # small words that govern

    def _except(self, item: Item) -> None:
        who = self._except_whom()
        if item.kind is Kind.BUT and not (who and self._but_excepts()):
            self._keep(item)
            self.negated = False
            if self.cur is not None and (self.cur.says or self.cur.is_too):
                self._close()
            return
        if not who:
            self._peek(0)
            if (
                item.value
                in ("less", "ex", "save", "bra", "accept", "expect", "excluding", "besides", "inc")
                or self.cur is None
            ):
                self._keep(item)
            else:
                self.out.dangling_except = True
                self._keep(item)
            return
        self._close()
        self.except_open = True
        self.prefix = Statement(is_except=True)
        self.header = None

    def _except_whom(self) -> bool:
        for step in range(5):
            item = self._peek(step)
            if item is None or (item.is_hard and item.value != "\n"):
                return False
            if item.kind in (Kind.NAME, Kind.NUMBER, Kind.RANGE, Kind.UNKNOWN, Kind.BOTH):
                return True
            if item.kind in (
                Kind.FILL,
                Kind.POINT,
                Kind.ONLY,
                Kind.AND,
                Kind.HEDGE,
                Kind.STAFF,
                Kind.CHAT,
            ) or item.value in ("our", "little", "old", "young", "poor", "today"):
                continue
            return False
        return False

    def _but_excepts(self) -> bool:
        """ "all in but jess": not where jess then has or does something."""
        last = self.cur or self.last
        if (
            last is None
            or not last.refs
            or last.refs[-1].what not in ("everyone", "nobody", "rest")
        ):
            return False
        seen = False
        for item in self.items[self.i + 1 :]:
            if item.kind in (Kind.NAME, Kind.NUMBER, Kind.RANGE, Kind.UNKNOWN, Kind.AND, Kind.BOTH):
                if item.has_s and seen is False:
                    seen = True
                seen = True
                continue
            if item.kind is Kind.POINT and item.value == ",":
                continue
            if not seen:
                if item.kind in (Kind.FILL, Kind.HEDGE):
                    continue
                return False
            if not last.says and item.kind in (Kind.MARK, Kind.FILL, Kind.AND):
                return True
            if item.kind is Kind.FILL and item.value in (
                "is",
                "has",
                "was",
                "had",
                "were",
                "are",
                "have",
                "will",
            ):
                return False
            return item.kind not in (Kind.ORDINARY, Kind.REPORTS, Kind.RELATION, Kind.MARK)
        return seen

    def _only(self, item: Item) -> None:
        cur = self.cur
        following = self._peek(0)
        step = 0
        while following is not None and (
            following.kind in (Kind.FILL, Kind.CHAT, Kind.SPEAKER, Kind.AND)
            or following.value in ("got", "the", ":", "-", "it", "its", "seen")
        ):
            step += 1
            following = self._peek(step)
        to_whom = following is not None and (
            following.kind in (Kind.NAME, Kind.NUMBER, Kind.RANGE, Kind.UNKNOWN, Kind.BOTH)
            or following.kind in (Kind.NOT_YET,)
            or (following.kind is Kind.MARK and self._mark_then_names(step))
        )
        ends = following is None or following.is_hard or following.kind is Kind.THANKS
        if ends and cur is not None and len(cur.refs) > 1 and not cur.says and not cur.is_except:
            # "aiden and chloe only"; one name with "only" may mean in or out.
            cur.is_only = True
            cur.marks.append(Said("present", False, item.text, len(cur.items)))
            cur.items.append(item)
            return
        words = item.value.split()
        if to_whom and ("missing" in words or "waiting" in words):
            self._close()
            self.prefix.is_only = True
            cur = self.cur = self._new()
            cur.mark_first = True
            value = "absent" if "missing" in words else "not_yet"
            cur.is_yet = value == "not_yet"
            cur.marks.append(Said(value, False, item.text, 0))
            cur.items.append(item)
            return
        if to_whom and (cur is None or cur.says or not cur.refs):
            self._close()
            self.prefix.is_only = True
            self.prefix.items.append(item)
            self.except_open = False
            return
        self._keep(item)

    def _mark_then_names(self, step: int) -> bool:
        following = self._peek(step + 1)
        return following is not None and following.kind in (Kind.NAME, Kind.NUMBER, Kind.RANGE)

    def _not(self, item: Item) -> None:
        following = self._peek(0)
        cur = self.cur
        if item.value in ("nor", "neither") and cur is not None and cur.says and cur.refs:
            self._same(item)
            return
        if (
            item.value in ("no", "never")
            and self.i == self._first_word()
            and following is not None
            and (following.kind is Kind.POINT or len(self.items) == 1)
        ):
            self._answer(item)
            return
        if following is None and self.i == 0:
            self._answer(item)
            return
        if cur is not None and cur.says and cur.refs and not cur.mark_first:
            if following is not None and following.kind in (Kind.NAME, Kind.NUMBER, Kind.UNKNOWN):
                self._close()
            elif (
                following is not None
                and following.kind in (Kind.ORDINARY, Kind.CHAT)
                and following.value not in ("a", "the", "in")
            ):
                self._keep(item)
                self.i += 1
                self._keep(following)
                return
        if (
            self.negated
            and item.value not in ("nor", "neither")
            and self.items[self.i - 1].kind is Kind.NOT
        ):
            (self.cur or self.prefix).has_open_not = True
        listed = cur is not None and cur.negates_who and not cur.says
        if listed and following is not None and following.kind in (Kind.NAME, Kind.NUMBER):
            self._keep(item)
            return
        self.negated = True
        self._keep(item)

    def _first_word(self) -> int:
        for at, item in enumerate(self.items):
            if item.kind not in (Kind.CHAT, Kind.POINT, Kind.EMOJI, Kind.THANKS, Kind.CORRECTION):
                return at
        return -1

    def _hedge(self, item: Item) -> None:
        cur = self.cur
        following = self._peek_word()
        ends = following is None or following.is_hard
        promise = item.value.startswith(_PROMISES)
        self.out.hedges = True
        if cur is not None and cur.refs and not cur.says:
            cur.is_hedged = True
            cur.items.append(item)
            return
        others = following is not None and following.kind is Kind.REST
        if cur is not None and cur.is_hedged and cur.says and others and not self.gap:
            # "might be off I dunno, the rest are in": the doubt is not of the rest.
            cur.items.append(item)
            return
        if cur is not None and cur.says:
            names_next = following is not None and (
                following.kind in _SUBJECTS
                or following.kind in _PRONOUNS
                or following.kind in (Kind.SPEAKER, Kind.IT)
            )
            if (
                following is not None
                and following.kind in (Kind.REASON, Kind.ON_THE_WAY)
                and not names_next
                and (
                    self.gap
                    or not cur.marks
                    or cur.marks[0].value != "present"
                    or cur.marks[0].negated
                )
            ):
                self.hedge_next = True
            elif promise and (self.gap or (cur.marks and cur.marks[0].value != "present")):
                cur.is_doubtful = True
            elif names_next and self.gap:
                self._close()
                self.prefix.is_hedged = True
            elif names_next:
                cur.is_hedged = True
                self._close()
                self.prefix.is_hedged = True
            elif following is not None and following.kind is Kind.MARK and self.gap:
                self.hedge_next = True
            else:
                cur.is_hedged = True
            cur.items.append(item)
            return
        group = self.last is not None and self.last.refs[-1].what in ("everyone", "rest", "nobody")
        if (
            ends
            and self.last is not None
            and (self.last.sentence == self.sentence or (group and not promise))
        ):
            self.last.is_hedged = True
            return
        self.prefix.is_hedged = True
        self.prefix.items.append(item)

    def _if(self, item: Item) -> None:
        following = self._peek(0)
        you = following is not None and "you" in following.text.lower().replace("u", "you").split()
        if you and self.gap != "" and item.value in ("if", "when"):
            # "so ignore the noise if you ring": no condition on who is in.
            self.void = True
            return
        if self.cur is not None:
            self.cur.is_doubtful = True
            self._close()
        elif self.last is not None and self.last.sentence == self.sentence and not self.gap:
            self.last.is_doubtful = True
        else:
            self.prefix.is_hedged = True
        self.void = True

    def _with(self, item: Item) -> None:
        """Take whom somebody is with as company, unless something is said of them."""
        self._keep(item)
        while (following := self._peek(0)) is not None and following.kind in _COMPANY:
            if following.kind is Kind.NAME and (self._name_speaks(self.i + 1) or self.cur is None):
                return
            beyond = self._peek(1)
            linked = beyond is not None and beyond.kind in (Kind.UNKNOWN, Kind.STAFF)
            if following.kind is Kind.AND and not linked:
                return
            self.i += 1
            self._keep(replace(following, kind=Kind.CHAT))
            named = following.kind in (Kind.NAME, Kind.UNKNOWN)
            if named and not (beyond is not None and beyond.kind is Kind.AND):
                return

    def _name_speaks(self, at: int) -> bool:
        """Whether the name there has something said of it."""
        for item in self.items[at + 1 : at + 6]:
            if item.kind in _SAYS or item.kind is Kind.NOT:
                return True
            if item.kind not in (Kind.FILL, Kind.AND, Kind.NAME, Kind.ORDINARY):
                return False
        return False

    def _relation(self, item: Item) -> None:
        cur = self.cur
        if cur is not None and cur.possessed:
            cur.items.append(item)
            return
        if cur is not None and cur.is_except and not cur.says and self._is_linked_to_the():
            # "except Lula, and the boyfriend who …": he is not one of those left out.
            self._close()
            self.except_open = False
        if self._of_somebody_else():
            self._close()
            self.cur = self._new()
            self.cur.refs = [Ref("other", item.text)]
        self._keep(item)

    def _is_linked_to_the(self) -> bool:
        words = [i.value for i in self.items[max(0, self.i - 3) : self.i]]
        return "and" in words and bool({"the", "a", "some", "this"} & set(words))

    def _of_somebody_else(self) -> bool:
        """Whether what follows (present, absent, ill) is said of the person just named."""
        for item in self.items[self.i + 1 : self.i + 5]:
            if item.kind is Kind.MARK:
                return item.value in (
                    "present",
                    "absent",
                    "back",
                ) and not item.text.lower().startswith(("keep", "kept", "come", "came", "off sick"))
            if item.kind is Kind.REASON:
                return item.value in ("illness",)
            if item.kind is Kind.REPORTS or not (
                item.kind in (Kind.FILL, Kind.NOT, Kind.STAFF) or item.value in ("'s", "is", "of")
            ):
                return False
        return False

    def _staff(self, item: Item) -> None:
        if (
            self.cur is not None
            and self.cur.refs
            and self.cur.refs[-1].what in ("unknown", "pupils")
            and not self.cur.says
            and (self.cur.refs[-1].what == "unknown" or self._is_title())
        ):
            self.cur.refs[-1] = replace(self.cur.refs[-1], what="other")
        elif self._staff_subject():
            self._close()
            self.cur = self._new()
            self.cur.refs = [Ref("other", item.text)]
        self._keep(item)

    def _is_title(self) -> bool:
        """ "Dave our welder": the name before is not a pupil's."""
        before = [i.value for i in self.items[max(0, self.i - 2) : self.i]]
        return (
            bool(before)
            and before[-1] in ("our", "the", "my")
            and not any(i.has_s for i in self.items[max(0, self.i - 3) : self.i])
        )

    def _staff_subject(self) -> bool:
        for item in self.items[self.i + 1 : self.i + 5]:
            if item.kind in (Kind.MARK, Kind.REASON):
                return True
            if (
                item.kind
                not in (Kind.FILL, Kind.NOT, Kind.AND, Kind.STAFF, Kind.UNKNOWN, Kind.NAME)
                and item.value != "'s"
            ):
                return False
        return False

    def _vehicle(self, item: Item) -> None:
        if self.cur is not None and self.cur.refs and not self.cur.says:
            self.cur.possessed = self.cur.possessed or "transport"
        self._keep(item)

    def _it(self, item: Item) -> None:
        for following in self.items[self.i + 1 : self.i + 4]:
            if following.kind is Kind.MARK and not self._mark_then_names(0):
                self._close()
                self.cur = self._new()
                self.cur.refs = [Ref("other", item.text)]
                break
            if following.kind is not Kind.FILL and following.value != "'s":
                break
        self._keep(item)

    def _speaker(self, item: Item) -> None:
        cur = self.cur
        if cur is not None and cur.refs and not cur.says:
            self._keep(item)
            return
        following = self._peek(0)
        if self.prefix.is_only and following is not None and following.kind is Kind.AND:
            self.prefix.marks.append(Said("present", False, item.text, 0))
            self.prefix.mark_first = True
            self._keep(item)
            return
        for step, after in enumerate(self.items[self.i + 1 : self.i + 6]):
            if after.kind in (Kind.MARK, Kind.REASON, Kind.ON_THE_WAY):
                # "we can't see her" is said of her.
                seeks = after.value == "unaccounted"
                if not seeks and not self._mark_then_names(step):
                    self._close()
                    self.cur = self._new()
                    self.cur.refs = [Ref("other", item.text)]
                break
            if after.kind not in (Kind.FILL, Kind.NOT, Kind.ONLY, Kind.NOW) and after.value not in (
                "'s",
                "just",
            ):
                break
        self._keep(item)

    def _same(self, item: Item) -> None:
        following = self._peek(0)
        if following is None or not (
            following.kind in _SUBJECTS or following.kind in (Kind.UNKNOWN, Kind.FILL)
        ):
            self._keep(item)
            return
        previous = self.cur or self.last
        self._close()
        self.prefix.is_same = True
        if previous is not None:
            self.prefix.marks = [replace(m, place=-1) for m in previous.marks]
        self.prefix.mark_first = True

    def _answer(self, item: Item) -> None:
        if self.cur is not None and self.cur.refs and not self.cur.says:
            if item.kind is Kind.YES:
                self.cur.marks.append(Said("yes", self.negated, item.text, len(self.cur.items)))
                self.negated = False
            elif self._peek(0) is None or self._peek(0).kind is Kind.POINT:  # type: ignore[union-attr]  # just looked at
                self.cur.marks.append(Said("absent", False, item.text, len(self.cur.items)))
            self.cur.items.append(item)
            return
        if item.kind is Kind.YES and item.value == "true":
            return
        self.out.answers.append("yes" if item.kind is Kind.YES else "no")
        self._keep(item)

    # when

    def _time(self, item: Item) -> None:
        cur = self.cur
        if item.when is None:
            return
        if cur is None and self.last is not None and self.last.sentence == self.sentence:
            cur = self.cur = self._new()
            cur.refs = list(self.last.refs)
            cur.continues = True
            cur.is_except = self.last.is_except
        if cur is None:
            before = self.out.statements[-1] if self.out.statements else None
            one = (
                before is not None
                and before.refs
                and not before.times
                and before.sentence == self.sentence - 1
            )
            if one and before is not None and before.marks and self._peek(0) is None:
                before.times.append(item.when)
                return
            self.prefix.items.append(item)
            self.prefix.times.append(item.when)
            return
        cur.times.append(item.when)
        cur.items.append(item)

    def _day(self, item: Item) -> None:
        kind = item.kind
        if kind is Kind.UNTIL:
            (self.cur or self.prefix).is_until = True
            self._keep(item)
            return
        if kind is Kind.LUNCH:
            (self.cur or self.prefix).lunch = True
            self._keep(item)
            return
        if kind in (Kind.FROM, Kind.SINCE):
            self._keep(item)
            return
        before = self.items[self.i - 1] if self.i else None
        led = before.kind if before is not None else None
        near = self.items[max(0, self.i - 2) : self.i]
        if kind in (Kind.FUTURE_DAY, Kind.WEEKDAY, Kind.DATE) and any(
            i.kind is Kind.MARK and i.value == "back" for i in near
        ):
            led = Kind.UNTIL
            if self.cur is not None:
                self.cur.marks = [m for m in self.cur.marks if m.value != "back"]
                self.cur.is_until = True
        words = {i.value for i in self.items[max(0, self.i - 2) : self.i]}
        value = {
            Kind.PAST_DAY: "past",
            Kind.FUTURE_DAY: "future",
            Kind.MORNING: "am",
            Kind.AFTERNOON: "pm",
            Kind.TODAY: "today",
            Kind.DATE: f"date {item.value}",
        }.get(kind, f"weekday {item.value}")
        if (
            kind in (Kind.PAST_DAY, Kind.FUTURE_DAY, Kind.WEEKDAY, Kind.AFTERNOON)
            and led is Kind.UNTIL
        ):
            value = "until"
        elif kind is Kind.WEEKDAY and led is Kind.FROM:
            value = "future"
        elif led is Kind.SINCE or (led is Kind.FROM and kind is Kind.PAST_DAY):
            value = "until"
        elif kind in (Kind.PAST_DAY, Kind.MORNING) and words & _COMPARING:
            self.void = kind is Kind.PAST_DAY
            return
        cur = self.cur
        breaks = self.gap in (",", "-", "(", ":") and cur is not None and cur.says
        if breaks and value not in ("today", "until") and cur is not None and not self._day_alone():
            self._close()
            self.prefix.days.append(value)
            self.prefix.items.append(item)
            return
        (cur or self.prefix).days.append(value)
        self._keep(item)

    def _day_alone(self) -> bool:
        following = self._peek(0)
        return following is None or following.is_hard or following.kind in (Kind.TOO, Kind.POINT)

    def _peek(self, step: int) -> Item | None:
        at = self.i + 1 + step
        return self.items[at] if at < len(self.items) else None

    def _peek_word(self) -> Item | None:
        """The next item that is not a small word."""
        for item in self.items[self.i + 1 :]:
            if item.kind in (Kind.FILL, Kind.CHAT, Kind.EMOJI, Kind.AND) or (
                item.kind is Kind.POINT and not item.is_hard
            ):
                continue
            if item.value in ("'s", "is"):
                continue
            return item
        return None


_NOT_OURS = frozenset(("other", "wrong", "another", "different"))
# What somebody may have gone and yet be here.
_STATES = frozenset(
    (
        "grey", "gray", "white", "pale", "blue", "red", "green", "purple", "yellow", "quiet",
        "silent", "mad", "mental", "crazy", "bananas", "nuts", "limp", "floppy", "stiff", "cold",
        "hot", "all", "very", "really", "dead", "into", "shy", "viral", "wrong", "mute",
    )
)  # fmt: skip
_NO_THING = frozenset(("got", "been", "just", "not", "'s", "said", "told", "had", "one", "who"))
_COME_OFF = frozenset(("come", "came", "fell", "fallen", "jumped", "climbed", "got", "slipped"))
_IS = frozenset(("is", "are", "did", "has", "was", "were"))
_SENDING = frozenset(("sent", "send", "sending", "took", "taken"))
_TAKEN_OFF = frozenset(
    ("dropped", "dropping", "drop", "drops", "tick", "ticked", "ticking", "showed", "show")
)
# Small words that other verbs take too ("fell off", "mucking out"), and what may stand before them.
_LOOSE = frozenset(("off", "out", "away", "back", "at home", "missing", "come", "came"))
_BEFORE_LOOSE = frozenset(
    (
        *("'s", "got", "just", "all", "still", "now", "also", "actually", "again", "both", "was"),
        *("always", "only", "definitely", "today", "being", "been", "having", "one"),
    )
)

_AFTER_IN = frozenset(
    (
        "early",
        "late",
        "ok",
        "okay",
        "fine",
        "safe",
        "safely",
        "well",
        "good",
        "now",
        "so",
        "because",
        "cos",
        "and",
        "but",
        "though",
        "working",
        "with",
        "all",
        "at",
        "for",
        "on",
        "time",
        "as",
        "already",
        "first",
        "doing",
        "having",
        "eating",
        "again",
        "bright",
        "this",
        "since",
        "before",
        "after",
        "just",
        "not",
        "needs",
        "says",
        "said",
        "ready",
        "like",
        "too",
        "happy",
        "tired",
        "grumpy",
        "atm",
        "apart",
    )
)
