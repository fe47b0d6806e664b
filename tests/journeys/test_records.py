"""The record as a whole in a real Chromium: taken out and opened with another reader; its pages, and axe content."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic
from tests.journeys.test_console import sign_in

SERIOUS = {"serious", "critical"}


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in SERIOUS]


def test_a_record_is_taken_out_and_another_reader_opens_it(page: Page, clinic: Clinic, tmp_path: Path) -> None:
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/patients/1/record")
    assert serious(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Take out the whole record").click()
    file = tmp_path / "record.zip"
    download.value.save_as(file)
    assert download.value.suggested_filename == "record-P-001.zip"
    subprocess.run(["unzip", "-tq", str(file)], check=True, capture_output=True)
    listed = subprocess.run(["unzip", "-p", str(file), "manifest.json"], check=True, capture_output=True).stdout
    for each in json.loads(listed)["files"]:
        said = subprocess.run(["unzip", "-p", str(file), each["path"]], check=True, capture_output=True).stdout
        assert hashlib.sha256(said).hexdigest() == each["sha256"], each["path"]
    whole = json.loads(
        subprocess.run(["unzip", "-p", str(file), "record.json"], check=True, capture_output=True).stdout
    )
    assert whole["rows"]["clinic.Patient"][0]["given_name"] == "Ada"
    read = tmp_path / "index.html"
    read.write_bytes(subprocess.run(["unzip", "-p", str(file), "index.html"], check=True, capture_output=True).stdout)
    page.goto(read.as_uri())
    expect(page.get_by_text("Ada").first).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desktop"])
def test_how_long_records_are_kept_can_be_read_by_everybody(page: Page, clinic: Clinic, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    sign_in(page, clinic)
    page.goto(f"{clinic.base}/retention")
    expect(page.get_by_role("heading", name="How long records are kept")).to_be_visible()
    expect(page.get_by_text("Two people remove a record")).to_be_visible()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
