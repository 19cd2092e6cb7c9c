"""
Stopping: somebody wants no more texts, or has a number that is not theirs.

Both are obeyed, and both are an alarm: silence must not look like safety.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.escalation import first_told, telling
from apbot.domain.following import Following
from apbot.domain.people import Person
from apbot.domain.policy import Policy, Tell
from apbot.domain.register import Register
from apbot.domain.words import Matter


def on_opt_out(person: Person, rota: Rota) -> Decision:
    """
    Obey an opt-out; from whoever works for a provider or the CSS it is an alarm as well.

    Silence must not look like safety: somebody else hears that this person is asked no more.
    """
    stopped = Decision(because="the person opted out", stops=True, clears_pending=True)
    staff = [*rota.staff, *rota.backups]
    is_css = any(other.key == person.key for other, _ in rota.css)
    contacts = [other for other, _ in rota.css if other.key != person.key]
    if not is_css and all(other.key != person.key for other in staff):
        return stopped
    contact = rota.key_contact if rota.key_contact in contacts else next(iter(contacts), None)
    if contact is None:
        return stopped
    others = [other for other in staff if other.key != person.key]
    script = "css_opted_out" if others else "css_opted_out_last"
    say = Say(
        to=contact.key,
        script="css_contact_opted_out" if is_css else script,
        more={"who": person.name, "phone": person.mobile, "provider": rota.provider.name},
        urgency=Urgency.ALARM,
    )
    return replace(stopped, say=(say,))


def wrong_number(
    person: Person,
    policy: Policy,
    rota: Rota,
    text: str,
    refs: Iterator[str],
    now: datetime,
    register: Register | None = None,
) -> Following:
    """A case of the person's number: nobody asked anything, and nobody is written to again."""
    blank = Case(
        matter=Matter.QUESTION,
        provider=rota.provider.key,
        provider_name=rota.provider.name,
        opened_at=now,
        ladder=rota.ladder(policy, Matter.QUESTION),
        ref=next(refs),
        register=register.id if register else None,
        shown=person.name,
        words=text,
    )
    others = replace(
        rota,
        key_contact=next((p for p in rota.people(Tell.KEY_CONTACT) if p.key != person.key), None),
        css=tuple((other, contact) for other, contact in rota.css if other.key != person.key),
    )
    case, people = first_told(blank, others, now)
    who = {"who": person.name, "phone": person.mobile, "provider": rota.provider.name}
    said = telling(case, people, register, "css_wrong_number", now)
    says = tuple(replace(say, more={**say.more, **who}, urgency=Urgency.ALARM) for say in said)
    return Following(cases=(case,), say=says)


def goodbye(person: Person) -> Say:
    """The last that goes to a number that is somebody else's; it names nobody."""
    return Say(to=person.key, script="wrong_number_noted", is_here=True)
