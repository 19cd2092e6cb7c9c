"""
Which: one person who speaks on two sides is asked which a message is for, and it is used then.

Somebody may answer for two providers, or be a CSS contact or a parent as well. What they wrote
waits in the inbox as it was typed; their answer (a name, a part of it, the number, a tap) says what
it is about, and nothing need be typed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from apbot.desk.buttons import WhichTap, option_fingerprint, which_button
from apbot.desk.happening import Happening
from apbot.domain.decisions import Decision, Say
from apbot.domain.people import Person
from apbot.reading.side_words import SideWords
from apbot.reading.tokens import fold
from apbot.store.inbox import InboxRow, amend_came, find_before, get_message
from apbot.store.journal import write_journal

ASKED = "asked which it is for: "
"""So begins what came of a message that waits, followed by the options' keys."""

WAITS = timedelta(hours=2)
"""How long it waits for its answer."""

CSS = "css"
PARENT = "parent"
PROVIDER = "provider:"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a message can be for. `key` is css, parent or provider:<its key>."""

    key: str
    label: str


def provider_option(key: str, name: str) -> Option:
    """Return the option of a provider's register."""
    return Option(f"{PROVIDER}{key}", name)


def ask_which(happening: Happening, person: Person, options: Sequence[Option], script: str) -> str:
    """Ask which of these the message is for; it waits."""
    numbered = [f"{number} {option.label}" for number, option in enumerate(options, 1)]
    say = Say(
        to=person.key,
        script=script,
        more={"options": ", ".join(numbered)},
        offers=tuple(which_button(happening.row.id, one.key, one.label) for one in options),
    )
    because = ASKED + " ".join(option.key for option in options)
    return happening.save(person, Decision(because=because, say=(say,)), kind="reply")


def answered(happening: Happening, person: Person, text: str) -> tuple[Happening, str] | None:
    """Return the message that this one says which it is for, to be handled now, and the option."""
    if not happening.before.startswith(ASKED):
        return None
    before = find_before(happening.db, happening.row)
    if before is None or before.person != person.key or not _waits(happening, before):
        return None
    key = _picked(text, _options(happening, before), happening.desk.lexicon.sides)
    return _taken_up(happening, before, key) if key is not None else None


def tapped(happening: Happening, person: Person, tap: WhichTap) -> tuple[Happening, str] | None:
    """The same by a tap; None where nothing of this person's waits for it any more."""
    before = get_message(happening.db, tap.inbox)
    if before is None or before.person != person.key or not _waits(happening, before):
        return None
    keys = [one.key for one in _options(happening, before)]
    key = next((one for one in keys if option_fingerprint(one) == tap.option), None)
    return _taken_up(happening, before, key) if key is not None else None


def _waits(happening: Happening, before: InboxRow) -> bool:
    is_fresh = happening.row.received_at - before.received_at <= WAITS
    return is_fresh and before.came_of_it.startswith(ASKED)


def _taken_up(happening: Happening, before: InboxRow, key: str) -> tuple[Happening, str]:
    amend_came(happening.db, before.id, f"said to be for {key}")
    row = happening.row
    because = f"an answer: what was written before is for {key}"
    person = before.person or ""
    write_journal(happening.db, happening.now, "reply", because, person=person, inbox=row.id)
    return replace(happening, row=before), key


def _options(happening: Happening, before: InboxRow) -> list[Option]:
    names = {p.key: p.name for p in happening.lists.people.providers}
    keys = before.came_of_it.removeprefix(ASKED).split()
    sides = happening.desk.lexicon.sides
    labels = {CSS: " ".join(sides.means_css), PARENT: " ".join(sides.means_parent)}
    return [
        Option(key, labels.get(key) or names.get(key.removeprefix(PROVIDER), "")) for key in keys
    ]


def _picked(text: str, options: Sequence[Option], sides: SideWords) -> str | None:
    """The one option that these words name, and nothing beside it."""
    words = fold(text).replace("'", " ").split()
    words = ["".join(c for c in word if c.isalnum()) for word in words]
    words = [word for word in words if word]
    if len(words) == 1 and words[0].isdecimal():
        number = int(words[0])
        return options[number - 1].key if 0 < number <= len(options) else None
    telling = [word for word in words if word not in sides.around_an_answer]
    named = [
        option.key
        for option in options
        if telling and all(_is_of(word, option.label) for word in telling)
    ]
    return named[0] if len(named) == 1 else None


def _is_of(word: str, label: str) -> bool:
    names = fold(label).split()
    is_part = len(word) > 2 and any(name.startswith(word) for name in names)
    return word in names or is_part
