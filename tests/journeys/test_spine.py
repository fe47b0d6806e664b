"""The modelled spine in a real browser: beside the pull, after it, and where nothing follows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic, eventually
from tests.journeys.test_billing import fits, serious
from tests.journeys.test_console import prepare, sign_in, until_hold, write_prescription

pytestmark = pytest.mark.alone
SIZES = ((1440, 900), (1180, 820), (820, 1180), (390, 844))
PATIENCE_MS = 120_000


def test_the_spine_is_drawn_beside_the_pull_and_after_it(page: Page, clinic: Clinic) -> None:
    clinic.start_spine()
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    drawing = page.locator("#spine-picture svg")
    expect(drawing).to_be_visible(timeout=PATIENCE_MS)
    expect(drawing).to_contain_text("L5-S1")
    expect(page.get_by_text("modelled, not measured")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page), width
    assert serious(page) == []
    page.keyboard.press("Space")
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    eventually(clinic.ending)
    page.get_by_role("link", name="Open the session").click()
    after = page.locator("#spine-after")
    expect(after.get_by_text("modelled bodies of this size")).to_be_visible(timeout=PATIENCE_MS)
    expect(after.locator("figure svg")).to_have_count(4)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page), width
    assert serious(page) == []


def test_without_the_model_the_pull_goes_on_and_the_page_says_so(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_text("No model of the spine is running")).to_be_visible()
        assert fits(page), width
    expect(page.locator("#spine-picture svg")).to_have_count(0)
