"""
The player: goes through a dialogue on the phones, at a pace that a watcher can follow.

It moves the clock to each step's time and lets what is due on the way happen first; then it types,
taps, or waits until the words have come.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apbot.clock import MovedClock
from apbot.sandbox.dialogues import Dialogue, Step
from apbot.sandbox.faults import Pause
from apbot.sandbox.hands import Hands, Sorry
from apbot.sandbox.handsets import From

# How long, in real seconds, the product may take over what was due, before the play goes on.
CATCHING_UP = 180.0


@dataclass(frozen=True, slots=True)
class Playing:
    """Where a play is: at `step` of `of`, with these words beside it."""

    name: str
    title: str
    step: int
    of: int
    caption: str


class Player:
    """
    Plays one dialogue at a time. `told` is called whenever `playing` changes.

    `pace` is how many real seconds a step stays on the screen, `patience` how many a `hears` may
    take; `pause` waits them.
    """

    def __init__(
        self,
        clock: MovedClock,
        zone: ZoneInfo,
        hands: Hands,
        told: Callable[[], None],
        *,
        pace: float = 1.5,
        patience: float = 10.0,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.playing: Playing | None = None
        self._clock = clock
        self._zone = zone
        self._hands = hands
        self._told = told
        self._pace = pace
        self._patience = patience
        self._pause = pause
        self._task: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self._read: set[tuple[str, str]] = set()

    async def play(self, dialogue: Dialogue) -> None:
        """Begin a dialogue, in the place of any other."""
        await self.stop()
        self._task = asyncio.get_running_loop().create_task(self._run(dialogue))
        self._tell(dialogue, 0, dialogue.about or dialogue.title)

    async def stop(self) -> None:
        """End the play, wherever it is."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._end()

    async def until_over(self) -> None:
        """Return when the present play has ended or was stopped."""
        if self._task is not None:
            await asyncio.wait({self._task})

    def something_came(self) -> None:
        """Look again whether the awaited words are there."""
        self._arrived.set()

    async def _run(self, dialogue: Dialogue) -> None:
        begins = dialogue.begins(self._clock.now(), self._zone)
        self._clock.run(1)
        self._hands.bring(dialogue.phones)
        await self._reach(begins)
        if dialogue.group is not None:
            self._hands.gather(dialogue.group)
        try:
            await self._go_through(dialogue, begins)
        finally:
            if dialogue.group is not None:
                self._hands.disperse(dialogue.group)
        self._end()

    async def _go_through(self, dialogue: Dialogue, begins: datetime) -> None:
        self._read = {
            (bubble.id, bubble.text)
            for owner in self._owners(dialogue)
            for bubble in self._hands.bubbles(owner)
            if bubble.at < begins
        }
        caption = dialogue.about or dialogue.title
        for number, step in enumerate(dialogue.steps, start=1):
            if step.at is not None:
                await self._reach(datetime.combine(begins.date(), step.at, self._zone))
            caption = step.caption or caption
            self._tell(dialogue, number, caption)
            try:
                await self._do(step)
            except Sorry as sorry:
                caption = str(sorry)
                self._tell(dialogue, number, caption)
            await self._pause(self._pace)

    def _owners(self, dialogue: Dialogue) -> Iterable[str]:
        group = dialogue.group
        return (*dialogue.phones, group.title) if group is not None else dialogue.phones

    async def _do(self, step: Step) -> None:
        if step.says is not None:
            self._hands.says(step)
        elif step.taps is not None:
            self._hands.taps(step)
        elif step.switches is not None:
            self._hands.switches(step)
        elif step.hears is not None:
            try:
                async with asyncio.timeout(self._patience):
                    await self._hear(step.phone or "", step.hears)
            except TimeoutError:
                raise Sorry(f"“{step.hears}” did not come to {step.phone}.") from None

    async def _hear(self, owner: str, words: str) -> None:
        while True:
            self._arrived.clear()
            for bubble in self._hands.bubbles(owner):
                key = (bubble.id, bubble.text)
                is_new = bubble.sender is not From.OWNER and key not in self._read
                if is_new and words.casefold() in bubble.text.casefold():
                    self._read.add(key)
                    return
            await self._arrived.wait()

    async def _reach(self, moment: datetime) -> None:
        """Move the clock, and wait until what was due on the way is done."""
        self._clock.move_to(moment)
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCHING_UP):
                while self._clock.now() < moment:  # noqa: ASYNC110 - a clock can only be read
                    await asyncio.sleep(0.01)

    def _tell(self, dialogue: Dialogue, step: int, caption: str) -> None:
        self.playing = Playing(dialogue.name, dialogue.title, step, len(dialogue.steps), caption)
        self._told()

    def _end(self) -> None:
        if self.playing is not None:
            self.playing = None
            self._told()
