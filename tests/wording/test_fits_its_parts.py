"""Texts to staff and contacts by SMS: what they cost, with the town's longest names."""

from dataclasses import replace

import pytest
from tests.wording.test_to_parents import NOW, longest

from apbot.domain.cases import Case
from apbot.domain.decisions import Say
from apbot.domain.policy import Ladder
from apbot.domain.readings import CountOrNumber, WhichPupil
from apbot.domain.words import Mark, Matter, Reason
from apbot.store.lists import Lists
from apbot.wording.compose import compose
from apbot.wording.facts import FACTS, facts_for
from apbot.wording.gsm import parts
from apbot.wording.scene import Scene
from apbot.wording.scripts import Script, Scripts

LONG_AS_SAID = frozenset(
    {"words", "outcome", "outcome_lines", "over_lines", "note", "note_lines", "gathered_lines"}
)
"""Facts that hold what a person wrote, or many texts in one: as long as that is."""

FORETOLD = frozenset(
    {"ahead_lines", "known_lines", "told_lines", "option_lines", "due_lines", "tells_at"}
    | {"end_day", "start_day", "days", "pupils", "near_names", "places", "stranger_lines"}
)
"""Facts of what is told ahead, for which a line a day or a place is paid."""


def checked(scripts: Scripts) -> list[Script]:
    return [
        script
        for script in scripts
        if not script.name.startswith("parent_")
        and not set(script.facts) & (LONG_AS_SAID | FORETOLD)
    ]


def said(script: Script, lists: Lists) -> str:
    """The script by SMS, of one pupil with the longest name at the place with the longest."""
    register, person = longest(lists)
    line, place = register.roster[0], max(lists.people.providers, key=lambda p: len(p.address))
    case = Case(
        matter=Matter.UNACCOUNTED if "unaccounted" in script.name else Matter.ABSENCE,
        provider=register.provider,
        provider_name=register.provider_name,
        opened_at=register.starts_at,
        ladder=Ladder(first=()),
        ref="K77",
        number=line.number,
        pupil=line.pupil,
        shown=line.shown,
        reason=Reason.UNKNOWN,
        raised_by=person.key,
        expected_at=register.starts_at,
    )
    ask = (
        CountOrNumber(1, Mark.ABSENT) if "{n}" in script.text else WhichPupil("x", (1,), Mark.LATE)
    )
    more: dict[str, str | int] = {
        name: person.name
        for name in script.facts
        if name not in FACTS or (name == "names" and not register.roster)
    }
    more |= {"minutes": 120} if "minutes" in script.facts else {}
    more |= {"phone": person.mobile} if "phone" in script.facts else {}
    more |= {"link": "https://t.me/" + "x" * 50} if "link" in script.facts else {}
    say = Say(person.key, script.name, register, (case,), register.roster, more=more, ask=ask)
    scene = Scene(
        lists.service.name,
        NOW,
        person,
        provider=replace(place, name=register.provider_name),
        ring=(person, replace(person, mobile="+447700900998")),
        names={person.key: person},
        slip="https://" + "x" * 42,
        office=person,
        example_pupil=line.shown,
        example_provider=register.provider_name,
    )
    return compose(script, facts_for(script, say, scene), "sms").strip()


def test_every_sms_fits_its_parts_with_the_longest_names(
    scripts: Scripts, town_lists: Lists
) -> None:
    """ "every SMS fits the parts its script allows", said of one pupil, each name the longest."""
    long = {
        script.name: (parts(text), script.parts, text)
        for script in checked(scripts)
        if parts(text := said(script, town_lists)) > script.parts
    }

    assert not long


def test_nearly_every_script_is_checked(scripts: Scripts) -> None:
    """Those left out hold a person's own words, or what was told ahead."""
    assert len(checked(scripts)) > 70


@pytest.mark.parametrize("name", ["css_unaccounted", "css_register_missing", "register_prompt"])
def test_a_script_that_grew_is_seen(name: str, scripts: Scripts, town_lists: Lists) -> None:
    """A text that takes one part more than it may is found."""
    script = scripts.named(name)
    grown = replace(script, text=script.text + " x" * 250, sms=None)

    assert parts(said(grown, town_lists)) > script.parts
