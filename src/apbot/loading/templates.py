"""
Reading `conversations/templates/`: what WhatsApp is asked to approve, checked.

WhatsApp turns a template down days after it was handed in; what it is known to turn down is told
here at once. A template whose facts or scripts do not exist would fail at nine in the morning.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from apbot.loading.checking import Findings, nearest
from apbot.loading.fields import Fields, read_fields
from apbot.loading.problems import Problem
from apbot.wording.facts import known_facts
from apbot.wording.scripts import Scripts
from apbot.wording.templates import PLACE, QUICK, Place, Template

FILE = "whatsapp.yaml"
LONGEST_BODY = 1024
LONGEST_BUTTON = 20
MOST_BUTTONS = 10
CATEGORIES = ("utility", "none")
WORDS = ("says", "category", "language", "body", "places", "buttons")
NAMING_PUPILS = frozenset({"roster", "names", "unmarked", "case_lines", "pupil", "words"})
"""Facts that would put a pupil's name, or somebody's words, on a locked phone."""

_AT_AN_END = re.compile(r"\A\{\{|\}\}\W*\Z")
_SIDE_BY_SIDE = re.compile(r"\}\}\W*\{\{")


def load_templates(directory: Path, scripts: Scripts | None = None) -> dict[str, Template]:
    """Return every template by its name. Raises Unreadable with all that is wrong."""
    found = Findings()
    templates = _read(directory, found, scripts)
    found.raise_if_any()
    return templates


def check_templates(directory: Path, scripts: Scripts | None) -> tuple[Problem, ...]:
    """Return every problem of the templates, by themselves and against the scripts."""
    found = Findings()
    _read(directory, found, scripts)
    return found.problems


def _read(directory: Path, found: Findings, scripts: Scripts | None) -> dict[str, Template]:
    fields = read_fields(directory / FILE, "the templates", found)
    if fields is None:
        return {}
    inner = {str(name): fields.inner(name, f"template {name}") for name in fields.pairs}
    made = {name: _template(name, one, scripts) for name, one in inner.items() if one is not None}
    _check_each_once(fields, made)
    return made


def _template(name: str, fields: Fields, scripts: Scripts | None) -> Template:
    is_quick = name.startswith(QUICK)
    fields.only(WORDS, needed=("category", "language", "body", "places", "buttons"))
    places = []
    for item in fields.inners("places", f"a place of {name}"):
        item.only(("fact", "sample"), needed=("fact", "sample"))
        fact = item.read("fact", str, "")
        if fact and not is_quick and fact not in known_facts():
            item.wrong("fact", f"{fact} is no fact", nearest(fact, sorted(known_facts())))
        if not is_quick and fact in NAMING_PUPILS:
            item.wrong("fact", f"{fact} names pupils on a locked phone", "leave it out")
        places.append(Place(fact, item.read("sample", str, "")))
    template = Template(
        name=name,
        says=fields.read_each("says", str),
        body=fields.read("body", str, ""),
        places=tuple(places),
        buttons=fields.read_each("buttons", str),
        category=fields.read("category", str, ""),
        language=fields.read("language", str, "en"),
    )
    _check(fields, template, scripts)
    return template


def _check(fields: Fields, template: Template, scripts: Scripts | None) -> None:
    name = template.name
    if template.category not in CATEGORIES:
        fields.wrong("category", f"{name} has no category known here", "utility, or none")
    if template.needs_approval == (template.category == "none"):
        what = f"only {QUICK}1 to {QUICK}3 are sent without approval"
        fields.wrong("category", what, "category: utility, or another name")
    numbers = [int(number) for number in PLACE.findall(template.body + str(template.buttons))]
    if sorted(set(numbers)) != list(range(1, len(template.places) + 1)):
        what = f"{name} names the places {sorted(set(numbers))} and has {len(template.places)}"
        fields.wrong("body", what, "number them from 1, each with its line in places")
        return
    for label in template.buttons:
        if len(label) > LONGEST_BUTTON:
            fields.wrong("buttons", f"“{label}” is over {LONGEST_BUTTON} characters", "shorten it")
    if len(template.buttons) > MOST_BUTTONS:
        fields.wrong("buttons", f"{name} has over {MOST_BUTTONS} buttons", "leave some out")
    if not template.needs_approval:
        _check_quick(fields, template)
        return
    if _AT_AN_END.search(template.body):
        fields.wrong("body", f"{name} begins or ends with a place", "put words around it")
    if _SIDE_BY_SIDE.search(template.body):
        fields.wrong("body", f"{name} has two places side by side", "put a word between them")
    filled = template.words({str(n): p.sample for n, p in enumerate(template.places, 1)})
    if len(filled) > LONGEST_BODY:
        fields.wrong("body", f"{name} is over {LONGEST_BODY} characters", "shorten it")
    for script in template.says:
        if scripts is not None and script not in scripts:
            known = [one.name for one in scripts]
            fields.wrong("says", f"{script} is no script", nearest(script, known))


def _check_quick(fields: Fields, template: Template) -> None:
    """The driver fills these by their count of buttons alone: they all look the same."""
    labels = tuple(f"{{{{{number}}}}}" for number in range(2, len(template.buttons) + 2))
    is_so = template.body == "{{1}}" and template.buttons == labels and not template.says
    if not is_so or template.name != f"{QUICK}{len(template.buttons)}":
        what = f"{template.name} is not as it is filled"
        fields.wrong("body", what, 'its body is "{{1}}", its buttons "{{2}}" and so on')


def _check_each_once(fields: Fields, templates: Mapping[str, Template]) -> None:
    said: dict[str, str] = {}
    for name, template in templates.items():
        for script in template.says:
            if script in said:
                what = f"{script} is said by {said[script]} and by {name}"
                fields.wrong(name, what, "take it out of one of them")
            said[script] = name
