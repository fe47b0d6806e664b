"""The doors of the web process: forged forms, stolen and old sign-ins, strange hosts, long bodies, headers, TLS."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from opentraction.app import most_bytes
from opentraction.app.commands.run import _answers
from opentraction.clinic import access
from opentraction.clinic.headers import POLICY
from opentraction.clinic.models import Patient
from tests.clinic_ground import PASSWORD
from tests.specimens import API
from tests.table_client import ROOT

pytestmark = pytest.mark.django_db
POSTED = sorted(name for name in access.table() if access.needed(name, "post") and not name.startswith(API))


def of_nothing(name: str) -> str:
    """An address of this name, whether or not anything is there: the door comes before the room."""
    from tests import specimens

    return specimens.reverse(name, kwargs=specimens._of_nothing(name))


@pytest.mark.parametrize("name", POSTED)
def test_no_post_is_taken_without_the_word_of_its_page(name: str, clinician: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clinician)
    answer = browser.post(of_nothing(name), {"password": PASSWORD})
    assert answer.status_code == 403
    assert b"out of date" in answer.content


def test_the_word_of_another_browser_is_not_taken(clinician: User) -> None:
    one, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    one.force_login(clinician)
    other.force_login(clinician)
    page = one.get("/account").content.decode()
    word = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    other.get("/account")
    assert other.post("/seat", {"csrfmiddlewaretoken": word}).status_code == 403
    assert one.post("/language", {"csrfmiddlewaretoken": word, "language": "en"}).status_code == 302


class TestSignedIn:
    def test_a_session_laid_out_beforehand_is_not_the_one_that_signs_in(self, clinician: User) -> None:
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = "laidoutbyanattacker0123456789abc"
        browser.post("/sign-in", {"username": clinician.username, "password": PASSWORD})
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        assert key != "laidoutbyanattacker0123456789abc"
        assert browser.get("/account").status_code == 200
        browser.cookies[settings.SESSION_COOKIE_NAME] = "laidoutbyanattacker0123456789abc"
        assert browser.get("/account").status_code == 302

    def test_a_second_sign_in_has_another_key(self, clinician: User) -> None:
        keys = []
        for _ in range(2):
            browser = Client()
            browser.post("/sign-in", {"username": clinician.username, "password": PASSWORD})
            keys.append(browser.cookies[settings.SESSION_COOKIE_NAME].value)
        assert len(set(keys)) == 2

    def test_a_copied_cookie_dies_with_the_sign_out(self, clinician: User) -> None:
        browser, thief = Client(), Client()
        browser.force_login(clinician)
        thief.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        assert thief.get("/account").status_code == 200
        browser.post("/sign-out")
        assert thief.get("/account").status_code == 302

    def test_another_password_ends_every_other_browser(self, clinician: User) -> None:
        browser, other = Client(), Client()
        browser.force_login(clinician)
        other.force_login(clinician)
        new = "nine dry badgers on a bench"
        answer = browser.post("/account", {"password": PASSWORD, "new": new, "again": new})
        assert answer.status_code == 302
        assert browser.get("/account").status_code == 200
        assert other.get("/account").status_code == 302

    def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(self, clinician: User) -> None:
        browser = Client()
        browser.get("/sign-in")
        browser.post("/sign-in", {"username": clinician.username, "password": PASSWORD})
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
            cookie = browser.cookies[name]
            assert cookie["httponly"], name
            assert cookie["samesite"] == "Strict", name


WANTED = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TestHeaders:
    def test_the_policy_lets_nothing_inline_and_nothing_foreign_in(self) -> None:
        rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
        assert "unsafe" not in POLICY
        assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
        assert rules["form-action"] == rules["script-src"] == rules["style-src"] == "'self'"
        assert "object-src" not in rules, "what is not named is as default-src: none"

    @pytest.mark.parametrize(
        ("where", "status"),
        [("/sign-in", 200), ("/learn", 200), ("/patients", 302), ("/nothing", 404), ("/api/v1/", 200),
         ("/api/v1/me", 401), ("/people", 302), ("/static/clinic/console.css", 200)],
    )  # fmt: skip
    def test_every_answer_has_them(self, where: str, status: int, client: Client) -> None:
        answer = client.get(where)
        answer.close()
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in WANTED} == WANTED

    def test_a_refusal_has_them_too(self, clinician: User) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(clinician)
        for answer in (browser.post("/account"), browser.get("/people"), browser.put("/account")):
            assert answer.status_code in {403, 405}
            assert {name: answer.headers.get(name) for name in WANTED} == WANTED

    def test_no_page_of_a_record_is_kept_by_a_browser(self, clinician: User, ada: Patient) -> None:
        browser = Client()
        browser.force_login(clinician)
        for page in ("", "/edit", "/intake", "/consent", "/outcomes", "/record"):
            where = f"/patients/{ada.pk}{page}"
            assert browser.get(where)["Cache-Control"] == "no-store", where


def test_a_strange_host_is_not_answered() -> None:
    client = Client(raise_request_exception=False)
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example"):
        assert client.get("/sign-in", headers={"host": host}).status_code == 400
        assert client.get("/api/v1/openapi.json", headers={"host": host}).status_code == 400
    assert client.get("/sign-in", headers={"host": "localhost"}).status_code == 200


class TestLongBodies:
    def test_a_form_too_long_is_refused(self, clinician: User) -> None:
        browser = Client()
        browser.force_login(clinician)
        assert browser.post("/patients/new", {"given_name": "x" * 300_000}).status_code == 400
        many = {f"field{number}": "x" for number in range(1200)}
        assert browser.post("/patients/new", many).status_code == 400

    @pytest.mark.parametrize(("pieces", "status"), [(16, 200), (17, 413), (1000, 413)])
    def test_one_in_pieces_ends_at_the_most(self, pieces: int, status: int) -> None:
        """64 KiB each, and no length said."""
        sent, taken = _serve(pieces)
        assert sent[0]["status"] == status
        assert taken <= 17

    def test_the_web_process_measures(self) -> None:
        assert "measured(_django" in (ROOT / "src/opentraction/app/asgi.py").read_text("utf-8")


def _serve(pieces: int) -> tuple[list[dict[str, Any]], int]:
    sent: list[dict[str, Any]] = []
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": taken < pieces}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def reads_all(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    asyncio.run(most_bytes.measured(reads_all, {}, receive, send))
    return sent, taken


class TestTLS:
    def test_a_clinic_that_deploys_passes_djangos_own_check(self, tmp_path: Path) -> None:
        told = _django(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
        assert told.returncode == 0, told.stderr
        assert "no issues" in told.stdout

    def test_cookies_and_addresses_are_for_https_only(self, tmp_path: Path) -> None:
        ask = (
            "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
            " s.LANGUAGE_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000, s.DEBUG,"
            " s.CSRF_TRUSTED_ORIGINS[-1])"
        )
        told = _django(tmp_path, "shell", "--no-imports", "--command", ask)
        assert told.stdout.split() == ["True"] * 5 + ["False", "https://clinic.example"], told.stderr

    def test_plain_http_is_sent_to_https_and_what_the_proxy_says_is_believed(self, tmp_path: Path) -> None:
        ask = (
            "from django.test import Client; c = Client(headers={'host': 'clinic.example'});"
            "a = c.get('/sign-in'); b = c.get('/sign-in', headers={'x-forwarded-proto': 'https'});"
            "print(a.status_code, a['Location'], b.status_code, b['Strict-Transport-Security'])"
        )
        _django(tmp_path, "migrate", "--verbosity", "0")
        told = _django(tmp_path, "shell", "--no-imports", "--command", ask)
        said = ["301", "https://clinic.example/sign-in", "200", "max-age=31536000"]
        assert told.stdout.split() == said, told.stderr

    def test_the_starter_of_both_processes_finds_a_console_that_wants_https(self, wants_https: int) -> None:
        assert _answers(wants_https)


@pytest.fixture
def wants_https() -> Iterator[int]:
    """A server that sends plain HTTP away, as the console does behind a TLS proxy."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            secure = self.headers.get("X-Forwarded-Proto") == "https"
            self.send_response(200 if secure else 301)
            self.send_header("Location", f"https://127.0.0.1:{self.server.server_address[1]}/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def _django(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """As a clinic runs it behind a TLS proxy."""
    deployed = {
        "OPENTRACTION_DATA": str(data),
        "OPENTRACTION_DATABASE_URL": "",
        "OPENTRACTION_HTTPS": "1",
        "OPENTRACTION_HOSTS": "clinic.example",
        "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "django", *words]
    return subprocess.run(command, env=os.environ | deployed, capture_output=True, text=True, check=False)
