"""The portal: how a patient gets in, that every page is their own, and what they can do there."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction import clinic
from opentraction.clinic import roles
from opentraction.clinic.consents.models import SignedConsent, Withdrawal
from opentraction.clinic.home.models import HomeEntry
from opentraction.clinic.models import AuditRow, Patient, PatientAccount
from opentraction.clinic.portal.actions.access import account_of, close_access, invitation_of, invite, join
from opentraction.clinic.portal.models import Invitation
from opentraction.clinic.road import steps_of
from opentraction.clinic.tokens import TRIES
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.page_words import words_of
from tests.unit.home_wing.ground import ordered, patient_user, told

pytestmark = pytest.mark.django_db
BORN = ADA["birth_date"]
PASSWORD = "four words for a stretch"
PAGES = ("today", "home", "results", "consent", "forms", "bills", "record")


def browser_of(user: User, language: str = "en") -> Client:
    browser = Client()
    browser.force_login(user)
    browser.cookies["django_language"] = language
    return browser


@pytest.fixture
def mine(ada: Patient) -> Client:
    return browser_of(patient_user(ada))


@pytest.fixture
def bea(clinician: User) -> Patient:
    """Another patient of the same clinic."""
    from opentraction.clinic.actions.patients import add_patient
    from tests.cleared import clear

    one = add_patient(ADA | {"given_name": "Bea"}, by=clinician)
    clear(one, clinician)
    return one


def test_an_invitation_and_a_birth_date_make_a_sign_in_once(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    _row, token = invite(ada, by=user_with(roles.THERAPIST, ada.clinic), now=now)
    page = reverse("portal:join", args=[token])
    browser = Client()
    assert ada.given_name not in browser.get(page).content.decode()
    answer = browser.post(page, {"born": BORN.isoformat(), "password": PASSWORD, "again": PASSWORD})
    assert answer.url == reverse("portal:today")  # type: ignore[attr-defined]
    assert ada.given_name in browser.get(reverse("portal:today")).content.decode()
    account = PatientAccount.objects.get()
    assert (account.user.username, account.patient) == (ada.pseudonym, ada)
    assert Client().get(page).status_code == 404
    assert Client().login(username=ada.pseudonym, password=PASSWORD)
    assert browser.get("/").url == reverse("portal:today")  # type: ignore[attr-defined]


def test_a_word_is_kept_as_a_hash_and_a_new_one_closes_the_old(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    old, token = invite(ada, by=clinician, now=now)
    assert token not in str(Invitation.objects.values_list())
    invite(ada, by=clinician, now=now)
    old.refresh_from_db()
    assert not old.is_open(now)
    found = invitation_of(token)
    assert found is not None
    assert join(found, BORN, PASSWORD, now=now) is None
    assert not User.objects.filter(username=ada.pseudonym).exists()


def test_wrong_birth_dates_close_it_and_time_does(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    row, token = invite(ada, by=clinician, now=now)
    page = reverse("portal:join", args=[token])
    for n in range(TRIES):
        answer = Client().post(page, {"born": "1990-01-01", "password": PASSWORD, "again": PASSWORD})
        assert answer.status_code == (400 if n < TRIES - 1 else 404)
    assert join(row, BORN, PASSWORD, now=now) is None
    late, _ = invite(ada, by=clinician, now=now)
    assert join(late, BORN, PASSWORD, now=now + timedelta(days=8)) is None
    assert AuditRow.objects.filter(act="wrong birth date").count() == TRIES


@pytest.mark.parametrize(("password", "again"), [("short", "short"), (PASSWORD, PASSWORD + "x"), ("", "")])
def test_a_password_that_cannot_be_used_changes_nothing(
    ada: Patient, clinician: User, password: str, again: str
) -> None:
    row, token = invite(ada, by=clinician, now=timezone.now())
    page = reverse("portal:join", args=[token])
    answer = Client().post(page, {"born": BORN.isoformat(), "password": password, "again": again})
    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.is_open(timezone.now())
    assert not PatientAccount.objects.exists()


def test_a_second_invitation_sets_another_password_for_the_same_sign_in(ada: Patient, clinician: User) -> None:
    now = timezone.now()
    first = join(invite(ada, by=clinician, now=now)[0], BORN, PASSWORD, now=now)
    second = join(invite(ada, by=clinician, now=now)[0], BORN, PASSWORD + " again", now=now)
    assert first == second
    assert second is not None
    assert second.check_password(PASSWORD + " again")


def test_closing_access_ends_it(ada: Patient, clinician: User, mine: Client) -> None:
    close_access(ada, by=clinician, now=timezone.now())
    assert mine.get(reverse("portal:today")).status_code in {302, 403}
    assert account_of(ada) is None
    again = join(invite(ada, by=clinician, now=timezone.now())[0], BORN, PASSWORD, now=timezone.now())
    assert browser_of(again).get(reverse("portal:today")).status_code == 200  # type: ignore[arg-type]


def test_only_who_may_look_at_the_record_invites(ada: Patient) -> None:
    """A link and a birth date open the record: who knows both must be allowed to see it anyway."""
    for role in (roles.FRONT_DESK, roles.ADMINISTRATOR, roles.AUDITOR, roles.PATIENT):
        with pytest.raises(PermissionDenied):
            invite(ada, by=user_with(role, ada.clinic), now=timezone.now())
    with pytest.raises(PermissionDenied):
        invite(ada, by=user_with(roles.CLINICIAN, another_clinic()), now=timezone.now())


def test_the_desk_never_holds_a_link_and_may_close_access(ada: Patient, mine: Client) -> None:
    desk = browser_of(user_with(roles.FRONT_DESK, ada.clinic))
    assert "Book, bill and close that access" in desk.get(ada.get_absolute_url()).content.decode()
    page = desk.get(reverse("portal:access", args=[ada.pk])).content.decode()
    assert "Link for another password" not in page
    assert "Somebody who treats this patient gives access" in page
    assert desk.post(reverse("portal:invite", args=[ada.pk])).status_code == 403
    assert not Invitation.objects.exists()
    assert desk.post(reverse("portal:close", args=[ada.pk])).status_code == 302
    assert account_of(ada) is None


def test_the_patient_sees_who_made_a_link_and_when_it_was_used(ada: Patient, clinician: User) -> None:
    User.objects.filter(pk=clinician.pk).update(first_name="Eve", last_name="Example")
    now = timezone.now()
    user = join(invite(ada, by=User.objects.get(pk=clinician.pk), now=now)[0], BORN, PASSWORD, now=now)
    invite(ada, by=User.objects.get(pk=clinician.pk), now=now)
    assert user is not None
    for page in (
        browser_of(user).get(reverse("portal:record")).content.decode(),
        browser_of(clinician).get(reverse("portal:access", args=[ada.pk])).content.decode(),
    ):
        assert page.count("Eve Example made a link to a password") == 2
        assert page.count("not used") == 1
    assert AuditRow.objects.filter(act="invite to portal", patient=ada, by=clinician).count() == 2


def test_every_page_is_the_patients_own_and_leaves_a_row(ada: Patient, mine: Client) -> None:
    for name in PAGES:
        before = AuditRow.objects.filter(act="read", patient=ada).count()
        answer = mine.get(reverse(f"portal:{name}"))
        assert answer.status_code == 200, name
        assert AuditRow.objects.filter(act="read", patient=ada).count() == before + 1, name


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.PATIENT])
def test_the_portal_is_for_patients_alone(ada: Patient, role: str) -> None:
    staff = browser_of(user_with(role, ada.clinic))
    assert {staff.get(reverse(f"portal:{name}")).status_code for name in PAGES} == {403}


def test_a_patient_opens_nothing_of_the_console(ada: Patient, mine: Client) -> None:
    for where in (ada.get_absolute_url(), "/patients", f"/patients/{ada.pk}/home", f"/patients/{ada.pk}/portal"):
        assert mine.get(where).status_code == 403, where


def test_another_patients_consent_bill_and_form_are_not_there(ada: Patient, bea: Patient, mine: Client) -> None:
    from tests import money_ground

    clinician = User.objects.get(username="a clinician")
    hers = SignedConsent.objects.get(patient=bea)
    own = SignedConsent.objects.get(patient=ada)
    bill = money_ground.invoice_of(bea, clinician)
    assert mine.get(reverse("portal:signed", args=[own.pk])).status_code == 200
    assert mine.get(reverse("portal:signed", args=[hers.pk])).status_code == 404
    assert mine.get(reverse("portal:invoice", args=[bill.pk])).status_code == 404
    assert mine.get(reverse("portal:form", args=["no-such-form"])).status_code == 404
    assert "Bea" not in words_of(mine.get(reverse("portal:today")).content.decode())


def test_consent_can_be_taken_back_only_on_purpose(ada: Patient, bea: Patient, mine: Client) -> None:
    assert mine.post(reverse("portal:withdraw"), {"region": "lumbar"}).status_code == 400
    assert not Withdrawal.objects.exists()
    mine.post(reverse("portal:withdraw"), {"region": "lumbar", "sure": "yes"})
    assert Withdrawal.objects.get().consent.patient == ada
    assert Withdrawal.objects.get().by == patient_user(ada)


def test_a_purpose_is_changed(ada: Patient, mine: Client) -> None:
    from opentraction.clinic.consents.purposes import agreed

    mine.post(reverse("portal:purpose"), {"purpose": "research", "agreed": "yes"})
    assert agreed(ada, "research")
    mine.post(reverse("portal:purpose"), {"purpose": "research", "agreed": "no"})
    assert not agreed(ada, "research")
    assert mine.post(reverse("portal:purpose"), {"purpose": "fame", "agreed": "yes"}).status_code == 400


def post(browser: Client, document: Any) -> Any:
    body = document if isinstance(document, str) else json.dumps(document)
    return browser.post(reverse("portal:home-log"), body, content_type="application/json")


def test_an_entry_arrives_once(ada: Patient, clinician: User, mine: Client) -> None:
    now = timezone.now()
    ordered(ada, clinician, now)
    entry = told("1", now)
    assert post(mine, entry).status_code == 201
    assert post(mine, entry).status_code == 200
    assert post(mine, entry | {"nrs_after": 9}).status_code == 422
    assert HomeEntry.objects.get().patient == ada


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{", '{"id": 7}', "[" * 3000, '{"id": "entry-000001", "who": "Bea"}']
)
def test_what_is_no_entry_is_refused_for_good(ada: Patient, mine: Client, body: str) -> None:
    assert post(mine, body).status_code == 422
    assert not HomeEntry.objects.exists()


def test_a_post_without_the_token_is_sent_to_sign_in_again(ada: Patient) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(patient_user(ada))
    assert post(strict, told("1", timezone.now())).status_code == 403


def config_of(browser: Client) -> Any:
    """What the page of exercises hands the player."""
    page = browser.get(reverse("portal:home")).content.decode()
    return json.loads(page.split('id="home-config" type="application/json">')[1].split("</script>")[0])


def test_the_player_gets_todays_programme_in_the_readers_language(ada: Patient, clinician: User, mine: Client) -> None:
    ordered(ada, clinician, timezone.now())
    config = config_of(mine)
    assert config["store"] == ada.pseudonym.lower()
    assert config["worker"] == {"url": "/portal/home/worker.js", "scope": "/portal/home/"}
    assert ada.given_name not in json.dumps(config)
    assert "Forward hang" in {one["name"] for one in config["exercises"]}
    spanish = browser_of(patient_user(ada), "es").get(reverse("portal:home")).content.decode()
    assert "Colgarse hacia delante" in spanish
    assert 'lang="es"' in spanish
    assert mine.get(reverse("portal:home-worker"))["Content-Type"].startswith("text/javascript")


def test_today_counts_the_exercises_that_the_player_asks_for(ada: Patient, clinician: User, mine: Client) -> None:
    ordered(ada, clinician, timezone.now())
    listed = config_of(mine)["exercises"]
    asked = [one for one in listed if not one["as_needed"]]
    assert {one["id"] for one in listed if one["as_needed"]} == {"cold-pack", "heat-pack"}
    assert f"{len(asked)} exercises left today" in mine.get(reverse("portal:today")).content.decode()


def test_an_emergency_is_told_the_number_here_and_in_europe(ada: Patient, clinician: User, mine: Client) -> None:
    ordered(ada, clinician, timezone.now())
    assert "911</a> (in Europe 112)" in mine.get(reverse("portal:today")).content.decode()
    assert config_of(mine)["strings"]["call_number"] == "Call {n} (in Europe 112)"


def test_the_choice_of_language_lasts(ada: Patient, mine: Client) -> None:
    assert "Hola, Ada" in browser_of(patient_user(ada), "es").get(reverse("portal:today")).content.decode()
    answer = mine.post(reverse("language"), {"language": "es", "next": "/portal/record"})
    assert answer.url == "/portal/record"  # type: ignore[attr-defined]
    assert "Su historia" in mine.get("/portal/record").content.decode()


def test_a_due_form_is_answered_by_the_patient(ada: Patient, mine: Client) -> None:
    from opentraction.clinic.outcomes.models import OutcomeForm
    from opentraction.clinic.portal.due import forms_due

    due = forms_due(ada, timezone.now())
    name = next(about.id for _one, about in due if about.id.startswith("nprs"))
    page = mine.get(reverse("portal:form", args=[name]))
    assert page.status_code == 200
    items = [item.id for item in next(about for _one, about in due if about.id == name).items]
    assert mine.post(reverse("portal:form", args=[name]), {"page": "1", items[0]: "99"}).status_code == 400
    assert not OutcomeForm.objects.exists()
    mine.post(reverse("portal:form", args=[name]), {"page": "1", **dict.fromkeys(items, "4")})
    row = OutcomeForm.objects.get()
    assert (row.way, row.by, row.patient) == ("patient", patient_user(ada), ada)
    assert mine.get(reverse("portal:form", args=[name])).status_code == 404


def test_who_looked_is_told_in_plain_words(ada: Patient, clinician: User, mine: Client) -> None:
    staff = browser_of(clinician)
    staff.get(ada.get_absolute_url())
    staff.get(ada.get_absolute_url())
    page = mine.get(reverse("portal:record")).content.decode()
    assert "a clinician, clinician" in page
    assert "your page: plan and sessions" in page
    assert "2 times that day" in page


def test_the_whole_record_goes_home_and_a_correction_is_asked_for(ada: Patient, bea: Patient, mine: Client) -> None:
    import io
    import zipfile

    answer = mine.post(reverse("portal:export"))
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    said = packed.read("record.json").decode()
    assert ada.given_name in said
    assert bea.given_name not in said
    assert AuditRow.objects.filter(act="export", by=patient_user(ada)).exists()
    assert mine.post(reverse("portal:correction"), {"what": "", "why": "x"}).status_code == 400
    mine.post(reverse("portal:correction"), {"what": "I am 1.70 m", "why": "Measured at home"})
    page = mine.get(reverse("portal:record")).content.decode()
    assert "I am 1.70 m" in page
    assert "waits for an answer" in page


def test_the_road_says_who_can_sign_in(ada: Patient, clinician: User) -> None:
    def words() -> str:
        return next(one.words for one in steps_of(ada, clinician, timezone.now()) if one.key == "portal")

    assert words() == "no access"
    row, _token = invite(ada, by=clinician, now=timezone.now())
    assert words() == "invited"
    join(row, BORN, PASSWORD, now=timezone.now())
    assert words() == "can sign in"


def test_a_weak_password_is_refused_by_the_act_itself(ada: Patient, clinician: User) -> None:
    row, _token = invite(ada, by=clinician, now=timezone.now())
    with pytest.raises(BadInput):
        join(row, BORN, "password1234", now=timezone.now())


def test_no_stylesheet_asks_for_a_medium_in_brackets() -> None:
    """A browser ignores `(not print)`: a phone got the picture that is meant for paper."""
    sheets = Path(clinic.__file__).parent.rglob("*.css")
    wrong = [
        one.name for one in sheets if re.search(r"@media[^{]*\((?:not )?(?:print|screen)\)", one.read_text("utf-8"))
    ]
    assert wrong == []
