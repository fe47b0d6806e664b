"""Role x address x method: what `access.toml` grants is granted, and nothing else is, to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from opentraction.clinic import access, roles
from opentraction.clinic.models import AuditRow, Patient, PatientAccount, TreatmentSession
from tests.api_ground import with_key
from tests.clinic_ground import another_clinic, user_with
from tests.page_words import words_of
from tests.specimens import API, Ground, address, every_url
from tests.table_client import ROOT

pytestmark = pytest.mark.django_db
REFUSED = {403, 404}
TAKES_NO_MORE = {"prescription"}
"""What is signed takes no words, so a post to it is 405 whoever asks."""
OF_NO_CLINIC = ("directory:", "api:specialist")
"""Public, or kept together for the whole installation."""
NAMES = [name for name, _ in every_url()]
ANY_METHOD = [*access.METHODS, "put", "delete", "patch", "options"]


@pytest.fixture
def ground(session: TreatmentSession) -> Ground:
    return Ground(session.patient, session)


def browser_of(user: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


def caller_of(user: User, name: str) -> Client:
    """A browser, or for the API a program that shows a key with all that its owner may."""
    return with_key(user) if name.startswith(API) else browser_of(user)


def patient_user(patient: Patient) -> User:
    user = user_with(roles.PATIENT, patient.clinic)
    PatientAccount.objects.create(user=user, patient=patient)
    return user


def ask(browser: Client, method: str, where: str) -> Any:
    if method == "post" and "/api/" in where:
        return browser.post(where, {}, content_type="application/json")
    return getattr(browser, method)(where, {} if method in access.METHODS else None)


def test_every_address_stands_in_the_table_and_the_table_holds_no_other() -> None:
    assert None not in {pattern.name for _, pattern in every_url()}
    assert sorted(access.table()) == sorted(NAMES)


def test_an_address_that_stands_nowhere_is_closed_to_everybody(
    clinician: User, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {name: needs for name, needs in access.table().items() if name != "patient"}
    monkeypatch.setattr(access, "table", lambda: without)
    assert browser_of(clinician).get(address("patient", ground)).status_code == 403


@pytest.mark.parametrize("role", roles.ROLES)
def test_the_matrix(role: str, ground: Ground) -> None:
    """Each address with each method: granted is never 403 or 405, refused is never answered."""
    user = patient_user(ground.patient) if role == roles.PATIENT else user_with(role, ground.patient.clinic)
    for name in NAMES:
        if name == "sign-out":
            continue
        for method in ANY_METHOD:
            browser, need = caller_of(user, name), access.needed(name, method)
            status = ask(browser, method, address(name, ground)).status_code
            asked = f"{role} {method} {name}: {status}"
            if role == roles.PATIENT and name.startswith(API):
                assert status in {401, 429}, asked  # a patient has no key
            elif need is None:
                assert status == 405, asked
            elif need in roles.ACTS and need not in roles.MAY[role]:
                assert status in REFUSED, asked
            elif need != access.ITSELF:
                assert status != 403, asked
                assert status != 405 or name in TAKES_NO_MORE, asked
                assert status < 500 or status == 503, asked  # the table is away


def test_the_other_clinics_staff_finds_nothing_by_any_address(ground: Ground) -> None:
    north = another_clinic()
    for role in (roles.FRONT_DESK, roles.THERAPIST, roles.CLINICIAN, roles.ADMINISTRATOR, roles.AUDITOR):
        browser_user = user_with(role, north)
        browser = browser_of(browser_user)
        for name, pattern in every_url():
            if not pattern.pattern.converters or name.startswith(OF_NO_CLINIC):
                continue
            for method in access.METHODS:
                caller = with_key(browser_user) if name.startswith(API) else browser
                status = ask(caller, method, address(name, ground)).status_code
                empty = {422} if name.startswith(API) and method == "post" else set()  # refused before it is looked up
                assert status in REFUSED | {405} | empty, f"{role} {method} {name}: {status}"
    assert "Ada" not in words_of(browser.get("/patients").content.decode())


def test_a_superuser_has_the_roles_that_were_given_and_no_others(ground: Ground) -> None:
    browser = browser_of(User.objects.create_superuser("root"))
    assert browser.get(address("patient", ground)).status_code == 403
    assert browser.get("/acts").status_code == 403
    assert not AuditRow.objects.filter(act="read").exists()


def test_the_page_of_access_is_what_the_table_says() -> None:
    from scripts import access_page

    assert Path(ROOT / "docs/contributor/access.md").read_text("utf-8") == access_page.page()


@pytest.mark.parametrize(
    "toml", ['one = { get = "everything" }', 'one = { fetch = "look" }', 'home = { get = "look" }']
)
def test_a_table_that_says_what_is_no_act_is_refused(
    toml: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wing").mkdir()
    (tmp_path / "access.toml").write_text('home = { get = "signed in" }')
    (tmp_path / "wing" / "access.toml").write_text(toml)
    monkeypatch.setattr(access, "__file__", str(tmp_path / "access.py"))
    access.table.cache_clear()
    with pytest.raises(ValueError, match=r"wing/access\.toml"):
        access.table()
    access.table.cache_clear()
