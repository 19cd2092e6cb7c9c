"""
Replies and readings as JSON lines: the reply contract's input and output.

This is how the reader is tried from outside, and in which form the store keeps an open question.
An error names the field that is wrong, and its line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from apbot.domain.readings import (
    Ask,
    CaseAction,
    CountOrNumber,
    OpenCase,
    Reading,
    Rephrase,
    Reply,
    RestPresent,
    RosterPupil,
    WhichPupil,
)
from apbot.domain.words import Half, Mark, Matter, Reason, Speaker
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read

Word = TypeVar("Word", bound=StrEnum)


class BadReply(ValueError):
    """A JSON object is no reply of the contract. The message names the field and the line."""


def interpret_lines(lines: Iterable[str], lexicon: Lexicon, *, why: bool = False) -> Iterator[str]:
    """
    Read replies, one JSON object a line, and yield what each means, one JSON object a line.

    Blank lines are passed over. Raises BadReply with the line number at the first that is none.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            obj = json.loads(line)
            reply = reply_from(obj)
        except json.JSONDecodeError as error:
            raise BadReply(
                f"line {number}: not JSON: {error.msg} at column {error.colno}"
            ) from None
        except BadReply as error:
            raise BadReply(f"line {number}: {error}") from None
        reading = read(reply, lexicon)
        made = reading_to(reading, reply, id=_id(obj), why=why)
        yield json.dumps(made, ensure_ascii=False)


def reply_from(obj: Mapping[str, object]) -> Reply:
    """Return the Reply that a JSON object is. Raises BadReply naming the field that is wrong."""
    if not isinstance(obj, Mapping):
        raise BadReply("not an object")
    pupils = tuple(_pupil(each, at) for at, each in enumerate(_list(obj, "roster")))
    numbers = [pupil.number for pupil in pupils]
    if len(set(numbers)) < len(numbers):
        raise BadReply("roster: a number is there twice")
    return Reply(
        speaker=_word(obj, "speaker", Speaker, Speaker.PROVIDER),
        text=_text(obj, "text"),
        on=_date(obj, "date"),
        half=_word(obj, "half", Half, None),
        start=_time(obj, "start"),
        sent_at=_time(obj, "sent_at"),
        roster=pupils,
        marks=_marks(obj, "marks"),
        am_marks=_marks(obj, "am_marks"),
        pending=_pending(obj),
        cases=tuple(_case(each, at) for at, each in enumerate(_list(obj, "cases"))),
    )


def reading_to(
    reading: Reading, reply: Reply, *, id: str | None = None, why: bool = False
) -> dict[str, object]:
    """Return a Reading as the contract's output object; `case` for CSS and parents only."""
    made: dict[str, object] = {} if id is None else {"id": id}
    reasons: dict[str, str] = {str(n): r.value for n, r in reading.reasons.items()}
    reasons |= {ref: reason.value for ref, reason in reading.case_reasons.items()}
    made |= {
        "marks": {str(n): mark.value for n, mark in reading.marks.items()},
        "reasons": reasons,
        "times": {str(n): moment.strftime("%H:%M") for n, moment in reading.times.items()},
        "flags": sorted(flag.value for flag in reading.flags),
        "ask": None if reading.ask is None else ask_to(reading.ask),
    }
    if reply.speaker is not Speaker.PROVIDER:
        made["case"] = _case_to(reading.cases)
    if why:
        made["why"] = [
            {"about": each.about, "words": each.words, "rule": each.rule} for each in reading.why
        ]
    return made


def ask_to(ask: Ask) -> dict[str, object]:
    """Return a question in the form that `pending` has."""
    if isinstance(ask, RestPresent):
        return {"ask": "rest_present", "pupils": list(ask.pupils)}
    if isinstance(ask, WhichPupil):
        pupils = list(ask.pupils)
        return {"ask": "which_pupil", "said": ask.said, "pupils": pupils, "mark": ask.mark.value}
    if isinstance(ask, CountOrNumber):
        return {"ask": "count_or_number", "n": ask.n, "mark": ask.mark.value}
    return {"ask": "rephrase"} | ({"pupils": list(ask.about)} if ask.about else {})


def ask_from(obj: Mapping[str, object]) -> Ask:
    """Return the question that an object in the form of `pending` is. Raises BadReply."""
    if not isinstance(obj, Mapping):
        raise BadReply("pending: not an object")
    kind = obj.get("ask")
    if kind == "rest_present":
        return RestPresent(_numbers(obj))
    if kind == "which_pupil":
        return WhichPupil(_text(obj, "said"), _numbers(obj), _word(obj, "mark", Mark, None))
    if kind == "count_or_number":
        n = obj.get("n")
        if not isinstance(n, int):
            raise BadReply("pending: n is not a number")
        return CountOrNumber(n, _word(obj, "mark", Mark, None))
    if kind == "rephrase":
        return Rephrase(about=_numbers(obj) if "pupils" in obj else ())
    raise BadReply(f"pending: {kind!r} is no question")


def ask_to_json(ask: Ask) -> str:
    """Return a question as JSON text, as the store keeps it."""
    return json.dumps(ask_to(ask), ensure_ascii=False)


def ask_from_json(text: str) -> Ask:
    """Return the question that was kept as JSON text. Raises BadReply."""
    try:
        return ask_from(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadReply(f"pending: not JSON: {error.msg}") from None


def _id(obj: Mapping[str, object]) -> str | None:
    return None if obj.get("id") is None else str(obj["id"])


def _case_to(actions: tuple[CaseAction, ...]) -> object:
    made = [{"ref": each.ref, "action": each.action.value} for each in actions]
    if len(made) > 1:
        return made
    return made[0] if made else None


def _pending(obj: Mapping[str, object]) -> Ask | None:
    value = obj.get("pending")
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise BadReply("pending: not an object")
    return ask_from(value)


def _pupil(value: object, at: int) -> RosterPupil:
    if not isinstance(value, Mapping):
        raise BadReply(f"roster[{at}]: not an object")
    n = value.get("n")
    if not isinstance(n, int) or isinstance(n, bool):
        raise BadReply(f"roster[{at}].n: {n!r} is not a number")
    try:
        start = _time(value, "start") if value.get("start") else None
        name = _text(value, "name")
        known_as = _text(value, "known_as") if value.get("known_as") else None
        told = _word(value, "known_absence", Reason, None) if value.get("known_absence") else None
    except BadReply as error:
        raise BadReply(f"roster[{at}].{error}") from None
    return RosterPupil(n, name, known_as, start, told)


def _case(value: object, at: int) -> OpenCase:
    if not isinstance(value, Mapping):
        raise BadReply(f"cases[{at}]: not an object")
    try:
        matter = _word(value, "matter", Matter, None)
        pupil = _text(value, "pupil") if value.get("pupil") else None
        return OpenCase(_text(value, "ref"), matter, _text(value, "provider"), pupil)
    except BadReply as error:
        raise BadReply(f"cases[{at}].{error}") from None


def _list(obj: Mapping[str, object], key: str) -> list[object]:
    value = obj.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadReply(f"{key}: not a list")
    return value


def _numbers(obj: Mapping[str, object]) -> tuple[int, ...]:
    values = _list(obj, "pupils")
    if not all(isinstance(each, int) for each in values):
        raise BadReply("pupils: not numbers")
    return tuple(each for each in values if isinstance(each, int))


def _marks(obj: Mapping[str, object], key: str) -> dict[int, Mark]:
    value = obj.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadReply(f"{key}: not an object")
    made: dict[int, Mark] = {}
    for n, mark in value.items():
        try:
            made[int(n)] = Mark(mark)
        except ValueError:
            raise BadReply(f"{key}: {n!r}: {mark!r} is no mark by number") from None
    return made


def _text(obj: Mapping[str, object], key: str) -> str:
    value = obj.get(key)
    if not isinstance(value, str):
        raise BadReply(f"{key}: missing" if value is None else f"{key}: {value!r} is not text")
    return value


def _word(obj: Mapping[str, object], key: str, words: type[Word], default: Word | None) -> Word:
    value = obj.get(key)
    if value is None and default is not None:
        return default
    try:
        return words(str(value))
    except ValueError:
        known = ", ".join(words)
        raise BadReply(f"{key}: {value!r} is none of {known}") from None


def _time(obj: Mapping[str, object], key: str) -> time:
    value = _text(obj, key)
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise BadReply(f"{key}: {value!r} is not a time HH:MM") from None


def _date(obj: Mapping[str, object], key: str) -> date:
    value = _text(obj, key)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadReply(f"{key}: {value!r} is not a date YYYY-MM-DD") from None
