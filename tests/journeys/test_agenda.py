"""Journeys in a real Chromium: the front desk fills the agenda by keyboard; a clinician takes a course's advice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic

DESK = """
from django.contrib.auth.models import User
from opentraction.clinic import roles
user = User.objects.create_user("desk", password="%s")
roles.give(user, roles.FRONT_DESK)
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("agenda")) / "data")
    one._django("shell", "-c", DESK % PASSWORD)
    try:
        yield one
    finally:
        one.close()


def page_of(browser: Browser, clinic: Clinic, name: str, width: int = 1180) -> Page:
    """A page of somebody who has just signed in."""
    page = browser.new_context(viewport={"width": width, "height": 820}).new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{clinic.base}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/patients")
    return page


def sound(page: Page) -> None:
    """Nothing serious for axe, and nothing that scrolls sideways."""
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_desk_books_a_series_moves_one_by_keyboard_and_fills_a_gap(browser: Browser, clinic: Clinic) -> None:
    write_a_course(page_of(browser, clinic, "clinician"), clinic)
    desk = page_of(browser, clinic, "desk")
    book_six(desk)
    move_by_keyboard(desk)
    fill_a_gap(desk, clinic)


def write_a_course(page: Page, clinic: Clinic) -> None:
    page.goto(f"{clinic.base}/patients/2/course")
    page.get_by_role("link", name="Write a course").click()
    sound(page)
    page.get_by_role("button", name="Begin the course").click()
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()


def book_six(desk: Page) -> None:
    """From the agenda to six sessions near four o'clock; nothing on the way tells why Ben comes."""
    desk.get_by_role("link", name="Agenda").click()
    sound(desk)
    desk.get_by_role("link", name="Book", exact=True).click()
    desk.get_by_label("Name or pseudonym").fill("sample")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("link", name="Sample, Ben").click()
    sound(desk)
    desk.get_by_role("link", name="Book the course").click()
    desk.get_by_label("Near").fill("16:00")
    desk.get_by_label("At most").fill("6")
    desk.get_by_role("button", name="Find times").click()
    sound(desk)
    desk.get_by_role("button", name="Book 6 sessions").click()
    expect(desk.get_by_text("6 sessions booked.")).to_be_visible()
    assert "low back pain" not in desk.locator("body").inner_text()
    assert desk.locator(".lines .at a").count() == 7  # with the one that the demo had booked


def move_by_keyboard(desk: Page) -> None:
    """M, up, up, Enter is half an hour earlier; Escape leaves it where it was."""
    desk.locator(".lines .at a", has_text="16:00").first.click()
    desk.locator(".crumb a").first.click()
    desk.locator("a.block", has_text="16:00 Ben Sample").first.focus()
    for key in ("m", "ArrowUp", "ArrowUp"):
        desk.keyboard.press(key)
    expect(desk.locator("#keys")).to_contain_text("Move to 15:30, Table 1?")
    sound(desk)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status").first).to_contain_text("Moved to")
    moved = desk.locator("a.block", has_text="15:30 Ben Sample").first
    moved.focus()
    for key in ("m", "ArrowDown", "Escape"):
        desk.keyboard.press(key)
    desk.reload()
    expect(moved).to_be_visible()


def fill_a_gap(desk: Page, clinic: Clinic) -> None:
    """Cleo waits, Ben is ill, Cleo has his time."""
    desk.goto(f"{clinic.base}/agenda/waiting?patient=4")
    desk.get_by_role("button", name="Put on the list").click()
    expect(desk.get_by_text("On the waiting list.")).to_be_visible()
    sound(desk)
    desk.goto(f"{clinic.base}/patients/2/appointments")
    desk.locator(".lines .at a", has_text="16:00").first.click()
    desk.get_by_label("Cancel, because").select_option(label="The patient is ill")
    desk.get_by_role("button", name="Cancel it").click()
    expect(desk.get_by_role("heading", name="Who could come instead")).to_be_visible()
    sound(desk)
    desk.get_by_role("button", name="Give it Cleo Model").click()
    expect(desk.get_by_text("P-004 has")).to_be_visible()
    expect(desk.locator(".lead")).to_contain_text("Cleo Model")


def test_a_clinician_takes_the_advice_and_sees_it_rehearsed(browser: Browser, clinic: Clinic) -> None:
    page = page_of(browser, clinic, "clinician")
    page.goto(f"{clinic.base}/patients/1/course")
    expect(page.locator(".advice")).to_contain_text("Pull at most 137 N")
    sound(page)
    page.get_by_role("button", name="Take this advice").click()
    expect(page.locator("[name='forces.high']")).to_have_value("30.7 lb")
    expect(page.locator("#rehearsal svg")).to_be_visible()
    page.goto(f"{clinic.base}/patients/1/course")
    expect(page.locator("tbody", has_text="accepted by clinician")).to_be_visible()
    page.goto(f"{clinic.base}/patients/3/course")
    expect(page.locator(".advice.stop")).to_contain_text("Stop and refer")
    sound(page)


def test_the_agenda_on_a_phone_is_a_list(browser: Browser, clinic: Clinic) -> None:
    page = page_of(browser, clinic, "desk", width=390)
    page.goto(f"{clinic.base}/patients/1/appointments")
    page.locator(".lines .at a").first.click()
    page.locator(".crumb a").first.click()
    expect(page.locator(".only-phone a", has_text="Ada Example")).to_be_visible()
    expect(page.locator(".grid-frame")).to_be_hidden()
    sound(page)
