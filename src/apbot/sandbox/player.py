"""
The player: goes through a dialogue on the phones, at a pace that a watcher can follow.

It moves the clock to each step's time and lets what is due on the way happen first; then it types,
taps, or waits until the words have come.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apbot.clock import MovedClock
from apbot.sandbox.dialogues import Dialogue, Step
from apbot.sandbox.faults import Pause
from apbot.sandbox.hands import Hands, Sorry
from apbot.sandbox.handsets import From

# How long, in real seconds, the clock may stand while the play waits for it, before it goes on.
STANDING = 20.0

# A way to the start that is longer than this is told of beside the phones.
LONG_WAY = timedelta(minutes=10)

Cast = Callable[[Collection[str] | None], None]


@dataclass(frozen=True, slots=True)
class Playing:
    """Where a play is: at `step` of `of`, with these words beside it; `amiss` if they regret."""

    name: str
    title: str
    step: int
    of: int
    caption: str
    amiss: bool = False


class Player:
    """
    Plays one dialogue at a time. `told` is called whenever `playing` changes.

    `pace` is how many real seconds a step stays on the screen, `patience` how many a `hears` may
    take; `pause` waits them. `cast` is told for whom the play answers: for nobody on the days
    before it begins, so that the town goes on by itself; with None, the phones are the visitor's.
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
        cast: Cast = lambda owners: None,
        is_open: Callable[[date], bool] = lambda day: True,
    ) -> None:
        self.playing: Playing | None = None
        self._clock = clock
        self._zone = zone
        self._hands = hands
        self._told = told
        self._pace = pace
        self._patience = patience
        self._pause = pause
        self._cast = cast
        self._is_open = is_open
        self._task: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self._read: set[tuple[str, str]] = set()

    async def play(self, dialogue: Dialogue) -> None:
        """Begin a dialogue, in the place of any other; be Sorry where no day is left for it."""
        await self.stop()
        now = self._clock.now()
        try:
            begins = dialogue.begins(now, self._zone, self._is_open)
        except ValueError as error:
            raise Sorry(str(error), 409) from None
        self._hands.bring(self._owners(dialogue), begins)
        self._task = asyncio.get_running_loop().create_task(self._run(dialogue, begins))
        caption = dialogue.about or dialogue.title
        if begins - now > LONG_WAY:
            caption += f" The town's clock goes on to {begins:%A} {begins:%H:%M} first …"
        self._tell(dialogue, 0, caption)

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

    async def _run(self, dialogue: Dialogue, begins: datetime) -> None:
        self._clock.run(1)
        self._cast(())
        await self._reach(datetime.combine(begins.astimezone(self._zone), time(), self._zone))
        self._cast(dialogue.people)
        await self._reach(begins)
        if dialogue.group is not None:
            self._hands.gather(dialogue.group)
        try:
            await self._go_through(dialogue, begins)
        finally:
            self._hands.mend(dialogue.networks)
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
        caption, is_amiss = dialogue.about or dialogue.title, False
        for number, step in enumerate(dialogue.steps, start=1):
            if step.at is not None:
                await self._reach(datetime.combine(begins.date(), step.at, self._zone))
            if step.caption is not None:
                caption, is_amiss = step.caption, False
            self._tell(dialogue, number, caption, is_amiss=is_amiss)
            try:
                await self._do(step)
            except Sorry as sorry:
                caption, is_amiss = str(sorry), True
                self._tell(dialogue, number, caption, is_amiss=True)
            await self._pause(self._pace)

    def _owners(self, dialogue: Dialogue) -> Iterable[str]:
        group = dialogue.group
        return (*dialogue.people, group.title) if group is not None else dialogue.people

    async def _do(self, step: Step) -> None:
        if step.says is not None:
            self._hands.says(step)
        elif step.taps is not None:
            await self._tap(step)
        elif step.switches is not None:
            self._hands.switches(step)
        elif step.hears is not None:
            try:
                async with asyncio.timeout(self._patience):
                    await self._hear(step.phone or "", step.hears)
            except TimeoutError:
                raise Sorry(f"“{step.hears}” did not come to {step.phone}.") from None

    async def _tap(self, step: Step) -> None:
        """Tap a button, once it is there: the next phone rings some seconds after the last."""
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    self._arrived.clear()
                    with suppress(Sorry):
                        self._hands.taps(step)
                        return
                    await self._arrived.wait()
        except TimeoutError:
            self._hands.taps(step)  # says what is in the way

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
        loop = asyncio.get_running_loop()
        seen, moved_at = self._clock.now(), loop.time()
        while seen < moment and loop.time() - moved_at < STANDING:
            await asyncio.sleep(0.01)
            now = self._clock.now()
            if now > seen:
                seen, moved_at = now, loop.time()

    def _tell(self, dialogue: Dialogue, step: int, caption: str, *, is_amiss: bool = False) -> None:
        of = len(dialogue.steps)
        self.playing = Playing(dialogue.name, dialogue.title, step, of, caption, is_amiss)
        self._told()

    def _end(self) -> None:
        if self.playing is not None:
            self.playing = None
            self._cast(None)
            self._told()
