"""
Ahead: what is told at four o'clock of the next school day.

The CSS owes a provider word of known absences, and of anything that may affect attendance, before
the session; and it hears itself of a provider that could not be asked, while it can still ring.
"""

from collections.abc import Sequence

from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.register import Register


def on_day_before(registers: Sequence[Register], notes: Sequence[str], rota: Rota) -> Decision:
    """
    Decide what is said ahead of one provider's next day.

    `registers` are those planned for that day, `rota` who is there then; `notes` what the office
    wrote for it. A provider with nothing to know and somebody to ask hears nothing.
    """
    if not registers:
        return Decision(because="nobody is due there")
    say: list[Say] = []
    known = [line for register in registers for line in register.roster if line.known_absence]
    staff = rota.staff or rota.backups
    once = f"{registers[0].provider}:{registers[0].on}"
    if known or notes:
        say += [
            Say(
                to=person.key,
                script="provider_ahead",
                registers=tuple(registers),
                register=registers[0],
                notes=tuple(notes),
                urgency=Urgency.DIGEST,
                once=f"ahead:{once}:{person.key}",
            )
            for person in staff
        ]
    teller = rota.key_contact or next((person for person, _ in rota.css), None)
    if teller is not None and (not staff or rota.key_contact is None):
        say.append(
            Say(
                to=teller.key,
                script="css_cannot_be_asked" if not staff else "css_no_key_contact",
                register=registers[0],
                urgency=Urgency.DIGEST,
                once=f"cannot:{once}:{teller.key}",
            )
        )
    return Decision(because=f"{len(known)} known absences, {len(notes)} notes", say=tuple(say))
