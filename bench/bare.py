"""
What hooks are compared with: one FastAPI route on the same server that inserts a durable row.

`python -m bench.bare web`, with `DATABASE_URL` and `PORT` as the house takes them.
"""

import asyncio

from fastapi import FastAPI, Request, Response
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool

from apbot.app import open_checked
from apbot.running import until_told_to_stop, web_running
from apbot.settings import load_settings
from apbot.store.database import Database

ADD = text("INSERT INTO beats (engine, at) VALUES (:row, '2026-11-23')")


def an_app(database: Database) -> FastAPI:
    """Return the application."""
    app = FastAPI()

    def insert(row: str) -> None:
        with database.writing() as db:
            db.execute(ADD, {"row": row})

    @app.get("/health/live")
    async def _live() -> dict[str, str]:
        return {"status": "alive"}

    @app.post("/bare")
    async def _bare(request: Request) -> Response:
        row = (await request.body()).decode()
        await run_in_threadpool(insert, row)
        return Response(status_code=204)

    return app


async def _run() -> None:
    settings = load_settings()
    async with web_running(an_app(open_checked(settings)), settings):
        print("ready", flush=True)
        await until_told_to_stop()


if __name__ == "__main__":
    asyncio.run(_run())
