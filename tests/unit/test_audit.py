"""The record of acts: every look at a record is in it, nothing in it changes unseen, and auditors can read it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from opentraction.app.cli import main
from opentraction.clinic import access, head_file, roles
from opentraction.clinic.actions import patients
from opentraction.clinic.actions.audit import record
from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditHead, AuditRow, Patient, TreatmentSession
from opentraction.clinic.models.clinic import first_clinic
from opentraction.quantities import BadInput
from tests.clinic_ground import ADA, another_clinic, user_with
from tests.one_thread import here
from tests.page_words import words_of
from tests.specimens import SPECIMENS, Ground, address, urls
from tests.unit.home_wing.ground import patient_user

pytestmark = pytest.mark.django_db
READS = ("read", "read list")
NOT_OF_A_PATIENT = ("directory:", "person", "emergency-seen", "agenda:service")
SHOWN = {"patient", "edit-patient", "prescribe", "prescription", "treatment", "plan", "session", "session-file"}
"""Addresses of the core that show their record here; a wing proves of its own that they do."""
OF_A_RECORD = [
    name
    for name, one in urls()
    if one.pattern.converters
    and not name.startswith(NOT_OF_A_PATIENT)
    and access.needed(name, "get") not in {None, access.ANYONE}
]
"""Addresses with a number in them that take a GET from somebody who is signed in; the patients' own doors are apart."""


def browser_of(user: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


class TestReading:
    @pytest.fixture(autouse=True)
    def at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", here)

    @pytest.mark.parametrize("name", OF_A_RECORD)
    def test_whoever_opens_an_address_of_a_record_is_written_down(
        self, name: str, session: TreatmentSession, clinician: User, settings: LazySettings, tmp_path: Path
    ) -> None:
        """Every address with the number of a record in it, of the wings too: shown means written down."""
        settings.DATA = tmp_path
        (tmp_path / "one").mkdir()
        (tmp_path / "one" / "session.edf").write_bytes(b"0")
        if name in {"session", "report", "session-file"}:
            session.ending, session.folder = "completed", "one"
            session.save()
        where = address(name, Ground(session.patient, session))
        assert name in SPECIMENS, f"say in tests/specimens.py with what {name} is tried"
        before = AuditRow.objects.count()
        who = patient_user(session.patient) if access.needed(name, "get") == roles.PORTAL else clinician
        answer = browser_of(who).get(where, headers={"referer": "http://testserver/patients?q=secret"})
        for close in answer._resource_closers if name == "session-file" else ():
            close()
        assert answer.status_code == 200 or name not in SHOWN
        if answer.status_code != 200:
            return  # nothing is shown: it leads on, is not this user's, or has nothing to show yet
        row = AuditRow.objects.filter(act__in=READS).last()
        assert AuditRow.objects.count() > before, f"{name} ({answer.status_code}) was read and nobody knows"
        assert row is not None
        assert (row.by, row.patient, row.page, row.clinic) == (who, session.patient, where, first_clinic())
        assert row.detail["what"]
        assert row.detail["from"] == "/patients", "where from, and not what was asked for there"

    def test_a_list_is_one_row_that_names_everybody_on_it(self, ada: Patient, clinician: User) -> None:
        patients.add_patient({**ADA, "given_name": "Ben"}, by=clinician)
        browser_of(clinician).get(reverse("patients"))
        row = AuditRow.objects.get(act="read list")
        assert row.detail["patients"] == ["P-001", "P-002"]
        assert (row.by, row.page) == (clinician, "/patients")

    def test_watching_the_table_is_one_row_when_it_begins(
        self, session: TreatmentSession, clinician: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from types import SimpleNamespace

        link = SimpleNamespace(telemetry={"bound": {"session": str(session.pk)}}, up=True)
        monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", lambda: link)
        assert browser_of(clinician).get(reverse("table-stream")).status_code == 200
        row = AuditRow.objects.get(act="read")
        assert (row.by, row.patient, row.detail["what"]) == (clinician, session.patient, "live stream")

    def test_a_page_that_is_refused_is_not_read(self, session: TreatmentSession) -> None:
        browser = browser_of(user_with(roles.CLINICIAN, another_clinic()))
        assert browser.get(session.patient.get_absolute_url()).status_code == 404
        assert not AuditRow.objects.filter(act__in=READS).exists()

    def test_what_cannot_be_written_down_is_not_shown(
        self, ada: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_row(*asked: Any, **more: Any) -> None:
            raise DatabaseError("the audit row could not be written")

        monkeypatch.setattr("opentraction.clinic.reading.record", no_row)
        answer = browser_of(clinician).get(ada.get_absolute_url())
        assert answer.status_code == 500
        assert "Ada" not in words_of(answer.content.decode())


def sql(*statements: str) -> None:
    """What somebody does who may do everything to the database: the triggers go first."""
    on = (lambda table: f" ON {table}") if connection.vendor == "postgresql" else (lambda table: "")
    with connection.cursor() as cursor:
        for name in ("clinic_auditrow_no_update", "clinic_auditrow_no_delete"):
            cursor.execute(f"DROP TRIGGER {name}{on('clinic_auditrow')}")
        for name in ("clinic_audithead_one_on", "clinic_audithead_no_delete"):
            cursor.execute(f"DROP TRIGGER {name}{on('clinic_audithead')}")
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def six(ada: Patient, clinician: User) -> list[AuditRow]:
    """A record of six rows."""
    with transaction.atomic():
        for number in range(5):
            record("look", ada, by=clinician, number=number)
    return list(AuditRow.objects.all())


class TestTheChain:
    def test_as_it_was_written_it_is_whole(self, six: list[AuditRow]) -> None:
        assert len(six) == 6
        assert broken_link() is None
        assert broken_link(latest=3) is None
        assert broken_link(latest=6) is None
        assert broken_link(latest=600) is None

    @pytest.mark.parametrize("column", ["act", "subject", "page", "detail", "clinic_id", "patient_id", "by_id", "at"])
    def test_an_altered_row_is_told_whatever_was_altered(self, six: list[AuditRow], column: str) -> None:
        values = {"detail": """'{"number": 7}'""", "at": "'2020-01-01 00:00:00'"}
        value = values.get(column, "'x'" if column in {"act", "subject", "page"} else "NULL")
        sql(f"UPDATE clinic_auditrow SET {column} = {value} WHERE id = {six[2].pk}")
        broken = broken_link()
        assert broken is not None
        assert (broken.row, broken.why) == (six[2].pk, "it was altered")

    def test_an_altered_row_with_a_new_hash_breaks_the_next(self, six: list[AuditRow]) -> None:
        from opentraction.clinic.models.audit import digest

        forged = digest(six[2].said() | {"act": "nothing"})
        sql(f"UPDATE clinic_auditrow SET act = 'nothing', sha256 = '{forged}' WHERE id = {six[2].pk}")
        broken = broken_link()
        assert broken is not None
        assert broken.row == six[3].pk
        assert "does not follow" in broken.why

    @pytest.mark.parametrize("which", [0, 2, 4])
    def test_a_row_taken_out_is_told(self, six: list[AuditRow], which: int) -> None:
        sql(f"DELETE FROM clinic_auditrow WHERE id = {six[which].pk}")
        broken = broken_link()
        assert broken is not None
        assert broken.row == six[which + 1].pk

    def test_another_order_is_told(self, six: list[AuditRow]) -> None:
        a, b = six[2].pk, six[3].pk
        sql(*(f"UPDATE clinic_auditrow SET id = {to} WHERE id = {of}" for of, to in ((a, 9999), (b, a), (9999, b))))
        broken = broken_link()
        assert broken is not None
        assert broken.row == a

    @pytest.mark.parametrize("kept", [0, 1, 5])
    def test_a_cut_off_end_is_told(self, six: list[AuditRow], kept: int) -> None:
        sql(f"DELETE FROM clinic_auditrow WHERE id > {six[kept - 1].pk if kept else 0}")
        for broken in (broken_link(), broken_link(latest=3)):
            assert broken is not None
            assert (broken.row, "cut off" in broken.why) == (None, True)

    def test_a_cut_off_end_with_a_head_that_was_set_back_is_told_by_the_file(self, six: list[AuditRow]) -> None:
        head = AuditHead.objects.get()
        assert head_file.write(head_file.Head(head.length, head.sha256))
        assert broken_link() is None
        cut = f"DELETE FROM clinic_auditrow WHERE id > {six[3].pk}"
        sql(cut, f"UPDATE clinic_audithead SET length = 4, sha256 = '{six[3].sha256}'")
        broken = broken_link()
        assert broken is not None
        assert "knows 6 rows, not 4" in broken.why

    def test_an_end_that_was_written_anew_is_told_by_the_file(self, six: list[AuditRow], clinician: User) -> None:
        assert head_file.write(head_file.Head(6, six[5].sha256))
        cut = f"DELETE FROM clinic_auditrow WHERE id > {six[3].pk}"
        sql(cut, f"UPDATE clinic_audithead SET length = 4, sha256 = '{six[3].sha256}'")
        with transaction.atomic():
            for _ in range(3):
                record("look", clinician, by=clinician)
        broken = broken_link()
        assert broken is not None
        assert "knows another row here" in broken.why

    def test_a_head_that_is_gone_is_told_and_nothing_is_written_behind_it(
        self, six: list[AuditRow], clinician: User
    ) -> None:
        sql("DELETE FROM clinic_audithead")
        broken = broken_link()
        assert broken is not None
        assert "head is gone" in broken.why
        with pytest.raises(RuntimeError, match="lost its head"), transaction.atomic():
            record("look", clinician, by=clinician)

    def test_a_file_that_is_gone_or_forged_is_told(self, six: list[AuditRow]) -> None:
        assert head_file.write(head_file.Head(6, six[5].sha256))
        AuditHead.objects.update(filed=True)
        assert broken_link() is None
        path = head_file.path()
        path.write_bytes(path.read_bytes().replace(b"6 ", b"5 "))
        for _ in range(2):
            broken = broken_link()
            assert broken is not None
            assert "gone or was forged" in broken.why
            path.unlink(missing_ok=True)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE clinic_audithead SET length = length - 1",
            "UPDATE clinic_audithead SET length = length + 2",
            "UPDATE clinic_audithead SET sha256 = 'x'",
            "DELETE FROM clinic_audithead",
        ],
    )
    def test_the_database_lets_the_head_move_on_and_never_back(self, six: list[AuditRow], statement: str) -> None:
        refused = pytest.raises(DatabaseError, match="kept as it was written")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestTheFile:
    def test_it_keeps_the_longest_head_and_the_one_before(self) -> None:
        for length in (1, 2, 3, 2):
            assert head_file.write(head_file.Head(length, f"{length}" * 64))
        assert head_file.read() == head_file.Head(3, "3" * 64)
        assert head_file.path().stat().st_size == 2 * head_file.WIDTH
        assert head_file.path().stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("torn", range(0, head_file.WIDTH, 13))
    def test_a_line_torn_by_a_power_cut_leaves_the_one_before(self, torn: int) -> None:
        for length in (1, 2):
            head_file.write(head_file.Head(length, f"{length}" * 64))
        whole = head_file.path().read_bytes()
        head_file.path().write_bytes(whole[: head_file.WIDTH] + b"\0" * torn + whole[head_file.WIDTH + torn :])
        read = head_file.read()
        assert read is not None
        assert read.length == (2 if torn == 0 else 1)

    def test_a_disk_that_takes_nothing_is_said_and_stops_nobody(
        self, settings: LazySettings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.DATA = Path("/proc")
        assert not head_file.write(head_file.Head(1, "1" * 64))
        assert "could not be put beside the database" in caplog.text

    def test_it_follows_each_commit(self, django_capture_on_commit_callbacks: Any) -> None:
        user = User.objects.create_user("ann")
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            record("look", user, by=user)
            assert head_file.read() is None, "not before the row is there for good"
        head = AuditHead.objects.get()
        assert head_file.read() == head_file.Head(1, head.sha256)
        assert head.filed
        assert broken_link() is None


class TestTheCommand:
    @pytest.fixture
    def desk(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
        monkeypatch.setattr("opentraction.app.commands.audit.open_clinic", lambda data: None)

        def say(*words: str) -> tuple[int, str, str]:
            code = main(["audit", *words])
            said = capsys.readouterr()
            return code, said.out, said.err

        return say

    def test_check_tells_whole_and_broken(self, six: list[AuditRow], desk: Any) -> None:
        assert desk("check")[:2] == (0, "The record of acts is whole: 6 rows, each linked to the one before.\n")
        sql(f"UPDATE clinic_auditrow SET act = 'x' WHERE id = {six[2].pk}")
        code, out, err = desk("check")
        assert (code, out) == (5, "")
        assert err == f"The record of acts is not whole. At row {six[2].pk}: it was altered.\n"

    def test_an_export_can_be_checked_by_anybody(self, six: list[AuditRow], desk: Any, tmp_path: Path) -> None:
        path = tmp_path / "acts.jsonl"
        assert desk("export", "--out", str(path))[0] == 0
        prev = ""
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for row in rows:
            names = ("prev", "at", "by_id", "act", "subject", "detail", "form", "clinic_id", "patient_id", "page")
            text = json.dumps([row[name] for name in names], sort_keys=True, separators=(",", ":"))
            assert row["prev"] == prev
            assert hashlib.sha256(text.encode()).hexdigest() == row["sha256"]
            prev = row["sha256"]
        assert [row["act"] for row in rows][-1] == "export record of acts"
        assert len(rows) == 7
        assert desk("export", "--out", str(path))[0] == 2, "a file that is there is not written over"


class TestTheAuditorsPage:
    @pytest.fixture
    def auditor(self) -> Client:
        return browser_of(user_with(roles.AUDITOR))

    def rows(self, browser: Client, **asked: str) -> list[str]:
        page = browser.get(reverse("acts"), asked)
        assert page.status_code == 200
        return [row.act for row in page.context["rows"]]

    def test_it_filters_by_patient_user_act_kind_and_day(self, auditor: Client, ada: Patient, clinician: User) -> None:
        ben = patients.add_patient({**ADA, "given_name": "Ben"}, by=clinician)
        browser_of(clinician).get(ben.get_absolute_url())
        browser_of(clinician).get(reverse("patients"))
        assert self.rows(auditor, patient="P-002") == ["read list", "read", "add patient"]
        assert self.rows(auditor, patient="1") == ["read list", "add patient"]
        assert self.rows(auditor, patient="P-003") == []
        assert self.rows(auditor, patient="nobody") == []
        assert self.rows(auditor, user=clinician.username, kind="acts") == ["add patient", "add patient"]
        assert self.rows(auditor, kind="reads") == ["read list", "read"]
        assert self.rows(auditor, act="add") == ["add patient", "add patient"]
        assert self.rows(auditor, until="2020-01-01") == []
        assert len(self.rows(auditor, since="2020-01-01")) > 4

    def test_it_turns_pages(self, auditor: Client, ada: Patient, clinician: User) -> None:
        with transaction.atomic():
            for number in range(150):
                record("look", ada, by=clinician, number=number)
        first = auditor.get(reverse("acts"), {"act": "look"})
        second = auditor.get(reverse("acts"), {"act": "look", "before": first.context["follows"]})
        numbers = [row.detail["number"] for page in (first, second) for row in page.context["rows"]]
        assert numbers == list(reversed(range(150)))
        assert second.context["follows"] is None

    def test_reading_it_is_written_in_it(self, auditor: Client) -> None:
        auditor.get(reverse("acts"), {"patient": "P-001"})
        row = AuditRow.objects.latest("id")
        assert (row.act, row.detail["asked"]) == ("read record of acts", "patient=P-001")

    def test_an_auditor_reads_the_record_of_their_clinic_alone(self, ada: Patient, clinician: User) -> None:
        north = another_clinic()
        eve = user_with(roles.CLINICIAN, north)
        patients.add_patient({**ADA, "given_name": "Ben"}, by=eve)
        theirs = browser_of(user_with(roles.AUDITOR, north))
        assert self.rows(theirs, act="add") == ["add patient"]
        assert [row.patient.pseudonym for row in theirs.get(reverse("acts"), {"act": "add"}).context["rows"]] == [
            "P-002"
        ]
        assert b"P-001" not in b"".join(theirs.get(reverse("acts-export")).streaming_content)  # type: ignore[attr-defined]

    def test_an_export_has_what_was_asked_for(self, auditor: Client, ada: Patient, clinician: User) -> None:
        answer = auditor.get(reverse("acts-export"), {"act": "add"})
        lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
        assert [json.loads(line)["act"] for line in lines] == ["add patient"]

    @pytest.mark.parametrize(
        ("name", "value"), [("since", "x"), ("until", "2026-13-01"), ("kind", "all"), ("before", "x"), ("before", "٣")]
    )
    def test_what_cannot_be_asked_is_said(self, auditor: Client, name: str, value: str) -> None:
        for page in ("acts", "acts-export"):
            answer = auditor.get(reverse(page), {name: value})
            assert answer.status_code == 400
            assert "allowed:" in answer.content.decode()

    def test_a_break_is_on_the_page(self, auditor: Client, six: list[AuditRow]) -> None:
        assert "rows hold" in auditor.get(reverse("acts")).content.decode()
        sql(f"UPDATE clinic_auditrow SET act = 'x' WHERE id = {six[2].pk}")
        for asked in ({}, {"whole": "yes"}):
            assert f"row {six[2].pk}: it was altered" in auditor.get(reverse("acts"), asked).content.decode()

    def test_a_clinician_is_no_auditor(self, clinician: User) -> None:
        assert browser_of(clinician).get(reverse("acts")).status_code == 403


def test_refusals_are_one_sentence() -> None:
    from opentraction.clinic.auditing import Asked

    with pytest.raises(BadInput, match="a day such as"):
        Asked.read({"since": "yesterday"})
    assert Asked.read({"user": "x\0y"}).user == "xy"
