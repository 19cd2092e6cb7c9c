"""
The columns of each list, in the order in which an office meets them.

True is a column that every line fills; another may be empty, or be left out of the file.
"""

from collections.abc import Mapping

COLUMNS: Mapping[str, Mapping[str, bool]] = {
    "providers.csv": {
        "provider": True,
        "name": True,
        "kind": False,
        "phone": True,
        "address": False,
        "days": True,
        "am_start": False,
        "am_end": False,
        "pm_start": False,
        "pm_end": False,
        "key_contact": True,
        "policy": False,
    },
    "staff.csv": {
        "person": True,
        "name": True,
        "provider": True,
        "mobile": True,
        "channels": False,
        "days": False,
        "backup": False,
    },
    "pupils.csv": {"pupil": True, "name": True, "known_as": False, "tell_parents": False},
    "placements.csv": {
        "pupil": True,
        "provider": True,
        "from": True,
        "to": False,
        "timetable": True,
        "am_start": False,
        "pm_start": False,
        "nature": False,
    },
    "contacts.csv": {
        "person": True,
        "name": True,
        "title": False,
        "mobile": True,
        "email": False,
        "channels": False,
        "roles": True,
        "days": False,
        "cover": False,
        "leave": False,
    },
    "parents.csv": {
        "person": True,
        "name": True,
        "pupil": True,
        "mobile": True,
        "channels": False,
        "told": False,
        "language": False,
    },
    "known_absences.csv": {
        "pupil": True,
        "from": True,
        "to": False,
        "halves": False,
        "reason": True,
    },
    "notes.csv": {"provider": True, "from": True, "to": False, "note": True},
}
