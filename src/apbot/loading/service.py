"""
The service file: the CSS's name, the hours of its day, and where the sandbox begins.
"""

from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from apbot.domain.policy import NameStyle, Service
from apbot.loading.cells import moment_in, name_in, session_time_in
from apbot.loading.checking import Findings, Unclear, nearest
from apbot.loading.fields import Fields, read_fields


@dataclass(frozen=True, slots=True)
class SandboxPlan:
    """
    How the page of phones begins: the moment (UTC), and whose phones stand side by side.

    An office that wants no sandbox leaves it out: `starts` is then None, and no phones are shown.
    """

    starts: datetime | None = None
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """What service.yaml says. `fields` is there for what only the other files can settle."""

    service: Service
    sandbox: SandboxPlan
    fields: Fields | None
    sandbox_fields: Fields | None


def read_service(path: Path, found: Findings) -> ServiceFile:
    """Read service.yaml. Whether the sandbox's people exist is for the reader of them to check."""
    fields = read_fields(path, "the service", found)
    if fields is None:
        return ServiceFile(Service(name=""), SandboxPlan(), None, None)
    fields.only(("name", "names", "tells_ahead_at", "day_ends_at", "sandbox"), needed=("name",))
    service = Service(
        name=fields.read("name", name_in, ""),
        names=fields.read("names", _name_style, NameStyle.INITIAL),
        tells_ahead_at=fields.read("tells_ahead_at", session_time_in, time(16, 0)),
        day_ends_at=fields.read("day_ends_at", session_time_in, time(17, 0)),
    )
    sandbox = fields.inner("sandbox", "the sandbox")
    return ServiceFile(service, _sandbox(sandbox), fields, sandbox)


def _sandbox(fields: Fields | None) -> SandboxPlan:
    if fields is None:
        return SandboxPlan()
    fields.only(("starts", "phones"), needed=("starts", "phones"))
    return SandboxPlan(fields.read("starts", moment_in, None), fields.read_each("phones", str))


def _name_style(text: str) -> NameStyle:
    words = {style.value: style for style in NameStyle}
    if text.casefold() not in words:
        raise Unclear("is not a way to name a pupil", nearest(text, list(words)))
    return words[text.casefold()]
