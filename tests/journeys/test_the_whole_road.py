"""The whole road, from a clinic that knows nobody: a new patient to the invoice, and a red flag to the letter.

Every step is a page that somebody of that role opens in a real Chromium, on the clinic's tablet or a phone; behind the
scenes there are four sign-ins and nothing else. What a whole day would be is a session of half a minute.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from opentraction.app.plans import read_plan
from opentraction.clinic import access
from tests.clearing import binding_of, clearance
from tests.journeys.clinic_process import PASSWORD, Clinic, eventually
from tests.journeys.test_consent import answer, witness
from tests.journeys.test_consent import sign as sign_the_consent
from tests.journeys.test_console import FINE, QUICK, prepare
from tests.journeys.test_intake import about_you, calmly, calmly_today, come_in, mark_the_leg
from tests.journeys.test_portal import choose
from tests.specimens import urls
from tests.table_client import ROOT, TableClient

PHONE, TABLET = (390, 844), (1180, 820)
PEOPLE = {"desk": "front-desk", "therapist": "therapist", "clinician": "clinician", "manager": "administrator"}
USERS = """
from django.contrib.auth.models import User
from opentraction.clinic import roles
for name, role in %r.items():
    roles.give(User.objects.create_user(name, password=%r), role)
"""
BORN = "1980-06-01"
OWN = "four words for a stretch"
GRAVE = {"serious", "critical"}
SHORT = {**QUICK, **FINE, "hold.time": "20 s"}
"""Half a minute, the least that may be written."""
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Road:
    """A clinic, and a browser for each person, made when they first come."""

    def __init__(self, browser: Browser, clinic: Clinic) -> None:
        self.browser, self.clinic, self.base = browser, clinic, clinic.base
        self.pages: dict[str, Page] = {}
        self.troubles: list[str] = []

    def page(self, who: str, size: tuple[int, int]) -> Page:
        """The page of somebody; scripts may not fail on it."""
        if who not in self.pages:
            context = self.browser.new_context(
                viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, timezone_id="UTC"
            )
            self.pages[who] = context.new_page()
            self.pages[who].set_default_timeout(30_000)
            self.pages[who].on("pageerror", lambda error: self.troubles.append(str(error)))
        return self.pages[who]

    def staff(self, who: str, where: str) -> Page:
        """Somebody of the clinic at an address, signed in."""
        new, page = who not in self.pages, self.page(who, TABLET)
        page.goto(f"{self.base}{where}")
        if new:
            page.get_by_label("Name").fill(who)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"**{where}")
        return page

    def paper(self, page: Page, link: str) -> str:
        """The words of the PDF behind a link of the open page."""
        href = page.get_by_role("link", name=link).first.get_attribute("href")
        got = page.request.get(f"{self.base}{href}")
        assert got.headers["content-type"] == "application/pdf", f"{link}: {got.status}"
        sheets = pypdf.PdfReader(io.BytesIO(got.body())).pages
        return " ".join(" ".join(one.extract_text() for one in sheets).split())


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    one = Clinic(Path(tmp_path_factory.mktemp("road")) / "data", demo=False)
    one._django("shell", "-c", USERS % (PEOPLE, PASSWORD))
    try:
        yield one
    finally:
        one.close()


@pytest.fixture
def road(browser: Browser, clinic: Clinic) -> Iterator[Road]:
    one = Road(browser, clinic)
    yield one
    for page in one.pages.values():
        page.context.close()
    assert one.troubles == []


def sound(page: Page) -> None:
    """Nothing serious by axe, nothing wider than the screen."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in GRAVE] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def test_from_a_stranger_to_an_invoice(road: Road) -> None:
    the_clinic_opens(road)
    patient = registered(road, "Rosa")
    answered_on_a_phone(road, patient)
    examined(road, patient)
    consented(road, patient)
    planned(road, patient)
    booked(road, patient)
    asked_before(road, patient)
    treated(road, patient)
    asked_after(road, patient)
    advised(road, patient)
    at_home(road, patient)
    billed(road, patient)
    for step in road.staff("clinician", patient).locator(".road li").all():
        assert "stop" not in (step.get_attribute("class") or ""), step.inner_text()


def the_clinic_opens(road: Road) -> None:
    """Hours, a table and somebody who treats; books and prices."""
    page = road.staff("manager", "/agenda/hours")
    for day in EVERY_DAY:
        page.locator(f"#{day}").fill("8:00-18:00")
    page.get_by_role("button", name="Save the hours").click()
    for kind, name in (("table", "Table 1"), ("staff", "Nora")):
        page.goto(f"{road.base}/agenda/resources")
        page.get_by_label("Kind").select_option(kind)
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("td", has_text=name).first).to_be_visible()
    desk = road.staff("desk", "/money/prices")
    desk.get_by_role("button", name="Keep as version 1").click()
    expect(desk.get_by_text("Version 1 is in force")).to_be_visible()


def registered(road: Road, name: str) -> str:
    """By the front desk, which sees nothing clinical; the address of the patient's page."""
    page = road.staff("desk", "/patients")
    page.get_by_role("link", name="Add a patient").click()
    page.get_by_label("Given name").fill(name)
    page.get_by_label("Family name").fill("Road")
    page.get_by_label("Birth date").fill(BORN)
    page.locator("#sex").select_option("male")
    page.get_by_label("Body mass").fill("80 kg")
    page.get_by_label("Height").fill("1.80 m")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/patients/\d+$"))
    sound(page)
    return page.url.removeprefix(road.base)


def link_for(road: Road, patient: str) -> str:
    """The therapist begins the intake and makes the link for the phone."""
    page = road.staff("therapist", f"{patient}/intake")
    page.get_by_role("button", name="Begin the intake").click()
    page.wait_for_url("**/pages/you")
    page.goto(f"{road.base}{patient}/intake")
    page.get_by_role("button", name="Let the patient answer").click()
    return page.get_by_label("Address").input_value()


def answered_on_a_phone(road: Road, patient: str) -> None:
    phone = road.page("patient", PHONE)
    come_in(phone, link_for(road, patient), "English", "Begin")
    sound(phone)
    about_you(phone, "Next")
    mark_the_leg(phone)
    phone.get_by_role("button", name="Next").last.click()
    phone.wait_for_url("**/pain-2")
    calmly(phone, "/end")
    expect(phone.get_by_role("heading", name="Thank you.")).to_be_visible()


def examined(road: Road, patient: str) -> None:
    page = road.staff("clinician", f"{patient}/intake")
    page.get_by_role("link", name="Go on", exact=True).click()
    calmly(page, "/review")
    page.get_by_role("button", name="Screen now").click()
    expect(page.locator(".verdict .said-word")).to_have_text("OK")
    expect(page.get_by_role("link", name="Letter: ")).to_be_visible()


def consented(road: Road, patient: str) -> None:
    """Read and signed on the patient's phone, witnessed by the therapist."""
    page, phone = road.staff("therapist", f"{patient}/consent"), road.page("patient", PHONE)
    page.get_by_role("button", name="Link for the patient's phone").click()
    phone.goto(page.locator(".address").inner_text())
    phone.get_by_label("Your birth date").fill(BORN)
    phone.get_by_role("button", name="Open").click()
    phone.get_by_role("button", name="I have read this").click()
    for right in ("Yes, with the remote", "No, that is not shown", "Go to an emergency department"):
        answer(phone, right)
    for one in phone.locator("fieldset").all():
        one.get_by_label("No").check()
    phone.get_by_role("button", name="Go on").click()
    sign_the_consent(phone)
    page.goto(f"{road.base}{patient}/consent")
    witness(page.locator("section", has=page.get_by_role("heading", name="Low back")))
    assert "Ada Example" in road.paper(page, "PDF")


def planned(road: Road, patient: str) -> None:
    """Written, rehearsed, signed; and a course, so that what comes next can be advised."""
    page = road.staff("clinician", f"{patient}/prescribe")
    page.get_by_text("Fine points of the rise").click()
    for key, text in SHORT.items():
        page.locator(f"[name='{key}']").fill(text)
    expect(page.locator("#rehearsal")).to_contain_text("200 N")
    page.get_by_label("Your password, to sign").fill(PASSWORD)
    page.get_by_role("button", name="Sign: freeze this plan").click()
    expect(page.locator(".tag.signed")).to_be_visible()
    page.goto(f"{road.base}{patient}/course/write")
    page.get_by_role("button", name="Begin the course").click()
    expect(page.get_by_role("heading", name="Calendar")).to_be_visible()


def booked(road: Road, patient: str) -> None:
    page = road.staff("desk", "/agenda/book")
    page.get_by_label("Name or pseudonym").fill("road")
    page.get_by_role("button", name="Find").click()
    page.locator(f"a[href$='patient={patient.rsplit('/', 1)[1]}']").click()
    page.get_by_role("link", name="Book the course").click()
    page.get_by_label("At most").fill("3")
    page.get_by_role("button", name="Find times").click()
    page.get_by_role("button", name="Book 3 sessions").click()
    expect(page.get_by_text("3 sessions booked.")).to_be_visible()


def asked_before(road: Road, patient: str) -> None:
    """The score before the first pull, and the six questions of the day."""
    page = road.staff("therapist", f"{patient}/outcomes/nprs_back")
    hand_in_pain(page, "6")
    page.goto(f"{road.base}{patient}/visit-check")
    calmly_today(page)
    expect(page.get_by_text("Nothing speaks against a session today.")).to_be_visible()


def hand_in_pain(page: Page, score: str) -> None:
    for name in page.locator("main input[type=radio][value='0']").evaluate_all("all => all.map(one => one.name)"):
        page.locator(f"input[name={name}][value='{score}']").check(force=True)
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(f"{score} of 10")


def treated(road: Road, patient: str) -> None:
    """Bound, strapped, armed, pulled to the end of the plan, and the report."""
    page = road.staff("therapist", patient)
    prepare(page)
    expect(page.locator("#phase")).to_have_text("hold", timeout=40_000)
    sound(page)
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible(timeout=60_000)
    assert eventually(road.clinic.ending) == "completed"
    page.locator("#unbind").click()
    expect(page.locator("#phase")).to_have_text("not bound")
    page.get_by_role("link", name="Open the session").click()
    expect(page.locator(".notice strong")).to_have_text("Completed")
    page.locator("main [name=score][value='9'], main button:text-is('9')").first.click()
    assert "Rosa Road" in road.paper(page, "Open the report")


def asked_after(road: Road, patient: str) -> None:
    """What the patient says of the pull."""
    page = road.staff("therapist", f"{patient}/outcomes")
    page.get_by_role("link", name="Ask about session 1").click()
    after = page.locator("section", has=page.locator("input[value=after][name=moment]"))
    for name in ("spine", "limb"):
        after.locator(f"input[name={name}][value='4']").check(force=True)
    for name in ("peripheralised", "new_distal", "dizzy"):
        if after.locator(f"input[name={name}]").count():
            after.locator(f"input[name={name}][value=no]").check(force=True)
    after.get_by_role("button", name="Write down").click()
    page.goto(f"{road.base}{patient}/outcomes")
    expect(page.locator("main")).to_contain_text("1")
    sound(page)


def advised(road: Road, patient: str) -> None:
    page = road.staff("clinician", f"{patient}/course")
    expect(page.locator(".advice")).to_contain_text("Session 2")
    expect(page.locator(".advice .why li").first).to_be_visible()
    sound(page)


def at_home(road: Road, patient: str) -> None:
    """Ordered, invited, joined on the phone, one stretch with its timer from the first second to the last."""
    page = road.staff("clinician", f"{patient}/home/order")
    page.get_by_role("button", name="Order it").click()
    page.goto(f"{road.base}{patient}/home/questions")
    for one in page.locator("main input[type=radio][value=no]").all():
        one.check(force=True)
    page.get_by_role("button", name="Keep the answers").click()
    page = road.staff("clinician", f"{patient}/portal")
    page.get_by_role("button", name="Give access").click()
    phone = road.page("patient", PHONE)
    phone.goto(page.get_by_label("Address").input_value())
    phone.get_by_label("Your birth date").fill(BORN)
    phone.get_by_label("A password of your own").fill(OWN)
    phone.get_by_label("The same once more").fill(OWN)
    phone.get_by_role("button", name="Open my pages").click()
    expect(phone.get_by_role("heading", name="Hello Rosa")).to_be_visible()
    sound(phone)
    exercised(road, phone)
    page.goto(f"{road.base}{patient}/home")
    expect(page.locator("table.log tbody tr").first).to_contain_text("4 → 3")


def exercised(road: Road, phone: Page) -> None:
    now = datetime.now(UTC)
    phone.clock.install(time=now)
    phone.goto(f"{road.base}/portal/home/")
    expect(phone.get_by_role("heading", name="Your exercises today")).to_be_visible()
    phone.clock.pause_at(now + timedelta(minutes=1))
    phone.locator("a.card", has_text="Breathe and brace").click()
    choose(phone, "Pain now, before you start", "4")
    phone.get_by_role("button", name="Start").click()
    expect(phone.get_by_text("Get ready")).to_be_visible()
    phone.clock.run_for(5100)
    expect(phone.get_by_text("Step 1 of")).to_be_visible()
    for _ in range(20):  # minute by minute, to the end of the timer
        if phone.get_by_text("Well done.").count():
            break
        phone.clock.run_for(60_000)
    for question, words in (("Pain now, after it", "3"), ("Your leg, since you started", "No trouble")):
        choose(phone, question, words)
    choose(phone, "Were you dizzy?", "No")
    phone.get_by_role("button", name="Save").click()
    phone.clock.run_for(200)
    expect(phone.get_by_text("All sent to your clinic.")).to_be_visible()


def billed(road: Road, patient: str) -> None:
    page = road.staff("desk", f"{patient}/bills/invoice")
    expect(page.locator("main")).to_contain_text("Sessions given")
    page.get_by_role("button", name="Show the sum").click()
    expect(page.locator(".result .much")).to_be_visible()
    page.get_by_role("button", name="Issue the invoice").click()
    number = page.get_by_role("heading", level=1).inner_text().removeprefix("Invoice ")
    words = road.paper(page, "Invoice (PDF)")
    assert number in words
    assert "Rosa Road" in words
    sound(page)


def test_red_flags_end_at_the_letter_and_reach_the_table_by_no_way(road: Road) -> None:
    patient = registered(road, "Redda")
    prescription = signed_before(road, patient)
    red_answers(road, patient)
    letter_opened(road, patient)
    nothing_is_offered(road, patient, prescription)
    before = sessions_of(road)
    for who in ("clinician", "therapist"):
        every_address(road, who, patient, prescription)
    by_the_socket(road)
    by_the_command(road)
    assert sessions_of(road) == before
    told = road.clinic.telemetry()
    assert (told["bound"], told["phase"]) == (None, "idle")
    page = road.staff("clinician", patient)
    expect(page.get_by_text("No sessions yet.")).to_be_visible()
    expect(page.locator(".road li.stop").first).to_contain_text("Intake")


def sessions_of(road: Road) -> list[str]:
    """Every recording there is."""
    return sorted(path.name for path in road.clinic.data.glob("recordings/*"))


def red_answers(road: Road, patient: str) -> None:
    """Trouble with the bladder and a numb seat, told on the phone: the page says hospital, and asks no more."""
    link = link_for(road, patient)
    phone = road.page("red", PHONE)
    come_in(phone, link, "English", "Begin")
    about_you(phone, "Next")
    phone.goto(phone.url.rsplit("/", 1)[0] + "/danger_signs-1")
    for key in ("bladder_bowel", "saddle_numb"):
        phone.locator(f"#q-{key} [value=yes]").check()
    phone.locator("#q-both_legs [value=no]").check()
    phone.locator("#q-limb_weakness [value=none]").check()
    phone.get_by_role("button", name="Next").last.click()
    expect(phone.get_by_role("heading", name="Go to hospital now")).to_be_visible()
    sound(phone)


def letter_opened(road: Road, patient: str) -> None:
    page = road.staff("clinician", "/patients")
    page.get_by_role("alert").get_by_role("link", name="Redda Road").click()
    expect(page.locator(".verdict .said-word")).to_have_text("EMERGENCY")
    sound(page)
    words = road.paper(page, "Letter: Emergency department")
    for said in ("Emergency referral, now", "Redda Road", "cauda equina"):
        assert said in words
    assert page.get_by_text("Override this verdict").count() == 0


def signed_before(road: Road, patient: str) -> str:
    """A plan signed before she answered: nothing but the verdict stands between her and the table's gate."""
    page = road.staff("clinician", f"{patient}/prescribe")
    page.get_by_text("Fine points of the rise").click()
    for key, text in SHORT.items():
        page.locator(f"[name='{key}']").fill(text)
    expect(page.locator("#rehearsal")).to_contain_text("200 N")
    page.get_by_label("Your password, to sign").fill(PASSWORD)
    page.get_by_role("button", name="Sign: freeze this plan").click()
    expect(page.locator(".tag.signed")).to_be_visible()
    return newest_prescription(road, patient)


def nothing_is_offered(road: Road, patient: str, prescription: str) -> None:
    """No page offers to treat her, and nobody signs another plan."""
    for where in (patient, f"/prescriptions/{prescription}"):
        page = road.staff("clinician", where)
        expect(page.locator("main").get_by_role("alert")).to_contain_text("Act on it now")
        assert page.get_by_role("button", name="Treat").count() == 0
        sound(page)
    page = road.staff("clinician", f"{patient}/prescribe")
    expect(page.get_by_text("Nobody signs a plan while an emergency stands.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign: freeze this plan")).to_be_disabled()
    sound(page)


def newest_prescription(road: Road, patient: str) -> str:
    page = road.staff("clinician", patient)
    return str(page.locator("#prescriptions a.row-link").first.get_attribute("href")).rsplit("/", 1)[1]


def every_address(road: Road, who: str, patient: str, prescription: str) -> None:
    """Each address there is, asked and told to pull her, with whatever a form could carry; none opens the table."""
    page = road.staff(who, "/patients")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    number, mine = patient.rsplit("/", 1)[1], "00000000-0000-4000-8000-00000000000d"
    words = {"csrfmiddlewaretoken": token, "prescription": prescription, "patient": number, "session": mine} | {
        "identity": "confirmed", "password": PASSWORD, "region": "lumbar", "reason": "She wants it all the same, now.",
        "why": "She wants it.", "override": "yes", "action": "OK", "verdict": "OK", "begin": "yes", "confirm": "yes",
    }  # fmt: skip
    for name, where in addresses(road, {number, prescription}, mine):
        near = name.startswith(NEAR)
        if access.needed(name, "get") and near:
            assert page.request.get(where, max_redirects=0).status < 500, where
        if access.needed(name, "post") and (near or who == "clinician"):
            for do in ("bind", "arm", "start") if name == "table-act" else ("take",):
                got = page.request.post(where, form={**words, "do": do}, headers={"Referer": where}, max_redirects=0)
                assert got.status < 500, where
                assert "/treatments/" not in got.headers.get("location", ""), where
                assert name != "begin" or "The screening says" in got.text(), got.status
    assert road.clinic.telemetry()["bound"] is None


NEAR = ("begin", "treatment", "change", "plan", "table-act", "table-history", "table-alarms", "prescri",
        "amend", "rehearse", "comfort", "session", "courses:", "agenda:", "intake:", "consents:",
        "outcomes:session")  # fmt: skip
"""What has to do with a pull: asked and told by both; of the rest the clinician is told everything there is."""
ELSEWHERE = {"sign-out", "sign-in", "sign-in-code", "seat", "unlock", "account", "second-factor", "consents:tablet"}
"""These would only end or lock the sign-in that asks."""


def addresses(road: Road, numbers: set[str], session: str) -> Iterator[tuple[str, str]]:
    """Every address of the console, with her numbers in it."""
    for name, pattern in urls():
        kinds = {word: type(one).__name__ for word, one in pattern.pattern.converters.items()}
        for pk in sorted(numbers) if "IntConverter" in kinds.values() else ["0"]:
            known = {"IntConverter": int(pk), "UUIDConverter": session}
            filled = {word: known.get(kind, "nothing") for word, kind in kinds.items()}
            if name not in ELSEWHERE:
                yield name, road.base + reverse(name, kwargs=filled)


def by_the_socket(road: Road) -> None:
    """The table asks for itself: no clearance, an emergency, an emergency that somebody would override."""
    line = TableClient(road.clinic.socket)
    plan, person = read_plan(ROOT / "examples" / "prescription.toml", ROOT / "examples" / "patient.toml", 1)
    forged: tuple[dict[str, Any] | None, ...] = (
        None,
        clearance(plan, action="EMERGENCY", screened="EMERGENCY"),
        clearance(plan, action="CAUTION", screened="EMERGENCY", overridden_by="clinician", override_sha256="0" * 64),
        clearance(plan, action="OK", screened="EMERGENCY"),
    )
    try:
        for one in forged:
            said = line.ask("bind", **(binding_of(plan, person) | {"clearance": one}), operator="clinician")
            assert not said["ok"], said
            assert "clearance" in said["why"] or "screen" in said["why"], said
    finally:
        line.close()


def by_the_command(road: Road) -> None:
    """`opentraction treat --intake` with her answers pulls nothing, writes nothing, and says why."""
    folder = road.clinic.data.parent
    intake = (ROOT / "examples" / "intake.toml").read_text("utf-8")
    red = intake.replace('bladder_bowel = "no"', 'bladder_bowel = "yes"').replace(
        'saddle_numb = "no"', 'saddle_numb = "yes"'
    )
    (folder / "red.toml").write_text(red, "utf-8")
    words = ["treat", "examples/prescription.toml", "--patient", "examples/patient.toml", "--out", str(folder / "out")]
    told = subprocess.run(
        [sys.executable, "-m", "opentraction", *words, "--intake", str(folder / "red.toml")],
        env=road.clinic.environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 4, told.stderr
    assert "hospital" in (told.stdout + told.stderr).lower()
    assert not (folder / "out").exists()
