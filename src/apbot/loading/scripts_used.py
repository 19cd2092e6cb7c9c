"""
Whether the scripts that are spoken and the scripts that are written agree.

A script that the code speaks must exist, and every fact that it names must be one that wording can
make; else a hole would be found at half past nine.
"""

from pathlib import Path

from apbot.loading.problems import Problem, Unreadable, shown
from apbot.loading.says import load_scripts
from apbot.wording.facts import known_facts
from apbot.wording.spoken import SPOKEN


def check_scripts(directory: Path) -> tuple[Problem, ...]:
    """Return every problem of the scripts, one by one and against what is spoken."""
    try:
        scripts = load_scripts(directory)
    except Unreadable as error:
        return error.problems
    name = shown(directory)
    problems = [
        Problem(name, 0, f"the script {script} is spoken and not written", "add it to a file here")
        for script in sorted(SPOKEN)
        if script not in scripts
    ]
    for script in scripts:
        if script.name not in SPOKEN:
            what = f"the script {script.name} is never spoken"
            problems.append(Problem(name, 0, what, "take it out, or mend its name"))
        unknown = sorted(set(script.facts) - known_facts())
        problems += [
            Problem(name, 0, f"{script.name} names {{{fact}}}, which nobody can tell", "mend it")
            for fact in unknown
        ]
    return tuple(problems)
