"""A list that stays open says by itself that an emergency came; one that shows it already says nothing more."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic
from tests.journeys.test_console import sign_in
from tests.journeys.test_not_cleared_any_more import ON_THE_PHONE


def test_an_open_page_tells_of_a_new_emergency(page: Page, clinic: Clinic) -> None:
    page.clock.install()
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/agenda")
    said = page.locator("#said-help")
    page.clock.run_for(35_000)
    expect(said).to_have_count(0)
    clinic._django("shell", "-c", ON_THE_PHONE)
    page.clock.run_for(35_000)
    expect(said).to_contain_text("Somebody needs help now.")
    page.goto(f"{clinic.base}/specialists")
    page.clock.run_for(35_000)
    said.get_by_role("link", name="See whom").click()
    expect(page.locator("#red-line")).to_contain_text("P-001")
    page.clock.run_for(35_000)
    expect(said).to_have_count(0)
