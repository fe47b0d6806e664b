"""How long a record is kept, whose time has passed, and the hold that stops it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from opentraction.care.retention import keep_record_until, schedule
from opentraction.clinic import roles
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.records.actions.holding import turn_hold
from opentraction.clinic.records.retention import kept
from opentraction.quantities import BadInput
from tests.clinic_ground import another_clinic, user_with

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def test_every_rule_says_where_it_stands_and_that_nobody_has_reviewed_it() -> None:
    rules = schedule()
    assert {one: rules[one].years for one in rules} == {
        "record": 10, "minor": 10, "recording": 10, "document": 6, "device": 10,
    }  # fmt: skip
    assert all(one.source and one.caveat and not one.reviewed_by for one in rules.values())


@pytest.mark.parametrize(
    ("last", "birth", "until"),
    [
        (date(2026, 3, 4), date(1971, 5, 23), date(2036, 3, 4)),
        (date(2024, 2, 29), date(1971, 5, 23), date(2034, 3, 1)),
        (date(2026, 3, 4), date(2012, 7, 1), date(2040, 7, 1)),
        (date(2026, 3, 4), date(2008, 2, 29), date(2036, 3, 4)),
    ],
)
def test_by_hand(last: date, birth: date, until: date) -> None:
    assert keep_record_until(last, birth) == until


@given(DAYS, DAYS, DAYS)
def test_a_later_act_never_shortens_it(one: date, other: date, birth: date) -> None:
    first, second = sorted((one, other))
    assert keep_record_until(first, birth) <= keep_record_until(second, birth)
    assert keep_record_until(first, birth).year - first.year >= 10


@pytest.mark.django_db
def test_what_is_due_is_listed_unless_it_is_held(ada: Patient) -> None:
    administrator = user_with(roles.ADMINISTRATOR)
    one = kept([ada])[0]
    day_after = date.fromordinal(one.until.toordinal() + 1)
    assert (one.due(one.until), one.due(day_after)) == (False, True)
    turn_hold(ada, True, "Letter of a court", by=administrator, now=NOW)
    assert not kept([ada])[0].due(day_after)
    assert kept([ada])[0].until == one.until
    turn_hold(ada, False, "Settled", by=administrator, now=NOW)
    assert kept([ada])[0].due(day_after)
    acts = AuditRow.objects.filter(act__contains="legal hold", patient=ada).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["put on legal hold", "lift legal hold"]


@pytest.mark.django_db
def test_a_hold_needs_a_reason_the_role_and_the_clinic(ada: Patient, clinician: User) -> None:
    administrator = user_with(roles.ADMINISTRATOR)
    with pytest.raises(BadInput):
        turn_hold(ada, True, " ", by=administrator, now=NOW)
    with pytest.raises(BadInput, match="not on"):
        turn_hold(ada, False, "Settled", by=administrator, now=NOW)
    for user in (clinician, user_with(roles.ADMINISTRATOR, another_clinic())):
        with pytest.raises(PermissionDenied):
            turn_hold(ada, True, "Letter", by=user, now=NOW)


@pytest.mark.django_db
def test_a_hold_stays_by_sql(ada: Patient) -> None:
    turn_hold(ada, True, "Letter", by=user_with(roles.ADMINISTRATOR), now=NOW)
    for sql in ("UPDATE records_legalhold SET held = NOT held", "DELETE FROM records_legalhold"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db
def test_the_page_holds_by_pseudonym_in_the_own_clinic_only(ada: Patient) -> None:
    browser = Client()
    browser.force_login(user_with(roles.ADMINISTRATOR))
    asked = {"patient": ada.pseudonym.lower(), "reason": "Letter <of> a court", "do": "hold"}
    assert browser.post("/retention", asked).status_code == 302
    assert b"Letter &lt;of&gt; a court" in browser.get("/retention").content
    assert browser.post("/retention", asked).status_code == 400
    stranger = Client()
    stranger.force_login(user_with(roles.ADMINISTRATOR, another_clinic()))
    assert b"pseudonym of a patient of this clinic" in stranger.post("/retention", asked).content
