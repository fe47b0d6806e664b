"""Asking: pages that are saved as they are answered, missing that stays missing, corrections that leave the old one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from opentraction.care.outcomes import Form, instruments
from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Patient, PatientAccount
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.outcomes.actions.answering import hand_in, open_draft, withdraw_form
from opentraction.clinic.outcomes.courses import courses_of, due_now, forms_of
from opentraction.clinic.outcomes.forms.answers import AnswerForm
from opentraction.clinic.outcomes.models import COUNTS, OutcomeForm
from opentraction.quantities import BadInput
from tests.clinic_ground import another_clinic, user_with
from tests.unit.outcomes_wing.ground import TODAY, ago, nprs, pulled, rmdq

pytestmark = pytest.mark.django_db
WAY = {"way": "clinician", "taken": TODAY.isoformat()}


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def where(patient: Patient, name: str = "rmdq") -> str:
    return reverse("outcomes:ask", args=[patient.pk, name])


def latest(patient: Patient) -> Form:
    return OutcomeForm.objects.filter(patient=patient, **COUNTS).latest("id").form


def test_three_pages_of_sentences_become_one_form(browser: Client, ada: Patient) -> None:
    for page, ticked in ((1, ["q1", "q3"]), (2, ["q9"])):
        answer = browser.post(where(ada), {"page": page, "shown": "yes", "do": "next"} | dict.fromkeys(ticked, "1"))
        assert answer["Location"].endswith(f"?page={page + 1}")
    browser.post(where(ada), {"page": 3, "shown": "yes", "do": "hand-in", "q24": "1"} | WAY)
    score = latest(ada).score()
    assert (score.value, score.missing) == (4.0, ())
    assert open_draft(ada, "rmdq") is None


def test_a_page_that_was_never_shown_is_missing_and_not_no(browser: Client, ada: Patient) -> None:
    browser.post(where(ada), {"page": 1, "shown": "yes", "do": "next", "q1": "1"})
    browser.post(where(ada), {"page": 3, "shown": "yes", "do": "hand-in"} | WAY)
    score = latest(ada).score()
    assert score.value is None
    assert len(score.missing) == 8


def test_what_is_saved_on_the_way_says_no_for_nothing(browser: Client, ada: Patient) -> None:
    assert browser.post(where(ada), {"page": 1, "do": "keep", "q2": "1"}).status_code == 204
    draft = open_draft(ada, "rmdq")
    assert draft is not None
    assert draft.answers == {"q2": "1"}


def test_a_form_left_half_done_is_resumed_where_it_was_left(browser: Client, ada: Patient) -> None:
    browser.post(where(ada), {"page": 1, "shown": "yes", "do": "next", "q1": "1"})
    page = browser.get(where(ada)).content.decode()
    assert "page 2 of 3" in page
    assert "checked" in browser.get(where(ada) + "?page=1").content.decode()
    assert "Go on" in browser.get(reverse("outcomes:outcomes", args=[ada.pk])).content.decode()
    browser.post(where(ada), {"do": "throw-away"})
    assert "page 1 of 3" in browser.get(where(ada)).content.decode()


def test_a_dash_is_missing_and_zero_is_an_answer(browser: Client, ada: Patient) -> None:
    browser.post(where(ada, "nprs_back"), {"page": 1, "do": "hand-in", "now": "0", "average": "", "worst": "3"} | WAY)
    form = latest(ada)
    assert form.answers == {"now": 0, "worst": 3}
    assert form.score().value is None
    assert "nprs_back" in {one.instrument for one in due_now(ada, courses_of(ada, _now()), forms_of(ada), TODAY)}


def test_zero_of_ten_is_a_score(browser: Client, ada: Patient) -> None:
    browser.post(where(ada, "nprs_back"), {"page": 1, "do": "hand-in", "average": "0"} | WAY)
    assert latest(ada).score().value == 0.0


@pytest.mark.parametrize("bad", ["11", "-1", "3.5", "abc", "nan", "1e9", "٣٣"])
def test_an_answer_that_cannot_be_is_said_and_nothing_is_lost(browser: Client, ada: Patient, bad: str) -> None:
    posted = {"page": 1, "do": "hand-in", "average": bad, "worst": "7"} | WAY
    answer = browser.post(where(ada, "nprs_back"), posted)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "cannot be used" in page or "allowed:" in page
    assert 'value="7" checked' in page
    assert not OutcomeForm.objects.exists()


@pytest.mark.parametrize("taken", ["", "tomorrow", "2999-01-01", "1900-01-01"])
def test_a_day_that_cannot_be_is_refused(browser: Client, ada: Patient, taken: str) -> None:
    posted = {"page": 1, "do": "hand-in", "average": "4", "way": "paper", "taken": taken}
    assert browser.post(where(ada, "nprs_back"), posted).status_code == 400


def test_a_total_from_paper_is_a_form(browser: Client, ada: Patient) -> None:
    browser.post(where(ada), {"page": 1, "do": "total", "total": "14", "way": "paper", "taken": ago(1).isoformat()})
    form = latest(ada)
    assert (form.way, form.score().value) == ("paper", 14.0)
    assert browser.post(where(ada), {"page": 1, "do": "total", "total": "25", **WAY}).status_code == 400


def test_own_activities_keep_their_words(browser: Client, ada: Patient) -> None:
    first = {f"own-activity_{i}": words for i, words in ((1, "Walk the dog"), (2, "Sit"), (3, "Dig"))}
    rated = {f"activity_{i}": str(i) for i in (1, 2, 3)}
    browser.post(where(ada, "psfs"), {"page": 1, "do": "hand-in"} | first | rated | WAY)
    assert "Walk the dog" in browser.get(where(ada, "psfs")).content.decode()
    changed = {"own-activity_1": "Something else", "activity_1": "6", "activity_2": "5", "activity_3": "5"}
    browser.post(where(ada, "psfs"), {"page": 1, "do": "hand-in"} | changed | WAY)
    assert latest(ada).own["activity_1"] == "Walk the dog"


def test_an_activity_without_a_name_cannot_be_rated(browser: Client, ada: Patient) -> None:
    answer = browser.post(where(ada, "psfs"), {"page": 1, "do": "hand-in", "activity_1": "4"} | WAY)
    assert answer.status_code == 400
    assert "Name the activity first" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(instruments()))
def test_every_instrument_has_a_page_that_shows_its_licence(browser: Client, ada: Patient, name: str) -> None:
    answer = browser.get(where(ada, name))
    assert answer.status_code == 200
    from django.utils.html import escape

    assert escape(instruments()[name].licence.words) in answer.content.decode()


@pytest.mark.parametrize("name", sorted(instruments()))
def test_a_page_has_a_field_for_every_item(name: str) -> None:
    form = AnswerForm(instruments()[name])
    asked = [one.item.id for page in range(1, form.pages + 1) for one in form.questions(page)]
    assert asked == [item.id for item in instruments()[name].items]
    assert all(one.label for one in form.every_question())


def test_all_that_is_due_is_asked_one_after_the_other(browser: Client, ada: Patient) -> None:
    answer = browser.post(where(ada, "nprs_back"), {"page": 1, "run": "1", "do": "hand-in", "average": "4"} | WAY)
    assert answer["Location"] == where(ada, "nprs_leg") + "?run=1"


def test_a_correction_replaces_and_says_why_and_the_old_one_stays(
    browser: Client, ada: Patient, clinician: User
) -> None:
    row = rmdq(ada, 14, TODAY, clinician)
    url = reverse("outcomes:correct-form", args=[row.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"total": "4", **WAY}).status_code == 400
    browser.post(url, {"total": "4", "because": "a slip of the pen", **WAY})
    assert latest(ada).score().value == 4.0
    row.refresh_from_db()
    assert row.value == 14.0
    assert "a slip of the pen" in browser.get(reverse("outcomes:form", args=[row.pk])).content.decode()
    assert browser.post(url, {"total": "5", "because": "again", **WAY}).status_code == 400
    assert AuditRow.objects.filter(act="correct form", patient=ada).count() == 1


def test_a_form_taken_out_counts_no_more(ada: Patient, clinician: User) -> None:
    withdraw_form(rmdq(ada, 14, TODAY, clinician), "of another patient", by=clinician)
    assert forms_of(ada) == []
    assert OutcomeForm.objects.count() == 2


def test_a_form_that_somebody_altered_is_said(browser: Client, ada: Patient, clinician: User) -> None:
    row = rmdq(ada, 14, TODAY, clinician)
    with pytest.raises(BadInput, match="altered"):
        OutcomeForm(canonical=row.canonical.replace("14", "15"), sha256=row.sha256).form  # noqa: B018


def test_a_form_is_written_once_in_the_model_and_in_the_database(ada: Patient, clinician: User) -> None:
    row = rmdq(ada, 14, TODAY, clinician)
    with pytest.raises(Frozen):
        row.save()
    with pytest.raises(Frozen):
        row.delete()
    for sql in ("UPDATE outcomes_outcomeform SET value = 1", "DELETE FROM outcomes_outcomeform"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_each_form_says_for_which_moment_it_was(ada: Patient, clinician: User) -> None:
    assert rmdq(ada, 14, TODAY, clinician).occasion == "baseline"
    pulled(ada, ago(1), clinician)
    assert nprs(ada, 4, TODAY, clinician).occasion == ""


def test_a_patient_may_answer_for_themselves_and_for_nobody_else(ada: Patient, clinician: User) -> None:
    from opentraction.clinic.actions.patients import add_patient
    from tests.clinic_ground import ADA

    user = user_with(roles.PATIENT)
    PatientAccount.objects.create(user=user, patient=ada)
    hand_in(ada, Form("rmdq", TODAY, {"total": 3}, {}, "patient", user.username), by=user)
    other = add_patient(ADA | {"given_name": "Ben"}, by=clinician)
    with pytest.raises(PermissionDenied):
        hand_in(other, Form("rmdq", TODAY, {"total": 3}, {}, "patient", user.username), by=user)


def test_the_front_desk_and_another_clinic_write_nothing(ada: Patient) -> None:
    for user in (user_with(roles.FRONT_DESK), user_with(roles.CLINICIAN, another_clinic())):
        with pytest.raises(PermissionDenied):
            hand_in(ada, Form("rmdq", TODAY, {"total": 3}, {}, "paper", ""), by=user)


def test_opening_the_page_leaves_a_row(browser: Client, ada: Patient) -> None:
    browser.get(reverse("outcomes:outcomes", args=[ada.pk]))
    assert AuditRow.objects.filter(act="read", patient=ada, detail__what="outcomes").count() == 1


def _now():  # type: ignore[no-untyped-def]
    from django.utils import timezone

    return timezone.now()
