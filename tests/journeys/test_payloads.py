"""Hostile words in every field a person can fill in: no page that shows them runs any, in a real Chromium.

The forms are filled in beforehand (`payload_forms.py`, the words in `payloads.toml`); then every page is opened as the
server sends it, and every refusal as answered. No script of theirs runs, no element of theirs stands in the page,
no rule of the content policy is broken, no request leaves, and no dialog opens. Papers and lists are read as well.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from opentraction.clinic.headers import POLICY
from tests.journeys.clinic_process import PASSWORD, Clinic
from tests.journeys.payload_forms import payloads
from tests.table_client import ROOT

WATCH: Final = """
window.broken = [];
document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective + ' ' + e.blockedURI));
"""
LOOK: Final = """() => {
  const bad = [];
  const never = ['iframe', 'object', 'embed', 'base', 'marquee', 'isindex', 'math', 'animate', 'mglyph', 'style'];
  const leads = ['href', 'src', 'action', 'data', 'xlink:href'];
  const runs = /^\\s*(javascript|vbscript|data:text)/i;
  for (const one of document.querySelectorAll('*')) {
    const name = one.localName;
    const inline = name === 'script' && !one.src && one.type !== 'application/json';
    if (never.includes(name) || (name === 'meta' && one.httpEquiv) || inline || one.id === 'hit'
        || one.classList.contains('hit')) bad.push(name);
    for (const {name: key, value} of one.attributes)
      if (key.startsWith('on') || key === 'srcdoc' || key === 'formaction' && !value.startsWith('/')
          || (leads.includes(key) && runs.test(value))) bad.push(name + ' ' + key);
  }
  if (typeof HIT !== 'undefined') bad.push('a script ran: ' + HIT);
  return [...bad, ...window.broken];
}"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Clinic, dict[str, Any]]]:
    one = Clinic(tmp_path_factory.mktemp("payloads"))
    command = [sys.executable, "-m", "tests.journeys.payload_forms", PASSWORD]
    environment = one.environment | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        assert done.returncode == 0, done.stderr[-3000:]
        yield one, json.loads(done.stdout)
    finally:
        one.close()


class Reader:
    """A signed-in browser that notes everything that must not happen."""

    def __init__(self, browser: Browser, base: str, name: str) -> None:
        self.context: BrowserContext = browser.new_context()
        self.context.add_init_script(WATCH)
        self.base, self.bad = base, list[str]()
        self.page: Page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.where = "sign-in"
        if name:
            self._sign_in(name)

    def _sign_in(self, name: str) -> None:
        self.page.goto(f"{self.base}/sign-in")
        self.page.locator("#id_username").fill(name)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.locator("form.sign-in button").first.click()
        self.page.wait_for_url(lambda where: "/sign-in" not in where)

    def _dialog(self, dialog: Any) -> None:
        self.bad.append(f"{self.where}: a dialog")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.bad.append(f"{self.where}: asked for {request.url[:80]}")

    def look(self, where: str) -> None:
        """Open it, let its scripts run, and look."""
        self.where = where
        self.page.goto(self.base + where, wait_until="load")
        self.bad += [f"{where}: {one}" for one in self.page.evaluate(LOOK)]

    def look_at(self, where: str, html: str) -> None:
        """The same at an answer that was given to a form, under the server's own policy."""
        headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY}
        self.page.route(self.base + where, lambda route: route.fulfill(status=400, body=html, headers=headers))
        self.look(where)
        self.page.unroute(self.base + where)


def test_there_are_sixty_and_more() -> None:
    every = payloads()
    assert len(set(every)) == len(every) >= 60


def test_the_walk_reached_the_fields_of_core_and_wings(filled: tuple[Clinic, dict[str, Any]]) -> None:
    _, told = filled
    tables = {one.split(".")[0] for one in told["stored"]}
    assert {"clinic", "agenda", "billing", "courses", "directory", "outcomes", "records"} <= tables
    assert len(told["stored"]) >= 20, told["stored"]
    assert len(told["fields"]) >= 120
    assert told["kept"] >= 30


def test_no_page_runs_any_of_it(filled: tuple[Clinic, dict[str, Any]], browser: Browser) -> None:
    clinic, told = filled
    staff, patient = (Reader(browser, clinic.base, name) for name in ("clinician", told["patient"]))
    opened = 0
    for page in told["pages"]:
        reader = patient if page["need"] == "portal" else staff
        kind = reader.context.request.get(clinic.base + page["path"]).headers.get("content-type", "")
        if kind.startswith("text/html"):
            reader.look(page["path"])
            opened += 1
    assert staff.bad + patient.bad == []
    assert opened > 80


def test_no_refusal_runs_any_of_it(filled: tuple[Clinic, dict[str, Any]], browser: Browser) -> None:
    clinic, told = filled
    reader = Reader(browser, clinic.base, "")
    for one in told["refused"]:
        reader.look_at(one["path"], one["html"])
    assert reader.bad == []
    assert len(told["refused"]) > 60


def test_a_page_that_is_broken_open_would_be_found(filled: tuple[Clinic, dict[str, Any]], browser: Browser) -> None:
    """The watch itself: each kind of payload, unescaped in a page, is noticed."""
    clinic, _ = filled
    for text in ("<img src=x onerror=HIT=1 class=hit>", "<base href=//evil.example/>", "<a href=javascript:1>x</a>"):
        reader = Reader(browser, clinic.base, "")
        reader.look_at("/patients", f"<!doctype html><p>{text}</p>")
        assert reader.bad != [], text


def test_papers_print_it_and_lists_run_none(filled: tuple[Clinic, dict[str, Any]], browser: Browser) -> None:
    clinic, told = filled
    staff = Reader(browser, clinic.base, "clinician")
    papers = lists = 0
    for page in told["pages"]:
        if page["need"] == "portal":
            continue
        answer = staff.context.request.get(clinic.base + page["path"])
        kind = answer.headers.get("content-type", "")
        if kind.startswith("application/pdf"):
            words = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(answer.body())).pages)
            assert "49000147" not in words, page["path"]
            assert "root:" not in words, page["path"]
            papers += 1
        elif kind.startswith("text/csv"):
            cells = [cell for line in csv.reader(io.StringIO(answer.text())) for cell in line]
            assert not [cell for cell in cells if cell[:1] in "=+@\t\r" and cell], page["path"]
            lists += 1
    assert papers >= 8
    assert lists >= 2
