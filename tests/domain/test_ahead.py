from apbot.domain.ahead import on_day_before
from apbot.domain.decisions import Decision, Urgency
from apbot.domain.register import Register
from apbot.domain.words import Reason
from tests.builders import (
    AIDEN,
    BEV,
    CHLOE,
    GILL,
    JO,
    NOBODY,
    OLA,
    SAM,
    a_planned_register,
    a_pupil,
    a_rota,
)


def told(decision: Decision) -> list[tuple[str, str]]:
    return [(say.to, say.script) for say in decision.say]


def with_a_known_absence() -> Register:
    return a_planned_register(AIDEN, a_pupil(CHLOE, away=Reason.HOLIDAY))


def test_a_provider_is_told_of_tomorrows_known_absences() -> None:
    """The CSS owes them before the session, to everybody who will be asked."""
    decision = on_day_before([with_a_known_absence()], [], a_rota())

    assert told(decision) == [(JO.key, "provider_ahead"), (SAM.key, "provider_ahead")]


def test_a_provider_is_told_of_the_offices_notes() -> None:
    """Anything that may affect attendance, word for word."""
    note = "Aiden's taxi is 20 min late all week"

    decision = on_day_before([a_planned_register()], [note], a_rota())

    assert [say.notes for say in decision.say] == [(note,), (note,)]


def test_a_provider_with_nothing_to_know_hears_nothing() -> None:
    """A text that says nothing is not sent."""
    assert on_day_before([a_planned_register()], [], a_rota()).say == ()


def test_a_provider_with_nobody_due_hears_nothing() -> None:
    """A note about a day off wakes nobody."""
    assert on_day_before([], ["closed for lambing"], a_rota()).say == ()


def test_what_is_told_ahead_waits_for_everything_else() -> None:
    """No alarm stands in a queue behind it."""
    decision = on_day_before([with_a_known_absence()], [], a_rota())

    assert {say.urgency for say in decision.say} == {Urgency.DIGEST}


def test_what_is_told_ahead_is_told_once_a_person() -> None:
    """Looked at twice, said once."""
    causes = [say.once for say in on_day_before([with_a_known_absence()], [], a_rota()).say]

    assert "" not in causes
    assert len(set(causes)) == 2


def test_where_only_a_backup_is_there_the_backup_is_told() -> None:
    """Whoever will be asked is the one to know."""
    decision = on_day_before([with_a_known_absence()], [], a_rota(staff=()))

    assert told(decision) == [(BEV.key, "provider_ahead")]


def test_a_provider_that_cannot_be_asked_is_told_to_the_key_contact() -> None:
    """Nobody enrolled, or everyone opted out: known the day before, while there is time to ring."""
    decision = on_day_before([a_planned_register()], [], a_rota(staff=(), backups=()))

    assert told(decision) == [(GILL.key, "css_cannot_be_asked")]


def test_a_provider_without_a_key_contact_is_told_to_who_is_there() -> None:
    """No provider without one: somebody must stand in tomorrow."""
    rota = a_rota(key_contact=None, cover=None, lead=None, deputy=None)

    assert told(on_day_before([a_planned_register()], [], rota)) == [
        (OLA.key, "css_no_key_contact")
    ]


def test_nobody_anywhere_is_nobody_to_tell() -> None:
    """There is no phone to send it to."""
    assert on_day_before([with_a_known_absence()], [], NOBODY).say == ()
