"""Journeys of consent in a real Chromium: on a phone, with the keyboard alone, in Spanish, and taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1180, "height": 820}
GRAVE = {"serious", "critical"}
TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest(".road"))
    .map(one => one.outerHTML.slice(0, 200))"""
"""What sticks out of the screen; the road scrolls by itself."""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("consent")) / "data")
    try:
        yield one
    finally:
        one.close()


class People:
    """Browsers of several people, whose scripts may not fail and whose pages are looked at by axe."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.troubles: list[str] = []
        self.pages: list[Page] = []

    def page(self, size: dict[str, int]) -> Page:
        context = self.browser.new_context(viewport=size)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.pages.append(page)
        return page


@pytest.fixture
def people(browser: Browser) -> Iterator[People]:
    all_of_them = People(browser)
    yield all_of_them
    for page in all_of_them.pages:
        page.context.close()
    assert all_of_them.troubles == []


def looked_at(page: Page) -> None:
    """Nothing serious by axe, and nothing wider than the screen."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == []
    assert page.evaluate(TOO_WIDE) == []


def sign_in(page: Page, clinic: Clinic, at: str = "") -> None:
    if at == "":
        page.goto(clinic.base)
    page.get_by_label("Name").fill("clinician")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{at or '/patients'}")


def ask(page: Page, clinic: Clinic, patient: int, region: str, language: str) -> None:
    page.goto(f"{clinic.base}/patients/{patient}/consent")
    page.locator("#region").select_option(region)
    page.locator("#language").select_option(language)


def words_on(page: Page, clinic: Clinic, link: str) -> str:
    """The text of a PDF, as this user gets it."""
    answer = page.request.get(link if link.startswith("http") else f"{clinic.base}{link}")
    assert answer.headers["content-type"] == "application/pdf"
    text = "\n".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
    return " ".join(text.split())


def answer(page: Page, choice: str, button: str = "Answer") -> None:
    page.get_by_label(choice).check()
    page.get_by_role("button", name=button).click()


def test_a_patient_signs_on_their_own_phone_and_takes_it_back(people: People, clinic: Clinic) -> None:
    staff, phone = people.page(TABLET), people.page(PHONE)
    sign_in(staff, clinic)
    ask(staff, clinic, 1, "cervical", "en")
    staff.get_by_role("button", name="Link for the patient's phone").click()
    looked_at(staff)
    phone.goto(staff.locator(".address").inner_text())
    open_with_the_birth_date(phone)
    read_and_answer(phone)
    sign(phone)
    copy = phone.get_by_role("link", name="Keep a copy").get_attribute("href")
    assert "not yet witnessed" in words_on(phone, clinic, str(copy))

    staff.goto(f"{clinic.base}/patients/1/consent")
    neck = staff.locator("section", has=staff.get_by_role("heading", name="Neck"))
    expect(neck.get_by_text("all right, after 1 wrong answer")).to_be_visible()
    expect(neck.locator("svg path")).to_have_attribute("d", re.compile(r"^M\d+ \d+(L\d+ \d+)+$"))
    looked_at(staff)
    witness(neck)
    paper = words_on(staff, clinic, pdf_of(neck))
    for words in ("We do not know that this treatment works better than a sham", "by Ada Example", "before clinician"):
        assert words in paper

    neck.get_by_text("The patient takes it back").click()
    neck.get_by_label("Reason, if the patient gives one").fill("wants to wait")
    neck.get_by_role("button", name="Withdraw the consent").click()
    expect(neck.get_by_text("does not hold")).to_be_visible()
    expect(neck.get_by_text("The consent was withdrawn on")).to_be_visible()
    assert "Withdrawn on" in words_on(staff, clinic, pdf_of(neck))
    looked_at(staff)


def open_with_the_birth_date(phone: Page) -> None:
    """A wrong one first."""
    looked_at(phone)
    phone.get_by_label("Your birth date").fill("1971-05-24")
    phone.get_by_role("button", name="Open").click()
    expect(phone.get_by_text("Tries left: 4")).to_be_visible()
    phone.get_by_label("Your birth date").fill("1971-05-23")
    phone.get_by_role("button", name="Open").click()
    expect(phone.get_by_role("heading", name="At the neck")).to_be_visible()


def read_and_answer(phone: Page) -> None:
    """Large type; a wrong answer is explained and asked again."""
    assert float(phone.evaluate("parseFloat(getComputedStyle(document.querySelector('section p')).fontSize)")) >= 17
    looked_at(phone)
    phone.get_by_role("button", name="I have read this").click()
    answer(phone, "Only if the clinician agrees")
    expect(phone.get_by_text("That is what the remote is for.")).to_be_visible()
    looked_at(phone)
    for right in ("Yes, with the remote", "No, that is not shown", "Go to an emergency department"):
        answer(phone, right)
    expect(phone.locator("fieldset")).to_have_count(3)
    assert phone.locator("input:checked").count() == 0, "no default"
    for one in phone.locator("fieldset").all():
        one.get_by_label("No").check()
    phone.locator("fieldset").first.get_by_label("Yes").check()
    looked_at(phone)
    phone.get_by_role("button", name="Go on").click()


def sign(phone: Page) -> None:
    """With a typed name and a drawing."""
    phone.get_by_label("I am the patient").check()
    phone.get_by_label("Your full name").fill("Ada Example")
    pad = phone.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    phone.mouse.move(box["x"] + 30, box["y"] + 60)
    phone.mouse.down()
    phone.mouse.move(box["x"] + 200, box["y"] + 30, steps=8)
    phone.mouse.up()
    looked_at(phone)
    phone.get_by_role("button", name="I agree and sign").click()
    expect(phone.get_by_role("heading", name="Signed. Thank you")).to_be_visible()
    looked_at(phone)


def witness(region: Locator) -> None:
    """As staff, with the password."""
    region.get_by_label("I know who signed").check()
    region.get_by_label("Your password").fill(PASSWORD)
    region.get_by_role("button", name="Witness the signature").click()
    expect(region.get_by_text("holds today")).to_be_visible()


def pdf_of(region: Locator) -> str:
    return str(region.get_by_role("link", name="PDF").get_attribute("href"))


def to(page: Page, selector: str) -> None:
    """Tab until the focus is on what is meant."""
    for _ in range(80):
        if page.evaluate("s => !!document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    expect(page.locator(selector).first).to_be_visible()
    to(page, selector)
    page.keyboard.press(key)


def test_on_the_clinics_tablet_in_spanish_with_the_keyboard_alone(people: People, clinic: Clinic) -> None:
    tablet = people.page(TABLET)
    sign_in(tablet, clinic)
    ask(tablet, clinic, 2, "cervical", "es")
    press(tablet, "form.ask button.main")
    expect(tablet.get_by_role("heading", name="Qué se sabe y qué no")).to_be_visible()
    assert tablet.locator("html").get_attribute("lang") == "es"
    for page in ("/patients", "/patients/2/consent", "/acts"):
        tablet.goto(f"{clinic.base}{page}")
        expect(tablet.get_by_role("heading", name="Sign in")).to_be_visible()
        tablet.go_back()
    expect(tablet.get_by_role("heading", name="Qué se sabe y qué no")).to_be_visible()
    looked_at(tablet)
    press(tablet, "button[value=read]")
    for place in (0, 1, 0):
        expect(tablet.locator("input[name=choice]")).to_have_count(2)
        to(tablet, "input[name=choice]")
        tablet.keyboard.press("Space")
        if place:
            tablet.keyboard.press("ArrowDown")
        before = tablet.locator("legend").inner_text()
        press(tablet, "button[value=answer]")
        expect(tablet.locator("legend").first).not_to_have_text(before)
    for purpose in ("share-gp", "research", "review"):
        to(tablet, f"input[name={purpose}]")
        tablet.keyboard.press("Space")
        tablet.keyboard.press("ArrowRight")
    press(tablet, "button[value=purposes]")
    press(tablet, "input[name=given_by]", "Space")
    to(tablet, "#name")
    tablet.keyboard.type("Ben Sample")
    press(tablet, "button[value=sign]")
    expect(tablet.get_by_role("heading", name="Firmado. Gracias")).to_be_visible()
    looked_at(tablet)
    press(tablet, "a.staff")
    sign_in(tablet, clinic, at="/patients/2/consent")
    neck = tablet.locator("section", has=tablet.get_by_role("heading", name="Neck"))
    expect(neck.get_by_text("Ben Sample")).to_be_visible()
    witness(neck)
    assert "Firmado en pantalla por Ben Sample" in words_on(tablet, clinic, pdf_of(neck))


def test_the_other_pages_are_sound_on_a_phone(people: People, clinic: Clinic) -> None:
    phone = people.page(PHONE)
    sign_in(phone, clinic)
    for page in ("/patients/1/consent", "/patients/1/consent/paper", "/consents/versions"):
        phone.goto(f"{clinic.base}{page}")
        looked_at(phone)
