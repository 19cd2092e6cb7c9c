"""
Staff: somebody who works for a provider wrote.

Which register is it about? By the message that it quotes, else by the half that it is time for;
where two providers of theirs are waiting, they are asked. Where there is none, a person reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from apbot.desk.deadlines import am_marks_of, am_reasons_of, cases_for, fresh
from apbot.desk.happening import Happening
from apbot.desk.mornings import with_the_morning
from apbot.desk.off_register import names_off_register, off_register, sounds_lost, words_of
from apbot.desk.which import ask_which, provider_option
from apbot.domain.answers import on_reply
from apbot.domain.calendar import at, local
from apbot.domain.people import Person
from apbot.domain.readings import Ask, Reading, Rephrase, Reply, RestPresent, RosterPupil
from apbot.domain.register import Register, RegisterState
from apbot.domain.reopening import on_reopened
from apbot.domain.sought import (
    beside,
    is_passed_on,
    not_asking_after,
    sought_of,
    without_said_again,
)
from apbot.domain.strays import on_stray_reply
from apbot.domain.talk import Talk
from apbot.domain.words import Flag, Mark, Speaker
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from apbot.reading.reopening import says_open
from apbot.reading.tokens import fold
from apbot.store.addresses import group_key
from apbot.store.registers import find_ask, get_register, hold_registers
from apbot.store.said import count_said

NONSENSE_SCRIPTS = ("ask_rephrase", "ask_rephrase_complete", "ask_early")

AT_ONCE = frozenset({Flag.CONCERN, Flag.EMERGENCY})
"""What does not wait for the question which provider it is about."""

ONLY_TO_THE_BOT = frozenset({Flag.OPT_OUT, Flag.WRONG_NUMBER, Flag.HELP})
"""What somebody in a group says to the others, unless it is addressed to the bot."""

LEFT_ALONE = "talk among the group: left alone"

TURNS_BEFORE = timedelta(minutes=60)
"""So long before its start, an afternoon's register is the one that staff write about."""


def on_staff_text(
    happening: Happening,
    person: Person,
    providers: Sequence[str],
    text: str,
    *,
    is_addressed: bool = True,
) -> str:
    """
    Do what a text of this member of staff asks; return what came of it.

    In a group staff talk with one another: what is not addressed to the bot, and says nothing of a
    pupil or for the office, is left alone.
    """
    registers = _registers_of(happening, person, providers)
    current = _current(happening, registers, text)
    if len(current) > 1:
        current = _meant(happening, person, current, text)
    if len(current) > 1:
        options = [provider_option(one.provider, one.provider_name) for one in current]
        return ask_which(happening, person, options, "ask_which_provider")
    if not current:
        return _on_stray(happening, person, providers[0], text, is_addressed=is_addressed)
    talk = talk_of(happening, person, current[0])
    return on_words(happening, talk, text, is_addressed=is_addressed)


def on_words(
    happening: Happening, talk: Talk, text: str, kind: str = "reply", *, is_addressed: bool = True
) -> str:
    """Read words about a register, decide and save; a tap on an answer is words as well."""
    asks = _asks_who_is_in(text, happening.desk.lexicon)
    talk = replace(talk, named=_named(talk.register, text), asks_who_is_in=asks)
    reading = not_asking_after(_read(happening, talk, text), talk)
    reading = without_said_again(reading, talk)
    off = None
    is_unclear = isinstance(reading.ask, Rephrase) or _says_nothing(reading)
    if is_unclear or names_off_register(happening, talk.register, text):
        off = off_register(happening, talk.person, talk.rota, talk.register, reading, text)
    if off is None and sounds_lost(happening, reading, text):
        # A child whom this place does not have, by the name: a person must read that, and at once.
        reading = replace(reading, flags=reading.flags | {Flag.CONCERN}, ask=None)
    if off is None and not is_addressed and is_chatter(reading):
        return LEFT_ALONE
    is_shut = talk.register.state is RegisterState.CLOSED
    says_nothing_else = not (reading.marks or reading.flags)
    is_reopened = is_shut and says_open(text, happening.desk.lexicon)
    if is_reopened and reading.marks and isinstance(reading.ask, Rephrase):
        # What was left over of the words is that it is open: who has no mark is asked for later.
        reading = replace(reading, ask=None)
    if is_reopened and says_nothing_else:
        decision = on_reopened(talk, happening.now)
    elif off is not None and says_nothing_else and not is_passed_on(talk, reading, text):
        decision = off
    else:
        if isinstance(reading.ask, Rephrase):
            midnight = at(local(happening.now).date(), time(0, 0))
            count = count_said(happening.db, talk.person.key, NONSENSE_SCRIPTS, midnight)
            talk = replace(talk, rephrased=count)
        decision = on_reply(talk, reading, text, happening.refs(), happening.now)
    if off is not None and off is not decision:
        decision = beside(decision, off)
    decision = with_the_morning(happening, talk, decision)
    rotas = {talk.register.provider: talk.rota}
    return happening.save(
        talk.person, decision, reading, kind=kind, rotas=rotas, register=talk.register
    )


def _named(register: Register, text: str) -> frozenset[str]:
    """The pupils on the register whose name stands in the words."""
    said = words_of(text)
    named = [
        line
        for line in register.roster
        if said & {fold(name).split()[0] for name in (line.name, line.known_as or line.name)}
    ]
    # "alex mer here": of the two Alexes, the one who is shown so.
    plainly = [line for line in named if said >= {*fold(line.shown).split()}]
    firsts = {fold(line.shown).split()[0] for line in plainly}
    others = (line for line in named if fold(line.shown).split()[0] not in firsts)
    return frozenset(line.pupil for line in (*plainly, *others))


def _asks_who_is_in(text: str, lexicon: Lexicon) -> bool:
    """ "Who have you got in for us?": whoever asks is told how the register stands."""
    plain = " ".join(word.strip(".,!?:;()") for word in fold(text).replace("’", "'").split())
    return any(f" {words} " in f" {plain} " for words in lexicon.beside.asks_who_is_in)


def is_chatter(reading: Reading) -> bool:
    """Whether words that were not addressed to the bot say nothing that it has to take."""
    asks = reading.ask is not None and not isinstance(reading.ask, Rephrase)
    return not (reading.marks or asks or reading.flags - ONLY_TO_THE_BOT)


def registers_now(
    happening: Happening, person: Person, providers: Sequence[str], text: str = ""
) -> list[Register]:
    """Return the registers of today that this person, of these providers, can be writing about."""
    return _current(happening, _registers_of(happening, person, providers), text)


def reading_of(happening: Happening, person: Person, register: Register, text: str) -> Reading:
    """Return what these words would mean about this register, and do nothing."""
    return _read(happening, talk_of(happening, person, register), text)


def talk_of(happening: Happening, person: Person, register: Register) -> Talk:
    """Return everything that this person's words about this register are read against."""
    assert register.id is not None
    db, id = happening.db, register.id
    register = fresh(happening.lists, get_register(db, id))
    return Talk(
        person=person,
        register=register,
        rota=happening.rota(register.provider),
        cases=cases_for(db, register),
        am_marks=am_marks_of(db, register),
        am_reasons=am_reasons_of(db, register),
        pending=_pending(happening, register, person),
        inbox=happening.row.id,
    )


def reply_of(talk: Talk, text: str, said_at: datetime) -> Reply:
    """Return a reply in its context, as the reading room takes it."""
    return reply_about(talk.register, text, said_at, am_marks=talk.am_marks, pending=talk.pending)


def reply_about(
    register: Register,
    text: str,
    said_at: datetime,
    *,
    am_marks: Mapping[int, Mark] | None = None,
    pending: Ask | None = None,
) -> Reply:
    """Return what was said of a register as it stands, as the reading room takes it."""
    return Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=register.on,
        half=register.half,
        start=register.start,
        sent_at=local(said_at).time().replace(second=0, microsecond=0),
        roster=tuple(
            RosterPupil(
                number=line.number,
                name=line.name,
                known_as=line.known_as,
                start=line.own_start if line.starts_at > register.starts_at else None,
                known_absence=line.known_absence,
            )
            for line in register.roster
        ),
        marks=register.marks,
        am_marks=am_marks or {},
        pending=pending,
    )


def _read(happening: Happening, talk: Talk, text: str) -> Reading:
    reply, lexicon = reply_of(talk, text, happening.row.received_at), happening.desk.lexicon
    reading = read(reply, lexicon)
    number = _asked_about(talk)
    if number is None or not _is_nothing(reading):
        return reading
    # Who was asked about one pupil and answers in a word speaks of that one.
    only = tuple(pupil for pupil in reply.roster if pupil.number == number)
    held = {n: mark for n, mark in reply.marks.items() if n == number}
    alone = read(replace(reply, roster=only, marks=held, pending=None), lexicon)
    mark = alone.marks.get(number)
    is_sought = any(
        case.pupil == talk.register.line(number).pupil
        for case in sought_of(talk.cases, talk.register)
    )
    # "No" to "found yet?" is no new mark; "his dad took him home" is.
    is_news = mark is not None and (mark.is_here or mark is Mark.LEFT or not is_sought)
    return alone if is_news else reading


def _asked_about(talk: Talk) -> int | None:
    """
    Return the one pupil whom they were last asked about, or None.

    While one child alone is sought, everything that they hear asks after that one; but "he's here"
    may be of another who is on the way.
    """
    pending = talk.pending
    if isinstance(pending, RestPresent):
        return pending.pupils[0] if len(pending.pupils) == 1 else None
    if isinstance(pending, Rephrase) and pending.about:
        return pending.about[0] if len(pending.about) == 1 else None
    sought = {case.pupil for case in sought_of(talk.cases, talk.register)}
    numbers = [line.number for line in talk.register.roster if line.pupil in sought]
    if pending is not None or len(numbers) != 1 or len(sought) != 1:
        return None
    awaited = (n for n, mark in talk.register.marks.items() if mark is Mark.AWAITED)
    return numbers[0] if {*awaited} <= {*numbers} else None


def _is_nothing(reading: Reading) -> bool:
    is_lost_on_us = isinstance(reading.ask, Rephrase)
    return is_lost_on_us and not (reading.marks or reading.reasons or reading.flags)


def _pending(happening: Happening, register: Register, person: Person) -> Ask | None:
    """
    The question that is open to them; what was asked in a group anybody there may answer.

    Whom a colleague has spoken of since is no longer in question: a late yes must not undo that.
    """
    assert register.id is not None
    asked = None
    if happening.inbound.is_in_group:
        asked = find_ask(happening.db, register.id, group_key(register.provider))
    asked = asked or find_ask(happening.db, register.id, person.key)
    if asked is None or not isinstance(asked.ask, RestPresent | Rephrase):
        return asked.ask if asked else None
    said = {entry.number for entry in register.entries if entry.at > asked.at}
    if isinstance(asked.ask, Rephrase):
        about = tuple(number for number in asked.ask.about if number not in said)
        return replace(asked.ask, about=about)
    left = tuple(number for number in asked.ask.pupils if number not in said)
    return RestPresent(left) if left else None


def _on_stray(
    happening: Happening, person: Person, provider: str, text: str, *, is_addressed: bool
) -> str:
    rota = happening.rota(provider)
    policy = happening.lists.policies[rota.provider.policy]
    reading = happening.read_of_cases((), text, Speaker.PROVIDER)
    if not reading.flags & (AT_ONCE | ONLY_TO_THE_BOT):
        off = off_register(happening, person, rota, None, reading, text)
        if off is not None:
            return happening.save(person, off, reading, kind="reply", rotas={provider: rota})
    if not is_addressed and is_chatter(reading):
        return LEFT_ALONE
    decision = on_stray_reply(person, policy, rota, reading, text, happening.refs(), happening.now)
    return happening.save(person, decision, reading, kind="reply", rotas={provider: rota})


def _registers_of(
    happening: Happening, person: Person, providers: Sequence[str]
) -> tuple[Register, ...]:
    """The registers of these providers on the day of the message."""
    return hold_registers(happening.db, happening.on, providers, person.key)


def _current(happening: Happening, registers: tuple[Register, ...], text: str) -> list[Register]:
    """Return the registers that a reply can be about: one, or several of different providers."""
    quoted = happening.quoted()
    if quoted is not None and quoted.register is not None:
        found = [register for register in registers if register.id == quoted.register]
        if found:
            return found
    said_at = happening.row.received_at
    halves: dict[str, Register] = {}
    for register in registers:
        held = halves.get(register.provider)
        if held is None or said_at >= max(held.ends_at, register.starts_at - TURNS_BEFORE):
            halves[register.provider] = register
    current = list(halves.values())
    if len(current) < 2:
        return current
    named = [one for one in current if _is_named(one, current, text)]
    return named if len(named) == 1 else current


def _is_named(register: Register, among: list[Register], text: str) -> bool:
    """Whether a word of the provider's name, that no other's has, is among these."""
    others = {
        word
        for one in among
        if one is not register
        for word in (*fold(one.provider_name).split(), *_names(one))
    }
    own = {word for word in fold(register.provider_name).split() if len(word) > 2}
    return bool((own - others - _names(register) - {"the", "and"}) & words_of(text))


def _names(register: Register) -> set[str]:
    """The words of the pupils' names: Hazel may be a child, and no place."""
    return {word for line in register.roster for word in fold(line.name).split()}


def _meant(
    happening: Happening, person: Person, current: list[Register], text: str
) -> list[Register]:
    """
    Of registers of different providers, return the one that the words plainly are about, or all.

    Plain is what names a pupil whom only one of them has, or where only one still has somebody to
    mark. None, where it is a concern: that waits for no question, and goes on as it was written.
    """
    said = words_of(text)
    names = {one.provider: _names(one) & said for one in current}
    of_one = [
        one
        for one in current
        if names[one.provider].difference(*(names[o.provider] for o in current if o is not one))
    ]
    if len(of_one) == 1:
        return of_one
    readings = [(one, reading_of(happening, person, one, text)) for one in current]
    plain = [one for one, reading in readings if reading.marks and reading.ask is None]
    if len(plain) == 1:
        return plain
    waiting = [one for one in plain or current if one.unmarked()]
    if len(waiting) == 1:
        return waiting
    flags = {flag for _, reading in readings for flag in reading.flags}
    if flags & AT_ONCE:
        return []
    if flags & ONLY_TO_THE_BOT or all(_says_nothing(reading) for _, reading in readings):
        return current[:1]
    return waiting or current


def _says_nothing(reading: Reading) -> bool:
    return not (reading.marks or reading.flags or reading.ask)
