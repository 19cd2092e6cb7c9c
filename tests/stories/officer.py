"""An officer at the board: the pages and forms as a browser uses them, on a day of a story."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import httpx

from apbot.app import web_app
from apbot.store.cases import list_cases
from apbot.store.registers import list_registers
from tests.stories.day import Day

ADDRESS = "https://apbot.test"


@dataclass
class Officer:
    """Somebody of the CSS with the board open."""

    day: Day
    name: str
    client: httpx.AsyncClient
    csrf: str = ""

    async def sees(self, path: str, *words: str) -> str:
        """Open a page; it shows these words."""
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        shown = as_read(answer.text)
        for word in words:
            assert word in shown, f"{word!r} is not in {shown!r}"
        return shown

    async def does(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        *,
        status: int = 303,
        **more: str,
    ) -> str:
        """Send a form; return what the page that follows says came of it."""
        form = {"csrf": self.csrf, **(fields or {}), **more}
        answer = await self.client.post(path, data=form)
        assert answer.status_code == status, (answer.status_code, as_read(answer.text))
        await self.day.settle()
        if status != 303:
            return as_read(answer.text)
        page = (await self.client.get(answer.headers["location"])).text
        said = re.search(r'<p class="said">(.*?)</p>', page, re.S)
        return unescape(said[1]) if said else ""

    def register(self, provider: str = "alder-farm", half: str = "AM") -> str:
        """The address of a register of today."""
        with self.day.house.database.reading() as db:
            found = list_registers(db, self.day.on, [provider])
        return f"/registers/{next(one.id for one in found if one.half == half)}"

    def case(self, matter: str) -> str:
        """The address of the latest case of a matter."""
        with self.day.house.database.reading() as db:
            ids = [case.id for case in list_cases(db) if case.matter == matter]
        return f"/cases/{ids[-1]}"


def as_read(html: str) -> str:
    """What a page says, without its tags, each run of blanks as one."""
    body = re.sub(r"<(script|style|select)\b.*?</\1>", " ", html.partition("<main")[2], flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@asynccontextmanager
async def at_the_board(day: Day, name: str) -> AsyncIterator[Officer]:
    """Sign somebody in by the code on their own phone, and leave them at the board."""
    transport = httpx.ASGITransport(app=web_app(day.house))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        officer = Officer(day, name, client)
        person = next(p for p in day.lists.people.persons if p.name == name)
        await client.post("/sign-in", data={"mobile": person.mobile})
        await day.settle()
        code = day.phone(name).hears("sign_in_code").text[:6]
        answer = await client.post("/sign-in/code", data={"code": code})
        assert answer.status_code == 303
        found = re.search(r'name="csrf" value="(\w+)"', (await client.get("/you")).text)
        assert found is not None
        officer.csrf = found[1]
        yield officer
