"""Four simulated nodes in step: each cycle they hear, the physics moves on, they give the SYNC and say what they sense.

The drive gives the SYNC, as neither control nor the guard may be needed by the other: whichever dies, the cells go on
being read. The physics is that of the simulated table, stop timers and all; what a real table would wire, the guard's
relay, is an output of the switch node that holds for five seconds after the guard's last word.
"""

from __future__ import annotations

import struct
from typing import Final

from opentraction.quantities.clock import Clock
from opentraction.quantities.vocabulary import DRIVE_READY
from opentraction.table.canopen import drive_states as d
from opentraction.table.canopen import objects as o
from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import BEAT_EVERY, CYCLE, OPERATIONAL, PRE_OPERATIONAL, Beats
from opentraction.table.canopen.line import Line
from opentraction.table.canopen.sdo import ANSWER, REQUEST, Server
from opentraction.table.port import Command, Reading
from opentraction.twin.nodes.drive import LONG_AGO, Drive, Sight, said_in
from opentraction.twin.simulated_table import SimulatedTable

CAUGHT_UP: Final = 20
"""Cycles of physics made good after a pause of this process, at most; the count of cycles goes on by all."""
STARTS, PAUSES = 0x01, 0x80
"""NMT commands: into operation, back to pre-operational."""


class SimulatedNodes:
    """Drive, cells A and B, switches."""

    def __init__(self, line: Line, table: SimulatedTable, clock: Clock) -> None:
        self.table = table
        self.drive = Drive()
        self.cycle = 0
        self._line = line
        self._clock = clock
        self._due = clock.now()
        self._beat_due = clock.now()
        self._beats = Beats((w.CONTROL, w.GUARD), clock.now() - 1.0)
        self._state = dict.fromkeys((w.DRIVE, w.CELL_A, w.CELL_B, w.SWITCHES), PRE_OPERATIONAL)
        self.servers: dict[int, Server] = {
            w.DRIVE: self.drive.server,
            **{node: Server(o.as_built(node)) for node in (w.CELL_A, w.CELL_B, w.SWITCHES)},
        }
        self.broken: dict[int, int] = {}
        """Emergency code of a cell or of the switches, for tests."""
        self._relay = False
        self._relay_in = LONG_AGO
        self._told = dict.fromkeys(self._state, 0)
        for node in self._state:
            line.send(w.HEARTBEAT + node, b"\0")

    @property
    def due(self) -> float:
        """When the next cycle begins [s]."""
        return self._due + CYCLE

    @property
    def relay(self) -> bool:
        """Whether the guard's relay is closed."""
        lasts = o.number(self.servers[w.SWITCHES].objects[o.RELAY_TIME].data) / 1e3
        return self._relay and (self.cycle - self._relay_in) * CYCLE <= lasts

    def hear(self) -> None:
        """Take what has come; questions are answered at once."""
        now = self._clock.now()
        for message in self._line.heard(now):
            self._take(message.arbitration_id, bytes(message.data), now)

    def turn(self) -> None:
        """One cycle: move on by all that is due, then SYNC and words."""
        self.hear()
        now = self._clock.now()
        cycles = max(1, int((now - self._due) / CYCLE + 1e-6))
        self._due += cycles * CYCLE
        for _ in range(min(cycles, CAUGHT_UP)):
            self._move(now)
        self.cycle += max(0, cycles - CAUGHT_UP)
        self._say(now)

    def _move(self, now: float) -> None:
        self.cycle += 1
        sight = Sight(self.table.read().travel, self.table.true_force())
        made = self.drive.moving(self.cycle, sight, self._beats.well(w.CONTROL, now), self._beats.well(w.GUARD, now))
        self.table.write(Command(made.speed, made.torque and self.relay))

    def _say(self, now: float) -> None:
        reading = self.table.read()
        self._line.send(w.SYNC, b"")
        running = {node for node, state in self._state.items() if state == OPERATIONAL}
        if w.DRIVE in running:
            status = d.statusword(self.drive.state)
            self._line.send(w.MOVED, w.moved(w.Moved(status, reading.travel, self.cycle)))
            self._line.send(w.TURNED, w.turned(w.Turned(reading.speed, self.cycle)))
        for node, cob, force in ((w.CELL_A, w.FELT_A, reading.force), (w.CELL_B, w.FELT_B, reading.guard_force)):
            if node in running:
                self._line.send(cob, w.felt(w.Felt(self._shown(node, force), not self.broken.get(node), self.cycle)))
        if w.SWITCHES in running:
            self._line.send(w.SWITCHED, w.switched(w.Switched(self._bits(reading), self.cycle)))
        self._tell_emergencies()
        if now >= self._beat_due:
            self._beat_due = max(self._beat_due + BEAT_EVERY, now)
            for node, state in self._state.items():
                self._line.send(w.HEARTBEAT + node, bytes([state]))

    def _bits(self, reading: Reading) -> int:
        bits = reading.switches if self.drive.ready else reading.switches & ~DRIVE_READY
        return bits ^ 0xFF if o.number(self.servers[w.SWITCHES].objects[0x6002, 1].data) else bits

    def _shown(self, node: int, force: float) -> float:
        """A cell's process value [N], by the gain and offset that were written into it."""
        objects = self.servers[node].objects
        gain, offset = (struct.unpack("<f", objects[key].data)[0] for key in (o.CELL_GAIN, o.CELL_OFFSET))
        return float(force * gain + offset)

    def _tell_emergencies(self) -> None:
        for node in self._told:
            code = self.drive.emergency if node == w.DRIVE else self.broken.get(node, 0)
            if code != self._told[node]:
                self._told[node] = code
                self._line.send(w.EMERGENCY + node, code.to_bytes(2, "little") + bytes([bool(code)]) + bytes(5))

    def _take(self, cob: int, data: bytes, now: float) -> None:
        if self._beats.hear(cob, data, now):
            return
        if cob == w.NMT and len(data) == 2:
            self._start(*data)
        elif cob - REQUEST in self.servers:
            answer = self.servers[cob - REQUEST].answer(data)
            if answer is not None:
                self._line.send(cob - REQUEST + ANSWER, answer)
        elif cob == w.ASKED and (asked := w.read_asked(data)) is not None:
            self.drive.ask(asked, self.cycle)
        elif cob == w.PERMITTED and (permitted := w.read_permitted(data)) is not None:
            self.drive.permit(permitted, self.cycle)
            self._hold(permitted)

    def _hold(self, word: w.Permitted) -> None:
        at = said_in(self.cycle, word.cycle)
        if at is not None and at > self._relay_in:
            self._relay, self._relay_in = word.relay, at

    def _start(self, command: int, node: int) -> None:
        state = {STARTS: OPERATIONAL, PAUSES: PRE_OPERATIONAL}.get(command)
        for one in self._state:
            if state is not None and node in {0, one}:
                self._state[one] = state
