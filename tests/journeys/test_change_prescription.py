"""A clinician amends, signs and changes a treatment under way in a real browser; the page follows, the record tells."""

from __future__ import annotations

import io

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic, eventually
from tests.journeys.test_console import FINE, QUICK, force, prepare, sign_in, until_hold, write_prescription

pytestmark = pytest.mark.alone
RUNNING = {"hold.time": "12 s", "rest.time": "6 s", "session.cycles": "8", "session.length": "5 min"}


@pytest.fixture
def desk(page: Page) -> Page:
    """A second tab of the same clinician."""
    return page.context.new_page()


def write_gentler(desk: Page, clinic: Clinic) -> None:
    """Another clinician signs 150 N for the same patient, elsewhere."""
    desk.goto(f"{clinic.base}/patients/1/prescribe")
    desk.get_by_text("Fine points of the rise").click()
    for key, text in {**QUICK, **FINE, **RUNNING, "forces.high": "150 N", "name": "Gentler"}.items():
        desk.locator(f"[name='{key}']").fill(text)
    expect(desk.locator("#rehearsal")).to_contain_text("150 N")
    desk.get_by_label("Your password, to sign").fill(PASSWORD)
    desk.get_by_role("button", name="Sign: freeze this plan").click()
    expect(desk.locator(".tag.signed")).to_be_visible()


def test_a_prescription_is_changed_under_way(page: Page, desk: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic, **RUNNING)
    prepare(page)
    until_hold(page)
    page.locator("#reduce").click()
    expect(page.locator("#reduced")).to_have_text("reduced to 180 N; signed 200 N")
    page.locator("#change").click()
    expect(page.locator("#said")).to_contain_text("amend it, sign it, then change here")
    expect(page.locator("#change-room")).to_be_hidden()

    write_gentler(desk, clinic)
    expect(page.locator("#phase")).to_have_text("rest", timeout=40_000)
    until_hold(page)  # the boundary is now as far away as it can be
    page.locator("#change").click()
    expect(page.locator("#change-words")).to_contain_text("Gentler, version")
    expect(page.locator("#change-words")).to_contain_text("from the next")
    expect(page.locator("#change-strip svg")).to_be_visible()
    stop = page.locator("#stop").bounding_box()
    page.locator("#change-no").click()
    expect(page.locator("#change-room")).to_be_hidden()
    assert page.locator("#stop").bounding_box() == stop
    before = page.locator("#strip").inner_html()
    page.locator("#change").click()
    signed = clinic.telemetry()["bound"]["plan_sha256"]
    expect(page.locator("#change-yes")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#coming")).to_contain_text("Gentler from the next")
    expect(page.locator("#coming-line")).to_be_visible()
    assert clinic.telemetry()["bound"]["plan_sha256"] != signed
    eventually(lambda: page.locator("#strip").inner_html() != before)  # the plan is fetched beside the telemetry
    strip = page.locator("#strip").inner_html()
    eventually(lambda: clinic.event("operator", "prescription changed at"), patience=40.0)
    expect(page.locator("#coming")).to_be_hidden()
    assert strip == page.locator("#strip").inner_html()
    until_hold(page)
    eventually(lambda: abs(force(page) - 150.0) <= 4.0, patience=15.0)
    expect(page.locator("#reduced")).to_be_hidden()  # 200 N were pulled before; what lies ahead is not reduced
    page.keyboard.press("Space")
    expect(page.locator("#happens")).to_have_text("RELEASING – stop on the console")
    assert eventually(clinic.ending) == "console stop"
    uid = clinic.documents()[0]["uid"]
    eventually(lambda: "/sessions/" in (page.goto(f"{clinic.base}/sessions/{uid}") and page.url))
    expect(page.get_by_text("Changed to Gentler")).to_be_visible()
    report = page.request.get(f"{clinic.base}/sessions/{uid}/report.pdf")
    text = " ".join(pypdf.PdfReader(io.BytesIO(report.body())).pages[0].extract_text().split())
    assert "by clinician" in text
    assert "Gentler" in text
