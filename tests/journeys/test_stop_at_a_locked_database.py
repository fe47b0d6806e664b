"""The real web server, the real SQLite file held by another writer: a stop is carried, and answered, all the same."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.parse
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.journeys.clinic_process import PASSWORD, Clinic, eventually

pytestmark = pytest.mark.alone
SOON_S = 2.0
"""Half a second for the database, and a slow machine; SQLite itself would wait 20 s."""


class Browser:
    """Cookies and forms, and no page."""

    def __init__(self, base: str) -> None:
        self.base, self.cookies = base, CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies)).open

    def post(self, path: str, **fields: str) -> bytes:
        token = next(one.value or "" for one in self.cookies if one.name == "csrftoken")
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        with self.open(self.base + path, body, timeout=30.0) as answer:
            return bytes(answer.read())

    def sign_in(self) -> None:
        with self.open(f"{self.base}/sign-in", timeout=10.0):
            pass
        self.post("/sign-in", username="clinician", password=PASSWORD)


def stops_noted(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reader:
        return int(reader.execute("SELECT count(*) FROM clinic_auditrow WHERE act = 'ask table: stop'").fetchone()[0])


def session_of(browser: Browser, file: Path) -> str:
    """A session begun under the demo's first prescription."""
    browser.post("/treatments/begin", prescription="1")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reader:
        return str(reader.execute("SELECT id FROM clinic_treatmentsession").fetchone()[0])


def test_a_stop_is_answered_while_another_writer_holds_the_database(clinic: Clinic) -> None:
    browser, file = Browser(clinic.base), clinic.data / "clinic.sqlite3"
    browser.sign_in()
    session = session_of(browser, file)
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            begun = time.monotonic()
            assert json.loads(browser.post("/table/act", do="stop", session=session)) == {"ok": True}
            assert time.monotonic() - begun < SOON_S
        assert stops_noted(file) == 0
        holder.execute("ROLLBACK")
    eventually(lambda: stops_noted(file) == 3)
