"""Recordings on their way into the record of care: taken in once, measured again when interrupted, never invented."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.clinic.acting import arguments
from opentraction.clinic.actions import prescriptions, treatments
from opentraction.clinic.course import _alone, _trend, course_of, just_ended
from opentraction.clinic.models import AuditRow, Patient, Preference, TreatmentSession
from opentraction.clinic.recordings import take_in_all
from opentraction.quantities import BadInput
from opentraction.session import documents
from opentraction.session.recorder import FASTER_THAN_LIFE, Recorder
from opentraction.session.recovery import recover
from tests.clinic_ground import COURSE, confirmed
from tests.synthetic import legs, make_rows, start, story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def told(session: TreatmentSession, **more: Any) -> Iterator[Any]:
    """The made-up session, said of this row."""
    score = documents.event(30.0, "comfort", "comfort 7 of 10", {"score": 7})
    items = story(make_rows(legs()), [score], **more)
    next(items)
    return chain([start(uid=str(session.pk), operator="a clinician")], items)


def record(session: TreatmentSession, data: Path, **more: Any) -> Path:
    folder = data / "recordings" / str(session.pk)
    tell(Recorder(folder, pace=FASTER_THAN_LIFE), told(session, **more))
    return folder


def test_a_finished_recording_becomes_the_sessions_outcome_once(session: TreatmentSession, data: Path) -> None:
    record(session, data)
    assert take_in_all() == 1
    assert take_in_all() == 0
    session.refresh_from_db()
    assert (session.ending, session.comfort) == ("completed", 7)
    assert session.started == datetime(2026, 3, 4, 9, 30, 15, tzinfo=UTC)
    assert session.summary is not None
    assert session.summary["peak_force_n"] == pytest.approx(301.0, abs=0.5)
    assert AuditRow.objects.get(act="take in recording").by is None


def test_a_running_recording_waits(session: TreatmentSession, data: Path) -> None:
    recorder = Recorder(data / "recordings" / str(session.pk), pace=FASTER_THAN_LIFE)
    recorder.document(start(uid=str(session.pk)))
    recorder.document(documents.descriptor())
    assert take_in_all() == 0
    session.refresh_from_db()
    assert session.ending == ""
    recorder.close()


def test_an_interrupted_recording_is_measured_again(session: TreatmentSession, data: Path) -> None:
    folder = data / "recordings" / str(session.pk)
    recorder = Recorder(folder, pace=FASTER_THAN_LIFE)
    tell(recorder, (item for item in told(session) if not (isinstance(item, dict) and item["doc"] == "stop")))
    assert take_in_all() == 0
    recover(folder, datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert take_in_all() == 1
    session.refresh_from_db()
    assert session.ending == "interrupted"
    assert session.summary is not None
    assert session.summary["peak_force_n"] == pytest.approx(301.0, abs=0.5)


def test_an_altered_log_is_not_taken_in(session: TreatmentSession, data: Path) -> None:
    path = record(session, data) / "documents.jsonl"
    path.write_text(path.read_text("utf-8").replace("completed", "complete!"), "utf-8")
    assert take_in_all() == 0
    session.refresh_from_db()
    assert session.ending == ""


def test_a_foreign_folder_is_left_alone(session: TreatmentSession, data: Path) -> None:
    (data / "recordings" / "x").mkdir(parents=True)
    (data / "recordings" / "x" / "documents.jsonl").write_text("nonsense\n", "utf-8")
    assert take_in_all() == 0


def test_the_session_page_the_report_and_the_files(session: TreatmentSession, data: Path, clinician: User) -> None:
    folder = record(session, data)
    browser = Client()
    browser.force_login(clinician)
    page = browser.get(reverse("session", args=[session.pk])).content.decode()
    assert "Completed" in page
    assert "<svg" in page
    assert "7 of 10" in page
    report = browser.get(reverse("report", args=[session.pk]))
    text = pypdf.PdfReader(io.BytesIO(report.content)).pages[0].extract_text()
    assert "Ada Example" in text
    raw = browser.get(reverse("session-file", args=[session.pk, "documents.jsonl"]))
    assert b"".join(raw.streaming_content) == (folder / "documents.jsonl").read_bytes()
    assert browser.get(reverse("session-file", args=[session.pk, "report.pdf"])).status_code == 404
    assert browser.get(f"/sessions/{session.pk}/files/..%2F..%2Fclinic.sqlite3").status_code == 404
    assert sorted(file.name for file in folder.iterdir()) == ["documents.jsonl", "session.edf"]


def test_a_session_without_a_recording_has_no_report(session: TreatmentSession, data: Path, clinician: User) -> None:
    browser = Client()
    browser.force_login(clinician)
    assert browser.get(reverse("report", args=[session.pk])).status_code == 404
    assert browser.get(reverse("session", args=[session.pk])).headers["Location"] == reverse(
        "treatment", args=[session.pk]
    )


@pytest.mark.parametrize("harm", ["missing", "no waveforms", "torn", "altered", "a folder", "empty"])
def test_a_recording_that_cannot_be_read_is_a_sentence(
    session: TreatmentSession, data: Path, clinician: User, harm: str
) -> None:
    folder = record(session, data)
    assert take_in_all() == 1
    spoil(folder, harm)
    browser = Client()
    browser.force_login(clinician)
    answer = browser.get(reverse("report", args=[session.pk]))
    assert answer.status_code == 409
    assert "allowed:" in answer.content.decode()
    assert browser.get(reverse("session", args=[session.pk])).status_code == 200


def spoil(folder: Path, harm: str) -> None:
    """What a disk, or a hand, may do to a recording."""
    waveforms, log = folder / "session.edf", folder / "documents.jsonl"
    if harm == "missing":
        shutil.rmtree(folder)
    elif harm == "no waveforms":
        waveforms.unlink()
    elif harm == "torn":
        waveforms.write_bytes(waveforms.read_bytes()[:300])
    elif harm == "altered":
        log.write_text(log.read_text("utf-8").replace("completed", "complete!"), "utf-8")
    elif harm == "a folder":
        log.unlink()
        log.mkdir()
    else:
        log.write_bytes(b"")


def test_report_and_chart_speak_the_readers_unit(session: TreatmentSession, data: Path, clinician: User) -> None:
    record(session, data)
    Preference.objects.create(user=clinician, force_unit="lb")
    browser = Client()
    browser.force_login(clinician)
    page = browser.get(reverse("session", args=[session.pk])).content.decode()
    assert "force, lb" in page.lower()
    report = browser.get(reverse("report", args=[session.pk]))
    assert " lb (" in pypdf.PdfReader(io.BytesIO(report.content)).pages[0].extract_text().replace("\xa0", " ")


def test_a_course_draws_what_is_known_and_leaves_out_the_rest(session: TreatmentSession, clinician: User) -> None:
    assert course_of(session.patient, "lb").charts == []
    for peak, comfort in ((200.0, None), (None, 6), (210.0, 8)):
        one = treatments.begin(session.plan.prescription, by=clinician)
        summary = {"peak_force_n": peak, "hold_error_n": None}
        treatments.take_in(one, treatments.Outcome("completed", "", one.created, one.created, comfort, summary, "x"))
    course = course_of(session.patient, "lb")
    assert [line.peak for line in course.lines] == [200.0, None, 210.0]
    assert [one.title for one in course.charts] == ["Peak force", "Hold error, rms", "Comfort"]
    assert all("nan" not in one.svg.lower() for one in course.charts)


def test_a_trend_needs_four_values_and_stays_among_them() -> None:
    numbers = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert _trend(numbers, np.array([9.0, np.nan, 5.0, 1.0, np.nan])) == []
    (line,) = _trend(numbers, np.array([9.0, 5.0, 0.0, 0.0, np.nan]))
    assert line.x.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert line.y.min() == 0.0


def test_a_value_without_neighbours_is_still_seen() -> None:
    numbers = np.array([1.0, 2.0, 3.0])
    (first, last) = _alone(numbers, np.array([4.0, np.nan, 6.0]))
    assert first.x[0] < first.x[1] <= 1.1
    assert last.y.tolist() == [6.0, 6.0]
    assert _alone(numbers, np.array([4.0, 5.0, 6.0])) == []


def test_a_session_just_ended_is_being_taken_in() -> None:
    told = [{"doc": "start", "uid": "one"}, {"doc": "event"}]
    assert not just_ended(told, "one")
    assert just_ended([*told, {"doc": "stop"}], "one")
    assert not just_ended([*told, {"doc": "stop"}], "two")
    assert not just_ended([], "one")


def ended_but_not_taken_in(session: TreatmentSession, data: Path) -> Recorder:
    """The recorder still has its last second to write: the table is safe, the stop document is not on disk."""
    recorder = Recorder(data / "recordings" / str(session.pk), pace=FASTER_THAN_LIFE)
    items = list(told(session))
    for item in items[:-1]:
        recorder.document(item) if isinstance(item, dict) else recorder.rows(item)
    return recorder


def test_a_session_that_was_at_the_table_is_not_bound_again(session: TreatmentSession, data: Path) -> None:
    recorder = ended_but_not_taken_in(session, data)
    with pytest.raises(BadInput, match="has been at the table"):
        treatments.may_still_bind(session)
    recorder.close()


def test_the_next_of_a_course_waits_until_the_last_is_taken_in(ada: Patient, clinician: User, data: Path) -> None:
    course = prescriptions.sign(
        prescriptions.draft(ada, "Course", COURSE, by=clinician), by=clinician, confirmed=confirmed(clinician)
    )
    first = treatments.begin(course, by=clinician)
    other = TreatmentSession(patient=ada, plan=first.plan, operator=clinician)
    other.save()
    treatments.may_still_bind(other)
    ended_but_not_taken_in(first, data).close()
    for wrong in (lambda: treatments.begin(course, by=clinician), lambda: treatments.may_still_bind(other)):
        with pytest.raises(BadInput, match="still being taken in"):
            wrong()
    recover(data / "recordings" / str(first.pk), datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert take_in_all() == 1
    with pytest.raises(BadInput, match="number 1 of its course"):
        treatments.may_still_bind(other)
    assert treatments.begin(course, by=clinician).plan.session == 2


def test_binding_takes_in_first_what_has_ended(session: TreatmentSession, data: Path) -> None:
    record(session, data)
    with pytest.raises(BadInput, match="completed"):
        arguments("bind", {"identity": "confirmed"}, {"phase": "safe"}, session)


def test_a_session_in_set_up_may_be_replaced_by_another_of_the_patient(
    session: TreatmentSession, data: Path, clinician: User
) -> None:
    other = TreatmentSession(patient=session.patient, plan=session.plan, operator=clinician)
    other.save()
    recorder = ended_but_not_taken_in(session, data)
    bound = {"session": str(session.pk), "pseudonym": "P-001"}
    with pytest.raises(BadInput, match="P-001 is still on the table"):
        arguments("bind", {"identity": "confirmed"}, {"phase": "safe", "bound": bound}, other)
    arguments("bind", {"identity": "confirmed"}, {"phase": "setup", "bound": bound}, other)
    recorder.close()


def test_the_session_at_the_table_is_opened_not_begun_again(
    session: TreatmentSession, data: Path, clinician: User
) -> None:
    recorder = ended_but_not_taken_in(session, data)
    signed = session.plan.prescription
    assert treatments.begin(signed, by=clinician, at_table=str(session.pk)) == session
    recorder.close()


def test_an_altered_log_does_not_keep_its_patient_waiting(
    session: TreatmentSession, data: Path, clinician: User
) -> None:
    path = record(session, data) / "documents.jsonl"
    path.write_text(path.read_text("utf-8").replace("completed", "complete!"), "utf-8")
    with pytest.raises(BadInput, match="has been at the table"):
        treatments.may_still_bind(session)
    new = treatments.begin(session.plan.prescription, by=clinician)
    assert new != session
    treatments.may_still_bind(new)
