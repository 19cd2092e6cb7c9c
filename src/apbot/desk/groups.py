"""
Groups: what is said in a Telegram group of one provider's staff.

A member of that staff who adds the bot, or speaks to it there first, ties the group to the
provider. Who speaks is known by their own account, tied to them by their own Start: the group
itself may set nothing, so a member whom the office does not know gets one polite line.
"""

import re
from collections.abc import Sequence

from apbot.desk.buttons import (
    GroupTap,
    NoSuchButton,
    group_button,
    option_fingerprint,
    read_tap,
)
from apbot.desk.enrolment import say_to_stranger
from apbot.desk.group_texts import CHANNEL
from apbot.desk.happening import Happening
from apbot.desk.rota import persons_by_key
from apbot.desk.staff import is_chatter, on_staff_text, reading_of, registers_now
from apbot.desk.strangers import PASSED_ON, pass_on_concern
from apbot.desk.taps import on_tap_of
from apbot.domain.asking import prompt
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.messages import Address, InboundKind
from apbot.domain.people import Person, Provider
from apbot.domain.readings import Reading
from apbot.domain.register import RegisterState
from apbot.domain.words import Speaker
from apbot.store.addresses import (
    AddressState,
    find_owner,
    group_key,
    move,
    provider_of_group,
    set_state,
    tie,
)
from apbot.store.lapsing import lapse_for
from apbot.store.outbox import Draft, add
from apbot.wording.compose import compose

MENTION = re.compile(r"@\w*bot\b", re.I)
"""The bot's own name: those of bots end so, and people's do not."""

COMMAND = re.compile(r"/(\w+)(?:@\w+)?")

STARTS = frozenset({"start", "unstop"})
STOPS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel"})

Came = tuple[Person | None, str]


def on_group(happening: Happening) -> Came:
    """Do what was said or done in a group; return who it was, if we know them, and what came."""
    db, inbound = happening.db, happening.inbound
    if inbound.kind is InboundKind.MOVED:
        move(db, CHANNEL, inbound.address.value, inbound.text, happening.now)
        return None, "the group has a new address"
    owner = find_owner(db, inbound.address)
    key = provider_of_group(owner[0]) if owner else None
    place = happening.lists.people.provider_by_key.get(key) if key else None
    is_live = owner is not None and owner[1] is AddressState.LIVE
    speaker = _speaker(happening)
    if inbound.kind is InboundKind.BLOCKED:
        return speaker, _on_taken_out(happening, place)
    if inbound.kind is InboundKind.TAP:
        return _on_tap(happening, speaker, place)
    words, is_addressed = _addressed(happening)
    if place is None or not is_live:
        return _on_untied(happening, speaker, place, owner, words, is_addressed=is_addressed)
    if inbound.kind is InboundKind.ADDED:
        return speaker, "the group is tied already"
    if speaker is None or place not in _places(happening, speaker):
        return _on_other_member(happening, place, words, is_addressed=is_addressed)
    plain = words.strip(" .!").lower()
    if is_addressed and plain in STOPS:
        return speaker, _on_stop(happening, place)
    if is_addressed and plain in ("", *STARTS):
        return speaker, _say_here(happening, "group_tied", place)
    return speaker, on_staff_text(happening, speaker, [place.key], words, is_addressed=is_addressed)


def _speaker(happening: Happening) -> Person | None:
    """Who it is, by their own account: somebody on the lists who pressed Start on it."""
    sender = happening.inbound.sender
    owner = find_owner(happening.db, Address(CHANNEL, sender)) if sender else None
    if owner is None or owner[1] in (AddressState.GONE, AddressState.WRONG):
        return None
    return persons_by_key(happening.lists).get(owner[0])


def _places(happening: Happening, speaker: Person | None) -> Sequence[Provider]:
    if speaker is None:
        return ()
    people = happening.lists.people
    works = {staff.provider for staff in people.works_as(speaker.key)}
    return [provider for provider in people.providers if provider.key in works]


def _addressed(happening: Happening) -> tuple[str, bool]:
    """The words without the bot's name or a command's slash, and whether they are to the bot."""
    inbound = happening.inbound
    is_start = inbound.kind is InboundKind.START
    words = MENTION.sub(
        " ",
        COMMAND.sub(r"\1", inbound.text, count=1) if _is_command(inbound.text) else inbound.text,
    )
    words = " ".join(words.split()) if words != inbound.text else words
    is_addressed = is_start or words != inbound.text or happening.quoted() is not None
    return ("start" if is_start else words).lstrip(":,; "), is_addressed


def _is_command(text: str) -> bool:
    return COMMAND.match(text.strip()) is not None


def _on_untied(
    happening: Happening,
    speaker: Person | None,
    place: Provider | None,
    owner: tuple[str, AddressState] | None,
    words: str,
    *,
    is_addressed: bool,
) -> Came:
    """A group that is nobody's yet, or that the bot had to leave: whose it is, staff may say."""
    plain = words.strip(" .!").lower()
    is_added = happening.inbound.kind is InboundKind.ADDED
    is_stopped = owner is not None and owner[1] is AddressState.STOPPED
    if is_stopped and not is_added and plain not in STARTS:
        return speaker, "a group that asked us to stop: left alone"
    if not (is_added or is_addressed):
        return speaker, "a group that is no provider's: left alone"
    places = _places(happening, speaker)
    if speaker is None or not places:
        chat = happening.inbound.address.value
        say_to_stranger(happening, "group_unknown", once=f"group_unknown:{chat}")
        return speaker, "a group that is no provider's: answered once, kept for the office"
    if place in places or len(places) == 1:
        own = place if place is not None and place in places else places[0]
        return speaker, _tie(happening, speaker, own, words if not is_added else "")
    _ask_whose(happening, places)
    return speaker, "asked whose group this is"


def _tie(happening: Happening, speaker: Person, place: Provider, words: str = "") -> str:
    """From now on this is the group of that provider, and it shows the register that is open."""
    tie(happening.db, happening.inbound.address, group_key(place.key), happening.now)
    came = _say_here(happening, "group_tied", place)
    for register in registers_now(happening, speaker, [place.key]):
        if register.state is RegisterState.OPEN and register.unmarked():
            rotas = {place.key: happening.rota(place.key)}
            decision = Decision(because=came, say=(prompt(register, speaker),))
            happening.save(speaker, decision, kind="group", rotas=rotas, register=register)
    if words.strip(" .!").lower() in ("", *STARTS):
        return came
    came_of_words = on_staff_text(happening, speaker, [place.key], words, is_addressed=False)
    return f"{came}; {came_of_words}"


def _ask_whose(happening: Happening, places: Sequence[Provider]) -> None:
    buttons = tuple((group_button(place.key, place.name),) for place in places)
    words = happening.desk.scripts.named("group_whose")
    draft = Draft(
        person="",
        address=happening.inbound.address,
        script=words.name,
        text=compose(words, {"css": happening.lists.service.name}, CHANNEL),
        due_at=happening.now,
        urgency=Urgency.REPLY,
        buttons=buttons,
        cause="group",
    )
    add(happening.db, [draft], happening.now)


def _say_here(happening: Happening, script: str, place: Provider) -> str:
    """Say one line to the group itself."""
    words = happening.desk.scripts.named(script)
    facts = {"css": happening.lists.service.name, "provider": place.name}
    draft = Draft(
        person=group_key(place.key),
        address=happening.inbound.address,
        script=script,
        text=compose(words, facts, CHANNEL),
        due_at=happening.now,
        urgency=Urgency.REPLY,
        cause="group",
    )
    add(happening.db, [draft], happening.now)
    return f"the group of {place.name}"


def _on_tap(happening: Happening, speaker: Person | None, place: Provider | None) -> Came:
    try:
        tap = read_tap(happening.inbound.text)
    except NoSuchButton:
        tap = None
    places = _places(happening, speaker)
    if isinstance(tap, GroupTap):
        meant = next((p for p in places if option_fingerprint(p.key) == tap.option), None)
        if speaker is not None and meant is not None and place in (None, meant):
            happening.toast(speaker, "tap_noted")
            return speaker, _tie(happening, speaker, meant)
    elif speaker is not None and place in places:
        return speaker, on_tap_of(happening, speaker)
    callback = happening.inbound.callback_id or happening.inbound.network_id
    say_to_stranger(happening, "group_not_known", once=f"toast:{callback}", is_toast=True)
    return None, "a tap of somebody who may set nothing here: kept for the office"


def _on_other_member(
    happening: Happening, place: Provider, words: str, *, is_addressed: bool
) -> Came:
    """
    Somebody whom the office did not enrol for this provider: one polite line, once.

    It sets nothing; but what reads like a concern goes to a person, whoever wrote it.
    """
    if pass_on_concern(happening):
        return None, PASSED_ON
    if not is_addressed and is_chatter(_reading(happening, place, words)):
        return None, "talk among the group: left alone"
    chat, sender = happening.inbound.address.value, happening.inbound.sender
    say_to_stranger(happening, "group_not_known", once=f"group_member:{chat}:{sender}")
    return None, "somebody who may set nothing here: answered once, kept for the office"


def _reading(happening: Happening, place: Provider, words: str) -> Reading:
    """What it would mean, had staff said it: only to know whether it was meant for the bot."""
    nobody = Person(key="", name="", mobile="")
    for register in registers_now(happening, nobody, [place.key]):
        return reading_of(happening, nobody, register, words)
    return happening.read_of_cases((), words, Speaker.PROVIDER)


def _on_stop(happening: Happening, place: Provider) -> str:
    """Obeyed: the group is left alone, and each is asked in their own chat again."""
    return _leave(happening, place, AddressState.STOPPED, "the group asked us to stop")


def _on_taken_out(happening: Happening, place: Provider | None) -> str:
    if place is None:
        return "taken out of a group that is no provider's"
    return _leave(happening, place, AddressState.GONE, "the bot was taken out of the group")


def _leave(happening: Happening, place: Provider, state: AddressState, says: str) -> str:
    db, address, now = happening.db, happening.inbound.address, happening.now
    set_state(db, address, state, now, says)
    if state is AddressState.STOPPED:
        # Of one that the bot was taken out of, what waits is refused, and goes to each instead.
        lapse_for(db, address, says)
    rota = happening.rota(place.key)
    contact = rota.key_contact or next((person for person, _ in rota.css), None)
    if rota.staff or rota.backups or contact is None:
        return says
    say = Say(
        to=contact.key,
        script="css_group_left",
        more={"provider": place.name, "who": place.name, "phone": place.phone},
        urgency=Urgency.ALARM,
    )
    decision = Decision(because=f"{says}; nobody there can be asked", say=(say,))
    return happening.save(contact, decision, kind="group", rotas={place.key: rota})
