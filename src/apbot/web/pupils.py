"""
A pupil's page: where they are today, what was said of them lately, and telling ahead.

Every look at it is in the trail. Its address names nobody.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import board as desk
from apbot.domain.calendar import local
from apbot.domain.foretold import BOTH, Proposal, Tells, ToldAbsence, ToldNote
from apbot.domain.people import KnownAbsence, Note, Person, Pupil, Span
from apbot.domain.words import Half, Reason
from apbot.store.cases import list_about
from apbot.store.history import list_said_of
from apbot.store.lists import Lists
from apbot.store.trail import list_trail
from apbot.web.clicks import do
from apbot.web.finding import may_see, where_is
from apbot.web.lobby import Acting, Here, Lobby, NoSuchPage, Signed
from apbot.web.pages import page
from apbot.web.people import list_written
from apbot.web.ringing import everybody_at
from apbot.wording.plain import REASONS

router = APIRouter(include_in_schema=False)

SHOWN_BACK = timedelta(days=30)
LONGEST_AHEAD = timedelta(days=370)

Once = Annotated[str, Form()]

Foretold = TypeVar("Foretold", KnownAbsence, Note)


@router.get("/pupils/{opaque}")
def one(request: Request, lobby: Here, viewer: Signed, opaque: str) -> Response:
    """Show a pupil."""
    pupil, lists = _find(lobby, opaque)
    board = lobby.live.today()
    since = board.on - SHOWN_BACK
    with lobby.desk.database.reading() as db:
        said = list_said_of(db, pupil.key, since)
        cases = list_about(db, [], [pupil.key], lobby.clock.now() - SHOWN_BACK)
        parents = {one.person for one in lists.people.parents_of([pupil.key])}
        written = list_written(db, lobby, viewer, parents)
        looked = list_trail(db, kind="pupil", subject=pupil.key, last=10)
    lobby.trail(viewer, "saw", "pupil", pupil.key)
    people = lists.people
    persons = {person.key: person for person in people.persons}
    places = {provider.key: provider for provider in people.providers}
    return page(
        request,
        "pupil.html",
        viewer,
        pupil=pupil,
        opaque=opaque,
        found=where_is(pupil, lists, board, viewer),
        said_of=said,
        cases=[case for case in reversed(cases) if may_see(viewer, case)],
        placements=[
            (placement, places.get(placement.provider))
            for placement in people.placements
            if placement.pupil == pupil.key
        ],
        absences=[
            one for one in _by_day(people.absences_of(pupil.key)) if one.span.to_on >= board.on
        ],
        words=REASONS,
        parents=_parents(lists, pupil, persons),
        written=written,
        looked=looked,
        persons=persons,
        on=board.on,
        reasons=[(reason, REASONS[reason]) for reason in Reason if reason is not Reason.UNKNOWN],
    )


@router.post("/pupils/{opaque}/away")
def away(
    lobby: Here,
    viewer: Acting,
    opaque: str,
    first: Annotated[str, Form()],
    reason: Annotated[str, Form()],
    last: Annotated[str, Form()] = "",
    half: Annotated[str, Form()] = "",
    once: Once = "",
) -> Response:
    """Keep that a pupil will be away, or (`reason` in) will be in after all."""
    pupil, _ = _find(lobby, opaque)
    is_in = reason == "in"

    def act(click: desk.Click) -> str:
        span = _span(first, last, click)
        if not is_in and reason not in set(Reason):
            raise desk.Declined("Choose why.")
        absence = ToldAbsence(
            pupil=pupil.key,
            span=span,
            halves=frozenset({Half(half)}) if half in set(Half) else BOTH,
            reason=None if is_in else Reason(reason),
            by=click.person.key,
            by_name=click.person.name,
            at=click.now,
            words="on the board",
        )
        tells = Tells.IN if is_in else Tells.AWAY
        return desk.foretell(click, Proposal(tells, "on the board", absences=(absence,)))

    said = f"{pupil.name}: {reason}, {first} to {last or first}"
    return do(lobby, viewer, once, said, act, ("pupil", pupil.key), f"/pupils/{opaque}")


@router.post("/pupils/{opaque}/worry")
def worry(
    lobby: Here,
    viewer: Acting,
    opaque: str,
    words: Annotated[str, Form(max_length=1000)],
    once: Once = "",
) -> Response:
    """Tell the safeguarding leads of a worry, word for word."""
    pupil, _ = _find(lobby, opaque)

    def act(click: desk.Click) -> str:
        if not words.strip():
            raise desk.Declined("Write what you saw or heard, or were told.")
        return desk.report(click, pupil, words.strip())

    return do(lobby, viewer, once, words.strip(), act, ("pupil", pupil.key), f"/pupils/{opaque}")


@router.post("/providers/{key}/note")
def note(
    lobby: Here,
    viewer: Acting,
    key: str,
    words: Annotated[str, Form(max_length=1000)],
    first: Annotated[str, Form()],
    last: Annotated[str, Form()] = "",
    over: Annotated[str, Form()] = "",
    once: Once = "",
) -> Response:
    """Keep a note for a provider, to be told before the session; or (`over`) take it back."""

    def act(click: desk.Click) -> str:
        if not words.strip():
            raise desk.Declined("Write what the provider is to know.")
        begins = max(first, local(click.now).date().isoformat()) if over else first
        note = ToldNote(
            provider=key,
            span=_span(begins, last, click),
            text=words if over else words.strip(),
            is_over=bool(over),
            by=click.person.key,
            by_name=click.person.name,
            at=click.now,
            words="on the board",
        )
        return desk.foretell(click, Proposal(Tells.NOTE, "on the board", notes=(note,)))

    _provider(lobby, key)
    said = f"{'no longer told' if over else 'note'}: {words}"
    return do(lobby, viewer, once, said, act, ("provider", key), f"/providers/{key}")


@router.get("/providers/{key}")
def provider(request: Request, lobby: Here, viewer: Signed, key: str) -> Response:
    """Show a provider: whom to ring, today's registers, and what they were told ahead."""
    lists = _provider(lobby, key)
    board = lobby.live.today()

    def is_to_be_told(note: Note) -> bool:
        return note.provider == key and note.span.to_on >= board.on

    persons, works = lists.people.person_by_key, lists.people.staff_of(key)
    place = lists.people.provider_by_key[key]
    with lobby.desk.database.reading() as db:
        written = list_written(db, lobby, viewer, {one.person for one in works})
    return page(
        request,
        "provider.html",
        viewer,
        written=written,
        persons=persons,
        provider=place,
        contact=persons.get(place.key_contact),
        staff=[
            (person, next(one for one in works if one.person == person.key))
            for person in everybody_at(lists, key, board.on)
        ],
        registers=[one for one in board.registers.values() if one.provider == key],
        notes=[one for one in _by_day(lists.people.notes) if is_to_be_told(one)],
        on=board.on,
    )


def _by_day(told: Iterable[Foretold]) -> list[Foretold]:
    return sorted(told, key=lambda one: (one.span.from_on, one.span.to_on))


def _parents(lists: Lists, pupil: Pupil, persons: dict[str, Person]) -> list[tuple[Person, bool]]:
    return [
        (persons[parent.person], parent.is_told and pupil.tells_parents)
        for parent in lists.people.parents
        if parent.pupil == pupil.key and parent.person in persons
    ]


def _span(first: str, last: str, click: desk.Click) -> Span:
    today = local(click.now).date()
    try:
        from_on = date.fromisoformat(first)
        to_on = date.fromisoformat(last) if last else from_on
    except ValueError:
        raise desk.Declined("Those are no days: choose them from the calendar.") from None
    if to_on < from_on:
        raise desk.Declined("The last day is before the first.")
    if from_on < today:
        raise desk.Declined("That day is over. Put right its register instead.")
    if to_on - today > LONGEST_AHEAD:
        raise desk.Declined("That is more than a year ahead: end the placement instead.")
    return Span(from_on, to_on)


def _find(lobby: Lobby, opaque: str) -> tuple[Pupil, Lists]:
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
    pupils = {pupil.key: pupil for pupil in lists.people.pupils}
    return pupils[lobby.behind("pupil", opaque, pupils)], lists


def _provider(lobby: Lobby, key: str) -> Lists:
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
    if all(provider.key != key for provider in lists.people.providers):
        raise NoSuchPage("such provider")
    return lists
