"""
Proposals: what a contact told ahead and was read back, kept until they say OK.

One a person: a new one takes the place of the old. It is forgotten when the day ends.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from apbot.domain.foretold import Proposal
from apbot.store.tables import proposals
from apbot.store.values import from_json, to_json


def find_proposal(db: Connection, person: str, since: datetime) -> tuple[Proposal, datetime] | None:
    """Return what is proposed to this person and when that was, if it was not before `since`."""
    row = db.execute(
        select(proposals.c.proposal, proposals.c.at)
        .where(proposals.c.person == person, proposals.c.at >= since)
        .with_for_update()
    ).first()
    return None if row is None else (from_json(Proposal, row.proposal), row.at)


def save_proposal(db: Connection, person: str, proposal: Proposal | None, now: datetime) -> None:
    """Keep what is now proposed to this person; None ends it."""
    db.execute(delete(proposals).where(proposals.c.person == person))
    if proposal is not None:
        line = to_json(Proposal, proposal)
        db.execute(insert(proposals).values(person=person, proposal=line, at=now))
