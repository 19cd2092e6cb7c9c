"""
Whether the scripts that are spoken and the scripts that are written agree.

A script that the code speaks must exist, and every fact that it names must be one that wording can
make; else a hole would be found at half past nine.
"""

from collections.abc import Iterator
from pathlib import Path

from apbot.loading.problems import Problem, Unreadable, shown
from apbot.loading.says import load_scripts
from apbot.wording.compose import TRANSLATED
from apbot.wording.facts import known_facts
from apbot.wording.scripts import Scripts
from apbot.wording.spoken import SPOKEN

PARENTS = "parents"
"""The file of the texts to parents; `parents.pl.yaml` holds them in Polish."""

TO_PARENT = "parent_"
"""How the name of every text to parents begins."""


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
    return (*problems, *_untranslated(directory, scripts))


def _untranslated(directory: Path, scripts: Scripts) -> Iterator[Problem]:
    """A language in which parents are written to has every text to them, and the words in it."""
    for language, translated in scripts.by_language.items():
        page = f"{PARENTS}.{language}.yaml"
        if not (directory / page).exists():
            continue
        name = shown(directory / page)
        for script in sorted(scripts.by_name):
            if script.startswith(TO_PARENT) and script not in translated:
                what = f"{script} is not in it: these parents would get it in English"
                yield Problem(name, 0, what, f"translate it from {PARENTS}.yaml")
        for word in TRANSLATED:
            if word not in scripts.words_of(language):
                yield Problem(name, 0, f"no word for '{word}'", f"write {word}: … below words:")
