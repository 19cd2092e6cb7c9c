"""
Reading `conversations/says/`: what the bot says, as a person wrote it.

A clerk may change any text, so every slip is found before it is spoken: a placeholder that is no
fact would leave a hole in a warning about a child. `provider.yaml` holds scripts, and
`provider.pl.yaml` the same scripts in Polish; what a translation lacks is said in the base
language. Below `words:` a translation has the words of facts: days, months, halves.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from apbot.loading.lined import Lined, LinedDict, LinedList, line_of, read_yaml
from apbot.loading.problems import Problem, Unreadable, shown
from apbot.wording.compose import TRANSLATED
from apbot.wording.gsm import alphabet, fold, parts
from apbot.wording.scripts import DEFAULT_PARTS, Script, Scripts, fixed_part, placeholders

_KEYS = ("to", "facts", "text", "sms", "line", "voice", "board", "parts")
_TRANSLATED_KEYS = ("text", "sms", "line", "voice", "parts")
_MOST_PARTS = 10  # a network takes 1600 characters, just over ten parts

LONGEST_LINK = 80
"""How long the line may be that a text ends with where its register can be tapped."""

_WORDS = "words"  # stands where a script's name does, in a translation

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BRACED = re.compile(r"\{[^{}\n]*\}?|\}")

# Networks act on these by themselves: whoever answers with one can no longer be texted.
_STOPS = "STOP|STOPALL|STOP ALL|END|QUIT|CANCEL|UNSUBSCRIBE|REVOKE|OPTOUT|OPT OUT"
_TAUGHT_STOP = re.compile(
    rf"\b(?:{_STOPS})\b|\b(?i:reply|text|send|type|answer)\s+[\"'“‘]?(?i:{_STOPS})\b"
)


def load_scripts(directory: Path) -> Scripts:
    """
    Return every script of `directory` (conversations/says), checked.

    Raises Unreadable with all the problems of all its files.
    """
    paths = sorted(directory.glob("*.yaml"))
    if not paths:
        what = "holds no *.yaml file" if directory.is_dir() else "no such directory"
        raise Unreadable([Problem(shown(directory), 0, what, "put the scripts there")])
    pages = [_Page(path) for path in paths]
    by_name: dict[str, Script] = {}
    homes: dict[str, _Page] = {}
    for page in pages:
        if page.language is None:
            _read_scripts(page, by_name, homes)
    by_language: dict[str, dict[str, Script]] = {}
    words: dict[str, dict[str, str]] = {}
    for page in pages:
        if page.language is not None:
            into = by_language.setdefault(page.language, {})
            known = words.setdefault(page.language, {})
            _read_translations(page, into, known, by_name, homes)
    problems = [problem for page in pages for problem in page.problems]
    if problems:
        raise Unreadable(problems)
    return Scripts(by_name, by_language, words)


@dataclass(slots=True)
class _Page:
    """One file, and what is wrong in it."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return shown(self.path)

    @property
    def topic(self) -> str:
        """`provider`, of provider.yaml and provider.pl.yaml alike."""
        return self.path.stem.partition(".")[0]

    @property
    def language(self) -> str | None:
        """`pl`, of provider.pl.yaml; None for the base language."""
        return self.path.stem.partition(".")[2] or None

    def entries(self) -> Iterator[tuple[Lined, LinedDict]]:
        """Yield each script's name and what stands below it."""
        try:
            value = read_yaml(self.path)
        except Unreadable as error:
            self.problems.extend(error.problems)
            return
        self.lines = self.path.read_text(encoding="utf-8").splitlines()
        if value is None:
            return
        if not isinstance(value, LinedDict):
            self.wrong(value, "the file is no list of scripts", "begin each with `its_name:`")
            return
        for name, entry in value.items():
            if not _NAME.fullmatch(name):
                remedy = "use small letters, figures and _"
                self.wrong(name, f"'{name}' is no name of a script", remedy)
            elif not isinstance(entry, LinedDict):
                self.wrong(name, f"{name} is no script", "give it `to:`, `facts:` and `text:`")
            else:
                yield name, entry

    def wrong(self, where: Any, what: str, remedy: str) -> None:
        line = where if isinstance(where, int) else line_of(where)
        self.problems.append(Problem(self.name, line, what, remedy))

    def line_holding(self, piece: str, words: str) -> int:
        """Return the line of `words` on which `piece` stands: a text may run over several."""
        first = line_of(words)
        for number, line in enumerate(self.lines[first - 1 :], first):
            if piece in line:
                return number
        return first


def _read_scripts(page: _Page, into: dict[str, Script], homes: dict[str, _Page]) -> None:
    for name, entry in page.entries():
        if name in homes:
            remedy = "keep one of them, or rename one"
            page.wrong(name, f"{name} is in {homes[name].name} as well", remedy)
            continue
        homes[name] = page
        _check_keys(page, name, entry, _KEYS)
        script = Script(
            name=str(name),
            to=_words(page, name, entry, "to") or "",
            facts=_facts(page, name, entry),
            text=_words(page, name, entry, "text") or "",
            sms=_words(page, name, entry, "sms", needed=False),
            parts=_parts(page, name, entry, DEFAULT_PARTS),
            line=_words(page, name, entry, "line", needed=False),
            voice=_words(page, name, entry, "voice", needed=False),
            board=_words(page, name, entry, "board", needed=False),
        )
        _check_words(page, name, script)
        into[script.name] = _without_lines(script)


def _read_translations(
    page: _Page,
    into: dict[str, Script],
    words: dict[str, str],
    by_name: dict[str, Script],
    homes: dict[str, _Page],
) -> None:
    for name, entry in page.entries():
        if name == _WORDS:
            words.update(_fact_words(page, entry))
            continue
        home = homes.get(name)
        if home is None or home.topic != page.topic:
            known = [known for known, its in homes.items() if its.topic == page.topic]
            remedy = _meant(name, known, f"a translation holds only what {page.topic}.yaml holds")
            page.wrong(name, f"{name} is no script of {page.topic}.yaml", remedy)
            continue
        _check_keys(page, name, entry, _TRANSLATED_KEYS)
        script = replace(
            by_name[name],
            text=_words(page, name, entry, "text") or "",
            sms=_words(page, name, entry, "sms", needed=False),
            parts=_parts(page, name, entry, by_name[name].parts),
            line=_words(page, name, entry, "line", needed=False),
            voice=_words(page, name, entry, "voice", needed=False),
            language=page.language or "",
        )
        _check_words(page, name, script)
        into[script.name] = _without_lines(script)


def _fact_words(page: _Page, entry: LinedDict) -> Iterator[tuple[str, str]]:
    """Yield each English word of a fact with the language's own."""
    for word, said in entry.items():
        if word not in TRANSLATED:
            remedy = _meant(word, TRANSLATED, "take it out")
            page.wrong(word, f"'{word}' is no word of a fact", remedy)
        elif not isinstance(said, Lined) or not said.strip():
            page.wrong(word, f"'{word}' has no word", f"write {word}: its word in the language")
        else:
            yield str(word), str(said)


def _check_keys(page: _Page, name: Lined, entry: LinedDict, allowed: tuple[str, ...]) -> None:
    for key in entry:
        if key in allowed:
            continue
        remedy = f"it can have {', '.join(allowed)}"
        if key in _KEYS:
            remedy = f"leave it out: it is taken from {page.topic}.yaml"
        page.wrong(key, f"'{key}' is nothing {name} can have", _meant(key, allowed, remedy))


def _words(
    page: _Page, name: Lined, entry: LinedDict, key: str, *, needed: bool = True
) -> Lined | None:
    value = entry.get(Lined(key, 0))
    if isinstance(value, Lined) and value.strip():
        return value
    if key in entry:
        page.wrong(_key(entry, key), f"'{key}' of {name} is no text", f'write {key}: "…"')
    elif needed:
        page.wrong(name, f"{name} has no '{key}'", f'write {key}: "…" below it')
    return None


def _facts(page: _Page, name: Lined, entry: LinedDict) -> tuple[str, ...]:
    value = entry.get(Lined("facts", 0))
    if value is None:
        return ()
    if not isinstance(value, LinedList):
        remedy = "write facts: [provider, ref]"
        page.wrong(_key(entry, "facts"), f"'facts' of {name} is no list", remedy)
        return ()
    facts: list[str] = []
    for fact in value:
        if not isinstance(fact, Lined) or not _NAME.fullmatch(fact):
            what = f"'{fact}' is no name of a fact"
            page.wrong(value if fact is None else fact, what, "use small letters, figures and _")
        elif fact in facts:
            page.wrong(fact, f"'{fact}' is among the facts of {name} twice", "keep one of them")
        else:
            facts.append(str(fact))
    return tuple(facts)


def _parts(page: _Page, name: Lined, entry: LinedDict, usual: int) -> int:
    value = entry.get(Lined("parts", 0))
    if "parts" not in entry:
        return usual
    if isinstance(value, Lined) and value.isascii() and value.isdigit():
        count = int(value)
        if 1 <= count <= _MOST_PARTS:
            return count
    what = f"'parts' of {name} is no number from 1 to {_MOST_PARTS}"
    page.wrong(_key(entry, "parts"), what, "say how many SMS it may be sent as")
    return _MOST_PARTS


def _key(entry: LinedDict, key: str) -> Lined:
    """Return the key as it stands in the file, with its line."""
    return next(written for written in entry if written == key)


def _check_words(page: _Page, name: Lined, script: Script) -> None:
    said = [w for w in (script.text, script.sms, script.line, script.voice, script.board) if w]
    for words in said:
        _check_placeholders(page, script, words)
        for found in _TAUGHT_STOP.finditer(words):
            taught = found.group()
            what = f"{script.name} teaches “{taught}”, with which a network stops all texts"
            page.wrong(page.line_holding(taught, words), what, "choose another word")
    unused = set(script.facts).difference(*(placeholders(words) for words in said))
    for fact in sorted(unused):
        remedy = "use it in the text, or take it out of facts"
        page.wrong(name, f"{script.name} never uses its fact {{{fact}}}", remedy)
    _check_parts(page, script)


def _check_placeholders(page: _Page, script: Script, words: str) -> None:
    known = [f"{{{fact}}}" for fact in script.facts]
    for fact in placeholders(words):
        if fact not in script.facts:
            wanted = f"{{{fact}}}"
            what = f"{wanted} is not a fact of {script.name}"
            line = page.line_holding(wanted, words)
            page.wrong(line, what, _meant(wanted, known, "add it to its facts, or take it out"))
    for piece in dict.fromkeys(_BRACED.findall(fixed_part(words))):
        what = f"'{piece}' is no placeholder of {script.name}"
        remedy = _meant(piece.lower(), known, "write {fact}, in small letters, with both braces")
        page.wrong(page.line_holding(piece, words), what, remedy)


def _check_parts(page: _Page, script: Script) -> None:
    words = script.words("sms")
    # A link is as long as it is, whatever else a fact comes to.
    links = sum(LONGEST_LINK for fact in placeholders(words) if fact == "tap_line")
    fixed = fold(fixed_part(words)) + "x" * links
    needed = parts(fixed)
    if needed <= script.parts:
        return
    dear = "".join(dict.fromkeys(letter for letter in fixed if alphabet(letter) == "ucs2"))
    remedy = "shorten it, give it a shorter `sms:`, or more `parts:`"
    if dear:
        remedy = f"{dear} makes a part 70 characters and not 160: leave it out, or {remedy}"
    what = f"{script.name} takes {needed} SMS before a fact is filled in, and may take"
    page.wrong(line_of(words), f"{what} {script.parts}", remedy)


def _without_lines(script: Script) -> Script:
    """Return the script with plain texts: a line number means nothing beyond its file."""
    sms = None if script.sms is None else str(script.sms)
    line = None if script.line is None else str(script.line)
    voice = None if script.voice is None else str(script.voice)
    plain = replace(script, to=str(script.to), text=str(script.text))
    board = None if script.board is None else str(script.board)
    return replace(plain, sms=sms, line=line, voice=voice, board=board)


def _meant(written: str, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(written, list(known), n=1)
    return f"did you mean {near[0]}?" if near else otherwise
