"""
Hands: whose phone is whose, and what they do on it, on whichever network it is.

A phone is used only through its network's stand-in, as its owner would use it. Phones of people
who are not listed exist too, once something came to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from apbot.sandbox.dialogues import Group, Step
from apbot.sandbox.faults import Faults
from apbot.sandbox.handsets import Bubble, Handset
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.telegram_calls import NoSuchTap
from apbot.sandbox.telegram_chats import Account
from apbot.sandbox.twilio_api import NoSuchQuickReply, TwilioApi

LONGEST_TEXT = 4096

SIDES = ("provider", "css", "parent")
"""In which order the phones of a dialogue stand side by side."""


class Sorry(Exception):
    """What somebody asked cannot be done. The message says why, kindly."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Phone:
    """
    A phone of the town: whose it is, and where its messages come.

    `side` is provider, css or parent; `network` is telegram, sms or whatsapp; `address` a number
    or a chat id. `suggestions` are offered above the keyboard. Who has not started on Telegram
    cannot be written to there.
    """

    id: str
    owner: str
    role: str
    side: str
    network: str
    address: str
    suggestions: tuple[str, ...] = ()
    has_started: bool = True


def group_id(group: Group) -> str:
    """Return the id of a group's thread on the page."""
    return "group-" + "-".join(group.title.casefold().split())


class Hands:
    """The hands of everybody in the town."""

    def __init__(
        self,
        telegram: TelegramApi,
        twilio: TwilioApi,
        people: Sequence[Phone],
        others: Sequence[Phone] = (),
    ) -> None:
        self._telegram = telegram
        self._twilio = twilio
        self._people = {(phone.network, phone.address): phone for phone in people}
        self._others = {(phone.network, phone.address): phone for phone in others}
        self._members: dict[str, dict[str, int]] = {}
        self._cast: frozenset[str] = frozenset()
        self._since: datetime | None = None
        for phone in people:
            self._hand_out(phone)

    def phones(self, *, shows_all: bool = False) -> list[Phone]:
        """Return the cast's phones, then the listed; with `shows_all`, the others after them."""
        listed = list(self._people.values())
        others = [self.phone_of(handset) for handset in self._handsets()]
        others = [one for one in others if (one.network, one.address) not in self._people]
        cast = [one for one in (*listed, *others) if self.is_cast(one)]
        cast.sort(key=lambda one: SIDES.index(one.side) if one.side in SIDES else len(SIDES))
        rest = [*listed, *(others if shows_all else ())]
        return [*cast, *(one for one in rest if one not in cast)]

    def is_listed(self, phone: Phone) -> bool:
        """Whether this is a phone of one of the people who were named, or one of the cast's."""
        return (phone.network, phone.address) in self._people or self.is_cast(phone)

    def is_cast(self, phone: Phone) -> bool:
        """Whether a dialogue uses this phone: its owner's usual one, or one written to in it."""
        if phone.owner not in self._cast:
            return False
        if phone == self._usual(phone.owner):
            return True
        bubbles = self.handset(phone).bubbles
        return bool(bubbles) and self._since is not None and bubbles[-1].at >= self._since

    def bring(self, owners: Iterable[str], since: datetime) -> None:
        """Show the phones of these people first, whether they are listed or not."""
        self._cast, self._since = frozenset(owners), since

    def find(self, phone_id: str) -> Phone:
        """Return the phone with this id, or be Sorry."""
        for phone in self.phones(shows_all=True):
            if phone.id == phone_id:
                return phone
        raise Sorry("There is no such phone here.", 404)

    def gather(self, group: Group) -> None:
        """Let these people add the bot to a group of theirs; once more, where it was thrown out."""
        held = next((p for p in self._people.values() if p.id == group_id(group)), None)
        if held is not None:
            self._telegram.unblock(int(held.address))
            return
        chat = -1_000_000 - len(self._people)
        members = [self._account(name, chat - number) for number, name in enumerate(group.people)]
        phone = Phone(
            id=group_id(group),
            owner=group.title,
            role=f"Group: {', '.join(group.people)}. Say who speaks, then a colon",
            side="provider",
            network="telegram",
            address=str(chat),
            suggestions=(f"{group.people[0]}: all in",),
        )
        self._people[phone.network, phone.address] = phone
        self._members[phone.address] = {one.name: one.id for one in members}
        self._telegram.add_group(chat, group.title, members)

    def disperse(self, group: Group) -> None:
        """Throw the bot out of the group, so that its people are written to themselves again."""
        for phone in self.owned(group.title):
            self._telegram.block(int(phone.address))

    def phone_of(self, handset: Handset) -> Phone:
        """Return whose thread this is."""
        listed = self._people.get((handset.network, handset.address))
        if listed is not None:
            return listed
        phone_id = f"{handset.network}-{handset.address.lstrip('+')}"
        known = self._others.get((handset.network, handset.address))
        if known is not None:
            return known
        owner = handset.owner or handset.address
        return Phone(phone_id, owner, "", "other", handset.network, handset.address)

    def handset(self, phone: Phone) -> Handset:
        """Return what the phone shows."""
        if phone.network == "telegram":
            return self._telegram.handsets.get(phone.address)
        return self._twilio.handset(phone.address, phone.network)

    def say(self, phone: Phone, text: str) -> None:
        """Type a message and send it."""
        if not text.strip():
            raise Sorry("Type a few words first.")
        if len(text) > LONGEST_TEXT:
            raise Sorry(f"That is longer than a phone sends: {LONGEST_TEXT} characters at most.")
        self._check_use(phone)
        if phone.network == "telegram":
            sender, words = self._speaker(phone, text)
            self._telegram.type_text(int(phone.address), words, sender=sender)
        else:
            self._twilio.type_text(phone.address, text, network=phone.network)

    def tap(
        self, phone: Phone, message_id: str, pressed: str, *, sender: int | None = None
    ) -> None:
        """Tap a button under a message; in a group, as this member or the first."""
        self._check_use(phone)
        is_call = any(one.id == message_id and one.keys for one in self.handset(phone).bubbles)
        if phone.network == "sms" and not is_call:
            raise Sorry("There are no buttons under a text message.")
        try:
            if phone.network == "telegram":
                number = int(message_id) if message_id.isdecimal() else 0
                self._telegram.tap(int(phone.address), number, pressed, sender=sender)
            else:
                self._twilio.tap(phone.address, message_id, pressed)
        except (NoSuchTap, NoSuchQuickReply):
            raise Sorry("That button is not there any more.", 409) from None

    def switch_off(self, phone: Phone, *, is_off: bool) -> None:
        """Switch the phone off, or on."""
        if phone.network == "telegram":
            self._telegram.switch_off(int(phone.address), is_off=is_off)
        else:
            self._twilio.switch_off(phone.address, is_off=is_off)

    def block(self, phone: Phone, *, is_blocked: bool) -> None:
        """Block the bot on this phone, or let it in."""
        if phone.network == "telegram":
            self._telegram.block(int(phone.address), is_blocked=is_blocked)
        else:
            self._twilio.block(phone.address, phone.network, is_blocked=is_blocked)

    def look(self, phone: Phone) -> None:
        """Read what came."""
        if phone.network == "telegram":
            self._telegram.handsets.read(self.handset(phone))
        else:
            self._twilio.account.handsets(phone.network).read(self.handset(phone))

    def bubbles(self, owner: str) -> Iterable[Bubble]:
        """Return what can be read on all the phones of this person."""
        return [bubble for phone in self.owned(owner) for bubble in self.handset(phone).bubbles]

    def says(self, step: Step) -> None:
        """Type what a step of a dialogue says."""
        self.say(self._chosen(step), step.says or "")

    def taps(self, step: Step) -> None:
        """Tap the newest button with the label that a step of a dialogue names."""
        for phone in self.owned(step.phone or "", step.network):
            sender, label = self._speaker(phone, step.taps or "")
            wanted = label.casefold()
            for bubble in reversed(self.handset(phone).bubbles):
                for key in (key for row in bubble.keys for key in row):
                    if wanted in key.label.casefold():
                        self.tap(phone, bubble.id, key.data, sender=sender)
                        return
        raise Sorry(f"{step.phone} has no button “{step.taps}” to tap.", 409)

    def switches(self, step: Step) -> None:
        """Switch what a step of a dialogue names: all of a person's phones, or a network."""
        if step.switches == "down":
            self._faults(step.network or "").take_down()
        if step.switches == "up":
            self._faults(step.network or "").bring_up()
        for phone in self.owned(step.phone or "", step.network):
            if step.switches in ("off", "on"):
                self.switch_off(phone, is_off=step.switches == "off")
            else:
                self.block(phone, is_blocked=step.switches == "blocked")

    def mend(self, networks: Iterable[str]) -> None:
        """Bring up these networks: what a dialogue took down must not spoil the next."""
        for network in networks:
            self._faults(network).bring_up()

    def owned(self, owner: str, network: str | None = None) -> list[Phone]:
        """Return the phones of the person of this name, or the phone with this id."""
        wanted = owner.casefold()
        return [
            phone
            for phone in self.phones(shows_all=True)
            if wanted in (phone.owner.casefold(), phone.id.casefold())
            and network in (None, phone.network)
        ]

    def _faults(self, network: str) -> Faults:
        return self._telegram.faults if network == "telegram" else self._twilio.faults

    def _usual(self, owner: str) -> Phone | None:
        """The phone on which this person is written to first."""
        known = (*self._people.values(), *self._others.values())
        return next((phone for phone in known if phone.owner == owner), None)

    def _chosen(self, step: Step) -> Phone:
        """The phone of that person on which the bot wrote last, else the first."""
        owned = self.owned(step.phone or "", step.network)
        if not owned:
            raise Sorry(f"Nobody here is called {step.phone}.", 409)
        return max(owned, key=lambda phone: _last_at(self.handset(phone)))

    def _speaker(self, phone: Phone, text: str) -> tuple[int | None, str]:
        """Who of a group types or taps, by the name before the colon, and what."""
        name, colon, words = text.partition(":")
        sender = self._members.get(phone.address, {}).get(name.strip())
        return (sender, words.strip()) if colon and sender is not None else (None, text)

    def _account(self, name: str, otherwise: int) -> Account:
        """The person's own account on Telegram; a new one for somebody without any."""
        for phone in self.owned(name, "telegram"):
            return self._telegram.add_person(int(phone.address), name)
        return self._telegram.add_person(-otherwise, name)

    def _check_use(self, phone: Phone) -> None:
        handset = self.handset(phone)
        if handset.is_off:
            raise Sorry("This phone is off. Switch it on first.", 409)
        if handset.is_blocked and phone.network == "telegram":
            raise Sorry("The bot is blocked on this phone. Unblock it first.", 409)

    def _handsets(self) -> list[Handset]:
        telegram, twilio = self._telegram, self._twilio
        return [*telegram.handsets, *twilio.sms, *twilio.whatsapp]

    def _hand_out(self, phone: Phone) -> None:
        if phone.network == "telegram":
            chat_id = int(phone.address)
            self._telegram.add_person(chat_id, phone.owner, has_started=phone.has_started)
        else:
            self._twilio.subscriber(phone.address).name = phone.owner
            self._twilio.handset(phone.address, phone.network).owner = phone.owner


def _last_at(handset: Handset) -> float:
    return handset.bubbles[-1].at.timestamp() if handset.bubbles else 0.0
