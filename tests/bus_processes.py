"""A table on a bus as started by hand: hub, nodes, guard and table, each a process, and the plant's true force."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import numpy as np

from opentraction.table.canopen.door import Door, door_of
from tests.lab import PLAN
from tests.table_client import ROOT, TableClient

PATIENT = ROOT / "examples" / "patient.toml"
UP = 40.0
"""Longest time for all to come up [s]."""
Forces = list[tuple[float, float]]


class Listening(threading.Thread):
    """Keeps the true force [N] with the time it was heard [s]."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="true force")
        self.forces: Forces = []
        self.over = threading.Event()
        self._door = door

    def run(self) -> None:
        before = float("nan")
        while not self.over.is_set():
            force = self._door.true_force()
            if force != before:
                self.forces.append((time.monotonic(), force))
                before = force
            time.sleep(0.001)


class BusProcesses:
    """The four, in a folder of their own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder, self.bus, self.line = folder, folder / "bus", folder / "table.socket"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start("hub", "bus", "--bus", str(self.bus))
        self.start("nodes", "nodes", "--bus", str(self.bus))
        self.start("guard", "guard", "--bus", str(self.bus))
        table = ("--socket", str(self.line), "--data", str(folder), "--bus", str(self.bus), "--sound", "none")
        self.start("control", "table", *table, *arguments)
        self.wait_for(self.line)
        self.client = TableClient(self.line)
        self.door = Door(door_of(self.bus))
        self.listening = Listening(self.door)
        self.listening.start()

    def start(self, name: str, *arguments: str) -> None:
        """One process."""
        command = [sys.executable, "-m", "opentraction", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self.processes[name] = subprocess.Popen(command, env=environment)

    def wait_for(self, path: Path) -> None:
        """Until it is there and nobody has died."""
        end = time.monotonic() + UP
        while not path.exists():
            assert all(one.poll() is None for one in self.processes.values()), "a process ended"
            assert time.monotonic() < end, "not up in time"
            time.sleep(0.02)

    def pull(self, force: float = 250.0) -> str:
        """Bind, prepare and start; the session's name. The guard wants its cell slack for a second before."""
        prescription = self.folder / "prescription.toml"
        prescription.write_text(PLAN.format(force=force, couch="split", hold=60.0, rise=5.0, fall=4.0, length=120.0))
        uid = str(uuid.uuid4())
        for _ in range(20):
            with contextlib.suppress(AssertionError):
                self.client.prepare(str(prescription), PATIENT, uid)
                break
            time.sleep(0.25)
        assert self.client.ask("start", operator="test")["ok"]
        self.client.until("pretension")
        return uid

    def go_on(self, seconds: float) -> None:
        """Watch for so long [s]."""
        end = time.monotonic() + seconds
        leased = 0.0
        while time.monotonic() < end:
            if time.monotonic() - leased > 1.0:
                leased = time.monotonic()
                self.client.ask("lease")
            self.client.hear()

    def kill(self, name: str, number: int) -> float:
        """Send a signal; when [s]."""
        self.processes[name].send_signal(number)
        return time.monotonic()

    def since(self, when: float) -> np.ndarray:
        """Seconds after `when` and true forces [n, 2], from a tenth of a second before."""
        kept = [(t - when, force) for t, force in list(self.listening.forces) if t > when - 0.1]
        return np.array(kept)

    def close(self) -> dict[str, int]:
        """End everybody who lives; their exit codes."""
        self.listening.over.set()
        self.listening.join()
        codes = {}
        for name in ("control", "guard", "nodes", "hub"):
            process = self.processes[name]
            for number in (signal.SIGCONT, signal.SIGTERM):
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(number)
            try:
                codes[name] = process.wait(20.0)
            except subprocess.TimeoutExpired:
                process.kill()
                codes[name] = process.wait()
        self.door.close()
        self.client.close()
        return codes
