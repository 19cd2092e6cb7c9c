"""England's bank holidays: a day too many and nobody is asked; one too few and the office is."""

import holidays
import pytest

from apbot.loading.bank_holidays import england


@pytest.mark.parametrize("year", range(2019, 2061))
def test_the_bank_holidays_of_a_year_are_those_that_the_calendars_of_the_world_have(
    year: int,
) -> None:
    """Easter, the Mondays, the days kept in place of a weekend's, and those given for once."""
    known = holidays.country_holidays("GB", subdiv="ENG", years=[year])

    assert england([year]) == set(known)
