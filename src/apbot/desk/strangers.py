"""
Strangers: messages from numbers that nobody on the lists has.

Each was answered with one polite line, sets nothing, and is kept. So that it is not only kept, a
contact on duty hears of the day's at its end; what reads like a concern is not left until then.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.happening import Happening
from apbot.desk.rota import rota_of
from apbot.desk.saving import save_decision
from apbot.domain.calendar import at, local
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.people import Person
from apbot.domain.policy import Tell
from apbot.domain.words import Flag, Speaker
from apbot.store.inbox import InboxRow, list_strangers
from apbot.store.lists import Lists
from apbot.wording.compose import counted
from apbot.wording.plain import shown_number

MOST_SHOWN = 3
LONGEST_SHOWN = 60

PASSED_ON = "a stranger's concern: passed on, kept for the office"

CONCERNS_A_DAY = 3
"""How often a day one stranger's words go to a person at once: an alarm can be abused."""


def tell_of_strangers(db: Connection, desk: Desk, now: datetime) -> None:
    """
    Tell a contact on duty of what strangers wrote since the last day's end.

    Where nobody is on duty, as at a weekend, it is told on the next day on which somebody is.
    """
    lists = desk.lists(db)
    on = local(now).date()
    rota = _rota(db, desk, lists, now)
    if rota is None or not rota.css:
        return
    since = _last_told_day(db, desk, lists, now)
    said = [row for row in list_strangers(db, since, now) if row.inbound.text.strip()]
    if not said:
        return
    to = rota.key_contact or rota.css[0][0]
    say = Say(
        to=to.key,
        script="css_strangers",
        more={
            "messages": counted(len(said), "message"),
            "stranger_lines": "\n".join(_line(row) for row in said[:MOST_SHOWN])
            + (f"\nand {len(said) - MOST_SHOWN} more" if len(said) > MOST_SHOWN else ""),
        },
        urgency=Urgency.DIGEST,
        once=f"strangers:{on}",
    )
    decision = Decision(because="strangers wrote today", say=(say,))
    save_decision(db, desk, decision, About(lists, {}, None, "strangers"), now)


def pass_on_concern(happening: Happening) -> bool:
    """Pass what reads like a concern to whoever is there for one; say whether it was passed on."""
    text = happening.inbound.text
    reading = happening.read_of_cases((), text, Speaker.PROVIDER)
    if not reading.flags & {Flag.CONCERN, Flag.EMERGENCY}:
        return False
    rota = _rota(happening.db, happening.desk, happening.lists, happening.now)
    people = _for_concerns(rota) if rota is not None else ()
    midnight = at(local(happening.now).date(), time(0, 0))
    earlier = [
        row
        for row in list_strangers(happening.db, midnight)
        if row.inbound.address == happening.inbound.address and row.came_of_it == PASSED_ON
    ]
    if not people or len(earlier) >= CONCERNS_A_DAY:
        return False
    says = tuple(
        Say(
            to=person.key,
            script="css_stranger_concern",
            more={"phone": _who(happening.row), "words": text.strip()},
            urgency=Urgency.ALARM,
        )
        for person in people
    )
    decision = Decision(because=PASSED_ON, say=says)
    about = About(happening.lists, {}, None, "stranger")
    save_decision(happening.db, happening.desk, decision, about, happening.now)
    return True


def _for_concerns(rota: Rota) -> tuple[Person, ...]:
    for tell in (Tell.SAFEGUARDING_LEAD, Tell.DEPUTY_LEAD, Tell.ALL_CSS):
        if people := rota.people(tell):
            return people
    return ()


def _rota(db: Connection, desk: Desk, lists: Lists, now: datetime) -> Rota | None:
    """Who of the CSS is there today: any provider's rota knows."""
    places = lists.people.providers
    if not places:
        return None
    return rota_of(db, lists, places[0].key, local(now).date(), desk.channels)


def _last_told_day(db: Connection, desk: Desk, lists: Lists, now: datetime) -> datetime:
    """The end of the last day on which somebody was on duty to be told."""
    on = local(now).date() - timedelta(days=1)
    places = lists.people.providers
    for _ in range(14):
        if rota_of(db, lists, places[0].key, on, desk.channels).css:
            break
        on -= timedelta(days=1)
    return at(on, lists.service.day_ends_at)


def _line(row: InboxRow) -> str:
    words = " ".join(row.inbound.text.split())
    shown = words if len(words) <= LONGEST_SHOWN else f"{words[: LONGEST_SHOWN - 1]}…"
    return f'{_who(row)}: "{shown}"'


def _who(row: InboxRow) -> str:
    inbound = row.inbound
    if inbound.is_in_group:
        return f"in the group {inbound.chat_title}"
    if inbound.address.channel == "telegram":
        return "on Telegram"
    return shown_number(inbound.address.value)
