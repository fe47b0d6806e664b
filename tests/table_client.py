"""A console in thirty lines: speaks to a real table process over its socket."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from opentraction.app.plans import read_plan
from tests.clearing import binding_of

ROOT = Path(__file__).parents[1]
ITEMS = ("pelvic_harness", "thoracic_harness", "cable_clipped", "quick_release", "carriage", "position")


def start_table(path: Path, data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A table process listening on `path`."""
    command = [sys.executable, "-m", "opentraction", "table", "--socket", str(path), "--data", str(data), *arguments]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    end = time.monotonic() + 20.0
    while not path.exists():
        assert process.poll() is None, "the table process ended"
        assert time.monotonic() < end, "the table process did not listen within 20 s"
        time.sleep(0.02)
    return process


class TableClient:
    """Asks, waits for the answer, keeps what it hears meanwhile."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(str(path))
        self.socket.settimeout(10.0)
        self.documents: list[dict[str, Any]] = []
        self.telemetry: dict[str, Any] = {}
        self.bound: str | None = None
        """The session that the table last said is bound."""
        self._number = 0

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """One request and its answer; it means the session last heard to be bound, unless it names another."""
        self._number += 1
        key = "instead_of" if do == "bind" else "session"
        arguments = {key: self.bound, **arguments}
        self.socket.send(json.dumps({"id": self._number, "do": do, **arguments}).encode())
        while True:
            message = self.hear()
            if message.get("re") == self._number:
                if do == "bind" and message["ok"]:
                    self.bound = arguments["session"]
                return message

    def hear(self) -> dict[str, Any]:
        """The next message; telemetry and documents are kept."""
        data = self.socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the table closed the line")
        message: dict[str, Any] = json.loads(data)
        if "telemetry" in message:
            self.telemetry = message["telemetry"]
            self.bound = (self.telemetry["bound"] or {}).get("session")
        if "document" in message:
            self.documents.append(message["document"])
        return message

    def until(self, phase: str, timeout: float = 30.0) -> None:
        """Listen until the table is in `phase`, keeping the lease alive."""
        end = time.monotonic() + timeout
        leased = 0.0
        while self.telemetry.get("phase") != phase:
            assert time.monotonic() < end, f"still {self.telemetry.get('phase')} after {timeout:g} s"
            if time.monotonic() - leased > 1.0:
                self.ask("lease")
                leased = time.monotonic()
            self.hear()

    def switched(self, switch: str, timeout: float = 10.0) -> None:
        """Listen until the table tells that a switch is so."""
        end = time.monotonic() + timeout
        while not self.telemetry["switches"][switch]:
            assert time.monotonic() < end, f"no {switch} after {timeout:g} s"
            self.hear()

    def prepare(self, prescription: str, patient: Path, uid: str) -> None:
        """Everything up to the armed table: bind, checklist, stop test, arm."""
        plan, person = read_plan(prescription, patient, 1)
        binding = binding_of(plan, person)
        assert self.ask("bind", session=uid, operator="test", **binding)["ok"]
        self.until("setup")
        for item in ITEMS:
            assert self.ask("checklist", item=item, done=True, operator="test")["ok"]
        self.ask("simulate", what="remote-plug")
        self.until("stop test")
        self.ask("simulate", what="remote-press")
        self.switched("remote_pressed")  # let go between two ticks, it would never have been pressed
        self.ask("simulate", what="remote-release")
        self.switched("remote_tested")
        assert self.ask("arm", operator="test")["ok"]

    def close(self) -> None:
        """Hang up."""
        self.socket.close()
