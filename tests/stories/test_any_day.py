"""
Any day: staff, contacts and parents write and tap what they like, when they like, and the house
dies and comes up again; after each of it the day's promises hold.

`APBOT_MANY_DAYS=200` plays that many days, and longer ones.
"""

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from structlog.testing import capture_logs

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at, local
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.people import People, Person
from apbot.sandbox.twilio_api import PhoneIsOff
from apbot.store.database import database_url, open_database
from apbot.store.inbox import keep
from tests.stories.day import Day, a_day
from tests.stories.promises import PROMISES, Kept, look, nothing_private_is_logged, nothing_raises
from tests.stories.small_town import (
    CONTACTS,
    JO,
    MAX,
    MONDAY,
    PARENTS,
    RAVI,
    SAM,
    STAFF,
    a_small_town,
)

MANY = int(os.environ.get("APBOT_MANY_DAYS", "0"))

STAFF_SAY = (
    "all in",
    "all here",
    "everyone in except {a}",
    "all in bar {a}",
    "{a} absent",
    "{a} off ill, rest in",
    "{a} off, no idea why",
    "{a} refusing to come",
    "{a} dentist, {b} here",
    "{a} late",
    "{a} on the way",
    "{a} running late, should be here by 11, rest in",
    "{a} here now",
    "{a} has just turned up",
    "can't find {a}",
    "{a} not back from lunch",
    "{a} walked out at 10:20",
    "{a} went home early, mum collected",
    "found {a}",
    "sorry {a} is here, {b} is absent",
    "{a} is not ill, just didn't turn up",
    "1 2 in, 3 off",
    "1 y 2 n 3 y",
    "we are closed today, boiler broken",
    "open after all, all in",
    "what time is the bus today?",
    "worried about {a}, bruise on her arm and she says her uncle did it",
    "emergency! ambulance called, {a} is unconscious",
    "help",
    "asdf qwer",
    "ok",
    "yes",
    "no",
    "1",
    "thanks",
    "morning, lovely weather for it",
    "nobody here yet",
    "wrong number, who is this?",
    "oakbarn",
    "mill",
)

CONTACTS_SAY = (
    "ok",
    "ok {ref}",
    "ok all",
    "on it",
    "done {ref}",
    "{ref} done",
    "{ref} spoke to mum, he's ill",
    "found him at home",
    "{ref} found at home, safe",
    "{ref} voicemail, will try again",
    "tell {ref}",
    "tell all",
    "don't tell {ref}",
    "{a} is ill, mum rang",
    "{a} is ill and {b} is at the dentist",
    "{ref} and {other} sorted",
    "absent {a} tomorrow dentist",
    "{a} away today pm appointment",
    "note oakbarn tomorrow: taxi late",
    "undo {a} tomorrow",
    "the 685, ten past three",
    "{ref} mum says he left at half eight",
    "{a}'s nan says his stepdad hit him last night",
    "still no sign of {a}, police have been called",
    "help",
    "asdf qwer",
    "thanks",
)

PARENTS_SAY = (
    "he's ill today",
    "she has the dentist",
    "he left at half eight!",
    "{a} left the house at 8:30, where is he?",
    "thanks",
    "is he there?",
    "he is at home with me, safe",
    "please keep {a} in at lunch",
    "wyszedl z domu o 8:30, gdzie on jest?",
    "mae hi'n sal heddiw",
    "I am scared of what his dad will do to him",
    "help",
    "who is this? wrong number",
    "asdf qwer",
)

STOPPING = ("STOP", "START", "stop texting me please")

FORGED = ("", "junk", "m:x", "a:999999", "q:1:zz:yes", "c:K1:ok", "c:K2:tell", "k:0:yes", "w:1:z")
FORGED_FOR = ("a:{id}", "m:{id}:1:-:p", "m:{id}:1:-:a", "m:{id}:2:p:u", "m:{id}:77:-:p")

RARE = (
    "a stranger",
    "stop or start",
    "second phone",
    "forged tap",
    "forged mark",
    "everything twice",
    "phone off or on",
    "chat blocked or not",
)

pupils = st.integers(0, 4)
pauses = st.integers(1, 40)
picks = st.integers(0, 9)
staff = st.sampled_from(STAFF)
contacts = st.sampled_from(CONTACTS)
everybody = st.sampled_from([*STAFF, *CONTACTS, *PARENTS])


class AnyDay(RuleBasedStateMachine):
    """The house on a Monday of the small town, and everybody who may touch it."""

    empty_sqlite: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = ExitStack()
        self.logged: list[Any] = self.stack.enter_context(capture_logs())
        self.plain = _Kept()
        logging.getLogger().addHandler(self.plain)
        self.seen: dict[str, list[tuple[int, str]]] = {}
        self.said: set[str] = set()

    def teardown(self) -> None:
        """Let everything go."""
        self.do(self.opened.__aexit__(None, None, None))
        self.database.close()
        logging.getLogger().removeHandler(self.plain)
        self.stack.close()
        self.loop.close()

    @initialize(starts=st.sampled_from(["08:55", "09:25"]))
    def opens(self, starts: str) -> None:
        """Everybody is enrolled, and the clock stands still."""
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copy(self.empty_sqlite, folder / "apbot.db")
        self.database = open_database(database_url(f"sqlite:///{folder / 'apbot.db'}"))
        self.lists = a_small_town()
        moment = at(MONDAY, time.fromisoformat(starts))
        self.opened = a_day(self.database, moment, lists=self.lists)
        self.day: Day = self.do(self.opened.__aenter__())
        for person in self.lists.people.persons:
            self.day.phone(person.name)
        self.before = self.kept()

    @rule(who=staff, text=st.sampled_from(STAFF_SAY), a=pupils, b=pupils, s=pauses)
    def staff_say(self, who: Person, text: str, a: int, b: int, s: int) -> None:
        """A member of staff writes about the pupils of a place of theirs."""
        self.says(who, text, self.names_of(who), a, b, s)

    @rule(who=staff, s=pauses)
    def staff_say_all_in(self, who: Person, s: int) -> None:
        """The most usual text."""
        self.says(who, "all in", [], 0, 0, s)

    @rule(
        who=st.sampled_from(CONTACTS),
        text=st.sampled_from(CONTACTS_SAY),
        a=picks,
        b=picks,
        s=pauses,
    )
    def contacts_say(self, who: Person, text: str, a: int, b: int, s: int) -> None:
        """A contact writes of cases, by ref, by name or by neither."""
        self.says(who, text, [p.name for p in self.lists.people.pupils], a, b, s)

    @rule(who=st.sampled_from(PARENTS), text=st.sampled_from(PARENTS_SAY), a=picks, s=pauses)
    def parents_say(self, who: Person, text: str, a: int, s: int) -> None:
        """A parent writes, mostly of their own child."""
        people = self.lists.people
        mine = {parent.pupil for parent in people.parents if parent.person == who.key}
        names = [pupil.name for pupil in people.pupils if pupil.key in mine]
        self.says(who, text, names if a else [p.name for p in people.pupils], a, a, s)

    @rule(who=st.sampled_from([*STAFF, *CONTACTS]), pick=picks, s=pauses)
    def somebody_taps(self, who: Person, pick: int, s: int) -> None:
        """A button that is on one of their messages now."""
        self.passes(seconds=s)
        if who.key not in self.day.chats:
            return
        chat = self.day.chats[who.key]
        shown = [
            (int(bubble.id), key.data)
            for bubble in reversed(self.day.telegram.handsets.get(str(chat)).bubbles)
            for row in bubble.keys
            for key in row
        ]
        self.seen.setdefault(who.key, []).extend(shown)
        if shown:
            self.touches(lambda: self.day.telegram.tap(chat, *shown[pick % len(shown)]))
            self.do(self.day.settle())

    @rule(who=st.sampled_from([*STAFF, *CONTACTS]), pick=picks, s=pauses)
    def somebody_taps_what_was_there_before(self, who: Person, pick: int, s: int) -> None:
        """A button as it was when they last looked."""
        stash = self.seen.get(who.key, [])
        if stash:
            self.sends_tap(who, stash[-1 - pick % len(stash)][1], s)

    @rule(kind=st.sampled_from(RARE), who=everybody, pick=picks, s=pauses)
    def something_rare_happens(self, kind: str, who: Person, pick: int, s: int) -> None:
        """What a day may have, and most have not."""
        self.passes(seconds=s)
        day, chat = self.day, self.day.chats.get(who.key)
        ids = sorted(self.before.registers)
        if kind == "a stranger":
            text = ("all in", "hello?", "can't find Femi", "OK K1", "STOP")[pick % 5]
            self.touches(lambda: day.twilio.type_text("+447700900999", text))
        elif kind == "stop or start":
            self.types(who, STOPPING[pick % len(STOPPING)])
        elif kind == "second phone":
            self.says(who, STAFF_SAY[pick], self.names_of(who), pick, pick, s, thread=-1)
        elif kind == "forged tap":
            self.sends_tap(who, FORGED[pick % len(FORGED)], s)
        elif kind == "forged mark":
            data = FORGED_FOR[pick % len(FORGED_FOR)]
            self.sends_tap(who, data.format(id=ids[pick % len(ids)]), s)
        elif kind == "everything twice":
            day.twilio.inbound_twice = not day.twilio.inbound_twice
        elif kind == "phone off or on":
            is_off = day.twilio.handset(who.mobile, "sms").is_off
            self.touches(lambda: day.twilio.switch_off(who.mobile, is_off=not is_off))
        elif chat is not None:
            is_blocked = day.telegram.handsets.get(str(chat)).is_blocked
            self.touches(lambda: day.telegram.block(chat, is_blocked=not is_blocked))
        self.do(day.settle())

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        """Nobody says anything."""
        self.passes(seconds=60 * minutes)

    @rule()
    def the_next_thing_falls_due(self) -> None:
        """To the very moment of the next deadline."""
        due = min(self.before.deadlines.values())
        self.do(self.day.until(min(due, self.day.clock.now() + timedelta(hours=1))))

    @rule(to=st.sampled_from(["10:00", "10:31", "11:16", "13:00", "13:31", "15:10", "17:05"]))
    def a_clock_time_comes(self, to: str) -> None:
        """Over lunch, to the end of a session, to the end of the day."""
        moment = at(local(self.day.clock.now()).date(), time.fromisoformat(to))
        if self.day.clock.now() < moment:
            self.do(self.day.until(moment))

    @rule(
        minutes=st.sampled_from([0, 0, 2, 7, 33, 65, 250]),
        who=st.sampled_from([*STAFF, *CONTACTS]),
        text=st.sampled_from(["all in", "can't find {a}", "{a} off ill, rest in", "ok all"]),
        a=pupils,
        writes=st.booleans(),
    )
    def the_house_dies(self, minutes: int, who: Person, text: str, a: int, writes: bool) -> None:
        """It was away for a while; what was written just before was kept, and not yet read."""
        if writes:
            names = self.names_of(who) or ["Femi Okafor"]
            self.types(who, text.format(a=names[a % len(names)].split()[0]))
            self.do(self.networks_idle())
        self.day.clock.move_by(timedelta(minutes=minutes))
        self.do(self.day.restarts())
        self.do(self.day.settle())

    @precondition(lambda self: self.may_end())
    @rule(wakes=st.sampled_from(["03:00", "08:50", "09:47", "12:20"]), is_away=st.booleans())
    def a_night_passes(self, wakes: str, is_away: bool) -> None:
        """The machine slept until then, or was looked after at four as ever."""
        on = local(self.day.clock.now()).date() + timedelta(days=1)
        if not is_away:
            self.day.clock.move_to(at(on, time(4)))
            self.do(self.day.settle())
        self.day.clock.move_to(at(on, time.fromisoformat(wakes)))
        self.do(self.day.settle())

    @rule(who=st.sampled_from([JO, SAM, MAX, RAVI]), comes_back=st.booleans())
    def the_office_loads_its_lists(self, who: Person, comes_back: bool) -> None:
        """Somebody has left, or everybody is back on the lists."""
        whole = a_small_town()
        self.lists = whole if comes_back else replace(whole, people=_without(whole.people, who.key))
        self.day.lists = self.lists
        self.passes(seconds=2)
        with self.database.writing() as db:
            take_lists(db, self.lists, self.day.clock.now())
        self.do(self.day.settle())

    @invariant()
    def the_promises_hold(self) -> None:
        """Every rule of the day, between what was kept before and what is kept now."""
        now = self.kept()
        for promise in PROMISES:
            promise(self.before, now)
        self.said |= {row.text for row in now.inbox.values() if row.kind == "text"}
        logged = [*self.logged, *self.plain.lines]
        nothing_raises(logged)
        nothing_private_is_logged(logged, a_small_town(), self.said)
        self.logged.clear()
        self.plain.lines.clear()
        self.before = now

    def may_end(self) -> bool:
        """Whether it is late on the first or second day."""
        now = local(self.day.clock.now())
        return now.hour >= 14 and now.date() < MONDAY + timedelta(days=2)

    def says(
        self,
        who: Person,
        text: str,
        names: list[str],
        a: int,
        b: int,
        pause: int,
        thread: int = 0,
    ) -> None:
        """After a pause, type a text whose blanks are filled as the day stands."""
        self.passes(seconds=pause)
        firsts = [name.split()[0] for name in names] or ["Femi"]
        refs = [case.ref for case in reversed(list(self.kept().cases.values()))] or ["K7"]
        self.types(
            who,
            text.format(
                a=firsts[a % len(firsts)],
                b=firsts[b % len(firsts)],
                ref=refs[a % len(refs)],
                other=refs[b % len(refs)],
            ),
            thread,
        )
        self.do(self.day.settle())

    def types(self, who: Person, text: str, thread: int = 0) -> None:
        """Type on a phone; one that is off types nothing."""
        phone = self.day.phone(who.name)
        where = phone.threads[thread]
        if where.network == "telegram":
            self.touches(lambda: self.day.telegram.type_text(int(where.address), text))
            return
        with suppress(PhoneIsOff):
            self.touches(
                lambda: self.day.twilio.type_text(where.address, text, network=where.network)
            )

    def sends_tap(self, who: Person, data: str, pause: int) -> None:
        """A callback as a changed client could send it."""
        self.passes(seconds=pause)
        chat = self.day.chats.get(who.key)
        address = Address("telegram", str(chat)) if chat else Address("whatsapp", who.mobile)
        now = self.day.clock.now()
        id = f"forged-{len(self.before.inbox)}-{now}"
        tap = Inbound(id, address, InboundKind.TAP, data, callback_id="0")
        with self.database.writing() as db:
            keep(db, tap, now)
        self.do(self.day.settle())

    def passes(self, *, seconds: int) -> None:
        """Let time pass, each thing that is due done at its own moment."""
        self.do(self.day.until(self.day.clock.now() + timedelta(seconds=seconds)))

    def names_of(self, who: Person) -> list[str]:
        """The pupils of all places where somebody works."""
        people = self.lists.people
        mine = {staff.provider for staff in people.staff if staff.person == who.key}
        due = {place.pupil for place in people.placements if place.provider in mine}
        return [pupil.name for pupil in people.pupils if pupil.key in due]

    def kept(self) -> Kept:
        """What is kept now."""
        return look(self.database, self.lists, self.day.clock.now())

    async def networks_idle(self) -> None:
        """Wait until the networks have brought what was typed."""
        await self.day.telegram.idle()
        await self.day.twilio.idle()

    def touches(self, what: Callable[[], object]) -> None:
        """Do something on a phone, where the networks' own tasks can run."""

        async def touch() -> None:
            what()

        self.do(touch())

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Do this on the machine's own loop."""
        return self.loop.run(what)


class _Kept(logging.Handler):
    """Keeps the plain log lines, from warnings on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[dict[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        level = record.levelname.lower()
        self.lines.append({"event": record.getMessage(), "log_level": level, "by": record.name})


def _without(people: People, key: str) -> People:
    """The same people after this one's lines are taken out."""
    return replace(
        people,
        persons=tuple(person for person in people.persons if person.key != key),
        staff=tuple(staff for staff in people.staff if staff.person != key),
        contacts=tuple(
            replace(contact, cover=None if contact.cover == key else contact.cover)
            for contact in people.contacts
            if contact.person != key
        ),
    )


def test_the_promises_hold_on_any_day(empty_sqlite: Path) -> None:
    """Whatever people write, tap and leave unsaid: every rule of the day holds after each of it."""

    class Here(AnyDay):
        pass

    Here.empty_sqlite = empty_sqlite
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=MANY or 3,
            stateful_step_count=40 if MANY else 20,
            derandomize=not MANY,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
