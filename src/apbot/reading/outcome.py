"""
The outcome of a message: marks, reasons, times and what stayed unclear, gathered pupil by pupil.

Statements are joined here: those about named pupils first, then "everyone" and "the rest" for
whoever was not named. Two things said of one pupil that do not go together leave that pupil
unmarked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import time

from apbot.domain.readings import Reply, RestPresent, RosterPupil, Why
from apbot.domain.words import Half, Mark, Reason
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.statements import Clauses, Said, Statement
from apbot.reading.times import as_time
from apbot.reading.verdicts import (
    ELSEWHEN,
    LEAVING,
    NOTHING,
    UNSURE,
    Context,
    Verdict,
    bases,
    reason_of,
    verdict,
)
from apbot.reading.who import Meant, Whose

_FINE = frozenset(
    (
        "fine", "ok", "okay", "good", "great", "yes", "accounted", "sound", "sorted",
        "are", "do", "well",
    )
)  # fmt: skip
_EARLIEST = 20
# "chloe is", "the rest did": verbs that stand for the mark that was said before.
_VERBS = frozenset(("is", "'s", "are", "did", "has", "have", "does", "do"))
_OTHER_DAYS = ("past", "future", "weekday", "date")
_TRAILING = frozenset(
    (Kind.THANKS, Kind.EMOJI, Kind.CHAT, Kind.TODAY, Kind.NOW, Kind.BUT, Kind.POINT)
)
_HERE = (Mark.PRESENT, Mark.LATE)
_STAYS = (Mark.ABSENT, Mark.LEFT, Mark.UNACCOUNTED, Mark.AWAITED)


@dataclass(slots=True)
class Outcome:
    """What a message settles, and all that bears on the question to ask."""

    marks: dict[int, Mark] = field(default_factory=dict)
    reasons: dict[int, Reason] = field(default_factory=dict)
    times: dict[int, time] = field(default_factory=dict)
    why: list[Why] = field(default_factory=list)
    which: list[tuple[str, tuple[int, ...], Mark]] = field(default_factory=list)
    counts: list[tuple[int, Mark]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    unsure: dict[int, str] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    present_named: bool = False
    whole: bool = False
    left_over: bool = False
    too_early: bool = False
    elsewhen: bool = False
    leaving: bool = False
    question: bool = False
    quiet: set[int] = field(default_factory=set)
    asked: bool = False
    subjectless: list[str] = field(default_factory=list)
    nothing_else: bool = True
    asked_again: list[int] = field(default_factory=list)

    def set(self, number: int, made: Verdict, mark: Mark) -> None:
        """Settle a pupil's mark, with its reason and time."""
        self.marks[number] = mark
        if made.reason is not None and mark is not Mark.PRESENT:
            self.reasons[number] = made.reason
        if made.at is not None:
            self.times[number] = as_time(made.at)
        self.why.append(Why(number, made.words, made.rule))


def gather(clauses: Clauses, whose: Whose, reply: Reply, lexicon: Lexicon) -> Outcome:
    """Join the statements of a message into its outcome."""
    return _Gathering(clauses, whose, reply, lexicon).run()


class _Gathering:
    def __init__(self, clauses: Clauses, whose: Whose, reply: Reply, lexicon: Lexicon) -> None:
        self.clauses, self.whose, self.reply = clauses, whose, reply
        left_out = {n for s, meant in whose.pairs if s.is_except for n in meant.pupils}
        here = frozenset(
            n
            for statement, meant in whose.pairs
            if "present" in bases(statement) and meant.group == "everyone"
            for n in (p.number for p in reply.roster)
            if n not in left_out
        )
        self.context = Context(reply, lexicon, here)
        self.out = Outcome()
        self.pupils = {pupil.number: pupil for pupil in reply.roster}
        self.said: dict[int, list[Verdict]] = {}
        self.excepted: dict[int, Statement] = {}
        self.groups: list[tuple[Statement, Meant, Verdict]] = []
        self.unclear_sets: list[tuple[int, ...]] = []
        self.spoiled = clauses.dangling_except
        self.mentioned: set[int] = set()
        self.somebody_unread = False
        self.elsewhen: set[int] = set()

    def run(self) -> Outcome:
        previous: Statement | None = None
        for statement, meant in self.whose.pairs:
            if statement.is_too and not statement.marks and previous is not None and meant.pupils:
                statement.marks = [replace(m, place=-1) for m in previous.marks]
                statement.mark_first = True
            if not statement.says and previous is not None:
                self._complete(statement, previous)
            self._take(statement, meant)
            if statement.marks:
                previous = statement
        if self.whose.counts_clash:
            self.out.unread.append("the counts")
            self.out.counts.clear()
            self.groups = [each for each in self.groups if not self._is_bare_count(each[0])]
        self._named()
        self._groups()
        self._only()
        self._swaps()
        self._dangling()
        return self.out

    @staticmethod
    def _is_bare_count(statement: Statement) -> bool:
        """ "5 here" of five: everyone, unless another count stands beside it."""
        return bool(statement.refs) and statement.refs[0].what == "number"

    @staticmethod
    def _complete(statement: Statement, previous: Statement) -> None:
        """ "aiden's in, chloe isn't", "gino isn't absent, jamie is": the mark said before."""
        if any(day.startswith(_OTHER_DAYS) for day in (*previous.days, *statement.days)):
            # "wasn't in yesterday, chloe was" says nothing of today.
            return
        if not previous.marks or not statement.refs or any(m.is_code for m in previous.marks):
            return
        last = [i for i in statement.items if i.kind not in _TRAILING]
        if not last or len(last) > len(statement.refs) + 4:
            return
        ending = last[-1]
        negated = statement.has_open_not and ending.kind is Kind.NOT
        plain = ending.value in _VERBS or (ending.kind is Kind.NAME and ending.has_s)
        if statement.has_open_not and not negated:
            return
        if not negated and (not plain or not any(m.negated for m in previous.marks)):
            return
        if negated and not bases(previous) <= {"present", "arrived", "back"}:
            return
        statement.marks = [replace(m, negated=negated, place=-1) for m in previous.marks[:1]]
        statement.has_open_not = False
        statement.mark_first = True

    # each statement

    def _take(self, statement: Statement, meant: Meant) -> None:
        if statement.is_void or (statement.is_question and statement.continues):
            return
        if meant.clash:
            self.out.unread.append(meant.clash)
            self._about(statement)
        if meant.group:
            self._take_group(statement, meant)
        if meant.count is not None:
            self._count(statement, meant.count)
        if meant.unread and self._about(statement):
            self.out.unread.extend(meant.unread)
            if statement.is_except:
                self.spoiled = True
            if not bases(statement) & {"present", "arrived", "back", "late"}:
                self.somebody_unread = True
        if self._has_them(statement, meant):
            statement.marks = [Said("present", False, "got", -1)]
            statement.mark_first = True
        for number in meant.pupils:
            self._take_named(number, statement)
        for said, fits in meant.unclear:
            self._take_unclear(said, fits, statement)
        if meant.pronoun and not self._is_named_next(statement) and self._about(statement):
            self.out.unread.append(statement.words)
        found = bases(statement) == {"back"} and self._is_named_next(statement)
        if not statement.refs and statement.says and not found:
            self._without_subject(statement)

    def _is_named_next(self, statement: Statement) -> bool:
        """ "found him, femi is back": who is meant is the one pupil that the message names."""
        others = [(s, meant) for s, meant in self.whose.pairs if s is not statement]
        named = {number for _, meant in others for number in meant.pupils}
        plain = all(not m.group and not m.unread and not m.unclear for _, m in others)
        return len(named) == 1 and plain and bases(statement) <= {"back", "present", "arrived"}

    @staticmethod
    def _has_them(statement: Statement, meant: Meant) -> bool:
        """ "so far I've got Tom and Shanice", "we have 1 and 3": here, where no more is said."""
        if statement.says or statement.is_except or statement.is_hedged or not meant.pupils:
            return False
        if statement.has_open_not or statement.is_question or statement.times or statement.days:
            return False
        before = statement.items[: max(statement.ref_place, 0)]
        kinds = (Kind.ORDINARY, Kind.UNKNOWN, Kind.NOT, Kind.NOBODY, Kind.RELATION, Kind.STAFF)
        words = {word for item in before for word in item.value.split()}
        has = "got" in words or ("have" in words and bool(words & {"i", "we"}))
        only_names = all(
            i.kind
            in (
                Kind.NAME,
                Kind.NUMBER,
                Kind.AND,
                Kind.TODAY,
                Kind.YET,
                Kind.CHAT,
                Kind.EMOJI,
                Kind.THANKS,
            )
            for i in statement.items[len(before) :]
        )
        return has and only_names and not any(item.kind in kinds for item in before)

    def _about(self, statement: Statement) -> bool:
        """Whether the statement would set a mark, had it a pupil."""
        made = verdict(statement, None, self.context)
        if made.value == ELSEWHEN:
            self._elsewhen(statement, made)
            return False
        return (
            bool(made.value)
            or statement.is_except
            or statement.is_only
            or statement.is_too
            or statement.is_same
        )

    def _take_named(self, number: int, statement: Statement) -> None:
        made = verdict(statement, self.pupils[number], self.context)
        if made.value == ELSEWHEN:
            self._elsewhen(statement, made)
            # "the rest" are never those who were just spoken of.
            self.mentioned.add(number)
            if statement.is_except:
                self.out.unsure[number] = "left out, but what was said is of another time"
                self.out.named.add(number)
            elif "am" not in statement.days or self.reply.half is Half.AM:
                self.elsewhen.add(number)
            return
        if statement.continues and number in self.elsewhen and (made.weak or not statement.marks):
            return
        if statement.is_except and not statement.continues:
            self.excepted[number] = statement
        if made.value == LEAVING:
            self.out.leaving = True
            self.mentioned.add(number)
            return
        if not statement.says and not made.value:
            self.mentioned.add(number)
            if not statement.is_except:
                return
        if "future" in statement.days and made.value == "absent":
            self.out.question = True
        if made.value or made.reason is not None:
            self.said.setdefault(number, []).append(made)
        elif statement.marks and not statement.is_except:
            self.mentioned.add(number)

    def _elsewhen(self, statement: Statement, made: Verdict) -> None:
        self.out.elsewhen = True
        said = bases(statement)
        past = any(day == "past" for day in statement.days)
        am = any(day == "am" for day in statement.days)
        if (
            not past
            and not am
            and (
                said & {"absent", "missing", "awaited", "late", "gone", "left", "gone_to"}
                or statement.reasons
            )
        ):
            self.out.question = True

    def _take_unclear(self, said: str, fits: tuple[int, ...], statement: Statement) -> None:
        made = verdict(statement, self.pupils[fits[0]], self.context)
        if made.value == ELSEWHEN:
            self._elsewhen(statement, made)
            return
        mark = made.mark
        if mark is None and statement.is_except:
            mark = self._default_except(fits[0])
        if made.value == UNSURE or mark is None:
            if made.value == UNSURE or statement.says:
                self.unclear_sets.append(fits)
                self.out.unread.append(said)
            return
        self.unclear_sets.append(fits)
        self.out.which.append((said, fits, mark))
        self.out.why.append(Why(None, statement.words, f"“{said}” fits more than one pupil"))

    def _without_subject(self, statement: Statement) -> None:
        if len(self.reply.roster) == 1:
            self._take_named(self.reply.roster[0].number, statement)
            return
        made = verdict(statement, None, self.context)
        if any(m.text.lower() in ("no shows", "noshows") for m in statement.marks):
            self.groups.append((statement, Meant(group="nobody"), replace(made, value="present")))
            return
        if made.value == ELSEWHEN:
            self._elsewhen(statement, made)
        elif made.value == LEAVING:
            self.out.leaving = True
        elif made.value and (not made.weak or not self.said):
            self.out.subjectless.append(statement.words)

    def _count(self, statement: Statement, count: int) -> None:
        made = verdict(statement, None, self.context)
        if made.value == ELSEWHEN:
            self._elsewhen(statement, made)
            return
        mark = made.mark
        sizes = self._sizes()
        if statement.is_except:
            self.spoiled = True
            mark = self._default_except(None)
        if mark is Mark.PRESENT and count in sizes and not statement.is_only and count:
            meant = Meant(group="everyone", group_count=count)
            self.groups.append((statement, meant, made))
            return
        if mark is Mark.PRESENT and count == 0:
            self.groups.append((statement, Meant(group="nobody"), made))
            return
        if mark is None:
            self.out.unread.append(statement.words)
            return
        if len(self.reply.roster) == 1 and count == 1:
            self._take_named(self.reply.roster[0].number, statement)
            return
        self.out.counts.append((count, mark))
        self.out.why.append(Why(None, statement.words, f"{count} may be how many, or a number"))

    def _sizes(self) -> set[int]:
        size = len(self.reply.roster)
        known = sum(1 for p in self.reply.roster if p.known_absence is not None)
        return {size, size - known}

    # named pupils

    def _named(self) -> None:
        for number, verdicts in self.said.items():
            self.out.named.add(number)
            made = joined(verdicts)
            covered = made.symptom and made.weak and self._is_covered()
            counted = made.weak and number not in self.excepted and self._is_counted_in()
            if counted and {"was", "were", "had", "been"} & set(made.words.lower().split()):
                self.mentioned.add(number)
                self.out.named.discard(number)
                continue
            by_the_way = made.value == UNSURE and made.rule.startswith("“")
            by_the_way = by_the_way and not made.rule.endswith("doubtful") and self._is_covered()
            if by_the_way and number not in self.excepted:
                # "All in. Tre got dropped off by his nan": the "all in" is what says it.
                self.mentioned.add(number)
                self.out.named.discard(number)
                continue
            if covered and number not in self.excepted and made.reason is Reason.REFUSING:
                self.mentioned.add(number)
                self.out.named.discard(number)
                continue
            if covered and number not in self.excepted:
                self.out.unsure[number] = "poorly, but not said to be away"
                continue
            contradicts = number in self.excepted and made.value == "present" and not made.now
            if contradicts and self._default_except(number) is not Mark.PRESENT:
                self.out.unsure[number] = "left out, and yet said to be here"
                continue
            self._settle(number, made)
        for number, statement in self.excepted.items():
            self.out.named.add(number)
            unsure = self.out.unsure.get(number, "")
            if number in self.out.marks or (unsure and not unsure.startswith("gone, but")):
                continue
            gone = self.out.unsure.get(number, "").startswith("gone, but")
            if gone:
                del self.out.unsure[number]
                self._settle_default(number, statement, past_unsure=True)
                continue
            if number in self.said and self._is_quiet(number):
                continue
            self._settle_default(number, statement)

    def _is_quiet(self, number: int) -> bool:
        return number in self.out.quiet

    def _is_covered(self) -> bool:
        return any(v.mark is Mark.PRESENT for _, m, v in self.groups if m.group == "everyone")

    def _is_counted_in(self) -> bool:
        """Whether the whole group was counted, every one of them, and said to be in."""
        return any(
            v.mark is Mark.PRESENT and m.group == "everyone" and m.group_count is not None
            for _, m, v in self.groups
        )

    def _settle(self, number: int, made: Verdict) -> None:
        pupil = self.pupils[number]
        if made.value in (NOTHING, LEAVING):
            self._reason_alone(number, made)
            return
        mark = made.mark
        if mark is None:
            own = pupil.start is not None and self.context.now < self.context.start_of(pupil)
            if own and "not here yet" in made.rule:
                self.out.quiet.add(number)
                return
            if made.rule == "it is asked, not said" and not self.groups:
                self.out.asked = True
                self.out.quiet.add(number)
                return
            self.out.unsure[number] = made.rule
            return
        if mark in _HERE and self._is_too_early(pupil):
            self.out.too_early = True
            self.out.unsure[number] = "said to be here long before the start"
            return
        held = self.reply.marks.get(number)
        if made.weak and held is mark:
            if made.reason is not None:
                self.out.reasons[number] = made.reason
            return
        if mark in _HERE:
            self.out.present_named = self.out.present_named or mark is Mark.PRESENT
        self.out.set(number, made, mark)

    def _reason_alone(self, number: int, made: Verdict) -> None:
        held = self.reply.marks.get(number)
        if made.reason is not None and held in (Mark.ABSENT, Mark.AWAITED, Mark.LEFT):
            self.out.reasons[number] = made.reason
            self.out.nothing_else = False
        elif made.reason is Reason.UNKNOWN and number not in self.excepted:
            self.out.unsure[number] = "no mark was said"

    def _is_too_early(self, pupil: RosterPupil | None) -> bool:
        return self.context.now < self.context.start_of(None) - _EARLIEST

    def _default_except(self, number: int | None) -> Mark:
        group = next((v for _, m, v in self.groups if m.group in ("everyone", "rest")), None)
        nobody = next(((s, v) for s, m, v in self.groups if m.group == "nobody"), None)
        if nobody is not None:
            return Mark.ABSENT if self._is_negative(nobody[0]) else Mark.PRESENT
        back = any("back" in bases(s) for s, m, _ in self.groups if m.group in ("everyone", "rest"))
        if group is not None and group.mark in (Mark.ABSENT, Mark.AWAITED):
            return Mark.PRESENT
        if back and self.reply.half is Half.PM and number is not None:
            was = self.reply.am_marks.get(number)
            return Mark.UNACCOUNTED if was in (*_HERE, None) else Mark.ABSENT
        return Mark.ABSENT

    def _settle_default(
        self, number: int, statement: Statement, *, past_unsure: bool = False
    ) -> None:
        if statement.is_hedged or statement.is_question:
            self.out.unsure[number] = "it is only thought, not said"
            return
        said = joined(self.said[number]) if number in self.said else None
        if said is not None and said.value == UNSURE and not past_unsure:
            return
        mark = self._default_except(number)
        reason = said.reason if said is not None else None
        rule = "everyone but these" if mark is not Mark.PRESENT else "nobody but these"
        if mark is Mark.PRESENT and self._is_too_early(None):
            self.out.too_early = True
            return
        self.out.set(number, Verdict(mark.value, rule, reason, words=statement.words), mark)
        if mark is Mark.PRESENT:
            self.out.present_named = True

    # groups

    def _take_group(self, statement: Statement, meant: Meant) -> None:
        made = verdict(statement, None, self.context)
        if made.value == ELSEWHEN:
            self._elsewhen(statement, made)
            return
        if made.value == LEAVING:
            self.out.leaving = True
            return
        if made.mark in _HERE and self._is_quoted(statement):
            made = Verdict(UNSURE, "somebody else is said to have said it", words=statement.words)
        if meant.group == "everyone" and not self._count_agrees(meant)[0]:
            self.spoiled = True
            self.out.unread.append(f"{statement.words} (the count does not agree)")
            return
        if not statement.marks and not statement.reasons:
            made = self._group_without_mark(statement, meant)
            if not made.value:
                return
        self.groups.append((statement, meant, made))

    def _is_quoted(self, statement: Statement) -> bool:
        """ "femi says everyone is in": said by somebody who is named just before."""
        at = next((i for i, (s, _) in enumerate(self.whose.pairs) if s is statement), 0)
        before = self.whose.pairs[at - 1][0] if at else None
        if before is None or before.sentence != statement.sentence or before.says:
            return False
        return bool(before.items) and before.items[-1].kind is Kind.REPORTS

    def _group_without_mark(self, statement: Statement, meant: Meant) -> Verdict:
        """ "everyone bar Femi", "yes all 6", "the rest fine" say no mark and mean "in"."""
        words = statement.words
        if statement.continues:
            return Verdict(NOTHING)
        followed = any(s.is_except for s, _ in self.whose.pairs)
        fine = any(word in _FINE for item in statement.items for word in item.value.split())
        agreed = meant.group_count is not None and "yes" in self.clauses.answers
        if statement.is_hedged:
            return Verdict(UNSURE, "it is only thought, not said", words=words)
        if (meant.group == "everyone" and (followed or agreed)) or (
            meant.group in ("rest",) and (fine or statement.is_same)
        ):
            return Verdict("present", "all of them, by what stands beside it", words=words)
        last = [i for i in statement.items if i.kind.value not in ("chat", "emoji")][-1:]
        if (
            meant.group == "rest"
            and last
            and last[0].value in ("is", "are", "'s")
            and not statement.has_open_not
        ):
            return Verdict("present", "the others are", words=words)
        got = {"got", "have"} & set(words.lower().split())
        if (
            meant.group == "everyone"
            and got
            and len(self.whose.pairs) == 1
            and len(words.split()) <= 5
            and not any(i.kind in (Kind.ORDINARY, Kind.UNKNOWN) for i in statement.items)
        ):
            return Verdict("present", "has them all", words=words)
        if meant.group == "nobody" and followed:
            return Verdict("absent", "nobody but these", words=words)
        if meant.group == "nobody" and meant.group_count is None:
            self.out.unread.append(words)
            return Verdict(NOTHING)
        if (
            meant.group == "pair"
            and meant.group_count in self._sizes()
            and len(self.whose.pairs) == 1
        ):
            return Verdict("present", "all of them are counted", words=words)
        if meant.group == "everyone" and "yes" in self.clauses.answers:
            return Verdict("present", "yes, all", words=words)
        marked = any(m.group == "everyone" and s.says for s, m in self.whose.pairs)
        if (
            meant.group in ("everyone", "pair")
            and not marked
            and not words.lower().startswith("all")
        ):
            self.out.unread.append(words)
        return Verdict(NOTHING)

    def _group_says(self, statement: Statement, meant: Meant, made: Verdict) -> str:
        """Whether a word for all of them says here, not here, or neither."""
        if meant.group == "everyone":
            mark = made.mark
            return "" if mark is None else "here" if mark in _HERE else "not here"
        if meant.group != "nobody" or not statement.marks:
            return ""
        negative = self._is_negative(statement) and not self._denies(statement)
        return "here" if negative else "not here"

    def _groups(self) -> None:
        told = {self._group_says(*each) for each in self.groups if not each[0].continues}
        if {"here", "not here"} <= told:
            self.spoiled = True
            self.out.unread.append("all of them here, and not here")
            return
        doubted = any(
            made.value == UNSURE and meant.group == "everyone" and not statement.continues
            for statement, meant, made in self.groups
        )
        self.spoiled = self.spoiled or doubted
        for statement, meant, made in self.groups:
            if meant.group == "nobody":
                self._nobody(statement, made)
            elif made.value == UNSURE and made.rule == "it is asked, not said":
                self.out.asked = True
            elif (
                meant.group == "subgroup"
                or (
                    meant.group == "pair"
                    and (meant.group_count not in self._sizes() or made.mark is not Mark.PRESENT)
                )
                or made.value == UNSURE
            ):
                self.out.unread.append(statement.words)
            elif meant.group == "rest":
                self._rest(statement, meant, made)
            else:
                self._everyone(statement, meant, made)

    @staticmethod
    def _is_negative(statement: Statement) -> bool:
        return bool(bases(statement) & {"absent", "missing"})

    def _is_plainly_nobody(self, statement: Statement) -> bool:
        """ "nobody absent" and no other no: all that may be turned round into "all are in"."""
        alone = bool(statement.refs) and all(ref.what != "everyone" for ref in statement.refs)
        turned = any(m.negated for m in statement.marks) or statement.has_open_not
        words = set(statement.words.lower().replace("at all", "").split())
        alone = alone and not {"all", "every", "everyone"} & words
        said_twice = sum(meant.group == "nobody" for _, meant, _ in self.groups) > 1
        return alone and not turned and not said_twice

    @staticmethod
    def _denies(statement: Statement) -> bool:
        """ "no shows today, not one of them": a "no" said twice is still a no."""
        own = ("no ", "non ", "not ", "did not", "never", "failed", "nil ")
        return any(m.text.lower().startswith(own) and not m.negated for m in statement.marks)

    def _nobody(self, statement: Statement, made: Verdict) -> None:
        said = bases(statement)
        if statement.marks and (
            said & {"awaited", "late", "left", "unaccounted"}
            or (made.value == UNSURE and not said & {"present", "absent"})
        ):
            if said & {"absent", "missing", "present", "arrived"}:
                self.out.unread.append(statement.words)
            return
        if made.value == UNSURE or statement.is_hedged or statement.is_question:
            self.out.unread.append(statement.words)
            return
        negative = self._is_negative(statement) and not self._denies(statement)
        if negative and not self._is_plainly_nobody(statement):
            # "Not any, nobody in", "none of them and all off": no word for a full house.
            self.spoiled = True
            self.out.unread.append(statement.words)
            return
        if negative:
            self._everyone(
                statement,
                Meant(group="everyone"),
                replace(made, value="present", rule="nobody is absent", reason=None),
            )
            return
        others = self._others(known=False)
        back = "back" in said and (statement.lunch or self.reply.half is Half.PM)
        made = replace(made, reason=reason_of(statement, self.context)[0], at=None)
        yet = "not_yet" in said or statement.is_yet
        if yet and self.context.now < self.context.start_of(None) + 15:
            self.out.unread.append(statement.words)
            return
        self.out.whole = True
        for pupil in others:
            held = self.reply.marks.get(pupil.number)
            if held in _HERE and not self.clauses.corrects and not back:
                self.out.unsure[pupil.number] = "marked as here before"
                continue
            was = self.reply.am_marks.get(pupil.number)
            lost = back and was in (*_HERE, None)
            mark = Mark.UNACCOUNTED if lost else Mark.ABSENT
            self.out.set(pupil.number, replace(made, rule="nobody is in"), mark)

    def _others(self, *, known: bool) -> list[RosterPupil]:
        """Whoever was not named: known absences only where they are counted in."""
        held_back = (
            set(self.out.named)
            | set(self.out.unsure)
            | {n for fits in self.unclear_sets for n in fits}
        )
        return [
            p
            for p in self.reply.roster
            if p.number not in held_back and (known or p.known_absence is None)
        ]

    def _count_agrees(self, meant: Meant) -> tuple[bool, bool]:
        """Whether the count agrees, and whether it counts known absences in."""
        count = meant.group_count
        if count is None:
            return True, False
        size = len(self.reply.roster)
        known = sum(1 for p in self.reply.roster if p.known_absence is not None)
        asked = self.reply.pending
        if isinstance(asked, RestPresent) and count == len(asked.pupils):
            return True, False
        return count in (size, size - known), count == size and known > 0

    def _everyone(self, statement: Statement, meant: Meant, made: Verdict) -> None:
        agrees, counted_in = self._count_agrees(meant)
        if not agrees or self.spoiled:
            what = "the count does not agree" if not agrees else "whom it leaves out is not clear"
            if not self.out.counts:
                self.out.unread.append(f"{statement.words} ({what})")
            self.out.whole = True
            return
        mark = made.mark
        if mark is None:
            return
        self.out.whole = True
        if mark in _HERE and any(m not in _HERE for _, m in self.out.counts):
            # "All here, 1 late": until it is known who, nobody is said to be here.
            return
        if mark is Mark.UNACCOUNTED and "not_back" not in bases(statement):
            self.out.unread.append(statement.words)
            return
        if mark in _HERE and self._is_too_early(None):
            self.out.too_early = True
            return
        if mark is Mark.LEFT:
            self.out.question = True
        for pupil in self._others(known=counted_in):
            self._everyone_one(
                pupil, statement, made, mark, counted_in or meant.group_count is not None
            )

    def _everyone_one(
        self, pupil: RosterPupil, statement: Statement, made: Verdict, mark: Mark, counted: bool
    ) -> None:
        n = pupil.number
        held = self.reply.marks.get(n)
        own = pupil.start is not None and self.context.now < self.context.start_of(pupil)
        if own and not counted and mark in (*_HERE, Mark.ABSENT, Mark.AWAITED):
            self.out.quiet.add(n)
            return
        if mark not in _HERE:
            one = verdict(statement, pupil, self.context)
            if mark is Mark.LEFT and held in (Mark.ABSENT, Mark.LEFT):
                return
            if held in _HERE and mark in (Mark.ABSENT, Mark.AWAITED) and not self.clauses.corrects:
                self.out.unsure[n] = "marked as here before"
                return
            self.out.set(
                n, replace(made, rule="everyone: " + made.rule, at=one.at), one.mark or mark
            )
            return
        if held is None:
            self.out.set(
                n,
                replace(made, rule="everyone is in", at=None, reason=None),
                Mark.PRESENT if mark is Mark.PRESENT else mark,
            )
            return
        if held in _HERE:
            return
        back = "back" in bases(statement) or self._says_now(statement)
        if held is Mark.LEFT and "back" not in bases(statement):
            self.out.left_over = True
            return
        if not back:
            self.out.left_over = True
            return
        late = (
            Mark.PRESENT
            if held in (Mark.UNACCOUNTED, Mark.LEFT)
            or self.context.now < self.context.start_of(pupil)
            else Mark.LATE
        )
        self.out.set(n, replace(made, rule="everyone is here now", at=None, reason=None), late)

    @staticmethod
    def _says_now(statement: Statement) -> bool:
        return statement.is_now or any(
            "now" in m.text.lower().split() or "last" in m.text.lower().split()
            for m in statement.marks
        )

    def _rest(self, statement: Statement, meant: Meant, made: Verdict) -> None:
        others = [p for p in self._others(known=False) if p.number not in self.mentioned]
        unclear = {n for fits in self.unclear_sets for n in fits}
        count = meant.group_count
        total = (
            len([p for p in self.reply.roster if p.number not in self.out.named])
            if count is not None
            else 0
        )
        if count is not None and count not in (len(others), total) and not unclear:
            self.out.unread.append(statement.words)
            return
        mark = made.mark
        if mark is None:
            return
        if mark in _HERE and any(m not in _HERE for _, m in self.out.counts):
            # "3 off, rest in": until it is known who is off, nobody is of the rest.
            return
        if self.spoiled or (mark in _HERE and self.somebody_unread):
            self.out.unread.append(statement.words)
            return
        if mark in _HERE and self._is_too_early(None):
            self.out.too_early = True
            return
        self.out.whole = True
        for pupil in others:
            held = self.reply.marks.get(pupil.number)
            own = pupil.start is not None and self.context.now < self.context.start_of(pupil)
            if own or (held is not None and mark in _HERE and held in (*_STAYS, *_HERE)):
                if own:
                    self.out.quiet.add(pupil.number)
                if held in _STAYS and self._says_now(statement):
                    late = Mark.PRESENT if held is Mark.UNACCOUNTED else Mark.LATE
                    if held is not Mark.LEFT:
                        self.out.set(pupil.number, replace(made, reason=None), late)
                continue
            if held in _HERE and mark is Mark.ABSENT:
                continue
            one = verdict(statement, pupil, self.context)
            at = one.at if mark is Mark.AWAITED else None
            self.out.set(pupil.number, replace(made, rule="the rest: " + made.rule, at=at), mark)

    # the rest of it

    def _only(self) -> None:
        """ "only Aiden in": the rest absent; "only Chloe off": the rest present."""
        for statement, meant in self.whose.pairs:
            if not statement.is_only or not meant.pupils:
                continue
            if self.groups or meant.unread or (meant.unclear and not statement.marks):
                continue
            marks = {self.out.marks.get(n) for n in meant.pupils if n in self.out.marks}
            if not statement.says:
                self.out.unread.append(statement.words)
                continue
            if not marks or self.out.unread or any(n in self.out.unsure for n in meant.pupils):
                continue
            here = marks <= {Mark.PRESENT, Mark.LATE}
            if here:
                self._rest_of_only(statement, Mark.ABSENT)
            elif not marks & {Mark.PRESENT, Mark.LATE}:
                if self._is_too_early(None):
                    self.out.too_early = True
                else:
                    self._rest_of_only(statement, Mark.PRESENT)

    def _rest_of_only(self, statement: Statement, mark: Mark) -> None:
        back = "back" in bases(statement)
        self.out.whole = True
        for pupil in self._others(known=False):
            held = self.reply.marks.get(pupil.number)
            own = pupil.start is not None and self.context.now < self.context.start_of(pupil)
            if own:
                self.out.quiet.add(pupil.number)
                continue
            if held is not None and (mark is Mark.PRESENT or held not in _HERE):
                continue
            if held in _HERE and not (back and mark is Mark.ABSENT):
                continue
            given = mark
            if back and mark is Mark.ABSENT:
                was = self.reply.am_marks.get(pupil.number)
                given = Mark.UNACCOUNTED if was in _HERE or held in _HERE else Mark.ABSENT
            rule = "only these are, so the rest are not"
            self.out.set(pupil.number, Verdict(given.value, rule, words=statement.words), given)

    def _swaps(self) -> None:
        """ "4 not 3": the first takes what the second had; the second is asked about."""
        for first, second in self.clauses.swaps:
            a, b = self._one(first.pupils, first.n), self._one(second.pupils, second.n)
            if a is None or b is None:
                self.out.unread.append(f"{first.said} not {second.said}")
                continue
            mark = self.reply.marks.get(b)
            if mark is None:
                self.out.unread.append(f"{first.said} not {second.said}")
                continue
            self.out.set(
                a,
                Verdict(
                    mark.value,
                    "put right: the one, not the other",
                    words=f"{first.said} not {second.said}",
                ),
                mark,
            )
            self.out.named.add(b)
            self.out.quiet.discard(b)
            self.out.asked_again.append(b)

    def _one(self, pupils: Iterable[int], n: int) -> int | None:
        fits = [*pupils] or [n]
        return fits[0] if len(fits) == 1 and fits[0] in self.pupils else None

    def _dangling(self) -> None:
        """A pupil named with nothing said, beside "all in": left out or not is not clear."""
        for statement, meant in self.whose.pairs:
            if statement.is_object:
                continue
            if statement.says or statement.is_except or statement.is_too or statement.is_only:
                continue
            if not meant.pupils or any(
                item.text.lower() not in self._names_only(statement) for item in statement.items
            ):
                continue
            for n in meant.pupils:
                if n in self.out.named or self.reply.pending is not None:
                    continue
                if self.out.marks.get(n) is Mark.PRESENT and self.groups:
                    del self.out.marks[n]
                self.out.unread.append(statement.words)

    @staticmethod
    def _names_only(statement: Statement) -> set[str]:
        return (
            {ref.said for ref in statement.refs}
            | {"and", "n", "&", ","}
            | {i.text.lower() for i in statement.items if i.kind.value in ("name", "and", "fill")}
        )


def joined(verdicts: list[Verdict]) -> Verdict:
    """Join what several statements said of one pupil into one verdict."""
    told = [v for v in verdicts if v.value]
    reasons = [v.reason for v in verdicts if v.reason is not None]
    if not told:
        return Verdict(NOTHING, reason=reasons[0] if reasons else None, words=verdicts[0].words)
    strong = [v for v in told if not v.weak] or told
    values = {v.value for v in strong}
    made = _one_of(strong, values)
    reason = made.reason
    if reason is None and made.value not in ("present", UNSURE):
        known = [r for r in reasons if r is not Reason.UNKNOWN] or reasons
        reason = known[0] if known else None
    at = made.at
    if at is None:
        same = [v.at for v in strong if v.at is not None and v.value == made.value]
        at = same[0] if same else None
    return replace(made, reason=reason, at=at)


def _one_of(strong: list[Verdict], values: set[str]) -> Verdict:
    last = strong[-1]
    if len(values) == 1:
        timed = [v for v in strong if v.at is not None]
        return timed[0] if timed else last
    if UNSURE in values:
        sure = [v for v in strong if v.value != UNSURE]
        if (
            all(v.value not in ("present", "late", "left") for v in sure)
            and strong[0].value != UNSURE
        ):
            return sure[-1]
        return next(v for v in strong if v.value == UNSURE)
    pick = {v.value: v for v in strong}
    if values == {"left", "unaccounted"} and last.value == "left":
        return last
    if "left" in values:
        return (
            pick["left"]
            if values <= {"left", "present", "late", "absent"}
            else pick.get("awaited", Verdict(UNSURE, "marks that do not go together"))
        )
    if "unaccounted" in values:
        return (
            pick["unaccounted"]
            if last.value == "unaccounted" or "absent" in values or not last.now
            else last
        )
    if values == {"present", "late"}:
        return pick["late"]
    if values == {"absent", "awaited"}:
        return pick["awaited"]
    if last.corrects or (last.now and last.value in ("late", "present")):
        return last
    words = " / ".join(v.words for v in strong)
    return Verdict(UNSURE, "two marks that do not go together", words=words)
