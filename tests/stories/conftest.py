"""Days that stories are told on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, time

import pytest

from apbot.domain.calendar import at
from apbot.store.database import Database
from tests.stories.day import Day, a_day

ADay = Callable[..., AbstractAsyncContextManager[Day]]


@pytest.fixture
async def monday(sqlite: Database) -> AsyncIterator[Day]:
    """Monday 23 November 2026, five to nine: Alder Farm alone, as the town's lists have it."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(8, 55))) as day:
        day.only("alder-farm")
        yield day
        day.expect_silence()


@pytest.fixture
async def town(sqlite: Database) -> AsyncIterator[Day]:
    """The same Monday, with every provider of the town."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(8, 55))) as day:
        yield day
