"""
Sheets laid out as files: calendar, policies and service as the YAML that the checks of a load read.
"""

import json
from collections.abc import Sequence

from apbot.loading.sheets import KINDS, SERVICE, Row


def calendar_file(rows: Sequence[tuple[int, Row]]) -> tuple[str, dict[int, tuple[str, int]]]:
    """Return calendar.yaml of these numbered rows, and by its lines the row that each is of."""
    lines, rows_of = [], {}
    for kind, word in KINDS.items():
        lines.append(f"{word}:")
        for number, row in rows:
            if row.get("kind", "").casefold().replace("_", " ") != kind:
                continue
            if kind in ("term", "closure"):
                wanted = (
                    ("from", "to")
                    if kind == "term"
                    else ("provider", "from", "to", "halves", "why")
                )
                pairs = (f"{name}: {_quoted(row[name])}" for name in wanted if row.get(name))
                lines.append(f"  - {{{', '.join(pairs)}}}")
            else:
                lines.append(f"  - {_quoted(row.get('from', '').casefold())}")
            rows_of[len(lines)] = ("calendar", number)
        if lines[-1] == f"{word}:":
            lines[-1] += " []"
    return "\n".join(lines) + "\n", rows_of


def policies_file(
    rows: Sequence[tuple[int, Row]], ladders: Sequence[tuple[int, Row]]
) -> tuple[str, dict[int, tuple[str, int]]]:
    """Return policies.yaml of these numbered rows, and by its lines the row that each is of."""
    lines: list[str] = []
    rows_of: dict[int, tuple[str, int]] = {}

    def add(line: str, sheet: str, number: int) -> None:
        lines.append(line)
        rows_of[len(lines)] = (sheet, number)

    for number, row in rows:
        add(f"{_quoted(row['policy'])}:", "policies", number)
        add(f"  chase_after: {_many(row['chase_after'])}", "policies", number)
        for name in ("missing_after", "unaccounted_after", "ask_unaccounted_every"):
            add(f"  {name}: {_quoted(row[name])}", "policies", number)
        word, _, minutes = row.get("parents", "").strip().partition(" ")
        after = f"{{after: {_quoted(minutes)}}}" if word.casefold() == "after" else ""
        add(f"  parents: {after or _quoted(row.get('parents') or 'off')}", "policies", number)
        add("  ladders:", "policies", number)
        for at, rung in ladders:
            if rung.get("policy") == row["policy"]:
                add(
                    f"    {_quoted(rung['matter'].replace(' ', '_'))}: {_rungs(rung)}",
                    "ladders",
                    at,
                )
    return "\n".join(lines) + "\n", rows_of


def service_file(row: Row) -> str:
    """Return service.yaml, without a sandbox."""
    return "".join(f"{column}: {_quoted(row.get(column, ''))}\n" for column in SERVICE.columns)


def _rungs(row: Row) -> str:
    """ "10 cover; 20 all css" as the file has steps, and the rest of a ladder."""
    steps = []
    for part in filter(None, map(str.strip, row.get("steps", "").split(";"))):
        after, _, tell = part.partition(" ")
        verb, who = _verb(tell)
        steps.append(f"{{after: {_quoted(after)}, {verb}: {_quoted(who)}}}")
    pairs = [f"first: {_many(row['first'])}", f"steps: [{', '.join(steps)}]"]
    for name in ("then_every", "asked_after"):
        pairs.append(f"{name}: {_quoted(row.get(name) or 'never')}")
    return f"{{{', '.join(pairs)}}}"


def _many(words: str) -> str:
    return f"[{', '.join(_quoted(part.strip()) for part in words.split(',') if part.strip())}]"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _verb(written: str) -> tuple[str, str]:
    word, _, who = written.strip().partition(" ")
    return ("call", who.strip()) if word.casefold() == "call" else ("tell", written.strip())
