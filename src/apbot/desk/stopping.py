"""
Stopping: what the CSS hears when somebody stops our texts.

An opt-out is obeyed, on the channel on which it was said; silence must not look like safety, so
the CSS hears who is asked no more, and whether anybody there still can be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from apbot.desk.rota import reachable
from apbot.domain.decisions import Rota, Say, Urgency
from apbot.domain.people import Person
from apbot.domain.stopping import on_opt_out
from apbot.store.addresses import group_key, list_live

if TYPE_CHECKING:
    from apbot.desk.happening import Happening

SPOKEN_OF = {"telegram": "Telegram", "sms": "text message", "whatsapp": "WhatsApp"}


def said_of_stopping(happening: "Happening", person: Person) -> tuple[Say, ...]:
    """Return what the CSS hears once the speaker's address is stopped; nothing for a parent."""
    people, channels = happening.lists.people, happening.desk.channels
    places = [staff.provider for staff in people.staff if staff.person == person.key]
    is_contact = any(contact.person == person.key for contact in people.contacts)
    if not places and not is_contact:
        return ()
    still = reachable(happening.db, happening.lists, {person.key}, channels).get(person.key)
    says: list[Say] = []
    for place in places or [people.providers[0].key]:
        rota = happening.rota(place)
        mates = {s.person for s in people.staff if s.provider == place} - {person.key}
        able = reachable(happening.db, happening.lists, mates, channels)
        # Whoever works there counts, on duty today or not: tomorrow they would be asked.
        mine = [(person, one) for one in people.contacts if one.person == person.key]
        others = [(other, one) for other, one in rota.css if other.key != person.key]
        whole = replace(
            rota,
            staff=(*able.values(), *([person] if places else [])),
            backups=(),
            css=(*others, *mine),
        )
        says += _heard(happening, person, still, whole)
    return tuple(says)


def said_of_starting(happening: "Happening", person: Person) -> tuple[Say, ...]:
    """Return what the CSS hears once somebody can be texted again: the alarm is taken back."""
    people = happening.lists.people
    children = {parent.pupil for parent in people.parents if parent.person == person.key}
    places = [staff.provider for staff in people.staff if staff.person == person.key]
    places += [one.provider for one in people.placements if one.pupil in children][:1]
    if not places and any(contact.person == person.key for contact in people.contacts):
        places = [people.providers[0].key]
    heard: dict[str, Say] = {}
    for place in places:
        rota = happening.rota(place)
        others = [other for other, _ in rota.css if other.key != person.key]
        to = rota.key_contact if rota.key_contact in others else next(iter(others), None)
        if to is not None:
            more = {"who": person.name, "phone": person.mobile}
            heard.setdefault(to.key, Say(to=to.key, script="css_started_again", more=more))
    return tuple(heard.values())


def said_of_wrong_number(
    happening: "Happening", person: Person, says: Sequence[Say]
) -> tuple[Say, ...]:
    """
    Return what is said once the number is used no more.

    Where nobody at a place of theirs can be asked any more, its CSS contact hears that as an alarm.
    """
    people = happening.lists.people
    places = {staff.provider for staff in people.staff if staff.person == person.key}
    heard: list[Say] = []
    for say in says:
        place = next((one.key for one in people.providers if one.name == _place(say)), "")
        is_last = say.script == "css_wrong_number" and not _still_asked(happening, place)
        heard.append(replace(say, script="css_wrong_number_last") if is_last else say)
        places.discard(place)
    for place in sorted(places):
        rota = happening.rota(place)
        if rota.key_contact is not None and not _still_asked(happening, place):
            more = {"who": person.name, "phone": person.mobile, "provider": rota.provider.name}
            to = rota.key_contact.key
            heard.append(Say(to=to, script="css_left_last", more=more, urgency=Urgency.ALARM))
    if any(contact.person == person.key for contact in people.contacts):
        heard += _heard_of_contact(happening, person)
    return tuple(heard)


def _heard_of_contact(happening: "Happening", person: Person) -> Iterator[Say]:
    rota = happening.rota(happening.lists.people.providers[0].key)
    others = [other for other, _ in rota.css if other.key != person.key]
    contact = rota.key_contact if rota.key_contact in others else next(iter(others), None)
    if contact is not None:
        more = {"who": person.name, "phone": person.mobile}
        script = "css_contact_wrong_number"
        yield Say(to=contact.key, script=script, more=more, urgency=Urgency.ALARM)


def _place(say: Say) -> str:
    return str(say.more.get("provider", ""))


def _still_asked(happening: "Happening", place: str) -> bool:
    """Whether somebody there can be asked, on duty today or not: tomorrow they would be."""
    working = {staff.person for staff in happening.lists.people.staff if staff.provider == place}
    group = group_key(place)
    live = reachable(happening.db, happening.lists, working, happening.desk.channels)
    return bool(live or list_live(happening.db, [group]).get(group))


def _heard(
    happening: "Happening", person: Person, still: Person | None, rota: Rota
) -> Sequence[Say]:
    says = on_opt_out(person, rota).say
    if still is None:
        return says
    by = happening.inbound.speaks_from.channel
    other = still.addresses[0].channel
    is_staff = any(s.person == person.key for s in happening.lists.people.staff)
    place = rota.provider.name if is_staff else rota.service.name
    more = {
        "provider": place,
        "channel": SPOKEN_OF.get(by, by),
        "other": SPOKEN_OF.get(other, other),
    }
    return [replace(say, script="css_opted_out_here", more={**say.more, **more}) for say in says]
