"""
Plain: a mark, a reason, a register and a case as people say them.
"""

from collections.abc import Mapping

from apbot.domain.cases import Case
from apbot.domain.people import Person
from apbot.domain.register import Entry, Line, Register
from apbot.domain.words import Mark, Matter, Reason
from apbot.wording.compose import clock_time

REASONS: Mapping[Reason, str] = {
    Reason.ILLNESS: "ill",
    Reason.MEDICAL_APPOINTMENT: "appointment",
    Reason.TRANSPORT: "transport",
    Reason.HOLIDAY: "holiday",
    Reason.RELIGIOUS: "religious day",
    Reason.SUSPENDED: "suspended",
    Reason.FAMILY: "family",
    Reason.REFUSING: "refusing",
    Reason.OTHER: "other reason",
    Reason.UNKNOWN: "reason not known",
}


MARKS: Mapping[Mark | None, str] = {
    Mark.PRESENT: "in",
    Mark.LATE: "late",
    Mark.AWAITED: "on the way",
    Mark.ABSENT: "off",
    Mark.UNACCOUNTED: "not accounted for",
    Mark.LEFT: "left",
    None: "no mark",
}


TICKS: Mapping[Mark | None, str] = {
    Mark.PRESENT: "✅",
    Mark.LATE: "🕒",
    Mark.AWAITED: "🚌",
    Mark.ABSENT: "❌",
    Mark.UNACCOUNTED: "❗",
    Mark.LEFT: "👋",
    None: "▫️",
}


MATTERS: Mapping[Matter, str] = {
    Matter.MISSING_REGISTER: "{provider} register",
    Matter.UNACCOUNTED: "{pupil} ({provider})",
    Matter.ABSENCE: "{pupil} ({provider})",
    Matter.CONCERN: "concern from {provider}",
    Matter.CLOSED: "{provider} not running",
    Matter.QUESTION: "question from {provider}",
}


def mark_words(entry: Entry | None) -> str:
    """Return "off (ill)", "late 09:50", "in": one pupil's standing in words."""
    if entry is None:
        return MARKS[None]
    words = MARKS[entry.mark]
    if entry.time is not None:
        words += f" {clock_time(entry.time)}"
    if entry.reason is not None:
        words += f" ({REASONS[entry.reason]})"
    return words


def tally(register: Register) -> str:
    """Return "5 in, 1 late, 2 off": the register in one breath."""
    marks = register.marks
    counts = dict.fromkeys(MARKS.values(), 0)
    for line in register.roster:
        mark = marks.get(line.number)
        if mark is None and line.known_absence is not None:
            mark = Mark.ABSENT
        counts[MARKS[mark]] += 1
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def standing(register: Register) -> str:
    """Return who is in and who is not, as a sentence or two: first whoever is not."""
    said = register.standing
    groups: dict[str, list[str]] = {}
    for line in register.roster:
        entry = said.get(line.number)
        if entry is None and line.known_absence is not None:
            groups.setdefault("Off", []).append(f"{line.shown} ({REASONS[line.known_absence]})")
            continue
        word = MARKS[entry.mark if entry else None]
        groups.setdefault(word.capitalize(), []).append(_with_detail(line, entry))
    order = ["Not accounted for", "Off", "On the way", "Left", "No mark", "Late", "In"]
    parts = [f"{word}: {', '.join(groups[word])}." for word in order if word in groups]
    if list(groups) == ["In"]:
        return f"All {len(register.roster)} in." if len(register.roster) > 1 else parts[0]
    return " ".join(parts)


def person_and_number(person: Person) -> str:
    """Return "Gill Marsh 07700 900101", the number as a person writes it."""
    return f"{person.name} {shown_number(person.mobile)}"


def shown_number(number: str) -> str:
    """Return an E.164 UK number as people write it: 07700 900101."""
    if number.startswith("+44") and number[3:].isdigit() and len(number) == 13:
        return f"0{number[3:7]} {number[7:]}"
    return number


def subject(case: Case) -> str:
    """Return what a case is about, in a few words: "Femi O (Alder Farm)"."""
    if case.matter is Matter.QUESTION and not case.raised_by and case.shown:
        return f"number of {case.shown}"
    return MATTERS[case.matter].format(provider=case.provider_name, pupil=case.shown or "a pupil")


def _with_detail(line: Line, entry: Entry | None) -> str:
    if entry is None:
        return line.shown
    detail = mark_words(entry).removeprefix(MARKS[entry.mark]).strip()
    if detail.startswith("("):
        return f"{line.shown} {detail}"
    return f"{line.shown} {detail}".strip()
