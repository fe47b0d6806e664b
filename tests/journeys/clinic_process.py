"""A whole clinic for a journey: the real table process and the real web server, on files of their own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

PASSWORD = "journey-through-the-clinic"
PATIENCE_S = 60.0


def eventually(what: Callable[[], Any], patience: float = PATIENCE_S, every: float = 0.05) -> Any:
    """The first true value; a journey waits for what it can see, never for a guessed time."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(every)
    raise AssertionError(f"did not happen within {patience:.0f} s")


class Clinic:
    """Two processes and a data folder; with the demo in it, or empty."""

    def __init__(self, data: Path, demo: bool = True) -> None:
        self.data = data
        self.socket = data / "table.socket"
        self.port = _free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            **_settings(data),
            "OPENTRACTION_SOCKET": str(self.socket),
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        shutil.copytree(_first_data(demo), data, dirs_exist_ok=True)
        self.table = self.start_table()
        self.web = self.start_web()
        eventually(self.socket.exists)

    def _django(self, *words: str) -> None:
        _django(self.environment, *words)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-m", *words], env=self.environment)
        self.processes.append(process)
        return process

    def start_table(self) -> subprocess.Popen[bytes]:
        """The table's process."""
        return self._start("opentraction", "table", "--socket", str(self.socket), "--data", str(self.data))

    def start_spine(self) -> subprocess.Popen[bytes]:
        """The process that follows the modelled spine; a clinic has none unless a test asks for it."""
        return self._start("opentraction", "spine", "--socket", str(self.socket), "--data", str(self.data))

    def start_web(self) -> subprocess.Popen[bytes]:
        """The web server, answering."""
        serve = ("uvicorn", "opentraction.app.asgi:application", "--host", "127.0.0.1", "--port", str(self.port))
        process = self._start(*serve, "--timeout-graceful-shutdown", "2", "--log-level", "warning")
        eventually(self._answers)
        return process

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/sign-in", timeout=2.0):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def telemetry(self) -> dict[str, Any]:
        """What the table says now, over a line of our own that watches nobody."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.settimeout(5.0)
            line.connect(str(self.socket))
            while True:
                message = json.loads(line.recv(1 << 20))
                if "telemetry" in message:
                    return dict(message["telemetry"])

    def documents(self) -> list[dict[str, Any]]:
        """Everything in the newest recording's log so far."""
        logs = sorted(self.data.glob("recordings/*/documents.jsonl"), key=lambda path: path.stat().st_mtime)
        lines = logs[-1].read_text("utf-8").splitlines() if logs else []
        return [json.loads(line) for line in lines]

    def event(self, kind: str, text: str) -> dict[str, Any] | None:
        """The first event of a kind that says `text`."""
        return next((d for d in self.documents() if d.get("kind") == kind and text in d.get("text", "")), None)

    def ending(self) -> str:
        """How the newest recording ended; empty while it has not."""
        told = self.documents()
        return str(told[-1]["ending"]) if told and told[-1]["doc"] == "stop" else ""

    def close(self) -> None:
        """End every process that was started here."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.processes:
            try:
                process.wait(10.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@cache
def _first_data(demo: bool) -> Path:
    """The data folder of a clinic, with the demo or empty, made once: its tables alone take ten seconds."""
    folder = Path(tempfile.mkdtemp(prefix="opentraction-clinic-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**os.environ, **_settings(folder)}
    _django(environment, "migrate", "--verbosity", "0")
    if demo:
        _django(environment, "demo", "--password", PASSWORD)
    return folder


def _settings(data: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": "src",
        "OPENTRACTION_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
    }


def _django(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", "django", *words], env=environment, check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
