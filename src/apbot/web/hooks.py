"""
Hooks: what the networks send us is kept, and only then answered 2xx.

A call that the network did not sign is answered 403 and nothing of it is kept. Where the database
cannot be reached the answer is 503, so that the network brings the message again.
"""

from collections.abc import Callable, Sequence

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from apbot.channels.protocol import Channel, Hook, Speaks, Untrusted
from apbot.clock import Clock
from apbot.desk.calls import words_of_call
from apbot.desk.desk import Desk
from apbot.desk.receipts import handle_receipt
from apbot.domain.messages import Inbound, Receipt, Spoken
from apbot.store.inbox import keep

log = structlog.get_logger()

LARGEST_BODY = 1_000_000


class Hooks:
    """Takes hook calls in. `nudge` tells the engine that something came."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        telegram: Channel | None,
        twilio: Channel | None,
        voice: Channel | None,
        public_url: str,
        nudge: Callable[[], None],
    ) -> None:
        self.desk = desk
        self.clock = clock
        self.public_url = public_url
        self.nudge = nudge
        self.router = APIRouter(include_in_schema=False)
        for path, channel in [
            ("/twilio/message", twilio),
            ("/twilio/status", twilio),
            ("/twilio/voice", voice),
            ("/twilio/voice/key", voice),
            ("/twilio/voice/status", voice),
            ("/telegram", telegram),
        ]:
            self._route(path, channel)

    def _route(self, path: str, channel: Channel | None) -> None:
        async def take(request: Request) -> Response:
            return await self._take(request, path, channel)

        # Plainly: there is nothing here for a framework to read, check or write.
        self.router.add_route(f"/hooks{path}", take, methods=["POST"])

    async def _take(self, request: Request, path: str, channel: Channel | None) -> Response:
        if channel is None:
            return Response("this network is not switched on", 404)
        body = await _body(request)
        if body is None:
            return Response("too large", 413)
        query = f"?{request.url.query}" if request.url.query else ""
        hook = Hook(
            url=f"{self.public_url}/hooks{path}{query}",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
        )
        try:
            happenings = channel.receive(hook)
        except Untrusted:
            log.warning("an unsigned hook call was refused", path=path)
            return Response("not signed by the network", 403)
        try:
            await run_in_threadpool(keep_all, self.desk, self.clock, happenings)
            told = await self._told(channel, hook) if isinstance(channel, Speaks) else None
        except SQLAlchemyError:
            log.exception("a hook call could not be kept", path=path)
            return Response("please bring it again", 503)
        self.nudge()
        return told or Response(status_code=204)

    async def _told(self, channel: Speaks, hook: Hook) -> Response:
        """What is said next in a telephone call."""
        key = channel.wants_words_of(hook)
        words = None if key is None else await run_in_threadpool(self._words, key)
        return Response(channel.tell(hook, words), media_type="application/xml")

    def _words(self, key: str) -> Spoken | None:
        with self.desk.database.reading() as db:
            return words_of_call(db, self.desk, key)


async def _body(request: Request) -> bytes | None:
    """Return the body, or None for one that is too large: of that no more is read."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


def keep_all(desk: Desk, clock: Clock, happenings: Sequence[Inbound | Receipt]) -> None:
    """Keep what came in, in one transaction: messages in the inbox, receipts on their texts."""
    with desk.database.writing() as db:
        for happening in happenings:
            if isinstance(happening, Inbound):
                keep(db, happening, clock.now())
            else:
                handle_receipt(db, desk, happening, clock.now())
