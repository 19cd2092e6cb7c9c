"""
Joining: what several statements say of one pupil, made into one verdict.

What can stand together is joined; two marks that do not go together leave the pupil unmarked.
"""

from collections.abc import Sequence

from apbot.domain.words import Reason
from apbot.reading.neighbours import Neighbours
from apbot.reading.told import (
    FAMILY,
    LATE_EARLY,
    LATE_WHERE,
    NOT_BACK,
    NOT_YET,
    NOTHING,
    ONLY_PAST,
    STILL_NOT_BACK,
    WAS_ELSEWHERE,
    WHERE_ILL,
    Verdict,
)
from apbot.reading.turned import UNSURE

_GONE_SINCE = ("left", "unaccounted", "absent", "awaited")
_CAME = ("present", "late")
# "Femi's here. Late": late, with no word of still coming.
_LATE_ALONE = (LATE_WHERE, LATE_EARLY)
GONE = "gone, but not said whether with leave"
ASKED = "it is asked, not said"
THOUGHT = "it is only thought, not said"
WAS_TO_BE = "it is said what was to be, not what is"
_CLASH = "two marks that do not go together"


def joined(verdicts: Sequence[Verdict], beside: Neighbours) -> Verdict:
    """Join what several statements said of one pupil into one verdict."""
    if len(verdicts) == 1 and verdicts[0].value:
        return verdicts[0]
    came = any(each.value in _CAME for each in verdicts)
    if came and any(each.rule in _LATE_ALONE for each in verdicts):
        # "in late, but he's here": the one word says when, and the other that he came.
        others = (each for each in verdicts if each.rule not in _LATE_ALONE)
        verdicts = [each._replace(value="late") for each in others]
    told = _without_past([each for each in verdicts if each.value])
    reasons = [each.reason for each in verdicts if each.reason is not None]
    if not told:
        return Verdict(NOTHING, reason=reasons[0] if reasons else None, words=verdicts[0].words)
    # "Nkechi is absent, not Jess. Jess is here": what is said of her plainly goes before.
    if any(each.value == "late" for each in told):
        # "came back 1.40, she'd been sat in Greggs".
        told = [each for each in told if each.rule != WAS_ELSEWHERE]
    if any(each.value in ("left", "unaccounted") for each in told):
        # "Lewis has gone. His brother came and fetched him".
        told = [each for each in told if each.rule not in (GONE, WHERE_ILL)]
    if any(each.corrects and each.value == "present" for each in told):
        # "has been here all along sorry, she was in the loft".
        told = [each for each in told if each.rule != WAS_ELSEWHERE]
    coming = any(each.value == "awaited" for each in told)
    if coming:
        # "isn't here yet, she's on the bus".
        told = [each for each in told if each.rule != NOT_YET] or told
    plain = [each for each in told if not each.bare] or told
    strong = [each for each in plain if not each.weak] or plain
    made = _one_of(strong, beside)
    if made.value in _CAME and _refuses_after(told, made):
        # "here but wont get out the taxi".
        return Verdict(UNSURE, "came, but refused", words=made.words)
    reason = made.reason
    if made.value == "late":
        # "just walked in. Says he feels rough": no reason for being late.
        reasons = [each.reason for each in verdicts if each.reason and not _is_how_he_is(each)]
    if reason in (None, Reason.UNKNOWN) and made.value not in ("present", UNSURE):
        known = [each for each in reasons if each is not Reason.UNKNOWN] or reasons
        reason = known[0] if known else reason
    if reason is Reason.REFUSING:
        # "zac ill, he won't come": why he will not was said before.
        reason = next((one for one in reasons if one is not Reason.UNKNOWN), reason)
    timed = (each.at for each in strong if each.at is not None and each.value == made.value)
    at = made.at if made.at is not None else next(timed, None)
    if at is None and made.value == "unaccounted":
        # "last saw Jordan at 11.40, he's walked off".
        at = next((each.at for each in verdicts if not each.value and each.at is not None), None)
    return made._replace(reason=reason, at=at)


def _refuses_after(told: Sequence[Verdict], came: Verdict) -> bool:
    last = max((n for n, each in enumerate(told) if each.value == came.value), default=0)
    behind = told[last + 1 :]
    return any(each.weak and each.reason is Reason.REFUSING for each in behind)


def _without_past(told: list[Verdict]) -> list[Verdict]:
    """ "was here but his carer came for him": what is said of now is what counts."""
    is_told = [each for each in told if each.rule != WAS_TO_BE]
    told = is_told or told
    of_now = [each for each in told if each.rule != ONLY_PAST]
    return of_now if any(each.value in _GONE_SINCE for each in of_now) else told


def _one_of(strong: Sequence[Verdict], beside: Neighbours) -> Verdict:
    last, values = strong[-1], {each.value for each in strong}
    pick = {each.value: each for each in strong}
    if len(values) == 1:
        timed = [each for each in strong if each.at is not None]
        if last.value == "awaited" and timed:
            # "at the dentist till half ten. He'll be here by eleven".
            return max(timed, key=lambda each: each.at or 0)
        return timed[0] if timed else last
    if UNSURE in values:
        sure = [each for each in strong if each.value != UNSURE]
        if last.value == "unaccounted":
            # "wasn't in the toilet, and we don't know where he is".
            return last
        never_here = not values & {"present", "late", "left"}
        told = strong[0] is sure[0] or all(_only_asked(each) for each in strong)
        return sure[-1] if never_here and told else _first(strong, UNSURE)
    if values == {"left", "unaccounted"} and last.value == "left":
        return last
    if "left" in values:
        if values <= {"left", "present", "late", "absent"}:
            return pick["left"]
        return pick.get("awaited", Verdict(UNSURE, _CLASH))
    if values == {"unaccounted", "awaited"} and _is_expected(pick["unaccounted"], strong, beside):
        return pick["awaited"]
    if values == {"unaccounted", "absent"} and _is_at_home(pick["unaccounted"], last, beside):
        return last
    if "unaccounted" in values:
        if last.corrects and last.value in _CAME:
            # "not back from lunch. No, scrap that, he's here".
            return last
        lost = last.value == "unaccounted" or "absent" in values or not last.now
        return pick["unaccounted"] if lost else last
    if values == {"absent", "awaited"} and strong[0].foretold and last.value == "absent":
        # "said he'd be in. He isn't."
        return last
    if strong[0].value == "present" and strong[0].denies and len(values) == 2:
        # "isn't off, she's running late": what is not so gives way to what is so.
        return last
    for pair, taken in ((("present", "late"), "late"), (("absent", "awaited"), "awaited")):
        if values == set(pair):
            return pick[taken]
    came = last.value == "late" and last.at is not None
    if values == {"absent", "late"} and came and _only_then(strong[0], beside):
        # "wasn't here at nine, she came at half past".
        return last
    late = any(each.value == "awaited" and says_late(each, beside) for each in strong)
    if last.now and last.value == "present" and late:
        # "Olha late but she is here now".
        return last._replace(value="late")
    if last.corrects or (last.now and last.value in ("late", "present")):
        return last
    return Verdict(UNSURE, _CLASH, words=" / ".join(each.words for each in strong))


def _is_expected(lost: Verdict, told: Sequence[Verdict], beside: Neighbours) -> bool:
    """ "isn't back yet, she'll be here by two", "but I can see her coming": so she is coming."""
    timed = any(each.value == "awaited" and each.at is not None for each in told)
    in_sight = {*told[-1].words.lower().split()} <= beside.comes_in_sight
    not_back = lost.rule in (NOT_BACK, STILL_NOT_BACK)
    return not_back and (timed or (told[-1].value == "awaited" and in_sight))


def _only_then(away: Verdict, beside: Neighbours) -> bool:
    """ "WASN'T HERE AT NINE": of then, and not of now."""
    return away.reason is None and not beside.past_not.isdisjoint(away.words.lower().split())


def _is_at_home(lost: Verdict, away: Verdict, beside: Neighbours) -> bool:
    """ "not back from lunch, his mum rang, he's AT HOME ill": and nobody has to look for him."""
    home = any(phrase in away.words for phrase in beside.found_at_home)
    home = home and beside.never_did.isdisjoint(away.words.split())
    told = any(each.rule.endswith(FAMILY) for each in (lost, away))
    why = away.reason not in (None, Reason.UNKNOWN)
    return lost.rule.startswith(NOT_BACK) and away.value == "absent" and home and (told or why)


def says_late(verdict: Verdict, beside: Neighbours) -> bool:
    """ "a touch late but here", in any words of it."""
    return not beside.bare_late.isdisjoint(verdict.words.lower().split())


def _only_asked(verdict: Verdict) -> bool:
    """ "is lacey meant to be in? she isn't here": asked or thought first, and then said."""
    return verdict.value != UNSURE or verdict.rule in (ASKED, THOUGHT)


def _first(verdicts: Sequence[Verdict], value: str) -> Verdict:
    """Return the first verdict of this value."""
    return next(each for each in verdicts if each.value == value)


def _is_how_he_is(verdict: Verdict) -> bool:
    return verdict.weak and verdict.symptom and verdict.reason is Reason.ILLNESS
