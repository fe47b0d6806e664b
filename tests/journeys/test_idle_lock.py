"""A locked console in a real browser: records are covered, a pull goes on, Stop and the space bar work."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic, eventually
from tests.journeys.test_console import force, prepare, sign_in, until_hold, write_prescription


def unlock(page: Page, word: str = PASSWORD) -> None:
    field = page.locator("#lock input[name=password]")
    field.fill(word)
    field.press("Enter")


def test_a_locked_treatment_page_keeps_its_force_its_lease_and_its_stop(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    page.get_by_role("button", name="Lock").click()
    expect(page.locator("#lock")).to_be_visible()
    for covered in (".who", "#pause", "#reduce", "#comfort", "header.bar nav"):
        expect(page.locator(covered)).to_be_hidden()
    expect(page.get_by_text("Ada")).to_be_hidden()
    expect(page.locator("#stop")).to_be_in_viewport()
    assert not _overlap(page, "#lock", "#stop")
    assert not _overlap(page, "#lock", "#force")
    at = clinic.telemetry()["t"]
    eventually(lambda: clinic.telemetry()["t"] > at + 6.0, patience=12.0)
    assert clinic.event("alarm", "Console link lost") is None, "the page that watches keeps its lease"
    assert force(page) > 150.0
    said = page.evaluate(ASK_PAUSE)
    assert said["ok"] is False
    assert "locked" in said["why"]
    unlock(page, "wrong")
    expect(page.locator("#lock .unlock-says")).to_contain_text("not right")
    unlock(page)
    expect(page.locator("#lock")).to_be_hidden()
    expect(page.locator("#pause")).to_be_enabled()
    expect(page.locator(".who")).to_be_visible()
    page.get_by_role("button", name="Lock").click()
    page.locator("#lock input[name=password]").focus()
    page.keyboard.press("Space")
    assert eventually(clinic.ending) == "console stop"


ASK_PAUSE = """async () => {
    const form = document.getElementById("stop-form"), body = new URLSearchParams(new FormData(form));
    body.set("do", "pause");
    return (await fetch(form.action, { method: "POST", body })).json();
}"""
"""What a locked page's own session can ask for, past its buttons."""


def _overlap(page: Page, one: str, other: str) -> bool:
    a, b = page.locator(one).bounding_box(), page.locator(other).bounding_box()
    assert a is not None
    assert b is not None
    apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not (apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


def test_a_locked_console_covers_every_tab_and_comes_back_where_it_was(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/patients/1/edit")
    page.get_by_label("Given name").fill("Adelaide")
    other = page.context.new_page()
    other.goto(f"{clinic.base}/patients/2")
    other.get_by_role("button", name="Lock").click()
    for tab in (page, other):
        expect(tab.locator("#lock")).to_be_visible()
        expect(tab.locator("#main")).to_be_hidden()
    other.reload()
    expect(other.get_by_text("Ben Sample")).to_have_count(0)
    expect(other.get_by_role("button", name="STOP")).to_be_visible()
    unlock(page)
    expect(page.get_by_label("Given name")).to_have_value("Adelaide")
    expect(other.get_by_text("Ben Sample").first).to_be_visible()


def test_a_page_that_did_not_know_covers_itself_when_an_act_is_refused(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    page.get_by_role("button", name="Treat", exact=False).click()
    expect(page.get_by_role("button", name="Both match")).to_be_enabled()
    lock = "from django.utils import timezone; from opentraction.clinic.models import Seat"
    clinic._django("shell", "-c", f"{lock}; Seat.objects.update(locked_at=timezone.now())")
    page.get_by_role("button", name="Both match").click()
    expect(page.locator("#lock")).to_be_visible()
    expect(page.locator(".who")).to_be_hidden()
    unlock(page)
    expect(page.locator("#lock")).to_be_hidden()
