"""Administrators keep the people of their own clinic; nobody is locked out for good, and nothing goes unrecorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from opentraction.clinic import roles
from opentraction.clinic.actions import people, second_factor, users
from opentraction.clinic.models import AuditRow, Clinic, Patient
from opentraction.clinic.models.clinic import first_clinic
from tests.clinic_ground import PASSWORD, another_clinic, user_with
from tests.unit.home_wing.ground import patient_user

pytestmark = pytest.mark.django_db
OTHER = "nine dry badgers here"


@pytest.fixture
def boss() -> User:
    return user_with(roles.ADMINISTRATOR)


@pytest.fixture
def browser(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def ben(boss: User) -> User:
    return people.add_person("ben", "Ben Sample", "therapist", PASSWORD, by=boss)


def change(browser: Client, user: User, act: str, **more: Any) -> Any:
    return browser.post(reverse("person", args=[user.pk]), {"act": act, "password": PASSWORD, **more})


def test_a_person_is_added_with_role_name_and_password(browser: Client, boss: User) -> None:
    posted = {"name": "ben", "full_name": "Ben van Sample", "role": "therapist", "first": OTHER}
    assert browser.post(reverse("new-person"), posted).status_code == 302
    ben = User.objects.get(username="ben")
    assert (ben.get_full_name(), ben.check_password(OTHER)) == ("Ben van Sample", True)
    assert users.role_of(ben) == "therapist"
    row = AuditRow.objects.get(act="add user")
    assert (row.by, row.clinic, row.detail) == (boss, first_clinic(), {"role": "therapist"})
    assert "ben" in browser.get(reverse("people")).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("name", "ben lee", "without spaces"),
        ("name", "", "1 to 150 letters"),
        ("role", "surgeon", "one of front-desk"),
        ("role", "patient", "one of front-desk"),
        ("first", "short", "at least 12"),
        ("full_name", "x" * 141, "at most 140"),
    ],
)
def test_what_cannot_be_used_is_said_and_nobody_added(browser: Client, field: str, value: str, why: str) -> None:
    posted = {"name": "ben", "full_name": "Ben", "role": "therapist", "first": OTHER}
    answer = browser.post(reverse("new-person"), posted | {field: value})
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert OTHER not in answer.content.decode()
    assert User.objects.count() == 1


def test_roles_change_and_each_change_is_on_record(browser: Client, boss: User, ben: User) -> None:
    assert change(browser, ben, "roles", role=["clinician", "auditor"]).status_code == 302
    assert users.role_of(ben) == "clinician, auditor"
    acts = AuditRow.objects.filter(act__endswith="role").values_list("act", "detail__role", "by__username")
    assert set(acts) == {
        ("give role", "auditor", boss.username),
        ("give role", "clinician", boss.username),
        ("take role", "therapist", boss.username),
    }
    assert "clinician" in browser.get(reverse("person", args=[ben.pk])).content.decode()


def test_a_change_asks_for_the_administrators_own_password(browser: Client, ben: User) -> None:
    for word in ("", "wrong"):
        answer = browser.post(reverse("person", args=[ben.pk]), {"act": "close", "password": word})
        assert answer.status_code == 400
    assert User.objects.get(pk=ben.pk).is_active


def test_who_works_here_no_more_is_out_until_opened_again(browser: Client, ben: User) -> None:
    his = Client()
    his.force_login(ben)
    change(browser, ben, "close")
    assert his.get(reverse("patients")).status_code == 302
    assert "closed" in browser.get(reverse("people")).content.decode()
    change(browser, ben, "reopen")
    ben.refresh_from_db()
    assert ben.is_active
    assert users.role_of(ben) == "therapist"


def test_a_forgotten_password_and_a_lost_phone_are_set_anew(browser: Client, ben: User) -> None:
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.create(user=ben, confirmed=True)
    change(browser, ben, "password", new=OTHER)
    change(browser, ben, "second-factor")
    ben.refresh_from_db()
    assert ben.check_password(OTHER)
    assert not second_factor.has(ben)
    assert AuditRow.objects.filter(act="reset second factor", detail={}).count() == 1


def test_the_last_administrator_stays(browser: Client, boss: User) -> None:
    for act, more in (("close", {}), ("roles", {"role": ["clinician"]})):
        answer = change(browser, boss, act, **more)
        assert answer.status_code == 400
        assert "another administrator here first" in answer.content.decode()
    second = people.add_person("eve", "", "administrator", PASSWORD, by=boss)
    assert change(browser, boss, "close").status_code == 302
    assert users.role_of(second) == "administrator"


class TestAnotherClinic:
    @pytest.fixture
    def north(self) -> Clinic:
        return another_clinic()

    def test_its_people_are_not_there(self, browser: Client, north: Clinic) -> None:
        eve = user_with(roles.CLINICIAN, north)
        assert eve.username not in browser.get(reverse("people")).content.decode()
        assert browser.get(reverse("person", args=[eve.pk])).status_code == 404
        assert change(browser, eve, "close").status_code == 404

    def test_who_works_in_both_keeps_password_and_phone(
        self, browser: Client, boss: User, ben: User, north: Clinic
    ) -> None:
        roles.give(ben, roles.CLINICIAN, north)
        page = browser.get(reverse("person", args=[ben.pk])).content.decode()
        assert "Set the password" not in page
        assert change(browser, ben, "password", new=OTHER).status_code == 400
        assert change(browser, ben, "second-factor").status_code == 400
        assert change(browser, ben, "close").status_code == 302
        ben.refresh_from_db()
        assert ben.is_active, "still works in the other clinic"
        assert users.role_of(ben) == "clinician"

    def test_an_act_past_the_page_is_refused_too(self, boss: User, north: Clinic) -> None:
        eve = user_with(roles.CLINICIAN, north)
        for act in (people.close, people.reopen, people.reset_second_factor):
            with pytest.raises(PermissionDenied, match="does not work here"):
                act(eve, by=boss)
        for act in (
            lambda: people.set_password(eve, OTHER, by=boss),
            lambda: people.change_roles(eve, {"auditor"}, by=boss),
            lambda: people.rename(eve, "x", by=boss),
        ):
            with pytest.raises(PermissionDenied, match="does not work here"):
                act()


class TestOwnAccount:
    def test_another_password_keeps_this_page_and_ends_the_others(self, clinician: User) -> None:
        here, there = Client(), Client()
        for one in (here, there):
            one.force_login(clinician)
        posted = {"password": PASSWORD, "new": OTHER, "again": OTHER}
        assert here.post(reverse("account"), posted).status_code == 302
        assert here.get(reverse("patients")).status_code == 200
        assert there.get(reverse("patients")).status_code == 302
        assert AuditRow.objects.get(act="change own password").by == clinician

    @pytest.mark.parametrize(
        "posted",
        [
            {"password": "wrong", "new": OTHER, "again": OTHER},
            {"password": PASSWORD, "new": OTHER, "again": "something else"},
            {"password": PASSWORD, "new": "short", "again": "short"},
            {},
        ],
    )
    def test_what_does_not_fit_changes_nothing(self, clinician: User, posted: dict[str, str]) -> None:
        browser = Client()
        browser.force_login(clinician)
        assert browser.post(reverse("account"), posted).status_code == 400
        clinician.refresh_from_db()
        assert clinician.check_password(PASSWORD)


class TestSettings:
    def test_house_rules_are_saved_and_on_record(self, browser: Client) -> None:
        values = {"name": "South", "time_zone": "Europe/Rome", "language": "es", "idle_min": "5", "address": "Way 1"}
        assert browser.post(reverse("clinic-settings"), values | {"second_factor_for": ["auditor"]}).status_code == 302
        clinic = first_clinic()
        assert (clinic.name, clinic.idle_min, clinic.second_factor_for) == ("South", 5, ["auditor"])
        assert clinic.letterhead()["address"] == "Way 1"
        assert AuditRow.objects.get(act="change clinic").detail["now"]["idle_min"] == 5

    @pytest.mark.parametrize("minutes", ["", "0", "-1", "61", "9" * 20, "٣", "x"])
    def test_minutes_that_are_none_are_said(self, browser: Client, minutes: str) -> None:
        values = {"name": "South", "time_zone": "UTC", "language": "en", "idle_min": minutes}
        answer = browser.post(reverse("clinic-settings"), values)
        assert answer.status_code == 400
        assert "a whole number of minutes from 1 to 60" in answer.content.decode()
        assert first_clinic().name == "The clinic"


class TestPatients:
    def test_patients_are_not_among_the_people(self, browser: Client, ada: Patient) -> None:
        name = patient_user(ada).username
        assert f">{name}<" not in browser.get(reverse("people")).content.decode()
