"""
What a script may name of cases: of whom, whom to ring, how it stands and how it ended.
"""

from collections.abc import Sequence
from datetime import timedelta

from apbot.domain.calendar import local
from apbot.domain.called_for import AS_THIS_MORNING
from apbot.domain.cases import Case, NoticeState
from apbot.domain.colleagues import holder_line
from apbot.domain.decisions import Say
from apbot.domain.register import Entry, How, Line, Register
from apbot.domain.telling_parents import last_seen as when_seen
from apbot.domain.unasked import WITH_THE_LEAD
from apbot.domain.words import Mark, Matter
from apbot.wording.compose import clock_time, day, listed
from apbot.wording.plain import REASONS, mark_words, person_and_number, shown_number, subject
from apbot.wording.scene import Scene, case_of, line_of, moment_of, register_of
from apbot.wording.scripts import MissingFact


def ring(say: Say, scene: Scene) -> str:
    """Return whom to ring, with their numbers: two of the staff and the provider's own."""
    staff = scene.ring[:2]
    people = {person.mobile: person_and_number(person) for person in reversed(staff)}
    people = {person.mobile: people[person.mobile] for person in staff}
    phone = scene.provider.phone if scene.provider is not None else ""
    if phone:
        people.setdefault(phone, shown_number(phone))
    return listed(list(people.values()), "or") or "the provider"


def provider_phone(say: Say, scene: Scene) -> str:
    """Return the provider's own number."""
    return shown_number(scene.provider.phone) if scene.provider else "them"


def site(say: Say, scene: Scene) -> str:
    """Return the address of the site."""
    return scene.provider.address if scene.provider else "not known"


def case_lines(say: Say, scene: Scene) -> str:
    """Return the cases, a line a pupil."""
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


def last_seen(say: Say, scene: Scene) -> str:
    """Return when and by whom each of these pupils was last seen."""
    register = say.register
    if register is None:
        return "On no register just now."
    seen = [
        words
        for case in say.cases
        if (words := _seen_at(case, register) or _seen_this_morning(case, scene.morning))
    ]
    return " ".join(seen) or "Not seen this session."


def reported(say: Say, scene: Scene) -> str:
    """Return the words in which these pupils were reported missing, a line each, or nothing."""
    first = [
        case.notes[0]
        for case in say.cases
        if not case.words and case.notes and case.notes[0].at == case.opened_at
    ]
    lines = dict.fromkeys(
        f"What {note.by_name} wrote is with the safeguarding lead.\n"
        if note.words == WITH_THE_LEAD
        else f'{note.by_name} says: "{note.words}"\n'
        for note in first
    )
    return "".join(lines)


def _seen_at(case: Case, register: Register, when: str = "") -> str:
    """What is known, and no more: "same as this morning" was typed, and nobody was seen by it."""
    said = [entry for entry in register.entries if entry.pupil == case.pupil]
    lost = [entry.time for entry in said if entry.mark is Mark.UNACCOUNTED and entry.time]
    if lost:
        return f"{case.shown} last seen {clock_time(lost[-1])}{when}."
    standing = said[-1] if said else None
    if case.is_disputed and standing is not None and standing.mark_is_here:
        words, at = mark_words(standing), clock_time(local(standing.at))
        return f"The register says {words}, marked {at} by {standing.by_name}."
    if case.expected_at is not None:
        return f"{case.shown} was to be there by {clock_time(local(case.expected_at))}."
    here = [entry for entry in said if entry.mark is not None and entry.mark.is_here]
    if not here and standing is not None and standing.mark is Mark.AWAITED:
        return _awaited(case, standing)
    if not here:
        return ""
    last = here[-1]
    # The office sees nobody: it was told.
    by = f", as {last.by_name} was told" if last.how is How.BOARD else f" by {last.by_name}"
    at = clock_time(local(last.at))
    return f"{case.shown} last marked {mark_words(last)} at {at}{when}{by}."


def _awaited(case: Case, told: Entry) -> str:
    """Whoever said it, when, for what hour and why: "coming at 11:00 (appointment)"."""
    due = f" at {clock_time(told.time)}" if told.time is not None else ""
    why = f" ({REASONS[told.reason]})" if told.reason is not None else ""
    at = clock_time(local(told.at))
    return f"{case.shown} said at {at} to be coming{due}{why}, {told.by_name}."


def _seen_this_morning(case: Case, morning: Register | None) -> str:
    if morning is None:
        return ""
    standing = next((e for e in morning.standing.values() if e.pupil == case.pupil), None)
    if standing is None or standing.mark is None:
        return ""
    return _seen_at(case, morning, " this morning") if standing.mark.is_here else ""


def parents_step(say: Say, scene: Scene) -> str:
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


def explained_step(say: Say, scene: Scene) -> str:
    """What is left to do of absences that have their reason: nothing, or a word about parents."""
    step = parents_step(say, scene)
    return f"Explained. {step}" if step else "Explained, nothing to do."


def outcome_lines(say: Say, scene: Scene) -> str:
    """How these cases ended, a line an outcome: "Andrei P and Guri S (Cog Lane Garage): ..."."""
    ends: dict[str, list[Case]] = {}
    for case in say.cases:
        ends.setdefault(case.outcome, []).append(case)
    return "\n".join(f"{_together(cases)}: {outcome}" for outcome, cases in ends.items())


def mark_step(say: Say, scene: Scene) -> str:
    """Ask for the mark of those whose search is over, and whose mark does not say so."""
    marks = say.register.marks if say.register is not None else {}
    still = (None, Mark.AWAITED, Mark.UNACCOUNTED)
    asked = [
        case.shown
        for case in say.cases
        if case.matter is Matter.UNACCOUNTED and case.shown and case.number is not None
        if say.register is not None and marks.get(case.number) in still
    ]
    lines = (f"Once {shown} is with you, text me: {shown} here.\n" for shown in asked)
    return "".join(lines)


def stands_step(say: Say, scene: Scene) -> str:
    """Say that a mark which a parent disputed stands, where whoever ended it left it as it was."""
    case = case_of(say)
    entry = say.register.standing.get(case.number or 0) if say.register is not None else None
    if not case.is_disputed or entry is None or not entry.mark_is_here:
        return ""
    return f"The register still says {mark_words(entry)}: is that wrong, mend it on the board. "


def passed_step(say: Say, scene: Scene) -> str:
    """Whether the provider reads what the contact wrote."""
    return "The provider has your words as you wrote them. " if "is_passed_on" in say.more else ""


def _together(cases: Sequence[Case]) -> str:
    shown = [case.shown for case in cases if case.shown and case.pupil]
    if len(shown) < 2 or len(shown) < len(cases):
        return listed([subject(case) for case in cases])
    return f"{listed(shown)} ({cases[0].provider_name})"


def pupil(say: Say, scene: Scene) -> str:
    """Return the first pupil's name."""
    return line_of(say).shown


def taken_at(say: Say, scene: Scene) -> str:
    """When it was first said of the pupil as it stands now."""
    said = [e for e in register_of(say).entries if e.number == line_of(say).number]
    first = said[-1].at if said else case_of(say).opened_at
    for entry in reversed(said):
        if entry.mark is not said[-1].mark:
            break
        first = entry.at
    return moment_of(first, scene)


def seen(say: Say, scene: Scene) -> str:
    """Return when the pupil was last seen, in local time."""
    seen = when_seen(register_of(say), line_of(say).number)
    if seen is None:
        raise MissingFact(say.script, "seen")
    return clock_time(seen)


def ring_css(say: Say, scene: Scene) -> str:
    """Return the contact to ring, or the service's name."""
    return person_and_number(scene.office) if scene.office else scene.css


def expected(say: Say, scene: Scene) -> str:
    """Return when the pupil is to be there, as a parent said."""
    at = case_of(say).expected_at
    if at is None:
        raise MissingFact(say.script, "expected")
    return clock_time(local(at))


def told_names(say: Say, scene: Scene) -> str:
    """Return the parents who were told."""
    keys = dict.fromkeys(key for case in say.cases if case.notice for key in case.notice.told)
    known = scene.names or {}
    return listed([known[key].name for key in keys if key in known])


def subjects(say: Say, scene: Scene) -> str:
    """Return "K1 Chloe D and M2 Femi O (Alder Farm)": each case by its ref, a place named once."""
    of_pupils = all(case.matter in (Matter.ABSENCE, Matter.UNACCOUNTED) for case in say.cases)
    if len({case.provider for case in say.cases}) != 1 or not of_pupils:
        return listed([f"{case.ref} {subject(case)}" for case in say.cases])
    named = listed([f"{case.ref} {case.shown or 'a pupil'}" for case in say.cases])
    return f"{named} ({say.cases[0].provider_name})"


def _line_of(register: Register | None, case: Case) -> Line | None:
    if register is None:
        return None
    return next((line for line in register.roster if line.number == case.number), None)


def raised_by(say: Say, scene: Scene) -> str:
    """Return who raised it, with their number."""
    person = (scene.names or {}).get(case_of(say).raised_by)
    return person_and_number(person) if person else "not known"


def over_lines(say: Say, scene: Scene) -> str:
    """Return how these cases ended, a line each."""
    lines = []
    for case in say.cases:
        person = (scene.names or {}).get(case.resolved_by)
        by = f" ({person.name})" if person and person.name not in case.outcome else ""
        lines.append(f"{case.ref} {subject(case)} is over: {case.outcome}{by}")
    return "\n".join(lines)


def holder_lines(say: Say, scene: Scene) -> str:
    """Return who has these cases, a line each."""
    known = scene.names or {}
    lines = []
    for case in say.cases:
        holder = known.get(case.acknowledged_by)
        name = holder.name if holder is not None else "a colleague"
        lines.append(f"{case.ref} {subject(case)}: {holder_line(case, name)}.")
    return "\n".join(lines)


def here_lines(say: Say, scene: Scene) -> str:
    """Return who is here after all, of whom it was told that they are away, a line each."""
    register = register_of(say)
    lines = []
    for case in say.cases:
        entry = register.standing.get(case.number or 0)
        if entry is not None:
            said = f"{entry.by_name}, {clock_time(local(entry.at))}"
            lines.append(f"{case.ref} {subject(case)} is {mark_words(entry)} after all: {said}.")
    return "\n".join(lines)


def resolved(say: Say, scene: Scene) -> str:
    """Return when it ended, in local time, with the day where that was long ago."""
    at = case_of(say).resolved_at
    if at is None:
        return ""
    if scene.now - at > timedelta(hours=20):
        return f"{day(local(at).date())} {clock_time(local(at))}"
    return clock_time(local(at))


def choice_lines(say: Say, scene: Scene) -> str:
    """Return the cases to choose from, a line each."""
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


def numbered_lines(say: Say, scene: Scene) -> str:
    """Return the cases to choose from by a number."""
    lines = (f"{case.ref} {line}" for case, line in _told_apart(say))
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


def of_child(say: Say, scene: Scene) -> str:
    """Return ", about Femi O" where it is known of whom somebody's words are, else nothing."""
    shown = case_of(say).shown
    return f", about {shown}" if shown else ""
