"""The commands, as a person or a machine runs them: processes of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from apbot.__main__ import cli
from apbot.domain.words import Half, Mark
from apbot.settings import Settings
from apbot.store.cases import list_cases, save_cases
from apbot.store.database import Database, database_url, open_database
from apbot.store.inbox import keep, list_inbox
from apbot.store.lists import find_listed, save_lists
from apbot.store.migrating import head
from apbot.store.outbox import add
from apbot.store.registers import find_register, save_register
from apbot.store.said import list_outbox
from tests.conftest import REPO
from tests.store.builders import MONDAY, NINE, a_case, a_draft, a_message, an_entry, opened

COMMANDS = (
    "serve",
    "web",
    "engine",
    "check",
    "load",
    "invite",
    "migrate",
    "backup",
    "restore",
    "interpret",
    "register",
    "registers",
    "cases",
    "messages",
    "unread",
)
LIVE = {"APBOT_SECRET_KEY": "a-long-random-word", "TELEGRAM_BOT_TOKEN": "700900:token"}
SOON = 30
"""Real seconds after which a process that has not done its part is given up."""


@dataclass(frozen=True)
class Office:
    """A machine with a database of its own, where commands are run."""

    home: Path

    @property
    def database_file(self) -> Path:
        """Where its database is."""
        return self.home / "office.db"

    def environment(self, **more: str) -> dict[str, str]:
        """What a command finds set here."""
        ours = {str(field.alias) for field in Settings.model_fields.values()}
        plain = {name: value for name, value in os.environ.items() if name not in ours}
        return {
            **plain,
            "DATABASE_URL": f"sqlite:///{self.database_file}",
            "APBOT_CONFIG_DIR": str(REPO / "config"),
            "APBOT_CONVERSATIONS_DIR": str(REPO / "conversations"),
            "COLUMNS": "200",
            **more,
        }

    def run(self, *words: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "apbot", *words],
            input=typed,
            env=self.environment(**more),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=SOON,
        )

    @contextmanager
    def serving(self, port: int, command: str = "serve") -> Iterator[subprocess.Popen[str]]:
        """`apbot serve`, or `web`, once it says that it is running; killed if it is left alive."""
        process = subprocess.Popen(
            [sys.executable, "-m", "apbot", command],
            env=self.environment(PORT=str(port)),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with process:
            try:
                assert process.stdout is not None
                assert "apbot is running" in process.stdout.readline()
                yield process
            finally:
                process.kill()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Its database, looked at from outside."""
        database = open_database(database_url(f"sqlite:///{self.database_file}"))
        yield database
        database.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Office:
    """A machine on which nothing was run yet."""
    return Office(tmp_path)


@pytest.fixture
def office(tmp_path: Path, loaded_sqlite: Path) -> Office:
    """One with the town loaded, a register given, a case open and a text each way."""
    office = Office(tmp_path)
    shutil.copy(loaded_sqlite, office.database_file)
    with office.database() as database, database.writing() as db:
        register = find_register(db, "alder-farm", MONDAY, Half.AM)
        assert register is not None
        line = register.roster[0]
        said = an_entry(Mark.ABSENT, number=line.number, pupil=line.pupil, because="«off»")
        save_register(db, opened(register, entries=(said,)))
        save_cases(db, [a_case("K7", told=("gill-marsh",))])
        add(db, [a_draft("Who is in?")], NINE)
        keep(db, a_message("aiden off"), NINE)
    return office


def a_free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(is_so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Look until it is so, while the process lives."""
    for _ in range(2000):
        if is_so():
            return
        assert process.poll() is None, "the process ended"
    raise AssertionError("it never came to be so")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_is_for(command: str) -> None:
    """In a sentence, with its options."""
    shown = CliRunner().invoke(cli, [command, "--help"])

    assert shown.exit_code == 0
    assert f"Usage: apbot {command}" in shown.output
    described = [line.strip() for line in shown.output.splitlines() if line.strip().endswith(".")]
    assert described


def test_the_list_of_commands_shows_every_one() -> None:
    """With what each does."""
    shown = CliRunner().invoke(cli, ["--help"])

    assert shown.exit_code == 0
    assert all(f" {command} " in shown.output for command in COMMANDS)


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        (["registers", "--nonsense"], {}, "No such option: --nonsense"),
        (
            ["migrate"],
            {"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/d"},
            "the database cannot be opened: connection failed",
        ),
        (["serve"], {"DATABASE_URL": "apbot"}, "DATABASE_URL is not a database URL"),
        (["serve"], {"PORT": "none"}, "PORT: Input should be a valid integer"),
        (["serve", "--fresh"], LIVE, "--fresh is for the sandbox alone"),
        (["serve", "--fresh"], {}, "--fresh would empty the database that DATABASE_URL names"),
        (["engine"], {}, "no network is switched on, so the engine could reach nobody"),
        (["load", "nowhere"], {}, "nowhere: no such directory"),
        (["interpret", "all in"], {}, "say who is on the register: --roster"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_mistake_is_one_clear_line(
    fresh: Office, words: list[str], more: dict[str, str], says: str
) -> None:
    """On standard error, with status 1; no traceback, no password, nothing on standard output."""
    ran = fresh.run(*words, **more)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(says)
    assert len(ran.stderr.splitlines()) == 1
    assert "hidden" not in ran.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["register", "nowhere-farm", "--date", "2026-11-23"],
            "nowhere-farm has no register on 2026-11-23; that day has alder-farm, ",
        ),
        (["registers", "--date", "monday"], "--date monday is no day: write it as 2026-11-23"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_question_that_has_no_answer_is_one_clear_line(
    office: Office, words: list[str], says: str
) -> None:
    """It says what there is instead."""
    ran = office.run(*words)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(says)
    assert len(ran.stderr.splitlines()) == 1


def test_a_line_that_is_no_reply_is_named(fresh: Office) -> None:
    """By its number; what came before it has been answered."""
    good = {
        "id": "1",
        "speaker": "provider",
        "date": "2026-11-23",
        "half": "AM",
        "start": "09:30",
        "sent_at": "09:32",
        "roster": [{"n": 1, "name": "Aiden Brown"}],
        "text": "all in ✓ \ud83d",
    }
    ran = fresh.run("interpret", typed=f"{json.dumps(good)}\nnot json\n")

    assert [json.loads(line)["marks"] for line in ran.stdout.splitlines()] == [{"1": "present"}]
    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1)
    assert ran.stderr.startswith("line 2: not JSON")


def test_a_message_is_read_for_a_person_at_a_prompt(fresh: Office) -> None:
    """Whom it marks, and how; no database is made."""
    ran = fresh.run("interpret", "all in bar chloe", "--roster", "Aiden Brown, Chloe Davies")

    assert ran.returncode == 0
    assert [line.split(": ")[0].strip() for line in ran.stdout.splitlines()[:2]] == [
        "1 Aiden Brown",
        "2 Chloe Davies",
    ]
    assert not fresh.database_file.exists()


def test_the_town_s_files_are_in_order(fresh: Office) -> None:
    """Lists, scripts, words and dialogues: nothing is wrong or missing."""
    ran = fresh.run("check")

    assert (ran.stderr, ran.returncode) == ("", 0)
    assert ran.stdout == ""


def test_an_office_is_set_up_by_migrate_and_load(fresh: Office) -> None:
    """A dry run changes nothing, a load says what it did, and the same load does nothing."""
    migrated = fresh.run("migrate")
    would = fresh.run("load", "--dry-run")
    loaded, nothing = fresh.run("load"), fresh.run("load")

    assert [ran.returncode for ran in (migrated, would, loaded, nothing)] == [0] * 4
    assert f"from empty to {head()}" in migrated.stdout
    assert "lines would be changed. History is kept." in would.stdout
    assert would.stdout.splitlines()[:-1] == loaded.stdout.splitlines()[:-1]
    assert "lines were changed. History is kept." in loaded.stdout
    assert nothing.stdout == "Nothing to change: the database has these lists already.\n"


KEYS: dict[str, set[str]] = {
    "register alder-farm --half AM": {
        "provider",
        "provider_name",
        "date",
        "half",
        "start",
        "starts_at",
        "state",
        "completed_at",
        "closed_by",
        "asked",
        "pupils",
    },
    "cases --open": {
        "ref",
        "matter",
        "pupil",
        "pupil_name",
        "provider",
        "provider_name",
        "state",
        "opened_at",
        "told",
        "acknowledged_at",
        "acknowledged_by",
        "resolved_at",
        "resolved_by",
        "reason",
        "outcome",
        "next_look_at",
        "notes",
    },
    "messages": {
        "direction",
        "at",
        "channel",
        "address",
        "person",
        "text",
        "state",
        "network_id",
        "cause",
    },
}
"""What others may build on: these keys stay. A later version may add to them."""


@pytest.mark.parametrize("words", KEYS)
def test_json_is_a_list_of_objects_with_stable_keys(office: Office, words: str) -> None:
    """Printed alone on standard output, so that a program can read it."""
    ran = office.run(*words.split(), "--json")

    found: list[dict[str, Any]] = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert found
    assert all(KEYS[words] <= set(one) for one in found)


def test_a_register_is_printed_with_its_whole_history(office: Office) -> None:
    """By key or by name, for a program; every entry with who, how, when and why."""
    ran = office.run("register", "Alder Farm", "--date", "2026-11-23", "--half", "AM", "--json")

    (register,) = json.loads(ran.stdout)
    pupil = register["pupils"][0]
    assert (register["provider"], register["half"]) == ("alder-farm", "AM")
    assert (pupil["number"], pupil["mark"]) == (1, "absent")
    assert pupil["entries"] == [
        {
            "was": None,
            "mark": "absent",
            "reason": None,
            "time": None,
            "at": NINE.isoformat(),
            "by": "bryn-hollis",
            "by_name": "Bryn Hollis",
            "by_title": None,
            "how": "text",
            "because": "«off»",
            "message": None,
        }
    ]


def test_for_a_person_it_is_a_table(office: Office) -> None:
    """The same facts, to be read."""
    ran = office.run("register", "alder-farm", "--date", "2026-11-23")

    assert ran.returncode == 0
    assert all(word in ran.stdout for word in ("Alder Farm", "absent", "by text"))


def test_web_says_with_which_code_an_empty_house_is_set_up(
    fresh: Office, empty_sqlite: Path
) -> None:
    """Whoever runs the server has the code; the page asks for it."""
    shutil.copy(empty_sqlite, fresh.database_file)
    port = a_free_port()
    with fresh.serving(port, "web") as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        answer = httpx.get(f"http://127.0.0.1:{port}/", follow_redirects=True, timeout=SOON)

    assert "Setting up" in answer.text
    assert f"Set it up at http://127.0.0.1:{port}/set-up with the code " in said


def test_serve_is_ready_in_seconds_and_ends_when_told(fresh: Office) -> None:
    """On a fresh machine, with nothing set: phones, health, and a clear word on a taken port."""
    port = a_free_port()
    address = f"http://127.0.0.1:{port}"
    with fresh.serving(port) as process:
        until(lambda: httpx.get(f"{address}/health/ready").status_code == 200, process)
        phones = httpx.get(f"{address}/phones").status_code
        front = httpx.get(address).headers["location"]
        second = fresh.run("serve", PORT=str(port))
        process.send_signal(signal.SIGTERM)
        ended = process.wait(SOON)

    assert (phones, front, ended) == (200, "/sign-in", 0)
    assert second.returncode == 1
    assert second.stderr.splitlines()[-1].startswith(f"cannot listen on 127.0.0.1:{port} (Addr")
    assert "Traceback" not in second.stderr


def test_serve_killed_and_started_again_goes_on(fresh: Office) -> None:
    """A reply that was kept before the end is read and answered after it; nobody is told twice."""
    port = a_free_port()
    ready, metrics = (f"http://127.0.0.1:{port}/{path}" for path in ("health/ready", "metrics"))
    with fresh.serving(port) as process:
        until(lambda: httpx.get(ready).status_code == 200, process)
        until(lambda: 'apbot_outbox{state="' not in httpx.get(metrics).text, process)
        process.kill()
        process.wait(SOON)
    with fresh.database() as database:
        with database.writing() as db:
            before = {row.id: row.network_id for row in list_outbox(db) if row.network_id}
            keep(db, a_message("all in", "SMkept-before-the-end"), NINE)
        with fresh.serving(port) as process:
            until(lambda: "apbot_inbox_waiting 0.0" in httpx.get(metrics).text, process)
            until(lambda: 'apbot_outbox{state="' not in httpx.get(metrics).text, process)
            process.send_signal(signal.SIGTERM)
            process.wait(SOON)
        with database.reading() as db:
            register = find_register(db, "alder-farm", MONDAY, Half.AM)
            texts, messages = list_outbox(db), list_inbox(db)
            open_cases = list_cases(db, only_open=True)

    assert register is not None
    assert set(register.marks.values()) == {Mark.PRESENT}
    assert [row.person for row in messages if row.handled_at is None] == []
    assert before.items() <= {row.id: row.network_id for row in texts}.items()
    welcomed = [row.person for row in texts if row.script.startswith("welcome")]
    assert sorted(welcomed) == sorted(set(welcomed))
    assert open_cases == ()


FAILING = """
import structlog
from apbot.logs import set_up_logs

def handle(words):
    raise KeyError("register")

set_up_logs()
try:
    handle("chloe has bruises")
except KeyError:
    structlog.get_logger().exception("a message could not be handled", inbox=7)
"""


LIBRARIES = """
import logging
from apbot.logs import set_up_logs

set_up_logs()
logging.getLogger("uvicorn.error").warning("Invalid HTTP %s received.", "request")
try:
    reply = "chloe has bruises"
    raise KeyError("register")
except KeyError:
    logging.getLogger("apscheduler.executors.default").exception("Job raised")
"""


def test_what_a_library_says_is_a_line_like_ours() -> None:
    """A machine reads every line; no traceback of somebody else's lies between them."""
    ran = subprocess.run(
        [sys.executable, "-c", LIBRARIES], capture_output=True, text=True, check=True, timeout=SOON
    )

    said = [json.loads(line) for line in ran.stderr.splitlines()]
    assert [(line["event"], line["level"]) for line in said] == [
        ("Invalid HTTP request received.", "warning"),
        ("Job raised", "error"),
    ]
    assert said[1]["exception"][0]["exc_type"] == "KeyError"
    assert "bruises" not in ran.stderr


def test_a_traceback_in_the_logs_quotes_nobody() -> None:
    """A machine reads JSON lines: where it went wrong is in them, what was said is not."""
    ran = subprocess.run(
        [sys.executable, "-c", FAILING], capture_output=True, text=True, check=True, timeout=SOON
    )

    (line,) = ran.stderr.splitlines()
    said = json.loads(line)
    assert (said["event"], said["inbox"], said["level"]) == (
        "a message could not be handled",
        7,
        "error",
    )
    assert said["exception"][0]["exc_type"] == "KeyError"
    assert "bruises" not in line


def test_a_load_undoes_nothing_that_was_changed_on_the_board(office: Office) -> None:
    """It says what it would undo and loads nothing, unless it is told to."""
    with office.database() as database, database.writing() as db:
        lists = find_listed(db)
        assert lists is not None
        clo = [replace(p, known_as="Clo") for p in lists.people.pupils if p.key == "chloe-davies"]
        rest = [p for p in lists.people.pupils if p.key != "chloe-davies"]
        people = replace(lists.people, pupils=(*rest, *clo))
        save_lists(db, replace(lists, people=people), NINE, by="gill-marsh")

    would, refused = office.run("load", "--dry-run"), office.run("load")
    forced = office.run("load", "--over-the-board")

    assert [ran.returncode for ran in (would, refused, forced)] == [0, 1, 0]
    assert "pupils: chloe-davies was changed on the board since" in would.stdout
    assert "pupils: chloe-davies was changed on the board since" in refused.stdout
    assert "Nothing was loaded: it would undo what was changed on the board." in refused.stderr
    assert "changed  pupils: chloe-davies (known_as)" in forced.stdout
