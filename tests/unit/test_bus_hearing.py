"""An ear on the bus: what is old, said twice or from the future is no news, however it comes."""

from __future__ import annotations

import math

import pytest

from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import BEAT_LASTS, CYCLE, FORGOTTEN, OPERATIONAL, Beats, Ear, Emergencies


def moved(cycle: int) -> bytes:
    return w.moved(w.Moved(0x27, 0.1, cycle))


def felt(cycle: int, force: float = 100.0) -> bytes:
    return w.felt(w.Felt(force, True, cycle))


def heard(ear: Ear, cycle: int, now: float) -> bool:
    """A whole cycle, in time."""
    return ear.hear(w.MOVED, moved(cycle), now) and ear.hear(w.FELT_A, felt(cycle), now)


@pytest.fixture
def ear() -> Ear:
    made = Ear()
    for cycle in range(10):
        assert heard(made, 65530 + cycle, 5.0 + cycle * CYCLE)
    made.trusting = False
    return made


NOW = 5.0 + 10 * CYCLE
NEXT = 65540


def test_the_count_goes_on_around_its_end(ear: Ear) -> None:
    assert ear.refused == 0
    assert ear.cycle == (NEXT - 1) % w.COUNT
    assert ear.age(w.FELT_A, NOW) == pytest.approx(CYCLE)


def test_the_same_word_twice_is_news_once(ear: Ear) -> None:
    assert heard(ear, NEXT, NOW)
    assert not ear.hear(w.FELT_A, felt(NEXT, 900.0), NOW + 0.001)
    assert not ear.hear(w.MOVED, moved(NEXT), NOW + 0.001)
    assert ear.fresh(w.FELT_A, NOW + 0.001).force == 100.0
    assert ear.refused == 2


def test_a_word_overtaken_by_a_newer_one_is_refused(ear: Ear) -> None:
    assert heard(ear, NEXT + 1, NOW + CYCLE)
    assert not ear.hear(w.FELT_A, felt(NEXT), NOW + CYCLE)


def test_a_word_of_a_cycle_that_is_yet_to_come_is_refused(ear: Ear) -> None:
    assert not ear.hear(w.FELT_A, felt(NEXT + 100), NOW)


@pytest.mark.parametrize("stood", [0.1, 1.0, 1.28, 5.0, 100.0])
def test_what_waited_while_the_bus_stood_is_as_old_as_it_is(ear: Ear, stood: float) -> None:
    """Whole cycles of them, each newer than the one before."""
    for cycle in range(5):
        assert not heard(ear, NEXT + cycle, NOW + stood)
    assert ear.fresh(w.FELT_A, NOW + stood) is None
    after = round(stood / CYCLE)
    assert heard(ear, NEXT + after, NOW + stood)


def test_a_drive_that_begins_anew_is_heard_only_where_nobody_is_treated(ear: Ear) -> None:
    later = NOW + FORGOTTEN + 1.0
    assert not heard(ear, 30000, later)
    ear.trusting = True
    assert heard(ear, 30001, later + CYCLE)


@pytest.mark.parametrize("drift", [-0.002, 0.0001, 0.002])
def test_clocks_that_run_apart_make_no_word_old(drift: float) -> None:
    ear = Ear()
    for cycle in range(20000):
        assert heard(ear, cycle, 7.0 + cycle * CYCLE * (1.0 + drift))
        ear.trusting = False
        assert ear.age(w.FELT_A, 7.0 + cycle * CYCLE * (1.0 + drift)) < 0.002


def test_a_stranger_to_the_ear_is_nothing(ear: Ear) -> None:
    assert not ear.hear(0x123, b"12345678", NOW)
    assert not ear.hear(w.FELT_A, b"12", NOW)
    assert ear.refused == 1


def test_nothing_is_heard_before_the_drive_counts() -> None:
    ear = Ear()
    assert not ear.hear(w.FELT_A, felt(3), 1.0)
    assert ear.age(w.FELT_A, 1.0) == math.inf


class TestBeats:
    def test_the_watch_begins_without_a_beat(self) -> None:
        """CANopen begins to watch with the first heartbeat only: here one that never came is missed like any other."""
        beats = Beats((w.DRIVE,), 1.0)
        assert beats.missing(1.0) == [w.DRIVE]
        assert not beats.well(w.DRIVE, 1.0 + BEAT_LASTS + 0.001)

    def test_a_node_is_believed_while_it_beats_and_is_in_operation(self) -> None:
        beats = Beats((w.DRIVE,), 1.0)
        assert beats.hear(w.HEARTBEAT + w.DRIVE, bytes([OPERATIONAL]), 2.0)
        assert beats.well(w.DRIVE, 2.0 + BEAT_LASTS - 0.001)
        assert beats.missing(2.0) == []
        beats.hear(w.HEARTBEAT + w.DRIVE, b"\x7f", 2.1)
        assert not beats.well(w.DRIVE, 2.1)
        assert beats.asleep() == [w.DRIVE]

    def test_a_node_that_nobody_watches_is_not_taken(self) -> None:
        assert not Beats((w.DRIVE,), 1.0).hear(w.HEARTBEAT + w.GUARD, bytes([OPERATIONAL]), 2.0)


def test_an_emergency_stands_until_it_is_over() -> None:
    ear = Emergencies()
    assert ear.hear(w.EMERGENCY + w.DRIVE, bytes.fromhex("3081010000000000"))
    assert ear.code[w.DRIVE] == 0x8130
    assert ear.hear(w.EMERGENCY + w.DRIVE, bytes(8))
    assert ear.code[w.DRIVE] == 0
    assert list(ear.told) == [(w.DRIVE, 0x8130), (w.DRIVE, 0)]
    assert not ear.hear(w.SYNC, b"")
