"""A table process and a console for the lateness benchmark, in a temporary folder, driven over their own doors."""

from __future__ import annotations

import contextlib
import http.cookiejar
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any

from _cohort import patient_of, person_of, plan_of

sys.path.append(str(Path(__file__).parents[1]))
from tests.clearing import binding_of

ITEMS = ("pelvic_harness", "thoracic_harness", "cable_clipped", "quick_release", "carriage", "position")
BROWSERS = 8


class TableUnderTest:
    """`opentraction table` treating a simulated patient; `stop` gives the lateness of every tick [us]."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "table.socket"
        self.log = folder / "lateness.txt"
        arguments = ["table", "--socket", str(self.socket), "--data", str(folder), "--lateness", str(self.log)]
        self.process = subprocess.Popen([sys.executable, "-m", "opentraction", *arguments])
        self.link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        _until(self._connected)
        self._numbers = itertools.count(1)
        self._answered: set[int | None] = set()
        self.pulled = False
        self.session = str(uuid.uuid4())
        threading.Thread(target=self._listen, daemon=True).start()

    def treat(self) -> None:
        """Bind, check, test the remote, arm, start; returns when the table pulls."""
        person = person_of(0)
        plan, patient = plan_of("vax-d-1997", person), patient_of(person)
        self.ask("hello", client="benchmark")
        self.ask("bind", **binding_of(plan, patient))
        for item in ITEMS:
            self.ask("checklist", item=item, done=True)
        for what in ("remote-plug", "remote-press", "remote-release"):
            self.ask("simulate", what=what)
            time.sleep(0.3)  # so that the table sees it
        self.ask("arm")
        self.ask("start")
        _until(lambda: self.pulled)

    def ask(self, do: str, **arguments: Any) -> None:
        """One request, answered; a refusal is printed by the listener."""
        number = self._send(do, **arguments)
        _until(lambda: number in self._answered)

    def _send(self, do: str, **arguments: Any) -> int:
        number = next(self._numbers)
        message = {"id": number, "do": do, "session": self.session, "operator": "benchmark", **arguments}
        self.link.send(json.dumps(message).encode())
        return number

    def stop(self) -> list[float]:
        """End the process its own way and read its log."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return [float(line) for line in self.log.read_text("ascii").split()]

    def _connected(self) -> bool:
        try:
            self.link.connect(str(self.socket))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionError):
            self._hear()

    def _hear(self) -> None:
        leased = 0.0
        while data := self.link.recv(1 << 20):
            message = json.loads(data)
            self._answered.add(message.get("re"))
            if message.get("ok") is False:
                print(f"The table refused: {message.get('why')}", file=sys.stderr)
            self.pulled = self.pulled or message.get("telemetry", {}).get("prescribed_n") is not None
            if time.monotonic() - leased > 1.0:
                leased = time.monotonic()
                self._send("lease", viewer="benchmark")


class Console:
    """Uvicorn with the console, and browsers that read the live stream and turn pages."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "OPENTRACTION_DATA": str(folder),
            "OPENTRACTION_SOCKET": str(folder / "table.socket"),
            "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
        }
        self._django("migrate", "--verbosity", "0")
        self.password = re.findall(r"password (\S+)", self._django("demo"))[0]
        serve = [
            "-m",
            "uvicorn",
            "opentraction.app.asgi:application",
            "--port",
            str(self.port),
            "--log-level",
            "warning",
        ]
        self.process = subprocess.Popen(
            [sys.executable, *serve, "--timeout-graceful-shutdown", "1"], env=self.environment
        )
        _until(lambda: _answers(self.port))
        arguments = [sys.executable, __file__, str(self.port), self.password]
        self.browsers = [_signed_in(arguments) for _ in range(BROWSERS)]

    def stop(self) -> None:
        """Browsers first, then the server. A browser that gave up would have left the console idle."""
        if any(browser.poll() is not None for browser in self.browsers):
            raise SystemExit("A browser of the benchmark ended early: the console was not as busy as it should be.")
        for process in (*self.browsers, self.process):
            process.terminate()
            process.wait(10)

    def _django(self, *arguments: str) -> str:
        done = [sys.executable, "-m", "django", *arguments]
        return subprocess.run(done, env=self.environment, check=True, capture_output=True, text=True).stdout


def _signed_in(arguments: list[str]) -> subprocess.Popen[str]:
    """A browser, once it is in: eight tries at one moment would count as guessing."""
    browser = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert browser.stdout is not None
    if not browser.stdout.readline():
        raise SystemExit("A browser of the benchmark could not sign in.")
    return browser


def browse(port: int, password: str) -> None:
    """Sign in, say so, read the live stream, and ask for a page twice a second, until ended."""
    base = f"http://127.0.0.1:{port}"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = opener.open(f"{base}/sign-in").read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    form = urllib.parse.urlencode({"username": "clinician", "password": password, "csrfmiddlewaretoken": token})
    opener.open(urllib.request.Request(f"{base}/sign-in", form.encode(), {"Referer": base})).read()
    print("signed in", flush=True)
    threading.Thread(target=_read_stream, args=(opener, f"{base}/table/stream"), daemon=True).start()
    while True:
        opener.open(f"{base}/patients").read()
        time.sleep(0.5)


def _read_stream(opener: urllib.request.OpenerDirector, address: str) -> None:
    with opener.open(address) as stream:
        for _ in stream:
            pass


def _until(holds: Any, patience: float = 30.0) -> None:
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("The table or the console did not come up in time.")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=2.0).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    browse(int(sys.argv[1]), sys.argv[2])
