"""The modelled spine in a real browser: beside the pull, after it, and where nothing follows it."""

from __future__ import annotations

import json
import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.clinic_process import Clinic, eventually
from tests.journeys.test_billing import fits, serious
from tests.journeys.test_console import prepare, sign_in, until_hold, write_prescription

pytestmark = pytest.mark.alone
SIZES = ((1440, 900), (1180, 820), (820, 1180), (390, 844))
PATIENCE_MS = 120_000


def test_the_spine_is_drawn_beside_the_pull_and_after_it(page: Page, clinic: Clinic) -> None:
    clinic.start_spine()
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    drawing = page.locator("#spine-picture svg")
    expect(drawing).to_be_visible(timeout=PATIENCE_MS)
    for words in ("disc opens", "its pressure", "lying alone", "L5-S1"):
        expect(drawing).to_contain_text(words)
    expect(page.get_by_text("modelled, not measured")).to_be_visible()
    expect(page.locator("#spine-age")).to_have_text(re.compile(r"^, [0-5] s old$"))
    expect(page.locator("#spine-picture")).not_to_have_class(re.compile("old|away"))
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page), width
    assert serious(page) == []
    page.keyboard.press("Space")
    expect(page.get_by_text("Released. Unclip when ready.")).to_be_visible()
    eventually(clinic.ending)
    page.get_by_role("link", name="Open the session").click()
    after = page.locator("#spine-after")
    expect(after.get_by_text("modelled bodies of this size")).to_be_visible(timeout=PATIENCE_MS)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page), width
        seen = page.locator("figure svg:visible")
        expect(seen).to_have_count(5)
        for one in seen.all():
            box = one.bounding_box()
            assert box is not None
            assert box["x"] >= 0.0
            assert box["x"] + box["width"] <= width
    assert serious(page) == []


def test_without_the_model_the_pull_goes_on_and_the_page_says_so(page: Page, clinic: Clinic) -> None:
    sign_in(page, clinic)
    write_prescription(page, clinic)
    prepare(page)
    until_hold(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(page.get_by_text("No model of the spine is running")).to_be_visible()
        assert fits(page), width
    expect(page.locator("#spine-picture svg")).to_have_count(0)


LEVELS = ("L1-L2", "L2-L3", "L3-L4", "L4-L5", "L5-S1")
GAUGES = ("opening_mm", "lying_mm", "against_lying_mm", "pressure_kpa", "pressure_lying_kpa")


@contextmanager
def answering(path: Path, second: Callable[[], float]) -> Iterator[None]:
    """In the place of the spine process: always the same spine, as of a second of the session that a test chooses."""
    levels = {level: {gauge: [0.1, 0.2, 0.3] for gauge in GAUGES} for level in LEVELS}

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked: dict[str, Any] = json.loads(self.rfile.readline())
            told = {"session": asked["session"], "t_s": second(), "levels": levels, "treated": ["L4-L5"], "known": []}
            self.wfile.write(json.dumps(told).encode() + b"\n")

    with socketserver.ThreadingUnixStreamServer(str(path), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_an_answer_that_is_not_of_now_goes_grey_and_then_turns_to_dashes(page: Page, clinic: Clinic) -> None:
    behind, began = [1.0], [0.0]
    with answering(clinic.data / "spine.socket", lambda: time.monotonic() - began[0] - behind[0]):
        sign_in(page, clinic)
        page.goto(f"{clinic.base}/patients/2")
        began[0] = time.monotonic()
        prepare(page)
        until_hold(page)
        picture, figure = page.locator("#spine-picture"), page.locator("#spine-picture .figure").first
        expect(figure).to_have_text("+0.2")
        expect(picture.get_by_text("treated", exact=True)).to_be_visible()
        expect(picture).not_to_have_class(re.compile("old|away"))
        behind[0] = 10.0
        expect(picture).to_have_class("old")
        expect(page.locator("#spine-age")).to_have_text(re.compile(r"^, (8|9|10|11) s old$"))
        expect(figure).to_have_text("+0.2")
        behind[0] = -137.0  # ahead of the pull is as wrong as behind it
        expect(picture).to_have_class("old away")
        expect(figure).to_have_text("–")
        expect(page.get_by_text("not in step with the pull")).to_be_visible()
        behind[0] = 1.0
        expect(figure).to_have_text("+0.2")
        expect(picture).not_to_have_class(re.compile("old|away"))
