"""The simulated drive: the lesser of two speeds, its own limits, its states, and what it does when it hears nobody."""

from __future__ import annotations

import math

import pytest

from opentraction.table.canopen import drive_states as d
from opentraction.table.canopen import objects as o
from opentraction.table.canopen import words as w
from opentraction.table.canopen.sdo import Value
from opentraction.table.two_words import Moving
from opentraction.twin.nodes.drive import HEARTBEAT_ERROR, LATE, Drive, Sight

SIGHT = Sight(0.0, 100.0)
FAST = 0.020


def set_up() -> Drive:
    """As a session would have it, and in operation."""
    drive = Drive()
    for one in o.DRIVE:
        drive.server.objects[one.key] = Value(one.data)
    for cycle, word in enumerate((d.SHUTDOWN, d.SWITCH_ON, d.ENABLE_OPERATION), start=1):
        both(drive, cycle, controlword=word)
    return drive


def both(drive: Drive, cycle: int, speed: float = 0.0, fastest: float = FAST, controlword: int = 0x0F) -> Moving:
    """Both words of a cycle, and what the drive makes of them in the next."""
    drive.ask(w.Asked(controlword, speed, cycle % w.COUNT), cycle)
    drive.permit(w.Permitted(fastest, fastest > 0.0, True, 0, cycle % w.COUNT), cycle)
    return drive.moving(cycle + 1, SIGHT, True, True)


def test_it_does_what_it_is_asked_and_permitted() -> None:
    drive = set_up()
    assert drive.state == d.OPERATION_ENABLED
    assert both(drive, 4, 0.01) == Moving(0.01, True)
    assert both(drive, 5, 0.01, -0.005) == Moving(-0.005, True)
    assert both(drive, 6, -0.03) == Moving(-0.03, True)
    assert drive.ready


def test_a_drive_that_was_never_set_hears_nobody_and_moves_nothing() -> None:
    drive = Drive()
    for cycle, word in enumerate((d.SHUTDOWN, d.SWITCH_ON, d.ENABLE_OPERATION), start=1):
        both(drive, cycle, 0.01, controlword=word)
    assert both(drive, 4, 0.01).speed == 0.0
    assert not drive.ready


@pytest.mark.parametrize(("key", "data", "asked", "made"), [
    (o.FASTEST_PULL, o.u32(5000), 0.02, 0.005),
    (o.FASTEST, o.u32(50000), -0.2, -0.05),
    (o.MOST_TORQUE, o.u16(50), 0.02, 0.0),
    (o.INNERMOST, o.i32(-1000), 0.02, 0.0),
    (o.OUTERMOST, o.i32(1000), -0.02, 0.0),
    (o.POLARITY, o.u8(0x80), -0.01, 0.01),
])  # fmt: skip
def test_its_own_limits_hold_whatever_is_asked(key: tuple[int, int], data: bytes, asked: float, made: float) -> None:
    drive = set_up()
    drive.server.objects[key] = Value(data)
    assert both(drive, 4, asked).speed == pytest.approx(made)


def test_without_control_it_holds_and_obeys_the_guard_alone() -> None:
    drive = set_up()
    both(drive, 4, 0.01)
    for cycle in range(5, 60):
        drive.permit(w.Permitted(-0.02, False, True, 24, cycle), cycle)
        made = drive.moving(cycle + 1, SIGHT, True, True)
    assert made == Moving(-0.02, True)
    assert not drive.ready


def test_without_the_guard_it_pulls_no_more_after_100_ms() -> None:
    drive = set_up()
    both(drive, 4, 0.01)
    speeds = {}
    for cycle in range(5, 60):
        drive.ask(w.Asked(0x0F, 0.01, cycle), cycle)
        speeds[cycle] = drive.moving(cycle + 1, SIGHT, True, True).speed
    assert speeds[20] == 0.01
    assert speeds[24] == 0.0


def test_without_either_it_takes_its_torque_away_and_says_so() -> None:
    drive = set_up()
    both(drive, 4, 0.01)
    made = {cycle: drive.moving(cycle, SIGHT, True, True) for cycle in range(5, 60)}
    assert made[34].torque
    assert made[36] == Moving(0.0, False)
    assert (drive.state, drive.emergency) == (d.FAULT, HEARTBEAT_ERROR)


@pytest.mark.parametrize(("control", "guard", "speed"), [(False, True, 0.0), (True, False, 0.0), (True, True, 0.01)])
def test_a_node_that_does_not_beat_has_said_nothing(control: bool, guard: bool, speed: float) -> None:
    drive = set_up()
    both(drive, 4, 0.01)
    assert drive.moving(5, SIGHT, control, guard).speed == speed


def test_a_fault_is_left_by_an_edge_and_the_guard_lets_out_also_in_it() -> None:
    drive = set_up()
    drive.moving(500, SIGHT, True, True)
    assert drive.state == d.FAULT
    assert both(drive, 501, -0.01, -0.02, d.DISABLE_VOLTAGE) == Moving(-0.02, True)
    assert both(drive, 502, 0.01, FAST, d.FAULT_RESET) == Moving(0.0, False)
    assert (drive.state, drive.emergency) == (d.SWITCH_ON_DISABLED, 0)


def test_a_quick_stop_stops_and_holds_and_lets_nothing_out() -> None:
    """Whoever takes it for a release leaves the patient pulled; the guard's letting out is above it."""
    drive = set_up()
    assert both(drive, 4, -0.05, controlword=d.QUICK_STOP) == Moving(0.0, True)
    assert both(drive, 5, -0.05) == Moving(0.0, True)
    assert both(drive, 6, 0.0, -0.02) == Moving(-0.02, True)


@pytest.mark.parametrize("late", [LATE + 1, 200, 1000, 30000])
def test_a_word_that_waited_is_no_word(late: int) -> None:
    drive = set_up()
    cycle = 40000
    drive.ask(w.Asked(0x0F, 0.02, (cycle - late) % w.COUNT), cycle)
    drive.permit(w.Permitted(FAST, True, True, 0, (cycle - late) % w.COUNT), cycle)
    assert drive.refused == 2
    assert drive.moving(cycle, SIGHT, True, True) == Moving(0.0, False)


@pytest.mark.parametrize("later", [0, -1, -5])
def test_a_word_said_twice_or_overtaken_is_no_word(later: int) -> None:
    drive = set_up()
    both(drive, 10, 0.01)
    drive.ask(w.Asked(0x0F, -0.2, 10 + later), 10)
    assert drive.moving(11, SIGHT, True, True).speed == 0.01


def test_a_word_from_the_future_is_no_word() -> None:
    drive = set_up()
    drive.ask(w.Asked(0x0F, 0.02, 50), 10)
    assert drive.refused == 1


def test_no_number_moves_nothing() -> None:
    assert both(set_up(), 4, math.nan).speed == 0.0
