"""Journeys in a real Chromium: a patient is asked on a phone by keyboard; an examination stops the treatment."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic

PHONE = {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}


def signed_in(browser: Browser, clinic: Clinic, viewport: Any = None) -> Page:
    page = browser.new_page(viewport=viewport or {"width": 1180, "height": 820})
    page.goto(clinic.base + "/sign-in")
    page.fill("input[name=username]", "clinician")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(clinic.base + "/patients")
    return page


def clean(page: Page) -> None:
    """Nothing serious for a screen reader, and nothing wider than the window."""
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def saved(page: Page) -> None:
    expect(page.locator("#kept")).to_have_text("Saved.")


def test_ask_pain_and_disability_by_keyboard_on_a_phone_and_resume(browser: Browser, clinic: Clinic) -> None:
    page = signed_in(browser, clinic, PHONE)
    page.goto(clinic.base + "/patients/2/outcomes/nprs_back?run=1")
    clean(page)
    page.locator("input[name=average][value='']").focus()
    for key in ("1", "0", "Tab", "4", "Delete", "7"):
        page.keyboard.press(key)
    saved(page)
    assert page.evaluate("document.querySelector('[name=average]:checked').value") == "10"
    assert page.evaluate("document.querySelector('[name=worst]:checked').value") == "7"
    page.get_by_role("button", name="Hand in", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/outcomes/nprs_leg?run=1")
    expect(page.get_by_role("status").first).to_contain_text("Back pain: 10 of 10")
    page.goto(clinic.base + "/patients/2/outcomes/rmdq")
    clean(page)
    for sentence in ("q1", "q3", "q4"):
        page.locator(f"input[name={sentence}]").focus()
        page.keyboard.press("Space")
    saved(page)
    page.goto(clinic.base + "/patients/2/outcomes")  # the browser goes away half done
    clean(page)
    page.get_by_role("link", name="Go on: Roland").click()
    assert page.locator("input:checked").count() == 3
    for _ in range(2):
        page.get_by_role("button", name="Next", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    page.locator("input[name=q20]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Hand in", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("RMDQ-24: 4 of 24")
    page.close()


def test_a_muscle_weaker_than_last_time_stops_the_treatment(browser: Browser, clinic: Clinic) -> None:
    page = signed_in(browser, clinic)
    for grade in ("5", "4"):
        page.goto(clinic.base + "/patients/2/examine")
        page.select_option("select[name='strength.ankle_dorsiflexors-left']", grade)
        area = page.locator("#L5-left")
        area.focus()
        for key in ("6", "+"):
            page.keyboard.press(key)
        expect(page.locator("#map-now")).to_contain_text("L5 left")
        assert page.locator("input[name='felt.pain.L5-left']").input_value() == "7"
        assert "7 of 10" in (area.get_attribute("aria-label") or "")
        clean(page)
        page.get_by_role("button", name="Write the examination").click()
        page.wait_for_url("**/examinations/*")
    expect(page.get_by_role("heading", name="Stop. No treatment may begin.")).to_be_visible()
    expect(page.locator(".stop-notice")).to_contain_text("Ankle dorsiflexors, left: 4 of 5, was 5.")
    clean(page)
    expect(page.locator(".road li.stop").filter(has_text="Outcomes")).to_contain_text("new deficit")
    page.get_by_role("link", name="Report it as an adverse event").click()
    page.fill("#what", "The left foot is weaker than last week.")
    page.get_by_label("3 severe").check()
    clean(page)
    page.get_by_role("button", name="Report", exact=True).click()
    page.wait_for_url("**/adverse-events/*")
    expect(page.get_by_text("Stop the course. Examine, write it down, refer the same day.")).to_be_visible()
    clean(page)
    page.goto(clinic.base + "/patients/2/outcomes")
    expect(page.locator("main").get_by_role("alert")).to_contain_text("No treatment may begin.")
    page.close()


def test_a_course_that_is_over_is_one_picture_on_every_screen(browser: Browser, clinic: Clinic) -> None:
    for viewport in (PHONE, {"width": 1440, "height": 900}):
        page = signed_in(browser, clinic, viewport)
        page.goto(clinic.base + "/patients/4/course-picture")
        expect(page.locator(".course-picture svg")).to_be_visible()
        expect(page.locator(".course-picture")).to_contain_text("missing")
        expect(page.locator("main")).to_contain_text("RMDQ-24 went from 15 to 7")
        clean(page)
        for where in ("/patients/4/outcomes", "/reminders", "/results", "/adverse-events"):
            page.goto(clinic.base + where)
            clean(page)
        page.close()
