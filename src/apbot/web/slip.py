"""
The slip on a phone's browser: `/r/{token}`, one register to be tapped with one thumb.

Plain forms, so that it works without any script; each tap is kept before it is answered, and the
page that follows says so. A token that opens nothing gets one plain page, whatever is wrong with
it. No address of a slip is ever logged.
"""

import hashlib
import secrets
from collections.abc import MutableMapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk.buttons import AnswerTap, MarkTap, NoSuchButton, PlainTap, read_tap
from apbot.desk.handling import take_at_once
from apbot.desk.slips import Slip, answers_to, find_slip
from apbot.domain.messages import InboundKind
from apbot.domain.register import RegisterState
from apbot.store.outbox import OutboxRow
from apbot.web.lobby import Here, Lobby, source_of
from apbot.web.pages import page
from apbot.web.slip_lines import lines_of
from apbot.wording.plain import tally

MOST_OF_A_SLIP = 120
"""How often a minute one slip is looked at and tapped: a thumb is slower."""

MOST_UNKNOWN = 30
"""How often a minute one network address may try what opens nothing."""

LONGEST_WORDS = 5000

REFUSED = frozenset({"tap_changed", "tap_over"})
"""The answers that say that a tap changed nothing."""


class PerMinute:
    """Counts calls by a key, within the running minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._counts: MutableMapping[str, int] = {}

    def allows(self, key: str, now: datetime, *, counts: bool = True) -> bool:
        """Whether one more call is within the limit; it is counted, where it `counts`."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        count = self._counts.get(key, 0) + 1
        if counts:
            self._counts[key] = count
        return count <= self._most


class SlipPages:
    """Serves slips."""

    def __init__(self) -> None:
        self._of_a_slip = PerMinute(MOST_OF_A_SLIP)
        self._unknown = PerMinute(MOST_UNKNOWN)
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/r/{token:path}", self.show, methods=["GET", "HEAD"])
        self.router.add_api_route("/r/{token:path}", self.take, methods=["POST"])

    def show(
        self, request: Request, lobby: Here, token: str, k: str = "", seen: int | None = None
    ) -> Response:
        """
        Show the register as it stands, and what came of what was done as `k`.

        Nothing at all where it is the one that was `seen` already.
        """
        slip = self._open(request, lobby, token)
        if isinstance(slip, Response):
            return slip
        if seen is not None and seen == slip.register.version:
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        return _shown(request, lobby, slip, token, k)

    def take(
        self,
        request: Request,
        lobby: Here,
        token: str,
        tap: Annotated[str, Form()] = "",
        words: Annotated[str, Form()] = "",
        once: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep what was tapped or written, then show the slip again."""
        slip = self._open(request, lobby, token)
        if isinstance(slip, Response):
            return slip
        kind, text = InboundKind.TAP, _data(slip, tap)
        if words.strip():
            kind, text = InboundKind.TEXT, words.strip().replace("\r\n", "\n")[:LONGEST_WORDS]
        if not text:
            return RedirectResponse(f"/r/{token}", 303)
        # The same form sent twice, as by an impatient thumb, is the same thing done once.
        once = _short(f"{once or secrets.token_hex(8)} {text}")
        take_at_once(lobby.desk, slip.done(kind, text, once), lobby.clock.now())
        lobby.nudge()
        at = f"#p{tap.partition(':')[0]}" if tap[:1].isdecimal() else ""
        return RedirectResponse(f"/r/{token}?k={once}{at}", 303)

    def _open(self, request: Request, lobby: Lobby, token: str) -> Slip | Response:
        now, source = lobby.machine.now(), source_of(request, lobby)
        if not self._unknown.allows(source, now, counts=False):
            return page(request, "slip_busy.html", status=429)
        with lobby.desk.database.reading() as db:
            slip = find_slip(db, lobby.desk, token, lobby.clock.now())
        if slip is None:
            self._unknown.allows(source, now)
            return page(request, "slip_over.html", status=404)
        if not self._of_a_slip.allows(token, now):
            return page(request, "slip_busy.html", status=429)
        return slip


def _shown(request: Request, lobby: Lobby, slip: Slip, token: str, k: str) -> Response:
    now, register = lobby.clock.now(), slip.register
    with lobby.desk.database.reading() as db:
        said = answers_to(db, slip, k) if k else None
    to_mark = register.unmarked(by=max(now, register.starts_at))
    return page(
        request,
        "slip.html",
        slip=slip,
        register=register,
        token=token,
        once=secrets.token_hex(8),
        waits=said == (),
        answers=said or (),
        refused=any(row.script in REFUSED for row in said or ()),
        lines=lines_of(slip, now),
        to_mark=to_mark,
        later=[line for line in register.unmarked() if line not in to_mark],
        is_closed=register.state is RegisterState.CLOSED,
        tally=tally(register),
        offered=_offered(slip, said or ()),
        words_alone="words" in request.query_params,
    )


def _offered(slip: Slip, said: tuple[OutboxRow, ...]) -> list[tuple[str, str]]:
    """The answers that can be tapped to a question just put: label and what the tap says."""
    buttons = {
        button.data: button.label
        for row in said
        for rows in row.buttons
        for button in rows
        if isinstance(_tap(button.data), AnswerTap)
    }
    return [(label, data) for data, label in buttons.items()]


def _data(slip: Slip, tap: str) -> str:
    """Return the data of a button of this very slip, or nothing for anything else."""
    id = slip.register.id
    data = f"a:{id}" if tap == "all" else f"s:{id}:{tap}" if tap[:1].isdecimal() else tap
    read = _tap(data)
    is_ours = isinstance(read, MarkTap | PlainTap | AnswerTap) and read.register == id
    return data if is_ours else ""


def _tap(data: str) -> object:
    try:
        return read_tap(data)
    except NoSuchButton:
        return None


def _short(words: str) -> str:
    return hashlib.blake2s(words.encode(), digest_size=6).hexdigest()
