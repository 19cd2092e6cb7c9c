"""
What a script may name of a register: who is due, how each stands, what is asked.
"""

from datetime import time

from apbot.domain.calendar import local
from apbot.domain.decisions import Say
from apbot.domain.readings import CountOrNumber, RestPresent, WhichPupil
from apbot.domain.register import Line, Register, RegisterState
from apbot.domain.words import Mark, Reason
from apbot.wording.compose import THIS_HALF, clock_time, counted, listed
from apbot.wording.plain import MARKS, REASONS, TICKS, mark_words, tally
from apbot.wording.scene import Scene, case_of, register_of

_QUOTED = 70
CSS_ACTS = "the CSS has been told and will ring you"
"""What comes of a report that a child is missing, for whoever made it."""


def provider(say: Say, scene: Scene) -> str:
    """Return the provider's name."""
    if say.register is not None:
        return say.register.provider_name
    return case_of(say).provider_name


def roster(say: Say, scene: Scene) -> str:
    """Return the numbered list of pupils, a line each."""
    return "\n".join(_roster_line(line, scene) for line in register_of(say).roster)


def _roster_line(line: Line, scene: Scene) -> str:
    words = f"{line.number} {line.shown}"
    if line.known_absence is not None:
        return f"{words} (away: {REASONS[line.known_absence]})"
    start = f"from {clock_time(line.own_start)}" if line.own_start is not None else ""
    notes = [note for note in (start, _this_morning(line, scene.morning)) if note]
    return f"{words} ({', '.join(notes)})" if notes else words


def _this_morning(line: Line, morning: Register | None) -> str:
    """ "Left 11:00, ill": an "all in" after lunch should not be thought to have no such pupil."""
    said = [entry for entry in morning.entries if entry.pupil == line.pupil] if morning else []
    entry = said[-1] if said else None
    if entry is None or entry.mark not in (Mark.ABSENT, Mark.LEFT):
        return ""
    reason = f", {REASONS[entry.reason]}" if entry.reason is not None else ""
    if entry.mark is Mark.ABSENT:
        return f"off this morning{reason}"
    at = f" {clock_time(entry.time)}" if entry.time is not None else " this morning"
    return f"left{at}{reason}"


def roster_marked(say: Say, scene: Scene) -> str:
    """Return the list of pupils with the mark of each, for a message with buttons."""
    register = register_of(say)
    said = register.standing
    lines = []
    for line in register.roster:
        entry = said.get(line.number)
        if entry is None:
            lines.append(f"{TICKS[None]} {_roster_line(line, scene)}")
            continue
        detail = mark_words(entry)
        shown = "" if detail == MARKS[Mark.PRESENT] else f": {detail}"
        lines.append(f"{TICKS[entry.mark]} {line.number} {line.shown}{shown}")
    return "\n".join(lines)


def standing_of_message(say: Say, scene: Scene) -> str:
    """Return how far the register is, as the first line of its message."""
    register = register_of(say)
    if register.state is RegisterState.CLOSED:
        return f"Not running this {register.half}. Running after all? Just text who is in."
    if register.unmarked():
        return f"{counted(len(register.unmarked()), 'pupil')} to mark."
    return f"Complete, {clock_time(local(scene.now))}. Wrong? Tap a name or text the fix."


def unread_step(say: Say, scene: Scene) -> str:
    """What could not be read, in the sender's own words, where those are few."""
    words = str(say.more.get("unread", ""))
    if words and len(words) <= _QUOTED:
        return f'I could not read "{words}".'
    is_more = words or not register_of(say).unmarked()
    return "There was more that I could not read." if is_more else "That is all I am sure of."


def try_step(say: Say, scene: Scene) -> str:
    """How to say it plainly: of whom it was said, else of who has no mark yet or is here."""
    register = register_of(say)
    about = [line.shown for line in register.roster if line.number == say.more.get("about")]
    if about:
        return f"Try: {about[0]} is in, or: {about[0]} off."
    shown = [line.shown for line in register.unmarked() or register.roster]
    if len(register.unmarked()) > 2:
        return f"Try: all in but {shown[0]}, or: {shown[0]} off, {shown[1]} late."
    return f"Try: {shown[0]} is in, or: {shown[0]} off."


def due_count(say: Say, scene: Scene) -> str:
    """How many are asked about; whoever is known to be away is no part of it."""
    return counted(sum(1 for line in register_of(say).roster if not line.known_absence), "pupil")


def to_mark(say: Say, scene: Scene) -> str:
    """Return how many pupils are to mark, or that it is complete and how."""
    register = register_of(say)
    lines = register.unmarked()
    return f"{counted(len(lines), 'pupil')} to mark" if lines else f"complete, {tally(register)}"


def example_lines(say: Say, scene: Scene) -> str:
    """What can be sent here and now, with the names of this very roster."""
    register = register_of(say)
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


def names(say: Say, scene: Scene) -> str:
    """Return the pupils of this text by name: those of its cases where it names no others."""
    shown = [line.shown for line in say.lines] or [case.shown or "the pupil" for case in say.cases]
    return listed(shown)


def names_are(say: Say, scene: Scene) -> str:
    """Return "Chloe D is", "Chloe D and Femi O are"."""
    return f"{names(say, scene)} {'are' if len(say.lines or say.cases) > 1 else 'is'}"


def unmarked(say: Say, scene: Scene) -> str:
    """Return who has no mark: by name, or "all 6" where nobody has one."""
    register = register_of(say)
    lines = [line for line in register.unmarked() if line.starts_at <= scene.now]
    lines = lines or list(register.unmarked())
    if say.script == "register_chase":
        lines = list(say.lines)
    if len(lines) > 2 and not register.marks:
        return f"all {len(lines)}"
    return listed([line.shown for line in lines]) or "nobody"


def deadline(say: Say, scene: Scene) -> str:
    """Return when the CSS is told, in local time."""
    register = register_of(say)
    start = max((line.starts_at for line in say.lines), default=register.starts_at)
    return clock_time(local(start + register.policy.missing_after))


def taken(say: Say, scene: Scene) -> str:
    """What this reply settled, as a sentence: nothing where it settled nothing."""
    register = register_of(say)
    said = register.standing
    together: dict[str, list[str]] = {}
    for line in say.lines:
        together.setdefault(mark_words(said.get(line.number)), []).append(line.shown)
    if not together:
        return ""
    words = ", ".join(f"{listed(names)} {words}" for words, names in together.items())
    return f"{words}: {CSS_ACTS}." if _lost(say) else f"{words}."


def lost_step(say: Say, scene: Scene) -> str:
    """What whoever reports a child missing needs to know next; nothing where nobody is."""
    lost = _lost(say)
    acts = f"{listed([line.shown for line in lost])}: {CSS_ACTS}. " if lost else ""
    # Cases of a read-back are those in which a parent says otherwise.
    doubted = listed([case.shown for case in say.cases if case.is_disputed and case.shown])
    return acts + (f"Still in doubt: {doubted}. With you, or not? " if doubted else "")


def found_or_here(say: Say, scene: Scene) -> str:
    """What is asked of those who are sought: of one who is "at the dentist" whether they came."""
    marks = say.register.marks if say.register is not None else {}
    awaited = all(marks.get(case.number or 0) is Mark.AWAITED for case in say.cases)
    return "here" if awaited else "found"


def search_step(say: Say, scene: Scene) -> str:
    """That a search goes on, though the child's mark is no longer that; nothing where none does."""
    shown = listed([case.shown for case in say.cases if not case.is_disputed and case.shown])
    return (
        f"The alarm for {shown} goes on until the CSS ends it: it has your words. " if shown else ""
    )


def kept_step(say: Say, scene: Scene) -> str:
    """What the register still holds of whoever the words named; nothing where they named nobody."""
    return f"No mark changed: {taken(say, scene)}" if say.lines else ""


def _lost(say: Say) -> list[Line]:
    marks = register_of(say).marks
    return [line for line in say.lines if marks.get(line.number) is Mark.UNACCOUNTED]


def ask_names(say: Say, scene: Scene) -> str:
    """Return who is asked about, by name."""
    numbers: tuple[int, ...] = ()
    if isinstance(say.ask, RestPresent | WhichPupil):
        numbers = say.ask.pupils
    elif isinstance(say.ask, CountOrNumber):
        numbers = (say.ask.n,)
    register = register_of(say)
    return ", ".join(line.shown for line in register.roster if line.number in numbers) or "nobody"


def options(say: Say, scene: Scene) -> str:
    """Return who may be meant: "Jack B or Jack T"."""
    ask = say.ask
    assert isinstance(ask, WhichPupil)
    shown = [line.shown for line in register_of(say).roster if line.number in ask.pupils]
    return listed(shown, "or")


def said(say: Say, scene: Scene) -> str:
    """Return the name as it was typed, which fits more than one."""
    return say.ask.said.capitalize() if isinstance(say.ask, WhichPupil) else ""


def n(say: Say, scene: Scene) -> int:
    """Return the number that may be a count."""
    return say.ask.n if isinstance(say.ask, CountOrNumber) else 0


def meant(say: Say, scene: Scene) -> str:
    """Return the mark that was meant, in a word."""
    mark = say.ask.mark if isinstance(say.ask, CountOrNumber | WhichPupil) else None
    return MARKS[mark]


def mark_word(say: Say, scene: Scene) -> str:
    """Return how the first pupil of this text stands, in words."""
    said = register_of(say).standing
    return mark_words(said.get(say.lines[0].number)) if say.lines else ""


def asked(say: Say, scene: Scene) -> str:
    """Return whether anybody was ever asked for this register."""
    register = register_of(say)
    return "they were asked" if register.asked else "they were never asked"


def who_sent(say: Say, scene: Scene) -> str:
    """Return who sent the last entry, and when, in local time."""
    entries = register_of(say).entries
    if not entries:
        return "nobody"
    return f"{entries[-1].by_name}, {clock_time(local(entries[-1].at))}"


def start_later(say: Say, scene: Scene) -> str:
    """Return the start of those who begin later than the others."""
    starts: list[time] = [line.own_start for line in say.lines if line.own_start]
    return clock_time(starts[0] if starts else register_of(say).start)


def tap_line(say: Say, scene: Scene) -> str:
    """The last line of a text that has a page to be tapped; nothing where there is none."""
    return f"Or tap: {scene.slip}" if scene.slip else ""


def due_names(say: Say, scene: Scene) -> str:
    """Return who is due, by name."""
    due = [line.shown for line in register_of(say).roster if line.known_absence is None]
    return listed(due)


def ahead_lines(say: Say, scene: Scene) -> str:
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


def this_half(say: Say, scene: Scene) -> str:
    """Return "this morning" or "this afternoon", in the hearer's language."""
    words = THIS_HALF[str(register_of(say).half)]
    return scene.words.get(words, words)
