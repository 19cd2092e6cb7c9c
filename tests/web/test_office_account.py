from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from tests.stories.officer import as_read
from tests.web.conftest import ADDRESS, BOTH_ON, Web
from tests.web.issuer import CLIENT, ISSUER, SECRET, Issuer

from apbot.settings import BadSettings, load_settings
from apbot.store.database import Database
from apbot.store.lists import find_listed, save_lists
from apbot.store.trail import list_trail
from apbot.web.open_id import OpenId

EMAIL = "gill.marsh@wrensby.example"


@pytest.fixture
def office(wrensby: Database, a_house: Callable[..., Web]) -> tuple[Web, Issuer]:
    """The board of the town, an issuer that it believes, and Gill with her office account."""
    web = a_house(wrensby, **BOTH_ON)
    with wrensby.writing() as db:
        lists = find_listed(db)
        assert lists is not None
        contacts = tuple(
            replace(one, email=EMAIL) if one.person == "gill-marsh" else one
            for one in lists.people.contacts
        )
        people = replace(lists.people, contacts=contacts)
        save_lists(db, replace(lists, people=people), web.clock.now())
    issuer = Issuer(now=int(web.clock.now().timestamp()), account={"email": EMAIL})
    back = f"{ADDRESS}/sign-in/office/back"
    transport = httpx.MockTransport(issuer.answer)
    web.opens_to(OpenId(ISSUER, CLIENT, SECRET, back, transport))
    return web, issuer


async def signs_in(web: Web, issuer: Issuer, next: str = "/") -> httpx.Response:
    """Press the button, sign in there, and come back."""
    sent = await web.get(f"/sign-in/office?next={next}")
    assert sent.status_code == 303
    return await web.get(issuer.signs_in(sent.headers["location"]))


async def test_an_office_account_lets_in_whoever_has_its_address_in_the_lists(
    office: tuple[Web, Issuer],
) -> None:
    """To where they wanted to go; and the trail says how they came in."""
    web, issuer = office
    assert "Sign in with your office account" in (await web.get("/sign-in")).text

    answer = await signs_in(web, issuer, "/lists")

    assert (answer.status_code, answer.headers["location"]) == (303, "/lists")
    assert "Gill Marsh" in (await web.get("/you")).text
    with web.database.reading() as db:
        (step,) = list_trail(db, last=1)
    assert (step.person, step.did, step.words) == (
        "gill-marsh",
        "signed in",
        "with an office account",
    )


@pytest.mark.parametrize("claim", ["preferred_username", "upn"])
async def test_entra_may_have_the_address_as_the_name_that_people_sign_in_with(
    office: tuple[Web, Issuer], claim: str
) -> None:
    """In any letters."""
    web, issuer = office
    issuer.account = {claim: EMAIL.upper()}

    assert (await signs_in(web, issuer)).status_code == 303


@pytest.mark.parametrize(
    ("spoils", "why"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another-program"}, "aud"),
        ({"iss": "https://elsewhere.example"}, "iss"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"email": "mallory@wrensby.example"}, "nobody's in the list of contacts"),
        ({"email": EMAIL, "email_verified": False}, "never confirmed"),
        ({"email": None}, "does not say an e-mail address"),
    ],
)
async def test_what_does_not_prove_who_it_is_lets_nobody_in(
    office: tuple[Web, Issuer], spoils: dict[str, Any], why: str
) -> None:
    """Another sign-in's word, another program's, an old one, one of nobody: a kind page."""
    web, issuer = office
    issuer.spoils = spoils

    answer = await signs_in(web, issuer)

    assert answer.status_code == 403
    assert why in as_read(answer.text)
    assert (await web.get("/you")).status_code == 303


async def test_a_word_signed_with_another_key_is_not_believed(
    office: tuple[Web, Issuer],
) -> None:
    """Only the keys that the issuer publishes count."""
    web, issuer = office
    issuer.published = RSAKey.generate_key(2048, {"kid": "one"})

    answer = await signs_in(web, issuer)

    assert answer.status_code == 403
    assert "could not be checked" in as_read(answer.text)


async def test_a_sign_in_that_began_in_another_browser_ends_in_none(
    office: tuple[Web, Issuer],
) -> None:
    """Somebody else's link signs nobody in as them; a code counts once."""
    web, issuer = office
    sent = await web.get("/sign-in/office")
    theirs = issuer.signs_in(sent.headers["location"])
    held = dict(web.client.cookies)
    web.client.cookies.clear()
    assert (await web.get(theirs)).status_code == 403
    await web.get("/sign-in/office")
    assert "did not begin in this browser" in (await web.get(theirs)).text
    web.client.cookies.update(held)
    assert (await web.get(theirs)).status_code == 303
    web.client.cookies.update(held)
    assert (await web.get(theirs)).status_code == 403


async def test_whoever_is_refused_there_or_finds_nobody_there_is_told_so(
    office: tuple[Web, Issuer],
) -> None:
    """The way in by text stands on the page."""
    web, issuer = office
    sent = await web.get("/sign-in/office")
    path = urlsplit(issuer.signs_in(sent.headers["location"])).path
    state = httpx.URL(sent.headers["location"]).params["state"]
    no = await web.get(f"{path}?error=access_denied&state={state}")
    assert "did not let you in" in as_read(no.text)
    assert 'href="/sign-in"' in no.text

    issuer.is_away = True
    web.opens_to(OpenId(ISSUER, CLIENT, SECRET, "", httpx.MockTransport(issuer.answer)))
    away = await web.get("/sign-in/office")
    assert (away.status_code, "does not answer" in away.text) == (503, True)


async def test_an_issuer_that_says_it_is_another_is_not_used(office: tuple[Web, Issuer]) -> None:
    """As Microsoft's `common` does, where anybody's tenant could sign in."""
    web, issuer = office
    issuer.says_it_is = "https://login.office.example/{tenantid}"

    answer = await web.get("/sign-in/office")

    assert (answer.status_code, "says that it is" in answer.text) == (503, True)


async def test_where_no_issuer_is_set_there_is_no_such_way_in(web: Web) -> None:
    """No button, and no page."""
    assert "office account" not in (await web.get("/sign-in")).text
    assert (await web.get("/sign-in/office")).status_code == 404
    assert (await web.get("/sign-in/office/back?code=a&state=b")).status_code == 404


def test_one_setting_alone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An issuer without a client is a mistake, and named."""
    monkeypatch.setenv("APBOT_OIDC_ISSUER", ISSUER)

    with pytest.raises(BadSettings) as refused:
        load_settings()

    assert [line.split(" ")[0] for line in str(refused.value).splitlines()] == [
        "APBOT_OIDC_CLIENT_ID",
        "APBOT_OIDC_CLIENT_SECRET",
    ]
