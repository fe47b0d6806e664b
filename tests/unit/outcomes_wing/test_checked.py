"""What the check of the day holds is shown beside the session that followed it, and beside no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic.intake.models import VisitCheckRow
from opentraction.clinic.models import Patient, TreatmentSession
from opentraction.clinic.outcomes.checked import checked_before

pytestmark = pytest.mark.django_db


def check(ada: Patient, by: User, hours_before: float, pain: int | None) -> None:
    VisitCheckRow.objects.create(
        patient=ada, region="lumbar", action="OK", pain=pain, by=by, canonical="{}", sha256="",
        at=timezone.now() - timedelta(hours=hours_before),
    )  # fmt: skip


def test_the_newest_check_of_the_same_visit_is_told(ada: Patient, session: TreatmentSession, clinician: User) -> None:
    session.started = session.ended = timezone.now()
    session.ending = "completed"
    session.save()
    before = checked_before([session])
    check(ada, clinician, 40, 9)
    assert checked_before([session]) == before
    check(ada, clinician, 0.1, 5)
    assert checked_before([session]) == {str(session.pk): 5}
    check(ada, clinician, 0.05, None)
    assert checked_before([session]) == {str(session.pk): 5}
    assert checked_before([]) == {}
    browser = Client()
    browser.force_login(clinician)
    page = browser.get(session.get_absolute_url()).content.decode()
    assert "pain 5 of 10" in page
    assert "from the check of the day" in page
