"""A whole visit, and an evening at home, with the keyboard alone: no mouse, no finger, nothing focused by a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic, eventually
from tests.journeys.test_console import Keyboard, force

ADA = "/patients/1"
EVE = """
from opentraction.clinic.directory.models import Specialist
Specialist.objects.create(registry="own", number="1", kind="person", name="Eve", sort_name="eve")
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("keys")) / "data")
    one._django("shell", "-c", EVE)
    try:
        yield one
    finally:
        one.close()


class Keys(Keyboard):
    """Tab, Enter, Space, arrows and letters."""

    def choose(self, name: str, value: str) -> None:
        """One of the radios of a name: there with Tab, on with the arrows."""
        self.to(f"input[name='{name}']")
        self.page.keyboard.press("Space")
        now = f"document.querySelector(\"input[name='{name}']:checked\")?.value"
        for _ in range(12):
            if self.page.evaluate(now) == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} cannot be set to {value} with the arrow keys")

    def follow(self, href: str) -> None:
        """A link, by where it leads."""
        self.press(f"a[href='{href}']")
        self.page.wait_for_url(f"**{href}")


def begin(browser: Browser, clinic: Clinic, who: str, size: tuple[int, int]) -> Keys:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, timezone_id="UTC").new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{clinic.base}/sign-in")
    keys = Keys(page)
    keys.write("#id_username", who)
    keys.write("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return keys


def test_a_whole_visit(browser: Browser, clinic: Clinic) -> None:
    keys = begin(browser, clinic, "clinician", (1180, 820))
    keys.follow(ADA)
    moved_in_the_agenda(keys)
    asked_today(keys)
    pulled(keys, clinic)
    told_after(keys)
    asked_and_examined(keys)
    looked_up(keys)
    keys.press("form.out button")
    expect(keys.page.get_by_label("Password")).to_be_visible()
    keys.page.context.close()


def moved_in_the_agenda(keys: Keys) -> None:
    """Half an hour earlier, on the calendar itself."""
    page = keys.page
    keys.follow(f"{ADA}/appointments")
    keys.press(".lines .at a")
    page.wait_for_url("**/agenda/appointments/*")
    keys.press(".crumb a")
    page.wait_for_url("**/agenda?*")
    mine = page.locator("a.block", has_text="Ada Example").first
    before = mine.inner_text()
    href = mine.get_attribute("href")
    keys.to(".grid a.block")
    for _ in range(20):
        if page.evaluate("document.activeElement.getAttribute('href')") == href:
            break
        page.keyboard.press("Tab")
    for key in ("m", "ArrowUp", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("status").first).to_contain_text("Moved to")
    expect(page.locator("a.block", has_text="Ada Example").first).not_to_have_text(before)


def asked_today(keys: Keys) -> None:
    page = keys.page
    keys.follow("/patients")
    keys.follow(ADA)
    keys.follow(f"{ADA}/visit-check")
    keys.press("a[href*='again']")
    page.wait_for_url("**again*")
    names = page.locator("fieldset.yes-no input[value=no]").evaluate_all("all => all.map(one => one.name)")
    assert len(names) >= 4
    for name in names:
        keys.choose(name, "no")
    keys.choose("today_pain", "3")
    keys.press(".goes button.main")
    expect(page.get_by_text("Nothing speaks against a session today.")).to_be_visible()


def pulled(keys: Keys, clinic: Clinic) -> None:
    """Bound, checked, tested, armed, pulled; let go with the space bar from anywhere; unbound."""
    page = keys.page
    keys.follow("/patients")
    keys.follow(ADA)
    keys.start_a_treatment()
    expect(page.locator("#phase")).to_have_text("hold", timeout=60_000)
    page.keyboard.press("Space")
    eventually(lambda: force(page) < 20.0, patience=10.0)
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    assert eventually(clinic.ending) == "console stop"
    keys.press("#unbind")
    expect(page.locator("#phase")).to_have_text("not bound")
    keys.press("#to-session")
    expect(page.locator(".notice strong")).to_have_text("Console stop")


def told_after(keys: Keys) -> None:
    page = keys.page
    keys.press("a[href$='/told']")
    page.wait_for_url("**/told")
    keys.choose("spine", "2")
    keys.press("form.asking button.main")
    expect(page.locator("main")).to_contain_text("2")
    expect(page.locator("details").first).not_to_have_attribute("open", "")


def asked_and_examined(keys: Keys) -> None:
    """A pain score by number keys, the body map by arrows and numbers."""
    page = keys.page
    keys.follow("/patients")
    keys.follow(ADA)
    keys.follow(f"{ADA}/outcomes")
    if page.locator(".others a[href*=nprs_back]").count():
        keys.press(".others summary")
    keys.press(f"a[href^='{ADA}/outcomes/nprs_back']")
    page.wait_for_url("**/outcomes/nprs_back*")
    for name in ("now", "average", "worst"):
        if page.locator(f"input[name={name}]").count():
            keys.to(f"input[name={name}]")
            page.keyboard.press("4")
    keys.press("button[value=hand-in]")
    expect(page.get_by_role("status").first).to_contain_text("of 10")
    page.wait_for_load_state()
    keys.follow(f"{ADA}/outcomes")
    keys.follow(f"{ADA}/examine")
    keys.to("#L5-left")
    page.keyboard.press("6")
    expect(page.locator("#map-now")).to_contain_text("L5 left")
    assert page.locator("input[name='felt.pain.L5-left']").input_value() == "6"
    keys.press("button[value=examine]")
    page.wait_for_url("**/examinations/*")


def looked_up(keys: Keys) -> None:
    page = keys.page
    keys.press("a[href='/specialists']")
    page.wait_for_url("**/specialists")
    keys.write("input[name=name]", "eve")
    page.keyboard.press("Enter")
    page.wait_for_url("**/specialists?*")
    keys.press("main a[href^='/specialists/1']")
    expect(page.get_by_role("heading", name="Eve")).to_be_visible()


def test_an_evening_at_home(browser: Browser, clinic: Clinic) -> None:
    """The patient's own pages on a phone with a keyboard: the first exercise, stopped with Escape, sent."""
    keys = begin(browser, clinic, "P-001", (390, 844))
    page = keys.page
    keys.follow("/portal/home/")
    expect(page.get_by_role("heading", name="Your exercises today")).to_be_visible()
    keys.press("a.card[href$='walk']")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    keys.to("input[type=radio]")
    page.keyboard.press("ArrowRight")
    keys.to("button.main")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Step 1 of 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Stopped.")).to_be_visible()
    save(keys, page)
    expect(page.get_by_text("All sent to your clinic.")).to_be_visible()
    page.context.close()


def save(keys: Keys, page: Page) -> None:
    """Tab until the button that is focused says Save."""
    for _ in range(80):
        if page.evaluate("document.activeElement.textContent.trim()") == "Save":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
