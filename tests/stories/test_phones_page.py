"""A newcomer opens the page of phones in a real browser."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.day import REPO

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The sandbox, served as `make run` serves it, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{
            k: v for k, v in os.environ.items() if not k.startswith(("APBOT", "TWILIO", "TELEGRAM"))
        },
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{tmp_path}/apbot.db",
        "APBOT_CONFIG_DIR": str(REPO / "config"),
        "APBOT_CONVERSATIONS_DIR": str(REPO / "conversations"),
    }
    log = (tmp_path / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "apbot", "serve"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/phones" in said
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        process.stdout.close()
        log.close()


def test_a_newcomer_sees_the_story_without_touching_anything(address: str) -> None:
    """A prompt, an answer with its read-back, and an escalation that somebody takes on."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/phones")

        farm = page.get_by_test_id("phone-bryn-hollis")
        expect(farm).to_contain_text("Who is in?", timeout=20_000)
        expect(farm).to_contain_text("Thanks, that's the AM register", timeout=20_000)
        gill = page.get_by_test_id("phone-gill-marsh")
        expect(gill).to_contain_text("No AM register from Southpaw", timeout=45_000)
        expect(gill).to_contain_text("is yours", timeout=15_000)
        expect(gill).to_contain_text("register is in", timeout=15_000)
        browser.close()

    assert errors == []


def test_a_newcomer_types_and_taps_as_anybody(address: str) -> None:
    """The clock is moved to the prompt; a text and a tap are read back, without a reload."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{address}/phones")
        page.get_by_test_id("clock-pause").click()
        now = page.get_by_test_id("clock-now")
        expect(page.get_by_role("button", name="Run the clock")).to_be_visible(timeout=15_000)
        # On a slow machine something else may be due before the prompt.
        while not now.inner_text().startswith("09:00"):
            before = now.inner_text()
            page.get_by_test_id("clock-next").click()
            expect(now).not_to_have_text(before, timeout=15_000)
        page.get_by_test_id("tab-bryn-hollis").click()
        farm = page.get_by_test_id("phone-bryn-hollis")
        expect(farm).to_contain_text("Who is in?", timeout=15_000)
        expect(now).to_have_text(re.compile("^09:00:0"))

        page.get_by_test_id("input-bryn-hollis").fill("all in bar chloe shes poorly")
        page.get_by_test_id("input-bryn-hollis").press("Enter")

        expect(farm).to_contain_text("Off: Chloe D (ill)", timeout=15_000)
        page.get_by_test_id("tab-carla-voss").click()
        gym = page.get_by_test_id("phone-carla-voss")
        gym.get_by_test_id("button").filter(has_text="All in").click()
        expect(gym).to_contain_text("1 pupil to mark", timeout=15_000)
        browser.close()
