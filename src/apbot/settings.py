"""
Settings: what the environment or `.env` says, checked before anything starts.

A setting that is missing or contradicts another is refused with a clear word: an alarm that is
half configured is worse than one that does not start.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

LIVE_DATABASE = "sqlite:///var/apbot.db"
SANDBOX_DATABASE = "sqlite:///var/sandbox.db"

REAL_NETWORKS = ("telegram.org", "twilio.com")
"""The networks' own domains; Twilio has an address in each of its regions."""

CONTENT_SID = re.compile(r"([a-z][a-z0-9_]*)\s*=\s*(HX[0-9a-fA-F]{32})")
"""One of the WhatsApp templates, by its name with us and with Twilio."""

PHONE_NUMBER = re.compile(r"\+[1-9]\d{6,14}")

HOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes as a hook's secret."""


class BadSettings(Exception):
    """The settings cannot be used; each line of the message names one and says what to do."""


class Settings(BaseSettings):
    """Every setting, by its name in the environment; the table in README is made from this."""

    # A name with nothing after it is not set, as in a copied .env with its lines left empty.
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", case_sensitive=True
    )

    database_url: str = Field(
        "",
        alias="DATABASE_URL",
        description="SQLAlchemy URL; `postgres://` is taken as a platform gives it; a SQLite file "
        "under `var/` where not set, the sandbox's its own",
    )
    port: int = Field(8000, alias="PORT", description="where the web half listens", ge=1, le=65535)
    host: str = Field("127.0.0.1", alias="HOST", description="on which address it listens")
    public_url: str = Field(
        "",
        alias="APBOT_PUBLIC_URL",
        description="the address that networks and phones see; `http://HOST:PORT` where not set",
    )
    config_dir: Path = Field(
        Path("config"), alias="APBOT_CONFIG_DIR", description="the office's lists and policies"
    )
    conversations_dir: Path = Field(
        Path("conversations"),
        alias="APBOT_CONVERSATIONS_DIR",
        description="what the bot says and hears",
    )
    secret_key: str = Field(
        "",
        alias="APBOT_SECRET_KEY",
        description="signs links and cookies; needed when live, made and kept in `var/` when not",
    )
    telegram_bot_token: str = Field(
        "", alias="TELEGRAM_BOT_TOKEN", description="switches Telegram on"
    )
    telegram_base_url: str = Field(
        "",
        alias="TELEGRAM_BASE_URL",
        description="where the Bot API is, as python-telegram-bot's `base_url` takes it",
    )
    telegram_webhook_secret: str = Field(
        "",
        alias="TELEGRAM_WEBHOOK_SECRET",
        description="the webhook's secret token; without it, or without a public https address, "
        "updates are fetched by long polling",
    )
    twilio_account_sid: str = Field(
        "", alias="TWILIO_ACCOUNT_SID", description="switches Twilio on, with the token"
    )
    twilio_auth_token: str = Field(
        "",
        alias="TWILIO_AUTH_TOKEN",
        description="signs and checks; two, with a comma between, while one is being replaced",
    )
    twilio_from: str = Field("", alias="TWILIO_FROM", description="the sender's number")
    twilio_messaging_service_sid: str = Field(
        "", alias="TWILIO_MESSAGING_SERVICE_SID", description="the sender, in place of a number"
    )
    twilio_rate: float = Field(
        10,
        alias="TWILIO_RATE",
        description="how many SMS parts a second Twilio sends of that number, or of all numbers of "
        "the messaging service together",
        gt=0,
    )
    twilio_whatsapp_from: str = Field(
        "", alias="TWILIO_WHATSAPP_FROM", description="switches WhatsApp on"
    )
    twilio_whatsapp_templates: str = Field(
        "",
        alias="TWILIO_WHATSAPP_TEMPLATES",
        description="the ContentSid of each of `conversations/templates/whatsapp.yaml` that is "
        "made at Twilio: `register_due=HX…, quick_1=HX…`",
    )
    twilio_voice_from: str = Field(
        "",
        alias="TWILIO_VOICE_FROM",
        description="a number that can call: switches on the telephone calls of the ladders",
    )
    twilio_base_url: str = Field("", alias="TWILIO_BASE_URL", description="where its REST API is")
    oidc_issuer: str = Field(
        "",
        alias="APBOT_OIDC_ISSUER",
        description="lets contacts sign in with their office accounts: the OpenID Connect issuer, "
        "as `https://login.microsoftonline.com/TENANT/v2.0`",
    )
    oidc_client_id: str = Field(
        "", alias="APBOT_OIDC_CLIENT_ID", description="the id by which the issuer knows apbot"
    )
    oidc_client_secret: str = Field(
        "", alias="APBOT_OIDC_CLIENT_SECRET", description="the secret that goes with it"
    )
    heartbeat_url: str = Field(
        "",
        alias="APBOT_HEARTBEAT_URL",
        description="fetched every minute while the engine is well",
    )
    clock_start: datetime | None = Field(
        None,
        alias="APBOT_CLOCK_START",
        description="local date and time to start a moved clock at; refused with a network's real "
        "address",
    )
    clock_speed: float = Field(
        1.0, alias="APBOT_CLOCK_SPEED", description="how many times faster the moved clock runs"
    )

    @property
    def is_live(self) -> bool:
        """Whether a real network is switched on; the sandbox does not exist then."""
        return bool(self.telegram_bot_token or self.twilio_account_sid)

    @property
    def database(self) -> str:
        """The database set, else a file that sandbox and live never share."""
        if self.database_url:
            return self.database_url
        return LIVE_DATABASE if self.is_live else SANDBOX_DATABASE

    @property
    def is_clock_moved(self) -> bool:
        """Whether the clock is to start elsewhere or run faster than real time."""
        return self.clock_start is not None or self.clock_speed != 1

    @property
    def address(self) -> str:
        """The address that networks and phones see, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def whatsapp_templates(self) -> dict[str, str]:
        """Twilio's id of each WhatsApp template that is set, by the template's name."""
        return dict(CONTENT_SID.findall(self.twilio_whatsapp_templates))

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """Twilio's auth tokens; the first one sends."""
        return tuple(token.strip() for token in self.twilio_auth_token.split(",") if token.strip())


@dataclass(frozen=True, slots=True)
class Way:
    """A way to people's phones: whether it is on, and else the lines of .env that it lacks."""

    name: str
    is_on: bool
    words: str
    lacks: tuple[str, ...] = ()


def ways_of(settings: Settings) -> tuple[Way, ...]:
    """Return every way to phones, in the order in which an office sets them up."""

    def way(name: str, words: str, **needed: str) -> Way:
        lacks = tuple(f"{key}={example}" for key, example in needed.items() if not given[key])
        return Way(name, not lacks, words, lacks)

    fields = Settings.model_fields.items()
    given = {field.alias or name: getattr(settings, name) for name, field in fields}
    sender = settings.twilio_from or settings.twilio_messaging_service_sid
    given["TWILIO_FROM"] = sender
    account = {
        "TWILIO_ACCOUNT_SID": "AC… (on the first page of your Twilio console)",
        "TWILIO_AUTH_TOKEN": "… (beside it)",
    }
    return (
        way(
            "The address that phones see",
            "a name with https that leads to this machine: networks call us there, and texts carry "
            "links to it",
            APBOT_PUBLIC_URL="https://registers.example.org",
            APBOT_SECRET_KEY=token_urlsafe(36),
        ),
        way(
            "SMS",
            "from Twilio: a number that sends and takes texts, or a messaging service",
            **account,
            TWILIO_FROM="+44… (a number of yours at Twilio)",
        ),
        way(
            "Telegram",
            "write /newbot to @BotFather on Telegram; it answers with a token",
            TELEGRAM_BOT_TOKEN="123456789:AA…",
        ),
        way(
            "WhatsApp",
            "a WhatsApp sender of yours at Twilio, if your providers use it",
            **account,
            TWILIO_WHATSAPP_FROM="+44…",
        ),
        way(
            "Telephone calls",
            "a number of yours at Twilio that calls, for the last steps of a ladder",
            **account,
            TWILIO_VOICE_FROM="+44…",
        ),
    )


def load_settings() -> Settings:
    """Return the settings of this process. Raises BadSettings with one line a mistake."""
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [f"{mistake['loc'][0]}: {mistake['msg']}" for mistake in error.errors()]
        raise BadSettings("\n".join(lines)) from None
    problems = list(_contradictions(settings))
    if problems:
        raise BadSettings("\n".join(problems))
    return settings


def _contradictions(settings: Settings) -> list[str]:
    found = []
    has_sid, has_token = bool(settings.twilio_account_sid), bool(settings.auth_tokens)
    if has_sid != has_token:
        missing = "TWILIO_AUTH_TOKEN" if has_sid else "TWILIO_ACCOUNT_SID"
        found.append(f"{missing} is missing: Twilio needs both the account and its token")
    has_sender = bool(settings.twilio_from or settings.twilio_messaging_service_sid)
    if has_sid and not has_sender:
        found.append(
            "TWILIO_FROM is missing: give the number that sends, or TWILIO_MESSAGING_SERVICE_SID"
        )
    if settings.twilio_from and settings.twilio_messaging_service_sid:
        found.append("TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID are both set: keep one")
    for name, value in [
        ("TWILIO_FROM", settings.twilio_from),
        ("TWILIO_MESSAGING_SERVICE_SID", settings.twilio_messaging_service_sid),
        ("TWILIO_WHATSAPP_FROM", settings.twilio_whatsapp_from),
        ("TWILIO_VOICE_FROM", settings.twilio_voice_from),
    ]:
        if value and not has_sid:
            found.append(f"{name} is set, but Twilio is off: set TWILIO_ACCOUNT_SID and its token")
    found += _template_problems(settings)
    open_id = {
        "APBOT_OIDC_ISSUER": settings.oidc_issuer,
        "APBOT_OIDC_CLIENT_ID": settings.oidc_client_id,
        "APBOT_OIDC_CLIENT_SECRET": settings.oidc_client_secret,
    }
    if any(open_id.values()):
        found += [
            f"{name} is missing: office accounts need issuer, client id and secret"
            for name, value in open_id.items()
            if not value
        ]
    if settings.twilio_voice_from and not PHONE_NUMBER.fullmatch(settings.twilio_voice_from):
        found.append("TWILIO_VOICE_FROM is no number that calls: write it as +447700900000")
    if settings.twilio_voice_from and has_sid and not settings.public_url:
        found.append("APBOT_PUBLIC_URL is missing: in a call Twilio asks there what to say")
    if settings.telegram_webhook_secret and not settings.telegram_bot_token:
        found.append("TELEGRAM_WEBHOOK_SECRET is set, but Telegram is off: set TELEGRAM_BOT_TOKEN")
    if settings.telegram_webhook_secret and not HOOK_SECRET.fullmatch(
        settings.telegram_webhook_secret
    ):
        found.append(
            "TELEGRAM_WEBHOOK_SECRET is no secret that Telegram takes: 1 to 256 of A-Z a-z 0-9 _ -"
        )
    if settings.is_live and not settings.secret_key:
        found.append("APBOT_SECRET_KEY is missing: live, links and cookies must be signed with it")
    for name, value in [
        ("APBOT_PUBLIC_URL", settings.public_url),
        ("TELEGRAM_BASE_URL", settings.telegram_base_url),
        ("TWILIO_BASE_URL", settings.twilio_base_url),
        ("APBOT_HEARTBEAT_URL", settings.heartbeat_url),
        ("APBOT_OIDC_ISSUER", settings.oidc_issuer),
    ]:
        if value and urlsplit(value).scheme not in ("http", "https"):
            found.append(f"{name} is no address: it must begin with http:// or https://")
    if not 0 < settings.clock_speed <= 3600:
        found.append("APBOT_CLOCK_SPEED must be above 0 and at most 3600")
    if settings.is_clock_moved and settings.is_live:
        found += _moved_clock_problems(settings)
    return found


def _template_problems(settings: Settings) -> list[str]:
    name = "TWILIO_WHATSAPP_TEMPLATES"
    written = [one.strip() for one in settings.twilio_whatsapp_templates.split(",")]
    written = [one for one in written if one]
    found = [
        f"{name}: '{one}' is not name=HX and 32 hexadecimal digits, as Twilio shows a ContentSid"
        for one in written
        if not CONTENT_SID.fullmatch(one)
    ]
    names = [one.partition("=")[0].strip() for one in written]
    found += [f"{name} gives {one} twice" for one in dict.fromkeys(names) if names.count(one) > 1]
    if written and not settings.twilio_whatsapp_from:
        found.append(f"{name} is set, but WhatsApp is off: set TWILIO_WHATSAPP_FROM")
    return found


def _moved_clock_problems(settings: Settings) -> list[str]:
    """Real phones must never hear from a clock that is not the real one."""
    found = []
    for is_on, name, value in [
        (bool(settings.telegram_bot_token), "TELEGRAM_BASE_URL", settings.telegram_base_url),
        (bool(settings.twilio_account_sid), "TWILIO_BASE_URL", settings.twilio_base_url),
    ]:
        host = (urlsplit(value).hostname or "").rstrip(".")
        is_real = any(host == real or host.endswith(f".{real}") for real in REAL_NETWORKS)
        if is_on and (not value or is_real):
            found.append(
                f"APBOT_CLOCK_START and APBOT_CLOCK_SPEED are refused with a network's real "
                f"address: unset them, or point {name} at a stand-in"
            )
    return found
