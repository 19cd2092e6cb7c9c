"""
Telegram's updates: what the bot is told, by long polling or at its webhook, in order.

An update stays until the bot has confirmed it: by asking for a later one, or by answering its
webhook with 2xx. An update that a webhook did not take is brought again, and holds up the rest.
"""

import asyncio
import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from apbot.clock import Clock
from apbot.sandbox.couriers import Couriers, Trouble
from apbot.sandbox.faults import Faults, Pause
from apbot.sandbox.telegram_chats import Shape, first_id
from apbot.sandbox.telegram_given import Denied

UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50


@dataclass(slots=True)
class Webhook:
    """Where updates are posted, and what came of it."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str = ""


class Updates:
    """The updates of one bot."""

    def __init__(self, clock: Clock, couriers: Couriers, faults: Faults, pause: Pause) -> None:
        self._clock = clock
        self._couriers = couriers
        self._faults = faults
        self._pause = pause
        self._ids = itertools.count(first_id())
        self._waiting: list[Shape] = []
        self._wanted: frozenset[str] | None = None
        self._webhook = Webhook()
        self._poll: asyncio.Event | None = None
        self._held = asyncio.Event()

    def tell(self, kind: str, shape: Shape) -> None:
        """Tell the bot, if it wants this kind of update."""
        is_wanted = kind in self._wanted if self._wanted else kind not in UNLESS_ASKED
        if not is_wanted:
            return
        self._waiting.append({"update_id": next(self._ids), kind: shape})
        self.end_poll()
        self._bring()

    def choose(self, wanted: Iterable[str] | None) -> None:
        """Hear of these kinds only; None leaves the last choice as it is."""
        if wanted is not None:
            self._wanted = frozenset(wanted)

    def drop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    async def until_polled(self) -> None:
        """Return when a long poll is being held."""
        await self._held.wait()

    def end_poll(self) -> None:
        """Let a long poll answer with what there is."""
        if self._poll is not None:
            self._poll.set()

    async def poll(self, request: Request, offset: int, limit: int, seconds: int) -> list[Shape]:
        """Confirm everything before `offset`; return what comes after, waiting for the first."""
        if self._webhook.url:
            raise Denied(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        self.end_poll()
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [one for one in self._waiting if one["update_id"] >= offset]
        if not self._waiting and seconds > 0:
            await self._wait(request, min(seconds, LONGEST_POLL))
        return self._waiting[:limit]

    def set_webhook(self, url: str, secret: str, max_connections: int) -> None:
        """Post updates to this address from now on."""
        self._webhook = Webhook(url, secret, max_connections)
        self.end_poll()
        self._bring()

    def delete_webhook(self) -> None:
        """Keep updates for long polling from now on."""
        self._webhook = Webhook()

    def webhook_shape(self) -> Shape:
        """Return the Bot API's WebhookInfo."""
        hook = self._webhook
        shape: Shape = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._waiting),
        }
        if hook.url:
            shape["max_connections"] = hook.max_connections
        if hook.last_error_at is not None:
            shape["last_error_date"] = int(hook.last_error_at.timestamp())
            shape["last_error_message"] = hook.last_error
        if self._wanted is not None:
            shape["allowed_updates"] = sorted(self._wanted)
        return shape

    async def _wait(self, request: Request, seconds: int) -> None:
        """Hold a long poll; another poll ends it, and so does a client that went away."""
        nudge = self._poll = asyncio.Event()
        self._held.set()
        ends = [
            asyncio.ensure_future(nudge.wait()),
            asyncio.ensure_future(_until_gone(request)),
        ]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            is_replaced = self._poll is not nudge and self._poll is not None
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            if self._poll is nudge:
                self._poll = None
                self._held.clear()
        if is_replaced:
            raise Denied(
                409,
                "Conflict: terminated by other getUpdates request;"
                " make sure that only one bot instance is running",
            )

    def _bring(self) -> None:
        if self._webhook.url and self._waiting:
            self._couriers.send("updates", self._deliver)

    async def _deliver(self) -> None:
        failures = 0
        while self._webhook.url and self._waiting:
            await self._faults.until_up()
            hook, update = self._webhook, self._waiting[0]
            answer = await self._post(hook, update)
            if not isinstance(answer, Trouble) and 200 <= answer < 300:
                failures = 0
                self._waiting = [one for one in self._waiting if one is not update]
                continue
            failures += 1
            hook.last_error_at = self._clock.now()
            hook.last_error = (
                "Connection refused"
                if isinstance(answer, Trouble)
                else f"Wrong response from the webhook: {answer}"
            )
            await self._pause(min(2.0 ** (failures - 1), 30.0))

    async def _post(self, hook: Webhook, update: Shape) -> int | Trouble:
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        return await self._couriers.post(hook.url, json.dumps(update).encode(), headers)


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
