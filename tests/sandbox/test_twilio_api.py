import email.utils
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from tests.sandbox.conftest import HOST, Hooks, Told
from tests.sandbox.published import twilio_faults, twilio_page_faults, twilio_spec
from twilio.base.exceptions import TwilioRestException
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from apbot.clock import MovedClock
from apbot.sandbox.handsets import Arrival, From
from apbot.sandbox.twilio_api import (
    SANDBOX_AUTH_TOKEN,
    SANDBOX_SENDER,
    SANDBOX_SID,
    NoSuchQuickReply,
    PhoneIsOff,
    TwilioApi,
)
from apbot.sandbox.twilio_messages import segments

BEN = "+447700900111"
MESSAGES = f"/twilio/2010-04-01/Accounts/{SANDBOX_SID}/Messages"
STATUS_HOOK = f"{HOST}/hooks/status"
RESOURCE = "api.v2010.account.message"


class Line:
    """The official client's way out, to the stand-in in this process."""

    def __init__(self, app: FastAPI) -> None:
        self.is_async = True
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))

    async def request(self, method: str, url: str, **more: Any) -> Response:
        """Do one request."""
        url = url.replace("https://api.twilio.com", f"{HOST}/twilio")
        answer = await self._client.request(
            method,
            url,
            params=more.get("params"),
            data=more.get("data"),
            headers=more.get("headers"),
            auth=more.get("auth"),
        )
        return Response(answer.status_code, answer.text, dict(answer.headers))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


@pytest.fixture
async def client(app: FastAPI, twilio_api: TwilioApi) -> AsyncIterator[Client]:
    """The official client."""
    line = Line(app)
    yield Client(SANDBOX_SID, SANDBOX_AUTH_TOKEN, http_client=line)
    await line.close()


def form_of(told: Told) -> dict[str, str]:
    """Return the fields of a hook call."""
    fields = parse_qs(told.body.decode(), keep_blank_values=True, strict_parsing=True)
    return {name: values[0] for name, values in fields.items()}


def receipts(hooks: Hooks) -> list[dict[str, str]]:
    return [form_of(told) for told in hooks.told if told.url == STATUS_HOOK]


def statuses(hooks: Hooks) -> list[str]:
    return [receipt["MessageStatus"] for receipt in receipts(hooks)]


async def send(client: Client, text: str = "Who is in?", to: str = BEN, **more: Any) -> Any:
    sender = SANDBOX_SENDER if not to.startswith("whatsapp:") else f"whatsapp:{SANDBOX_SENDER}"
    given = {"to": to, "body": text, "from_": sender, "status_callback": STATUS_HOOK} | more
    return await client.messages.create_async(**given)


async def refusal(web: httpx.AsyncClient, **form: str) -> tuple[int, int]:
    """Return the HTTP status and the code with which a text is refused."""
    given = {"To": BEN, "From": SANDBOX_SENDER, "Body": "hello"} | form
    fields = {name: value for name, value in given.items() if value}
    auth = (SANDBOX_SID, SANDBOX_AUTH_TOKEN)
    answer = await web.post(f"{MESSAGES}.json", data=fields, auth=auth)
    return answer.status_code, answer.json().get("code", 0)


async def test_a_text_goes_to_its_phone(client: Client, twilio_api: TwilioApi) -> None:
    """A text is taken as queued, and stands on the phone as delivered."""
    sent = await send(client)
    await twilio_api.idle()
    now = await client.messages(sent.sid).fetch_async()

    (bubble,) = twilio_api.handset(BEN).bubbles
    assert (sent.status, now.status) == ("queued", "delivered")
    assert (bubble.id, bubble.text, bubble.state) == (sent.sid, "Who is in?", Arrival.DELIVERED)
    assert [(one.to, one.text, one.id) for one in twilio_api.accepted] == [
        (BEN, "Who is in?", sent.sid)
    ]


async def test_receipts_walk_with_a_text(
    client: Client, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """Each status is told to the text's own callback, in order."""
    sent = await send(client)
    await twilio_api.idle()

    assert statuses(hooks) == ["queued", "sending", "sent", "delivered"]
    assert {receipt["MessageSid"] for receipt in receipts(hooks)} == {sent.sid}


async def test_every_hook_call_is_signed(
    client: Client, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """Twilio's own validator accepts what the stand-in signs, and nothing else."""
    twilio_api.hook_url = f"{HOST}/hooks/message?from=sms#rc=2&rp=all"
    await send(client)
    twilio_api.type_text(BEN, "all in, £5 é + & 😀")
    await twilio_api.idle()

    validator = RequestValidator(SANDBOX_AUTH_TOKEN)
    assert len(hooks.told) == 5
    for told in hooks.told:
        signature = told.headers["x-twilio-signature"]
        assert validator.validate(told.url, form_of(told), signature)
        assert not validator.validate(told.url, form_of(told) | {"Body": "no"}, signature)


async def test_what_people_text_is_told(twilio_api: TwilioApi, hooks: Hooks) -> None:
    """An inbound text comes with Twilio's fields, in the order in which it was typed."""
    sids = [twilio_api.type_text(BEN, text) for text in ("one", "two", "three")]
    await twilio_api.idle()

    forms = [form_of(told) for told in hooks.told]
    assert [(form["Body"], form["MessageSid"]) for form in forms] == list(
        zip(("one", "two", "three"), sids, strict=True)
    )
    assert forms[0] | {"From": BEN, "To": SANDBOX_SENDER, "NumMedia": "0"} == forms[0]
    assert {"SmsSid", "SmsMessageSid", "AccountSid", "NumSegments", "ApiVersion"} <= forms[0].keys()


async def test_a_long_text_is_one_message(twilio_api: TwilioApi, hooks: Hooks) -> None:
    """However many parts it was sent in, a long text shows and is told as one."""
    twilio_api.type_text(BEN, "x" * 400)
    await twilio_api.idle()

    (told,) = hooks.told
    assert (len(form_of(told)["Body"]), form_of(told)["NumSegments"]) == (400, "3")
    assert len(twilio_api.handset(BEN).bubbles) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("x" * 152 + "€" + "x" * 152, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_costs_its_parts(text: str, parts: int) -> None:
    """160 characters alone or 153 each in GSM-7, where some count two; else 70, or 67 each."""
    assert segments(text) == parts


# Refusals.


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"To": ""}, (400, 21604)),
        ({"To": "07700 900111"}, (400, 21211)),
        ({"To": "+0123"}, (400, 21211)),
        ({"From": ""}, (400, 21603)),
        ({"From": "+447700900999"}, (400, 21606)),
        ({"From": f"whatsapp:{SANDBOX_SENDER}"}, (400, 21910)),
        ({"To": f"whatsapp:{BEN}", "From": "whatsapp:+447700900999"}, (400, 63007)),
        ({"Body": ""}, (400, 21602)),
        ({"Body": "x" * 1601}, (400, 21617)),
        ({"Body": "x" * 1600}, (201, 0)),
        ({"ValidityPeriod": "0"}, (400, 20422)),
        ({"ValidityPeriod": "36001"}, (400, 20422)),
        ({"ValidityPeriod": "14400"}, (201, 0)),
        ({"StatusCallback": "nowhere"}, (400, 21609)),
        ({"ContentSid": "HX" + "0" * 32}, (400, 21655)),
        ({"From": "", "MessagingServiceSid": "MG" + "1" * 32}, (404, 21701)),
    ],
)
async def test_twilio_says_why_it_refuses(
    web: httpx.AsyncClient,
    twilio_api: TwilioApi,
    form: dict[str, str],
    expected: tuple[int, int],
) -> None:
    """Each refusal has its own code, and takes nothing."""
    assert await refusal(web, **form) == expected
    assert len(twilio_api.accepted) == int(expected[1] == 0)


async def test_a_refusal_has_twilios_shape(client: Client, twilio_api: TwilioApi) -> None:
    """The official client reads code, status and words of a refusal."""
    with pytest.raises(TwilioRestException) as refused:
        await send(client, to="+1")

    assert (refused.value.status, refused.value.code) == (400, 21211)
    assert "Invalid 'To' Phone Number: +1" in refused.value.msg


@pytest.mark.parametrize("auth", [None, (SANDBOX_SID, "wrong"), ("AC" + "2" * 32, "sandbox")])
async def test_a_stranger_is_turned_away(
    web: httpx.AsyncClient, twilio_api: TwilioApi, auth: tuple[str, str] | None
) -> None:
    """Without the account's own name and token, every call is answered 401."""
    answer = await web.get(f"{MESSAGES}.json", auth=auth)

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_a_number_can_be_refused_outright(
    web: httpx.AsyncClient, twilio_api: TwilioApi
) -> None:
    """A number known to be no mobile, or in a region not allowed, is refused as it is sent."""
    twilio_api.subscriber(BEN).refused_with = 21614
    assert await refusal(web) == (400, 21614)


async def test_a_message_that_is_not_there_is_not_found(client: Client) -> None:
    """An unknown sid is answered 404."""
    with pytest.raises(TwilioRestException) as refused:
        await client.messages("SM" + "0" * 32).fetch_async()
    assert (refused.value.status, refused.value.code) == (404, 20404)


# STOP and START.


@pytest.mark.parametrize("word", ["STOP", "stop", " Quit ", "END", "cancel", "unsubscribe"])
async def test_stop_is_obeyed_and_confirmed(
    client: Client, web: httpx.AsyncClient, twilio_api: TwilioApi, hooks: Hooks, word: str
) -> None:
    """Twilio stops by itself, says so on the phone, tells the hook, and refuses texts: 21610."""
    twilio_api.type_text(BEN, word)
    await twilio_api.idle()

    (typed, confirmed) = twilio_api.handset(BEN).bubbles
    assert (typed.sender, confirmed.sender) == (From.OWNER, From.NETWORK)
    assert confirmed.text.startswith("You have successfully been unsubscribed.")
    assert [form_of(told)["Body"] for told in hooks.told] == [word]
    assert await refusal(web) == (400, 21610)


async def test_start_undoes_stop(web: httpx.AsyncClient, twilio_api: TwilioApi) -> None:
    """START, YES and UNSTOP let texts through again; "stop it" never stopped them."""
    twilio_api.type_text(BEN, "stop it")
    before = await refusal(web)
    twilio_api.type_text(BEN, "STOP")
    twilio_api.type_text(BEN, "start")

    assert before == (201, 0)
    assert await refusal(web) == (201, 0)
    assert "re-subscribed" in twilio_api.handset(BEN).bubbles[-1].text


async def test_yes_is_an_answer_like_any_other(twilio_api: TwilioApi) -> None:
    """YES from somebody who never stopped is not confirmed by the network."""
    twilio_api.type_text(BEN, "yes")

    assert [bubble.sender for bubble in twilio_api.handset(BEN).bubbles] == [From.OWNER]


# What may become of a text.


async def test_a_phone_that_is_on_again_gets_what_waited(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, clock: MovedClock
) -> None:
    """A text to a phone that is off stays sent; it is delivered when the phone is on again."""
    twilio_api.switch_off(BEN)
    await send(client)
    await twilio_api.idle()
    while_off = statuses(hooks)
    clock.move_by(timedelta(hours=1))
    twilio_api.switch_off(BEN, is_off=False)
    await twilio_api.idle()

    assert while_off == ["queued", "sending", "sent"]
    assert statuses(hooks)[3:] == ["delivered"]


async def test_a_text_is_given_up_when_it_is_no_longer_valid(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, clock: MovedClock
) -> None:
    """After its validity period, a text to a phone that stayed off is undelivered: 30003."""
    twilio_api.switch_off(BEN)
    await send(client, validity_period=600)
    await twilio_api.idle()
    clock.move_by(timedelta(minutes=10))
    await twilio_api.idle()
    twilio_api.switch_off(BEN, is_off=False)
    await twilio_api.idle()

    last = receipts(hooks)[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert twilio_api.handset(BEN).bubbles[0].state is Arrival.FAILED


@pytest.mark.parametrize(
    ("number", "code"), [("+441632960111", "30006"), ("+447700900112", "30005")]
)
async def test_some_numbers_take_no_texts(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, number: str, code: str
) -> None:
    """A landline, or a number that a test has made to fail, ends undelivered with its code."""
    twilio_api.subscriber("+447700900112").fails_with = 30005
    sent = await send(client, to=number)
    await twilio_api.idle()

    now = await client.messages(sent.sid).fetch_async()
    assert (now.status, str(now.error_code)) == ("undelivered", code)
    assert receipts(hooks)[-1]["ErrorCode"] == code
    assert "ErrorCode" not in receipts(hooks)[0]


async def test_a_blocked_number_is_undelivered(
    client: Client, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """A phone that blocks the sender ends undelivered: 30004, until it lets it in."""
    twilio_api.block(BEN)
    await send(client)
    await twilio_api.idle()
    twilio_api.block(BEN, is_blocked=False)
    await send(client)
    await twilio_api.idle()

    assert [one for one in statuses(hooks) if one.endswith("delivered")] == [
        "undelivered",
        "delivered",
    ]


async def test_receipts_can_misbehave(client: Client, twilio_api: TwilioApi, hooks: Hooks) -> None:
    """Receipts may come twice and overtake one another."""
    twilio_api.delivery.receipts_twice = True
    twilio_api.delivery.receipts_backwards = True
    await send(client)
    await twilio_api.idle()

    walk = ["delivered", "sent", "sending", "queued"]
    assert statuses(hooks) == [status for status in walk for _ in range(2)]


async def test_an_inbound_text_can_come_twice(twilio_api: TwilioApi, hooks: Hooks) -> None:
    """The same message told twice has the same sid."""
    twilio_api.inbound_twice = True
    sid = twilio_api.type_text(BEN, "all in")
    await twilio_api.idle()

    assert [form_of(told)["MessageSid"] for told in hooks.told] == [sid, sid]


async def test_nobody_types_on_a_phone_that_is_off(twilio_api: TwilioApi) -> None:
    """A phone that is off sends nothing."""
    twilio_api.switch_off(BEN)
    with pytest.raises(PhoneIsOff):
        twilio_api.type_text(BEN, "all in")


async def test_a_messaging_service_picks_the_sender(
    client: Client, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """A text by a service is accepted first; its sender is picked on the way."""
    service = twilio_api.account.messaging_service_sid
    sent = await client.messages.create_async(
        to=BEN, body="hello", messaging_service_sid=service, status_callback=STATUS_HOOK
    )
    await twilio_api.idle()
    now = await client.messages(sent.sid).fetch_async()

    assert (sent.status, sent.from_, sent.num_segments) == ("accepted", None, "0")
    assert (now.status, now.from_, now.num_segments) == ("delivered", SANDBOX_SENDER, "1")
    assert receipts(hooks)[-1]["MessagingServiceSid"] == service


# WhatsApp.


async def test_whatsapp_is_open_for_a_day_after_each_message(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, clock: MovedClock
) -> None:
    """Free words go through within 24 hours of the person's last message; else 63016."""
    outcomes = []
    for hours in (0, 24, 1):
        clock.move_by(timedelta(hours=hours))
        if hours == 0:
            twilio_api.type_text(BEN, "morning", network="whatsapp")
        await send(client, to=f"whatsapp:{BEN}")
        await twilio_api.idle()
        last = receipts(hooks)[-1]
        outcomes.append((last["MessageStatus"], last.get("ErrorCode")))

    assert outcomes == [("delivered", None), ("delivered", None), ("undelivered", "63016")]


async def test_a_template_goes_through_at_any_time(
    client: Client, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """An approved template needs no open window; its quick replies say what they answer."""
    content = "HX" + "0" * 32
    twilio_api.add_template(content, "{{1}}: who is in?", ("All in", "all"))
    sent = await client.messages.create_async(
        to=f"whatsapp:{BEN}",
        from_=f"whatsapp:{SANDBOX_SENDER}",
        content_sid=content,
        content_variables='{"1": "Alder Farm"}',
    )
    await twilio_api.idle()
    twilio_api.tap(BEN, sent.sid, "all")
    await twilio_api.idle()

    (told,) = hooks.told
    form = form_of(told)
    assert twilio_api.handset(BEN, "whatsapp").bubbles[0].text == "Alder Farm: who is in?"
    assert (form["Body"], form["ButtonText"], form["ButtonPayload"]) == ("All in", "All in", "all")
    assert form["OriginalRepliedMessageSid"] == sent.sid
    assert (form["From"], form["WaId"]) == (f"whatsapp:{BEN}", BEN.removeprefix("+"))
    with pytest.raises(NoSuchQuickReply):
        twilio_api.tap(BEN, sent.sid, "none")


async def test_whatsapp_and_sms_are_two_threads(client: Client, twilio_api: TwilioApi) -> None:
    """The same number is another address on another network."""
    twilio_api.type_text(BEN, "hello", network="whatsapp")
    await send(client)
    await twilio_api.idle()

    assert len(twilio_api.handset(BEN, "whatsapp").bubbles) == 1
    assert len(twilio_api.handset(BEN).bubbles) == 1


# Hooks that fail.


@pytest.mark.parametrize(
    ("overrides", "answers", "calls"),
    [
        ("", [500], 1),
        ("#rc=2&rp=5xx", [500, 503], 3),
        ("#rc=2&rp=5xx", [500, 503, 500], 3),
        ("#rc=2&rp=5xx", [404], 1),
        ("#rc=3&rp=4xx,ct", [404], 2),
        ("#rc=5&rp=all", [500, 404], 3),
        ("#rc=0&rp=all", [500], 1),
    ],
)
async def test_a_hook_is_tried_as_its_url_wishes(
    twilio_api: TwilioApi, hooks: Hooks, overrides: str, answers: list[int], calls: int
) -> None:
    """A hook that failed is not called again, unless the URL's connection overrides say so."""
    twilio_api.hook_url = f"{HOST}/hooks/message{overrides}"
    hooks.answers = answers
    twilio_api.type_text(BEN, "all in")
    await twilio_api.idle()

    assert len(hooks.told) == calls
    assert len({told.headers["i-twilio-idempotency-token"] for told in hooks.told}) == 1
    assert {told.url for told in hooks.told} == {f"{HOST}/hooks/message"}


async def test_a_connection_that_fails_is_tried_once_more(clock: MovedClock) -> None:
    """By itself, Twilio repeats only a call whose connection failed, and that once."""
    tried = []

    def nobody(request: httpx.Request) -> httpx.Response:
        tried.append(request.url)
        raise httpx.ConnectError("refused")

    api = TwilioApi(clock, hook_url=HOST, transport=httpx.MockTransport(nobody))
    api.type_text(BEN, "all in")
    await api.idle()
    await api.stop()

    assert len(tried) == 2


# Faults.


async def test_faults_of_the_api(web: httpx.AsyncClient, twilio_api: TwilioApi) -> None:
    """429 with Retry-After, 500, and lines that break before or after a text was taken."""
    faults = twilio_api.faults
    faults.throttle(seconds=9)
    throttled = await refusal(web)
    faults.break_down()
    broken = await refusal(web)
    faults.drop_before()
    with pytest.raises(httpx.ConnectError):
        await refusal(web)
    faults.drop_after()
    with pytest.raises(httpx.ReadError):
        await refusal(web, Body="taken")

    assert (throttled, broken) == ((429, 20429), (500, 20500))
    assert [text.text for text in twilio_api.accepted] == ["taken"]


async def test_a_network_that_is_down_keeps_what_people_type(
    web: httpx.AsyncClient, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """Nothing is taken while Twilio is down; inbound texts come when it is up again."""
    twilio_api.faults.take_down()
    twilio_api.type_text(BEN, "all in")
    with pytest.raises(httpx.ConnectError):
        await refusal(web)
    while_down = len(hooks.told)
    twilio_api.faults.bring_up()
    await twilio_api.idle()

    assert (while_down, len(hooks.told)) == (0, 1)


async def test_a_text_whose_answer_was_lost_can_be_looked_up(
    client: Client, twilio_api: TwilioApi, clock: MovedClock
) -> None:
    """The list of messages tells whether a text of unknown fate was taken."""
    began_at = clock.now()
    twilio_api.faults.drop_after()
    with pytest.raises(httpx.ReadError):
        await send(client, "Who is in?")
    found = await client.messages.list_async(to=BEN, date_sent_after=began_at)

    assert [one.body for one in found] == ["Who is in?"]


# The list of messages.


async def test_the_list_goes_on_over_pages(client: Client, twilio_api: TwilioApi) -> None:
    """The newest come first, page after page."""
    for number in range(5):
        await send(client, str(number))
    await twilio_api.idle()

    found = await client.messages.list_async(page_size=2)
    assert [one.body for one in found] == ["4", "3", "2", "1", "0"]


async def test_the_list_is_filtered(
    client: Client, twilio_api: TwilioApi, clock: MovedClock
) -> None:
    """By receiver, by sender, and by when a text was sent: a day, or a moment."""
    twilio_api.type_text(BEN, "from Ben")
    await send(client, "first")
    await twilio_api.idle()
    clock.move_by(timedelta(hours=24))
    await send(client, "second")
    await send(client, "to another", to="+447700900113")
    await twilio_api.idle()
    now = clock.now()

    async def found(**wanted: Any) -> list[str | None]:
        return [one.body for one in await client.messages.list_async(**wanted)]

    assert await found(to=BEN) == ["second", "first"]
    assert await found(from_=BEN) == ["from Ben"]
    assert await found(to=BEN, date_sent=now.date()) == ["second"]
    assert await found(to=BEN, date_sent_after=now.date()) == ["second"]
    assert await found(to=BEN, date_sent_after=now - timedelta(minutes=1)) == ["second"]
    assert await found(to=BEN, date_sent_before=now - timedelta(minutes=1)) == ["first"]
    assert await found(date_sent_after=now + timedelta(minutes=1)) == []


# The published shapes.


async def test_resources_have_the_published_shape(
    web: httpx.AsyncClient, twilio_api: TwilioApi
) -> None:
    """What is created, fetched and listed has every published field, and no other."""
    auth = (SANDBOX_SID, SANDBOX_AUTH_TOKEN)
    twilio_api.subscriber("+447700900112").fails_with = 30005
    twilio_api.type_text(BEN, "hello")
    resources = []
    for to in (BEN, "+447700900112"):
        form = {"To": to, "From": SANDBOX_SENDER, "Body": "x"}
        created = (await web.post(f"{MESSAGES}.json", data=form, auth=auth)).json()
        await twilio_api.idle()
        fetched = (await web.get(f"{MESSAGES}/{created['sid']}.json", auth=auth)).json()
        resources += [created, fetched]
    page = (await web.get(f"{MESSAGES}.json", params={"PageSize": 2}, auth=auth)).json()
    last = (await web.get(f"/twilio{page['next_page_uri']}", auth=auth)).json()

    assert [fault for one in resources for fault in twilio_faults(one, RESOURCE)] == []
    assert twilio_page_faults(page) == twilio_page_faults(last) == []
    assert [len(page["messages"]), len(last["messages"])] == [2, 1]
    for one in resources:
        assert email.utils.parsedate_to_datetime(one["date_created"]).tzinfo is not None


async def test_a_next_page_keeps_the_filters(web: httpx.AsyncClient, twilio_api: TwilioApi) -> None:
    """The address of the next page asks for the same messages."""
    auth = (SANDBOX_SID, SANDBOX_AUTH_TOKEN)
    for _ in range(2):
        await refusal(web)
    query = {"PageSize": "1", "To": BEN, "DateSent>": "2026-11-01"}
    page = (await web.get(f"{MESSAGES}.json", params=query, auth=auth)).json()

    following = parse_qs(urlsplit(page["next_page_uri"]).query)
    assert following["To"] == [BEN]
    assert following["DateSent>"] == ["2026-11-01"]
    assert following["Page"] == ["1"]


def test_the_stand_in_reads_only_published_parameters() -> None:
    """Every parameter that a create request may hold here is one that Twilio publishes."""
    path = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
    content = twilio_spec()["paths"][path]["post"]["requestBody"]["content"]
    published = content["application/x-www-form-urlencoded"]["schema"]["properties"]

    read = {
        "To",
        "From",
        "MessagingServiceSid",
        "Body",
        "ContentSid",
        "ContentVariables",
        "StatusCallback",
        "ValidityPeriod",
    }
    assert read <= set(published)
