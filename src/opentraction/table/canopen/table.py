"""The table on a CANopen bus, behind the port: control's end, node 1.

It hears the drive, both cells, the switches and the guard; it asks the drive and tells the guard. The guard stands
elsewhere, so what it says comes with the reading. A bus that is gone is a reading without numbers, not an exception:
control then lets go as it does for a dead sensor, and what happened is recorded.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import can

from opentraction.quantities.clock import Clock
from opentraction.quantities.refusal import BadInput, State
from opentraction.quantities.vocabulary import DRIVE_READY
from opentraction.table.canopen import drive_states as d
from opentraction.table.canopen import objects
from opentraction.table.canopen import words as w
from opentraction.table.canopen.configure import ask_for_silence, configure, give_limits
from opentraction.table.canopen.hearing import BEAT_EVERY, CYCLE, OPERATIONAL, Beats, Ear, Emergencies
from opentraction.table.canopen.line import AT_ONCE, Line
from opentraction.table.canopen.pacing import SENSED, Progress, pace
from opentraction.table.canopen.sdo import ANSWER, REQUEST, Client
from opentraction.table.port import HALT, Checked, Command, Limits, Reading, Simulation
from opentraction.table.two_words import PERMITTED_LASTS

START: Final = bytes([0x01, 0x00])
"""NMT: everybody into operation."""
WAKING: Final = 40
"""Cycles that nodes are given to wake up before a session."""
NOTICED: Final = 80
"""Cycles within which the drive has to notice who speaks and who does not: 150 ms for a word, 200 ms for a beat."""
WATCHED: Final = (w.GUARD, w.DRIVE, w.CELL_A, w.CELL_B, w.SWITCHES)


class CanopenTable:
    """One table on a bus."""

    guarded = True

    def __init__(self, line: Line, clock: Clock, simulation: Simulation | None = None, address: str = "") -> None:
        self._line = line
        self._clock = clock
        self._began = clock.now()
        self._simulation = simulation
        self.kind = "CANopen table" if simulation is None else "simulated table on a bus"
        self._address = address
        self.ear = Ear()
        self.emergencies = Emergencies()
        self._beats = Beats(WATCHED, self._began)
        self._client = Client(self._ask)
        self._beat_due = self._began
        self._controlword = 0
        self._torque = False
        self._closed = False
        self._seen = -1
        self._limits: Limits | None = None

    @property
    def simulation(self) -> Simulation | None:
        """The simulation behind the nodes, where there is one."""
        return self._simulation

    def prepare(self, limits: Limits) -> None:
        """Before a session: wake, configure and compare every node, give the guard its limits. Raises BadInput."""
        self._configured()
        give_limits(self._client, limits)
        self._provoke()
        self._limits = limits

    def own_checks(self) -> tuple[Checked, ...]:
        """Every node awake, every object set and read back; the drive notices who falls silent."""
        return (
            self._checked("configuration of the bus", self._configured, "every node in operation, every object as set"),
            self._checked("drive without a word of control, then of the guard", self._provoked, "not ready"),
        )

    def _checked(self, name: str, look: Callable[[], str], allowed: str) -> Checked:
        try:
            return Checked(name, True, look(), allowed)
        except BadInput as refusal:
            return Checked(name, False, str(refusal).rstrip("."), allowed)

    def _configured(self) -> str:
        self._wake()
        configure(self._client)
        return f"{len(objects.OF_THE_TABLE)} objects read back"

    def _provoked(self) -> str:
        self._provoke()
        return "not ready, and ready again"

    def pace(self, due: float) -> float:
        """Wait for the next cycle, the guard's word with it; when it was there, or `due` where it was not [s]."""
        return pace(self._line, self._clock, due, self._take, self._progress)

    def read(self) -> Reading:
        """What was heard last; what is too old is no number."""
        now = self._clock.now()
        for message in self._line.heard(now):
            self._take(message)
        if self.ear.complete(SENSED):  # a cycle that is still coming in is waited for
            self._seen = self.ear.cycle
        moved, turned = self._word(w.MOVED, w.DRIVE, now), self._word(w.TURNED, w.DRIVE, now)
        permitted = self.ear.words.get(w.PERMITTED)
        silent = self.ear.age(w.PERMITTED, now) if self._beats.well(w.GUARD, now) else math.inf
        return Reading(
            now - self._began,
            self._force(w.FELT_A, w.CELL_A, now),
            self._force(w.FELT_B, w.CELL_B, now),
            moved.travel if moved is not None else math.nan,
            turned.speed if turned is not None else math.nan,
            self._switches(now),
            permitted.word.cause if permitted is not None else 0,
            silent,
            permitted is not None and permitted.word.pull and silent <= PERMITTED_LASTS,
        )

    def write(self, command: Command) -> None:
        """Ask the drive, tell the guard, and beat."""
        if self._closed:
            command = HALT
        if self._torque and not command.torque:
            self._line.flush()
        self._torque = command.torque
        self._controlword = self._next_controlword(command.torque)
        cycle = self.ear.cycle
        self._line.send(w.ASKED, w.asked(w.Asked(self._controlword, command.speed, cycle)))
        for cob, data in zip(w.TOLD, w.told(command.told, cycle), strict=True):
            self._line.send(cob, data)
        self._beat()
        self.ear.trusting = not command.torque

    def describe(self) -> dict[str, object]:
        """Bus, objects as they were compared, and the simulation where there is one."""
        made: dict[str, object] = {
            "kind": "canopen",
            "bus": self._address,
            "objects": {
                f"{w.NODE_NAMES[one.node]} {one.key[0]:04X}.{one.key[1]}": one.data[::-1].hex()
                for one in objects.OF_THE_TABLE
            },
            "limits": None if self._limits is None else dict(self._limits._asdict()),
        }
        return made if self._simulation is None else made | {"simulation": self._simulation.describe()}

    def close(self) -> None:
        """Torque off and let go of the bus; the last word is said, and no other follows."""
        if not self._closed:
            self._closed = True
            self.write(HALT)

    def unplug(self) -> None:
        """Leave the bus."""
        self._line.close()

    # --- hearing ---

    def _take(self, message: can.Message) -> None:
        now, cob, data = self._clock.now(), message.arbitration_id, bytes(message.data)
        if not (self._beats.hear(cob, data, now) or self.emergencies.hear(cob, data)):
            self.ear.hear(cob, data, now)

    def _progress(self) -> Progress:
        sensed = self.ear.cycle != self._seen and self.ear.complete(SENSED)
        return Progress(sensed, sensed and self.ear.complete((w.PERMITTED,)))

    def _word(self, cob: int, node: int, now: float) -> Any:
        """A fresh word of a node that is well, or None."""
        return self.ear.fresh(cob, now) if self._beats.well(node, now) else None

    def _force(self, cob: int, node: int, now: float) -> float:
        felt = self._word(cob, node, now)
        good = felt is not None and felt.valid and not self.emergencies.code.get(node, 0)
        return float(felt.force) if good else math.nan

    def _switches(self, now: float) -> int:
        """As they are; not heard of, as they were, with a drive that is not ready: nobody has pressed, yet all ends."""
        newest = self.ear.words.get(w.SWITCHED)
        bits = int(newest.word.bits) if newest is not None else 0
        heard = self._word(w.SWITCHED, w.SWITCHES, now) is not None
        return bits if heard and self._drive_well(now) else bits & ~DRIVE_READY

    def _drive_well(self, now: float) -> bool:
        moved = self._word(w.MOVED, w.DRIVE, now)
        if moved is None or self.emergencies.code.get(w.DRIVE, 0):
            return False
        return d.state_of(moved.statusword) not in {None, d.FAULT, d.FAULT_REACTION_ACTIVE}

    # --- speaking ---

    def _next_controlword(self, torque: bool) -> int:
        """Towards operation where torque is wanted, else without voltage; a fault is reset by an edge."""
        moved = self.ear.fresh(w.MOVED, self._clock.now())
        state = d.state_of(moved.statusword) if moved is not None else None
        if state == d.FAULT:
            return d.DISABLE_VOLTAGE if self._controlword & d.FAULT_RESET else d.FAULT_RESET
        if not torque or state is None:
            return d.DISABLE_VOLTAGE
        towards = d.towards_operation(state)
        return d.DISABLE_VOLTAGE if towards is None else towards

    def _beat(self) -> None:
        now = self._clock.now()
        if now < self._beat_due or self._closed:
            return
        self._beat_due = max(self._beat_due + BEAT_EVERY, now)
        self._line.send(w.HEARTBEAT + w.CONTROL, bytes([OPERATIONAL]))
        if self._beats.asleep() and not self._torque:
            self._line.send(w.NMT, START)

    def _wake(self) -> None:
        """Every node heard of and in operation. Raises BadInput."""
        for _ in range(WAKING):
            missing = self._beats.missing(self._clock.now())
            if not missing:
                return
            self._line.send(w.NMT, START)
            message = self._line.wait(CYCLE)
            while message is not None:
                self._take(message)
                message = self._line.wait(0.0)
        node = self._beats.missing(self._clock.now())
        if node:
            raise BadInput(w.NODE_NAMES[node[0]], State("not in operation"), "a node that beats on the bus")

    def _provoke(self) -> None:
        """Let control and then the guard be silent: the drive has to notice each. Raises BadInput (hazard H26)."""
        for who in (w.CONTROL, w.GUARD):
            self._both_heard()
            if who == w.GUARD:
                ask_for_silence(self._client)
            if not self._drive_is(ready=False, speaking=who != w.CONTROL):
                raise BadInput(
                    f"drive: watch on {w.NODE_NAMES[who]}", State("not armed"), "a drive that is not ready without it"
                )

        self._both_heard()

    def _both_heard(self) -> None:
        """The drive hears control and guard. Raises BadInput."""
        if not self._drive_is(ready=True, speaking=True):
            raise BadInput("drive", State("not ready"), "a drive that is ready while control and guard are heard")

    def _drive_is(self, *, ready: bool, speaking: bool) -> bool:
        """Whether the drive's own contact comes to say so within the time; control speaks meanwhile, or does not."""
        due = self._clock.now()
        for _ in range(NOTICED):
            due = self.pace(due + CYCLE)
            self.read()
            word = self._word(w.SWITCHED, w.SWITCHES, self._clock.now())
            if word is not None and bool(word.bits & DRIVE_READY) == ready:
                return True
            if speaking:
                self.write(HALT)
        return False

    def _ask(self, node: int, request: bytes, patience: float) -> bytes | None:
        self._line.send(REQUEST + node, request)
        end = self._clock.now() + patience
        for _ in range(AT_ONCE):
            message = self._line.wait(max(end - self._clock.now(), 0.0))
            if message is None:
                return None
            if message.arbitration_id == ANSWER + node:
                return bytes(message.data)
            self._take(message)
        return None
