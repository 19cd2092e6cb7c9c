"""
Strays: what staff write when their provider has no register to take.

It answers nothing that we asked, so a person reads it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say
from apbot.domain.escalation import SCRIPTS, first_told, telling
from apbot.domain.people import Person
from apbot.domain.policy import Policy
from apbot.domain.readings import Reading
from apbot.domain.stopping import goodbye, on_opt_out, wrong_number
from apbot.domain.words import Flag, Matter


def on_stray_reply(
    person: Person,
    policy: Policy,
    rota: Rota,
    reading: Reading,
    text: str,
    refs: Iterator[str],
    now: datetime,
    script: str = "nothing_open",
) -> Decision:
    """
    Decide what a reply makes true when its sender's provider has no register to take.

    It is no answer to anything we asked, so a person reads it: a concern goes to the safeguarding
    lead, anything else to the key contact. Chatter is left alone.
    """
    to = person.key
    if Flag.OPT_OUT in reading.flags:
        return on_opt_out(person, rota)
    reading = urgent(reading)
    if Flag.HELP in reading.flags:
        return Decision(because="asked for help", say=(Say(to=to, script="help_nothing_open"),))
    if Flag.WRONG_NUMBER in reading.flags and Flag.CONCERN not in reading.flags:
        raised = wrong_number(person, policy, rota, text, refs, now)
        return Decision(
            because="the number is not theirs, or they have left",
            cases=raised.cases,
            say=(goodbye(person), *raised.say),
            is_wrong_number=True,
        )
    is_concern = Flag.CONCERN in reading.flags
    if not (reading.flags or reading.ask or reading.marks):
        return Decision(because="chatter, and no register to take")
    matter = Matter.CONCERN if is_concern else Matter.QUESTION
    blank = Case(
        matter=matter,
        provider=rota.provider.key,
        provider_name=rota.provider.name,
        opened_at=now,
        ladder=rota.ladder(policy, matter),
        ref=next(refs),
        words=text,
        raised_by=to,
    )
    case, people = first_told(blank, rota, now)
    if is_concern:
        script = "provider_concern_passed_on"
    if Flag.EMERGENCY in reading.flags:
        script = "provider_emergency"
    return Decision(
        because="no register to take: passed on to a person",
        cases=(case,),
        say=(
            Say(to=to, script=script, cases=(case,)),
            *telling(case, people, None, SCRIPTS[matter], now),
        ),
    )


def urgent(reading: Reading) -> Reading:
    """Life and limb is always a concern too."""
    if Flag.EMERGENCY not in reading.flags:
        return reading
    return replace(reading, flags=reading.flags | {Flag.CONCERN})
