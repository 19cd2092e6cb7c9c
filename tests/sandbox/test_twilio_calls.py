"""The stand-in of the Calls API answers as Twilio has published it, and phones ring."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from tests.sandbox.conftest import HOST, Hooks
from tests.sandbox.published import twilio_faults
from tests.sandbox.test_twilio_api import Line, form_of
from twilio.rest import Client

from apbot.clock import MovedClock
from apbot.sandbox.twilio_api import (
    SANDBOX_AUTH_TOKEN,
    SANDBOX_SENDER,
    SANDBOX_SID,
    NoSuchQuickReply,
    TwilioApi,
)

BEN = "+447700900111"
CALLS = f"/twilio/2010-04-01/Accounts/{SANDBOX_SID}/Calls.json"
RESOURCE = "api.v2010.account.call"
WORDS = """<Response><Gather numDigits="1" timeout="8" action="https://apbot.test/words/key">
<Say>Zara is sought. Press 1.</Say></Gather><Hangup/></Response>"""
THANKS = "<Response><Say>Thank you.</Say><Hangup/></Response>"


@pytest.fixture
async def client(app: FastAPI, twilio_api: TwilioApi) -> AsyncIterator[Client]:
    """The official client, and a product that has something to say."""

    async def words(request: Request) -> Response:
        form = await request.form()
        said = THANKS if request.url.path.endswith("/key") else WORDS
        if form.get("AnsweredBy") == "machine_start":
            said = "<Response><Hangup/></Response>"
        app.state.asked = {**getattr(app.state, "asked", {}), **dict(form)}
        return Response(said, media_type="application/xml")

    app.add_route("/words", words, ["POST"])
    app.add_route("/words/key", words, ["POST"])
    line = Line(app)
    yield Client(SANDBOX_SID, SANDBOX_AUTH_TOKEN, http_client=line)
    await line.close()


async def call(client: Client, **more: Any) -> Any:
    given = {"to": BEN, "from_": SANDBOX_SENDER, "url": f"{HOST}/words", "timeout": 25}
    given |= {"status_callback": f"{HOST}/hooks/over", "machine_detection": "Enable"}
    return await client.calls.create_async(**given | more)


def ended(hooks: Hooks) -> list[tuple[str, str]]:
    forms = [form_of(told) for told in hooks.told]
    return [(form["CallStatus"], form.get("AnsweredBy", "")) for form in forms]


async def test_a_call_has_twilios_shape(client: Client, web: httpx.AsyncClient) -> None:
    """Made, fetched and listed: every published field, and no other."""
    auth = (SANDBOX_SID, SANDBOX_AUTH_TOKEN)
    form = {"To": BEN, "From": SANDBOX_SENDER, "Url": f"{HOST}/words"}
    made = (await web.post(CALLS, data=form, auth=auth)).json()
    listed = (await web.get(CALLS, auth=auth)).json()["calls"]

    assert twilio_faults(made, RESOURCE) == []
    assert [twilio_faults(one, RESOURCE) for one in listed] == [[]]
    assert (await client.calls(made["sid"]).fetch_async()).direction == "outbound-api"


async def test_a_phone_rings_is_answered_and_a_key_is_pressed(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, app: FastAPI
) -> None:
    """What is said comes from the product, once somebody has answered."""
    made = await call(client)
    await twilio_api.idle()
    bubble = twilio_api.sms.get(BEN).bubbles[-1]
    assert [key.label for row in bubble.keys for key in row] == ["Answer", "Hang up", "Voicemail"]

    twilio_api.tap(BEN, made.sid, "answer")
    await twilio_api.idle()
    assert "Zara is sought. Press 1." in twilio_api.sms.get(BEN).bubbles[-1].text
    twilio_api.tap(BEN, made.sid, "1")
    await twilio_api.idle()

    assert "Thank you." in twilio_api.sms.get(BEN).bubbles[-1].text
    assert (app.state.asked["Digits"], app.state.asked["AnsweredBy"]) == ("1", "human")
    assert ended(hooks) == [("completed", "human")]
    with pytest.raises(NoSuchQuickReply):
        twilio_api.tap(BEN, made.sid, "1")


@pytest.mark.parametrize(
    ("pressed", "end"),
    [("hang up", ("busy", "")), ("voicemail", ("completed", "machine_start"))],
)
async def test_a_call_can_be_turned_away_or_left(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, pressed: str, end: tuple[str, str]
) -> None:
    made = await call(client)
    await twilio_api.idle()

    twilio_api.tap(BEN, made.sid, pressed)
    await twilio_api.idle()

    assert ended(hooks)[-1][0] == end[0]
    assert ended(hooks)[-1][1] == end[1]


async def test_a_call_that_nobody_answers_falls_silent(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, clock: MovedClock
) -> None:
    """After as long as was asked for."""
    await call(client)
    await twilio_api.idle()
    clock.move_to(clock.now() + timedelta(seconds=24))
    await twilio_api.idle()
    assert ended(hooks) == []

    clock.move_to(clock.now() + timedelta(seconds=1))
    await twilio_api.idle()

    assert ended(hooks) == [("no-answer", "")]


async def test_a_phone_that_is_off_has_its_voicemail(
    client: Client, twilio_api: TwilioApi, hooks: Hooks
) -> None:
    """As most are."""
    twilio_api.switch_off(BEN)

    await call(client)
    await twilio_api.idle()

    assert ended(hooks)[-1][1] == "machine_start"


async def test_a_key_that_nobody_presses_ends_the_call(
    client: Client, twilio_api: TwilioApi, hooks: Hooks, clock: MovedClock
) -> None:
    """Where the words have no more to say."""
    made = await call(client)
    await twilio_api.idle()
    twilio_api.tap(BEN, made.sid, "answer")
    await twilio_api.idle()

    clock.move_to(clock.now() + timedelta(seconds=30))
    await twilio_api.idle()

    assert ended(hooks) == [("completed", "human")]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": ""}, 21213),
        ({"From": "+447700900999"}, 21210),
        ({"To": "07700"}, 21211),
        ({"Url": "nowhere"}, 21205),
        ({"Timeout": "601"}, 20422),
        ({"MachineDetection": "maybe"}, 20422),
    ],
)
async def test_twilio_says_why_it_refuses_a_call(
    client: Client, web: httpx.AsyncClient, form: dict[str, str], code: int
) -> None:
    given = {"To": BEN, "From": SANDBOX_SENDER, "Url": f"{HOST}/words"} | form
    fields = {name: value for name, value in given.items() if value}

    answer = await web.post(CALLS, data=fields, auth=(SANDBOX_SID, SANDBOX_AUTH_TOKEN))

    assert answer.json()["code"] == code
