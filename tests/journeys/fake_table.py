"""A development aid: telemetry from a script, over the real socket, so that pages can be looked at without a table.

It proves nothing: no journey runs against it. `python tests/journeys/fake_table.py SOCKET [--from SECONDS] [--speed N]`
"""

from __future__ import annotations

import argparse
import json
import math
import socket
import time
from pathlib import Path
from typing import Any

from opentraction.prescription import Plan, force_at
from opentraction.quantities.vocabulary import PHASE_NAMES

ITEMS = ("pelvic_harness", "thoracic_harness", "cable_clipped", "quick_release", "carriage", "position")
TICK_S = 0.05


class FakeTable:
    """Answers every request and plays a plan without any physics."""

    def __init__(self, begin_at: float, speed: float) -> None:
        self.begin_at, self.speed = begin_at, speed
        self.t, self.seq = 0.0, 0
        self.unbind()

    def unbind(self) -> None:
        self.plan: Plan | None = None
        self.bound: dict[str, Any] | None = None
        self.phase, self.tau, self.force, self.limit = "idle", 0.0, 0.0, None
        self.plugged = self.pressed = self.tested = False
        self.checklist = dict.fromkeys(ITEMS, False)
        self.alarms: list[dict[str, Any]] = []
        self.ending = self.cause = None

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:  # noqa: C901 - one branch for each request
        do = message["do"]
        if do == "bind":
            self.unbind()
            self.plan = Plan.from_canonical(message["plan"])
            self.limit = self.plan.ceiling
            self.bound = {
                "session": message["session"],
                "plan_sha256": self.plan.sha256,
                "pseudonym": message["patient"]["pseudonym"],
            }
            self.phase = "setup"
        elif do == "checklist":
            self.checklist[message["item"]] = message["done"]
        elif do == "simulate":
            self.simulate(message["what"])
        elif do == "arm":
            self.phase = "ready"
        elif do == "start":
            self.phase, self.tau = "rise", self.begin_at
        elif do == "stop" and self.bound:
            self.stop("console stop", "stop on the console")
        elif do == "reduce":
            self.limit = message["to_n"]
        elif do == "acknowledge":
            for alarm in self.alarms:
                alarm["acknowledged"] = True
        elif do == "unbind":
            self.unbind()
        return {"re": message["id"], "ok": True}

    def simulate(self, what: str) -> None:
        if what == "remote-plug":
            self.plugged = True
        elif what == "remote-press":
            self.pressed = True
            if self.phase not in ("setup", "stop test", "ready"):
                self.stop("patient stop", "patient stop")
                self.alarm("A1", "high", "PATIENT STOP – releasing")
        elif what == "remote-release":
            self.tested, self.pressed = self.plugged and self.pressed, False
        elif what == "cough":
            self.alarm("A4", "medium", "Force above prescription – yielding")

    def alarm(self, name: str, priority: str, text: str) -> None:
        self.alarms = [{"id": name, "priority": priority, "text": text, "since_s": self.t, "acknowledged": False}]

    def stop(self, ending: str, cause: str) -> None:
        self.phase, self.ending, self.cause = "console release", ending, cause

    def step(self) -> dict[str, Any]:
        self.t += TICK_S * self.speed
        self.seq += 1
        prescribed, left, cycle = None, None, 0
        if self.plan and self.phase in ("pretension", "rise", "hold", "fall", "rest"):
            self.tau += TICK_S * self.speed
            now = force_at(self.plan.segments, self.tau, 0)
            prescribed, left, cycle = min(now.force, self.limit or 1e9), now.phase_left, now.cycle
            self.phase = PHASE_NAMES[now.phase]
            self.force = prescribed + 1.5 * math.sin(1.6 * self.t)
        elif "release" in self.phase:
            self.force = max(0.0, self.force - 8.0 * self.speed)
            self.phase = "safe" if self.force <= 2.0 else self.phase
        return {"telemetry": self.telemetry(prescribed, left, cycle)}

    def telemetry(self, prescribed: float | None, left: float | None, cycle: int) -> dict[str, Any]:
        spine = 0.78 * self.force
        return {
            "seq": self.seq,
            "t": round(self.t, 3),
            "wall_ms": time.time() * 1000.0,
            "phase": self.phase,
            "phase_left_s": left,
            "cycle": cycle,
            "cycles": self.plan.cycles if self.plan else None,
            "treatment_s": self.tau if self.bound else None,
            "total_s": self.plan.total_time if self.plan else None,
            "prescribed_n": prescribed,
            "measured_n": round(self.force, 1),
            "spine_n": spine if self.bound else None,
            "spine_low_n": 0.87 * spine if self.bound else None,
            "spine_high_n": 1.13 * spine if self.bound else None,
            "travel_mm": self.force / 8.0,
            "levels_mm": {f"L{n}-{'S1' if n == 5 else f'L{n + 1}'}": self.force * n / 2600.0 for n in range(1, 6)},
            "switches": {
                "remote_plugged": self.plugged,
                "remote_pressed": self.pressed,
                "remote_tested": self.tested,
                "clinician_stop": False,
                "power": True,
            },
            "checklist": self.checklist,
            "guard": "watching",
            "recording": {"on": self.bound is not None, "bytes_per_s": 50_100 if self.bound else None},
            "alarms": self.alarms,
            "limit_n": self.limit,
            "ending": self.ending,
            "cause": self.cause,
            "lease_s": 0.2,
            "table": "simulated table",
            "bound": self.bound,
        }


def serve(path: str, table: FakeTable) -> None:
    """One client at a time, until killed."""
    Path(path).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(path)
        door.listen(1)
        while True:
            line, _ = door.accept()
            with line:
                talk(line, table)


def talk(line: socket.socket, table: FakeTable) -> None:
    due = time.monotonic()
    while True:
        line.settimeout(max(0.001, due - time.monotonic()))
        try:
            packet = line.recv(1 << 20)
            if not packet:
                return
            line.send(json.dumps(table.ask(json.loads(packet))).encode())
        except TimeoutError:
            due += TICK_S
            line.send(json.dumps(table.step()).encode())
        except OSError:
            return


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("socket")
    parser.add_argument("--from", dest="begin_at", type=float, default=0.0)
    parser.add_argument("--speed", type=float, default=1.0)
    options = parser.parse_args()
    serve(options.socket, FakeTable(options.begin_at, options.speed))
