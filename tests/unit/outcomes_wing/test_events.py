"""Adverse events and examinations on their pages: what they ask for, follow-ups, duties, filters, CSV, frozen rows."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.outcomes.actions.events import follow_up, made_report
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, ExaminationRow
from opentraction.clinic.outcomes.standing import stops_today
from opentraction.clinic.sheets import csv_file, plain
from opentraction.quantities import BadInput
from tests.clinic_ground import another_clinic, user_with
from tests.unit.outcomes_wing.ground import TODAY, ago, event, pulled, rmdq, strength

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def posted(**other: object) -> dict[str, object]:
    return {
        "kind": "spasm", "onset": f"{ago(1)}T10:00", "severity": "2", "relatedness": "possible", "what": "A spasm.",
        "action": "", "outcome": "recovered", "duration": "1", "session": "",
    } | other  # fmt: skip


def test_a_report_says_at_once_what_to_do(browser: Client, ada: Patient, clinician: User) -> None:
    session = pulled(ada, ago(1), clinician)
    url = reverse("outcomes:report-event", args=[ada.pk])
    answer = browser.post(url, posted(session=session.pk), follow=True)
    page = answer.content.decode()
    assert "Release slowly, let the patient rest" in page
    row = AdverseEventRow.objects.get()
    assert (row.session, row.serious, row.is_open) == (session, False, False)
    assert AuditRow.objects.filter(act="report adverse event", patient=ada).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", ""), ("kind", "xx"), ("onset", "soon"), ("onset", "2999-01-01T10:00"), ("severity", "9"),
     ("severity", "5"), ("what", ""), ("duration", "long"), ("duration", "-1"), ("relatedness", "xx"),
     ("outcome", "fatal")],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    browser: Client, ada: Patient, field: str, value: str
) -> None:
    answer = browser.post(
        reverse("outcomes:report-event", args=[ada.pk]), posted(**{"action": "We waited."} | {field: value})
    )
    assert answer.status_code == 400
    assert "We waited." in answer.content.decode()
    assert not AdverseEventRow.objects.exists()


def test_a_session_of_another_patient_is_none(browser: Client, ada: Patient, clinician: User) -> None:
    from opentraction.clinic.actions.patients import add_patient
    from tests.clinic_ground import ADA

    other = add_patient(ADA | {"given_name": "Ben"}, by=clinician)
    session = pulled(other, ago(1), clinician)
    browser.post(reverse("outcomes:report-event", args=[ada.pk]), posted(session=session.pk))
    assert AdverseEventRow.objects.get().session is None


def test_follow_ups_are_due_late_and_done(browser: Client, ada: Patient, clinician: User) -> None:
    row = event(ada, clinician, "more_pain", days=2)
    assert [(one.due, one.late_days) for one in row.due(TODAY)] == [(ago(1), 1), (TODAY + timedelta(days=1), 0)]
    assert "1 day late" in browser.get(row.get_absolute_url()).content.decode()
    browser.post(reverse("outcomes:follow-up", args=[row.uid]),
                 {"looked": TODAY, "outcome": "recovering", "status": "open", "words": "Less."})  # fmt: skip
    assert [one.late_days for one in row.due(TODAY)] == [0]
    browser.post(reverse("outcomes:follow-up", args=[row.uid]),
                 {"looked": TODAY, "outcome": "recovered", "status": "closed", "words": "Gone."})  # fmt: skip
    assert row.due(TODAY) == []
    assert not row.is_open


def test_a_follow_up_that_cannot_be_is_said(browser: Client, ada: Patient, clinician: User) -> None:
    row = event(ada, clinician, days=1)
    good = {"looked": TODAY, "outcome": "recovered", "status": "closed", "words": "Gone."}
    for bad in ({"looked": ago(9)}, {"looked": "x"}, {"outcome": "xx"}, {"status": "xx"}, {"words": ""},
                {"outcome": "fatal"}, {"outcome": "lasting"}):  # fmt: skip
        answer = browser.post(reverse("outcomes:follow-up", args=[row.uid]), good | bad)
        assert answer.status_code == 400, bad
    assert row.looks == []


def test_follow_ups_stay_with_an_event_that_is_corrected(browser: Client, ada: Patient, clinician: User) -> None:
    row = event(ada, clinician, days=1)
    follow_up(row, looked=TODAY, outcome="recovered", status="closed", words="Gone.", by=clinician)
    browser.post(
        reverse("outcomes:correct-event", args=[row.uid]),
        posted(kind="skin", onset=f"{ago(2)}T10:00", because="it was the skin"),
    )
    now = AdverseEventRow.objects.get(uid=row.uid, **COUNTS)
    assert (now.kind, now.is_open, len(now.looks)) == ("skin", False, 1)
    assert "it was the skin" in browser.get(row.get_absolute_url()).content.decode()


def test_duties_are_shown_with_their_caveat_and_marked_when_done(
    browser: Client, ada: Patient, clinician: User
) -> None:
    row = event(ada, clinician, "syncope", criteria=("hospital",), severity=3)
    assert "not legal advice" in browser.get(row.get_absolute_url()).content.decode()
    told = {"duty": "us_injury", "told": TODAY, "words": "Wrote to the maker."}
    browser.post(reverse("outcomes:event-told", args=[row.uid]), told)
    assert "Wrote to the maker." in browser.get(row.get_absolute_url()).content.decode()
    with pytest.raises(BadInput, match="one of us_injury"):
        made_report(row, duty="us_death", told=TODAY, words="nobody", by=clinician)


def test_the_list_is_filtered_and_saved_without_names(browser: Client, ada: Patient, clinician: User) -> None:
    event(ada, clinician, "soreness", days=3, what='=HYPERLINK("x")')
    event(ada, clinician, "new_deficit", days=1, severity=2)
    url = reverse("outcomes:events")
    assert browser.get(url, {"serious": "yes"}).content.decode().count("row-link") == 1
    assert browser.get(url, {"state": "late"}).content.decode().count("row-link") == 1
    assert browser.get(url, {"kind": "soreness"}).content.decode().count("row-link") == 1
    assert browser.get(url, {"since": "x", "kind": "x"}).content.decode().count("row-link") == 2
    text = browser.get(reverse("outcomes:events-csv")).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["class"] for row in rows] == ["new_deficit", "soreness"]
    assert rows[1]["what"].startswith("'=")
    assert "Example" not in text
    assert AuditRow.objects.filter(act="read list", detail__what="adverse events, CSV").exists()


def test_only_who_exports_saves_the_list(ada: Patient) -> None:
    client = Client()
    client.force_login(user_with(roles.THERAPIST))
    assert client.get(reverse("outcomes:events")).status_code == 200
    assert client.get(reverse("outcomes:events-csv")).status_code == 403


def test_another_clinic_finds_no_event_and_no_row_of_it(ada: Patient, clinician: User) -> None:
    row = event(ada, clinician)
    client = Client()
    client.force_login(user_with(roles.CLINICIAN, another_clinic()))
    assert client.get(row.get_absolute_url()).status_code == 404
    assert "row-link" not in client.get(reverse("outcomes:events")).content.decode()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1", "'=1"), ("-x", "'-x"), (-1, "-1"), (None, ""), (True, "yes"), (0, "0"), (Decimal("-10.00"), "-10.00"),
        ("\uff1d1+1", "'\uff1d1+1"), ("\uff20SUM(1)", "'\uff20SUM(1)"), (" =1+1", "' =1+1"),
        ("\n=1", "'\n=1"), ("a;=1+1", "a;=1+1"),
    ],
)  # fmt: skip
def test_cells_that_a_spreadsheet_would_run(value: object, cell: str) -> None:
    assert plain(value) == cell


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_no_mark_that_cuts_a_line_makes_a_cell_of_its_own(mark: str) -> None:
    """Which one does depends on the country a spreadsheet is set to; the quotes hold in each."""
    words = f'a{mark}=1+1 "quoted"{mark}"=2'
    text = csv_file("x.csv", ["what"], [[words]]).content.decode()
    assert next(csv.reader(io.StringIO(text.splitlines()[1]), delimiter=mark)) == [words]


def test_an_examination_from_its_form_stops_with_a_notice(browser: Client, ada: Patient, clinician: User) -> None:
    strength(ada, 5, ago(2), clinician)
    url = reverse("outcomes:examine", args=[ada.pk])
    fields = {"taken": TODAY.isoformat(), "strength.ankle_dorsiflexors-left": "3", "felt.pain.L5-left": "7",
              "raise.left": "40", "familiar.left": "yes", "walking_m": "200", "do": "examine"}  # fmt: skip
    page = browser.post(url, fields, follow=True).content.decode()
    assert "Stop. No treatment may begin." in page
    assert "Ankle dorsiflexors, left: 3 of 5, was 5." in page
    assert "surgeon, the same day" in page
    assert "40°, positive" in page
    assert stops_today(ada, timezone.now())
    row = ExaminationRow.objects.latest("id")
    lift = reverse("outcomes:lift", args=[row.pk])
    assert browser.post(lift, {"why": "fine"}).status_code == 400
    browser.post(lift, {"why": "The surgeon saw her today and agrees to go on."})
    assert stops_today(ada, timezone.now()) == ""


def test_saddle_numbness_says_emergency(browser: Client, ada: Patient) -> None:
    fields = {"taken": TODAY.isoformat(), "felt.numbness.S4-left": "2", "do": "examine"}
    page = browser.post(reverse("outcomes:examine", args=[ada.pk]), fields, follow=True).content.decode()
    assert "emergency department now" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("strength.hip_flexors-left", "6"), ("felt.pain.L5-left", "11"), ("raise.left", "200"), ("familiar.left", "maybe"),
     ("motion.flexion_deg", "x"), ("walking_m", "-3"), ("taken", "2999-01-01"), ("taken", "x"),
     ("light_touch.S1-left", "3")],
)  # fmt: skip
def test_a_reading_that_cannot_be_is_said_and_nothing_is_lost(
    browser: Client, ada: Patient, field: str, value: str
) -> None:
    fields = {"taken": TODAY.isoformat(), "note": "Kept words.", "do": "examine"} | {field: value}
    answer = browser.post(reverse("outcomes:examine", args=[ada.pk]), fields)
    assert answer.status_code == 400
    assert "Kept words." in answer.content.decode()
    assert not ExaminationRow.objects.exists()


def test_an_empty_examination_is_none(browser: Client, ada: Patient) -> None:
    fields = {"taken": TODAY.isoformat(), "do": "examine"}
    assert browser.post(reverse("outcomes:examine", args=[ada.pk]), fields).status_code == 400


def test_an_examination_left_half_done_is_resumed_and_corrected_whole(
    browser: Client, ada: Patient, clinician: User
) -> None:
    url = reverse("outcomes:examine", args=[ada.pk])
    fields = {"taken": TODAY.isoformat(), "strength.hip_flexors-left": "4", "note": "half done"}
    assert browser.post(url, fields | {"do": "keep"}).status_code == 204
    assert "half done" in browser.get(url).content.decode()
    browser.post(url, fields | {"do": "examine"})
    assert "half done" not in browser.get(url).content.decode()
    row = ExaminationRow.objects.get()
    page = browser.get(f"{url}?corrects={row.pk}").content.decode()
    assert "half done" in page
    assert '<option value="4" selected>' in page


def test_rows_are_frozen_in_the_database(ada: Patient, clinician: User) -> None:
    row = event(ada, clinician)
    follow_up(row, looked=TODAY, outcome="recovering", status="open", words="Still.", by=clinician)
    strength(ada, 5, TODAY, clinician)
    rmdq(ada, 4, TODAY, clinician)
    for table in ("adverseeventrow", "followup", "examinationrow", "outcomeform"):
        for sql in (f"UPDATE outcomes_{table} SET at = at", f"DELETE FROM outcomes_{table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
