from datetime import timedelta

import httpx
import pytest
from tests.web.conftest import ADDRESS, Web

from apbot.domain.people import Contact, Role, keeps_lists
from apbot.store.access import MOST_TRIES, OF_A_PERSON
from apbot.store.trail import list_trail

GILL = "07700 900201"
RAVI = "07700 900202"
BRYN = "07700 900101"
NOBODY = "07700 900999"


def shown(answer: httpx.Response) -> tuple[int, str | None, str]:
    """What somebody without our database can see of an answer."""
    return answer.status_code, answer.headers.get("location"), answer.text


@pytest.mark.parametrize("written", [GILL, "+447700900201", "0044 7700 900 201", "07700900201"])
async def test_a_code_on_ones_own_phone_signs_in(web: Web, written: str) -> None:
    """However the number is written; then the board is there, under one's own name."""
    await web.signs_in(written)

    answer = await web.get("/you")
    assert answer.status_code == 200
    assert "Gill Marsh" in answer.text


@pytest.mark.parametrize("path", ["/", "/you"])
async def test_whoever_is_not_signed_in_is_led_to_the_sign_in(web: Web, path: str) -> None:
    """And back to where they wanted to go."""
    answer = await web.get(path)

    wanted = "/sign-in" if path == "/" else f"/sign-in?next={path}"
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)


@pytest.mark.parametrize("who", ["a tutor", "nobody", "no number"])
async def test_the_page_never_says_whether_somebody_exists(web: Web, who: str) -> None:
    """A tutor, a stranger and a word get the same answers as a contact, and no text."""
    typed = {"a tutor": BRYN, "nobody": NOBODY, "no number": "hello"}[who]
    ours = shown(await web.post("/sign-in", mobile=GILL)), shown(await web.get("/sign-in/code"))
    sent = web.texts("sign_in_code")
    theirs = shown(await web.post("/sign-in", mobile=typed)), shown(await web.get("/sign-in/code"))

    assert theirs == ours
    assert web.texts("sign_in_code") == sent
    assert (await web.post("/sign-in/code", code=sent[0][:6])).status_code == 403


async def test_a_code_works_once_and_only_in_the_browser_that_asked(web: Web) -> None:
    """Read over a shoulder it is of no use."""
    code = await web.asks_for_code(GILL)
    asked = dict(web.client.cookies)
    web.client.cookies.clear()
    elsewhere = await web.post("/sign-in/code", code=code)
    web.client.cookies.update(asked)
    here = await web.post("/sign-in/code", code=code)
    web.client.cookies.clear()
    web.client.cookies.update(asked)
    again = await web.post("/sign-in/code", code=code)

    assert [answer.status_code for answer in (elsewhere, here, again)] == [403, 303, 403]


async def test_a_code_is_over_after_ten_minutes(web: Web) -> None:
    """What lies about on a phone opens nothing."""
    code = await web.asks_for_code(GILL)
    web.clock.move_to(web.clock.now() + timedelta(minutes=10))

    assert (await web.post("/sign-in/code", code=code)).status_code == 403


async def test_a_code_can_be_guessed_five_times(web: Web) -> None:
    """Then the right one does not help either."""
    code = await web.asks_for_code(GILL)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(MOST_TRIES):
        assert (await web.post("/sign-in/code", code=wrong)).status_code == 403

    assert (await web.post("/sign-in/code", code=code)).status_code == 403


async def test_nobodys_phone_is_flooded_with_codes(web: Web) -> None:
    """Five in a quarter of an hour, and nothing of it shows; a colleague is not touched."""
    answers = {shown(await web.post("/sign-in", mobile=GILL)) for _ in range(8)}
    most = OF_A_PERSON[0].most

    assert len(answers) == 1
    assert len(web.texts("sign_in_code")) == most
    await web.post("/sign-in", mobile=RAVI)
    assert len(web.texts("sign_in_code")) == most + 1


async def test_a_visit_ends_after_a_working_day(web: Web) -> None:
    """A browser that was left open overnight shows nothing in the morning."""
    await web.signs_in(GILL)
    web.clock.move_to(web.clock.now() + timedelta(hours=12))

    assert (await web.get("/you")).status_code == 303


async def test_signing_out_everywhere_ends_every_visit_of_ones_own(web: Web) -> None:
    """A lost phone is signed out from another; a colleague stays."""
    await web.signs_in(RAVI)
    ravi = dict(web.client.cookies)
    web.client.cookies.clear()
    await web.signs_in(GILL)
    lost = dict(web.client.cookies)
    web.client.cookies.clear()
    csrf = await web.signs_in(GILL)
    assert (await web.post("/sign-out", csrf=csrf, everywhere="yes")).status_code == 303

    seen = []
    for cookies in (lost, ravi):
        web.client.cookies.clear()
        web.client.cookies.update(cookies)
        seen.append((await web.get("/you")).status_code)
    assert seen == [303, 200]


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://x.test"}]
)
async def test_a_form_of_another_site_does_nothing(web: Web, headers: dict[str, str]) -> None:
    """Neither with what our forms carry nor without."""
    csrf = await web.signs_in(GILL)
    form = {"csrf": csrf}
    theirs = await web.client.post("/sign-out", data=form, headers=headers)
    without = await web.post("/sign-out")

    assert (theirs.status_code, without.status_code) == (403, 403)
    assert (await web.get("/you")).status_code == 200


@pytest.mark.parametrize("next", ["https://x.test", "//x.test", "/\\x.test", "javascript:x"])
async def test_signing_in_leads_nowhere_but_here(web: Web, next: str) -> None:
    """A link that was prepared elsewhere cannot lead away."""
    code = await web.asks_for_code(GILL)
    answer = await web.post("/sign-in/code", code=code, next=next)

    assert answer.headers["location"] == "/"


async def test_cookies_are_for_us_and_the_browser_alone(web: Web) -> None:
    """No script reads them, no other site sends them, no plain connection carries them."""
    code = await web.asks_for_code(GILL)
    answer = await web.post("/sign-in/code", code=code)
    cookie = answer.headers["set-cookie"].lower()

    assert cookie.startswith("__host-apbot=")
    for word in ("httponly", "secure", "samesite=lax", "path=/"):
        assert word in cookie


async def test_the_board_runs_no_script_but_its_own_and_is_kept_nowhere(web: Web) -> None:
    """A strict policy, no framing, no caching."""
    await web.signs_in(GILL)
    answer = await web.get("/")
    policy = answer.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["strict-transport-security"]
    assert ADDRESS.startswith("https://")


async def test_signing_in_and_out_is_in_the_trail(web: Web) -> None:
    """Who, and when."""
    csrf = await web.signs_in(GILL)
    await web.post("/sign-out", csrf=csrf)

    with web.database.reading() as db:
        steps = [(step.person, step.did) for step in list_trail(db)]
    assert steps == [("gill-marsh", "signed out"), ("gill-marsh", "signed in")]


def test_the_office_keeps_the_lists_and_where_there_is_none_the_contacts_do() -> None:
    """A reader never."""
    gill = Contact("gill", frozenset({Role.CONTACT}))
    lena = Contact("lena", frozenset({Role.SAFEGUARDING_LEAD}))
    ola = Contact("ola", frozenset({Role.OFFICE}))
    rae = Contact("rae", frozenset({Role.READER}))

    small, large = (gill, lena, rae), (gill, lena, rae, ola)
    assert [keeps_lists(one, small) for one in small] == [True, True, False]
    assert [keeps_lists(one, large) for one in large] == [False, False, False, True]
    assert [one.takes_cases for one in large] == [True, True, False, False]
