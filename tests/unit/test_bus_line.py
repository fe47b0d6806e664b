"""A plug in the bus: gone is no exception, and it is plugged in again; what neighbours babble harms nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator

import can
import pytest

from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.table.canopen import words as w
from opentraction.table.canopen.frame import Frame, packed
from opentraction.table.canopen.line import AGAIN, Line
from tests.bus_bench import BusRoom
from tests.lab import short_plan


class Fake:
    """A bus of python-can that breaks when it is told to."""

    def __init__(self, *waiting: can.Message) -> None:
        self.waiting = list(waiting)
        self.broken = False
        self.said: list[can.Message] = []
        self.flushed = 0
        self.shut = False

    def recv(self, timeout: float) -> can.Message | None:
        if self.broken:
            raise can.CanOperationError("bus off")
        return self.waiting.pop(0) if self.waiting else None

    def send(self, message: can.Message, timeout: float) -> None:
        if self.broken:
            raise can.CanOperationError("full")
        self.said.append(message)

    def flush_tx_buffer(self) -> None:
        self.flushed += 1

    def shutdown(self) -> None:
        self.shut = True


def message(cob: int = 0x181, **more: bool) -> can.Message:
    return can.Message(arbitration_id=cob, data=b"x", is_extended_id=more.pop("extended", False), **more)  # type: ignore[arg-type]


def test_only_plain_data_frames_are_heard() -> None:
    fake = Fake(message(extended=True), message(0x182), message(is_error_frame=True), message(is_remote_frame=True))
    assert [one.arbitration_id for one in Line(lambda: fake).heard(0.0)] == [0x182]  # type: ignore[arg-type,return-value]


def test_a_bus_that_is_gone_is_tried_again_now_and_then() -> None:
    buses: list[Fake] = [Fake()]
    line = Line(lambda: buses[-1])  # type: ignore[arg-type,return-value]
    buses[-1].broken = True
    assert list(line.heard(10.0)) == []
    assert line.gone
    assert buses[-1].shut
    line.send(0x181, b"x")
    assert line.fileno() == -1
    buses.append(Fake(message()))
    assert len(list(line.heard(10.0 + AGAIN))) == 1
    assert not line.gone


def test_what_cannot_be_sent_now_is_never_sent() -> None:
    fake = Fake()
    line = Line(lambda: fake)  # type: ignore[arg-type,return-value]
    fake.broken = True
    line.send(0x203, b"old")
    fake.broken = False
    line.send(0x203, b"new")
    assert [bytes(one.data) for one in fake.said] == [b"new"]
    assert line.dropped == 1
    line.flush()
    assert fake.flushed == 1


def test_a_closed_plug_stays_out() -> None:
    line = Line(Fake)  # type: ignore[arg-type]
    line.close()
    assert list(line.heard(1.0e9)) == []


@pytest.fixture
def room() -> Iterator[BusRoom]:
    made = BusRoom()
    yield made
    made.close()


COBS = [w.NMT, w.SYNC, w.ASKED, w.PERMITTED, w.MOVED, w.TURNED, w.FELT_A, w.FELT_B, w.SWITCHED, *w.TOLD]
COBS += [base + node for base in (0x080, 0x580, 0x600, 0x700) for node in range(1, 7)]


def test_babble_on_the_bus_moves_nothing_and_ends_nobody(room: BusRoom) -> None:
    room.bind(short_plan(300.0, hold=20.0))
    before = room.bench.machine.read().travel
    chance = random.Random(7)
    for _ in range(300):
        for _ in range(20):
            data = chance.randbytes(chance.randrange(9))
            room.bench.hub.give(packed(Frame(chance.choice(COBS), data)))
        room.run(0.005)
    assert room.bench.machine.read().travel <= before + 1e-4
    assert room.bench.machine.true_force() < 1.0
    assert int(room.conductor.row[r.PHASE]) in {v.SETUP, v.LOCKOUT, v.IDLE}
