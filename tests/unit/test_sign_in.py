"""Guessing a password takes ever longer; nobody can keep a clinician out for long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from opentraction.clinic.actions.signing_in import (
    FORGOTTEN_AFTER,
    Try,
    begin_try,
    in_words,
    network,
    note_sign_in,
    plain,
)
from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditRow, SignInCount
from opentraction.clinic.views.account import SignIn

pytestmark = pytest.mark.django_db

RIGHT = "a password long enough"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class Watch:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    one = Watch()
    monkeypatch.setattr(SignIn, "clock", staticmethod(one))
    return one


@pytest.fixture
def ada(settings: LazySettings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_user("ada", password=RIGHT)


@pytest.fixture
def stranger(ada: User, watch: Watch) -> Iterator[Client]:
    return Client(REMOTE_ADDR="203.0.113.9")


def try_as(browser: Client, password: str, name: str = "ada", **more: Any) -> HttpResponse:
    answer: HttpResponse = browser.post(reverse("sign-in"), {"username": name, "password": password}, **more)
    return answer


def bad_tries(browser: Client, count: int, name: str = "ada") -> None:
    for _ in range(count):
        assert try_as(browser, "wrong", name).status_code == 400


def test_the_right_password_opens(stranger: Client) -> None:
    bad_tries(stranger, 4)
    assert try_as(stranger, RIGHT).status_code == 302
    assert not SignInCount.objects.filter(tries__gt=4).exists()


def test_waits_grow_and_are_said(stranger: Client, watch: Watch) -> None:
    bad_tries(stranger, 5)
    for words, seconds in (("60 seconds", 60), ("2 minutes", 120), ("3 minutes", 180), ("3 minutes", 180)):
        refused = try_as(stranger, RIGHT)
        assert refused.status_code == 429
        assert f"Too many tries. Wait {words}, then try again." in refused.content.decode()
        assert refused["Retry-After"] == str(seconds)
        watch.wait(seconds=seconds - 1)
        assert "Wait 1 second," in try_as(stranger, RIGHT).content.decode()
        watch.wait(seconds=1)
        bad_tries(stranger, 1)


def test_asking_while_waiting_makes_no_wait_longer(stranger: Client, watch: Watch) -> None:
    bad_tries(stranger, 5)
    for _ in range(50):
        assert try_as(stranger, "wrong").status_code == 429
    watch.wait(seconds=60)
    assert try_as(stranger, RIGHT).status_code == 302


def test_at_most_ten_guesses_at_a_name_in_a_quarter_of_an_hour_from_however_many_places(
    ada: User, watch: Watch
) -> None:
    guesses = 0
    for second in range(15 * 60):
        browser = Client(REMOTE_ADDR=f"198.51.{second // 250}.{second % 250}")
        guesses += try_as(browser, "wrong", ("ada", "ADA", " Ada ")[second % 3]).status_code == 400
        watch.wait(seconds=1)
    assert guesses <= 10


def test_spraying_over_names_from_one_address_is_slowed(stranger: Client, watch: Watch) -> None:
    answers = [try_as(stranger, "wrong", f"name {number}").status_code for number in range(40)]
    assert answers == [400] * 20 + [429] * 20


def test_a_stranger_does_not_make_the_owner_of_a_known_browser_wait(stranger: Client, watch: Watch) -> None:
    own = Client(REMOTE_ADDR="203.0.113.9")
    assert try_as(own, RIGHT).status_code == 302
    own.post(reverse("sign-out"))
    bad_tries(stranger, 5)
    assert try_as(stranger, RIGHT).status_code == 429
    assert try_as(own, RIGHT).status_code == 302


def test_a_known_browser_is_slowed_by_its_own_tries_and_only_for_its_name(stranger: Client, watch: Watch) -> None:
    own = Client(REMOTE_ADDR="203.0.113.7")
    try_as(own, RIGHT)
    own.post(reverse("sign-out"))
    User.objects.create_user("ben", password=RIGHT)
    bad_tries(own, 5)
    assert try_as(own, RIGHT).status_code == 429
    bad_tries(stranger, 5, "ben")
    assert try_as(own, RIGHT, "ben").status_code == 429


@pytest.mark.parametrize("cookie", ["", "nonsense", "eyJhIjoiYiJ9:1abc:def"])
def test_a_made_up_mark_makes_no_browser_known(stranger: Client, cookie: str) -> None:
    stranger.cookies["known_browser"] = cookie
    bad_tries(stranger, 5)
    assert try_as(stranger, RIGHT).status_code == 429


def test_a_stranger_makes_nobody_wait_longer_than_three_minutes(stranger: Client, watch: Watch) -> None:
    for _ in range(12):
        try_as(stranger, "wrong")
        watch.wait(minutes=3)
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert try_as(elsewhere, RIGHT).status_code == 302


def test_bad_tries_are_forgotten(stranger: Client, watch: Watch) -> None:
    bad_tries(stranger, 5)
    watch.now += FORGOTTEN_AFTER + timedelta(seconds=1)
    bad_tries(stranger, 4)
    assert SignInCount.objects.count() == 2


def test_a_name_that_is_none_of_ours_is_told_the_same(stranger: Client, watch: Watch) -> None:
    other = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(7):
        ours, theirs = try_as(stranger, "wrong"), try_as(other, "wrong", "nobody")
        assert ours.status_code == theirs.status_code
        assert without_token(ours) == without_token(theirs)
    assert ours.status_code == 429


def without_token(answer: HttpResponse) -> str:
    return re.sub(r'value="\w{64}"', "", answer.content.decode())


def test_each_try_is_written_down_without_a_name_that_may_be_a_password(stranger: Client) -> None:
    bad_tries(stranger, 1)
    bad_tries(stranger, 1, "my password in the wrong field")
    try_as(stranger, RIGHT)
    stranger.post(reverse("sign-out"))
    told = list(AuditRow.objects.values_list("act", "by__username", "detail__tried"))
    assert told == [
        ("refuse sign-in", None, "ada"),
        ("refuse sign-in", None, "unknown name"),
        ("sign in", "ada", None),
        ("sign out", "ada", None),
    ]
    assert AuditRow.objects.order_by("id")[0].detail["address"] == "203.0.113.9"
    kept = str(list(AuditRow.objects.values())) + str(list(SignInCount.objects.values()))
    assert "wrong field" not in kept
    assert broken_link() is None


def test_a_try_is_counted_before_the_password_is_looked_at(ada: User) -> None:
    many = [begin_try(Try("ada", "192.0.2.1"), NOON) for _ in range(100)]
    assert sum(wait == timedelta(0) for wait in many) == 5


def test_a_good_try_gives_the_address_no_bonus(ada: User) -> None:
    one = Try("ada", "192.0.2.1")
    for _ in range(30):
        assert begin_try(one, NOON) == timedelta(0)
        note_sign_in(one, ada)
    assert SignInCount.objects.get().tries == 0


@pytest.mark.parametrize(
    "name", ["", "x" * 5000, "\0", "ada\0", "\u202eada", "\uff41\uff44\uff41", "'; DROP TABLE auth_user; --"]
)
def test_no_name_breaks_the_door(stranger: Client, name: str) -> None:
    assert try_as(stranger, "wrong", name).status_code in {400, 429}


def test_how_a_name_and_an_address_are_counted() -> None:
    assert plain(" \uff21\uff24\uff21 ") == plain("ada")
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("no address") == "no address"
    assert in_words(timedelta(seconds=0.2)) == "1 second"
    assert in_words(timedelta(seconds=61)) == "2 minutes"


def test_a_page_out_of_date_is_said_in_a_sentence(ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert "Load it again" in browser.post(reverse("sign-in"), {"username": "ada"}).content.decode()
    browser.force_login(ada)
    said = browser.post(reverse("table-act"), {"do": "start"})
    assert (said.status_code, said.json()["ok"]) == (403, False)
    assert "Load it again" in said.json()["why"]
