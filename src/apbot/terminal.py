"""
What the commands show a person in a terminal: tables, and JSON for another program.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from apbot.domain.calendar import local
from apbot.reports.rows import Object
from apbot.store.lists import Change


def show(
    found: Sequence[Object],
    table: Callable[[Sequence[Object]], None],
    *,
    as_json: bool,
    empty: str = "Nothing.",
) -> None:
    """Print the objects as JSON, or as this table where a person looks."""
    if as_json:
        print(json.dumps(list(found), ensure_ascii=False, indent=2))
    elif found:
        table(found)
    else:
        print(empty)


def show_registers(found: Sequence[Object]) -> None:
    """Print registers: who has which mark, and the history of each."""
    for one in found:
        title = (
            f"{one['provider_name']} {one['date']} {one['half']}, {one['start']}: {one['state']}"
        )
        table = _table("", "pupil", "mark", "reason", "time", "history", title=title)
        for pupil in one["pupils"]:
            history = "\n".join(
                f"{_short(entry['at'])} {entry['was'] or '-'} → {entry['mark'] or '-'}, "
                f"{entry['by_name']} by {entry['how']}"
                for entry in pupil["entries"]
            )
            mark = pupil["mark"] or (
                f"known: {pupil['known_absence']}" if pupil["known_absence"] else ""
            )
            table.add_row(
                str(pupil["number"]),
                pupil["name"],
                mark,
                pupil["reason"] or "",
                pupil["time"] or "",
                history,
            )
        _print(table)


def show_cases(found: Sequence[Object]) -> None:
    """Print cases: what each is about, who has it, how it ended."""
    table = _table("ref", "matter", "about", "state", "opened", "has it", "outcome")
    for case in found:
        about = " ".join(filter(None, [case["pupil_name"], case["provider_name"]]))
        table.add_row(
            case["ref"],
            case["matter"],
            about,
            case["state"],
            _short(case["opened_at"]),
            case["acknowledged_by"] or "",
            case["outcome"] or "",
        )
    _print(table)


def show_strangers(found: Sequence[Object]) -> None:
    """Print what came from senders whom nobody knows."""
    table = _table("at", "channel", "from", "text", "came of it", show_lines=True)
    for one in found:
        where = one["address"] if one["group"] is None else f"{one['group']} ({one['sender']})"
        table.add_row(_short(one["at"]), one["channel"], where, one["text"], one["came_of_it"])
    _print(table)


def show_messages(found: Sequence[Object]) -> None:
    """Print what went out and came in."""
    table = _table("at", "", "channel", "address", "state", "text", show_lines=True)
    for message in found:
        table.add_row(
            _short(message["at"]),
            "→" if message["direction"] == "out" else "←",
            message["channel"],
            message["address"],
            message["state"],
            message["text"],
        )
    _print(table)


def show_unread(found: Sequence[Object]) -> None:
    """Print what was not quite understood."""
    table = _table("at", "text", "understood", "asked", show_lines=True)
    for one in found:
        understood = ", ".join(f"{name} {mark}" for name, mark in one["understood"].items())
        asked = one["asked"] or "corrected"
        table.add_row(_short(one["at"]), one["text"], understood or "nothing", asked)
    _print(table)


def show_changes(changes: tuple[Change, ...], *, dry_run: bool) -> None:
    """Print what a load changed, or would change."""
    if not changes:
        print("Nothing to change: the database has these lists already.")
        return
    for change in changes:
        detail = f" ({', '.join(change.fields)})" if change.kind == "changed" else ""
        print(f"{change.kind:8} {change.list}: {change.key}{detail}")
    verb = "would be" if dry_run else "were"
    print(f"{len(changes)} lines {verb} changed. History is kept.")


def show_undone(changes: tuple[Change, ...]) -> None:
    """Print what of a load would undo what somebody changed on the board."""
    for change in changes:
        print(f"{change.list}: {change.key} was changed on the board since")


def show_reading(meant: Object, names: list[str], *, why: bool) -> None:
    """Print what one message was taken to mean."""
    for number, mark in meant["marks"].items():
        reason = meant["reasons"].get(number)
        time = meant["times"].get(number)
        more = ", ".join(filter(None, [reason, time]))
        print(f"{number:>3} {names[int(number) - 1]}: {mark}" + (f" ({more})" if more else ""))
    if meant["flags"]:
        print(f"flags: {', '.join(meant['flags'])}")
    if meant["ask"]:
        print(f"asks: {json.dumps(meant['ask'], ensure_ascii=False)}")
    for line in meant.get("why", ()) if why else ():
        about = names[line["about"] - 1] if isinstance(line["about"], int) else line["about"]
        print(f'because {about or "the question"}: "{line["words"]}" ({line["rule"]})')


def _short(moment: str | None) -> str:
    if moment is None:
        return ""
    return local(datetime.fromisoformat(moment)).strftime("%d %b %H:%M:%S")


def _table(*columns: str, **looks: Any) -> Any:
    # Here, not above: what draws tables is large, and no service draws one.
    from rich.table import Table

    return Table(*columns, **looks)


def _print(table: Any) -> None:
    from rich.console import Console

    Console().print(table)
