"""
Sheets: the office's lists as rows of words, as a spreadsheet shows them, and as load takes them.

Whatever the office keeps can be written as sheets and read again as the same values. Calendar and
policies, which have files of their own form, are sheets here too, a row a line.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby

from apbot.domain.calendar import BOTH_HALVES, Calendar
from apbot.domain.people import Hours, People, Person, Provider, Span, Weekday
from apbot.domain.policy import Ladder, ParentsTold, Policy, Service, Step
from apbot.domain.words import Half
from apbot.loading.bank_holidays import england
from apbot.loading.cells import DAY_NAMES, LANGUAGES, day_in
from apbot.loading.checking import try_reading
from apbot.loading.columns import COLUMNS

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One list: its columns, of which True must be filled, and those that tell one row from another.

    `words` says in a line what it holds.
    """

    name: str
    title: str
    words: str
    columns: Mapping[str, bool]
    keys: tuple[str, ...]

    def key(self, row: Row) -> str:
        """Return what tells this row from any other of the sheet."""
        return "/".join(_plain(column, row.get(column, "")) for column in self.keys)


def _listed(name: str, title: str, words: str, *keys: str) -> Sheet:
    return Sheet(name, title, words, COLUMNS[f"{name}.csv"], keys)


_NEEDED, _FREE = True, False

SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (
        _listed("providers", "Providers", "where pupils are taught: days and hours", "provider"),
        _listed("staff", "Staff", "who answers for a provider, and when", "person", "provider"),
        _listed("pupils", "Pupils", "every child who is placed", "pupil"),
        _listed(
            "placements",
            "Placements",
            "which pupil is where, and when; one ends on its last day",
            *("pupil", "provider", "from"),
        ),
        _listed("contacts", "Contacts", "the CSS's people: roles, rota, cover, leave", "person"),
        _listed("parents", "Parents", "whom a pupil's notices go to", "person", "pupil"),
        _listed(
            "known_absences",
            "Known absences",
            "absences told beforehand",
            *("pupil", "from", "to", "halves"),
        ),
        _listed(
            "notes",
            "Notes",
            "what a provider is told before a session",
            *("provider", "from", "to", "note"),
        ),
        Sheet(
            "calendar",
            "Calendar",
            "terms, INSET days, bank holidays and providers' closures",
            {
                "kind": _NEEDED,
                "from": _NEEDED,
                "to": _FREE,
                "provider": _FREE,
                "halves": _FREE,
                "why": _FREE,
            },
            ("kind", "from", "to", "provider", "halves"),
        ),
        Sheet(
            "policies",
            "Policies",
            "after how many minutes staff are asked again, and the CSS is told",
            {
                "policy": _NEEDED,
                "chase_after": _NEEDED,
                "missing_after": _NEEDED,
                "unaccounted_after": _NEEDED,
                "ask_unaccounted_every": _NEEDED,
                "parents": _FREE,
            },
            ("policy",),
        ),
        Sheet(
            "ladders",
            "Ladders",
            "who is told of each matter, and who next",
            {
                "policy": _NEEDED,
                "matter": _NEEDED,
                "first": _NEEDED,
                "steps": _FREE,
                "then_every": _FREE,
                "asked_after": _FREE,
            },
            ("policy", "matter"),
        ),
    )
}

SERVICE = Sheet(
    "service",
    "The service",
    "its name, and the hours of its day",
    dict.fromkeys(("name", "names", "tells_ahead_at", "day_ends_at"), _NEEDED),
    (),
)
"""What service.yaml says: one row, which is always there."""

HINTS: Mapping[str, str] = {
    "provider": "its key: alder-farm",
    "person": "a key of their own: gill-marsh",
    "pupil": "a key of their own: chloe-davies",
    "name": "Bryn Hollis",
    "kind": "farm, garage, tutor",
    "address": "Alder Lane, Wrensby",
    "phone": "07700 900601",
    "mobile": "07700 900101",
    "days": "Mon-Fri, or Mon, Wed",
    "am_start": "09:00",
    "am_end": "12:00",
    "pm_start": "12:45",
    "pm_end": "14:45",
    "key_contact": "the key of a contact: gill-marsh",
    "policy": "the name of a policy: default",
    "email": "gill.marsh@example.org: of their office account, to sign in to the board by it",
    "channels": "in the order they prefer: telegram, sms",
    "backup": "yes: is asked only if nobody else answers",
    "known_as": "Chlo, where a pupil goes by another name",
    "tell_parents": "no: parents are never told by the bot",
    "from": "1 Sep 2026",
    "to": "23 Oct 2026; empty: that one day, or no end",
    "timetable": "Mon, Tue AM",
    "nature": "farm skills",
    "title": "Attendance officer",
    "roles": "contact, office; or safeguarding lead, deputy lead, reader",
    "cover": "the key of the contact who stands in",
    "leave": "7 Dec 2026 to 9 Dec 2026; 18 Dec 2026",
    "told": "no: this parent hears nothing from the bot",
    "language": "English, Polish, Welsh",
    "halves": "AM, PM; empty: both",
    "reason": "illness, medical appointment, suspended, other",
    "note": "Kai's taxi is late all week",
    "why": "lambing",
    "names": "how pupils are named on phones: initial (Chloe D), initials (CD) or full",
    "tells_ahead_at": "16:00: when providers are told of the next day",
    "day_ends_at": "17:00: from then on registers are put right by the office alone",
    "chase_after": "minutes: 10, 20",
    "missing_after": "minutes: 30",
    "unaccounted_after": "minutes: 30",
    "ask_unaccounted_every": "minutes: 10",
    "parents": "off, hold, or after 15",
    "matter": "missing register, unaccounted, absence, concern, closed, question",
    "first": "key contact, safeguarding lead",
    "steps": "minutes and who: 10 cover; 20 all css; 30 call key contact",
    "then_every": "minutes, or never",
    "asked_after": "minutes, or never",
}
"""What each column holds, by an example."""

OWN_HINTS: Mapping[tuple[str, str], str] = {
    ("providers", "name"): "Alder Farm",
    ("pupils", "name"): "Chloe Davies",
    ("calendar", "kind"): "term, inset day, bank holiday or closure",
    ("calendar", "from"): "1 Sep 2026; england, for all bank holidays of England",
}
"""What a column holds in one list otherwise than in the rest."""


def hint_of(sheet: str, column: str) -> str:
    """Return what a column of a list holds, by an example."""
    return OWN_HINTS.get((sheet, column), HINTS.get(column, ""))


KINDS = {
    "term": "terms",
    "inset day": "inset_days",
    "bank holiday": "bank_holidays",
    "closure": "closures",
}
"""The kinds of a calendar's rows, and under which word the file has them."""

ENGLAND = "england"


def written(
    people: People, calendar: Calendar, policies: Mapping[str, Policy]
) -> dict[str, list[Row]]:
    """Return every sheet's rows, in the order of the lists."""
    persons = {person.key: person for person in people.persons}
    providers = {provider.key: provider for provider in people.providers}
    return {
        "providers": [_provider(provider) for provider in people.providers],
        "staff": [
            {
                **_person(persons[one.person], "name", "mobile", "channels"),
                "provider": one.provider,
                "days": days_words(one.days),
                "backup": _yes(one.is_backup),
            }
            for one in people.staff
        ],
        "pupils": [
            {
                "pupil": pupil.key,
                "name": pupil.name,
                "known_as": pupil.known_as or "",
                "tell_parents": _yes(pupil.tells_parents),
            }
            for pupil in people.pupils
        ],
        "placements": [
            {
                "pupil": one.pupil,
                "provider": one.provider,
                "from": day_words(one.from_on),
                "to": day_words(one.to_on),
                "timetable": _timetable(one.timetable, providers.get(one.provider)),
                "am_start": _time(one.am_start),
                "pm_start": _time(one.pm_start),
                "nature": one.nature,
            }
            for one in people.placements
        ],
        "contacts": [
            {
                **_person(persons[one.person], "name", "title", "mobile"),
                "email": one.email,
                "channels": ", ".join(persons[one.person].channels),
                "roles": ", ".join(sorted(one.roles)),
                "days": days_words(one.days),
                "cover": one.cover or "",
                "leave": "; ".join(map(_span, one.leave)),
            }
            for one in people.contacts
        ],
        "parents": [
            {
                **_person(persons[one.person], "name", "mobile", "channels", "language"),
                "pupil": one.pupil,
                "told": _yes(one.is_told),
            }
            for one in people.parents
        ],
        "known_absences": [
            {
                "pupil": one.pupil,
                **_from_to(one.span),
                "halves": _halves(one.halves),
                "reason": one.reason.replace("_", " "),
            }
            for one in people.known_absences
        ],
        "notes": [
            {"provider": one.provider, **_from_to(one.span), "note": one.text}
            for one in people.notes
        ],
        "calendar": list(_calendar(calendar)),
        "policies": [_policy(name, policy) for name, policy in policies.items()],
        "ladders": [
            _ladder(name, matter, ladder)
            for name, policy in policies.items()
            for matter, ladder in policy.ladders.items()
        ],
    }


def service_row(service: Service) -> Row:
    """Return what the service file says, as the sheet of the service has it."""
    return {
        "name": service.name,
        "names": str(service.names),
        "tells_ahead_at": _time(service.tells_ahead_at),
        "day_ends_at": _time(service.day_ends_at),
    }


def day_words(on: date | None) -> str:
    """Return "1 Sep 2026", or nothing for no day."""
    return f"{on.day} {on:%b %Y}" if on is not None else ""


def days_words(days: Collection[Weekday]) -> str:
    """Return "Mon-Fri", "Mon-Wed, Fri", "Mon, Tue"."""
    parts = []
    for _, run in groupby(enumerate(sorted(days)), key=lambda pair: pair[1] - pair[0]):
        names = [DAY_NAMES[day][:3] for _, day in run]
        parts.append(f"{names[0]}-{names[-1]}" if len(names) > 2 else ", ".join(names))
    return ", ".join(parts)


def _provider(provider: Provider) -> Row:
    return {
        "provider": provider.key,
        "name": provider.name,
        "kind": provider.kind,
        "phone": _number(provider.phone),
        "address": provider.address,
        "days": days_words(provider.days),
        **_hours("am", provider.am),
        **_hours("pm", provider.pm),
        "key_contact": provider.key_contact,
        "policy": provider.policy,
    }


def person_row(person: Person) -> Row:
    """Return all that any list says of somebody by their own line: name, number, channels."""
    return {
        "person": person.key,
        "name": person.name,
        "title": person.title,
        "mobile": _number(person.mobile),
        "channels": ", ".join(person.channels),
        "language": LANGUAGES.get(person.language, person.language),
    }


def _person(person: Person, *columns: str) -> Row:
    told = person_row(person)
    return {column: told[column] for column in ("person", *columns)}


def _hours(half: str, hours: Hours | None) -> Row:
    return {
        f"{half}_start": _time(hours.start if hours else None),
        f"{half}_end": _time(hours.end if hours else None),
    }


def _timetable(slots: Iterable[tuple[Weekday, Half]], provider: Provider | None) -> str:
    """The days, each with its half where the provider runs another that day as well."""
    runs = {half for half in Half if provider is None or provider.hours(half)}
    by_day: dict[Weekday, set[Half]] = {}
    for day, half in slots:
        by_day.setdefault(day, set()).add(half)
    whole = [day for day in sorted(by_day) if by_day[day] >= runs]
    parts = [days_words(whole)] if whole else []
    parts += [
        f"{DAY_NAMES[day][:3]} {half}"
        for day in sorted(by_day)
        if day not in whole
        for half in sorted(by_day[day])
    ]
    return ", ".join(parts)


def _calendar(calendar: Calendar) -> Iterator[Row]:
    blank = dict.fromkeys(SHEETS["calendar"].columns, "")
    for term in calendar.terms:
        yield {**blank, "kind": "term", **_from_to(term, always=True)}
    for on in sorted(calendar.inset_days):
        yield {**blank, "kind": "inset day", "from": day_words(on)}
    years = {on.year for term in calendar.terms for on in (term.from_on, term.to_on)}
    of_england = england(years)
    if of_england and of_england <= calendar.bank_holidays:
        yield {**blank, "kind": "bank holiday", "from": ENGLAND}
    else:
        of_england = frozenset()
    for on in sorted(calendar.bank_holidays - of_england):
        yield {**blank, "kind": "bank holiday", "from": day_words(on)}
    for one in calendar.closures:
        yield {
            "kind": "closure",
            **_from_to(one.span),
            "provider": one.provider or "",
            "halves": _halves(one.halves),
            "why": one.why,
        }


def _policy(name: str, policy: Policy) -> Row:
    parents = {ParentsTold.AFTER: f"after {_minutes(policy.parents_after)}"}
    return {
        "policy": name,
        "chase_after": ", ".join(map(_minutes, policy.chase_after)),
        "missing_after": _minutes(policy.missing_after),
        "unaccounted_after": _minutes(policy.unaccounted_after),
        "ask_unaccounted_every": _minutes(policy.ask_unaccounted_every),
        "parents": parents.get(policy.parents, policy.parents.value),
    }


def _step(step: Step) -> str:
    """ "10 cover", or "12 call key contact" where they are rung up."""
    return f"{_minutes(step.after)} {'call ' if step.by_call else ''}{step.tell}"


def _ladder(policy: str, matter: str, ladder: Ladder) -> Row:
    return {
        "policy": policy,
        "matter": matter.replace("_", " "),
        "first": ", ".join(ladder.first),
        "steps": "; ".join(map(_step, ladder.steps)),
        "then_every": _minutes(ladder.then_every),
        "asked_after": _minutes(ladder.asked_after),
    }


def _from_to(span: Span, *, always: bool = False) -> Row:
    is_one = span.to_on == span.from_on and not always
    return {"from": day_words(span.from_on), "to": "" if is_one else day_words(span.to_on)}


def _span(span: Span) -> str:
    first, last = day_words(span.from_on), day_words(span.to_on)
    return first if first == last else f"{first} to {last}"


def _halves(halves: frozenset[Half]) -> str:
    return "" if halves == BOTH_HALVES else ", ".join(sorted(halves))


def _minutes(long: timedelta | None) -> str:
    return "never" if long is None else str(int(long / timedelta(minutes=1)))


def _time(when: time | None) -> str:
    return when.strftime("%H:%M") if when is not None else ""


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _number(e164: str) -> str:
    """07700 900201, as people write it."""
    is_ours = e164.startswith("+44") and len(e164) == 13
    return f"0{e164[3:7]} {e164[7:]}" if is_ours else e164


def _plain(column: str, words: str) -> str:
    """The words of a key, a day the same however it is written."""
    on = try_reading(day_in, words) if column in ("from", "to") else None
    return on.isoformat() if isinstance(on, date) else words.casefold()
