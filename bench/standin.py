"""
A stand-in for Telegram that takes fifty milliseconds for each text and has no limits.

`python -m bench.standin PORT`. It notes when each text was accepted; `GET /accepted` tells the
moments, by the machine's monotonic clock, which every process here shares.
"""

import asyncio
import json
import sys
import time

import uvicorn
from starlette.types import Message, Receive, Scope, Send

TAKES_S = 0.05

accepted: list[float] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the Bot API does."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    call = scope["path"].rpartition("/")[2]
    if call == "accepted":
        told = sorted(accepted)
        accepted.clear()
        await _answer(send, told)
        return
    result: object = True
    if call == "sendMessage":
        await asyncio.sleep(TAKES_S)
        accepted.append(time.monotonic())
        chat = {"id": 1, "type": "private"}
        result = {"message_id": len(accepted), "date": 0, "chat": chat, "text": "-"}
    elif call == "getMe":
        result = {"id": 1, "is_bot": True, "first_name": "apbot", "username": "apbot_bot"}
    await _answer(send, {"ok": True, "result": result})


async def _answer(send: Send, told: object) -> None:
    body = json.dumps(told).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    print("ready", flush=True)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
