"""Health, metrics and what else the web half shows: counts and words, never a name."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.conftest import REPO
from tests.store.builders import NINE, a_case, a_draft, a_message, minutes
from tests.web.conftest import ADDRESS, BOTH_ON, Web

from apbot.app import make_house, web_app
from apbot.clock import MovedClock, SystemClock
from apbot.domain.decisions import Urgency
from apbot.settings import Settings
from apbot.store.cases import save_cases
from apbot.store.database import Database
from apbot.store.deadlines import set_deadline
from apbot.store.expecting import note_passed_on, pass_on
from apbot.store.inbox import keep
from apbot.store.journal import beat
from apbot.store.outbox import add
from apbot.store.sending import claim_outbox, mark_waiting
from apbot.store.tables import deadlines
from apbot.web.health import Health

INSIDE = (
    "/phones",
    "/phones/state",
    "/sandbox",
    "/sandbox/telegram",
    "/sandbox/twilio",
    "/docs",
    "/openapi.json",
)
"""What a live house does not have."""


def beats(web: Web, ago: float) -> None:
    """An engine beat so many seconds ago, by the machine's clock."""
    with web.database.writing() as db:
        beat(db, "engine-1", SystemClock().now() - timedelta(seconds=ago))


async def test_a_process_that_lives_says_so(web: Web) -> None:
    """Even while it cannot serve."""
    with web.database.writing() as db:
        db.execute(text("DROP TABLE beats"))

    assert (await web.get("/health/live")).status_code == 200


async def test_ready_is_database_shape_and_a_fresh_beat(web: Web) -> None:
    """All of them, or it is not ready."""
    beats(web, ago=1)
    answer = await web.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "problems": []})


@pytest.mark.parametrize("ago", [None, 31, 3600])
async def test_without_a_beat_it_is_not_ready(web: Web, ago: float | None) -> None:
    """The web half alone promises nobody an alarm."""
    if ago is not None:
        beats(web, ago)
    answer = await web.get("/health/ready")

    assert (answer.status_code, answer.json()["problems"]) == (
        503,
        ["no engine has beaten lately"],
    )


async def test_an_older_database_is_not_ready(web: Web) -> None:
    """A release was rolled out and not migrated."""
    beats(web, ago=1)
    with web.database.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = await web.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["the database has an older shape: run apbot migrate"]


async def test_a_database_out_of_reach_is_not_ready(web: Web) -> None:
    """In words that say what is the matter."""
    with web.database.writing() as db:
        db.execute(text("DROP TABLE beats"))
    answer = await web.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["the database cannot be reached"]


async def test_metrics_are_counts_and_ages(web: Web) -> None:
    """What waits, what is open, and how late we are; and no name, number or word."""
    with web.database.writing() as db:
        add(db, [a_draft("Where is Chloe?", due_at=NINE - minutes(2))], NINE - minutes(2))
        save_cases(db, [a_case(pupil="chloe-davies", words="chloe has bruises")])
        keep(db, a_message("chloe has bruises"), NINE)
        set_deadline(db, "register", "999", NINE - minutes(1))
    answer = await web.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    found = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    assert found == {
        'apbot_outbox{state="waiting"}': "1.0",
        'apbot_outbox_age_seconds{urgency="prompt"}': "120.0",
        'apbot_sends_last_hour{channel="sms",state="waiting"}': "1.0",
        'apbot_open_cases{matter="missing_register"}': "1.0",
        'apbot_open_case_age_seconds{matter="missing_register"}': "0.0",
        'apbot_replies_last_hour{outcome="waiting"}': "1.0",
        "apbot_inbox_waiting": "1.0",
        "apbot_inbox_oldest_seconds": "0.0",
        "apbot_deadlines_overdue": "1.0",
        "apbot_lateness_seconds": "60.0",
        "apbot_outbox_oldest_seconds": "120.0",
    }
    for secret in ("chloe", "bruises", "7700", "alder", "bryn"):
        assert secret not in answer.text.casefold()


async def test_metrics_say_when_there_is_nothing_to_count(web: Web) -> None:
    """503 while the database is away, and not a page of noughts."""
    with web.database.writing() as db:
        db.execute(text("DROP TABLE inbox"))

    assert (await web.get("/metrics")).status_code == 503


@pytest.mark.parametrize(
    "path", ["/", "/health/live", "/health/ready", "/metrics", "/nothing", "/robots.txt"]
)
async def test_every_answer_is_safe_to_open(web: Web, path: str) -> None:
    """Nothing is framed, guessed, sent on or found by a search engine."""
    answer = await web.get(path)

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_live_there_is_no_sandbox(wrensby: Database) -> None:
    """No page of phones, no stand-in, no description of our inside."""
    settings = Settings.model_validate(
        {**BOTH_ON, "APBOT_CONVERSATIONS_DIR": REPO / "conversations"}
    )
    house = make_house(settings, wrensby, MovedClock(NINE, 0))
    transport = httpx.ASGITransport(app=web_app(house))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        front = await client.get("/", follow_redirects=True)
        found = {path: (await client.get(path)).status_code for path in INSIDE}
    house.engine.close()
    house.sender.close()

    assert "Wrensby Children&#39;s Support Service" in front.text
    assert found == dict.fromkeys(INSIDE, 404)


async def test_a_beat_that_is_still_to_come_is_none(web: Web) -> None:
    """The clock was set back: what it wrote before says nothing about now."""
    beats(web, ago=-3600)

    assert (await web.get("/health/ready")).json()["problems"] == ["no engine has beaten lately"]


@pytest.mark.parametrize(
    ("late", "problems"), [(59, []), (61, ["what was due over a minute ago has not been done"])]
)
async def test_a_house_that_is_late_is_not_well(web: Web, late: float, problems: list[str]) -> None:
    """Engines may beat and yet do nothing: what is due says so."""
    beats(web, ago=1)
    with web.database.writing() as db:
        db.execute(deadlines.delete())
        set_deadline(db, "register", "1", web.clock.now() - timedelta(seconds=late))

    assert (await web.get("/health/ready")).json()["problems"] == problems


async def test_an_urgent_text_that_waits_is_a_problem(web: Web) -> None:
    """Until it is told another way; a prompt that waits is none."""
    beats(web, ago=1)
    made_at = web.clock.now() - timedelta(seconds=61)
    with web.database.writing() as db:
        db.execute(deadlines.delete())
        add(db, [a_draft("prompt", due_at=made_at)], made_at)
    before = web_problems(web)
    with web.database.writing() as db:
        add(db, [a_draft("alarm", due_at=made_at, urgency=Urgency.ALARM)], made_at)
    waits = web_problems(web)
    with web.database.writing() as db:
        pass_on(db, 2, web.clock.now())
    no_other_way = web_problems(web)
    with web.database.writing() as db:
        note_passed_on(db, 2, "by text message now", ends=True)

    assert (before, web_problems(web)) == ([], [])
    assert waits == no_other_way == ["an urgent text has waited for over a minute"]


async def test_an_urgent_text_waits_between_its_tries_too(web: Web) -> None:
    """In between it looks as if it were not due yet, and is not out."""
    beats(web, ago=1)
    made_at = web.clock.now() - timedelta(seconds=61)
    with web.database.writing() as db:
        db.execute(deadlines.delete())
        add(db, [a_draft("alarm", due_at=made_at, urgency=Urgency.ALARM)], made_at)
        (row,) = claim_outbox(db, made_at)
        mark_waiting(db, row, web.clock.now() + timedelta(minutes=4), "out of order", made_at)

    assert web_problems(web) == ["an urgent text has waited for over a minute"]


def web_problems(web: Web) -> list[str]:
    """What keeps the house from serving."""
    return Health(web.database, web.clock).problems()
