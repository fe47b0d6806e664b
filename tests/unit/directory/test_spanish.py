"""The public pages of the directory in Spanish, whole, and a patient's way back from them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from opentraction.care.specialists import checks, replies, spoken, taxonomies
from opentraction.clinic import roles
from opentraction.clinic.directory.actions.profiles import Evidence, check_credential, keep_profile
from opentraction.clinic.directory.actions.reviews import invitation
from opentraction.clinic.directory.models import CredentialCheck, Review, Specialist
from opentraction.clinic.directory.templatetags.directory_words import LANGUAGES
from opentraction.clinic.directory.visits import Visit
from opentraction.clinic.models import Patient, PatientAccount
from tests.unit.directory.ground import TODAY, Ground, listing
from tests.unit.directory.test_reviews import NOW
from tests.unit.portal.test_spanish_pages import drawn, untold

SAME = {"Hindi", "Austin TX", "Austin TX 78701", "TEST", "1 Main St", "1 Main St, Austin TX", "ZZ", "No"}


@pytest.fixture
def ann(ground: Ground, clinician: User) -> Specialist:
    one = ground.put(listing("1", "ZZ", "78701", "chiropractor"))[0]
    keep_profile(one, Evidence(years=3, outcomes_n=40, outcomes_better=24, adverse_n=1, refund=True),
                 ["en", "es"], [], by=clinician, now=NOW)  # fmt: skip
    for found in ("in order", "not in order", "could not tell"):
        check_credential(one, "licence", found, "TEST", by=clinician, now=NOW)
    for n, hidden in enumerate(("", *(why for why, _ in Review.HIDDEN))):
        Review.objects.create(specialist=one, visit=f"v{n}", visit_day=TODAY.replace(day=1), stars=4, words="ZZ",
                              written=TODAY, hidden=hidden, reply="talk")  # fmt: skip
    return one


@pytest.mark.parametrize(
    "page", ["", "?near=78701", "?near=Austin", "?near=99999&name=zz", "?near=,", "?name=a", "/{}"]
)
def test_it_says_nothing_in_english(ann: Specialist, page: str) -> None:
    address = "/specialists" + page.format(ann.pk)
    status = 400 if page in {"?near=,", "?name=a"} else 200
    said = {language: drawn(Client(), address, language, status) for language in ("en", "es")}
    assert said["es"]
    assert sorted(one for one in said["en"] & said["es"] if one not in SAME and "clinician" not in one
                  and not one.startswith(("https://", "ZZ"))) == []  # fmt: skip


def test_nor_does_the_form_of_a_review(ann: Specialist) -> None:
    word = invitation(Visit("session:1", TODAY, ann.pk, Patient(number=1)))
    assert untold(Client(), f"/specialists/review/{word}") == []


def test_every_text_of_the_data_is_translated() -> None:
    known = taxonomies()
    texts = [group.name for group in known.groups.values()] + [code.words for code in known.codes.values()]
    texts += [text for check in checks().values() for text in (check.name, check.says, check.where)]
    texts += [*replies().values(), *(why for why, _ in Review.HIDDEN), *(found for found, _ in CredentialCheck.FOUND)]
    texts += LANGUAGES.values()
    assert [text for text in texts if spoken(text, "es") == text and text != "Hindi"] == []
    assert spoken("Chiropractor", "en") == spoken("Chiropractor", "../x") == "Chiropractor"


def test_a_patient_keeps_the_pages_of_the_portal_around_it(ann: Specialist, ada: Patient) -> None:
    own = User.objects.create_user("P-001")
    PatientAccount.objects.create(user=own, patient=ada)
    roles.give(own, roles.PATIENT, ada.clinic)
    browser = Client()
    browser.force_login(own)
    for address in ("/specialists", f"/specialists/{ann.pk}"):
        page = browser.get(address).content.decode()
        assert 'href="/portal/home/"' in page
        assert 'id="lock-now"' not in page


def test_staff_keeps_the_console_around_it(ann: Specialist, clinician: User) -> None:
    browser = Client()
    browser.force_login(clinician)
    assert 'id="lock-now"' in browser.get("/specialists").content.decode()
