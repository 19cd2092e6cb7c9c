"""Settings: what is missing or contradicts itself is said in one clear line each."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from apbot.app import CannotStart, make_channels, make_clock, open_checked, secret_key, start_clock
from apbot.clock import MovedClock, SystemClock
from apbot.domain.calendar import local
from apbot.sandboxed import sandbox_settings
from apbot.settings import BadSettings, Settings, load_settings
from tests.conftest import REPO

Load = Callable[..., Settings]

KEY = {"APBOT_SECRET_KEY": "a-long-random-word"}
TELEGRAM = {**KEY, "TELEGRAM_BOT_TOKEN": "700900:sandbox"}
ACCOUNT = {**KEY, "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token"}
TWILIO = {**ACCOUNT, "TWILIO_FROM": "+447700900001"}
MOVED = {"APBOT_CLOCK_START": "2026-11-23 08:55"}
TELEGRAM_STAND_IN = {"TELEGRAM_BASE_URL": "http://127.0.0.1:9000/telegram/bot"}
HX = f"HX{1:032x}"
WHATSAPP = {**TWILIO, "TWILIO_WHATSAPP_FROM": "+447700900002"}
VOICE = {
    **TWILIO,
    "TWILIO_VOICE_FROM": "+447700900001",
    "APBOT_PUBLIC_URL": "https://apbot.example.org",
}
TWILIO_STAND_IN = {"TWILIO_BASE_URL": "http://127.0.0.1:9000/twilio"}
NAMES = [str(field.alias) for field in Settings.model_fields.values()]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Load the settings of a fresh machine that has these alone in its environment."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def load(**given: str) -> Settings:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return load


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({**KEY, "TWILIO_ACCOUNT_SID": "AC1"}, ["TWILIO_AUTH_TOKEN is missing", "TWILIO_FROM is"]),
        ({"TWILIO_AUTH_TOKEN": "t"}, ["TWILIO_ACCOUNT_SID is missing"]),
        (ACCOUNT, ["TWILIO_FROM is missing"]),
        (
            {**TWILIO, "TWILIO_MESSAGING_SERVICE_SID": "MG1"},
            ["TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID are both set"],
        ),
        ({"TWILIO_FROM": "+447700900001"}, ["TWILIO_FROM is set, but Twilio is off"]),
        (
            {"TWILIO_MESSAGING_SERVICE_SID": "MG1"},
            ["TWILIO_MESSAGING_SERVICE_SID is set, but Twilio is off"],
        ),
        (
            {"TWILIO_WHATSAPP_FROM": "+447700900001"},
            ["TWILIO_WHATSAPP_FROM is set, but Twilio is off"],
        ),
        ({**VOICE, "TWILIO_VOICE_FROM": "apbot"}, ["TWILIO_VOICE_FROM is no number that calls"]),
        ({**VOICE, "APBOT_PUBLIC_URL": ""}, ["APBOT_PUBLIC_URL is missing"]),
        ({"TWILIO_VOICE_FROM": "+447700900001"}, ["TWILIO_VOICE_FROM is set, but Twilio is off"]),
        (
            {**TWILIO, "TWILIO_WHATSAPP_TEMPLATES": f"register_due={HX}"},
            ["TWILIO_WHATSAPP_TEMPLATES is set, but WhatsApp is off"],
        ),
        (
            {**WHATSAPP, "TWILIO_WHATSAPP_TEMPLATES": "register_due=HX12, HX34"},
            ["TWILIO_WHATSAPP_TEMPLATES: 'register_due=HX12'", "TWILIO_WHATSAPP_TEMPLATES: 'HX34'"],
        ),
        (
            {**WHATSAPP, "TWILIO_WHATSAPP_TEMPLATES": f"a={HX}, a={HX}"},
            ["TWILIO_WHATSAPP_TEMPLATES gives a twice"],
        ),
        (
            {"TELEGRAM_WEBHOOK_SECRET": "s"},
            ["TELEGRAM_WEBHOOK_SECRET is set, but Telegram is off"],
        ),
        (
            {**TELEGRAM, "TELEGRAM_WEBHOOK_SECRET": "not for telegram!"},
            ["TELEGRAM_WEBHOOK_SECRET is no secret that Telegram takes"],
        ),
        ({"TELEGRAM_BOT_TOKEN": "700900:sandbox"}, ["APBOT_SECRET_KEY is missing"]),
        ({**TWILIO, "APBOT_SECRET_KEY": ""}, ["APBOT_SECRET_KEY is missing"]),
        ({"APBOT_PUBLIC_URL": "apbot.example.org"}, ["APBOT_PUBLIC_URL is no address"]),
        ({**TELEGRAM, "TELEGRAM_BASE_URL": "ftp://x"}, ["TELEGRAM_BASE_URL is no address"]),
        ({**TWILIO, "TWILIO_BASE_URL": "twilio"}, ["TWILIO_BASE_URL is no address"]),
        ({"APBOT_HEARTBEAT_URL": "ping"}, ["APBOT_HEARTBEAT_URL is no address"]),
        ({"APBOT_CLOCK_SPEED": "0"}, ["APBOT_CLOCK_SPEED must be above 0"]),
        ({"APBOT_CLOCK_SPEED": "-1"}, ["APBOT_CLOCK_SPEED must be above 0"]),
        ({"APBOT_CLOCK_SPEED": "3601"}, ["APBOT_CLOCK_SPEED must be above 0"]),
        ({"APBOT_CLOCK_SPEED": "nan"}, ["APBOT_CLOCK_SPEED must be above 0"]),
        ({"APBOT_CLOCK_SPEED": "fast"}, ["APBOT_CLOCK_SPEED: Input should be a valid number"]),
        ({"APBOT_CLOCK_START": "monday"}, ["APBOT_CLOCK_START: Input should be a valid datetime"]),
        ({"PORT": "http"}, ["PORT: Input should be a valid integer"]),
        ({"PORT": "0"}, ["PORT: Input should be greater than or equal to 1"]),
        ({"PORT": "70000"}, ["PORT: Input should be less than or equal to 65535"]),
        ({"PORT": "http", "APBOT_CLOCK_SPEED": "fast"}, ["PORT: ", "APBOT_CLOCK_SPEED: "]),
    ],
    ids=lambda given: "+".join(given) if isinstance(given, dict) else "",
)
def test_a_contradiction_is_one_clear_line(
    load: Load, given: dict[str, str], lines: list[str]
) -> None:
    """Each names the setting and says what to do; all of them are said at once."""
    with pytest.raises(BadSettings) as refused:
        load(**given)

    said = str(refused.value).splitlines()
    assert len(said) == len(lines)
    for line, begins in zip(said, lines, strict=True):
        assert line.startswith(begins)


@pytest.mark.parametrize(
    "given",
    [
        TELEGRAM,
        TWILIO,
        {**TELEGRAM, "TELEGRAM_BASE_URL": "https://api.telegram.org/bot"},
        {**TELEGRAM, "TELEGRAM_BASE_URL": "https://API.Telegram.ORG./bot"},
        {**TWILIO, "TWILIO_BASE_URL": "https://api.twilio.com"},
        {**TWILIO, "TWILIO_BASE_URL": "https://api.dublin.ie1.twilio.com"},
        {**TELEGRAM, **TWILIO, **TELEGRAM_STAND_IN},
        {**TELEGRAM, **TWILIO, **TWILIO_STAND_IN},
    ],
    ids=lambda given: "+".join(name for name in given if "TOKEN" in name or "URL" in name),
)
@pytest.mark.parametrize("moved", [MOVED, {"APBOT_CLOCK_SPEED": "60"}], ids="".join)
def test_real_phones_never_hear_from_a_moved_clock(
    load: Load, given: dict[str, str], moved: dict[str, str]
) -> None:
    """Wherever a network's real address is in use, by default or by name."""
    with pytest.raises(BadSettings, match="refused with a network's real address"):
        load(**given, **moved)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {**TELEGRAM, **TELEGRAM_STAND_IN},
        {**TWILIO, **TWILIO_STAND_IN},
        {**TELEGRAM, **TWILIO, **TELEGRAM_STAND_IN, **TWILIO_STAND_IN},
        {**TELEGRAM, "TELEGRAM_BASE_URL": "https://not-telegram.org/bot"},
    ],
    ids=["sandbox", "telegram", "twilio", "both", "a name that merely ends alike"],
)
def test_a_moved_clock_goes_with_stand_ins(load: Load, given: dict[str, str]) -> None:
    """For trying things out."""
    assert load(**given, **MOVED).is_clock_moved


@pytest.mark.parametrize(
    ("given", "live", "channels"),
    [
        ({}, False, set()),
        (TELEGRAM, True, {"telegram"}),
        (TWILIO, True, {"sms"}),
        ({**ACCOUNT, "TWILIO_MESSAGING_SERVICE_SID": "MG1"}, True, {"sms"}),
        ({**TWILIO, "TWILIO_WHATSAPP_FROM": "+447700900002"}, True, {"sms", "whatsapp"}),
        (VOICE, True, {"sms", "voice"}),
        ({**TELEGRAM, **TWILIO}, True, {"telegram", "sms"}),
    ],
    ids=["none", "telegram", "twilio", "messaging service", "whatsapp", "voice", "both"],
)
def test_a_credential_switches_its_network_on(
    load: Load, given: dict[str, str], live: bool, channels: set[str]
) -> None:
    """Without any it is the sandbox."""
    settings = load(**given)

    assert (settings.is_live, set(make_channels(settings))) == (live, channels)


def test_a_name_with_nothing_after_it_is_not_set(load: Load) -> None:
    """As in a copied .env whose lines were left empty."""
    settings = load(**dict.fromkeys(NAMES, ""))

    assert settings == Settings.model_construct()
    assert settings.port == 8000


def test_settings_may_stand_in_a_file(load: Load, tmp_path: Path) -> None:
    """What the environment says goes before it; what else is in it is nobody's business."""
    (tmp_path / ".env").write_text("PORT=9001\nHOST=0.0.0.0\nAPBOT_CLOCK_START=\nOTHER=x\n")

    settings = load(PORT="9002")

    assert (settings.port, settings.host, settings.clock_start) == (9002, "0.0.0.0", None)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "9000"}, "http://[::1]:9000"),
        ({"APBOT_PUBLIC_URL": "https://apbot.example.org/"}, "https://apbot.example.org"),
    ],
)
def test_the_address_is_what_networks_and_phones_see(
    load: Load, given: dict[str, str], address: str
) -> None:
    """The public one, else where it listens; hooks are signed over it."""
    assert load(**given).address == address


def test_a_token_can_be_replaced_without_losing_a_reply(load: Load) -> None:
    """Two with a comma between: the first signs in, both are believed."""
    assert load(**{**TWILIO, "TWILIO_AUTH_TOKEN": "new, old"}).auth_tokens == ("new", "old")


def test_the_clock_is_the_machines_unless_it_is_moved(load: Load) -> None:
    """Live there is no other."""
    assert isinstance(make_clock(load()), SystemClock)


def test_a_moved_clock_starts_at_a_local_time(load: Load) -> None:
    """Five to nine is five to nine in England, in June as well; it runs once all are there."""
    settings = load(APBOT_CLOCK_START="2026-06-01 08:55", APBOT_CLOCK_SPEED="60")
    clock = make_clock(settings)

    assert isinstance(clock, MovedClock)
    assert clock.speed == 0
    start_clock(settings, clock)
    assert clock.speed == 60
    assert local(clock.now()).strftime("%Y-%m-%d %H:%M") == "2026-06-01 08:55"


def test_the_sandbox_keeps_to_itself(load: Load) -> None:
    """Every network's address is this machine's own, wherever it listens."""
    settings = sandbox_settings(load(HOST="0.0.0.0", PORT="9000"))

    assert settings.telegram_base_url.startswith("http://127.0.0.1:9000/")
    assert settings.twilio_base_url.startswith("http://127.0.0.1:9000/")
    assert set(make_channels(settings)) == {"telegram", "sms", "whatsapp", "voice"}


def test_sandbox_and_live_never_share_a_database_by_default(load: Load) -> None:
    """A morning of trying out must not be found among real registers; what is set is used."""
    tried_out, live = load().database, load(**TELEGRAM).database
    given = load(DATABASE_URL="postgres://db.example.org/apbot").database

    assert tried_out != live
    assert given == "postgres://db.example.org/apbot"


def test_the_secret_key_is_made_once_and_kept_to_its_owner(load: Load, tmp_path: Path) -> None:
    """Out of live alone; nobody else on the machine can read it."""
    first, second = secret_key(load()), secret_key(load())

    assert first == second
    assert len(first) > 40
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0


def test_the_secret_key_that_is_given_is_used(load: Load) -> None:
    """And none is made."""
    assert secret_key(load(**KEY)) == "a-long-random-word"


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgres://u:hidden@127.0.0.1:1/apbot", "the database cannot be opened: connection"),
        ("sqlite:////proc/none/apbot.db", "the database cannot be opened: "),
        ("mysql://u:p@h/d", "DATABASE_URL names mysql: give sqlite or postgresql"),
        ("apbot", "DATABASE_URL is not a database URL"),
    ],
)
def test_a_database_out_of_reach_is_one_clear_line(load: Load, url: str, word: str) -> None:
    """No traceback, and no password."""
    with pytest.raises(CannotStart) as refused:
        open_checked(load(DATABASE_URL=url))

    said = str(refused.value)
    assert said.startswith(word)
    assert "\n" not in said
    assert "hidden" not in said


def test_the_readme_lists_every_setting() -> None:
    """Name, meaning and default, in the order of the code: the table is the code's."""
    readme = (REPO / "README.md").read_text()
    table = readme.partition("<!-- settings -->")[2].partition("<!-- /settings -->")[0]
    lines = [line for line in table.strip().splitlines() if line.startswith("| `")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]

    assert rows == [
        [f"`{field.alias}`", str(field.description), _shown(field.default)]
        if _shown(field.default)
        else [f"`{field.alias}`", str(field.description), row[2]]
        for field, row in zip(Settings.model_fields.values(), rows, strict=True)
    ]
    assert {row[2] for row in rows if not row[2].startswith("`")} <= {"off", "not set"}


def test_the_example_file_has_every_setting_and_sets_none() -> None:
    """Copied as it is, it changes nothing."""
    lines = (REPO / ".env.example").read_text().splitlines()
    named = [found[1] for line in lines if (found := re.match(r"# ([A-Z_]+)=", line))]

    assert sorted(named) == sorted(NAMES)
    assert all(line.startswith("#") or not line.strip() for line in lines)


def _shown(default: object) -> str:
    """A default as the table shows it; nothing where it may say "off" or "not set"."""
    if default is None or default == "":
        return ""
    is_whole = isinstance(default, float) and default.is_integer()
    return f"`{int(default)}`" if is_whole and isinstance(default, float) else f"`{default}`"


def test_whatsapp_templates_are_named_with_their_ids(load: Load) -> None:
    """As Twilio shows them; an id of a template that nobody wrote is refused at the start."""
    settings = load(**WHATSAPP, TWILIO_WHATSAPP_TEMPLATES=f"register_due = {HX},quick_1={HX}")

    assert settings.whatsapp_templates == {"register_due": HX, "quick_1": HX}
