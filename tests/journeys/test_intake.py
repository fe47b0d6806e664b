"""Journeys of the intake in a real Chromium: a patient on a phone in two languages, an examination, a verdict that lets
treat; and red flags, which end at a letter and nowhere else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1180, "height": 820}
GRAVE = {"serious", "critical"}
TROUBLES: list[str] = []


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("intake")) / "data")
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def staff(browser: Browser, clinic: Clinic) -> Iterator[Page]:
    page = person(browser, TABLET)
    page.goto(clinic.base)
    page.get_by_label("Name").fill("clinician")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Patients")).to_be_visible()
    yield page
    page.context.close()
    assert TROUBLES == []


def person(browser: Browser, size: dict[str, int], script: bool = True) -> Page:
    """A browser of somebody's own, whose scripts may not fail."""
    context = browser.new_context(
        viewport=size,
        has_touch=size is PHONE,
        java_script_enabled=script,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: TROUBLES.append(str(error)))
    return page


def looks_right(page: Page) -> None:
    """Nothing grave for axe, nothing beside the screen, nothing smaller than a finger."""
    found = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in GRAVE]
    assert found == [], f"{page.url}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    small = page.evaluate(
        "[...document.querySelectorAll('.picks label, .goes button')]"
        ".map(e => [e.textContent.trim(), e.getBoundingClientRect().height]).filter(e => e[1] < 43.9)"
    )
    assert small == [], f"{page.url}: {small}"


def new_patient(page: Page, clinic: Clinic, name: str) -> str:
    """A patient whom nobody has asked yet; the address of their page."""
    page.goto(f"{clinic.base}/patients/new")
    page.get_by_label("Given name").fill(name)
    page.get_by_label("Family name").fill("Journey")
    page.get_by_label("Birth date").fill("1980-06-01")
    page.locator("#sex").select_option("male")
    page.get_by_label("Body mass").fill("80 kg")
    page.get_by_label("Height").fill("1.80 m")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/patients/\d+$"))
    return page.url


def link_for(page: Page, patient: str) -> str:
    """Begin the intake and make the link for the phone."""
    page.goto(f"{patient}/intake")
    page.get_by_role("button", name="Begin the intake").click()
    page.wait_for_url("**/pages/you")
    page.goto(f"{patient}/intake")
    page.get_by_role("button", name="Let the patient answer").click()
    expect(page.locator("svg.code")).to_be_visible()
    looks_right(page)
    return page.get_by_label("Address").input_value()


def come_in(phone: Page, link: str, language: str, begin: str) -> None:
    phone.goto(link)
    if language != "English":
        phone.get_by_role("link", name=language).click()
    phone.locator("#born").fill("1980-06-01")
    phone.get_by_role("button", name=begin).click()
    phone.wait_for_url("**/you")


def pick(page: Page, question: str, answer: str) -> None:
    """Choose one answer, as a finger does."""
    page.locator(f"#q-{question}").get_by_text(answer, exact=True).click()


def about_you(page: Page, next_words: str) -> None:
    page.locator("[name=age]").fill("46")
    page.locator("#q-sex input[value=male]").check()
    page.locator("[name=body_mass]").fill("176")
    page.locator("[name='body_mass.unit']").select_option("lb")
    page.locator("[name=stature]").fill("180")
    page.get_by_role("button", name=next_words).last.click()
    page.wait_for_url("**/pain-1")


def mark_the_leg(page: Page) -> None:
    """Touch the outer shin on the figure, say what is felt there, add it."""
    page.locator("a[data-place=L5][data-side=left] path").first.click(position={"x": 10, "y": 90}, force=True)
    expect(page.locator("[data-place-select]")).to_have_value("L5")
    page.locator("#mark [value=pain]").check()
    page.locator("#mark [value='6']").check()
    page.get_by_role("button", name="Add this").click()
    expect(page.get_by_text("Outer shin and big toe (L5), left: pain 6")).to_be_visible()


def calmly(page: Page, until: str) -> None:
    """ "No", "none of these" and a middle number everywhere, page after page, until an address comes."""
    while until not in page.url:
        page.wait_for_load_state()
        for key in page.locator("[data-question]").evaluate_all("all => all.map(one => one.dataset.question)"):
            ask = page.locator(f"#q-{key}")
            if ask.locator("input:checked").count():
                continue
            for answer in ("[value=no]", "[value=none]", "[value=normal]", "[value=same]", "[value=no_change]"):
                if ask.locator(answer).count():
                    ask.locator(answer).first.press("Space")  # a finger may miss what moves as questions come
                    expect(ask.locator("input:checked")).not_to_have_count(0)
                    break
        for key, answer in (("can_use_stop", "yes"), ("can_communicate", "yes"), ("motor_full", "yes")):
            if page.locator(f"#q-{key}").count():
                page.locator(f"#q-{key} [value={answer}]").check()
        written(page)
        here = page.url
        page.locator(".goes button[value=next]").click()
        page.wait_for_url(lambda url, here=here: url != here)  # type: ignore[misc]


def written(page: Page) -> None:
    """What has to be written: pain, a date, numbers of the examination."""
    amounts = {
        "motor_drop": "0", "slr_left": "50", "slr_right": "90", "systolic": "124", "diastolic": "78",
        "heart_rate": "64",
        "waist": "94", "onset_date": "2026-01-05", "imaging_date": "2026-02-01",
    }  # fmt: skip
    for key, text in amounts.items():
        if page.locator(f"input[name={key}]").count():
            page.locator(f"input[name={key}]").fill(text)
    for key in ("pain_spine", "pain_limb"):
        if page.locator(f"#q-{key}").count():
            page.locator(f"#q-{key} label", has_text="4").click()
    if page.locator("#q-imaging").count():
        page.locator("#q-imaging [value=none]").uncheck()
        page.locator("#q-imaging [value=mri]").check()
        page.locator("#q-imaging_date input[type=date]").fill("2026-02-01")
        page.locator("#q-imaging_findings [value=herniation]").check()
    if page.locator("#q-care_weeks").count():
        page.locator("input[name=care_weeks]").fill("6")


def test_a_patient_answers_on_a_phone_and_a_clinician_examines(staff: Page, browser: Browser, clinic: Clinic) -> None:
    patient = new_patient(staff, clinic, "Pat")
    phone = person(browser, PHONE)
    link = link_for(staff, patient)
    phone.goto(link)
    looks_right(phone)
    come_in(phone, link, "Español", "Empezar")
    expect(phone.get_by_text("¿Cuántos años tiene?")).to_be_visible()
    looks_right(phone)
    about_you(phone, "Siguiente")
    looks_right(phone)
    phone.get_by_role("button", name="English").click()
    expect(phone.get_by_role("heading", name="Your pain")).to_be_visible()
    mark_the_leg(phone)
    looks_right(phone)
    phone.get_by_role("button", name="Next").last.click()
    phone.wait_for_url("**/pain-2")
    calmly(phone, "/danger_signs-2")
    pick(phone, "trauma", "Yes, something small, such as a fall from standing")
    expect(phone.locator("#q-trauma_imaged")).to_be_visible()  # the answer opens it at once
    pick(phone, "trauma", "No")
    expect(phone.locator("#q-trauma_imaged")).to_have_count(0)
    phone.reload()  # the browser dies: what was sent is there
    phone.goto(phone.url.rsplit("/", 1)[0])
    phone.wait_for_url("**/danger_signs-2")
    calmly(phone, "/end")
    expect(phone.get_by_role("heading", name="Thank you.")).to_be_visible()
    expect(phone.get_by_text("Your clinician sees this now.")).to_be_visible()
    looks_right(phone)
    phone.context.close()

    staff.goto(f"{patient}/intake")
    expect(staff.get_by_text("The patient has answered. Examine and screen.")).to_be_visible()
    staff.get_by_role("link", name="Go on", exact=True).click()
    expect(staff.get_by_role("heading", name="Neurological examination")).to_be_visible()
    looks_right(staff)
    calmly(staff, "/review")
    looks_right(staff)
    staff.get_by_role("button", name="Screen now").click()
    expect(staff.locator(".verdict .said-word")).to_have_text("OK")
    looks_right(staff)
    expect(staff.locator(".road [aria-current]")).to_contain_text("ok until")
    staff.goto(f"{patient}/visit-check")
    calmly_today(staff)
    expect(staff.get_by_text("Nothing speaks against a session today.")).to_be_visible()
    looks_right(staff)


def calmly_today(page: Page) -> None:
    for ask in page.locator("fieldset.yes-no").all():
        ask.locator("[value=no]").check()
    page.locator("#q-today_pain label", has_text="3").click()
    page.get_by_role("button", name="Keep the answers").click()


def test_red_flags_end_at_the_letter(staff: Page, browser: Browser, clinic: Clinic) -> None:
    patient = new_patient(staff, clinic, "Red")
    phone = person(browser, PHONE, script=False)  # without a script it works as well
    come_in(phone, link_for(staff, patient), "English", "Begin")
    about_you(phone, "Next")
    phone.goto(phone.url.rsplit("/", 1)[0] + "/danger_signs-1")
    for key in ("bladder_bowel", "saddle_numb"):
        phone.locator(f"#q-{key} [value=yes]").check()
    phone.locator("#q-both_legs [value=no]").check()
    phone.locator("#q-limb_weakness [value=none]").check()
    phone.get_by_role("button", name="Next").last.click()
    expect(phone.get_by_role("heading", name="Go to hospital now")).to_be_visible()
    expect(phone.get_by_role("link", name="911")).to_be_visible()
    phone.context.close()

    staff.goto(f"{clinic.base}/patients")
    staff.get_by_role("alert").get_by_role("link", name="Red Journey").click()
    expect(staff.locator(".verdict .said-word")).to_have_text("EMERGENCY")
    expect(staff.get_by_text("Nobody overrides an emergency.")).to_be_visible()
    expect(staff.locator(".road [aria-current]")).to_contain_text("stop")
    letter = staff.get_by_role("link", name="Letter: Emergency department").get_attribute("href")
    paper = staff.request.get(f"{clinic.base}{letter}")
    text = pypdf.PdfReader(io.BytesIO(paper.body())).pages[0].extract_text()
    assert "Emergency referral, now" in text
    assert "Red Journey" in text
    assert "cauda equina" in text
    told = staff.request.get(f"{clinic.base}{letter}".replace("letter.pdf", "verdict.json")).json()
    assert told["verdict"] == "EMERGENCY"


def test_the_table_of_muscles_and_the_figure_by_keyboard(staff: Page, clinic: Clinic) -> None:
    patient = new_patient(staff, clinic, "Key")
    staff.goto(f"{patient}/intake")
    staff.get_by_role("button", name="Begin the intake").click()
    staff.wait_for_url("**/pages/you")
    base = staff.url.rsplit("/", 1)[0]
    staff.goto(f"{base}/examination")
    staff.locator("#q-motor_full [value=no]").check()
    first = staff.locator("[name='motor_leg.L2.left']")
    first.click()
    staff.keyboard.type("5554433322")
    expect(staff.locator("[name='motor_leg.S1.right']")).to_have_value("2")
    looks_right(staff)
    staff.goto(f"{base}/pain-1")
    staff.locator("a[data-place=saddle]").first.focus()
    staff.keyboard.press("Enter")
    expect(staff.locator("[data-place-select]")).to_have_value("saddle")
    expect(staff.locator("[data-side-select]")).to_have_value("middle")
