"""Journeys in a real Chromium: a clinician treats, with the mouse and without; browsers and servers die."""

from __future__ import annotations

import io
import signal

import pypdf
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import PASSWORD, Clinic, eventually

QUICK = {
    "forces.high": "45 lb",
    "session.cycles": "1",
    "session.length": "",
    "hold.time": "40 s",
    "rest.time": "1 s",
    "rise.time": "3 s",
    "fall.time": "3 s",
}
FINE = {"pretension.rate": "10 N/s", "pretension.hold": "1 s"}

STOP_TEST = {"remote-plug": "#test-plug", "remote-press": "#test-press", "remote-release": "#test-release"}


ASK = """async (acts) => {
    const form = document.getElementById("stop-form"), said = [];
    for (const what of acts) {
        const body = new URLSearchParams(new FormData(form));
        body.set("do", what);
        said.push((await (await fetch(form.action, { method: "POST", body })).json()).ok);
    }
    return said;
}"""
"""What a page's own session can be asked for, past its buttons."""


def sign_in(page: Page, clinic: Clinic) -> None:
    page.goto(clinic.base)
    page.get_by_label("Name").fill("clinician")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Patients")).to_be_visible()


def write_prescription(page: Page, clinic: Clinic, **other: str) -> None:
    """Write, see it rehearsed, sign."""
    page.goto(f"{clinic.base}/patients/1/prescribe")
    page.get_by_text("Fine points of the rise").click()
    for key, text in {**QUICK, **FINE, **other}.items():
        page.locator(f"[name='{key}']").fill(text)
    expect(page.locator("#rehearsal")).to_contain_text("200 N")
    expect(page.locator("#rehearsal svg")).to_be_visible()
    page.get_by_label("Your password, to sign").fill(PASSWORD)
    page.get_by_role("button", name="Sign: freeze this plan").click()
    expect(page.locator(".tag.signed")).to_be_visible()


def prepare(page: Page) -> None:
    """From the signed prescription to the pull."""
    page.get_by_role("button", name="Treat", exact=False).click()
    page.get_by_role("button", name="Both match").click()
    for item in page.locator("[data-do=checklist]").all():
        expect(item).to_be_enabled()
        item.click()
        expect(item).to_have_attribute("aria-pressed", "true")
    page.locator("#simulated summary").click()
    for what, done in STOP_TEST.items():
        page.locator(f"[data-what={what}]").click()
        expect(page.locator(done)).to_have_class("done")
    page.get_by_role("button", name="Arm").click()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    page.get_by_role("button", name="Start").click()


def force(page: Page) -> float:
    """The number that rules the page; NaN while it is a dash."""
    text = page.locator("#force").inner_text().replace("−", "-")
    return float(text) if text != "–" else float("nan")


def until_hold(page: Page) -> None:
    expect(page.locator("#phase")).to_have_text("hold", timeout=40_000)


def test_a_clinician_treats_in_pounds_and_stops_with_the_space_bar(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    page.get_by_role("button", name="pounds").click()
    write_prescription(page, clinic)
    expect(page.locator(".says").first).to_contain_text("45.0 lb (200 N)")
    prepare(page)
    until_hold(page)
    eventually(lambda: abs(force(page) - 45.0) <= 1.0)
    expect(page.locator("#prescribed")).to_have_text("45 lb")
    expect(page.locator("#force-other")).to_contain_text("N)")
    page.locator("[data-do=comfort][data-score='7']").click()
    expect(page.locator("[data-do=comfort][data-score='7']")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Reduce 10 %").click()
    expect(page.locator("#reduced")).to_have_text("reduced to 40 lb; signed 45 lb", timeout=5_000)
    expect(page.locator("#prescribed-label")).to_have_text("asked now")
    expect(page.locator("#reduced-line")).to_be_visible()
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Space")
    expect(page.locator("#happens")).to_have_text("RELEASING – stop on the console")
    eventually(lambda: force(page) < 40.0, patience=2.0)
    eventually(lambda: force(page) < 5.0, patience=6.0)
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    assert eventually(clinic.ending) == "console stop"
    assert clinic.event("phase", "pause release") is None
    eventually(lambda: _opened(page, clinic))
    expect(page.locator(".notice strong")).to_have_text("Console stop")
    expect(page.locator("figure svg:visible")).to_have_count(1)
    expect(page.get_by_text("7 of 10", exact=True)).to_be_visible()
    link = page.get_by_role("link", name="Open the report").get_attribute("href")
    report = page.request.get(f"{clinic.base}{link}")
    text = pypdf.PdfReader(io.BytesIO(report.body())).pages[0].extract_text()
    assert "Ada Example" in text
    assert "console stop" in text.lower()
    recording = (clinic.data / "recordings").rglob("*")
    assert all(b"Example" not in file.read_bytes() for file in recording if file.is_file())


def _opened(page: Page, clinic: Clinic) -> bool:
    """The session's page, once the last second is on disk."""
    uid = clinic.documents()[0]["uid"]
    page.goto(f"{clinic.base}/sessions/{uid}")
    return "/sessions/" in page.url


class Keyboard:
    """A clinician without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Tab until the focus is on what is meant."""
        for _ in range(120):
            if self.page.evaluate("s => !!document.activeElement && document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the Tab key")

    def press(self, selector: str) -> None:
        """Go there and press Enter, once it can be pressed."""
        expect(self.page.locator(selector).first).to_be_enabled()
        self.to(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        """Replace what stands in a field."""
        self.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def start_a_treatment(self) -> None:
        """From a patient's page: begun, bound, checked, the stops tested, armed, started."""
        self.press("form[action='/treatments/begin'] button")
        self.press("[data-do=bind]")
        for item in self.page.locator("[data-do=checklist]").all():
            expect(item).to_be_enabled()
            self.to(f"[data-item={item.get_attribute('data-item')}]")
            expect(self.page.locator("body:not(.stale)")).to_be_visible()  # on a page gone grey Space stops
            self.page.keyboard.press("Space")
            expect(item).to_have_attribute("aria-pressed", "true")
        self.to("#simulated summary")
        self.page.keyboard.press("Enter")
        for what, done in STOP_TEST.items():
            self.press(f"[data-what={what}]")
            expect(self.page.locator(done)).to_have_class("done")
        self.press("[data-do=arm]")
        expect(self.page.locator("[data-do=start]")).to_be_focused()
        self.page.keyboard.press("Enter")


def test_the_same_with_the_keyboard_alone(page: Page, clinic: Clinic) -> None:
    keys = Keyboard(page)
    page.goto(clinic.base)
    keys.write("#id_username", "clinician")
    keys.write("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    keys.press("a[href='/patients/1']")
    keys.press("a[href='/patients/1/prescribe']")
    page.wait_for_url("**/prescribe")
    for key, text in QUICK.items():
        keys.write(f"[name='{key}']", text)
    expect(page.locator("#rehearsal")).to_contain_text("200 N")
    keys.write("#password", PASSWORD)
    keys.press("#sign")
    keys.start_a_treatment()
    expect(page.locator("#pause")).to_be_focused()
    assert clinic.event("operator", "stop") is None
    until_hold(page)
    eventually(lambda: force(page) > 190.0)
    page.keyboard.press("Space")
    eventually(lambda: force(page) < 20.0, patience=6.0)
    assert eventually(clinic.ending) == "console stop"


def test_a_closed_tab_alarms_at_3_s_and_releases_at_15_s(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    closed = clinic.telemetry()["t"]
    page.close()
    alarm = eventually(lambda: clinic.event("alarm", "Console link lost"), patience=8.0)
    release = eventually(lambda: clinic.event("phase", "console release"), patience=20.0)
    # The last lease left up to a second before the tab closed.
    assert 1.5 <= alarm["t"] - closed <= 3.7
    assert 13.5 <= release["t"] - closed <= 15.7
    assert abs(release["t"] - alarm["t"] - 12.0) <= 0.5
    assert eventually(clinic.ending) == "console stop"


def test_a_killed_web_server_changes_nothing_on_the_table(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic, **{"hold.time": "20 s"})
    prepare(page)
    until_hold(page)
    clinic.web.send_signal(signal.SIGKILL)
    clinic.web.wait()
    expect(page.get_by_text("Console unreachable. The table may still be pulling.")).to_be_visible()
    expect(page.get_by_text("The table does not answer.")).to_be_hidden()
    for name in ("Pause", "Reduce 10 %", "7"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    expect(page.locator("#force")).to_have_text("–", timeout=4_000)
    assert clinic.telemetry()["phase"] == "hold"
    assert eventually(clinic.ending, patience=60.0) == "completed"
    clinic.web = clinic.start_web()
    expect(page.get_by_text("Console unreachable.")).to_be_hidden()
    expect(page.locator("#table-state")).to_have_text("table connected")
    eventually(lambda: _opened(page, clinic))
    expect(page.locator(".notice strong")).to_have_text("Completed")


def test_signing_out_in_another_tab_blanks_the_page_and_ends_its_lease(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    other = page.context.new_page()
    other.goto(f"{clinic.base}/patients")
    third = page.context.new_page()
    third.goto(f"{clinic.base}/patients/1")
    expect(third.get_by_text("P-001").first).to_be_visible()
    out = clinic.telemetry()["t"]
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible(timeout=2_500)
    gone = clinic.telemetry()["t"]  # its last lease was left before this
    expect(third.get_by_label("Password")).to_be_visible(timeout=3_000)
    expect(page.locator("#force")).to_be_hidden()
    expect(page.get_by_text("Patient P-001")).to_be_hidden()
    alarm = eventually(lambda: clinic.event("alarm", "Console link lost"), patience=8.0)
    assert alarm["t"] - out >= 1.5
    assert alarm["t"] - gone <= 3.5
    sign_in(other, clinic)
    expect(page.locator("#phase")).to_have_text("hold", timeout=5_000)
    eventually(lambda: clinic.event("alarm", "Console link lost (over)"), patience=5.0)
    page.keyboard.press("Space")
    assert eventually(clinic.ending) == "console stop"


def test_a_page_of_an_older_session_changes_nothing_and_still_stops(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/patients/2")
    page.get_by_role("button", name="Treat").click()
    page.get_by_role("button", name="Both match").click()
    expect(page.locator("[data-do=checklist]").first).to_be_enabled()
    stale = page.context.new_page()
    stale.goto(page.url)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    expect(stale.get_by_text("This session is over.")).to_be_visible()
    for name in ("Both match", "Arm", "Start"):
        expect(stale.get_by_role("button", name=name)).to_be_hidden()
    for name in ("Pause", "Reduce"):
        expect(stale.get_by_role("button", name=name)).to_be_disabled()
    said = stale.evaluate(ASK, ["arm", "start", "pause", "resume", "unbind", "lease", "acknowledge"])
    assert said == [False] * 7
    assert clinic.telemetry()["phase"] == "hold"
    stale.keyboard.press("Space")
    assert eventually(clinic.ending) == "console stop"


def test_stale_numbers_grey_and_then_go(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/patients/2")
    page.get_by_role("button", name="Treat").click()
    expect(page.locator("#table-kind")).to_have_text("simulated table")
    expect(page.locator("#age")).to_be_hidden()
    clinic.table.send_signal(signal.SIGSTOP)
    expect(page.locator("body.stale #age")).to_be_visible(timeout=1_000)
    expect(page.locator("#force")).to_have_text("–", timeout=3_000)
    clinic.table.send_signal(signal.SIGCONT)
    expect(page.locator("#age")).to_be_hidden(timeout=5_000)
    assert page.locator("#force").inner_text() != "–"
