"""Texts to parents: what a locked phone shows, what they cost, and of whom they may speak."""

from dataclasses import replace
from datetime import date, time

import pytest
from tests.builders import an_entry

from apbot.desk.planning import planned_register
from apbot.domain.calendar import at
from apbot.domain.cases import Case
from apbot.domain.decisions import Say
from apbot.domain.people import Person
from apbot.domain.policy import Ladder
from apbot.domain.register import Register
from apbot.domain.words import Half, Mark, Matter
from apbot.store.lists import Lists
from apbot.wording.compose import compose
from apbot.wording.facts import facts_for
from apbot.wording.gsm import parts
from apbot.wording.plain import MARKS
from apbot.wording.scene import Scene
from apbot.wording.scripts import Script, Scripts, fixed_part, placeholders

NOW = at(date(2026, 11, 24), time(10, 0))  # a day later: a notice then says its date as well

SENSITIVE = {"pupil", "provider", "this_half", "taken_at", "seen", "due", "as_of"}
"""What would tell whoever holds the phone something of the child."""

ALLOWED = {"css", "ring_css", *SENSITIVE}
"""Facts of one child, one place and the CSS: no other child's name can be among them."""


def to_parents(scripts: Scripts) -> list[Script]:
    return [script for script in scripts if script.name.startswith("parent_")]


def longest(lists: Lists) -> tuple[Register, Person]:
    """A register of the town's longest names, and the contact with the longest."""
    provider = max(lists.people.providers, key=lambda one: len(one.name))
    registers = [
        register
        for one in lists.people.providers
        for on in (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25))
        for half in Half
        if (register := planned_register(lists, one, on, half)) is not None
    ]
    line = max(
        (line for register in registers for line in register.roster), key=lambda one: len(one.shown)
    )
    register = replace(
        registers[0],
        half=Half.PM,
        provider_name=provider.name,
        roster=(replace(line, number=1),),
        entries=(),
    )
    here = replace(an_entry(register, 1, Mark.PRESENT), at=at(date(2026, 11, 23), time(9, 32)))
    contacts = {contact.person for contact in lists.people.contacts}
    people = [person for person in lists.people.persons if person.key in contacts]
    return replace(register, entries=(here,)), max(people, key=lambda one: len(one.name))


def said(script: Script, scripts: Scripts, lists: Lists, channel: str) -> str:
    register, office = longest(lists)
    case = Case(
        matter=Matter.UNACCOUNTED,
        provider=register.provider,
        provider_name=register.provider_name,
        opened_at=at(date(2026, 11, 23), time(9, 32)),
        ladder=Ladder(first=()),
    )
    say = Say("joy", script.name, register=register, cases=(case,), lines=register.roster)
    words = scripts.words_of(script.language)
    scene = Scene(lists.service.name, NOW, office, office=office, words=words)
    return compose(script, facts_for(script, say, scene), channel)


def test_a_parent_is_written_to_in_english_polish_and_welsh(scripts: Scripts) -> None:
    """Every text to parents in every one of them."""
    names = {script.name for script in to_parents(scripts)}

    for language in ("en", "pl", "cy"):
        assert {s.name for s in to_parents(scripts) if s.language == language} == names


def test_a_locked_phone_shows_nothing_of_a_child(scripts: Scripts, town_lists: Lists) -> None:
    """
    No pupil, no place, no time and no mark in the first forty characters, in any language,
    however short the service's own name is.
    """
    for script in to_parents(scripts):
        head = script.text
        for fact in placeholders(script.text):
            if fact in SENSITIVE:
                head = head.split(f"{{{fact}}}")[0]
        is_told = head != script.text
        assert not is_told or len(fixed_part(head)) >= 40, f"{script.name} ({script.language})"
        shown = said(script, scripts, town_lists, "sms")[:40].casefold()
        words = shown.replace(".", " ").replace(",", " ").replace(":", " ").split()
        marks = set(MARKS.values()) - {"in", "no mark"}
        assert not marks & set(words), f"{script.name} ({script.language}): {shown}"


def test_a_text_to_parents_is_two_sms_at_most(scripts: Scripts, town_lists: Lists) -> None:
    """With the town's longest names, its accents folded, and on another day with its date."""
    for script in to_parents(scripts):
        text = said(script, scripts, town_lists, "sms")
        assert parts(text) <= 2, f"{script.name} ({script.language}), {len(text)}: {text}"


def test_a_text_to_parents_can_speak_of_one_child_alone(scripts: Scripts) -> None:
    """By its facts: a list of names, a tally or anybody's words are not among them."""
    for script in to_parents(scripts):
        assert set(script.facts) <= ALLOWED, script.name


@pytest.mark.parametrize(
    ("language", "when"),
    [("en", "(Mon 23 Nov)"), ("pl", "(pon. 23 listopada)"), ("cy", "(Llun 23 Tach)")],
)
def test_a_date_is_in_the_parents_language(
    language: str, when: str, scripts: Scripts, town_lists: Lists
) -> None:
    """The days and months are below `words:` of the language's file."""
    script = scripts.named("parent_absent", language)

    assert when in said(script, scripts, town_lists, "telegram")
