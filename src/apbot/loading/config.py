"""
The config directory: an office's people, calendar and policies, as checked values.

All of it is read in one run and all that is wrong is told at once, by file and line. Nothing is
used of a directory in which anything is wrong: half a staff list would leave a provider unasked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from apbot.domain.calendar import Calendar
from apbot.domain.messages import VOICE
from apbot.domain.people import People
from apbot.domain.policy import Policy, Service
from apbot.loading.agreeing import check_agreement
from apbot.loading.calendar import read_calendar
from apbot.loading.checking import Findings
from apbot.loading.people import read_people
from apbot.loading.policies import read_policies
from apbot.loading.problems import Problem, Unreadable, shown
from apbot.loading.service import SandboxPlan, read_service


@dataclass(frozen=True, slots=True)
class Config:
    """
    Everything that an office writes down, ready for the store.

    `policies` is by name and always has `default`. Nobody in `people` has an address yet: those on
    Telegram are known once a person has pressed Start.
    """

    service: Service
    people: People
    calendar: Calendar
    policies: Mapping[str, Policy]
    sandbox: SandboxPlan


def load_config(directory: Path, *, is_starting: bool = False) -> Config:
    """
    Read the config directory. Raises Unreadable with every problem of every file.

    An office that `is_starting` may have no provider yet.
    """
    found = Findings()
    if not directory.is_dir():
        remedy = "name the directory in APBOT_CONFIG_DIR"
        raise Unreadable([Problem(shown(directory), 0, "no such directory", remedy)])
    service = read_service(directory / "service.yaml", found)
    policies = read_policies(directory / "policies.yaml", found)
    lists = read_people(directory, policies, _channel_names(), found)
    providers = lists.files["providers.csv"].keys("provider")
    calendar = read_calendar(directory / "calendar.yaml", providers, found)
    check_agreement(lists, service, directory, found, is_starting=is_starting)
    found.raise_if_any()
    return Config(service.service, lists.people(), calendar, policies, service.sandbox)


def check(config_dir: Path) -> tuple[Problem, ...]:
    """Return every problem of the config directory, in the order of files and lines."""
    try:
        load_config(config_dir)
    except Unreadable as unreadable:
        return unreadable.problems
    return ()


def _channel_names() -> tuple[str, ...]:
    """Return the names of the installed drivers, so that a new one needs no change here."""
    return tuple(sorted(set(entry_points(group="apbot.channels").names) - {VOICE}))
