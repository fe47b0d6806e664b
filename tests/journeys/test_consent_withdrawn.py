"""Consent is taken back in the portal while the table pulls: said on the treatment page, let go, written down."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic, eventually
from tests.journeys.test_console import force, prepare, sign_in, until_hold, write_prescription


def test_the_pull_is_let_go_and_whoever_treats_is_told(page: Page, clinic: Clinic, browser: Browser) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    expect(page.locator("#withdrawn")).to_be_hidden()
    _take_back(browser, clinic)
    expect(page.locator("#withdrawn")).to_be_visible(timeout=5_000)
    expect(page.locator("#withdrawn-words")).to_contain_text("by the patient")
    expect(page.locator("#phase")).to_have_text("paused", timeout=15_000)
    eventually(lambda: force(page) < 40.0, patience=6.0)
    expect(page.locator("#withdrawn-now")).to_have_text(
        re.compile(r"^Eased to \d+ N, no pull follows\. Press Stop to release, unclip, talk with the patient\.$")
    )
    expect(page.locator("#withdrawn-words")).to_contain_text(re.compile(r" at \d\d:\d\d UTC by "))
    expect(page.get_by_role("button", name="Resume")).to_be_disabled()
    page.locator("#simulated summary").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#withdrawn")).to_be_in_viewport(ratio=1)
    page.reload()
    expect(page.locator("#withdrawn")).to_be_visible()
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_role("button", name="I have seen it")).to_be_hidden()
    expect(page.locator("#withdrawn")).to_be_visible()
    expect(page.get_by_role("button", name="Resume")).to_be_disabled()
    page.keyboard.press("Space")
    expect(page.locator("#withdrawn-now")).to_contain_text("Nothing pulls any more.")
    assert eventually(clinic.ending) == "console stop"
    note = clinic.event("note", "consent withdrawn")
    assert note is not None
    assert note["data"]["by"] == "the patient"
    seen = clinic.event("operator", "withdrawal of consent seen")
    assert seen is not None
    assert seen["data"]["by"] == "clinician"


def _take_back(browser: Browser, clinic: Clinic) -> None:
    """On the patient's own phone."""
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    own = phone.new_page()
    own.goto(f"{clinic.base}/sign-in")
    own.get_by_label("Name").fill("P-001")
    own.get_by_label("Password").fill(PASSWORD)
    own.get_by_role("button", name="Sign in").click()
    own.goto(f"{clinic.base}/portal/consent")
    own.locator("[name=sure]").first.check()
    own.locator("form", has=own.locator("[name=sure]")).get_by_role("button").first.click()
    own.wait_for_load_state()
    phone.close()
