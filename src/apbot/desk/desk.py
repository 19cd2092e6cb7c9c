"""
The desk's own things: what every happening is handled with.

One value, made once by the composition root and handed to every function of this room.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from apbot.desk.slip_links import Slips
from apbot.domain.decisions import Rota
from apbot.domain.messages import Inbound
from apbot.domain.register import Register
from apbot.domain.taught import TaughtWord
from apbot.loading.hears_files import Hears
from apbot.loading.taught import LeftOut, lexicon_with
from apbot.reading.lexicon import Lexicon
from apbot.store.database import Database
from apbot.store.lists import Lists, find_lists, find_version
from apbot.wording.scripts import Scripts
from apbot.wording.templates import Template


class NothingLoaded(Exception):
    """No lists were ever loaded: run `apbot load`."""

    def __init__(self) -> None:
        super().__init__("the database holds no lists yet: run `apbot load`")


@dataclass(slots=True)
class ListsShelf:
    """The lists as last read, and the lexicon with the words taught, until they change."""

    version: int = 0
    lists: Lists | None = None
    lexicon: Lexicon | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """
    What happenings are handled with.

    `shipped` is the lexicon of the files `hears`, without the words that the office taught.
    `channels` are the names of those that are on. `telegram_link` makes the address of a one-time
    link from its token, where Telegram is on. `templates` are those that WhatsApp has approved.
    `slips` make the links that a text may carry, where phones can open them.
    """

    database: Database
    shipped: Lexicon
    scripts: Scripts
    channels: frozenset[str]
    telegram_link: Callable[[str], str | None] | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    slips: Slips | None = None
    hears: Hears | None = None
    shelf: ListsShelf = field(default_factory=ListsShelf)

    @property
    def lexicon(self) -> Lexicon:
        """All that is heard: the words of the files, and those that the office has taught."""
        return self.shelf.lexicon or self.shipped

    def taught(self, words: Sequence[TaughtWord]) -> tuple[Lexicon, tuple[LeftOut, ...]]:
        """Return the lexicon with these words laid over the files, and which were left out."""
        if not words or self.hears is None:
            return self.shipped, ()
        return lexicon_with(self.hears, words)

    def lists(self, db: Connection, version: int | None = None) -> Lists:
        """
        Return the office's lists as they stand. Raises NothingLoaded.

        `version` is theirs, where this transaction has seen it already.
        """
        if version is None:
            version = find_version(db)
        if self.shelf.lists is None or self.shelf.version != version:
            found = find_lists(db)
            if found is None:
                raise NothingLoaded
            held = self.shelf.lists
            if found.words != (held.words if held is not None else ()):
                self.shelf.lexicon = self.taught(found.words)[0]
            self.shelf.lists, self.shelf.version = found, version
        return self.shelf.lists


@dataclass(frozen=True, slots=True)
class About:
    """
    What the texts of one decision are about: by provider its rota, and by id the registers.

    `speaker` wrote or tapped `inbound`, where that is what happened. `asker` is whose question a
    new one is, where not the speaker's: in a group anybody may answer it. `mornings` are the
    morning's registers, by provider, where a pupil is sought in the afternoon.
    """

    lists: Lists
    rotas: Mapping[str, Rota]
    register: Register | None = None
    happening: str = ""
    callback_id: str | None = None
    inbound: Inbound | None = None
    speaker: str = ""
    asker: str = ""
    mornings: Mapping[str, Register] = field(default_factory=dict)
