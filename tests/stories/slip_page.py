"""
A slip in a browser that has no script: it follows links and sends forms, and nothing more.
"""

import re
from dataclasses import dataclass
from html import unescape

import httpx

from apbot.app import web_app
from tests.stories.day import Day, OwnersPhone

ADDRESS = "https://apbot.test"

LINK = re.compile(re.escape(ADDRESS) + r"/r/\S+")
BUTTON = re.compile(
    r'<button(?P<more>[^>]*?) value="(?P<value>[^"]*)"[^>]*>(?P<label>.*?)</button>'
)
ONCE = re.compile(r'name="once" value="(\w+)"')


def link_in(phone: OwnersPhone) -> str:
    """The link of the latest text on this phone that has one."""
    found = [
        link for thread in phone.threads for b in thread.bubbles for link in LINK.findall(b.text)
    ]
    assert found, f"{phone.owner} has no link"
    return str(found[-1])


@dataclass
class SlipPage:
    """What is open in the browser."""

    day: Day
    client: httpx.AsyncClient
    link: str
    html: str = ""
    status: int = 0

    async def open(self) -> "SlipPage":
        """Open the link, as from the text."""
        return self._at(await self.client.get(self.link))

    async def taps(self, label: str, pupil: str = "") -> "SlipPage":
        """Tap a button, of this pupil where there is one for each."""
        return await self.sends(tap=self.value(label, pupil))

    async def says(self, words: str) -> "SlipPage":
        """Send words from the box."""
        return await self.sends(words=words)

    async def sends(self, **form: str) -> "SlipPage":
        """Send a form of this page, and see what comes of it."""
        form = {"once": "".join(ONCE.findall(self.html)[-1:]), **form}
        answer = await self.client.post(self.link, data=form)
        if answer.status_code == 303:
            answer = await self.client.get(ADDRESS + answer.headers["location"])
        self._at(answer)
        await self.day.settle()
        return self

    def value(self, label: str, pupil: str = "") -> str:
        """What the button with this label says when it is tapped."""
        for found in BUTTON.finditer(self.of(pupil) if pupil else self.html):
            if unescape(found["label"]) == label:
                return unescape(found["value"])
        raise AssertionError(f"no button {label!r} {pupil} in {self.words}")

    def of(self, pupil: str) -> str:
        """The part of the page that is this pupil's."""
        lines = re.findall(r"<li .*?</li>", self.html, re.S)
        own = [line for line in lines if f" {pupil}" in unescape(line)]
        assert own, f"no {pupil} in {self.words}"
        return str(own[0])

    def taken(self, pupil: str) -> list[str]:
        """The buttons of a pupil that are pressed."""
        return [
            unescape(label)
            for label in re.findall(r'aria-pressed="true">(.*?)</button>', self.of(pupil))
        ]

    @property
    def words(self) -> str:
        """All that the page says, without its marking."""
        body = self.html.partition("<body>")[2]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def shows(self, *words: str) -> None:
        """The page has these words."""
        for one in words:
            assert one in self.words, f"{one!r} is not in {self.words!r}"

    def _at(self, answer: httpx.Response) -> "SlipPage":
        self.html, self.status = answer.text, answer.status_code
        return self


def browser(day: Day) -> httpx.AsyncClient:
    """A browser in which pages of the day's house can be opened."""
    transport = httpx.ASGITransport(app=web_app(day.house))
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS)
