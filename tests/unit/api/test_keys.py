"""Keys of programs: made with a password, shown once, kept as a hash, never more than their owner, dead with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions import people, users
from opentraction.clinic.api import keyed
from opentraction.clinic.api.actions import keys
from opentraction.clinic.api.models import ApiKey
from opentraction.clinic.models import AuditRow, Patient
from opentraction.quantities import BadInput
from tests.api_ground import HERE, token_of, with_key
from tests.clinic_ground import PASSWORD, another_clinic, confirmed, user_with

pytestmark = pytest.mark.django_db


def made(user: User, *acts: str, days: int = 30) -> tuple[ApiKey, str]:
    return keys.make_key("till", acts or {roles.FIND}, days, by=user, confirmed=confirmed(user), now=timezone.now())


def ask(token: str, where: str = "/me") -> int:
    return Client().get(HERE + where, headers={"authorization": f"Bearer {token}"}).status_code


def test_a_key_is_told_once_and_kept_as_a_hash(clinician: User) -> None:
    row, token = made(clinician)
    assert token.startswith("otk_")
    assert token not in str(ApiKey.objects.values().get(pk=row.pk))
    assert ask(token) == 200


def test_it_has_the_acts_that_were_given_and_no_others(clinician: User, ada: Patient) -> None:
    _, token = made(clinician, roles.FIND)
    assert ask(token, "/patients") == 200
    assert ask(token, f"/patients/{ada.pk}/courses") == 403


def test_it_has_no_act_its_owner_lost(clinician: User, ada: Patient) -> None:
    _, token = made(clinician, roles.LOOK)
    roles.give(clinician, roles.FRONT_DESK, ada.clinic)
    roles.take(clinician, roles.CLINICIAN, ada.clinic)
    assert ask(token, f"/patients/{ada.pk}/courses") == 403
    assert ask(token) == 200


@pytest.mark.parametrize("act", [roles.SIGN, roles.PRESCRIBE, roles.OVERRIDE, roles.EMERGENCY, roles.MANAGE, "all"])
def test_what_needs_a_person_is_given_to_no_key(act: str, clinician: User) -> None:
    with pytest.raises(BadInput, match="acts"):
        made(clinician, act)


def test_a_forged_row_of_a_key_gives_no_more_than_is_offered(clinician: User, ada: Patient) -> None:
    """Somebody who writes into the table of keys gains no signature by it."""
    place = keys.place_for(ApiKey.objects.get(pk=_forged(clinician)))
    assert place is not None
    assert roles.SIGN not in place.acts


def _forged(user: User) -> int:
    row, _ = made(user)
    row.acts = [roles.SIGN, roles.WORK]
    row.save()
    return row.pk


@pytest.mark.parametrize("days", [0, 1, 366, 10_000])
def test_it_lasts_no_longer_than_a_year(days: int, clinician: User) -> None:
    with pytest.raises(BadInput, match="days"):
        made(clinician, days=days)


def test_it_is_out_of_date_on_its_day(clinician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row, token = made(clinician, days=7)
    monkeypatch.setattr(keyed, "clock", lambda: row.expires - timedelta(seconds=1))
    assert ask(token) == 200
    monkeypatch.setattr(keyed, "clock", lambda: row.expires)
    assert ask(token) == 401


def test_it_dies_with_its_owners_sign_in_and_with_the_last_role(clinician: User) -> None:
    _, token = made(clinician)
    users.set_active(clinician.username, False, author="test")
    assert ask(token) == 401
    users.set_active(clinician.username, True, author="test")
    assert ask(token) == 200
    users.take_role(clinician.username, roles.CLINICIAN, author="test")
    assert ask(token) == 401


def test_it_acts_in_its_own_clinic_only(clinician: User, ada: Patient) -> None:
    north = another_clinic()
    roles.give(clinician, roles.CLINICIAN, north)
    clinician.place = roles.find_place(clinician, north.pk)  # type: ignore[attr-defined]
    _, token = made(clinician, roles.FIND, roles.LOOK)
    assert ask(token, f"/patients/{ada.pk}") == 404
    assert "Ada" not in with_key(clinician).get(HERE + "/me").json()["clinic"]


def test_no_cookie_opens_the_api_and_no_key_a_page(clinician: User, ada: Patient) -> None:
    browser = Client()
    browser.force_login(clinician)
    assert browser.get(HERE + "/me").status_code == 401
    token = token_of(clinician)
    assert Client().get("/patients", headers={"authorization": f"Bearer {token}"}).status_code == 302
    answer = Client().get(HERE + "/me", headers={"authorization": f"Bearer {token}"})
    assert not answer.cookies


def test_wrong_keys_wait_and_good_ones_from_there_go_on(clinician: User) -> None:
    _, token = made(clinician)
    told = [ask("otk_wrong") for _ in range(25)]
    assert told[:20] == [401] * 20
    assert told[-1] == 429
    answer = Client().get(HERE + "/me", headers={"authorization": "Bearer otk_wrong"})
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/problem+json"
    assert ask(token) == 200
    assert AuditRow.objects.filter(act="refuse sign-in", detail__what="key").count() >= 20


def test_its_owner_and_the_administrator_close_it_and_nobody_else(clinician: User) -> None:
    row, token = made(clinician)
    for other in (user_with(roles.THERAPIST), user_with(roles.ADMINISTRATOR, another_clinic())):
        with pytest.raises(PermissionDenied):
            keys.close_key(row, by=other, now=timezone.now())
    keys.close_key(row, by=user_with(roles.ADMINISTRATOR), now=timezone.now())
    assert ask(token) == 401
    row, token = made(clinician)
    keys.close_key(row, by=clinician, now=timezone.now())
    assert ask(token) == 401
    assert AuditRow.objects.filter(act="close key").count() == 2


def test_what_a_program_does_is_written_with_its_keys_name(clinician: User, ada: Patient) -> None:
    with_key(clinician).get(f"{HERE}/patients/{ada.pk}")
    row = AuditRow.objects.filter(act="read").latest("id")
    assert (row.by, row.patient, row.detail["key"]) == (clinician, ada, "tests")
    assert row.page == f"/api/v1/patients/{ada.pk}"


def test_the_page_makes_shows_and_closes(clinician: User) -> None:
    browser = Client()
    browser.force_login(clinician)
    bad = browser.post("/account/keys", {"name": "till", "act": "find", "days": "30", "password": "wrong"})
    assert bad.status_code == 400
    good = browser.post("/account/keys", {"name": "till", "act": "find", "days": "30", "password": PASSWORD})
    token = good.content.decode().split('id="token" value="')[1].split('"')[0]
    assert ask(token) == 200
    assert token not in browser.get("/account/keys").content.decode()
    row = ApiKey.objects.get()
    assert row.acts == ["find", "work"]
    browser.post(f"/account/keys/{row.pk}/close")
    assert ask(token) == 401


def test_the_administrator_sees_every_key_of_the_clinic_and_closes_it(clinician: User) -> None:
    row, token = made(clinician)
    browser = Client()
    browser.force_login(user_with(roles.ADMINISTRATOR))
    assert "till" in browser.get("/people/keys").content.decode()
    browser.post(f"/people/keys/{row.pk}/close")
    assert ask(token) == 401
    north = another_clinic()
    browser = Client()
    browser.force_login(user_with(roles.ADMINISTRATOR, north))
    assert "till" not in browser.get("/people/keys").content.decode()
    assert browser.post(f"/people/keys/{row.pk}/close").status_code == 404


def test_where_the_clinic_asks_for_a_second_factor_a_key_does_not_go_around_it(clinician: User, ada: Patient) -> None:
    _, token = made(clinician)
    ada.clinic.second_factor_for = [roles.CLINICIAN]
    ada.clinic.save()
    assert ask(token) == 423


def test_a_password_that_somebody_else_sets_closes_every_key(clinician: User) -> None:
    boss, new = user_with(roles.ADMINISTRATOR), "eight dry badgers in a row"
    for reset in (
        lambda: people.set_password(clinician, new, by=boss),
        lambda: users.set_password(clinician.username, new, author="at the command line"),
    ):
        first, second = made(clinician)[1], made(clinician)[1]
        assert (ask(first), ask(second)) == (200, 200)
        reset()
        assert (ask(first), ask(second)) == (401, 401)
    assert not ApiKey.objects.filter(closed=None).exists()
    rows = AuditRow.objects.filter(act="close key").order_by("id")
    assert [(row.by, row.detail.get("author")) for row in rows] == [(boss, None)] * 2 + [
        (None, "at the command line")
    ] * 2


def test_a_password_of_ones_own_choice_leaves_keys_as_they_are(clinician: User) -> None:
    _, token = made(clinician)
    users.change_own_password(clinician, "eight dry badgers in a row")
    assert ask(token) == 200
