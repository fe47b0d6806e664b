"""A patient's own pages in a real Chromium: invited at the desk, joined on a phone, a timed stretch, no network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from opentraction.care.evidence import studies
from tests.journeys.clinic_process import PASSWORD, Clinic

PHONE = {"width": 390, "height": 844}
OWN = "four words for a stretch"
expect.set_options(timeout=20_000)
PORTAL = ("", "/home/", "/forms", "/results", "/consent", "/bills", "/record")
LEARN = ("/learn", "/learn/evidence", "/learn/questions", "/learn/articles", "/learn/pathways")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(tmp_path_factory.mktemp("portal"))
    yield one
    one.close()


@pytest.fixture
def desk(clinic: Clinic, browser: Browser) -> Iterator[Page]:
    """Staff, signed in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    sign_in(page, clinic.base, "clinician", PASSWORD)
    yield page
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    one = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, timezone_id="UTC")  # type: ignore[arg-type]
    one.set_default_timeout(20_000)
    yield one
    one.close()


def sign_in(page: Page, base: str, name: str, password: str) -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def choose(page: Page, question: str, words: str) -> None:
    page.get_by_role("group", name=question).get_by_role("radio", name=words, exact=True).check()


def test_from_the_desk_to_a_stretch_at_home_and_back(clinic: Clinic, desk: Page, phone: BrowserContext) -> None:
    address = invited(desk, clinic)
    page = phone.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    joined(page, address)

    # Stretch A, on a clock that the test moves.
    now = datetime.now(UTC)
    page.clock.install(time=now)
    page.goto(f"{clinic.base}/portal/home/")
    expect(page.get_by_role("heading", name="Your exercises today")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-kept", "yes")
    page.clock.pause_at(now + timedelta(minutes=1))
    stretch(page, before="4", after="3")
    page.clock.run_for(200)
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()

    # Offline: the page opens, the entry waits; back online it arrives, once.
    phone.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Your exercises today")).to_be_visible()
    page.clock.run_for(1000)
    page.get_by_role("link", name="Breathe and brace").click()
    page.get_by_role("button", name="Not today").click()
    page.clock.run_for(500)
    expect(page.get_by_text("1 saved on this phone.")).to_be_visible()
    phone.set_offline(False)
    page.clock.run_for(31_000)
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()
    page.reload()
    page.clock.run_for(31_000)
    assert troubles == []

    # Staff see it.
    desk.goto(f"{clinic.base}/patients/2/home")
    rows = desk.locator("table.log tbody tr")
    expect(rows.filter(has_text="Breathe and brace").filter(has_text="no").first).to_be_visible()
    expect(rows.filter(has_text="Forward hang")).to_have_count(1)
    expect(rows.filter(has_text="Forward hang")).to_contain_text("4 → 3")
    assert rows.count() == 6

    in_spanish_and_nobody_elses(page, clinic)


def invited(desk: Page, clinic: Clinic) -> str:
    """Staff invite the demo's second patient: the address that is shown once."""
    desk.goto(f"{clinic.base}/patients/2/portal")
    desk.get_by_role("button", name="Give access").click()
    return desk.get_by_label("Address").input_value()


def joined(page: Page, address: str) -> None:
    """The patient's way in, with a wrong birth date first."""
    page.goto(address)
    page.get_by_label("Your birth date").fill("1990-01-01")
    join(page)
    expect(page.get_by_text("This is not the birth date we have.")).to_be_visible()
    page.get_by_label("Your birth date").fill("1984-11-02")
    join(page)
    expect(page.get_by_role("heading", name="Hello Ben")).to_be_visible()


def in_spanish_and_nobody_elses(page: Page, clinic: Clinic) -> None:
    """The other language, and every address that is not this patient's."""
    page.goto(f"{clinic.base}/portal")
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("heading", name="Hola, Ben")).to_be_visible()
    page.goto(f"{clinic.base}/portal/home/")
    expect(page.get_by_role("heading", name="Sus ejercicios de hoy")).to_be_visible()
    for where in ("portal/consent/1.pdf", "portal/bills/1"):
        assert page.request.get(f"{clinic.base}/{where}").status == 404, where
    for where in ("patients/1", "patients/1/home", "patients/2", "patients/2/portal", "patients"):
        assert page.request.get(f"{clinic.base}/{where}").status == 403, where


def join(page: Page) -> None:
    page.get_by_label("A password of your own").fill(OWN)
    page.get_by_label("The same once more").fill(OWN)
    page.get_by_role("button", name="Open my pages").click()


def stretch(page: Page, before: str, after: str) -> None:
    """The forward hang from its first to its last second."""
    page.get_by_role("link", name="Forward hang").click()
    choose(page, "Pain now, before you start", before)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Get ready")).to_be_visible()
    page.clock.run_for(5100)
    expect(page.get_by_text("Step 1 of")).to_be_visible()
    page.clock.run_for(330_000)
    expect(page.get_by_text("Well done.")).to_be_visible()
    choose(page, "Pain now, after it", after)
    choose(page, "Your leg, since you started", "No trouble")
    choose(page, "Were you dizzy?", "No")
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_serious(clinic: Clinic, phone: BrowserContext, language: str) -> None:
    phone.add_cookies([{"name": "django_language", "value": language, "url": clinic.base}])
    page = phone.new_page()
    bad: list[str] = []
    for where in LEARN:
        bad += looked_at(page, clinic.base + where)
    page.goto(f"{clinic.base}/sign-in")
    page.locator("#id_username").fill("P-001")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form.sign-in button").first.click()
    page.wait_for_url("**/portal")
    for where in PORTAL:
        bad += looked_at(page, f"{clinic.base}/portal{where}")
    assert bad == []


def test_axe_finds_nothing_serious_at_the_desk(clinic: Clinic, desk: Page) -> None:
    bad: list[str] = []
    for where in ("1/home", "2/home", "1/home/order", "1/home/questions", "1/portal"):
        bad += looked_at(desk, f"{clinic.base}/patients/{where}")
    assert bad == []


def looked_at(page: Page, where: str) -> list[str]:
    """What axe finds on a page, and whether it is wider than the phone."""
    answer = page.goto(where)
    assert answer is not None
    assert answer.status == 200, where
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    serious = [f"{where}: {one['id']}" for one in found if one["impact"] in {"serious", "critical"}]
    return serious + ([f"{where}: too wide"] if wide else [])


def test_the_learning_pages_print_with_what_is_folded_away(clinic: Clinic, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{clinic.base}/learn/evidence")
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    page.close()
    words = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert " ".join(studies()[0].result.split())[:40] in words
    assert "Sign in" not in words
