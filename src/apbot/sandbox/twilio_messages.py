"""
Twilio's side of a message: its resource as the REST API publishes it, its parts, its error words.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

Shape = dict[str, Any]

API_VERSION = "2010-04-01"

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
)
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this"
    " number. Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
    " Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELP = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."

# Refusals of a request: HTTP status and words. {0} is what was wrong.
REFUSALS: dict[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {0} was not found"),
    20422: (400, "Invalid parameter: {0}"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21205: (400, "Url is not a valid URL: {0}"),
    21210: (400, "The source phone number provided, {0}, is not yet verified for your account."),
    21213: (400, "No 'From' number is specified"),
    21211: (400, "Invalid 'To' Phone Number: {0}"),
    21408: (
        403,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To'"
        " number: {0}",
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number provided ({0}) is not a valid message-capable Twilio phone"
        " number for this destination.",
    ),
    21609: (400, "The 'StatusCallback' URL {0} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number: {0}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21655: (400, "The ContentSid {0} is Invalid"),
    21656: (400, "The ContentVariables Parameter is invalid"),
    21701: (404, "The Messaging Service {0} does not exist"),
    21910: (
        400,
        "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel",
    ),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
}

# Failures of a delivery.
FAILURES: dict[int, str] = {
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    63016: (
        "Failed to send freeform message because you are outside the allowed window."
        " If you are using WhatsApp, please use a Message Template."
    ),
}

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """Return how many SMS a text costs: 160 or 153 characters each, 70 or 67 beyond GSM-7."""
    if all(sign in _GSM or sign in _GSM_TWO for sign in text):
        return _parts([2 if sign in _GSM_TWO else 1 for sign in text], 160, 153)
    return _parts([len(sign.encode("utf-16-le")) // 2 for sign in text], 70, 67)


def _parts(widths: list[int], alone: int, each: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, room = 1, each
    for width in widths:
        if width > room:
            parts, room = parts + 1, each
        room -= width
    return parts


def is_number(address: str) -> bool:
    """Whether this is a number in E.164."""
    return re.fullmatch(r"\+[1-9]\d{6,14}", address) is not None


def is_uk_landline(number: str) -> bool:
    """Whether a UK number can be none of a mobile phone."""
    return number.startswith(("+441", "+442", "+443"))


def new_sid(kind: str) -> str:
    """Return a fresh id: two letters and 32 hexadecimal digits."""
    return kind + uuid.uuid4().hex


@dataclass(slots=True)
class Message:
    """One message, outbound or inbound. Times are UTC; addresses as Twilio writes them."""

    account_sid: str
    sender: str | None
    to: str
    body: str
    created_at: datetime
    direction: str = "outbound-api"
    status: str = "queued"
    service_sid: str | None = None
    callback: str | None = None
    validity: timedelta = timedelta(hours=10)
    keys: tuple[tuple[str, str], ...] = ()
    is_template: bool = False
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    error: int | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))

    @property
    def is_whatsapp(self) -> bool:
        """Whether it goes, or came, by WhatsApp."""
        return self.to.startswith("whatsapp:")

    @property
    def network(self) -> str:
        """`sms` or `whatsapp`."""
        return "whatsapp" if self.is_whatsapp else "sms"

    @property
    def number(self) -> str:
        """The number of the phone at the other end, without its channel."""
        far_end = self.sender or "" if self.direction == "inbound" else self.to
        return far_end.removeprefix("whatsapp:")

    @property
    def parts(self) -> str:
        """How many segments, in the API's text; unknown until a service has picked a sender."""
        if self.sender is None:
            return "0"
        return "1" if self.is_whatsapp else str(segments(self.body))

    def shape(self) -> Shape:
        """Return the published Message resource."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created_at),
            "date_sent": format_datetime(self.sent_at) if self.sent_at else None,
            "date_updated": format_datetime(self.updated_at or self.created_at),
            "direction": self.direction,
            "error_code": self.error,
            "error_message": FAILURES.get(self.error) if self.error else None,
            "from": self.sender,
            "messaging_service_sid": self.service_sid,
            "num_media": "0",
            "num_segments": self.parts,
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }
