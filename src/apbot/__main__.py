"""
The commands. Each says what it did; a person's mistake is one clear line and exit status 1.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from apbot.app import (
    CannotStart,
    database_trouble,
    make_channels,
    make_clock,
    make_desk,
    open_checked,
    secret_key,
)
from apbot.channels.protocol import Invites
from apbot.clock import SystemClock
from apbot.desk.desk import NothingLoaded
from apbot.desk.enrolment import invite_links, preview_lists, take_lists
from apbot.domain.calendar import at, day_of
from apbot.domain.words import Half
from apbot.loading.config import check as check_config
from apbot.loading.config import load_config
from apbot.loading.hears import load_lexicon
from apbot.loading.interpreting import BadReply, interpret_lines
from apbot.loading.problems import Problem, Unreadable
from apbot.loading.says import load_scripts
from apbot.loading.scripts_used import check_scripts
from apbot.loading.templates import check_templates
from apbot.logs import set_up_logs
from apbot.reports.rows import (
    case_objects,
    latest_day,
    message_objects,
    register_objects,
    stranger_objects,
)
from apbot.reports.unread import unread_objects
from apbot.sandboxed import (
    read_dialogues,
)
from apbot.serving import lists_of, serve_live, serve_sandbox
from apbot.settings import BadSettings, Settings, load_settings
from apbot.store.backup import CannotCopy, back_up
from apbot.store.backup import restore as restore_copy
from apbot.store.database import Database, database_url, open_database
from apbot.store.lists import find_undone
from apbot.store.migrating import migrate as migrate_database
from apbot.terminal import (
    show,
    show_cases,
    show_changes,
    show_messages,
    show_reading,
    show_registers,
    show_strangers,
    show_undone,
    show_unread,
)

cli = typer.Typer(
    name="apbot",
    help="Asks alternative-provision providers for the register, and does not let go until every "
    "child is accounted for.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


AsJson = Annotated[bool, typer.Option("--json", help="Print a list of objects as JSON.")]


def main() -> None:
    """Run the command line; a mistake that a person can mend is said in one line."""
    try:
        sys.exit(cli(standalone_mode=False))
    except TyperException as error:
        if not error.format_message():
            sys.exit(1)  # nothing was asked for, and the help was shown
        _refuse(error.format_message())
    except (BadSettings, CannotStart, NothingLoaded, BadReply) as error:
        _refuse(str(error))
    except Unreadable as error:
        _refuse("\n".join(str(problem) for problem in error.problems))
    except KeyboardInterrupt:
        sys.exit(130)


@cli.command()
def serve(
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="In the sandbox: begin the town's day anew. Refused when live."
        ),
    ] = False,
) -> None:
    """Run web and engine in one process; without a network's credentials, with the sandbox."""
    settings = load_settings()
    # In the sandbox the address is what a newcomer is to see.
    set_up_logs(only_warnings=not settings.is_live)
    if not settings.is_live:
        asyncio.run(serve_sandbox(settings, fresh=fresh))
        return
    if fresh:
        raise CannotStart("--fresh is for the sandbox alone, and a network is switched on")
    secret_key(settings)
    asyncio.run(serve_live(settings, web=True, engine=True))


@cli.command()
def web() -> None:
    """Run the web half alone; as many as wanted, on one PostgreSQL."""
    set_up_logs()
    settings = load_settings()
    secret_key(settings)
    asyncio.run(serve_live(settings, web=True, engine=False))


@cli.command()
def engine() -> None:
    """Run the engine alone; as many as wanted, on one PostgreSQL."""
    set_up_logs()
    settings = load_settings()
    if not settings.is_live:
        raise CannotStart(
            "no network is switched on, so the engine could reach nobody: set TELEGRAM_BOT_TOKEN "
            "or TWILIO_ACCOUNT_SID, or try the sandbox with apbot serve"
        )
    asyncio.run(serve_live(settings, web=False, engine=True))


@cli.command()
def check() -> None:
    """Say, by file and line, what is wrong in config/ and conversations/; else say nothing."""
    settings = load_settings()
    problems = [*check_config(settings.config_dir), *_conversation_problems(settings)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        raise typer.Exit(1)


@cli.command()
def load(
    directory: Annotated[
        Path | None, typer.Argument(help="The lists to load; APBOT_CONFIG_DIR where not given.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    over_the_board: Annotated[
        bool, typer.Option("--over-the-board", help="Undo what was changed on the board since.")
    ] = False,
) -> None:
    """Load people, pupils, placements and calendar into the database; never deletes history."""
    settings = load_settings()
    config = load_config(directory or settings.config_dir)
    database = open_checked(settings)
    with database.writing() as db:
        changes = preview_lists(db, lists_of(config))
        undone = find_undone(db, changes)
        if not dry_run and (over_the_board or not undone):
            changes = take_lists(db, lists_of(config), _clock_now(settings))
    if undone and not dry_run and not over_the_board:
        show_undone(undone)
        _refuse(
            "Nothing was loaded: it would undo what was changed on the board. Save the lists there "
            "and mend the files, or load them all the same with --over-the-board"
        )
    show_changes(changes, dry_run=dry_run)
    if dry_run and undone:
        show_undone(undone)


@cli.command()
def invite(
    person: Annotated[
        str | None, typer.Argument(help="The person's key; everybody without a chat if not given.")
    ] = None,
) -> None:
    """Print one-time Telegram links, to be handed out where a text cannot bring them."""
    settings = load_settings()
    if not settings.telegram_bot_token:
        raise CannotStart("Telegram is off: set TELEGRAM_BOT_TOKEN")
    links = asyncio.run(_invite(settings, open_checked(settings), person))
    for name, link in links:
        print(f"{name}: {link}")
    if not links:
        print("Nobody to invite: everybody who may use Telegram has a chat.")


@cli.command()
def migrate() -> None:
    """Bring the database to its newest shape."""
    settings = load_settings()
    before, after = _migrate(settings)
    if before == after:
        print(f"The database has the newest shape already: {after}.")
    else:
        print(f"The database went from {before or 'empty'} to {after}.")


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes; nothing is overwritten.")],
) -> None:
    """Copy the database while it is in use, as of one moment."""
    with _sqlite_for("pg_dump --format=custom --file", file) as database:
        size = back_up(database, file)
    print(f"The database is copied to {file} ({size / 1_000_000:.1f} MB).")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `apbot backup` made.")],
) -> None:
    """Put a copy in the database's place; what was there is kept beside it."""
    with _sqlite_for("pg_restore --clean --dbname=DATABASE", file) as database:
        kept = restore_copy(database, file, SystemClock().now())
    print(f"{file} is restored. Start apbot: it looks at what fell due since the copy was made.")
    if kept is not None:
        print(f"What was there before is kept as {kept}.")


@cli.command()
def interpret(
    text: Annotated[
        str | None, typer.Argument(help="A message to read; without it, JSON lines are read.")
    ] = None,
    roster: Annotated[
        str, typer.Option(help='The pupils, in order: "Aiden Brown, Chloe Davies".')
    ] = "",
    start: Annotated[str, typer.Option(help="When the session starts, HH:MM.")] = "09:30",
    sent_at: Annotated[str, typer.Option("--at", help="When the message came, HH:MM.")] = "09:35",
    half: Annotated[Half, typer.Option(help="AM or PM.")] = Half.AM,
    why: Annotated[bool, typer.Option("--why", help="Say which words led to what.")] = False,
) -> None:
    """Read messages in context as JSON lines and write what each means; no database is used."""
    settings = load_settings()
    lexicon = load_lexicon(settings.conversations_dir / "hears")
    if text is None:
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream
        lines: Iterator[str] = iter(sys.stdin)
        for line in interpret_lines(lines, lexicon, why=why):
            print(line)
        return
    names = [name.strip() for name in roster.split(",") if name.strip()]
    if not names:
        _refuse('say who is on the register: --roster "Aiden Brown, Chloe Davies"')
    asked = {
        "id": "1",
        "speaker": "provider",
        "date": day_of(SystemClock().now()).isoformat(),
        "half": half,
        "start": start,
        "sent_at": sent_at,
        "roster": [{"n": number, "name": name} for number, name in enumerate(names, 1)],
        "text": text,
    }
    meant = json.loads(next(interpret_lines([json.dumps(asked)], lexicon, why=True)))
    show_reading(meant, names, why=why)


@cli.command()
def register(
    provider: Annotated[str, typer.Argument(help="The provider's key or name.")],
    on: Annotated[
        str | None,
        typer.Option("--date", help="The day; the last one with registers if not given."),
    ] = None,
    half: Annotated[Half | None, typer.Option(help="AM or PM; both where not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print one provider's register with marks, times, reasons and each entry's history."""
    database, day = _reading(on)
    with database.reading() as db:
        found = [
            one
            for one in register_objects(db, day, None, half)
            if provider.casefold() in (one["provider"], one["provider_name"].casefold())
        ]
        known = sorted({one["provider"] for one in register_objects(db, day)})
    if not found:
        places = f"; that day has {', '.join(known)}" if known else "; that day has none"
        _refuse(f"{provider} has no register on {day}{places}")
    show(found, show_registers, as_json=as_json)


@cli.command()
def registers(
    on: Annotated[
        str | None,
        typer.Option("--date", help="The day; the last one with registers if not given."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print all registers of a day."""
    database, day = _reading(on)
    with database.reading() as db:
        found = register_objects(db, day)
    show(found, show_registers, as_json=as_json, empty=f"No register on {day}.")


@cli.command()
def cases(
    only_open: Annotated[
        bool, typer.Option("--open", help="Only those that are not over.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the cases: what each is about, who has it, and how it ended."""
    database, _ = _reading(None)
    with database.reading() as db:
        found = case_objects(db, only_open=only_open)
    show(found, show_cases, as_json=as_json)


@cli.command()
def messages(
    to: Annotated[
        str | None, typer.Option("--to", help="Only to and from this number or chat.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the log of what went out and came in."""
    database, _ = _reading(None)
    with database.reading() as db:
        found = message_objects(db, None if to is None else [to])
    show(found, show_messages, as_json=as_json)


@cli.command()
def strangers(
    since: Annotated[
        str | None, typer.Option(help="From this day on; the last one with registers if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what came from numbers and chats that nobody on the lists has."""
    database, day = _reading(since)
    with database.reading() as db:
        found = stranger_objects(db, at(day, time(0, 0)))
    show(found, show_strangers, as_json=as_json, empty="No stranger has written.")


@cli.command()
def unread(
    since: Annotated[
        str | None, typer.Option(help="From this day on; the last one with registers if not given.")
    ] = None,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="Put P1, P2 … in place of the pupils' names.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print replies that ended in a question or were soon corrected, to teach the bot words."""
    database, day = _reading(since)
    with database.reading() as db:
        found = unread_objects(db, day, anonymise=anonymise)
    show(found, show_unread, as_json=as_json)


async def _invite(
    settings: Settings, database: Database, person: str | None
) -> list[tuple[str, str]]:
    channel = make_channels(settings)["telegram"]
    assert isinstance(channel, Invites)
    await channel.start()
    try:
        if channel.invite("x") is None:
            raise CannotStart("Telegram does not answer: try again in a minute")
        desk = make_desk(settings, database, {"telegram": channel})
        with database.writing() as db:
            invited = invite_links(db, desk, person, SystemClock().now())
    finally:
        await channel.stop()
    if person is not None and not invited:
        raise CannotStart(f"{person} is nobody on the lists who may use Telegram")
    return invited


def _migrate(settings: Settings) -> tuple[str | None, str]:
    with database_trouble():
        database = open_database(database_url(settings.database))
        return migrate_database(database)


@contextmanager
def _sqlite_for(instead: str, file: Path) -> Iterator[Database]:
    """Open the database that the settings name; PostgreSQL's own tool is named for its own."""
    with database_trouble():
        url = database_url(load_settings().database)
        if url.get_backend_name() != "sqlite":
            _refuse(f"PostgreSQL has a tool of its own for this: {instead} {file}")
        database = open_database(url)
    try:
        yield database
    except CannotCopy as error:
        _refuse(str(error))
    finally:
        database.close()


def _clock_now(settings: Settings) -> datetime:
    return make_clock(settings).now()


def _conversation_problems(settings: Settings) -> list[Problem]:
    found: list[Problem] = []
    says = settings.conversations_dir / "says"
    found += check_scripts(says)
    readers: list[Callable[[], object]] = [
        lambda: load_lexicon(settings.conversations_dir / "hears"),
        lambda: read_dialogues(settings.conversations_dir / "dialogues"),
    ]
    for read in readers:
        try:
            read()
        except Unreadable as error:
            found += error.problems
    templates = settings.conversations_dir / "templates"
    if templates.exists():
        found += check_templates(templates, None if found else load_scripts(says))
    return found


def _reading(on: str | None) -> tuple[Database, date]:
    settings = load_settings()
    database = open_checked(settings)
    if on is not None:
        try:
            return database, date.fromisoformat(on)
        except ValueError:
            _refuse(f"--date {on} is no day: write it as 2026-11-23")
    with database.reading() as db:
        return database, latest_day(db, day_of(SystemClock().now()))


def _refuse(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
