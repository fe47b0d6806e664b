"""The treatment page in a real browser: what it offers, and where things stand."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic, eventually
from tests.journeys.test_console import STOP_TEST, prepare, sign_in, until_hold, write_prescription

pytestmark = pytest.mark.alone


def open_session(page: Page, clinic: Clinic) -> None:
    """Ben's next session, bound."""
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/patients/2")
    page.get_by_role("button", name="Treat").click()
    page.get_by_role("button", name="Both match").click()


def tick_all(page: Page) -> None:
    for item in page.locator("[data-do=checklist]").all():
        expect(item).to_be_enabled()
        item.click()
        expect(item).to_have_attribute("aria-pressed", "true")


def test_arm_can_be_pressed_when_all_before_it_is_done_and_says_what_is_missing(page: Page, clinic: Clinic) -> None:
    arm, words = page.locator("[data-do=arm]"), page.locator("#next-words")
    open_session(page, clinic)
    expect(words).to_have_text("Finish the harness checklist first.")
    expect(arm).to_be_disabled()
    tick_all(page)
    expect(words).to_have_text("Plug in the patient remote first.")
    expect(arm).to_be_disabled()
    page.locator("#simulated summary").click()
    says = {
        "remote-plug": "Test the patient remote first: press it, then let go.",
        "remote-press": "Let the patient let go of the remote first.",
        "remote-release": "Arm the table, then start.",
    }
    for what in STOP_TEST:
        expect(arm).to_be_disabled()
        page.locator(f"[data-what={what}]").click()
        expect(words).to_have_text(says[what])
    expect(arm).to_be_enabled()
    page.locator("[data-what=clinician-stop]").click()
    expect(words).to_have_text("Release the clinician stop first.")
    expect(arm).to_be_disabled()


def test_a_stop_in_set_up_is_said_and_the_simulated_patient_stays_open(page: Page, clinic: Clinic) -> None:
    open_session(page, clinic)
    tick_all(page)
    page.get_by_role("button", name="Show them").click()
    for what, done in STOP_TEST.items():
        page.locator(f"[data-what={what}]").click()
        expect(page.locator(done)).to_have_class("done")
    page.locator("[data-do=arm]").click()
    expect(page.locator("[data-do=start]")).to_be_enabled()
    page.locator("#stop").click()
    expect(page.get_by_text("Stopped before the pull.")).to_be_visible()
    expect(page.locator("[data-do=start]")).to_be_disabled()
    page.get_by_role("button", name="pounds").click()
    expect(page.locator("#force-unit")).to_have_text("lb")
    expect(page.locator("[data-what=cough]")).to_be_visible()
    page.locator("[data-do=arm]").click()
    expect(page.get_by_text("Stopped before the pull.")).to_be_hidden()


def test_who_is_set_up_can_be_unbound_before_a_pull_and_after_a_stop(page: Page, clinic: Clinic) -> None:
    open_session(page, clinic)
    unbind = page.get_by_role("button", name="Unbind")
    expect(unbind).to_be_visible()
    tick_all(page)
    page.locator("#simulated summary").click()
    for what in STOP_TEST:
        page.locator(f"[data-what={what}]").click()
    page.locator("[data-do=arm]").click()
    expect(page.locator("#phase")).to_have_text("ready")
    expect(unbind).to_be_visible()
    page.locator("#stop").click()
    expect(page.get_by_text("Stopped before the pull.")).to_be_visible()
    expect(unbind).to_have_count(1)
    unbind.click()
    expect(page.locator("#phase")).to_have_text("not bound")
    expect(page.get_by_text("This session is over.")).to_be_visible()
    expect(unbind).to_have_count(0)


def test_the_next_patient_waits_until_the_last_is_unbound(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    page.keyboard.press("Space")
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{clinic.base}/patients/2")
    other.get_by_role("button", name="Treat").click()
    expect(other.get_by_text("P-001 is still on the table. Unclip, then unbind.")).to_be_visible()
    expect(other.get_by_role("button", name="Both match")).to_be_disabled()
    other.locator("#still-unbind").click()
    expect(page.locator("#phase")).to_have_text("not bound")
    other.get_by_role("button", name="Both match").click()
    expect(other.locator("#phase")).to_have_text("setup")


def test_a_page_whose_pull_was_interrupted_offers_no_binding(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    clinic.table.kill()
    clinic.table.wait()
    clinic.table = clinic.start_table()
    expect(page.get_by_text("Interrupted. Open the session.")).to_be_visible()
    expect(page.get_by_role("button", name="Both match")).to_be_hidden()


SIZES = ((1440, 900), (1180, 820), (820, 1180), (390, 844))


def where_stop_is(page: Page) -> list[object]:
    """The place of Stop in windows of each size, the page at its top."""
    found: list[object] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        found.append(page.locator("#stop").bounding_box())
    return found


def _fits(page: Page, width: int) -> bool:
    """Whether the chart has been drawn anew, no wider than the window."""
    chart = page.locator("#chart canvas").bounding_box()
    return chart is not None and chart["x"] + chart["width"] <= width


def test_stop_stays_where_it_is_and_an_ended_session_is_not_bound_again(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    opened = where_stop_is(page)
    page.locator("#simulated summary").click()
    assert where_stop_is(page) == opened
    page.locator("#simulated summary").click()
    page.locator("[data-what=remote-press]").click()
    expect(page.locator("[data-alarm=A1]")).to_be_visible()
    assert where_stop_is(page) == opened
    for width, _ in SIZES:
        page.set_viewport_size({"width": width, "height": 844})
        eventually(partial(_fits, page, width))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    expect(page.get_by_role("button", name="Begin another session")).to_be_hidden()
    eventually(clinic.ending)
    page.reload()
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    expect(page.get_by_role("link", name="Treatment")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    chart = page.locator("#chart").bounding_box()
    assert chart is not None
    assert chart["height"] >= 200.0
    page.locator("#unbind").click()
    expect(page.locator("#phase")).to_have_text("not bound")
    expect(page.get_by_role("link", name="Open the session")).to_be_visible()
    expect(page.get_by_role("button", name="Both match")).to_be_hidden()
    page.get_by_text("Treat again").click()
    page.get_by_role("button", name="Begin another session").click()
    expect(page.get_by_role("button", name="Both match")).to_be_enabled()
