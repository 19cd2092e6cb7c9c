"""
WhatsApp's day: what may be said to whom, and as what.

Within a day of a person's own last message anything goes; outside it only a template that WhatsApp
has approved. A text that has none goes by the person's next channel at once, not after a refusal.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.buttons import ALL_IN, LIST
from apbot.desk.desk import Desk
from apbot.domain.decisions import Buttons, Say
from apbot.domain.messages import Address, Button, Content
from apbot.domain.people import Person
from apbot.store.inbox import list_heard_since
from apbot.wording.facts import facts_for
from apbot.wording.scene import Scene
from apbot.wording.templates import Template, template_for

CHANNEL = "whatsapp"

WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""WhatsApp's day, with a little kept back for a text that has to wait before it goes."""

Rows = tuple[tuple[Button, ...], ...]


def open_to_us(db: Connection, people: Iterable[Person], now: datetime) -> frozenset[Address]:
    """Return the WhatsApp addresses of these people that may be written to freely."""
    theirs = {a for person in people for a in person.addresses if a.channel == CHANNEL}
    if not theirs:
        return frozenset()
    return list_heard_since(db, theirs, now - WINDOW)


def usable(
    desk: Desk, say: Say, addresses: tuple[Address, ...], is_open: Collection[Address]
) -> tuple[Address, ...]:
    """Return the addresses that take this text; all of them where none would be left."""
    has_template = template_for(desk.templates, say.script) is not None
    able = tuple(a for a in addresses if a.channel != CHANNEL or a in is_open or has_template)
    return able or addresses


def in_template(desk: Desk, say: Say, scene: Scene) -> tuple[str, Content, Rows] | None:
    """Return the text as its template says it, with its one button; None where it has none."""
    template = template_for(desk.templates, say.script)
    if template is None or say.register is None or say.register.id is None:
        return None
    places = template.fill(facts_for(template.script, say, scene))
    return template.words(places), Content(template.name, places), _list_buttons(template, say)


def few(rows: Rows, say: Say) -> Rows:
    """Return the buttons that WhatsApp can show: of a register's, the one for everybody."""
    if say.buttons is not Buttons.REGISTER:
        return rows
    return tuple(row for row in rows if row[0].data.startswith(ALL_IN))[:1]


def _list_buttons(template: Template, say: Say) -> Rows:
    assert say.register is not None
    return tuple((Button(label, f"{LIST}{say.register.id}"),) for label in template.buttons)
