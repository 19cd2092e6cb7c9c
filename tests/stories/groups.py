"""A Telegram group in a story: its members type and tap, and what the bot said there is read."""

from collections.abc import Sequence

from apbot.sandbox.handsets import Bubble, From, Handset
from tests.stories.day import Day, OwnersPhone

GROUP = -4100


class Group:
    """A group of people of the town, the first of whom adds the bot; others by a chat id."""

    def __init__(self, day: Day, *names: str, chat: int = GROUP, title: str = "The team") -> None:
        self.day, self.chat = day, chat
        keys = {person.name: person.key for person in day.lists.people.persons}
        self.ids = {
            name: day.chats.get(keys.get(name, ""), 990_000 + number)
            for number, name in enumerate(names)
        }
        people = [
            day.telegram.add_person(self.ids[name], name, has_started=name in keys)
            for name in names
        ]
        self.heard: set[tuple[str, str]] = set()
        day.telegram.add_group(chat, title, people)

    @property
    def thread(self) -> Handset:
        return self.day.telegram.handsets.get(str(self.chat))

    def bot(self) -> list[Bubble]:
        """All that the bot has said here, oldest first."""
        return [bubble for bubble in self.thread.bubbles if bubble.sender is From.BOT]

    def news(self) -> list[str]:
        """The scripts of what the bot has said here since the last look."""
        new = [b for b in self.bot() if (b.id, "") not in self.heard]
        self.heard |= {(b.id, "") for b in new}
        return [self.day.script_of(self.thread, bubble) for bubble in new]

    def last(self) -> str:
        return self.bot()[-1].text

    async def says(self, name: str, text: str, *, answers: str | None = None) -> None:
        """Type a text, perhaps as a reply to one of the bot's messages."""
        reply_to = int(answers) if answers else None
        self.day.telegram.type_text(self.chat, text, sender=self.ids[name], reply_to=reply_to)
        await self.day.settle()

    async def taps(self, name: str, label: str, *, chat: int | None = None) -> None:
        """Tap the latest button that has this label."""
        thread = self.day.telegram.handsets.get(str(chat or self.chat))
        for bubble in reversed(thread.bubbles):
            for key in (key for row in bubble.keys for key in row):
                if label in key.label:
                    self.day.telegram.tap(
                        int(thread.address), int(bubble.id), key.data, sender=self.ids[name]
                    )
                    await self.day.settle()
                    return
        raise AssertionError(f"there is no button {label!r}")


class GroupPhone(OwnersPhone):
    """A group as a phone of the story; who types or taps there is named before a colon."""

    def __init__(self, group: Group, title: str) -> None:
        super().__init__(group.day, title, [group.thread])
        self.group = group

    async def says(self, text: str, network: str | None = None) -> None:
        name, _, words = text.partition(":")
        await self.group.says(name, words.strip())

    async def taps(self, label: str, network: str | None = None) -> None:
        name, _, wanted = label.partition(":")
        await self.group.taps(name, wanted.strip())


def scripts(day: Day, name: str) -> Sequence[str]:
    """What this person's own phone has heard since the last look."""
    phone = day.phone(name)
    found = [heard.script for heard in phone.waiting()]
    phone.forgets()
    return found
