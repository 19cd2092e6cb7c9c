"""
A network of the tests' own: a channel that answers as it is told.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from apbot.channels.protocol import Hook, TryLater
from apbot.domain.messages import Inbound, Outbound, Pace, Receipt

Answer = str | Exception


class QuietChannel:
    """Takes every text, unless told to answer otherwise; `sent` were offered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[Outbound] = []
        self.pace: Pace | None = None
        self._answers: deque[Answer] = deque()
        self.offered = asyncio.Event()
        self._may_answer = asyncio.Event()
        self._may_answer.set()

    def will(self, *answers: Answer) -> None:
        """Answer the next texts so: an id, or what goes wrong."""
        self._answers.extend(answers)

    def hangs(self) -> asyncio.Event:
        """Answer nothing more until this is set."""
        self._may_answer.clear()
        return self._may_answer

    @property
    def texts(self) -> list[str]:
        """The words of every text that was offered, in order."""
        return [text.text for text in self.sent]

    def receive(self, hook: Hook) -> Sequence[Inbound | Receipt]:
        """Nothing is brought here."""
        return ()

    async def send(self, text: Outbound) -> str:
        """Take one text, or say what is wrong."""
        self.sent.append(text)
        self.offered.set()
        answer = self._answers.popleft() if self._answers else f"{self.name}-{len(self.sent)}"
        await self._may_answer.wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""


class AskableChannel(QuietChannel):
    """One that can be asked whether a text of unknown fate did go; `asked` are those."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.asked: list[Outbound] = []
        self._found: deque[str | Exception | None] = deque()

    def finds(self, *answers: str | Exception | None) -> None:
        """Answer the next questions so: the id it went under, none, or that it cannot say."""
        self._found.extend(answers)

    async def find_sent(self, text: Outbound) -> str | None:
        """Say under which id the text went."""
        self.asked.append(text)
        answer = self._found.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer


class HailedChannel(QuietChannel):
    """One that can only say whether it is there; while `is_away` it does not."""

    is_away = False

    async def hail(self) -> None:
        """Answer, unless away."""
        if self.is_away:
            raise TryLater("no answer")


class TappedChannel(QuietChannel):
    """One whose taps want an answer at once; `answered` are the words said there."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.answered: list[tuple[str, str]] = []

    async def answer(self, callback_id: str, text: str) -> None:
        """Say a word where the person tapped."""
        self.answered.append((callback_id, text))
