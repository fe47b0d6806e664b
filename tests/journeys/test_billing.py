"""Money in a real Chromium: from an estimate to a balance on a phone, a payment by keyboard, axe on each page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic

PHONE = {"width": 390, "height": 844}
BEN = "/patients/2"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("money")) / "data")
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def page(browser: Browser, clinic: Clinic, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Signed in; a test may ask for another window by `window`."""
    size = getattr(request, "param", {"width": 1180, "height": 820})
    context = browser.new_context(viewport=size)
    one = context.new_page()
    one.set_default_timeout(30_000)
    troubles: list[str] = []
    one.on("pageerror", lambda error: troubles.append(str(error)))
    one.goto(clinic.base)
    one.get_by_label("Name").fill("clinician")
    one.get_by_label("Password").fill(PASSWORD)
    one.get_by_role("button", name="Sign in").click()
    one.wait_for_url("**/patients")
    yield one
    context.close()
    assert troubles == []


def serious(page: Page) -> list[str]:
    """What axe finds serious or worse."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in {"serious", "critical"}
    ]


def words_of(page: Page, link: str) -> str:
    """The text of the PDF behind a link, fetched with the page's own sign-in."""
    where = page.get_by_role("link", name=link).first.get_attribute("href")
    assert where is not None
    body = page.request.get(page.url.split("/patients")[0] + where).body()
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def fits(page: Page) -> bool:
    """Nothing pushes the page wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_from_an_estimate_to_a_balance_on_a_phone(page: Page, clinic: Clinic) -> None:
    page.goto(f"{clinic.base}{BEN}/bills/estimate")
    page.get_by_label("Template").select_option("B")
    page.get_by_role("button", name="Show the figures").click()
    # 12 sessions of 130, an examination of 150; the X-ray of 120 only in the highest.
    expect(page.locator(".planned .much")).to_have_text("$1,710.00")
    assert fits(page)
    page.get_by_role("button", name="Keep this estimate").click()
    told = words_of(page, "Good-faith estimate (PDF)")
    for said in ("Good-faith estimate", "Ben Sample", "$1,710.00", "S9090", "1234567893", "If you stop early"):
        assert said in told
    page.get_by_role("button", name="Given to the patient").click()
    expect(page.get_by_text("noted by clinician")).to_be_visible()

    page.goto(f"{clinic.base}{BEN}/bills/invoice")
    page.get_by_label("First examination").fill("1")
    page.get_by_role("button", name="Show the sum").click()
    expect(page.locator(".result .much")).to_have_text("$150.00")
    page.get_by_role("button", name="Issue the invoice").click()
    number = page.get_by_role("heading", level=1).inner_text().removeprefix("Invoice ")
    assert number in words_of(page, "Invoice (PDF)")
    page.get_by_role("link", name="Take payment").click()
    page.get_by_label("Amount").fill("60,00")
    page.get_by_role("button", name="Note the payment").click()
    expect(page.get_by_text("cannot be used")).to_be_visible()
    page.get_by_label("Amount").fill("$60.00")
    page.get_by_role("button", name="Note the payment").click()
    # 168 were owed for the examination of the demo, 150 came on, 60 were paid.
    expect(page.locator(".sum .much")).to_have_text("$258.00")
    assert fits(page)
    page.locator("td", has_text=number).first.get_by_role("link").click()
    expect(page.locator(".sum .much")).to_have_text("$90.00")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_figures_fit_a_phone_before_their_font_has_come(page: Page, clinic: Clinic) -> None:
    page.route("**/*.woff2", lambda route: route.abort())
    page.goto(f"{clinic.base}{BEN}/bills/estimate")
    page.get_by_label("Template").select_option("B")
    page.get_by_role("button", name="Show the figures").click()
    expect(page.locator(".planned .much")).to_be_visible()
    assert fits(page)


def test_a_payment_by_keyboard_alone(page: Page, clinic: Clinic) -> None:
    page.goto(f"{clinic.base}/patients/1/bills")
    before = page.locator(".sum .much").inner_text()
    page.get_by_role("link", name="Payment", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/payment")
    page.get_by_label("Amount").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("10")
    for _ in range(4):  # how, on (its parts), reference
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bills")
    expect(page.locator(".sum .much")).not_to_have_text(before)


PAGES = (
    "/patients/1/bills",
    "/patients/1/bills/estimate",
    "/patients/1/bills/invoice",
    "/patients/1/bills/payment",
    "/patients/1/bills/package",
    "/patients/1/bills/cover",
    "/patients/1/pathways",
    "/money",
    "/money/prices",
    "/money/books",
)


@pytest.mark.parametrize("page", [PHONE, {"width": 1440, "height": 900}], indirect=True, ids=["phone", "desktop"])
def test_axe_finds_nothing_serious_and_each_page_fits(page: Page, clinic: Clinic) -> None:
    for where in PAGES:
        page.goto(f"{clinic.base}{where}")
        assert serious(page) == [], where
        assert fits(page), where


def test_an_urgent_patient_is_told_before_any_road(page: Page, clinic: Clinic) -> None:
    """Dora's intake says that she must go to hospital: red, first, and on the handout too."""
    page.goto(f"{clinic.base}/patients")
    hers = page.locator("td a[href^='/patients/']", has_text="Dora").first.get_attribute("href")
    page.goto(f"{clinic.base}{hers}/pathways")
    expect(page.get_by_role("alert").filter(has_text="Go to")).to_contain_text("Go to an emergency department now")
    first = page.locator(".road-card").first
    expect(first).to_contain_text("Before anything else")
    with page.expect_response("**/handout.pdf") as got:
        page.get_by_role("button", name="Handout (PDF)").click()
    assert got.value.headers["content-type"] == "application/pdf"
