"""A link that only works on this machine says so, wherever one is handed over."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from opentraction.clinic.models import Patient

pytestmark = pytest.mark.django_db
SAYS = "This address works on this machine only."


@pytest.mark.parametrize(("host", "warns"), [("127.0.0.1:8000", True), ("localhost", True), ("testserver", False)])
def test_the_links_of_consent_and_portal_warn_as_that_of_the_intake(
    ada: Patient, clinician: User, host: str, warns: bool
) -> None:
    browser = Client()
    browser.force_login(clinician)
    for address, sent in ((f"/patients/{ada.pk}/consent/link", {"region": "lumbar", "language": "en"}),
                          (f"/patients/{ada.pk}/portal/invite", {})):  # fmt: skip
        page = browser.post(address, sent, headers={"host": host})
        assert page.status_code == 200, (address, page.status_code)
        assert (SAYS in page.content.decode()) is warns
