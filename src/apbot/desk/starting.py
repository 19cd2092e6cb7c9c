"""
Starting: the first lists of an empty database, and a new provider with somebody who answers for it.

An office begins with its own people: who reports are made to, who stands in, who leads on
safeguarding, and its term. The minutes are those of the attendance agreement. All of it goes
through the checks of any other change.
"""

from collections.abc import Mapping

from apbot.desk.office import Book, Fault, Faulty, Plan, Row, key_of, plan_service
from apbot.desk.office import plan as plan_sheets
from apbot.loading.sheets import SHEETS

MINE, COVER, LEAD = "my", "cover", "lead"

FIELDS: Mapping[str, str] = {
    "service": "The name of your service",
    "my_name": "Your name",
    "my_title": "Your title",
    "my_mobile": "Your mobile number",
    "my_email": "Your e-mail address (may be empty)",
    "cover_name": "Name",
    "cover_mobile": "Mobile number",
    "lead_name": "Name",
    "lead_mobile": "Mobile number",
    "term_from": "First day",
    "term_to": "Last day",
}
"""What a new office is asked for, and the words beside it."""

_OF_PERSONS = ("name", "title", "mobile", "email")

_MINUTES: Row = {
    "policy": "default",
    "chase_after": "10, 20",
    "missing_after": "30",
    "unaccounted_after": "30",
    "ask_unaccounted_every": "10",
    "parents": "off",
}

_LADDERS = (
    ("missing register", "key contact", "10 cover; 20 all css", "15", "30"),
    ("unaccounted", "key contact, safeguarding lead", "5 cover; 10 all css", "10", "15"),
    ("absence", "key contact", "30 cover", "never", "120"),
    ("concern", "safeguarding lead", "5 deputy lead; 10 all css", "never", "never"),
    ("closed", "key contact", "30 cover", "never", "60"),
    ("question", "key contact", "30 cover", "never", "never"),
)

STAFF = "staff_"
"""Before the columns of staff, in the form of a new provider."""


def plan_start(given: Mapping[str, str]) -> Plan:
    """
    Check the lists with which an office begins. Raises Faulty, each column a field of the form.

    `given["lead"]` is "my", "cover" or "lead": who leads on safeguarding.
    """
    wrong = [
        Fault("", 0, name, "is missing")
        for name in _needed(given)
        if not given.get(name, "").strip()
    ]
    if wrong:
        raise Faulty(tuple(wrong))
    roles = {MINE: ["contact", "office"], COVER: ["contact"], LEAD: ["safeguarding lead"]}
    lead = given.get("lead", MINE)
    people = [MINE, COVER]
    if lead in roles and lead != LEAD:
        roles[lead].append("safeguarding lead")
    else:
        people.append(LEAD)
    keys = {who: key_of(given[f"{who}_name"]) for who in people}
    contacts = [
        {
            **{column: given.get(f"{who}_{column}", "") for column in _OF_PERSONS},
            "person": keys[who],
            "channels": "sms",
            "roles": ", ".join(roles[who]),
            "cover": keys[COVER] if who != COVER else "",
        }
        for who in people
    ]
    # Who stands in is stood in for, too.
    contacts[1]["cover"] = keys[MINE]
    sheets: dict[str, list[Row]] = {name: [] for name in SHEETS}
    sheets["contacts"] = [_whole("contacts", row) for row in contacts]
    sheets["calendar"] = [
        _whole("calendar", {"kind": "term", "from": given["term_from"], "to": given["term_to"]}),
        _whole("calendar", {"kind": "bank holiday", "from": "england"}),
    ]
    sheets["policies"] = [_MINUTES]
    columns = ("matter", "first", "steps", "then_every", "asked_after")
    sheets["ladders"] = [
        {"policy": "default", **dict(zip(columns, ladder, strict=True))} for ladder in _LADDERS
    ]
    service = {
        "name": given["service"],
        "names": "initial",
        "tells_ahead_at": "16:00",
        "day_ends_at": "17:00",
    }
    try:
        return plan_service(Book(0, sheets, service), service)
    except Faulty as faulty:
        raise Faulty(tuple(_of_form(fault, people) for fault in faulty.faults)) from None


def plan_provider(book: Book, given: Mapping[str, str]) -> Plan:
    """Check a new provider and who answers for it first. Raises Faulty."""
    place = {column: given.get(column, "") for column in SHEETS["providers"].columns}
    place["provider"] = place["provider"] or key_of(place["name"])
    staff = _whole("staff", {c: given.get(STAFF + c, "") for c in SHEETS["staff"].columns})
    staff |= {"person": key_of(staff["name"]), "provider": place["provider"], "backup": "no"}
    staff["days"] = staff["days"] or place["days"]
    sheets = {name: list(rows) for name, rows in book.sheets.items()}
    sheets["providers"].append(place)
    sheets["staff"].append(staff)
    at = {name: len(rows) + 1 for name, rows in sheets.items()}
    try:
        return plan_sheets(book, sheets)
    except Faulty as faulty:
        raise Faulty(tuple(_of_new(fault, at) for fault in faulty.faults)) from None


def _needed(given: Mapping[str, str]) -> list[str]:
    names = ["service", "my_name", "my_mobile", "cover_name", "cover_mobile"]
    names += ["lead_name", "lead_mobile"] if given.get("lead") == LEAD else []
    return [*names, "term_from", "term_to"]


def _whole(sheet: str, row: Mapping[str, str]) -> dict[str, str]:
    return {column: row.get(column, "") for column in SHEETS[sheet].columns}


def _of_form(fault: Fault, people: list[str]) -> Fault:
    """A mistake of a sheet as one of the form's field."""
    field = ""
    if fault.sheet == "contacts" and 2 <= fault.row < 2 + len(people):
        field = f"{people[fault.row - 2]}_{fault.column}"
        # A key is made of the name, so what is wrong with it is wrong with that.
        field = field.replace("_person", "_name")
    elif fault.sheet == "calendar":
        field = f"term_{fault.column or 'from'}"
    elif fault.sheet == "service":
        field = "service"
    return Fault("", 0, field if field in FIELDS else "", fault.what, fault.remedy)


def _of_new(fault: Fault, at: Mapping[str, int]) -> Fault:
    """A mistake of the new provider or of its staff, by its field; of others in words."""
    if fault.row == at.get(fault.sheet) and fault.sheet == "providers":
        return fault
    if fault.row == at.get(fault.sheet) and fault.sheet == "staff":
        return Fault("staff", fault.row, STAFF + fault.column, fault.what, fault.remedy)
    return Fault(fault.sheet, 0, "", fault.what, fault.remedy)
