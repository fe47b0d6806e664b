"""An emergency is recorded while the table pulls: said on the treatment page, let go, nothing brought back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic, eventually
from tests.journeys.test_console import force, prepare, sign_in, until_hold, write_prescription

ON_THE_PHONE = """
from django.contrib.auth.models import User
from django.utils import timezone
from opentraction import screening
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.models import Patient
patient = Patient.objects.get(number=1)
now, by_id = timezone.now(), screening.intake_questions().by_id
told = {key: screening.read_answer(by_id[key], "yes") for key in ("bladder_bowel", "saddle_numb")}
intake = intakes.begin(patient, "lumbar", by=User.objects.get(username="clinician"), now=now)
intakes.answer(intake, set(told), told, {}, "", by=None, now=now)
"""
"""Two answers that screen at once, whatever else is still to be filled in."""


def test_the_pull_is_let_go_and_the_page_says_why(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    expect(page.locator("#withdrawn")).to_be_hidden()
    clinic._django("shell", "-c", ON_THE_PHONE)
    expect(page.locator("#withdrawn")).to_be_visible(timeout=15_000)
    expect(page.locator("#withdrawn-kind")).to_have_text("not cleared any more")
    expect(page.locator("#withdrawn-words")).to_have_text(
        re.compile(
            r"^The screening of the low back says emergency: to a hospital now\. Open its verdict\. \(\d\d:\d\d UTC\)$"
        )
    )
    expect(page.locator("#phase")).to_have_text("paused", timeout=15_000)
    eventually(lambda: force(page) < 40.0, patience=6.0)
    expect(page.get_by_role("button", name="Resume")).to_be_disabled()
    page.get_by_role("button", name="I have seen it").click()
    page.keyboard.press("Space")
    assert eventually(clinic.ending) == "console stop"
    note = clinic.event("note", "no longer cleared")
    assert note is not None
    assert note["data"]["by"] == "the clinic's record"
    assert clinic.event("operator", "no longer cleared seen") is not None
