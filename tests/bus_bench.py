"""A bench with a table's nodes on a real hub, in one thread and in fake time.

Sockets, frames and words are the real ones; only time stands still until it is moved on. `turn` is one cycle: the nodes
speak, the guard looks; control reads and writes in between.
"""

from __future__ import annotations

import contextlib
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opentraction.app.guard_on_bus import GuardOnBus
from opentraction.guard.supervise import PULL_SPEED, Word
from opentraction.prescription import Plan
from opentraction.quantities import FakeClock, Streams
from opentraction.quantities import vocabulary as v
from opentraction.quantities.vocabulary import NO_CAUSE
from opentraction.session.conductor import CHECKLIST, Conductor
from opentraction.session.rows import Rows
from opentraction.session.session import Binding
from opentraction.table.canopen.configure import configure
from opentraction.table.canopen.frame import unpacked
from opentraction.table.canopen.hub import Hub
from opentraction.table.canopen.line import Line, opener
from opentraction.table.canopen.sdo import Client
from opentraction.table.canopen.table import CanopenTable
from opentraction.table.port import Command, Reading
from opentraction.twin.nodes.nodes import SimulatedNodes
from opentraction.twin.simulated_table import SimulatedTable

TICK = 0.005
Wire = Callable[[int, bytes], bool]
"""Whether a frame, by its identifier and data, is passed on."""


NODES, GUARD, CONTROL = 0, 1, 2
"""Who is plugged in, in that order."""


class Wired(Hub):
    """A hub whose wire a test may spoil."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.passes: Wire = lambda cob, data: True
        self.deaf: set[int] = set()
        """Plugs that hear nothing."""
        self.mute: set[int] = set()
        """Plugs that nobody hears."""
        self.delay: Callable[[int], int] = lambda cob: 0
        """Cycles that a frame is on its way."""
        self.cycle = 0
        self.said: list[bytes] = []
        """What went over the wire, while it is kept."""
        self.keeping = False
        self._on_the_way: list[tuple[int, bytes, int]] = []

    def next_cycle(self) -> None:
        """Time goes on: what is due arrives."""
        self.cycle += 1
        due = [one for one in self._on_the_way if one[0] <= self.cycle]
        self._on_the_way = [one for one in self._on_the_way if one[0] > self.cycle]
        for _, raw, sender in due:
            self.give(raw, sender)

    def give(self, raw: bytes, sender: int = -1) -> None:
        """A frame to everybody who hears but its sender; -1 is nobody."""
        for number, node in enumerate(self._nodes):
            if number != sender and number not in self.deaf:
                with contextlib.suppress(BlockingIOError):
                    node.send(raw)

    def _pass_on(self, raw: bytes, sender: socket.socket) -> None:
        frame, number = unpacked(raw), self._nodes.index(sender)
        self.passed += 1
        if self.keeping:
            self.said.append(raw)
        if frame is None or number in self.mute or not self.passes(frame.cob, frame.data):
            return
        if wait := self.delay(frame.cob):
            self._on_the_way.append((self.cycle + wait, raw, number))
        else:
            self.give(raw, number)


class Plug(Line):
    """A line that lets everybody else have their turn while it waits."""

    others: Callable[[], None] = staticmethod(lambda: None)
    pass_time: Callable[[], None] = staticmethod(lambda: None)

    def wait(self, seconds: float):  # type: ignore[no-untyped-def]
        self.others()
        message = super().wait(0.0)
        if message is None and seconds > 0.0:
            self.pass_time()
        return message or super().wait(0.0)


class Yes(GuardOnBus):
    """A guard that permits everything: for what a table has to do by itself."""

    def look(self) -> None:
        self.hear()
        self.guard = self.guard._replace(word=Word(PULL_SPEED, True, NO_CAUSE, True))
        self._say()
        self._beat(self._clock.now())


class BusBench:
    """Hub, nodes, guard and control's end."""

    def __init__(self, guard: type[GuardOnBus] = GuardOnBus, seed: int = 1, *, turns_back: bool = True) -> None:
        self.clock = FakeClock(100.0)
        self._plugs: list[Plug] = []
        self.folder = Path(tempfile.mkdtemp())
        self.hub = Wired(self.folder / "bus")
        self.machine = SimulatedTable(self.clock, Streams(seed), turns_back=turns_back)
        self.nodes = SimulatedNodes(self._plug(), self.machine, self.clock)
        self.guard = guard(self._plug(), self.clock)
        self.control_plug = self._plug()
        self.control = CanopenTable(self.control_plug, self.clock, self.machine, "bench")
        self.control_plug.others = self.settle
        self.control_plug.pass_time = self.cycle
        self.guard_lives = True
        self.nodes_live = True

    def turn(self) -> None:
        """One cycle of everybody but control."""
        self.hub.next_cycle()
        self.pass_on()
        if self.nodes_live:
            self.nodes.turn()
        self.pass_on()
        if self.guard_lives:
            self.guard.look()
        self.pass_on()

    def cycle(self) -> None:
        """Time goes on while somebody waits."""
        self.clock.seconds += TICK
        self.turn()

    def settle(self) -> None:
        """Everybody hears and answers; nothing moves."""
        self.pass_on()
        self.nodes.hear()
        self.guard.hear()
        self.pass_on()

    def pass_on(self) -> None:
        """What waits in the hub."""
        before = -1
        while before != (now := self.hub.passed + self.hub.plugged_in):
            before = now
            self.hub.turn(0.0)

    def idle(self, seconds: float) -> None:
        """Nobody bound."""
        for _ in range(round(seconds / TICK)):
            self.control.read()
            self.control.write(Command(0.0, False))
            self.turn()
            self.clock.seconds += TICK

    def configure(self) -> None:
        """Wake and set the nodes, as before a session."""
        self.control._wake()
        configure(Client(self.control._ask))

    def close(self) -> None:
        """Pull every plug, and leave nothing behind."""
        for plug in self._plugs:
            plug.close()
        self.hub.close()
        self.folder.rmdir()

    def _plug(self) -> Plug:
        made = Plug(opener(str(self.hub.path)))
        self._plugs.append(made)
        self.pass_on()
        return made


class Heard:
    """A listener that keeps everything."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self.blocks: list[Rows] = []

    def document(self, doc: Any) -> None:
        self.documents.append(doc)

    def rows(self, block: Rows) -> None:
        self.blocks.append(block.copy())

    def close(self) -> None:
        """Nothing to close."""


class BusRoom:
    """A treatment on the bench: conductor, people, and the true force of every cycle."""

    def __init__(
        self, seed: int = 1, *, turns_back: bool = True, spoil: Callable[[BusRoom], None] = lambda room: None
    ) -> None:
        self.bench = BusBench(seed=seed, turns_back=turns_back)
        spoil(self)
        self.heard = Heard()
        self.conductor = Conductor(self.bench.control, lambda binding: [self.heard], self.bench.clock.civil)
        self.control_lives = True
        self.true: list[float] = []
        self.run(1.5)

    def run(self, seconds: float) -> None:
        """Everybody who lives goes on for so long [s]."""
        for cycle in range(round(seconds / TICK)):
            if cycle % 100 == 0:
                self.conductor.lease()
            self.bench.turn()
            if self.control_lives:
                self.conductor.step()
            self.true.append(self.bench.machine.true_force())
            self.bench.clock.seconds += TICK

    def until(self, phase: int, longest: float = 30.0) -> None:
        """Go on until control is in a phase."""
        for _ in range(round(longest / 0.05)):
            if self.conductor.phase == phase:
                return
            self.run(0.05)
        raise AssertionError(f"still in {v.PHASE_NAMES[self.conductor.phase]}")

    def bind(self, plan: Plan) -> None:
        """A patient and a plan."""
        self.conductor.bind(Binding("session-1", plan, {"pseudonym": "017"}, self.bench.control.describe(), "Ada", 1))
        self.run(0.05)

    def pull(self, plan: Plan) -> None:
        """Everything up to the hold."""
        self.start(plan)
        self.until(v.HOLD)

    def start(self, plan: Plan) -> None:
        """Everything up to the start."""
        self.bind(plan)
        for item in CHECKLIST:
            self.conductor.check(item, True, "Ada")
        for what in ("remote-plug", "remote-press", "remote-release"):
            self.bench.machine.happen(what)
            self.run(0.3)
        for ask in (v.ASK_ARM, v.ASK_START):
            assert self.ask(ask) == (True, "")

    def ask(self, ask: int, value: float = 0.0) -> tuple[bool, str]:
        """Ask, and wait for the answer."""
        answers: list[tuple[bool, str]] = []
        self.conductor.ask(ask, value, lambda ok, why: answers.append((ok, why)))
        self.run(0.1)
        return answers[0]

    def close(self) -> None:
        """End the session and everybody."""
        self.conductor.close()
        self.bench.close()


class TableOnBench:
    """Control's end as a table that moves on with each write, as the others do."""

    def __init__(self, bench: BusBench) -> None:
        self.bench = bench
        self.inner = bench.control
        self.kind = self.inner.kind
        self.guarded = self.inner.guarded
        self.simulation = self.inner.simulation
        self.prepare = self.inner.prepare
        self.own_checks = self.inner.own_checks
        self.describe = self.inner.describe
        self.close = self.inner.close

    def read(self) -> Reading:
        return self.inner.read()

    def write(self, command: Command) -> None:
        self.inner.write(command)
        self.bench.turn()
