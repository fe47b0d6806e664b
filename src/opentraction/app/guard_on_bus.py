"""The guard's end of the bus, node 2: hears the sensors and control, looks once a cycle, says its word.

It has its own plug in the bus, its own cell and its own clock. What it judges with is `guard.supervise`, unchanged;
here is only how words come to it and go from it. It is given its limits while it is at rest, and keeps them.
"""

from __future__ import annotations

import math
from typing import Any, Final

import can

from opentraction.guard.step import GuardSettings
from opentraction.guard.supervise import SLACK_TIME, Heard, Sensed, Supervisor, fresh_supervisor, supervise
from opentraction.quantities.clock import Clock
from opentraction.quantities.vocabulary import IDLE
from opentraction.table.canopen import objects as o
from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import BEAT_EVERY, CYCLE, OPERATIONAL, Beats, Ear, Emergencies
from opentraction.table.canopen.line import Line
from opentraction.table.canopen.pacing import SENSED, Progress, pace
from opentraction.table.canopen.sdo import ANSWER, BAD_VALUE, NOT_NOW, REQUEST, Key, Refused, Server, Value

NO_LIMITS: Final = GuardSettings(CYCLE, 0.0, 0.0, 0.0, 0.0, -1)
"""Before the first session: whatever control does is another plan."""
WATCHED: Final = (w.CONTROL, w.DRIVE, w.CELL_B, w.SWITCHES)
PIECES: Final = range(1, o.CRC + 1)


class GuardOnBus:
    """The guard, in step with the drive's cycles."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self.ear = Ear()
        self._beats = Beats(WATCHED, clock.now())
        self._emergencies = Emergencies()
        self.settings = NO_LIMITS
        self.guard: Supervisor = fresh_supervisor(clock.now())
        self._beat_due = clock.now()
        self._seen = -1
        self._silent_until = clock.now()
        self.server = Server(_objects(), self._check, self._taken)

    def pace(self, due: float) -> float:
        """Wait for the sensors of the next cycle; when they were there, or `due` where they were not [s]."""
        return pace(self._line, self._clock, due, self._take, self._progress)

    def hear(self) -> None:
        """Take what has come."""
        for message in self._line.heard(self._clock.now()):
            self._take(message)

    def look(self) -> None:
        """One look and one word; the word is the pulse."""
        self.hear()
        now = self._clock.now()
        if self.ear.complete(SENSED):  # a cycle that is still coming in is waited for
            self._seen = self.ear.cycle
        self.guard = supervise(now, self.settings, self._sensed(now), self._heard(now), self.guard)
        self.ear.trusting = not self.guard.session
        self._say()
        self._beat(now)

    # --- hearing ---

    def _take(self, message: can.Message) -> None:
        now, cob, data = self._clock.now(), message.arbitration_id, bytes(message.data)
        if cob == REQUEST + w.GUARD:
            answer = self.server.answer(data)
            if answer is not None:
                self._line.send(ANSWER + w.GUARD, answer)
        elif not (self._beats.hear(cob, data, now) or self._emergencies.hear(cob, data)):
            self.ear.hear(cob, data, now)

    def _progress(self) -> Progress:
        sensed = self.ear.cycle != self._seen and self.ear.complete(SENSED)
        return Progress(sensed, sensed)

    def _word(self, cob: int, node: int, now: float) -> Any:
        return self.ear.fresh(cob, now) if self._beats.well(node, now) else None

    def _sensed(self, now: float) -> Sensed:
        felt = self._word(w.FELT_B, w.CELL_B, now)
        moved, turned = self._word(w.MOVED, w.DRIVE, now), self._word(w.TURNED, w.DRIVE, now)
        switched = self._word(w.SWITCHED, w.SWITCHES, now)
        good = felt is not None and felt.valid and not self._emergencies.code.get(w.CELL_B, 0)
        return Sensed(
            float(felt.force) if good else math.nan,
            moved.travel if moved is not None else math.nan,
            turned.speed if turned is not None else math.nan,
            int(switched.bits) if switched is not None else 0,
        )

    def _heard(self, now: float) -> Heard:
        """What control said last, its four frames each with its own age; the oldest counts."""
        parts = [self.ear.words.get(cob) for cob in w.TOLD]
        if any(part is None for part in parts):
            return Heard(math.inf, IDLE, math.nan, 0.0, math.nan, 0)
        phase, reference, prescribed, plan = (part.word for part in parts if part is not None)
        silent = max(self.ear.age(cob, now) for cob in w.TOLD) if self._beats.well(w.CONTROL, now) else math.inf
        return Heard(silent, phase.phase, phase.value, reference.value, prescribed.value, int(plan.value))

    # --- speaking ---

    def _say(self) -> None:
        if self._clock.now() < self._silent_until and not self.guard.session:
            return
        word = self.guard.word
        said = w.Permitted(word.fastest, word.pull, word.relay, word.cause, self.ear.cycle)
        self._line.send(w.PERMITTED, w.permitted(said))

    def _beat(self, now: float) -> None:
        if now >= self._beat_due:
            self._beat_due = max(self._beat_due + BEAT_EVERY, now)
            self._line.send(w.HEARTBEAT + w.GUARD, bytes([OPERATIONAL]))

    # --- limits ---

    def _pieces(self) -> tuple[bytes, ...]:
        return tuple(self.server.objects[o.LIMITS, sub].data for sub in PIECES[:-1])

    def _check(self, key: Key, data: bytes) -> None:
        """Limits count only as a whole, and only where nobody is treated and the cable has been slack."""
        if key == o.BE_SILENT and self.guard.session:
            raise Refused(NOT_NOW)
        if key != (o.LIMITS, o.CRC):
            return
        if data != o.crc_of(self._pieces()):
            raise Refused(BAD_VALUE)
        if self.guard.session or self.guard.slack < SLACK_TIME:
            raise Refused(NOT_NOW)

    def _taken(self, key: Key) -> None:
        if key == o.BE_SILENT:
            self._silent_until = self._clock.now() + o.number(self.server.objects[key].data) / 1e3
        if key != (o.LIMITS, o.CRC):
            return
        self.settings = GuardSettings(CYCLE, *o.read_limits(self._pieces()))
        self.guard = fresh_supervisor(self._clock.now())._replace(slack=self.guard.slack)
        for sub in PIECES:
            self.server.objects[o.IN_FORCE, sub] = Value(self.server.objects[o.LIMITS, sub].data, writable=False)


def _objects() -> dict[Key, Value]:
    given: dict[Key, Value] = {(o.LIMITS, sub): Value(bytes(4)) for sub in PIECES}
    given[o.BE_SILENT] = Value(bytes(2))
    return given | {(o.IN_FORCE, sub): Value(bytes(4), writable=False) for sub in PIECES}
