"""
What the Messages API is asked: texts to send, and which of those sent to list.

Everything that Twilio would refuse is refused here, with its code and words.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.responses import JSONResponse, Response

from apbot.sandbox.twilio_account import Template, TwilioAccount
from apbot.sandbox.twilio_messages import API_VERSION, REFUSALS, Message, Shape, is_number

LONGEST_BODY = 1600
LONGEST_VALIDITY = 36000
MOST_FREE_KEYS = 3


class Refusal(Exception):
    """Twilio refuses a request, with a code of its own."""

    def __init__(self, code: int, what: str = "", *, retry_after: int | None = None) -> None:
        self.code = code
        self.status, words = REFUSALS[code]
        self.words = words.format(what)
        self.retry_after = retry_after
        super().__init__(self.words)

    def answer(self) -> Response:
        """Return the refusal as Twilio shapes it."""
        shape = {
            "code": self.code,
            "message": self.words,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        return JSONResponse(shape, status_code=self.status, headers=headers)


def drafted(account: TwilioAccount, given: Mapping[str, str], now: datetime) -> Message:
    """Return the message that a create request asks for, not yet on its way, or refuse it."""
    to, sender = given.get("To", ""), given.get("From") or None
    service = given.get("MessagingServiceSid") or None
    if not to:
        raise Refusal(21604)
    _check_sender(account, to, sender, service)
    message = Message(account.sid, sender, to, "", now, service_sid=service)
    if not is_number(message.number):
        raise Refusal(21211, to)
    template = _template(account, given)
    message.is_template = template is not None and template.is_approved
    message.body, message.keys = _worded(template, given, is_whatsapp=message.is_whatsapp)
    message.validity = timedelta(seconds=_validity(given.get("ValidityPeriod")))
    message.callback = _callback(given.get("StatusCallback"))
    if sender is None:
        message.status = "accepted"
    subscriber = account.subscriber(message.number)
    if subscriber.refused_with is not None:
        raise Refusal(subscriber.refused_with, to)
    if subscriber.has_stopped and not message.is_whatsapp:
        raise Refusal(21610)
    return message


def listed(account: TwilioAccount, query: Mapping[str, str]) -> Shape:
    """Return one page of the account's messages, the newest first."""
    chosen = [one for one in reversed(account.messages.values()) if _is_chosen(one, query)]
    size = min(max(_count(query.get("PageSize"), 50), 1), 1000)
    page = _count(query.get("Page"), 0)
    shown = chosen[page * size : (page + 1) * size]
    uri = f"/{API_VERSION}/Accounts/{account.sid}/Messages.json"
    asked = {key: value for key, value in query.items() if not key.startswith("Page")}

    def page_uri(number: int, token: Mapping[str, str] | None = None) -> str:
        fields = asked | {"PageSize": str(size), "Page": str(number)} | dict(token or {})
        return f"{uri}?{urlencode(fields, quote_via=quote)}"

    has_more = len(chosen) > (page + 1) * size
    token = {"PageToken": f"PA{shown[-1].sid}"} if shown else {}
    return {
        "end": page * size + max(len(shown) - 1, 0),
        "first_page_uri": page_uri(0),
        "messages": [message.shape() for message in shown],
        "next_page_uri": page_uri(page + 1, token) if has_more else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": page_uri(page - 1) if page else None,
        "start": page * size,
        "uri": page_uri(page),
    }


def _check_sender(account: TwilioAccount, to: str, sender: str | None, service: str | None) -> None:
    if not sender and not service:
        raise Refusal(21603)
    if service and service != account.messaging_service_sid:
        raise Refusal(21701, service)
    if not sender:
        return
    if sender.startswith("whatsapp:") != to.startswith("whatsapp:"):
        raise Refusal(21910)
    if sender.startswith("whatsapp:") and sender != f"whatsapp:{account.whatsapp_sender}":
        raise Refusal(63007)
    if not sender.startswith("whatsapp:") and sender != account.sender:
        raise Refusal(21606, sender)


def _template(account: TwilioAccount, given: Mapping[str, str]) -> Template | None:
    if "ContentSid" not in given:
        return None
    template = account.templates.get(given["ContentSid"])
    if template is None:
        raise Refusal(21655, given["ContentSid"])
    return template


def _worded(
    template: Template | None, given: Mapping[str, str], *, is_whatsapp: bool
) -> tuple[str, tuple[tuple[str, str], ...]]:
    if template is None:
        return _free_words(given), ()
    places = _places(given.get("ContentVariables", ""))
    body = _filled(template.body, places)
    keys = tuple((_filled(title, places), key) for title, key in template.keys)
    if is_whatsapp and not template.is_approved and len(keys) > MOST_FREE_KEYS:
        raise Refusal(20422, "ContentSid")
    return body, keys


def _free_words(given: Mapping[str, str]) -> str:
    body = given.get("Body", "")
    if not body.strip():
        raise Refusal(21602)
    if len(body) > LONGEST_BODY:
        raise Refusal(21617)
    return body


def _places(given: str) -> dict[str, str]:
    """What goes into a template: a JSON object whose every value is words."""
    try:
        values: dict[str, Any] = dict(json.loads(given or "{}"))
    except (ValueError, TypeError):
        raise Refusal(21656) from None
    if not all(isinstance(value, str) and value for value in values.values()):
        raise Refusal(21656)
    return values


def _filled(words: str, places: Mapping[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: places.get(found[1], found[0]), words)


def _validity(given: str | None) -> int:
    seconds = _count(given, LONGEST_VALIDITY)
    if not 1 <= seconds <= LONGEST_VALIDITY:
        raise Refusal(20422, "ValidityPeriod")
    return seconds


def _callback(url: str | None) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refusal(21609, url)
    return url


def _count(given: str | None, otherwise: int) -> int:
    if not given:
        return otherwise
    if not re.fullmatch(r"\d{1,9}", given):
        raise Refusal(20422, given)
    return int(given)


def _is_chosen(message: Message, query: Mapping[str, str]) -> bool:
    return (
        query.get("To") in (None, "", message.to)
        and query.get("From") in (None, "", message.sender)
        and _is_dated(message, query.get("DateSent"), "=")
        and _is_dated(message, query.get("DateSent<"), "<")
        and _is_dated(message, query.get("DateSent>"), ">")
    )


def _is_dated(message: Message, given: str | None, relation: str) -> bool:
    """Whether a message was sent on, by or since what a filter names; `on` is a matter of days."""
    if not given:
        return True
    try:
        wanted = datetime.fromisoformat(given)
    except ValueError:
        raise Refusal(20422, "DateSent") from None
    sent_at = (message.sent_at or message.created_at).astimezone(UTC).replace(microsecond=0)
    if relation == "=" or len(given) == len("2026-11-23"):
        on, day = sent_at.date(), wanted.date()
        return {"=": on == day, "<": on <= day, ">": on >= day}[relation]
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    return sent_at <= wanted if relation == "<" else sent_at >= wanted
