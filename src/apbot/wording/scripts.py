"""
Scripts: every text that the bot may say, by name, as words with placeholders and no logic.

What is said is a person's choice and lives in `conversations/says/`; what is true is a fact, and
comes from the code. A placeholder is `{fact}` and nothing more, so a clerk can read every script
aloud.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

BASE_LANGUAGE = "en"
DEFAULT_PARTS = 2

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class NoSuchScript(LookupError):
    """The code asked for a script that no file of `conversations/says/` holds."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no script named {name}; add it to a file of conversations/says/")


class MissingFact(LookupError):
    """A script was to be spoken without a fact that it names."""

    def __init__(self, script: str, fact: str) -> None:
        super().__init__(f"script {script} needs the fact {{{fact}}} and was not given it")
        self.script = script
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Script:
    """
    Words for one situation.

    `to` says who hears it, for the reader of the file. `facts` are the placeholders it may use.
    `sms` are other, shorter words for SMS; `parts` is how many SMS it may be sent as. `line` is how
    it is said when it becomes one text with others; a script without it is always its own text.
    `voice` is what a telephone call says of it, in one sentence; `board` what the page says of it
    to whoever clicked there.
    """

    name: str
    to: str
    facts: tuple[str, ...]
    text: str
    sms: str | None = None
    parts: int = DEFAULT_PARTS
    language: str = BASE_LANGUAGE
    line: str | None = None
    voice: str | None = None
    board: str | None = None

    def words(self, channel: str) -> str:
        """Return the words for this channel, their placeholders not yet filled."""
        own = {"voice": self.voice, "sms": self.sms, "board": self.board}.get(channel)
        return own if own is not None else self.text


@dataclass(frozen=True, slots=True)
class Scripts:
    """
    All scripts by name, and their translations by language and name.

    A script that a language lacks is spoken in the base language: better understood by half than
    not sent. `words` are, by language, the words of facts ("Mon", "this morning") in it.
    """

    by_name: Mapping[str, Script]
    by_language: Mapping[str, Mapping[str, Script]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def named(self, name: str, language: str = BASE_LANGUAGE) -> Script:
        """Return the script in this language where there is one. Raises NoSuchScript."""
        base = self.by_name.get(name)
        if base is None:
            raise NoSuchScript(name)
        return self.by_language.get(language, {}).get(name, base)

    def words_of(self, language: str) -> Mapping[str, str]:
        """Return the words of facts in this language; what is not among them is said as it is."""
        return self.words.get(language, {})

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    def __iter__(self) -> Iterator[Script]:
        """Every script in every language, the base language first."""
        yield from self.by_name.values()
        for scripts in self.by_language.values():
            yield from scripts.values()

    def __len__(self) -> int:
        return sum(1 for _ in self)


def placeholders(words: str) -> tuple[str, ...]:
    """Return the facts that the words name, in order, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(words)))


def fixed_part(words: str) -> str:
    """Return the words without their placeholders; a brace left in it is no placeholder's."""
    return _PLACEHOLDER.sub("", words)


def fill(script: Script, words: str, facts: Mapping[str, str | int]) -> str:
    """
    Put the facts in their places, once: a fact that holds braces is said as it is.

    Raises MissingFact. Facts that the words do not name are left aside.
    """

    def fact(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in facts:
            raise MissingFact(script.name, name)
        return str(facts[name])

    return _PLACEHOLDER.sub(fact, words)
