"""
Facts: what a script may name, made of domain values.

Lists, plurals, times as people say them and the words for a mark are made beside it, so that a
script is words and placeholders only. A fact is made only when a script names it.
"""

from collections.abc import Callable, Mapping

from apbot.domain.calendar import local
from apbot.domain.decisions import Say
from apbot.wording import foretold, of_cases, of_registers
from apbot.wording.compose import clock_time, counted, day, listed
from apbot.wording.plain import REASONS, shown_number, standing, subject, tally
from apbot.wording.scene import Scene, case_of, line_of, moment_of, register_of
from apbot.wording.scripts import MissingFact, Script


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
            "handed",
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


Fact = Callable[[Say, Scene], "str | int"]

FACTS: Mapping[str, Fact] = {
    "provider": of_registers.provider,
    "half": lambda say, scene: str(register_of(say).half),
    "start": lambda say, scene: clock_time(register_of(say).start),
    "start_later": of_registers.start_later,
    "roster": of_registers.roster,
    "roster_marked": of_registers.roster_marked,
    "standing": lambda say, scene: (
        of_registers.standing_of_message(say, scene)
        if say.script == "register_message"
        else standing(register_of(say))
    ),
    "to_mark": of_registers.to_mark,
    "to_mark_count": lambda say, scene: counted(len(say.lines), "pupil"),
    "due_count": of_registers.due_count,
    "example_lines": of_registers.example_lines,
    "example_pupil": lambda say, scene: scene.example_pupil,
    "example_provider": lambda say, scene: scene.example_provider,
    "names": of_registers.names,
    "names_are": of_registers.names_are,
    "unmarked": of_registers.unmarked,
    "deadline": of_registers.deadline,
    "lost_step": of_registers.lost_step,
    "mark_step": of_cases.mark_step,
    "stands_step": of_cases.stands_step,
    "passed_step": of_cases.passed_step,
    "taken": of_registers.taken,
    "kept_step": of_registers.kept_step,
    "search_step": of_registers.search_step,
    "unread_step": of_registers.unread_step,
    "try_step": of_registers.try_step,
    "found_or_here": of_registers.found_or_here,
    "tally": lambda say, scene: tally(register_of(say)),
    "ask_names": of_registers.ask_names,
    "options": of_registers.options,
    "said": of_registers.said,
    "n": of_registers.n,
    "meant": of_registers.meant,
    "mark_word": of_registers.mark_word,
    "ring": of_cases.ring,
    "provider_phone": of_cases.provider_phone,
    "site": of_cases.site,
    "asked": of_registers.asked,
    "ref": lambda say, scene: case_of(say).ref,
    "refs": lambda say, scene: listed([case.ref for case in say.cases]),
    "case_lines": of_cases.case_lines,
    "reported": of_cases.reported,
    "last_seen": of_cases.last_seen,
    "words": lambda say, scene: case_of(say).words,
    "raised_by": of_cases.raised_by,
    "of_child": of_cases.of_child,
    "who_sent": of_registers.who_sent,
    "holder_lines": of_cases.holder_lines,
    "heard": lambda say, scene: "",
    "over_lines": of_cases.over_lines,
    "here_lines": of_cases.here_lines,
    "outcome": lambda say, scene: case_of(say).outcome,
    "resolved": of_cases.resolved,
    "subject": lambda say, scene: subject(case_of(say)),
    "choice_lines": of_cases.choice_lines,
    "numbered_lines": of_cases.numbered_lines,
    "subject_said": lambda say, scene: case_of(say).shown or "a pupil",
    "subjects": of_cases.subjects,
    "parents_step": of_cases.parents_step,
    "explained_step": of_cases.explained_step,
    "outcome_lines": of_cases.outcome_lines,
    "told_names": of_cases.told_names,
    "pupil": of_cases.pupil,
    "taken_at": of_cases.taken_at,
    "due": lambda say, scene: clock_time(local(line_of(say).starts_at)),
    "expected": of_cases.expected,
    "as_of": lambda say, scene: moment_of(case_of(say).opened_at, scene),
    "seen": of_cases.seen,
    "ring_css": of_cases.ring_css,
    "this_half": of_registers.this_half,
    "example_ref": lambda say, scene: case_of(say).ref,
    "tap_line": of_registers.tap_line,
    "due_names": of_registers.due_names,
    "ahead_lines": of_registers.ahead_lines,
    "day": lambda say, scene: day(register_of(say).on),
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
