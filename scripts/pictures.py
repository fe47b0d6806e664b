"""Take the pictures of README and docs anew, in one go: make pictures (about seven minutes, most of it treatment).

ARGS=FOLDER puts them elsewhere.

Starts `opentraction run` on a data folder of its own, treats the demo patient in a real Chromium, and photographs what
is there. The table, the patient and the past sessions are simulated from fixed seeds; the clock is the real one.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import past_sessions
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
DESKTOP, TABLET = (1440, 900), (1180, 820)
STOP_TEST = ("remote-plug", "remote-press", "remote-release")
FIRST_HOLD_S, SECOND_CYCLE_S = 60_000, 240_000
"""Longest time to wait for a phase [ms]."""
PLAYED_MS = 120_000
"""Longest time to wait until a recording has been played through the modelled spine [ms]."""


@contextmanager
def running(data: Path) -> Iterator[str]:
    """`opentraction run` on a free port; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "opentraction", "run", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own interpreter and words)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "http://" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def sign_in(browser: Browser, address: str, data: Path, size: tuple[int, int], dark: bool = False) -> Page:
    """A page of a clinician who has just signed in."""
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Name").fill("clinician")
    page.get_by_label("Password").fill((data / "demo-password").read_text("utf-8").strip())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/patients")
    return page


def take(page: Page, name: str, size: tuple[int, int] | None = None) -> None:
    """One picture of what the window shows, once its type is there."""
    if size:
        page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(700)
    page.screenshot(path=str(PICTURES / f"{name}.png"))
    print(PICTURES / f"{name}.png", flush=True)


def bind(page: Page, address: str) -> None:
    """Ada's session, bound, with half of the checklist done."""
    page.goto(f"{address}/patients/1")
    page.get_by_role("button", name="Treat now").click()
    page.get_by_role("button", name="Both match").click()
    for item in page.locator("[data-do=checklist]").all()[:4]:
        press(page, item.get_attribute("data-item") or "")


def press(page: Page, item: str) -> None:
    """Tick one item and wait until the table has it."""
    page.locator(f"[data-item={item}]:enabled").click()
    page.locator(f"[data-item={item}][aria-pressed=true]").wait_for()


def start(page: Page) -> None:
    """The rest of the checklist, the stop test, arm, start."""
    left = page.locator("[data-do=checklist][aria-pressed=false]").all()
    for item in [one.get_attribute("data-item") or "" for one in left]:
        press(page, item)
    page.locator("#simulated summary").click()
    for what in STOP_TEST:
        page.locator(f"[data-what={what}]").click()
        page.wait_for_timeout(600)
    page.locator("#simulated summary").click()
    page.locator("[data-do=arm]:enabled").click()
    page.locator("[data-do=start]:enabled").click()


def until(page: Page, phase: str, cycle: int, left_s: int, patience: float) -> None:
    """Wait for a moment of the plan, such as 40 s before the end of the second hold."""
    page.wait_for_function(
        """([phase, cycle, left]) => document.getElementById("phase").textContent === phase
             && document.getElementById("cycle").textContent.startsWith(`cycle ${cycle} `)
             && parseInt(document.getElementById("phase-left").textContent) <= left""",
        arg=[phase, cycle, left_s],
        timeout=patience,
    )


def written(browser: Browser, address: str, data: Path, sessions: list[str]) -> None:
    """The pages that stand still."""
    page = sign_in(browser, address, data, DESKTOP)
    page.goto(f"{address}/patients/1/prescribe?protocol=drx-case")
    page.locator("#rehearsal svg").wait_for()
    take(page, "prescription")
    page.goto(f"{address}/patients/2")
    take(page, "course")
    page.goto(f"{address}/patients/3/intake")
    page.get_by_role("link", name="Open the verdict").click()
    take(page, "verdict")
    page.goto(f"{address}/patients/1/bills/estimates/1")
    take(page, "estimate")
    page.goto(f"{address}/patients/1/appointments")
    page.locator(".lines .at a").first.click()
    page.locator(".crumb a").first.click()
    take(page, "agenda")
    page.goto(f"{address}/sessions/{past_sessions.of(sessions, 3)}")
    take(page, "session", TABLET)
    page.locator("#spine-after .spine-drawing").wait_for(timeout=PLAYED_MS)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.locator("#spine-after").screenshot(path=str(PICTURES / "session-spine.png"))
    print(PICTURES / "session-spine.png", flush=True)
    page.context.close()


def at_home(browser: Browser, address: str, data: Path) -> None:
    """A step of a stretch on a patient's phone."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{address}/portal/home/")
    page.get_by_label("Name").fill("P-001")
    page.get_by_label("Password").fill((data / "demo-password").read_text("utf-8").strip())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Forward hang").click()
    page.get_by_role("button", name="Start").click()
    for _ in range(4):
        page.get_by_role("button", name="Next").click()
    take(page, "home-phone")
    page.context.close()


def treated(browser: Browser, address: str, data: Path) -> None:
    """The treatment page, from the checklist to the patient's stop."""
    page = sign_in(browser, address, data, TABLET)
    bind(page, address)
    take(page, "checklist")
    start(page)
    dark = sign_in(browser, address, data, TABLET, dark=True)
    dark.goto(page.url)
    until(page, "hold", 2, 45, SECOND_CYCLE_S)
    take(page, "treatment", DESKTOP)
    take(dark, "treatment-dark")
    page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
    until(page, "hold", 2, 25, FIRST_HOLD_S)
    page.locator("#simulated summary").click()
    page.locator("[data-what=remote-press]").click()
    page.locator("#simulated summary").click()
    page.evaluate("scrollTo(0, 0)")
    take(page, "patient-stop")


def main() -> int:
    """All pictures."""
    began = time.monotonic()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="opentraction-pictures-") as folder:
        data = Path(folder)
        sessions = past_sessions.fill(data, 9)
        with running(data) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            written(browser, address, data, sessions)
            at_home(browser, address, data)
            treated(browser, address, data)
            browser.close()
    print(f"Taken in {time.monotonic() - began:.0f} s. Look at them before you commit them.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
