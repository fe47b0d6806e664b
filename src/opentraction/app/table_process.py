"""The table process: owns the table, the control loop and the recorder. If everything else dies, it carries on to a
safe end.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opentraction.app.in_memory import stay_in_memory
from opentraction.app.lifeline import end_with_parent
from opentraction.app.prompt import REAL_TIME_PRIORITY, be_prompt, promptly, real_time
from opentraction.app.sounder import NONE, AlarmSound, Silent, Sounder, sounder_for
from opentraction.app.table_on_bus import table_on_bus
from opentraction.app.table_server import TableServer
from opentraction.control.settings import TICK
from opentraction.control.step import has_torque, releasing
from opentraction.control.watch import SLACK
from opentraction.quantities.clock import Clock, MonotonicClock
from opentraction.quantities.streams import Streams
from opentraction.quantities.vocabulary import ASK_STOP, BY_SHUT_DOWN
from opentraction.session.alarm_log import AlarmLog
from opentraction.session.alarm_schedule import Schedule
from opentraction.session.checks.check_book import CheckBook
from opentraction.session.checks.finding import Finding
from opentraction.session.conductor import Conductor
from opentraction.session.documents import Document, Listener
from opentraction.session.lockout import ALARMS_UNREADABLE, IN_DOUBT, Lockout
from opentraction.session.queued import QueuedRecorder
from opentraction.session.recorder import AGAIN, Recorder
from opentraction.session.recovery import is_closed, recover
from opentraction.session.room import free_bytes, megabytes, too_little
from opentraction.session.rows import Rows
from opentraction.session.session import Binding
from opentraction.session.telemetry import telemetry
from opentraction.table.canopen.table import CanopenTable
from opentraction.table.port import Command, Table
from opentraction.twin.simulated_table import SimulatedTable

STOP_TICKS = 4
"""Between two asks to stop when the process is told to end: 20 ms."""
TELEMETRY_TICKS = 10
SELF_TESTS = 3
"""Power-on tests before somebody has to look: other nodes of a bus may still be waking up."""
LET_OUT_SPEED = 0.03
"""Payout after a crash [m/s]: 300 N/s at 10 N/mm."""
LET_OUT_TIME = 10.0
SWITCH = 0.0005
"""[s]; Python's own is 5 ms, a whole tick."""


class ScaledClock(MonotonicClock):
    """The machine's clock, `speed` times as fast; for trying things out on a simulated table only."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._began = time.monotonic()

    def now(self) -> float:
        return self._began + (time.monotonic() - self._began) * self.speed

    def sleep_until(self, when: float) -> None:
        wait = (when - self.now()) / self.speed
        if wait > 0.0:
            time.sleep(wait)


class Feed:
    """A listener that passes documents to the consoles."""

    def __init__(self, process: TableProcess) -> None:
        self._process = process

    def document(self, doc: Document) -> None:
        self._process.server.tell({"document": dict(doc)}, must=True)

    def rows(self, block: Rows) -> None:
        """Telemetry carries the numbers."""

    def close(self) -> None:
        """Nothing to close."""


class Background:
    """A recorder whose closing never holds up the loop."""

    def __init__(self, inner: QueuedRecorder) -> None:
        self._inner = inner
        self.closing: threading.Thread | None = None

    def document(self, doc: Document) -> None:
        self._inner.document(doc)

    def rows(self, block: Rows) -> None:
        self._inner.rows(block)

    def close(self) -> None:
        self.closing = threading.Thread(target=promptly(self._inner.close), name="closing")
        self.closing.start()


class TableProcess:
    """One table, its conductor and its socket."""

    def __init__(
        self,
        socket_path: Path,
        data: Path,
        clock: Clock,
        seed: int,
        sounder: Sounder | None = None,
        bus: CanopenTable | None = None,
    ) -> None:
        self.clock = clock
        self.data = data
        self._bus = bus
        self.table: Table = SimulatedTable(clock, Streams(seed)) if bus is None else bus
        log = AlarmLog(data / "table" / "alarms.jsonl", begin=be_prompt)
        left = log.open(clock.civil())
        self.conductor = Conductor(
            self.table,
            self._listeners,
            clock.civil,
            why_unrecordable=self._no_room,
            lockout=Lockout(data / "table" / "lockouts.jsonl", treated=has_treated(data), now=clock.civil()),
            alarm_log=log,
            checks=CheckBook(data / "table" / "checks.jsonl", clock.civil(), treated=has_treated(data)),
            more_checks=self._more_checks,
        )
        if left.broken:
            self.conductor.lockout.lock(ALARMS_UNREADABLE, "", clock.civil())
        self.sound = AlarmSound(Schedule(self.conductor.board), sounder or Silent())
        self.server = TableServer(socket_path, self.conductor)
        self.conductor.checks.pace = clock.speed if isinstance(clock, ScaledClock) else 1.0
        self.late = 0.0
        self.lateness: array[float] | None = None
        """Every tick's lateness [s], kept when asked for."""
        self._recorder: Background | None = None
        self._writer: Recorder | None = None
        self._written = (clock.now(), 0)
        self._bytes_per_s = 0.0
        self._stopping = False
        self._seq = 0

    def run(self) -> None:
        """Tick until told to stop; a session in progress is then released first."""
        self._recover()
        _be_quick()
        try:
            self._test_itself()
            self._loop()
        finally:
            self.close()

    def _test_itself(self) -> None:
        """The power-on test, before anybody is served."""
        for _ in range(SELF_TESTS):
            self.conductor.self_test()
            due = self.clock.now()
            while self.conductor.checks.testing and not self._stopping:
                due = self._next(due + TICK)
                self.conductor.step()
            if self._stopping or not self.conductor.checks.book.untested():
                return

    def _more_checks(self) -> Sequence[Finding]:
        """What only this process can see: room for the longest session, and its own files."""
        doubt = self.conductor.lockout.why if self.conductor.lockout.why in IN_DOUBT else ""
        return [_disk(self.data), Finding("records of the table", not doubt, doubt or "whole", "whole")]

    def _loop(self) -> None:
        due = self.clock.now()
        ticks = 0
        while not (self._stopping and self._at_rest()):
            due = self._next(due + TICK)
            self.late = self.clock.now() - due
            if self.lateness is not None:
                self.lateness.append(self.late)
            if self.late > 1.0:
                due = self.clock.now()
            self.conductor.step()
            self.sound.tick(self.conductor.now, has_torque(self.conductor.phase))
            self.server.poll()
            ticks += 1
            if self._stopping and ticks % STOP_TICKS == 0:
                self._ask_stop()
            if ticks % TELEMETRY_TICKS == 0:
                self._tell()

    def _next(self, due: float) -> float:
        """Wait for the tick that is due at `due` [s]; on a bus the drive gives the beat."""
        if self._bus is not None:
            return self._bus.pace(due)
        self.clock.sleep_until(due)
        return due

    def stop(self, *_: object) -> None:
        """Release what is pulled, then end. A signal handler: it only leaves word, the loop does the rest."""
        self._stopping = True

    def _ask_stop(self) -> None:
        """Ask until the release has begun: a stop that got lost on the way must not stay lost."""
        if has_torque(self.conductor.phase) and not releasing(self.conductor.phase):
            self.conductor.ask(ASK_STOP, BY_SHUT_DOWN, lambda ok, why: None)

    def close(self) -> None:
        """Cable slack, documents closed, recorder done, socket gone."""
        self._let_out()
        self.conductor.close()
        self.conductor.lockout.flush()
        if self._recorder is not None and self._recorder.closing is not None:
            self._recorder.closing.join(10.0)
        self.server.close()
        self.sound.sounder.close()
        if self._bus is not None:
            self._bus.unplug()

    def _let_out(self) -> None:
        """After a crash under tension: pay out at a bounded speed, control or no control, then let go of the torque."""
        due = self.clock.now()
        for _ in range(round(LET_OUT_TIME / TICK)):
            if self._at_rest():
                return
            due += TICK
            self.clock.sleep_until(due)
            try:
                force = self.table.read().force
                self.table.write(Command(-LET_OUT_SPEED, True))
            except Exception:  # the table itself is gone; its own timers are what is left
                return
            if -SLACK <= force <= SLACK:
                return

    def _at_rest(self) -> bool:
        return not has_torque(self.conductor.phase)

    def _listeners(self, binding: Binding) -> Sequence[Listener]:
        folder = self.data / ("table/trials" if binding.trial else "recordings") / binding.uid
        self._writer = Recorder(folder, alarm=self._recording_trouble)
        self._recorder = Background(QueuedRecorder(self._writer, alarm=self._recording_trouble, begin=be_prompt))
        self._written = (self.clock.now(), 0)
        self._bytes_per_s = 0.0
        self.conductor.recording_trouble = ""
        return [self._recorder, Feed(self)]

    def _recording_trouble(self, sentence: str) -> None:
        """From the recorder's thread."""
        self.conductor.recording_trouble = "" if sentence == AGAIN else sentence

    def _no_room(self, binding: Binding) -> str:
        """Why the disk cannot take this session; empty when it can."""
        return too_little(self.data / "recordings", binding.plan.total_time)

    def _tell(self) -> None:
        self._seq += 1
        self.conductor.sound = self.sound.sounder.by, self.sound.sounder.trouble
        wall: float = datetime.now(UTC).timestamp() * 1000.0
        message: dict[str, Any] = telemetry(self.conductor, self._seq, round(wall), self._pace())
        message["late_ms"] = round(self.late * 1000.0, 2)
        self.server.tell({"telemetry": message})

    def _pace(self) -> float:
        """Bytes recorded a second, over the last five seconds or so; 0 when nothing is recorded."""
        if self._writer is None or self.conductor.session is None:
            return 0.0
        since, before = self._written
        elapsed = self.clock.now() - since
        if elapsed >= 5.0:
            self._bytes_per_s = (self._writer.bytes_written - before) / elapsed
            self._written = (self.clock.now(), self._writer.bytes_written)
        return self._bytes_per_s

    def _recover(self) -> None:
        """Close what an earlier process left open."""
        folder = self.data / "recordings"
        for session in sorted(folder.glob("*")) if folder.is_dir() else ():
            if (session / "documents.jsonl").is_file() and not is_closed(session):
                with contextlib.suppress(ValueError, OSError):
                    recover(session, self.clock.civil())


def _disk(folder: Path) -> Finding:
    """Whether it answers; whether a session has room on it is asked before each one."""
    try:
        return Finding("disk", True, f"{megabytes(free_bytes(folder))} free", "one that answers")
    except OSError as error:
        return Finding("disk", False, str(error.strerror or error), "one that answers")


def has_treated(data: Path) -> bool:
    """Whether anything was ever recorded at this table."""
    return next((data / "recordings").glob("*/documents.jsonl"), None) is not None


def _be_quick() -> None:
    """Ask for what keeps a loop punctual; go on without where it is not granted."""
    gc.collect()
    gc.freeze()
    stay_in_memory()
    # A thread that works aside lets go of the interpreter within this time when the loop asks for it.
    sys.setswitchinterval(SWITCH)
    real_time(REAL_TIME_PRIORITY)


def main(
    socket_path: Path,
    data: Path,
    speed: float,
    seed: int,
    lateness: Path | None = None,
    sound: str = NONE,
    bus: str | None = None,
) -> int:
    """Run until SIGTERM or SIGINT; `lateness` is a file for how late each tick was, one a line [us].

    `sound` is one of `sounder.CHOICES`, `bus` the address of a bus that the table is on. Raises BadInput.
    """
    clock: Clock = MonotonicClock() if speed == 1.0 else ScaledClock(speed)
    sounder = sounder_for(sound, data / "table" / "sounds") if speed == 1.0 else Silent("not at this speed")
    on_bus = None if bus is None else table_on_bus(bus, clock)
    process = TableProcess(socket_path, data, clock, seed, sounder, on_bus)
    signal.signal(signal.SIGTERM, process.stop)
    signal.signal(signal.SIGINT, process.stop)
    signal.signal(signal.SIGHUP, process.stop)
    end_with_parent()
    if lateness is not None:
        process.lateness = array("d")
    process.run()
    if lateness is not None and process.lateness is not None:
        lateness.write_text("".join(f"{1.0e6 * late:.1f}\n" for late in process.lateness), "ascii")
    return 0
