"""
Facts: what a script may name, made of domain values.

Lists, plurals, times as people say them and the words for a mark are made here, so that a script
is words and placeholders only. A fact is made only when a script names it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Say
from apbot.domain.people import Person, Provider
from apbot.domain.readings import CountOrNumber, RestPresent, WhichPupil
from apbot.domain.register import Entry, Line, Register
from apbot.domain.words import Mark, Matter, Reason
from apbot.wording.compose import clock_time, counted, day, listed
from apbot.wording.scripts import MissingFact, Script

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


@dataclass(frozen=True, slots=True)
class Scene:
    """
    What a text is about, beside the Say itself.

    `ring` are the provider's staff to ring, first choice first. `names` are persons by key.
    """

    css: str
    now: datetime
    to: Person
    provider: Provider | None = None
    ring: tuple[Person, ...] = ()
    names: Mapping[str, Person] | None = None


def facts_for(script: Script, say: Say, scene: Scene) -> dict[str, str | int]:
    """Return the facts that the script names. Raises MissingFact for one it cannot have."""
    facts: dict[str, str | int] = {}
    for name in script.facts:
        if name in say.more:
            given = say.more[name]
            facts[name] = shown_number(str(given)) if name == "phone" else given
        elif name in FACTS:
            facts[name] = FACTS[name](say, scene)
        else:
            raise MissingFact(script.name, name)
    return facts


def known_facts() -> frozenset[str]:
    """Return every fact that a script may name, for the check of the scripts."""
    return frozenset(FACTS) | {"minutes", "who", "phone", "link", "says", "last_day"}


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
    return MATTERS[case.matter].format(provider=case.provider_name, pupil=case.shown or "a pupil")


def _with_detail(line: Line, entry: Entry | None) -> str:
    if entry is None:
        return line.shown
    detail = mark_words(entry).removeprefix(MARKS[entry.mark]).strip()
    if detail.startswith("("):
        return f"{line.shown} {detail}"
    return f"{line.shown} {detail}".strip()


def _register(say: Say) -> Register:
    if say.register is None:
        raise MissingFact(say.script, "register")
    return say.register


def _case(say: Say) -> Case:
    if not say.cases:
        raise MissingFact(say.script, "case")
    return say.cases[0]


def _provider(say: Say, scene: Scene) -> str:
    if say.register is not None:
        return say.register.provider_name
    return _case(say).provider_name


def _roster(say: Say, scene: Scene) -> str:
    return "\n".join(_roster_line(line) for line in _register(say).roster)


def _roster_line(line: Line) -> str:
    words = f"{line.number} {line.shown}"
    if line.known_absence is not None:
        return f"{words} (away: {REASONS[line.known_absence]})"
    if line.own_start is not None:
        return f"{words} (from {clock_time(line.own_start)})"
    return words


def _roster_marked(say: Say, scene: Scene) -> str:
    register = _register(say)
    said = register.standing
    lines = []
    for line in register.roster:
        entry = said.get(line.number)
        if entry is None:
            lines.append(f"{TICKS[None]} {_roster_line(line)}")
            continue
        detail = mark_words(entry)
        shown = "" if detail == MARKS[Mark.PRESENT] else f": {detail}"
        lines.append(f"{TICKS[entry.mark]} {line.number} {line.shown}{shown}")
    return "\n".join(lines)


def _standing_of_message(say: Say, scene: Scene) -> str:
    register = _register(say)
    if register.unmarked():
        return f"{counted(len(register.unmarked()), 'pupil')} to mark."
    return f"Complete, {clock_time(local(scene.now))}. Wrong? Tap a name or text the fix."


def _names(say: Say, scene: Scene) -> str:
    return listed([line.shown for line in say.lines])


def _unmarked(say: Say, scene: Scene) -> str:
    register = _register(say)
    lines = [line for line in register.unmarked() if line.starts_at <= scene.now]
    lines = lines or list(register.unmarked())
    if say.script == "register_chase":
        lines = list(say.lines)
    if len(lines) > 2 and not register.marks:
        return f"all {len(lines)}"
    return listed([line.shown for line in lines]) or "nobody"


def _deadline(say: Say, scene: Scene) -> str:
    register = _register(say)
    start = max((line.starts_at for line in say.lines), default=register.starts_at)
    return clock_time(local(start + register.policy.missing_after))


def _taken(say: Say, scene: Scene) -> str:
    """What this reply settled, as a sentence: nothing where it settled nothing."""
    register = _register(say)
    said = register.standing
    together: dict[str, list[str]] = {}
    for line in say.lines:
        together.setdefault(mark_words(said.get(line.number)), []).append(line.shown)
    if not together:
        return ""
    return ", ".join(f"{listed(names)} {words}" for words, names in together.items()) + "."


def _ask_names(say: Say, scene: Scene) -> str:
    numbers: tuple[int, ...] = ()
    if isinstance(say.ask, RestPresent | WhichPupil):
        numbers = say.ask.pupils
    elif isinstance(say.ask, CountOrNumber):
        numbers = (say.ask.n,)
    register = _register(say)
    return ", ".join(line.shown for line in register.roster if line.number in numbers) or "nobody"


def _options(say: Say, scene: Scene) -> str:
    ask = say.ask
    assert isinstance(ask, WhichPupil)
    shown = [line.shown for line in _register(say).roster if line.number in ask.pupils]
    return listed(shown, "or")


def _said(say: Say, scene: Scene) -> str:
    return say.ask.said.capitalize() if isinstance(say.ask, WhichPupil) else ""


def _n(say: Say, scene: Scene) -> int:
    return say.ask.n if isinstance(say.ask, CountOrNumber) else 0


def _meant(say: Say, scene: Scene) -> str:
    mark = say.ask.mark if isinstance(say.ask, CountOrNumber | WhichPupil) else None
    return MARKS[mark]


def _mark_word(say: Say, scene: Scene) -> str:
    said = _register(say).standing
    return mark_words(said.get(say.lines[0].number)) if say.lines else ""


def _ring(say: Say, scene: Scene) -> str:
    people = [person_and_number(person) for person in scene.ring[:2]]
    if scene.provider is not None and scene.provider.phone:
        people.append(shown_number(scene.provider.phone))
    return listed(people, "or") or "the provider"


def _provider_phone(say: Say, scene: Scene) -> str:
    return shown_number(scene.provider.phone) if scene.provider else "them"


def _site(say: Say, scene: Scene) -> str:
    return scene.provider.address if scene.provider else "not known"


def _asked(say: Say, scene: Scene) -> str:
    register = _register(say)
    return "they were asked" if register.asked else "they were never asked"


def _case_lines(say: Say, scene: Scene) -> str:
    return "\n".join(_case_line(say, case) for case in say.cases)


def _case_line(say: Say, case: Case) -> str:
    words = case.shown or case.provider_name
    register = say.register
    line = _line_of(register, case)
    if line is not None and line.own_start is not None:
        words += f", start {clock_time(line.own_start)}"
    if case.matter is Matter.ABSENCE:
        words += f", {REASONS[case.reason]}" if case.reason else ", no reason given"
    return f"{words}. {case.ref}" if case.is_open else f"{words}."


def _last_seen(say: Say, scene: Scene) -> str:
    register = say.register
    if register is None:
        return ""
    seen = []
    for case in say.cases:
        lost = [
            entry.time
            for entry in register.entries
            if entry.number == case.number and entry.mark is Mark.UNACCOUNTED and entry.time
        ]
        here = [
            entry
            for entry in register.entries
            if entry.number == case.number and entry.mark is not None and entry.mark.is_here
        ]
        if lost:
            seen.append(f"{case.shown} last seen {clock_time(lost[-1])}.")
        elif here:
            when = here[-1].time or local(here[-1].at).time()
            seen.append(f"{case.shown} last seen {clock_time(when)} by {here[-1].by_name}.")
    return " ".join(seen) or "Not seen this session."


def _line_of(register: Register | None, case: Case) -> Line | None:
    if register is None:
        return None
    return next((line for line in register.roster if line.number == case.number), None)


def _raised_by(say: Say, scene: Scene) -> str:
    person = (scene.names or {}).get(_case(say).raised_by)
    return person_and_number(person) if person else "not known"


def _who_sent(say: Say, scene: Scene) -> str:
    entries = _register(say).entries
    if not entries:
        return "nobody"
    return f"{entries[-1].by_name}, {clock_time(local(entries[-1].at))}"


def _over_lines(say: Say, scene: Scene) -> str:
    lines = []
    for case in say.cases:
        person = (scene.names or {}).get(case.resolved_by)
        by = f" ({person.name})" if person and person.name not in case.outcome else ""
        lines.append(f"{case.ref} {subject(case)} is over: {case.outcome}{by}")
    return "\n".join(lines)


def _resolved(say: Say, scene: Scene) -> str:
    at = _case(say).resolved_at
    if at is None:
        return ""
    if scene.now - at > timedelta(hours=20):
        return f"{day(local(at).date())} {clock_time(local(at))}"
    return clock_time(local(at))


def _choice_lines(say: Say, scene: Scene) -> str:
    return "\n".join(f"{case.ref} {subject(case)}" for case in say.cases) or "nothing"


def _start_later(say: Say, scene: Scene) -> str:
    starts: list[time] = [line.own_start for line in say.lines if line.own_start]
    return clock_time(starts[0] if starts else _register(say).start)


def _due_names(say: Say, scene: Scene) -> str:
    due = [line.shown for line in _register(say).roster if line.known_absence is None]
    return listed(due)


def _ahead_lines(say: Say, scene: Scene) -> str:
    """Known absences, a line a pupil with the halves, then the office's notes."""
    halves: dict[tuple[str, Reason], list[str]] = {}
    for register in say.registers:
        for line in register.roster:
            if line.known_absence is not None:
                halves.setdefault((line.shown, line.known_absence), []).append(str(register.half))
    known = [
        f"{shown} away {listed(when)}: {REASONS[reason]}"
        for (shown, reason), when in halves.items()
    ]
    return "\n".join((*known, *say.notes))


Fact = Callable[[Say, Scene], "str | int"]

FACTS: Mapping[str, Fact] = {
    "provider": _provider,
    "half": lambda say, scene: str(_register(say).half),
    "start": lambda say, scene: clock_time(_register(say).start),
    "start_later": _start_later,
    "roster": _roster,
    "roster_marked": _roster_marked,
    "standing": lambda say, scene: (
        _standing_of_message(say, scene)
        if say.script == "register_message"
        else standing(_register(say))
    ),
    "names": _names,
    "unmarked": _unmarked,
    "deadline": _deadline,
    "taken": _taken,
    "tally": lambda say, scene: tally(_register(say)),
    "ask_names": _ask_names,
    "options": _options,
    "said": _said,
    "n": _n,
    "meant": _meant,
    "mark_word": _mark_word,
    "ring": _ring,
    "provider_phone": _provider_phone,
    "site": _site,
    "asked": _asked,
    "ref": lambda say, scene: _case(say).ref,
    "refs": lambda say, scene: listed([case.ref for case in say.cases]),
    "case_lines": _case_lines,
    "last_seen": _last_seen,
    "words": lambda say, scene: _case(say).words,
    "raised_by": _raised_by,
    "who_sent": _who_sent,
    "over_lines": _over_lines,
    "outcome": lambda say, scene: _case(say).outcome,
    "resolved": _resolved,
    "subject": lambda say, scene: subject(_case(say)),
    "choice_lines": _choice_lines,
    "example_ref": lambda say, scene: _case(say).ref,
    "due_names": _due_names,
    "ahead_lines": _ahead_lines,
    "day": lambda say, scene: day(_register(say).on),
    "css": lambda say, scene: scene.css,
    "first_name": lambda say, scene: scene.to.name.split()[0],
}
