"""
Facts: what a script may name, made of domain values.

Lists, plurals, times as people say them and the words for a mark are made here, so that a script
is words and placeholders only. A fact is made only when a script names it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from apbot.domain.calendar import local
from apbot.domain.cases import Case, NoticeState
from apbot.domain.decisions import Say
from apbot.domain.following import AS_THIS_MORNING
from apbot.domain.people import Person, Provider
from apbot.domain.readings import CountOrNumber, RestPresent, WhichPupil
from apbot.domain.register import Entry, Line, Register
from apbot.domain.telling_parents import last_seen
from apbot.domain.words import Mark, Matter, Reason
from apbot.wording import foretold
from apbot.wording.compose import THIS_HALF, clock_time, counted, day, listed
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

    `example_pupil` and `example_provider` are of this town, for a text that shows how to write.
    `ring` are the provider's staff to ring, first choice first. `names` are persons by key.
    `slip` is the address of the register to be tapped, where there is one for this person.
    `office` is the CSS contact to ring, `morning` the register before an afternoon's, `words` are
    the words of facts in the hearer's language.
    """

    css: str
    now: datetime
    to: Person
    provider: Provider | None = None
    ring: tuple[Person, ...] = ()
    names: Mapping[str, Person] | None = None
    slip: str = ""
    example_pupil: str = ""
    example_provider: str = ""
    office: Person | None = None
    morning: Register | None = None
    words: Mapping[str, str] = field(default_factory=dict)


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
    return frozenset(FACTS) | {
        *(
            "minutes",
            "who",
            "phone",
            "link",
            "says",
            "last_day",
            "things",
            "gathered_lines",
            "where",
            "registers",
            "days",
            "places",
        ),
        *("why", "question", "channel", "other", "messages", "stranger_lines"),
        "code",
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


def _due_count(say: Say, scene: Scene) -> str:
    """How many are asked about; whoever is known to be away is no part of it."""
    return counted(sum(1 for line in _register(say).roster if not line.known_absence), "pupil")


def _to_mark(say: Say, scene: Scene) -> str:
    register = _register(say)
    lines = register.unmarked()
    return f"{counted(len(lines), 'pupil')} to mark" if lines else f"complete, {tally(register)}"


def _example_lines(say: Say, scene: Scene) -> str:
    """What can be sent here and now, with the names of this very roster."""
    register = _register(say)
    lines = [line for line in register.roster if line.known_absence is None]
    lines = lines or list(register.roster)
    first = lines[0].shown
    examples = ["ALL IN"] if len(lines) > 1 else [f"{first} is in"]
    if len(lines) > 1:
        examples.append(f"all in but {first} (ill)")
    if len(lines) > 2:
        examples.append(f"{lines[1].shown} off, {lines[2].shown} late 9:50")
    else:
        examples.append(f"{lines[-1].shown} off, dentist")
    return "\n".join(examples)


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
    ring = scene.ring[:2]
    people = {person.mobile: person_and_number(person) for person in reversed(ring)}
    people = {person.mobile: people[person.mobile] for person in ring}
    phone = scene.provider.phone if scene.provider is not None else ""
    if phone:
        people.setdefault(phone, shown_number(phone))
    return listed(list(people.values()), "or") or "the provider"


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
        words += f", {AS_THIS_MORNING}" if case.outcome.endswith(AS_THIS_MORNING) else ""
    is_named = case.is_open or (case.notice is not None and case.notice.waits)
    return f"{words}. {case.ref}" if is_named else f"{words}."


def _last_seen(say: Say, scene: Scene) -> str:
    register = say.register
    if register is None:
        return ""
    seen = [
        words
        for case in say.cases
        if (words := _seen_at(case, register) or _seen_this_morning(case, scene.morning))
    ]
    return " ".join(seen) or "Not seen this session."


def _seen_at(case: Case, register: Register, when: str = "") -> str:
    said = [entry for entry in register.entries if entry.pupil == case.pupil]
    lost = [entry.time for entry in said if entry.mark is Mark.UNACCOUNTED and entry.time]
    if lost:
        return f"{case.shown} last seen {clock_time(lost[-1])}{when}."
    here = [entry for entry in said if entry.mark is not None and entry.mark.is_here]
    if not here and said and said[-1].mark is Mark.AWAITED:
        told = said[-1]
        return f"{case.shown} said to be on the way {clock_time(local(told.at))}, {told.by_name}."
    if not here:
        return ""
    last = here[-1]
    at = last.time or local(last.at).time()
    return f"{case.shown} last seen {clock_time(at)}{when} by {last.by_name}."


def _seen_this_morning(case: Case, morning: Register | None) -> str:
    if morning is None:
        return ""
    standing = next((e for e in morning.standing.values() if e.pupil == case.pupil), None)
    if standing is None or standing.mark is None:
        return ""
    return _seen_at(case, morning, " this morning") if standing.mark.is_here else ""


def _parents_step(say: Say, scene: Scene) -> str:
    """How these cases stand with the parents: whose word is waited for, and when it is too late."""
    held = [case for case in say.cases if case.notice and case.notice.state is NoticeState.HELD]
    due = [case for case in say.cases if case.notice and case.notice.state is NoticeState.DUE]
    steps = []
    if held:
        refs = " ".join(case.ref for case in held)
        who = "Parent" if len(held) == 1 and held[0].matter is not Matter.CLOSED else "Parents"
        steps.append(f"{who} not told yet: TELL {refs}.")
    if due:
        at = min(case.notice.due_at for case in due if case.notice and case.notice.due_at)
        refs = " ".join(case.ref for case in due)
        steps.append(f"Parents hear at {clock_time(local(at))}; if not: DON'T TELL {refs}.")
    return " ".join(steps)


def _explained_step(say: Say, scene: Scene) -> str:
    """What is left to do of absences that have their reason: nothing, or a word about parents."""
    step = _parents_step(say, scene)
    return f"Explained. {step}" if step else "Explained, nothing to do."


def _outcome_lines(say: Say, scene: Scene) -> str:
    """How these cases ended, a line an outcome: "Andrei P and Guri S (Cog Lane Garage): ..."."""
    ends: dict[str, list[Case]] = {}
    for case in say.cases:
        ends.setdefault(case.outcome, []).append(case)
    return "\n".join(f"{_together(cases)}: {outcome}" for outcome, cases in ends.items())


def _together(cases: Sequence[Case]) -> str:
    shown = [case.shown for case in cases if case.shown and case.pupil]
    if len(shown) < 2 or len(shown) < len(cases):
        return listed([subject(case) for case in cases])
    return f"{listed(shown)} ({cases[0].provider_name})"


def _pupil(say: Say, scene: Scene) -> str:
    return _line(say).shown


def _line(say: Say) -> Line:
    if not say.lines:
        raise MissingFact(say.script, "pupil")
    return say.lines[0]


def _taken_at(say: Say, scene: Scene) -> str:
    """When it was first said of the pupil as it stands now."""
    said = [e for e in _register(say).entries if e.number == _line(say).number]
    first = said[-1].at if said else _case(say).opened_at
    for entry in reversed(said):
        if entry.mark is not said[-1].mark:
            break
        first = entry.at
    return _moment(first, scene)


def _moment(moment: datetime, scene: Scene) -> str:
    """ "09:32", or "09:32 (Mon 23 Nov)" of another day, in the hearer's language."""
    said, on = clock_time(local(moment)), local(moment).date()
    return said if on == local(scene.now).date() else f"{said} ({day(on, scene.words)})"


def _seen(say: Say, scene: Scene) -> str:
    seen = last_seen(_register(say), _line(say).number)
    if seen is None:
        raise MissingFact(say.script, "seen")
    return clock_time(seen)


def _ring_css(say: Say, scene: Scene) -> str:
    return person_and_number(scene.office) if scene.office else scene.css


def _this_half(say: Say, scene: Scene) -> str:
    words = THIS_HALF[str(_register(say).half)]
    return scene.words.get(words, words)


def _told_names(say: Say, scene: Scene) -> str:
    keys = dict.fromkeys(key for case in say.cases if case.notice for key in case.notice.told)
    known = scene.names or {}
    return listed([known[key].name for key in keys if key in known])


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
    return "\n".join(f"{case.ref} {line}" for case, line in _told_apart(say)) or "nothing"


def _told_apart(say: Say) -> list[tuple[Case, str]]:
    """Each case with what it is about; those that are alike also with when they were raised."""
    named = [subject(case) for case in say.cases]
    return [
        (
            case,
            f"{name}, {clock_time(local(case.opened_at).time())}"
            if named.count(name) > 1
            else name,
        )
        for case, name in zip(say.cases, named, strict=True)
    ]


def _numbered_lines(say: Say, scene: Scene) -> str:
    lines = (f"{case.ref} {line}" for case, line in _told_apart(say))
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def _start_later(say: Say, scene: Scene) -> str:
    starts: list[time] = [line.own_start for line in say.lines if line.own_start]
    return clock_time(starts[0] if starts else _register(say).start)


def _tap_line(say: Say, scene: Scene) -> str:
    """The last line of a text that has a page to be tapped; nothing where there is none."""
    return f"Or tap: {scene.slip}" if scene.slip else ""


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
    "to_mark": _to_mark,
    "to_mark_count": lambda say, scene: counted(len(say.lines), "pupil"),
    "due_count": _due_count,
    "example_lines": _example_lines,
    "example_pupil": lambda say, scene: scene.example_pupil,
    "example_provider": lambda say, scene: scene.example_provider,
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
    "numbered_lines": _numbered_lines,
    "subject_said": lambda say, scene: _case(say).shown or "a pupil",
    "subjects": lambda say, scene: listed([f"{case.ref} {subject(case)}" for case in say.cases]),
    "parents_step": _parents_step,
    "explained_step": _explained_step,
    "outcome_lines": _outcome_lines,
    "told_names": _told_names,
    "pupil": _pupil,
    "taken_at": _taken_at,
    "due": lambda say, scene: clock_time(local(_line(say).starts_at)),
    "as_of": lambda say, scene: _moment(_case(say).opened_at, scene),
    "seen": _seen,
    "ring_css": _ring_css,
    "this_half": _this_half,
    "example_ref": lambda say, scene: _case(say).ref,
    "tap_line": _tap_line,
    "due_names": _due_names,
    "ahead_lines": _ahead_lines,
    "day": lambda say, scene: day(_register(say).on),
    "known_lines": lambda say, scene: foretold.known_lines(say, REASONS),
    "told_lines": lambda say, scene: foretold.told_lines(say, REASONS, local(scene.now).date()),
    "note_lines": lambda say, scene: foretold.note_lines(say),
    "option_lines": lambda say, scene: foretold.option_lines(say),
    "due_lines": lambda say, scene: foretold.due_lines(say),
    "days": lambda say, scene: foretold.days_of(say),
    "end_day": lambda say, scene: foretold.end_day(say),
    "start_day": lambda say, scene: foretold.start_day(say),
    "pupils": lambda say, scene: foretold.shown_names(say),
    "near_names": lambda say, scene: foretold.shown_names(say, "or"),
    "note": lambda say, scene: say.known[0].text if say.known else "",
    "places": lambda say, scene: foretold.places(say),
    "tells_at": lambda say, scene: foretold.tells_at(say),
    "css": lambda say, scene: scene.css,
    "first_name": lambda say, scene: scene.to.name.split()[0],
}
