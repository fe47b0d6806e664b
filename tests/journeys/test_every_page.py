"""Every page of the console in a real Chromium: axe, the width of a phone, fingers, headings, a visible focus.

Each address of the urlconf in a filled clinic (`tests/filled_clinic.py`), and what addresses do not tell apart: other
roles' views, empty pages, refusals. Each page once, phone, tablet, desktop and dark by turns; `OPENTRACTION_AXE=all`
looks at every page at every width, light and dark. `OPENTRACTION_PICTURES=FOLDER` keeps a picture of each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.filled_clinic import NOBODY, NOT_PAGES, Where
from tests.journeys.clinic_process import PASSWORD, Clinic

SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
LOOKS = list(product(("light", "dark"), SIZES))
ALL = os.environ.get("OPENTRACTION_AXE") == "all"
PICTURES = os.environ.get("OPENTRACTION_PICTURES", "")
PARTS = 4
"""So that one look at all of them is no test of many minutes."""
GRAVE = {"serious", "critical"}
BORN = "1984-11-02"
"""The birth date of the demo's Ben, whose links the filled clinic has."""

SMALL = (Path(__file__).parent / "small_targets.js").read_text("utf-8")
UNSEEN = (Path(__file__).parent / "unseen_focus.js").read_text("utf-8")
HEAD = """async () => { await document.fonts.ready; return {
    title: document.title.trim(), lang: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1")].filter((h1) => h1.checkVisibility()).map((h1) => h1.innerText),
    wide: document.documentElement.scrollWidth > innerWidth } }"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("pages")) / "data")
    try:
        yield one
    finally:
        one.close()


@pytest.fixture(scope="module")
def pages(clinic: Clinic) -> list[Where]:
    words = [sys.executable, "-m", "tests.filled_clinic"]
    environment = clinic.environment | {"PYTHONPATH": os.pathsep.join(("src", "scripts"))}
    told = subprocess.run(words, env=environment, check=True, capture_output=True)
    return [Where(**one) for one in json.loads(told.stdout)]


@dataclass
class People:
    """One browser for each person, signed in once."""

    browser: Browser
    clinic: Clinic

    def __post_init__(self) -> None:
        self.known: dict[str, BrowserContext] = {}

    def page(self, who: str) -> Page:
        """A new page of theirs."""
        if who not in self.known:
            self.known[who] = self.browser.new_context(has_touch=True)
            if who != NOBODY:
                self._sign_in(who)
        return self.known[who].new_page()

    def _sign_in(self, who: str) -> None:
        page = self.known[who].new_page()
        page.goto(f"{self.clinic.base}/sign-in")
        page.get_by_label("Name").fill(who)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        page.close()


@pytest.fixture(scope="module")
def people(browser: Browser, clinic: Clinic) -> Iterator[People]:
    one = People(browser, clinic)
    yield one
    for context in one.known.values():
        context.close()


def looks_of(number: int) -> list[tuple[str, str]]:
    """How the page with this number is looked at: one way, by turns; or every way."""
    return LOOKS if ALL else [LOOKS[number % len(LOOKS)]]


def wrongs(page: Page, size: str) -> list[str]:
    """What is wrong with the page that is open."""
    head = page.evaluate(HEAD)
    found = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in axe(page) if one["impact"] in GRAVE]
    found += [] if head["title"].strip(" ·") and head["title"] != "· OpenTraction" else ["no title"]
    found += [] if head["lang"] in {"en", "es"} else [f"language {head['lang']!r}"]
    found += [] if len(head["headings"]) == 1 else [f"not one h1: {head['headings']}"]
    found += [f"wider than the {size}"] if head["wide"] else []
    found += [f"target too small: {one}" for one in page.evaluate(SMALL, size != "desktop")]
    return found + [f"focus unseen: {one}" for one in page.evaluate(UNSEEN)]


def axe(page: Page) -> list[dict[str, Any]]:
    return list(Axe().run(page).response["violations"])


def open_the_door(people: People, pages: list[Where]) -> None:
    """Ben's link asks for his birth date; then its pages open."""
    door = next(one for one in pages if one.name == "intake:phone")
    page = people.page(NOBODY)
    page.goto(f"{people.clinic.base}{door.path}")
    page.locator("#born").fill(BORN)
    page.locator("main form button").last.click()
    page.wait_for_url("**/you")
    page.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound(people: People, pages: list[Where], part: int) -> None:
    looked = [one for one in pages if one.name not in NOT_PAGES]
    looked.sort(key=lambda one: one.name.startswith("intake:phone-"))  # behind the door: last
    assert len(looked) > 100
    bad: list[str] = []
    for number, where in list(enumerate(looked))[part::PARTS]:
        if where.name == "intake:phone-page":
            open_the_door(people, pages)
        bad += look_at(people.page(where.who), f"{people.clinic.base}{where.path}", where, looks_of(number // PARTS))
    assert not bad, "\n".join(bad)


def look_at(page: Page, address: str, where: Where, looks: list[tuple[str, str]]) -> list[str]:
    """Open it, look at it each way, close it."""
    bad: list[str] = []
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    width, height = SIZES[looks[0][1]]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(address, wait_until="load")
    for scheme, size in looks:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        bad += [f"{where.name} ({where.path}), {size}, {scheme}: {one}" for one in wrongs(page, size)]
        if PICTURES:
            name = where.name.replace(":", "-").replace(" ", "-").replace("/", "-").replace(",", "")
            page.screenshot(path=f"{PICTURES}/{name}.{size}.{scheme}.png", full_page=True)
    page.close()
    return bad + [f"{where.name}: script: {one}" for one in troubles]


def test_what_is_called_no_page_is_none(people: People, pages: list[Where]) -> None:
    """A page cannot hide among the papers."""
    for where in pages:
        if where.name in NOT_PAGES and where.name != "table-stream":
            asker = people.page(where.who)
            got = asker.request.get(f"{people.clinic.base}{where.path}")
            asker.close()
            assert got.status != 200 or "html" not in got.headers.get("content-type", ""), where
