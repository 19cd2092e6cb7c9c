"""
Townsfolk: everybody whose phone is not on the page, so that the town does not fall silent.

A few minutes after they are asked they answer as people mostly do. They know no more than what
stands on their phones.
"""

import asyncio
import re
from collections.abc import Callable, Collection
from datetime import timedelta

from apbot.clock import Clock
from apbot.sandbox.handsets import Arrival, Bubble, From, Handset, Handsets

ASKED = "Who is in?"

ANSWERS = ("all in", "All here thanks", "morning, everyone in", "full house", "all present")

# Asked of one alone, who begins later or is the last without a mark.
ONE = re.compile(
    r"(?P<later>[^:.\n]+) starts at [\d:]+\. In\?"
    r"|no mark yet for (?P<last>[^.\n]+)\. Reply with the name"
)

FIRST = timedelta(minutes=2)
STEP = timedelta(seconds=40)


class Townsfolk:
    """
    Answers for every phone whose address is not in `visible`, or was left to somebody else since.

    `says` types a text on the phone with this address, on its network.
    """

    def __init__(
        self, clock: Clock, visible: Collection[str], says: Callable[[Handset, str], None]
    ) -> None:
        self._clock = clock
        self._visible = frozenset(visible)
        self._says = says
        self._asked: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def watch(self, handsets: Handsets) -> None:
        """Answer what is asked on these phones."""
        handsets.watch(self._look)

    def leave(self, addresses: Collection[str]) -> None:
        """From now on somebody else answers on these phones alone: a visitor, or a dialogue."""
        self._visible = frozenset(addresses)

    async def stop(self) -> None:
        """Fall silent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _look(self, handset: Handset) -> None:
        # A group is a dialogue's own: nobody else types there.
        is_group = handset.address.startswith("-")
        if is_group or handset.address in self._visible or not handset.bubbles:
            return
        bubble = handset.bubbles[-1]
        key = (handset.address, bubble.id)
        if bubble.sender is not From.BOT or bubble.state is Arrival.FAILED or key in self._asked:
            return
        if ASKED not in bubble.text and not ONE.search(bubble.text):
            return
        self._asked.add(key)
        task = asyncio.create_task(self._answer(handset, bubble))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, handset: Handset, bubble: Bubble) -> None:
        nth = len(self._asked)
        until = bubble.at + FIRST + STEP * (nth % 5)
        nudge = asyncio.Event()
        while self._clock.now() < until:
            await self._clock.wait_until(until, nudge)
        self._clock.forget(nudge)
        if handset.address in self._visible:
            return
        one = ONE.search(bubble.text)
        names = (one["later"] or one["last"]).strip() if one else None
        self._says(handset, f"{names} in" if names else ANSWERS[nth % len(ANSWERS)])
