"""Several clinics under one roof: who sees what, who acts where, and what moved in from before there were several."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.actions import patients, prescriptions, treatments, users
from opentraction.clinic.actions.clinics import add_clinic, change_clinic
from opentraction.clinic.models import AuditRow, Clinic, Patient, PatientAccount, Prescription, TreatmentSession
from opentraction.clinic.models.clinic import first_clinic
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.sight import ELSEWHERE, MACHINE, Sight, machine_only
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, DOCUMENT, another_clinic, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def north() -> Clinic:
    return another_clinic()


@pytest.fixture
def eve(north: Clinic) -> User:
    """A clinician of the north clinic alone."""
    return user_with(roles.CLINICIAN, north)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


BAD: list[tuple[str, Any]] = [
    ("time_zone", "Mars/Base"),
    ("idle_min", 0),
    ("idle_min", 61),
    ("language", "xx"),
    ("name", ""),
    ("name", "The clinic"),
    ("email", "nobody"),
    ("second_factor_for", ["surgeon"]),
]
TOLD: dict[str, Any] = {
    "seq": 4,
    "phase": "hold",
    "measured_n": 300.0,
    "prescribed_n": 301.0,
    "limit_n": 400.0,
    "bound": {"session": "s", "pseudonym": "P-007"},
}


class TestSeeing:
    def test_each_clinic_sees_its_own_and_pseudonyms_stay_unique(
        self, ada: Patient, eve: User, clinician: User
    ) -> None:
        ben = patients.add_patient({**ADA, "given_name": "Ben"}, by=eve)
        assert [one.pseudonym for one in (ada, ben)] == ["P-001", "P-002"]
        assert list(Patient.objects.seen_by(clinician)) == [ada]
        assert list(Patient.objects.seen_by(eve)) == [ben]

    @pytest.mark.parametrize("model", [Patient, Prescription, TreatmentSession])
    def test_every_kind_of_row_finds_its_clinic(
        self, session: TreatmentSession, model: Any, clinician: User, eve: User
    ) -> None:
        assert model.objects.seen_by(clinician).count() == 1
        assert model.objects.seen_by(eve).count() == 0
        assert roles.clinic_of(model.objects.get()) == first_clinic().pk
        assert roles.patient_of(model.objects.get()) == session.patient.pk

    def test_every_clinical_model_says_its_way_to_the_clinic(self) -> None:
        from django.apps import apps

        clinical = [one for one in apps.get_models() if isinstance(one._default_manager, ClinicalManager)]
        assert len(clinical) >= 8
        for model in clinical:
            path = getattr(model, "clinic_path", None)
            assert path is not None, f"{model.__name__} has no clinic_path"
            if path:
                model._default_manager.filter(**{model.clinic_path: 1}).count()  # type: ignore[attr-defined]

    def test_the_front_desk_sees_who_and_not_why(self, session: TreatmentSession) -> None:
        desk = user_with(roles.FRONT_DESK)
        assert list(Patient.objects.seen_by(desk, roles.FIND)) == [session.patient]
        assert not Patient.objects.seen_by(desk).exists()
        page = browser_of(desk).get(session.patient.get_absolute_url()).content.decode()
        assert "Ada Example" in page
        for word in ("70.0 kg", "lumbar", "Course", "Prescriptions", "Short"):
            assert word not in page
        listed = browser_of(desk).get(reverse("patients")).content.decode()
        assert "Example, Ada" in listed
        assert "70" not in listed.partition("<tbody>")[2].partition("</tbody>")[0]

    def test_a_patient_sees_their_own_rows_in_the_portal_and_nothing_else(self, session: TreatmentSession) -> None:
        other = patients.add_patient({**ADA, "given_name": "Ben"}, by=session.operator)
        user = user_with(roles.PATIENT)
        PatientAccount.objects.create(user=user, patient=session.patient)
        assert list(Patient.objects.seen_by(user, roles.PORTAL)) == [session.patient]
        assert list(TreatmentSession.objects.seen_by(user, roles.PORTAL)) == [session]
        assert other not in Patient.objects.seen_by(user, roles.PORTAL)
        assert not Patient.objects.seen_by(user).exists()
        assert browser_of(user).get(reverse("patients")).status_code == 403

    def test_a_patients_role_without_an_account_sees_nothing(self, session: TreatmentSession) -> None:
        user = user_with(roles.PATIENT)
        assert not Patient.objects.seen_by(user, roles.PORTAL).exists()


class TestActing:
    def test_nothing_is_done_to_another_clinics_patient(self, session: TreatmentSession, eve: User) -> None:
        signed = session.plan.prescription
        acts: list[Any] = [
            lambda: patients.change_patient(session.patient, {"mass_kg": 80.0}, by=eve),
            lambda: prescriptions.draft(session.patient, "Mine", DOCUMENT, by=eve),
            lambda: prescriptions.amend(signed, by=eve),
            lambda: treatments.begin(signed, by=eve),
        ]
        rows = AuditRow.objects.count()
        for act in acts:
            with pytest.raises(PermissionDenied, match="another clinic"):
                act()
        assert AuditRow.objects.count() == rows

    def test_whoever_works_in_two_chooses_one_and_acts_there(
        self, ada: Patient, clinician: User, north: Clinic
    ) -> None:
        roles.give(clinician, roles.CLINICIAN, north)
        browser = browser_of(clinician)
        assert "Example, Ada" in browser.get(reverse("patients")).content.decode()
        browser.post(reverse("choose-clinic"), {"clinic": north.pk})
        page = browser.get(reverse("patients")).content.decode()
        assert "Example, Ada" not in page
        assert f'<option value="{north.pk}" selected>North clinic' in page
        assert browser.get(ada.get_absolute_url()).status_code == 404
        elsewhere = browser_of(clinician)
        assert "Example, Ada" in elsewhere.get(reverse("patients")).content.decode(), "the choice is this browser's"
        assert AuditRow.objects.filter(act="choose clinic", by=clinician).count() == 1

    @pytest.mark.parametrize("chosen", ["", "x", "99999"])
    def test_a_clinic_where_one_does_not_work_cannot_be_chosen(
        self, clinician: User, north: Clinic, chosen: str
    ) -> None:
        browser = browser_of(clinician)
        for one in (chosen, str(north.pk)):
            assert browser.post(reverse("choose-clinic"), {"clinic": one}).status_code == 404

    def test_a_role_in_one_clinic_is_none_in_another(self, clinician: User, north: Clinic) -> None:
        roles.give(clinician, roles.FRONT_DESK, north)
        browser = browser_of(clinician)
        browser.post(reverse("choose-clinic"), {"clinic": north.pk})
        assert browser.get(reverse("patients")).status_code == 200
        assert browser.get(reverse("table-stream")).status_code == 403

    def test_roles_of_one_clinic_add_up_and_close_at_once(self, clinician: User) -> None:
        roles.give(clinician, roles.AUDITOR)
        assert roles.may(clinician, roles.AUDIT)
        assert roles.may(clinician, roles.SIGN)
        roles.take(clinician, roles.CLINICIAN, first_clinic())
        assert not roles.may(clinician, roles.SIGN)
        assert roles.may(clinician, roles.AUDIT)

    def test_the_front_desk_writes_who_somebody_is_and_not_what_the_pull_rests_on(self, ada: Patient) -> None:
        desk = user_with(roles.FRONT_DESK)
        assert patients.change_patient(ada, {"family_name": "Lovelace"}, by=desk).family_name == "Lovelace"
        for values in ({"mass_kg": 90.0}, {"ceiling_n": 900.0}, {"levels": "L5-S1"}):
            with pytest.raises(PermissionDenied, match="therapist or a clinician"):
                patients.change_patient(Patient.objects.get(pk=ada.pk), values, by=desk)
        with pytest.raises(PermissionDenied):
            patients.add_patient({**ADA, "ceiling_n": 900.0}, by=desk)
        assert patients.add_patient(dict(ADA), by=desk).clinic == first_clinic()

    def test_the_front_desks_form_leaves_the_body_as_it_was(self, ada: Patient) -> None:
        browser = browser_of(user_with(roles.FRONT_DESK))
        where = reverse("edit-patient", args=[ada.pk])
        assert "Body mass" not in browser.get(where).content.decode()
        posted = {"given_name": "Ada", "family_name": "King", "birth_date": "1971-05-23", "sex": "female"}
        assert browser.post(where, posted | {"mass": "150 kg", "ceiling": "900 N"}).status_code == 302
        ada.refresh_from_db()
        assert (ada.family_name, ada.mass_kg, ada.ceiling_n) == ("King", 70.0, None)


class TestClinics:
    def test_a_clinics_house_rules_are_checked(self, north: Clinic) -> None:
        boss = user_with(roles.ADMINISTRATOR, north)
        changed = change_clinic(north, {"name": "North", "time_zone": "Europe/Rome", "idle_min": 5}, by=boss)
        assert (changed.time_zone, changed.idle_min) == ("Europe/Rome", 5)
        for name, value in BAD:
            bad: dict[str, Any] = {name: value}
            with pytest.raises(BadInput):
                change_clinic(north, bad, by=boss)
        with pytest.raises(PermissionDenied):
            change_clinic(first_clinic(), {"name": "Mine"}, by=boss)

    def test_a_clinic_is_added_once(self) -> None:
        add_clinic("West", author="command line")
        with pytest.raises(BadInput, match="no clinic here has yet"):
            add_clinic("west", author="command line")

    def test_a_role_is_given_and_taken_and_both_are_on_record(self, north: Clinic) -> None:
        ann = users.add_user("ann", "therapist", "seven wet otters", author="command line", clinic=north)
        users.give_role("ann", "clinician", north, author="command line")
        assert users.role_of(ann) == "therapist, clinician"
        users.take_role("ann", "therapist", north, author="command line")
        assert users.role_of(ann, north) == "clinician"
        with pytest.raises(BadInput, match="a role that ann has in North clinic"):
            users.take_role("ann", "therapist", north, author="command line")
        with pytest.raises(BadInput, match="one of front-desk"):
            users.give_role("ann", "patient", north, author="command line")
        acts = list(AuditRow.objects.values_list("act", "detail__role"))
        assert acts == [("add user", "therapist"), ("give role", "clinician"), ("take role", "therapist")]


class TestTheLine:
    """The table serves several clinics; its live line tells each only what is theirs."""

    @staticmethod
    def of(foreign: bool, monkeypatch: pytest.MonkeyPatch) -> Sight:
        def at_once(work: Any, *asked: Any) -> asyncio.Future[Any]:
            answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            try:
                answer.set_result(work(*asked))
            except OSError as trouble:
                answer.set_exception(trouble)
            return answer

        monkeypatch.setattr("opentraction.clinic.sight.apart", at_once)
        return Sight(1, lambda uid, clinic: foreign)

    def test_ones_own_session_is_told_whole(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def story() -> None:
            sight = self.of(False, monkeypatch)
            assert await sight.through("telemetry", TOLD) == TOLD
            assert await sight.through("document", {"doc": "start", "uid": "s"}) is not None
            assert await sight.through("document", {"doc": "event"}) is not None

        asyncio.run(story())

    def test_another_clinics_session_is_the_machine_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def story() -> None:
            sight = self.of(True, monkeypatch)
            assert await sight.through("document", {"doc": "start", "uid": "s"}) is None
            assert await sight.through("document", {"doc": "event", "text": "P-007"}) is None
            assert await sight.through("link", {"up": True}) == {"up": True}
            seen = await sight.through("telemetry", TOLD)
            assert seen is not None
            assert seen["measured_n"] == 300.0
            assert set(seen) <= {*MACHINE, "bound"}
            assert seen["bound"] == {"session": "s", "pseudonym": ELSEWHERE}
            assert await sight.through("telemetry", {"phase": "idle", "bound": None}) == {
                "phase": "idle",
                "bound": None,
            }

        asyncio.run(story())

    def test_what_the_database_does_not_say_is_masked_and_asked_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers: list[Any] = [OSError("gone"), False]

        def lookup(uid: str, clinic: int) -> bool:
            answer = answers.pop(0)
            if isinstance(answer, OSError):
                raise answer
            return bool(answer)

        async def story() -> None:
            sight = self.of(False, monkeypatch)
            sight._lookup = lookup
            assert await sight.through("telemetry", TOLD) == machine_only(TOLD)
            assert await sight.through("telemetry", TOLD) == TOLD
            assert await sight.through("telemetry", TOLD) == TOLD

        asyncio.run(story())

    def test_history_of_another_clinics_session_is_not_given(
        self, session: TreatmentSession, eve: User, clinician: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bound = {"session": str(session.pk), "pseudonym": "P-001"}
        link = SimpleNamespace(telemetry={"bound": bound}, history=[{"t": 1.0}], up=True)
        monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: link)
        assert browser_of(clinician).get(reverse("table-history")).json() == {"rows": [{"t": 1.0}]}
        assert browser_of(eve).get(reverse("table-history")).json() == {"rows": []}
