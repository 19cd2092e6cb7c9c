"""
The contract's words: halves, marks, reasons, flags, matters and what may be done to a case.

Every other room speaks in these. They are the words of the reply contract and of the attendance
agreement, so a value is what is written in files, tables and JSON alike.
"""

from enum import StrEnum


class Half(StrEnum):
    """Half a school day: England's registers have two sessions a day."""

    AM = "AM"
    PM = "PM"


class Speaker(StrEnum):
    """On which side of the agreement a person speaks."""

    PROVIDER = "provider"
    CSS = "css"
    PARENT = "parent"


class Mark(StrEnum):
    """Where a pupil is, as the provider says it."""

    PRESENT = "present"
    LATE = "late"
    AWAITED = "awaited"
    ABSENT = "absent"
    UNACCOUNTED = "unaccounted"
    LEFT = "left"

    @property
    def is_here(self) -> bool:
        """Whether the pupil is, or was with leave, in the provider's care this session."""
        return self in (Mark.PRESENT, Mark.LATE, Mark.LEFT)


class Reason(StrEnum):
    """Why a pupil is not here, in the reply contract's words."""

    ILLNESS = "illness"
    MEDICAL_APPOINTMENT = "medical_appointment"
    TRANSPORT = "transport"
    HOLIDAY = "holiday"
    RELIGIOUS = "religious"
    SUSPENDED = "suspended"
    FAMILY = "family"
    REFUSING = "refusing"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def explains(self) -> bool:
        """Whether the reason settles an absence, so that nobody need take it on."""
        return self not in (Reason.REFUSING, Reason.UNKNOWN)


class Flag(StrEnum):
    """What else a reply carries beside marks."""

    CONCERN = "concern"
    QUESTION = "question"
    CLOSED = "closed"
    HELP = "help"
    OPT_OUT = "opt_out"
    WRONG_NUMBER = "wrong_number"
    EMERGENCY = "emergency"


class Matter(StrEnum):
    """What a case is about."""

    MISSING_REGISTER = "missing_register"
    UNACCOUNTED = "unaccounted"
    ABSENCE = "absence"
    CONCERN = "concern"
    CLOSED = "closed"
    QUESTION = "question"


class Action(StrEnum):
    """What a CSS or parent's reply does to a case."""

    ACK = "ack"
    RESOLVE = "resolve"
    NOTE = "note"
    REASON = "reason"
    UNCLEAR = "unclear"
