"""The whole export and its way back: every value survives, and what is torn, altered or in the way is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditRow, Clinic, Patient, TreatmentSession
from opentraction.clinic.records.loading import load_whole
from opentraction.clinic.records.spelling import plain, spell, unspell
from opentraction.clinic.records.tables import NOT_CARRIED, rows_of, tables
from opentraction.clinic.records.whole import export_whole
from opentraction.quantities import BadInput
from tests.cleared import clear
from tests.clinic_ground import ADA, DOCUMENT, confirmed, user_with

pytestmark = pytest.mark.django_db


def exported(fill: Callable[[], object]) -> bytes:
    """The export of a clinic that was filled so; it is gone again afterwards."""
    file = io.BytesIO()
    with transaction.atomic():
        fill()
        export_whole(file)
        transaction.set_rollback(True)
    return file.getvalue()


def a_clinic() -> TreatmentSession:
    from opentraction.clinic import roles
    from opentraction.clinic.actions import patients, prescriptions, treatments

    user = user_with(roles.CLINICIAN)
    ada = patients.add_patient(ADA | {"given_name": "Adäa\u2028'\\", "mass_kg": 70.1}, by=user)
    clear(ada, user)
    draft = prescriptions.draft(ada, "Short", DOCUMENT, by=user)
    return treatments.begin(prescriptions.sign(draft, by=user, confirmed=confirmed(user)), by=user)


def test_every_table_is_carried_but_who_is_signed_in() -> None:
    known = {one._meta.label for one in apps.get_models(include_auto_created=True)}
    assert {one._meta.label for one in tables()} == known - NOT_CARRIED


def test_there_and_back_is_the_same() -> None:
    said = exported(a_clinic)
    assert Patient.objects.count() == 0
    whole = load_whole(io.BytesIO(said))
    again = io.BytesIO()
    assert export_whole(again).sha256 == whole.sha256
    assert again.getvalue() == said
    assert whole.counts["clinic.Patient"] == 1
    assert whole.rows > 50
    assert broken_link() is None


def test_life_goes_on_after_it() -> None:
    load_whole(io.BytesIO(exported(a_clinic)))
    from opentraction.clinic.actions.patients import add_patient

    new = add_patient(dict(ADA), by=User.objects.get())
    assert new.pk > Patient.objects.order_by("pk")[0].pk
    assert broken_link() is None


def test_times_that_are_set_by_themselves_stay_as_they_were() -> None:
    def long_ago() -> None:
        a_clinic()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE clinic_patient SET created = %s", [datetime(2001, 2, 3, 4, 5, 6, 7, tzinfo=UTC)])

    load_whole(io.BytesIO(exported(long_ago)))
    assert Patient.objects.get().created == datetime(2001, 2, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_database_in_use_is_refused_and_stays() -> None:
    said = exported(a_clinic)
    User.objects.create_user("somebody")
    with pytest.raises(BadInput, match=r"in use.*auth\.User"):
        load_whole(io.BytesIO(said))
    assert User.objects.count() == 1


def test_a_second_clinic_is_a_database_in_use() -> None:
    Clinic.objects.create(name="North")
    with pytest.raises(BadInput, match=r"in use"):
        load_whole(io.BytesIO(exported(lambda: None)))


def altered(said: bytes, how: str) -> bytes:
    lines = said.splitlines(keepends=True)
    at = next(n for n, one in enumerate(lines) if b'"Ad' in one)
    if how == "value":
        lines[at] = lines[at].replace(b"70.1", b"70.2")
    elif how == "row taken out":
        del lines[at]
    elif how == "row twice":
        lines.insert(at, lines[at])
    elif how == "end cut off":
        del lines[-1]
    elif how == "line cut off":
        lines[-1] = lines[-1][:-9]
    elif how == "put on":
        lines.append(b"[]\n")
    return b"".join(lines)


@pytest.mark.parametrize("how", ["value", "row taken out", "row twice", "end cut off", "line cut off", "put on"])
def test_torn_or_altered_is_refused_and_nothing_is_put_in(how: str) -> None:
    said = exported(a_clinic)
    bad = altered(said, how)
    assert bad != said
    with pytest.raises(BadInput):
        load_whole(io.BytesIO(bad))
    assert Patient.objects.count() == 0
    assert Clinic.objects.count() == 1


def test_a_record_of_acts_that_is_not_whole_is_refused_with_the_place() -> None:
    """Every hash of the file is right, but a row of the acts was altered before it was made."""
    said = exported(a_clinic).splitlines(keepends=True)
    import hashlib

    begin = next(n for n, one in enumerate(said) if one.startswith(b'{"columns"') and b'"clinic.AuditRow"' in one)
    end = next(n for n, one in enumerate(said) if b'{"end":"clinic.AuditRow"' in one)
    said[begin + 1] = said[begin + 1].replace(b"add patient", b"see patient")
    assert b"see patient" in said[begin + 1]
    known = json.loads(said[end]) | {"sha256": hashlib.sha256(b"".join(said[begin + 1 : end])).hexdigest()}
    said[end] = json.dumps(known, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with pytest.raises(BadInput, match=r"record of acts.*altered"):
        load_whole(io.BytesIO(b"".join(said)))
    assert AuditRow.objects.count() == 0


def test_another_version_is_refused() -> None:
    said = exported(a_clinic).replace(b'"clinic.0001_initial"', b'"clinic.0000_before"')
    with pytest.raises(BadInput, match="version"):
        load_whole(io.BytesIO(said))


def test_the_export_reads_past_managers_that_hide_rows(session: TreatmentSession) -> None:
    for table in tables():
        assert export_whole().counts[table._meta.label] == rows_of(table).count()
        break
    assert export_whole().counts["clinic.TreatmentSession"] == 1


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_times_have_one_spelling_and_a_way_back(when: datetime) -> None:
    field = models.DateTimeField()
    try:
        utc = when.astimezone(UTC)
    except OverflowError:
        return
    assert spell(field, when) == spell(field, utc)
    assert unspell(field, spell(field, when)) == when


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_come_back_exactly(value: float) -> None:
    field = models.FloatField()
    assert unspell(field, json.loads(json.dumps(spell(field, value)))) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
def test_json_numbers_have_one_form_and_keep_their_value(value: object) -> None:
    assert plain(value) == value
    assert plain(plain(value)) == plain(value)
    assert json.loads(json.dumps(plain(value))) == value
