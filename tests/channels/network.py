"""A network at the other end of a real client: it answers as told, and unasked calls fail."""

import asyncio
from collections import deque
from typing import Any
from urllib.parse import parse_qsl

import httpx

Answer = httpx.Response | Exception


class Network:
    """`asked` holds every request that came; each spends one of the `will` answers, in order."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self._answers: deque[Answer] = deque()
        self._spent = asyncio.Event()

    async def spent(self) -> None:
        """Return when the last of the answers was asked for."""
        async with asyncio.timeout(5):
            await self._spent.wait()

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        """What to give a channel, so that its requests come here."""
        return httpx.MockTransport(self._answer)

    def will(self, *answers: Answer) -> None:
        """Answer the next requests so, or fail them with these errors."""
        self._answers.extend(answers)

    def form(self, number: int = -1) -> dict[str, str]:
        """Return the fields of a request."""
        return dict(parse_qsl(self.asked[number].content.decode(), keep_blank_values=True))

    def paths(self) -> list[str]:
        """Return the last piece of the path of each request."""
        return [request.url.path.rpartition("/")[2] for request in self.asked]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if not self._answers:
            raise AssertionError(f"an unexpected request: {request.method} {request.url.path}")
        answer = self._answers.popleft()
        if not self._answers:
            self._spent.set()
        if isinstance(answer, Exception):
            raise answer
        return answer


def telegram_ok(result: Any) -> httpx.Response:
    """Telegram says yes."""
    return httpx.Response(200, json={"ok": True, "result": result})


def telegram_no(code: int, words: str, **parameters: int) -> httpx.Response:
    """Telegram says no, in its own words."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
    if parameters:
        body["parameters"] = parameters
    return httpx.Response(code, json=body)


def telegram_sent(number: int = 41, chat: int = 7001) -> httpx.Response:
    """Telegram has sent a message."""
    return telegram_ok(
        {
            "message_id": number,
            "date": 1795426200,
            "chat": {"id": chat, "type": "private", "first_name": "Ash"},
            "text": "words",
        }
    )


def twilio_message(**fields: Any) -> dict[str, Any]:
    """Return a Message resource as Twilio gives it."""
    return {
        "account_sid": "AC00000000000000000000000000000001",
        "api_version": "2010-04-01",
        "body": "AM: who is in?",
        "date_created": "Mon, 23 Nov 2026 09:30:00 +0000",
        "date_sent": None,
        "date_updated": "Mon, 23 Nov 2026 09:30:00 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": "+447700900000",
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": "SM00000000000000000000000000000001",
        "status": "queued",
        "subresource_uris": {"media": ""},
        "to": "+447700900123",
        "uri": "",
    } | fields


def twilio_sent(**fields: Any) -> httpx.Response:
    """Twilio has taken a message."""
    return httpx.Response(201, json=twilio_message(**fields))


def twilio_no(status: int, code: int, words: str = "no") -> httpx.Response:
    """Twilio says no, with a code of its own."""
    body = {"code": code, "message": words, "more_info": "", "status": status}
    return httpx.Response(status, json=body)
