"""A clinic as it is after years: the demo's patients, made by real acts, written down some thousand times over.

Straight into PostgreSQL, as no clinic would: triggers are off while it is filled, and the record of acts is chained by
its own rule and checked whole afterwards. Keys and every reference move along; two clinics share the patients.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.color import no_style
from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from opentraction.clinic import head_file, roles
from opentraction.clinic.models import AuditHead, AuditRow, Clinic, Patient
from opentraction.clinic.models.audit import COLUMNS, READ, digest
from opentraction.quantities import Streams

STEP = 1000
"""How far apart the keys of two copies are; the demo has fewer rows of anything."""
AGENDA = {"agenda.Appointment", "agenda.Hold", "agenda.WaitingRow"}
OF_A_CLINIC = ("agenda.Opening", "agenda.ClosureRow", "agenda.ResourceRow", "billing.Books", "billing.PriceListRow")
ALONE = {"clinic.AuditRow", "clinic.PatientAccount", "clinic.Emergency", *AGENDA}
GIVEN = ("Anna", "Boris", "Carla", "David", "Elena", "Fatima", "Georg", "Hana", "Ivan", "Julia", "Karim", "Lena")
FAMILY = ("Abbott", "Berger", "Castro", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito", "Jensen", "Kowalski")
READS = 100_000
TABLES, STAFF = 6, 6
UNSEEN = 3
Model = type[models.Model]


@dataclass(frozen=True)
class Person:
    """Somebody signed in: the cookie's value, the role, and the clinic's number."""

    cookie: str
    role: str
    clinic: int


def fill(patients: int, seed: int) -> None:
    """Copies of the demo's four until there are `patients`, an agenda of full days, and what was read."""
    ours = [model for model in _every() if _is_of_a_patient(model)]
    north = Clinic.objects.create(name="North clinic", second_factor_for=[])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in (model for model in _every() if model._meta.label in OF_A_CLINIC):
            _copy(cursor, model, 1, {Clinic}, north.pk, clinic_only=True)
        for model in ours:
            _copy(cursor, model, patients // 4 - 1, {*ours, Clinic}, north.pk)
        _name(cursor, seed)
        _see_to(cursor)
        for clinic in Clinic.objects.order_by("pk"):
            _agenda(cursor, clinic)
        _reads(cursor, seed)
        for sql in connection.ops.sequence_reset_sql(no_style(), list(_every())):
            cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    head = AuditHead.objects.get()
    head_file.write(head_file.Head(head.length, head.sha256))


def people(counts: dict[str, int], minutes: int = 600) -> list[Person]:
    """Users of each role in both clinics, each with a session that was opened beforehand."""
    clinics = list(Clinic.objects.order_by("pk"))
    Clinic.objects.update(idle_min=minutes)
    made = []
    for role, count in counts.items():
        for n in range(count):
            clinic = clinics[n % 2]
            user = User.objects.create(username=f"{role} {n}")
            user.set_unusable_password()
            user.save()
            roles.give(user, role, clinic)
            if role == roles.PATIENT:
                _account(user, clinic, n)
            made.append(Person(_session(user), role, clinic.pk))
    return made


def _every() -> Iterator[Model]:
    from django.apps import apps

    return (model for model in apps.get_models() if model._meta.managed and not model._meta.proxy)


def _is_of_a_patient(model: Model) -> bool:
    if model._meta.label in ALONE:
        return False
    return model is Patient or bool(roles.patient_path(model))


def _copy(cursor: Any, model: Model, copies: int, moved: set[Any], other: int, clinic_only: bool = False) -> None:
    """`INSERT ... SELECT` of a whole table: copy n has its keys n steps on; every second one is the other clinic's."""
    table = model._meta.db_table
    cursor.execute(f"SELECT count(*) FROM {table}")
    rows = cursor.fetchone()[0]
    fields = list(model._meta.concrete_fields)
    values = [_moved(field, moved, other, rows, clinic_only) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table}, generate_series(1, {copies}) AS n"
    )


def _moved(field: Any, moved: set[Any], other: int, rows: int, clinic_only: bool) -> str:
    """The expression that gives a column of copy n."""
    column = f'"{field.column}"'
    if field.is_relation:
        if field.related_model is Clinic:
            return str(other) if clinic_only else f"CASE WHEN n % 2 = 1 THEN {other} ELSE {column} END"
        return _key(field.target_field, column) if field.related_model in moved else column
    if field.name == "object_id":  # of a signature: a number or a UUID, as words
        return f"CASE WHEN {column} ~ '^[0-9]+$' THEN ({column}::bigint + n * {STEP})::text ELSE {column} END"
    if field.primary_key or field.name == "uid":
        return _key(field, column)
    if field.name == "number" and not clinic_only:
        return f"{column} + n * {rows}"
    if field.unique and isinstance(field, models.CharField):
        return f"md5({column} || n)"
    return column


def _key(field: Any, column: str) -> str:
    if isinstance(field, models.UUIDField):
        return f"md5({column}::text || n)::uuid"
    return column if isinstance(field, models.CharField) else f"{column} + n * {STEP}"


def _name(cursor: Any, seed: int) -> None:
    """Everybody a name, a birthday and a mass of their own."""
    chance = Streams(seed).stream("names")
    for pk in Patient.objects.filter(pk__gt=STEP).values_list("pk", flat=True):
        given, family = GIVEN[chance.integers(len(GIVEN))], FAMILY[chance.integers(len(FAMILY))]
        born = date(1940, 1, 1) + timedelta(days=int(chance.integers(22_000)))
        cursor.execute(
            "UPDATE clinic_patient SET given_name = %s, family_name = %s, birth_date = %s WHERE id = %s",
            [given, f"{family}-{pk % 97}", born, pk],
        )


def _agenda(cursor: Any, clinic: Clinic) -> None:
    """Five more tables, each with a visit every hour of every weekday, from two months ago to one from now."""
    for number in range(1, TABLES):
        cursor.execute(_RESOURCE, ["table", f"Table {number + 1}", clinic.pk])
    for number in range(1, STAFF):
        cursor.execute(_RESOURCE, ["staff", f"Therapist {number + 1}", clinic.pk])
    with connection.cursor() as asked:
        asked.execute(
            "SELECT id FROM agenda_resourcerow WHERE clinic_id = %s AND kind = 'table' ORDER BY id OFFSET 1",
            [clinic.pk],
        )
        tables = [row[0] for row in asked.fetchall()]
        asked.execute(
            "SELECT id FROM agenda_resourcerow WHERE clinic_id = %s AND kind = 'staff' ORDER BY id OFFSET 1",
            [clinic.pk],
        )
        staff = [row[0] for row in asked.fetchall()]
    author = User.objects.order_by("pk").first()
    patients = list(Patient.objects.filter(clinic=clinic, pk__gt=STEP).order_by("pk").values_list("pk", flat=True))
    visits = list(_visits(clinic, len(tables)))
    for number, (starts, column) in enumerate(visits):
        over = starts < datetime.now(UTC)
        cursor.execute(
            _VISIT,
            [patients[number % len(patients)], starts, starts + timedelta(minutes=45), starts.date(),
             "done" if over else "booked", author.pk if author else 1],
        )  # fmt: skip
        visit = cursor.fetchone()[0]
        for resource in (tables[column], staff[column]):
            cursor.execute(_HOLD, [visit, resource, starts, starts + timedelta(minutes=45)])


def _visits(clinic: Clinic, columns: int) -> Iterator[tuple[datetime, int]]:
    from zoneinfo import ZoneInfo

    today = datetime.now(UTC).date()
    for ahead in range(-60, 30):
        day = today + timedelta(days=ahead)
        if day.weekday() < 5:
            for hour in (8, 9, 10, 11, 13, 14, 15, 16, 17):
                for column in range(columns):
                    yield datetime.combine(day, time(hour), ZoneInfo(clinic.time_zone)).astimezone(UTC), column


_RESOURCE = (
    "INSERT INTO agenda_resourcerow (kind, name, clinic_id, takes, active, out_why) VALUES (%s, %s, %s, '[]', true, '')"
)
_VISIT = (
    "INSERT INTO agenda_appointment (id, uid, kind, session, sequence, cancelled_why, patient_id, starts, ends, day,"
    " state, made, made_by_id, changed) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM agenda_appointment),"
    " gen_random_uuid(), 'session', true, 0, '', %s, %s, %s, %s, %s, now(), %s, now()) RETURNING id"
)
_HOLD = (
    "INSERT INTO agenda_hold (id, appointment_id, resource_id, starts, ends, stands, sequence)"
    " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM agenda_hold), %s, %s, %s, %s, true, 0)"
)


def _see_to(cursor: Any) -> None:
    """One of the demo's four is an emergency; somebody has seen to all of their copies but `UNSEEN` in a clinic."""
    cursor.execute(
        "INSERT INTO intake_seento (patient_id, words, by_id, at)"
        " SELECT patient_id, 'Sent to the emergency department.', by_id, now() FROM"
        " (SELECT *, row_number() OVER (PARTITION BY clinic_id ORDER BY patient_id) AS n FROM"
        " (SELECT s.patient_id, p.clinic_id, (SELECT min(id) FROM auth_user) AS by_id FROM intake_screening s"
        " JOIN clinic_patient p ON p.id = s.patient_id WHERE s.action = 'EMERGENCY'"
        " GROUP BY s.patient_id, p.clinic_id) AS told) AS counted WHERE n > %s",
        [UNSEEN],
    )
    cursor.execute(
        "INSERT INTO intake_seenalarm (seen_to_id, kind, number, time) SELECT t.id, 'screening', s.id, 0"
        " FROM intake_seento t JOIN intake_screening s ON s.patient_id = t.patient_id AND s.action = 'EMERGENCY'"
    )


def _reads(cursor: Any, seed: int) -> None:
    """What was read over the years, chained row by row as `AuditRow.save` does."""
    chance = Streams(seed).stream("reads")
    head, author = AuditHead.objects.get(), User.objects.order_by("pk").first()
    last = AuditRow.objects.order_by("-pk").first()
    assert last is not None
    assert author is not None
    patients = list(Patient.objects.values_list("pk", "clinic_id", "number"))
    names = [AuditRow._meta.get_field(name.removesuffix("_id")).column for name in COLUMNS]
    with cursor.copy(f"COPY clinic_auditrow ({', '.join(names)}) FROM STDIN") as copy:
        for n in range(1, READS + 1):
            patient, clinic, number = patients[chance.integers(len(patients))]
            said = {
                "id": last.pk + n, "form": last.form, "at": last.at + timedelta(milliseconds=n), "by_id": author.pk,
                "act": READ, "subject": f"patient P-{number:03d}", "detail": {"what": "course"}, "clinic_id": clinic,
                "patient_id": patient, "page": f"/patients/{patient}", "prev": head.sha256,
            }  # fmt: skip
            head.sha256 = digest(said)
            copy.write_row([*(Jsonb(one) if isinstance(one, dict) else one for one in said.values()), head.sha256])
    cursor.execute("UPDATE clinic_audithead SET length = length + %s, sha256 = %s", [READS, head.sha256])


def _account(user: User, clinic: Clinic, number: int) -> None:
    from opentraction.clinic.models import PatientAccount

    free = Patient.objects.filter(clinic=clinic, account=None).order_by("pk")
    models.QuerySet(PatientAccount).create(user=user, patient=free[number])


def _session(user: User) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "opentraction.clinic.known_user.KnownUser"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
