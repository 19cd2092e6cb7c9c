"""
Health and metrics: whether this process lives, can serve, and what waits in the trays.

Counts and ages alone: no name, number or word of a message ever leaves by here.
"""

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from apbot.clock import Clock, SystemClock
from apbot.domain.decisions import Urgency
from apbot.store.database import Database
from apbot.store.duties import oldest_overdue, oldest_urgent
from apbot.store.journal import last_beat
from apbot.store.migrating import is_older
from apbot.store.tally import Tally, tally

BEAT_IS_FRESH = timedelta(seconds=30)

TOO_LATE = timedelta(minutes=1)
"""How late anything may be before this house says that it is not well."""


class Health:
    """Answers for `database`; `clock` is the one that deadlines go by."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._machine = SystemClock()
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/health/live", self._live, methods=["GET"])
        self.router.add_api_route("/health/ready", self._ready, methods=["GET"])
        self.router.add_api_route("/metrics", self._metrics, methods=["GET"])

    async def _live(self) -> dict[str, str]:
        return {"status": "alive"}

    async def _ready(self, response: Response) -> dict[str, object]:
        problems = await run_in_threadpool(self.problems)
        if problems:
            response.status_code = 503
        return {"status": "not ready" if problems else "ready", "problems": problems}

    async def _metrics(self) -> Response:
        try:
            counted, beat_age = await run_in_threadpool(self._tally)
        except SQLAlchemyError:
            return Response("the database cannot be reached", 503)
        return Response(exposed(counted, beat_age), media_type=CONTENT_TYPE_LATEST)

    def _tally(self) -> tuple[Tally, float | None]:
        with self.database.reading() as db:
            beat = last_beat(db)
            counted = tally(db, self.clock.now())
        now = SystemClock().now()
        return counted, (now - beat).total_seconds() if beat is not None else None

    def problems(self) -> list[str]:
        """Return what keeps this house from serving, in words; nothing where all is well."""
        try:
            if is_older(self.database):
                return ["the database has an older shape: run apbot migrate"]
            now = self.clock.now()
            with self.database.reading() as db:
                beat = last_beat(db)
                overdue, urgent = oldest_overdue(db, now), oldest_urgent(db, now)
        except SQLAlchemyError:
            return ["the database cannot be reached"]
        problems = []
        # A beat that is still to come was written by a clock that has been set back since.
        if beat is None or abs(self._machine.now() - beat) > BEAT_IS_FRESH:
            problems.append("no engine has beaten lately")
        if overdue is not None and now - overdue > TOO_LATE:
            problems.append("what was due over a minute ago has not been done")
        if urgent is not None and now - urgent > TOO_LATE:
            problems.append("an urgent text has waited for over a minute")
        return problems


def exposed(counted: Tally, beat_age: float | None) -> bytes:
    """Return the metrics as Prometheus reads them."""
    registry = CollectorRegistry()

    def tell(name: str, words: str, values: Mapping[tuple[str, ...], float], *by: str) -> None:
        if not values:
            return
        gauge = Gauge(name, words, by, registry=registry)
        for labels, value in values.items():
            (gauge.labels(*labels) if by else gauge).set(value)

    def by_one(values: Mapping[str, float]) -> dict[tuple[str, ...], float]:
        return {(label,): value for label, value in values.items()}

    urgency = {Urgency(n).name.lower(): age for n, age in counted.oldest_by_urgency.items()}
    tell("apbot_outbox", "Texts by state", by_one(counted.outbox), "state")
    tell("apbot_outbox_oldest_seconds", "Age of the oldest text that waits", {(): counted.oldest_s})
    tell(
        "apbot_outbox_age_seconds",
        "Age of the oldest text that waits, by how urgent it is",
        by_one(urgency),
        "urgency",
    )
    tell(
        "apbot_sends_last_hour",
        "Texts made in the last hour, by channel and how far they are",
        {labels: float(count) for labels, count in counted.sends.items()},
        *("channel", "state"),
    )
    tell("apbot_inbox_waiting", "Messages that nobody has handled yet", {(): counted.inbox_waiting})
    tell(
        "apbot_inbox_oldest_seconds",
        "Age of the oldest message that nobody has handled",
        {(): counted.longest_wait_s},
    )
    tell(
        "apbot_replies_last_hour",
        "Messages of the last hour, by what came of them",
        by_one(counted.replies),
        "outcome",
    )
    tell("apbot_open_cases", "Open cases by matter", by_one(counted.cases), "matter")
    tell(
        "apbot_open_case_age_seconds",
        "Age of the oldest open case, by matter",
        by_one(counted.oldest_cases),
        "matter",
    )
    tell("apbot_deadlines_overdue", "Deadlines past their moment", {(): counted.overdue})
    tell("apbot_lateness_seconds", "How late the oldest deadline is", {(): counted.lateness_s})
    tell(
        "apbot_engine_beat_age_seconds",
        "How long ago an engine gave its last sign of life",
        {(): beat_age} if beat_age is not None else {},
    )
    return generate_latest(registry)
