"""The second step of signing in: after the password and before anything else, at every browser, counted and reset."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from opentraction.app import settings as shipped
from opentraction.app.cli import main
from opentraction.clinic import roles
from opentraction.clinic.actions import second_factor
from opentraction.clinic.models import AuditRow, Clinic, RecoveryCode, SignInCount
from opentraction.clinic.models.clinic import first_clinic
from opentraction.clinic.views.account import SignIn
from opentraction.clinic.views.second_factor import WAITS, SignInCode
from opentraction.quantities import BadInput
from tests.clinic_ground import PASSWORD, user_with

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def here(work: Callable[..., Any], *asked: Any) -> asyncio.Future[Any]:
    """Work beside a request, on the one thread that sees a test's database."""
    return asyncio.ensure_future(sync_to_async(work)(*asked))


class Watch:
    """Time that passes when it is told to, for the console and for the phone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        for view in (SignIn, SignInCode):
            monkeypatch.setattr(view, "clock", staticmethod(lambda: self.now))
        monkeypatch.setattr("django_otp.plugins.otp_totp.models.time.time", self.seconds)
        monkeypatch.setattr("opentraction.clinic.confirmed.clock", lambda: self.now)

    def seconds(self) -> float:
        return self.now.timestamp()

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def code(self, device: TOTPDevice) -> str:
        """What the phone shows now."""
        totp = TOTP(device.bin_key)
        totp.time = self.now.timestamp()
        return f"{totp.token():06d}"


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@pytest.fixture
def ann(watch: Watch) -> User:
    """A clinician with a phone."""
    user = user_with(roles.CLINICIAN)
    device = second_factor.begin(user)
    user.codes = second_factor.turn_on(user, watch.code(device))  # type: ignore[attr-defined]
    watch.wait(seconds=30)
    return user


def phone_of(user: User) -> TOTPDevice:
    device: TOTPDevice = TOTPDevice.objects.get(user=user, confirmed=True)
    return device


def password(browser: Client, user: User, word: str = PASSWORD, **more: str) -> HttpResponse:
    answer: HttpResponse = browser.post(
        reverse("sign-in"), {"username": user.username, "password": word, "next": "/patients", **more}
    )
    return answer


def code(browser: Client, word: str) -> HttpResponse:
    answer: HttpResponse = browser.post(reverse("sign-in-code"), {"code": word})
    return answer


def is_in(browser: Client) -> bool:
    return bool(browser.get(reverse("patients")).status_code == 200)


class TestSigningIn:
    def test_the_password_alone_opens_nothing(self, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", here)
        browser = Client()
        assert password(browser, ann)["Location"] == reverse("sign-in-code")
        assert "_auth_user_id" not in browser.session
        for name in ("patients", "account", "second-factor", "people"):
            assert browser.get(reverse(name))["Location"].startswith("/sign-in")
        assert browser.post(reverse("table-act"), {"do": "stop"}).status_code == 302
        assert not AuditRow.objects.filter(act="sign in").exists()

    def test_the_code_from_the_phone_opens_and_leads_on(self, ann: User, watch: Watch) -> None:
        browser = Client()
        password(browser, ann)
        assert "Six digits" in browser.get(reverse("sign-in-code")).content.decode()
        assert code(browser, watch.code(phone_of(ann)))["Location"] == "/patients"
        assert is_in(browser)
        assert not SignInCount.objects.filter(tries__gt=0).exists()
        assert AuditRow.objects.filter(act="sign in", by=ann).count() == 1

    def test_a_code_opens_once(self, ann: User, watch: Watch) -> None:
        shown = watch.code(phone_of(ann))
        for browser, status in ((Client(), 302), (Client(), 400)):
            password(browser, ann)
            assert code(browser, shown).status_code == status

    def test_a_recovery_code_opens_once(self, ann: User) -> None:
        spare = ann.codes[3]  # type: ignore[attr-defined]
        for browser, word, status in ((Client(), spare.upper().replace("-", " "), 302), (Client(), spare, 400)):
            password(browser, ann)
            assert code(browser, word).status_code == status
        assert second_factor.codes_left(ann) == 9
        assert AuditRow.objects.get(act="use recovery code").detail == {"left": 9}

    def test_a_browser_known_before_is_asked_all_the_same(self, ann: User, watch: Watch) -> None:
        browser = Client()
        password(browser, ann)
        code(browser, watch.code(phone_of(ann)))
        browser.post(reverse("sign-out"))
        assert "known_browser" in browser.cookies
        assert password(browser, ann)["Location"] == reverse("sign-in-code")
        assert not is_in(browser)

    @pytest.mark.parametrize("word", ["", "000000", "12345", "abc", "1" * 50, "٣٤٥٦٧٨", "-1", "1e5"])
    def test_a_wrong_code_is_said_and_written_down(self, ann: User, word: str) -> None:
        browser = Client()
        password(browser, ann)
        answer = code(browser, word)
        assert answer.status_code == 400
        assert "not right" in answer.content.decode()
        assert AuditRow.objects.get(act="refuse sign-in").detail["what"] == "code"
        assert not is_in(browser)

    def test_a_code_that_is_no_text_is_refused_at_the_door(self, ann: User) -> None:
        browser = Client()
        password(browser, ann)
        assert code(browser, "\0").status_code == 400
        assert not is_in(browser)

    def test_wrong_codes_cost_waits_like_wrong_passwords(self, ann: User, watch: Watch) -> None:
        browser = Client()
        password(browser, ann)
        assert [code(browser, "000000").status_code for _ in range(6)] == [400] * 5 + [429]
        answer = code(browser, watch.code(phone_of(ann)))
        assert (answer.status_code, answer["Retry-After"]) == (429, "60")

    def test_the_password_anew_makes_no_wait_shorter(self, ann: User, watch: Watch) -> None:
        guesses = 0
        for _ in range(15 * 60):
            browser = Client()
            if password(browser, ann).status_code == 302:
                guesses += code(browser, "000000").status_code == 400
            watch.wait(seconds=1)
        assert guesses <= 10

    def test_the_password_is_forgotten_after_five_minutes(self, ann: User, watch: Watch) -> None:
        browser = Client()
        password(browser, ann)
        watch.wait(seconds=WAITS.total_seconds() + 1)
        assert code(browser, watch.code(phone_of(ann)))["Location"] == reverse("sign-in")
        assert browser.get(reverse("sign-in-code"))["Location"] == reverse("sign-in")

    @pytest.mark.parametrize("change", ["password", "closed"])
    def test_a_user_who_was_closed_meanwhile_is_not_let_in(self, ann: User, watch: Watch, change: str) -> None:
        browser = Client()
        password(browser, ann)
        if change == "password":
            ann.set_password("another one altogether")
        else:
            ann.is_active = False
        ann.save()
        assert code(browser, watch.code(phone_of(ann)))["Location"] == reverse("sign-in")

    def test_a_code_without_a_password_leads_to_the_sign_in(self, ann: User, watch: Watch) -> None:
        assert code(Client(), watch.code(phone_of(ann)))["Location"] == reverse("sign-in")


class TestSettingItUp:
    @pytest.fixture
    def browser(self, watch: Watch) -> Client:
        client = Client()
        client.force_login(user_with(roles.CLINICIAN))
        return client

    def test_from_the_picture_to_ten_codes_that_are_shown_once(self, browser: Client, watch: Watch) -> None:
        where = reverse("second-factor")
        assert browser.post(where, {"act": "begin", "password": PASSWORD}).status_code == 302
        page = browser.get(where).content.decode()
        assert 'src="data:image/svg+xml' in page
        device = TOTPDevice.objects.get()
        assert not device.confirmed
        shown = browser.post(where, {"act": "confirm", "code": watch.code(device)}).content.decode()
        codes = re.findall(r"<li>([a-z2-7-]{19})</li>", shown)
        assert len(set(codes)) == 10
        assert TOTPDevice.objects.get().confirmed
        kept = str(list(RecoveryCode.objects.values()))
        assert all(one not in kept and one.replace("-", "") not in kept for one in codes)
        again = browser.get(where).content.decode()
        assert not any(one in again for one in codes)
        assert "data:image" not in again, "the secret is not shown any more"
        acts = AuditRow.objects.values_list("act", flat=True)
        assert list(acts) == ["turn on second factor"]
        assert all(one not in str(list(AuditRow.objects.values())) for one in codes)

    def test_a_wrong_first_code_turns_nothing_on(self, browser: Client) -> None:
        where = reverse("second-factor")
        browser.post(where, {"act": "begin", "password": PASSWORD})
        assert browser.post(where, {"act": "confirm", "code": "000000"}).status_code == 400
        assert browser.post(where, {"act": "confirm"}).status_code == 400
        assert not TOTPDevice.objects.filter(confirmed=True).exists()

    @pytest.mark.parametrize("act", ["begin", "codes", "off"])
    def test_each_change_asks_for_the_password(self, browser: Client, act: str) -> None:
        for word in ("", "wrong"):
            assert browser.post(reverse("second-factor"), {"act": act, "password": word}).status_code == 400
        assert not TOTPDevice.objects.exists()

    def test_new_codes_close_the_old_and_off_is_off(self, ann: User, watch: Watch) -> None:
        browser = Client()
        browser.force_login(ann)
        where = reverse("second-factor")
        browser.post(where, {"act": "codes", "password": PASSWORD})
        assert not second_factor.check(ann, ann.codes[0], watch.now)  # type: ignore[attr-defined]
        assert browser.post(where, {"act": "off", "password": PASSWORD}).status_code == 302
        assert not second_factor.has(ann)
        assert password(Client(), ann)["Location"] == "/patients"

    def test_what_is_no_act_is_refused(self, ann: User) -> None:
        browser = Client()
        browser.force_login(ann)
        assert browser.post(reverse("second-factor"), {"act": "x", "password": PASSWORD}).status_code == 400
        with pytest.raises(BadInput):
            second_factor.new_codes(user_with(roles.AUDITOR))


class TestRequired:
    @pytest.fixture
    def clinic(self) -> Clinic:
        clinic = first_clinic()
        clinic.second_factor_for = [roles.CLINICIAN]
        clinic.save()
        return clinic

    def test_nothing_opens_before_it_is_set_up(self, clinic: Clinic, watch: Watch) -> None:
        user = user_with(roles.CLINICIAN)
        browser = Client()
        browser.force_login(user)
        assert browser.get(reverse("patients"))["Location"] == reverse("second-factor")
        assert browser.get(reverse("table-history"), headers={"accept": "application/json"}).status_code == 403
        assert browser.post(reverse("new-patient"), {}).status_code == 403
        assert browser.get(reverse("account")).status_code == 200
        device = second_factor.begin(user)
        second_factor.turn_on(user, watch.code(device))
        assert is_in(browser)

    def test_another_role_is_not_asked(self, clinic: Clinic) -> None:
        browser = Client()
        browser.force_login(user_with(roles.THERAPIST))
        assert is_in(browser)

    def test_what_is_required_cannot_be_turned_off(self, clinic: Clinic, ann: User) -> None:
        browser = Client()
        browser.force_login(ann)
        assert "Turn it off" not in browser.get(reverse("second-factor")).content.decode()
        assert browser.post(reverse("second-factor"), {"act": "off", "password": PASSWORD}).status_code == 400
        assert second_factor.has(ann)

    def test_a_stop_is_carried_all_the_same(self, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
        class Link:
            telemetry: dict[str, Any] = {"bound": None}  # noqa: RUF012
            sent: list[str] = []  # noqa: RUF012
            up = True

            async def request(self, do: str, **more: Any) -> dict[str, Any]:
                self.sent.append(do)
                return {"ok": True}

        monkeypatch.setattr("opentraction.clinic.table_line.beside.apart", here)
        monkeypatch.setattr("opentraction.clinic.table_line.line.shared_link", Link)
        browser = Client()
        browser.force_login(user_with(roles.CLINICIAN))
        assert browser.post(reverse("table-act"), {"do": "stop"}).status_code == 200
        assert Link.sent == ["stop"]


class TestReset:
    def test_from_the_command_line(
        self, ann: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("opentraction.app.commands.user.open_clinic", lambda data: None)
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        assert main(["user", "second-factor", ann.username]) == 0
        assert capsys.readouterr().out == f"{ann.username}: in use, 10 recovery codes left.\n"
        assert main(["user", "second-factor", ann.username, "--reset"]) == 0
        assert not second_factor.has(ann)
        row = AuditRow.objects.latest("id")
        assert (row.act, row.by, row.detail) == ("reset second factor", None, {"author": "command line"})

    def test_a_clinician_resets_nobodys(self, ann: User) -> None:
        from opentraction.clinic.actions.people import reset_second_factor

        with pytest.raises(PermissionDenied):
            reset_second_factor(ann, by=ann)


class TestHashes:
    def test_a_hash_from_before_is_renewed_at_the_next_sign_in(self, settings: LazySettings) -> None:
        before = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        settings.PASSWORD_HASHERS = before
        user = user_with(roles.CLINICIAN)
        assert user.password.startswith("pbkdf2_")
        settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
        assert password(Client(), user).status_code == 302
        user.refresh_from_db()
        assert user.password.startswith("argon2$argon2id$")
        assert is_in_with(user)


def is_in_with(user: User) -> bool:
    browser = Client()
    password(browser, user)
    return is_in(browser)
