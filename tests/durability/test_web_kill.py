"""kill -9 of web and database while people write: what was acknowledged is there, nothing is half, and all go on.

OPENTRACTION_WEB_KILLS sets how often each is killed (default 1). Two hundred times, in about an hour:

OPENTRACTION_WEB_KILLS=50 .venv/bin/pytest -q tests/durability/test_web_kill.py
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opentraction.app import console_process
from tests.durability.writing_people import Browser, NotAnswered, Writer, written
from tests.postgres_server import PostgresServer, tools

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("OPENTRACTION_WEB_KILLS", "1"))
PASSWORD = "kept-through-every-kill"
WRITERS = 4
PATIENCE_S = 180.0
"""Consoles are polite: on a busy machine they come up slowly."""


class Clinic:
    """Consoles on one door, a database, and people who stay signed in through all of it."""

    def __init__(self, data: Path, server: PostgresServer | None) -> None:
        self.data, self.server = data, server
        self.environment = {
            **os.environ, "PYTHONPATH": str(ROOT / "src"), "OPENTRACTION_DATA": str(data),
            "OPENTRACTION_DATABASE_URL": server.address if server else "",
            "OPENTRACTION_SOCKET": str(data / "table.socket"), "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
        }  # fmt: skip
        self._django("migrate", "--verbosity", "0")
        self._django("demo", "--password", PASSWORD)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.consoles: list[subprocess.Popen[bytes]] = []
        self.log = (data / "console.log").open("ab")
        self.start_web()
        self.browsers = [Browser(self.base) for _ in range(WRITERS)]

    def everybody_in(self) -> None:
        """All sign in, once there is somebody to ask."""
        _until(lambda: self._answers(self.browsers[0], "/sign-in", "</form>"))
        for browser in self.browsers:
            browser.sign_in(PASSWORD)

    def start_web(self) -> None:
        """As `opentraction run` does: one console on SQLite, two on PostgreSQL, at one door."""
        there = self.environment | {console_process.VARIABLE: str(self.door.fileno())}
        command = [sys.executable, "-m", console_process.__name__]
        for _ in range(2 if self.server else 1):
            quiet = {"stdout": subprocess.DEVNULL, "stderr": self.log}
            self.consoles.append(subprocess.Popen(command, env=there, pass_fds=(self.door.fileno(),), **quiet))

    def kill_web(self) -> None:
        for console in self.consoles:
            console.send_signal(signal.SIGKILL)
        for console in self.consoles:
            console.wait()
        self.consoles.clear()

    def answers_again(self) -> None:
        """Everybody is still signed in, and gets a page."""
        for browser in self.browsers:
            _until(lambda one=browser: self._answers(one, "/patients", "<h1>Patients</h1>"))  # type: ignore[misc]

    def _answers(self, browser: Browser, path: str, words: str) -> bool:
        try:
            return words in browser.get(path)
        except NotAnswered:
            return False

    def problems(self, acknowledged: str) -> str:
        command = [sys.executable, str(Path(__file__).with_name("check_what_was_kept.py"))]
        done = subprocess.run(
            command, env=self.environment, input=acknowledged, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def close(self) -> None:
        self.kill_web()
        self.door.close()
        self.log.close()
        if self.server:
            self.server.close()

    def _django(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "django", *words], env=self.environment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Clinic]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _open_clinic(Clinic(Path(folder), None))


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[Clinic]:
    if tools() is None:
        pytest.skip("needs PostgreSQL")
    server = PostgresServer()
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        yield from _open_clinic(Clinic(Path(folder), server))


def _open_clinic(clinic: Clinic) -> Iterator[Clinic]:
    try:
        clinic.everybody_in()
        yield clinic
    finally:
        clinic.close()


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_console_on_sqlite_loses_nothing(number: int, on_sqlite: Clinic) -> None:
    _killed_while_writing(on_sqlite, "web", number)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS))
@pytest.mark.parametrize("what", ["web", "database", "web and database"])
def test_whatever_is_killed_on_postgresql_nothing_is_lost(number: int, what: str, on_postgresql: Clinic) -> None:
    _killed_while_writing(on_postgresql, what, number)


def _killed_while_writing(clinic: Clinic, what: str, number: int) -> None:
    clinic.answers_again()
    chance = random.Random(f"{what} {number}")
    writers = [Writer(browser, f"{what}-{number}-{n}") for n, browser in enumerate(clinic.browsers)]
    for writer in writers:
        writer.start()
    _until_some_is_written(writers)
    time.sleep(chance.uniform(0.0, 1.5))
    _kill(clinic, what)
    for writer in writers:
        writer.over.set()
        writer.join(PATIENCE_S)
    acknowledged = written(writers)
    assert clinic.problems(acknowledged) == ""
    clinic.answers_again()


def _until_some_is_written(writers: list[Writer]) -> None:
    """Something of each kind, so that a kill meets all of them."""
    kinds = {"patient", "outcome", "event", "invoice", "booking"}

    def said() -> str:
        return f"not all is written: {[writer.refused[-1:] for writer in writers]}"

    _until(lambda: {one[0] for writer in writers for one in writer.acknowledged} == kinds, said)


def _until(holds: Callable[[], bool], said: Callable[[], str] = lambda: "not in time") -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, said()
        time.sleep(0.02)


def _kill(clinic: Clinic, what: str) -> None:
    if "web" in what:
        clinic.kill_web()
    if "database" in what:
        assert clinic.server is not None
        clinic.server.kill()
        clinic.server.start()
    if "web" in what:
        clinic.start_web()
