"""
Stopping: what the CSS hears when somebody stops our texts.

An opt-out is obeyed, on the channel on which it was said; silence must not look like safety, so
the CSS hears who is asked no more, and whether anybody there still can be.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from apbot.desk.rota import reachable
from apbot.domain.answers import on_opt_out
from apbot.domain.decisions import Rota, Say
from apbot.domain.people import Person

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


def _heard(
    happening: "Happening", person: Person, still: Person | None, rota: Rota
) -> Sequence[Say]:
    says = on_opt_out(person, rota).say
    if still is None:
        return says
    by = happening.inbound.address.channel
    other = still.addresses[0].channel
    is_staff = any(s.person == person.key for s in happening.lists.people.staff)
    place = rota.provider.name if is_staff else rota.service.name
    more = {
        "provider": place,
        "channel": SPOKEN_OF.get(by, by),
        "other": SPOKEN_OF.get(other, other),
    }
    return [replace(say, script="css_opted_out_here", more={**say.more, **more}) for say in says]
