"""
Telegram: texts with buttons, taps, and replies, through python-telegram-bot's `Bot`.

With a public https address Telegram brings updates to a hook, and only a hook that carries our
secret is believed; without one they are fetched, and told as taken only once they are kept. A
message's number is unique in its chat alone, so its id on this channel is `chat:number`.
"""

import asyncio
import hmac
import json
import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import structlog

from apbot.channels.connection import broken, trusted
from apbot.channels.lanes import make_lanes
from apbot.channels.protocol import (
    AddressGone,
    AddressMoved,
    FateUnknown,
    Hook,
    Refused,
    SendError,
    TryLater,
    Untrusted,
)
from apbot.channels.telegram_updates import CHANNEL, WANTED, message_id, read_update
from apbot.domain.messages import Button, Inbound, Outbound, Pace, Receipt
from apbot.spare import import_without

# It is for passports alone, which nobody shows us.
import_without("telegram", "cryptography")

from telegram import (  # noqa: E402  # see above
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import (  # noqa: E402  # see above
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest  # noqa: E402  # see above

_LONGEST_ANSWER = 200  # characters, as Telegram takes them

log = structlog.get_logger()

# 30 a second of one bot, one a second to a chat, 20 a minute to a group (core.telegram.org/bots).
# A little less, since jitter on the way must not make 31 of 30.
PACE = Pace(29.7, to_one=timedelta(seconds=1), to_group=timedelta(seconds=3))

# As many as a sender has under way at once, and a word or two where somebody tapped.
_CONNECTIONS = 160

REAL_BASE_URL = "https://api.telegram.org/bot"
HOOK_PATH = "/hooks/telegram"

_SECRET_HEADER = "x-telegram-bot-api-secret-token"
_LONG_POLL = timedelta(seconds=25)
_LONGEST_PAUSE = timedelta(seconds=30)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# The library warns at every throttled call unless one has asked for durations as timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "1")

# What Telegram's refusals mean, the first that fits: its error, a piece of its words, what to do,
# and why in plain words. An empty piece fits every error of its kind.
_MEANINGS: tuple[tuple[type[TelegramError], str, type[SendError], str], ...] = (
    (Forbidden, "blocked by the user", AddressGone, "the person has blocked the bot"),
    (Forbidden, "deactivated", AddressGone, "the Telegram account no longer exists"),
    (Forbidden, "kicked", AddressGone, "the bot was removed from the group"),
    (Forbidden, "initiate conversation", AddressGone, "the person has not pressed Start"),
    (Forbidden, "", AddressGone, "the bot may not write to this chat"),
    (InvalidToken, "", Refused, "Telegram does not know our bot token: it has to be set anew"),
    (BadRequest, "chat not found", AddressGone, "Telegram knows no such chat"),
    (BadRequest, "user not found", AddressGone, "Telegram knows no such person"),
    (BadRequest, "peer_id_invalid", AddressGone, "Telegram knows no such chat"),
    (BadRequest, "too long", Refused, "the text is too long for Telegram"),
    (BadRequest, "text is empty", Refused, "the text is empty"),
    (BadRequest, "rights", Refused, "the group does not let the bot write"),
    (BadRequest, "write_forbidden", Refused, "the group does not let the bot write"),
    (BadRequest, "", Refused, "Telegram refused the text"),
)

_GAVE_UP = re.compile(r"\((502|504|52\d)\)|Bad Gateway")

_NOT_CHANGED = "message is not modified"
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class TelegramChannel:
    """
    One bot on Telegram.

    `base_url` is where the Bot API is, as python-telegram-bot takes it; None is the real one.
    `public_url` is our own address. Updates come to its hook if it is https and there is a
    `webhook_secret`, else they are fetched. `pause` is the first wait after a failed fetch.
    """

    name = CHANNEL

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        webhook_secret: str | None = None,
        public_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: timedelta = timedelta(seconds=1),
    ) -> None:
        self.pace: Pace | None = PACE
        self._secret = webhook_secret or ""
        self._public_url = (public_url or "").rstrip("/")
        self._pause = pause
        trusting: dict[str, Any] = {"verify": trusted()}
        self._requests = (
            HTTPXRequest(
                connection_pool_size=1,
                read_timeout=10,
                httpx_kwargs={**trusting, "transport": transport},
            ),
            HTTPXRequest(
                connection_pool_size=_CONNECTIONS,
                connect_timeout=5,
                read_timeout=15,
                write_timeout=15,
                pool_timeout=15,
                httpx_kwargs={**trusting, "transport": transport or make_lanes()},
            ),
        )
        api = base_url or REAL_BASE_URL
        self._bot = Bot(
            token,
            base_url=api,
            base_file_url=_file_url(api),
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )
        self._username: str | None = None
        self._introducing: asyncio.Task[None] | None = None

    @property
    def is_hooked(self) -> bool:
        """Whether Telegram brings updates to our hook; else they are to be fetched."""
        return bool(self._secret) and self._public_url.startswith("https://")

    async def start(self) -> None:
        """
        Learn the bot's name, and register the hook where there is one.

        While Telegram is out of reach this goes on by itself: the other channels need not wait.
        """
        for request in self._requests:
            await request.initialize()
        try:
            await self._introduce()
        except TelegramError as error:
            log.warning("telegram is not ready yet", because=str(_meaning(error)))
            self._introducing = asyncio.create_task(self._introduce_later())

    async def stop(self) -> None:
        """Close connections."""
        if self._introducing is not None:
            self._introducing.cancel()
            with suppress(asyncio.CancelledError):
                await self._introducing
            self._introducing = None
        for request in self._requests:
            await request.shutdown()

    def invite(self, token: str) -> str | None:
        """Return the link whose Start button brings this token; None until the name is known."""
        return f"https://t.me/{self._username}?start={token}" if self._username else None

    def receive(self, hook: Hook) -> Sequence[Inbound | Receipt]:
        """Read one update that Telegram brought. Raises Untrusted without our secret."""
        given = hook.headers.get(_SECRET_HEADER, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise Untrusted("the call does not carry the hook's secret token")
        try:
            update = json.loads(hook.body)
        except ValueError:
            log.error("telegram brought an update that is not JSON", size=len(hook.body))
            return ()
        return _read([update])

    async def fetch(self) -> AsyncIterator[Sequence[Inbound | Receipt]]:
        """Yield updates as they come. A batch is told as taken when the next is asked for."""
        offset: int | None = None
        pause = self._pause
        while not self.is_hooked:
            try:
                updates = await self._updates(offset)
            except Exception as error:
                # Whatever it is, fetching goes on: an error of another kind must not end it.
                await self._recover(error, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = self._pause
            happenings = _read(updates)
            if happenings:
                yield happenings
            if updates:
                offset = 1 + max(update["update_id"] for update in updates)

    async def send(self, text: Outbound) -> str:
        """Send one text, or change an earlier one; return its `chat:number`."""
        try:
            return await self._edit(text) or await self._send(text)
        except TelegramError as error:
            raise _meaning(error) from error

    async def answer(self, callback_id: str, text: str) -> None:
        """Say a word where a button was tapped. A tap too old to be answered harms nobody."""
        try:
            await self._bot.answer_callback_query(callback_id, text=text[:_LONGEST_ANSWER])
        except TelegramError as error:
            log.info("a tap was not answered", because=type(error).__name__)

    async def hail(self) -> None:
        """Ask for our own name, which changes nothing. Raises TryLater without an answer."""
        try:
            await self._bot.get_me()
        except TelegramError as error:
            raise TryLater("Telegram does not answer") from error

    async def _introduce(self) -> None:
        self._username = (await self._bot.get_me()).username
        if self.is_hooked:
            await self._bot.set_webhook(
                f"{self._public_url}{HOOK_PATH}",
                secret_token=self._secret,
                allowed_updates=WANTED,
            )

    async def _introduce_later(self) -> None:
        pause = self._pause
        while True:
            await asyncio.sleep(pause.total_seconds())
            pause = min(pause * 2, _LONGEST_PAUSE)
            with suppress(TelegramError):
                await self._introduce()
                log.info("telegram is ready")
                return

    async def _updates(self, offset: int | None) -> list[dict[str, Any]]:
        try:
            updates = await self._bot.get_updates(
                offset=offset, timeout=_LONG_POLL, allowed_updates=WANTED
            )
        except TelegramError:
            raise
        except Exception as error:
            # One update that the library cannot read would keep all later ones from coming in.
            log.error("telegram sent an update of an unknown shape", because=type(error).__name__)
            asked = {"offset": offset, "allowed_updates": WANTED}
            return list(await self._bot.do_api_request("getUpdates", api_kwargs=asked))
        return [update.to_dict() for update in updates]

    async def _recover(self, error: Exception, pause: timedelta) -> None:
        log.warning("updates could not be fetched", because=type(error).__name__)
        if isinstance(error, Conflict) and "webhook" in str(error).lower():
            # Left behind by a run that had a public address; nobody takes updates from it now.
            with suppress(TelegramError):
                await self._bot.delete_webhook()
        if isinstance(error, RetryAfter):
            pause = max(pause, _duration(error.retry_after))
        await asyncio.sleep(pause.total_seconds())

    async def _edit(self, text: Outbound) -> str | None:
        """Change the earlier text; None where there is none, or it can no longer be changed."""
        chat, _, number = (text.edits or "").rpartition(":")
        if chat != text.address.value or not number.isdigit():
            return None
        try:
            await self._bot.edit_message_text(
                text.text,
                chat_id=chat,
                message_id=int(number),
                reply_markup=_keyboard(text.buttons),
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            words = str(error).lower()
            if any(piece in words for piece in _NOT_EDITABLE):
                return None
            if _NOT_CHANGED not in words:
                raise
        return text.edits

    async def _send(self, text: Outbound) -> str:
        sent = await self._bot.send_message(
            text.address.value,
            text.text,
            reply_markup=_keyboard(text.buttons),
            link_preview_options=_NO_PREVIEW,
        )
        return message_id(sent.chat_id, sent.message_id)


def _read(updates: Sequence[object]) -> Sequence[Inbound]:
    return tuple(found for found in map(read_update, updates) if found is not None)


def _meaning(error: TelegramError) -> SendError:
    """Return what a sender is told of Telegram's error."""
    if isinstance(error, RetryAfter):
        return TryLater("Telegram asks us to slow down", after=_duration(error.retry_after))
    if isinstance(error, ChatMigrated):
        return AddressMoved("the group has a new id", to=str(error.new_chat_id))
    words = str(error).lower()
    for kind, piece, meaning, because in _MEANINGS:
        if isinstance(error, kind) and piece in words:
            return meaning(because)
    if not isinstance(error, NetworkError):
        return FateUnknown("Telegram gave an answer that we cannot read; the text may have gone")
    cause = error.__cause__
    if cause is None or isinstance(cause, TelegramError):
        return _out_of_order(said_by_telegram=cause is None, words=str(error))
    return broken(cause, "Telegram")


def _out_of_order(*, said_by_telegram: bool, words: str) -> TryLater:
    """
    Return what a 5xx means: Telegram's own word that it did nothing, or a gateway's.

    A gateway that gave up waiting (502, 504) does not know what became of the text behind it.
    """
    if said_by_telegram or not _GAVE_UP.search(words):
        return TryLater("Telegram is out of order")
    return FateUnknown("Telegram is out of order, and does not say whether the text has gone")


def _duration(given: int | timedelta) -> timedelta:
    return given if isinstance(given, timedelta) else timedelta(seconds=given)


def _keyboard(buttons: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in buttons
        ]
    )


def _file_url(base_url: str) -> str:
    """Return where a Bot API at this address keeps files: /file/bot beside /bot."""
    before, found, after = base_url.rpartition("/bot")
    return f"{before}/file{found}{after}" if found else base_url
