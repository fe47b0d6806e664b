"""The checks of the table in a real browser: the power-on test is told, and both stops are tried at 500 N."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic
from tests.journeys.test_console import sign_in

pytestmark = pytest.mark.alone
LONG = 60_000


def opened(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    page.locator("#table-state").click()
    expect(page.get_by_role("heading", name="Checks of the table")).to_be_visible()


def press(page: Page, *what: str) -> None:
    for one in what:
        with page.expect_response("**/table/checks/act"):  # the next press comes after this one, as with a hand
            page.locator(f"#simulated [data-what={one}]").click()


def pulled(page: Page, stop: str) -> None:
    page.get_by_role("button", name=f"Try the {stop}").click()
    for tick in page.locator("#trial .ticks button").all():
        tick.click()
        expect(tick).to_have_attribute("aria-pressed", "true")
    press(page, "remote-plug", "remote-press", "remote-release")
    expect(page.locator("#pull")).to_be_enabled()
    page.locator("#pull").click()
    expect(page.locator("#step-press")).to_have_class("next", timeout=LONG)
    expect(page.locator("#force")).to_have_text("500", timeout=LONG)


def over(page: Page) -> None:
    expect(page.locator("#step-over")).to_have_class("next")
    expect(page.locator("#over-words")).to_contain_text("The cord is slack", timeout=LONG)


def test_a_table_is_checked_and_its_stops_are_tried(page: Page, clinic: Clinic) -> None:
    opened(page, clinic)
    expect(page.locator("#verdict")).to_contain_text("Sessions may begin.")
    expect(page.locator("#power-on")).to_contain_text("load cell B at rest reads")
    with page.expect_navigation():
        page.get_by_role("button", name="Test again").click()
    expect(page.locator("#power-on tbody tr").first).to_be_visible()
    pulled(page, "patient remote")
    press(page, "remote-press")
    over(page)
    press(page, "remote-release")
    page.locator("#unbind").click()
    expect(page.locator(".stop-card").first).to_contain_text("✓ Passed", timeout=LONG)
    expect(page.locator(".stop-card").first).to_contain_text("cord slack after")
    assert all(one["acknowledged"] for one in clinic.telemetry()["alarms"])
    stopped_by_the_space_bar(page, clinic)
    book = clinic.data / "table" / "checks.jsonl"
    kept = [one for one in map(json.loads, book.read_text("utf-8").splitlines()) if one["doc"] == "stop trial"]
    assert [(one["stop"], one["passed"], one["by"]) for one in kept] == [
        ("patient remote", True, "clinician"),
        ("clinician stop", False, "clinician"),
    ]
    assert recorded(clinic.data / "table" / "trials") == 2
    assert recorded(clinic.data / "recordings") == 0


def stopped_by_the_space_bar(page: Page, clinic: Clinic) -> None:
    """Where the stop under trial does nothing another one ends the pull, and the trial has failed."""
    pulled(page, "clinician stop")
    page.keyboard.press("Space")
    over(page)
    page.locator("#unbind").click()
    expect(page.locator("#verdict")).to_contain_text("The trial of the clinician stop failed", timeout=LONG)
    page.goto(f"{clinic.base}/patients")
    expect(page.get_by_role("link", name="Table not checked")).to_be_visible()


def recorded(folder: Path) -> int:
    return len(list(folder.glob("*/documents.jsonl")))
