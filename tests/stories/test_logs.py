import json
import re
from collections.abc import Iterator
from datetime import date, time

import pytest
import structlog

from apbot.domain.calendar import at
from apbot.logs import set_up_logs
from apbot.store.database import Database
from apbot.store.inbox import list_inbox
from apbot.store.said import list_outbox
from tests.stories.day import a_day

MORNING = at(date(2026, 11, 23), time(8, 55))

WORD = re.compile(r"[^\W\d_]{4,}")

SAID = (
    "bruises on his arms, quite worried honestly",
    "chloe poorly, aiden late, rest present",
    "where is everybody",
)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """What this sets up ends with it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


async def test_a_whole_day_is_logged_without_a_name_a_number_or_a_word_of_a_message(
    sqlite: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Facts with ids, as JSON where no terminal is: whoever reads the logs reads of no child."""
    set_up_logs()
    async with a_day(sqlite, MORNING) as day:
        everybody = day.lists.people
        await day.at("09:02")
        await day.phone("Bryn Hollis").says(SAID[1])
        await day.phone("Bryn Hollis").says(SAID[0])
        await day.at("10:40")
        day.telegram.faults.drop_after(1)
        day.twilio.faults.break_down(2)
        await day.phone("Gill Marsh").says(SAID[2])
        await day.at("13:45")
    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines() if line]
    with sqlite.reading() as db:
        written = [text.text for text in list_outbox(db)]
        typed = [row.inbound.text for row in list_inbox(db)]

    assert len(written) > 20
    assert len(typed) >= len(SAID)
    assert len(lines) > 20
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    folded = logged.casefold()
    numbers = {person.mobile for person in everybody.persons}
    named = [
        *(person.name for person in everybody.persons),
        *(pupil.name for pupil in everybody.pupils),
        *(provider.name for provider in everybody.providers),
    ]
    names = {part.casefold() for name in named for part in WORD.findall(name)}
    assert not [number for number in numbers if number.removeprefix("+") in folded]
    found = set(WORD.findall(folded))
    assert not names & found - PLAIN
    assert not [text for text in (*written, *typed) if len(text) > 8 and text.casefold() in folded]
    ours = {word for words in SAID for word in WORD.findall(words.casefold())}
    assert not ours & found - PLAIN


PLAIN = frozenset({"late", "where", "text", "sent", "waits", "because", "street", "channel"})
"""Words of our own log lines that a message or a place's name may have too."""
