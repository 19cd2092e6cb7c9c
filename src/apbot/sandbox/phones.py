"""
The phones of the town, for a page in the browser: what each shows, and how they are used.

Everything here goes through the networks' stand-ins, as real phones would; the page never reaches
into the product. A visitor who does nothing is shown a dialogue; the first touch ends it.
"""

import asyncio
import json
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from apbot.clock import MovedClock
from apbot.sandbox.dialogues import Dialogue
from apbot.sandbox.faults import Pause
from apbot.sandbox.hands import Hands, Phone, Sorry
from apbot.sandbox.handsets import Handset
from apbot.sandbox.pages import Page, Shape, event, local, phone_shape
from apbot.sandbox.player import Cast, Player
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import TwilioApi

__all__ = ["Phone", "Phones"]

LONDON = ZoneInfo("Europe/London")
HERE = Path(__file__).parent
PARTS_OF_THE_PAGE = frozenset({".css", ".js", ".svg"})
FASTEST = 3600
FARTHEST = timedelta(days=31)


class Phones:
    """
    The page's other half.

    `others` are phones that are shown only where a dialogue uses them. `next_event` tells when the
    product will next do something by itself. `dialogues` are the written ones, as mappings; those
    with a day are played on a day that `is_open`. `beat` is how often, in real seconds, a page is
    told the time; for `cast`, `pace`, `patience` and `pause`, see Player.
    """

    def __init__(
        self,
        clock: MovedClock,
        telegram: TelegramApi,
        twilio: TwilioApi,
        people: Sequence[Phone],
        dialogues: Iterable[Mapping[str, Any]] = (),
        *,
        next_event: Callable[[], datetime | None] = lambda: None,
        others: Sequence[Phone] = (),
        cast: Cast = lambda owners: None,
        is_open: Callable[[date], bool] = lambda day: True,
        zone: ZoneInfo = LONDON,
        pace: float = 1.5,
        patience: float = 10.0,
        beat: float = 1.0,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.router = APIRouter()
        self._clock = clock
        self._networks = {"telegram": telegram.faults, "twilio": twilio.faults}
        self._seen_down: set[str] = set()
        self._hands = Hands(telegram, twilio, people, others)
        self._dialogues = {one.name: one for one in map(Dialogue.of, dialogues)}
        self._next_event = next_event
        self._zone = zone
        self._beat = beat
        self._pages: set[Page] = set()
        self._first_opened = asyncio.Event()
        self._is_touched = False
        self._is_welcoming = False
        self._is_over = False
        self._speed_before = clock.speed or 1.0
        self._player = Player(
            clock,
            zone,
            self._hands,
            self._playing_changed,
            pace=pace,
            patience=patience,
            pause=pause,
            cast=cast,
            is_open=is_open,
        )
        for handsets in (telegram.handsets, twilio.sms, twilio.whatsapp):
            handsets.watch(self._handset_changed)
        self._lay_routes()

    @property
    def open_pages(self) -> int:
        """How many pages are listening."""
        return len(self._pages)

    async def welcome(self, name: str) -> None:
        """Play this dialogue once, as the first page opens, until its visitor touches anything."""
        dialogue = self._dialogues[name]
        await self._first_opened.wait()
        if self._is_touched:
            return
        self._is_welcoming = True
        await self._begin(dialogue)
        await self._player.until_over()
        self._is_welcoming = False

    async def stop(self) -> None:
        """End the play, and every page's stream."""
        self.close_pages()
        await self._player.stop()

    def close_pages(self) -> None:
        """Let every page's stream end within a beat, so that a server can stop; from anywhere."""
        self._is_over = True

    def _lay_routes(self) -> None:
        posts: Mapping[str, Callable[[Request, Shape], Awaitable[None]]] = {
            "/networks": self._networks_post,
            "/clock": self._clock_post,
            "/play": self._play_post,
            "/stop": self._stop_post,
            "/{phone}/say": self._say_post,
            "/{phone}/tap": self._tap_post,
            "/{phone}/switch": self._switch_post,
            "/{phone}/read": self._read_post,
        }
        gets: Mapping[str, Callable[[Request], Awaitable[Response]]] = {
            "": self._page,
            "/static/{name}": self._static,
            "/state": self._state,
            "/events": self._events,
        }
        for path, answer in gets.items():
            self._lay(path, answer, "GET")
        for path, act in posts.items():
            self._lay(path, _answering(act), "POST")

    def _lay(self, path: str, answer: Callable[[Request], Awaitable[Response]], by: str) -> None:
        self.router.add_route(f"/phones{path}", answer, [by], include_in_schema=False)

    # The page and what it shows.

    async def _page(self, request: Request) -> Response:
        return FileResponse(HERE / "page.html", headers={"Cache-Control": "no-cache"})

    async def _static(self, request: Request) -> Response:
        file = HERE / Path(request.path_params["name"]).name
        if file.suffix not in PARTS_OF_THE_PAGE or not file.is_file():
            return JSONResponse({"error": "There is no such file."}, status_code=404)
        return FileResponse(file, headers={"Cache-Control": "no-cache"})

    async def _state(self, request: Request) -> Response:
        return JSONResponse(self._state_shape(shows_all="all" in request.query_params))

    async def _events(self, request: Request) -> Response:
        page = Page(shows_all="all" in request.query_params)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._stream(page), media_type="text/event-stream", headers=headers
        )

    async def _stream(self, page: Page) -> AsyncIterator[str]:
        self._pages.add(page)
        try:
            yield event("state", self._state_shape(shows_all=page.shows_all))
            self._first_opened.set()
            while not self._is_over:
                for kind, about in await page.news(self._beat):
                    if kind == "phone":
                        yield event("phone", self._phone_shape(self._hands.find(about)))
                    elif kind == "playing":
                        yield event("playing", about)
                    elif kind == "state":
                        yield event("state", self._state_shape(shows_all=page.shows_all))
                yield event("clock", self._clock_shape())
        finally:
            self._pages.discard(page)

    def _state_shape(self, *, shows_all: bool) -> Shape:
        return {
            "clock": self._clock_shape(),
            "phones": [self._phone_shape(one) for one in self._hands.phones(shows_all=shows_all)],
            "dialogues": [
                {"name": one.name, "title": one.title, "about": one.about}
                for one in self._dialogues.values()
            ],
            "playing": self._playing_shape(),
            "networks": {name: {"down": one.is_down} for name, one in self._networks.items()},
        }

    def _clock_shape(self) -> Shape:
        next_at = self._next_event()
        return {
            "now": self._local(self._clock.now()),
            "speed": self._clock.speed,
            "paused": self._clock.speed == 0,
            "next": self._local(next_at) if next_at else None,
        }

    def _playing_shape(self) -> Shape | None:
        return asdict(self._player.playing) if self._player.playing else None

    def _phone_shape(self, phone: Phone) -> Shape:
        shape = phone_shape(phone, self._hands.handset(phone), self._zone)
        return shape | {"cast": self._hands.is_cast(phone)}

    def _local(self, moment: datetime) -> str:
        return local(moment, self._zone)

    # What the visitor does.

    async def _say_post(self, request: Request, wish: Shape) -> None:
        phone = self._hands.find(request.path_params["phone"])
        text = _text(wish, "text")
        await self._touch()
        self._hands.say(phone, text)

    async def _tap_post(self, request: Request, wish: Shape) -> None:
        phone = self._hands.find(request.path_params["phone"])
        message_id, pressed = _text(wish, "message"), _text(wish, "data")
        await self._touch()
        self._hands.tap(phone, message_id, pressed)

    async def _switch_post(self, request: Request, wish: Shape) -> None:
        phone = self._hands.find(request.path_params["phone"])
        switches = {name: _flag(wish, name) for name in ("off", "blocked") if name in wish}
        if not switches:
            raise Sorry("Say whether the phone is off, or the bot blocked.")
        await self._touch()
        if "off" in switches:
            self._hands.switch_off(phone, is_off=switches["off"])
        if "blocked" in switches:
            self._hands.block(phone, is_blocked=switches["blocked"])

    async def _read_post(self, request: Request, wish: Shape) -> None:
        self._hands.look(self._hands.find(request.path_params["phone"]))

    async def _networks_post(self, request: Request, wish: Shape) -> None:
        faults = self._networks.get(_text(wish, "network"))
        if faults is None:
            raise Sorry("The networks here are telegram and twilio.")
        is_down = _flag(wish, "down")
        await self._touch()
        if is_down:
            faults.take_down()
        else:
            faults.bring_up()

    async def _clock_post(self, request: Request, wish: Shape) -> None:
        act = {
            "pause": self._pause_clock,
            "run": self._run_clock,
            "speed": self._run_clock,
            "move": self._move_clock,
            "next": self._move_to_next,
        }.get(_text(wish, "action"))
        if act is None:
            raise Sorry("The clock can pause, run, go at a speed, move, or go to what is next.")
        await self._touch()
        await self._player.stop()
        act(wish)
        self._tell_all("clock")

    async def _play_post(self, request: Request, wish: Shape) -> None:
        dialogue = self._dialogues.get(_text(wish, "dialogue"))
        if dialogue is None:
            raise Sorry("There is no such dialogue.", 404)
        for name in sorted(dialogue.phones):
            if not self._hands.owned(name):
                raise Sorry(f"Nobody here is called {name}.", 409)
        await self._touch()
        await self._begin(dialogue)

    async def _begin(self, dialogue: Dialogue) -> None:
        await self._player.play(dialogue)
        # Its own phones stand first now, and those of the last one are gone.
        self._tell_all("state")

    async def _stop_post(self, request: Request, wish: Shape) -> None:
        await self._touch()
        await self._player.stop()

    def _pause_clock(self, wish: Shape) -> None:
        self._speed_before = self._clock.speed or self._speed_before
        self._clock.run(0)

    def _run_clock(self, wish: Shape) -> None:
        speed = wish.get("speed", self._speed_before)
        if isinstance(speed, bool) or not isinstance(speed, int | float):
            raise Sorry("The speed is a number.")
        if not 0 < speed <= FASTEST:
            raise Sorry(f"The clock runs up to {FASTEST} times as fast as real time.")
        self._clock.run(speed)

    def _move_clock(self, wish: Shape) -> None:
        minutes = wish.get("minutes")
        if isinstance(minutes, bool) or not isinstance(minutes, int | float):
            raise Sorry("Say by how many minutes to move the clock.")
        if not 0 < minutes <= FARTHEST.total_seconds() / 60:
            raise Sorry("The clock only goes forward, and by a month at most.")
        self._clock.move_by(timedelta(minutes=minutes))

    def _move_to_next(self, wish: Shape) -> None:
        next_at = self._next_event()
        if next_at is None:
            raise Sorry("Nothing is due for now.", 409)
        self._clock.move_to(next_at)

    async def _touch(self) -> None:
        """Note that the visitor has taken over."""
        self._is_touched = True
        if self._is_welcoming:
            self._is_welcoming = False
            await self._player.stop()

    # News for the open pages.

    def _handset_changed(self, handset: Handset) -> None:
        self._player.something_came()
        phone = self._hands.phone_of(handset)
        for page in self._pages:
            if page.shows_all or self._hands.is_listed(phone):
                page.tell("phone", phone.id)

    def _playing_changed(self) -> None:
        down = {name for name, faults in self._networks.items() if faults.is_down}
        if down != self._seen_down:
            self._seen_down = down
            self._tell_all("state")
        self._tell_all("playing", self._playing_shape())

    def _tell_all(self, kind: str, about: Shape | None = None) -> None:
        for page in self._pages:
            page.tell(kind, about)


def _answering(
    act: Callable[[Request, Shape], Awaitable[None]],
) -> Callable[[Request], Awaitable[Response]]:
    """Wrap what a control does: read its JSON, and put regrets kindly."""

    async def answer(request: Request) -> Response:
        try:
            await act(request, await _wish(request))
        except Sorry as sorry:
            return JSONResponse({"error": str(sorry)}, status_code=sorry.status)
        return JSONResponse({"ok": True})

    return answer


async def _wish(request: Request) -> Shape:
    body = await request.body()
    with suppress(ValueError):
        wish = json.loads(body or b"{}")
        if isinstance(wish, dict):
            return wish
    raise Sorry("That could not be read: a JSON object is wanted.")


def _text(wish: Shape, name: str) -> str:
    text = wish.get(name)
    if not isinstance(text, str) or not text:
        raise Sorry(f"Say the {name}, in words.")
    return text


def _flag(wish: Shape, name: str) -> bool:
    flag = wish.get(name)
    if not isinstance(flag, bool):
        raise Sorry(f"Say whether it is {name}: true or false.")
    return flag
