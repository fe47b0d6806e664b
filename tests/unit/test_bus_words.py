"""What crosses the bus each cycle: the same on both sides, within a frame, and harmless where it is no number."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.guard.step import GuardSettings
from opentraction.table.canopen import objects as o
from opentraction.table.canopen import words as w
from opentraction.table.canopen.hearing import READERS
from opentraction.table.port import Limits, Told

COUNTS = st.integers(0, 0xFFFF)
SPEEDS = st.floats(-1.0, 1.0)
WORDS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "asked": (st.builds(w.Asked, st.integers(0, 0xFFFF), SPEEDS, COUNTS), w.asked, w.read_asked),
    "permitted": (
        st.builds(w.Permitted, SPEEDS, st.booleans(), st.booleans(), st.integers(0, 255), COUNTS),
        w.permitted,
        w.read_permitted,
    ),
    "moved": (st.builds(w.Moved, st.integers(0, 0xFFFF), SPEEDS, COUNTS), w.moved, w.read_moved),
    "turned": (st.builds(w.Turned, SPEEDS, COUNTS), w.turned, w.read_turned),
    "felt": (st.builds(w.Felt, st.floats(-2000.0, 2000.0, width=32), st.booleans(), COUNTS), w.felt, w.read_felt),
    "switched": (st.builds(w.Switched, st.integers(0, 0xFFFF), COUNTS), w.switched, w.read_switched),
}


@pytest.mark.parametrize("name", WORDS)
@given(data=st.data())
def test_a_word_is_read_as_it_was_said(name: str, data: st.DataObject) -> None:
    drawn, say, read = WORDS[name]
    word = data.draw(drawn)
    raw = say(word)
    assert len(raw) <= 8
    heard = read(raw)
    assert heard is not None
    for mine, theirs in zip(word, heard, strict=True):
        assert theirs == pytest.approx(mine, abs=1e-6)


@pytest.mark.parametrize("name", WORDS)
@given(raw=st.binary(max_size=8))
def test_any_bytes_are_a_word_or_none(name: str, raw: bytes) -> None:
    _, _, read = WORDS[name]
    heard = read(raw)
    size = {"asked": 8, "permitted": 8, "moved": 8, "turned": 6, "felt": 7, "switched": 4}[name]
    assert (heard is None) == (len(raw) != size)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -1e300])
def test_a_speed_that_is_no_number_moves_nothing_and_one_beyond_all_bounds_stays_in_32_bits(value: float) -> None:
    heard = w.read_asked(w.asked(w.Asked(0x0F, value, 3)))
    assert heard is not None
    if math.isnan(value):
        assert heard.speed == 0.0
    else:
        assert heard.speed == pytest.approx(math.copysign(2147.483647, value))


def test_no_number_permits_no_pull() -> None:
    heard = w.read_permitted(w.permitted(w.Permitted(math.nan, True, True, 0, 3)))
    assert heard == w.Permitted(0.0, False, True, 0, 3)


@pytest.mark.parametrize("value", [4, 5, 0x80, 0xFF])
def test_bits_that_nobody_knows_permit_and_hold_nothing(value: int) -> None:
    heard = w.read_permitted(struct.pack("<iBBH", 1000, value, 0, 1))
    assert heard is not None
    assert not heard.pull
    assert not heard.relay


@pytest.mark.parametrize("value", [2, 0x80, 0xFF])
def test_only_a_plain_one_is_valid(value: int) -> None:
    force = w.read_felt(struct.pack("<fBH", 100.0, value, 1))
    assert force is not None
    assert not force.valid


def test_a_force_that_is_no_number_stays_none_on_the_way() -> None:
    heard = w.read_felt(w.felt(w.Felt(math.nan, True, 9)))
    assert heard is not None
    assert math.isnan(heard.force)


@given(st.integers(0, 0xFFFF), st.integers(-0x8000, 0x7FFF))
def test_what_is_old_lies_behind_also_around_the_end(newest: int, steps: int) -> None:
    assert w.ahead((newest + steps) % w.COUNT, newest) == steps


def test_the_bytes_are_little_endian() -> None:
    assert w.asked(w.Asked(0x000F, 0.02, 0x0102)) == bytes.fromhex("0f00 204e0000 0201".replace(" ", ""))
    assert w.felt(w.Felt(300.0, True, 2)) == struct.pack("<f", 300.0) + b"\x01\x02\x00"


@given(
    st.builds(
        Told,
        st.integers(0, 20),
        st.floats(width=32),
        st.floats(-2000.0, 2000.0, width=32),
        st.floats(width=32),
        st.integers(0, 2**31 - 1),
    ),
    COUNTS,
)
def test_what_control_tells_the_guard_comes_over_whole_in_four_frames(told: Told, cycle: int) -> None:
    frames = w.told(told, cycle)
    assert len(set(w.TOLD)) == len(frames) == 4
    assert all(len(frame) <= 8 for frame in frames)
    phase, reference, prescribed, plan = (READERS[cob](raw) for cob, raw in zip(w.TOLD, frames, strict=True))
    assert {part.cycle for part in (phase, reference, prescribed, plan)} == {cycle}
    heard = Told(phase.phase, phase.value, reference.value, prescribed.value, int(plan.value))
    assert heard == pytest.approx(told, nan_ok=True)


@pytest.mark.parametrize("value", [1e300, -1e300, math.inf, math.nan])
def test_a_force_beyond_all_bounds_crosses_as_none_that_passes_a_check(value: float) -> None:
    heard = w.read_told_force(w.told(Told(0, 0.0, value), 1)[1])
    assert heard is not None
    assert not math.isfinite(heard.value)


LIMITS = st.builds(
    Limits,
    st.floats(1.0, 2000.0, width=32),
    st.floats(1.0, 2.0**17, width=32),
    st.floats(1.0, 2.0**24, width=32),
    st.floats(2.0**-10, 1.0, width=32),
    st.integers(0, 2**31 - 1),
)


@given(LIMITS)
def test_limits_come_over_whole_and_in_the_guards_own_order(limits: Limits) -> None:
    heard = o.read_limits(o.limits(limits))
    assert heard == pytest.approx(limits)
    assert GuardSettings._fields[1 : len(Limits._fields) + 1] == Limits._fields


@given(LIMITS, st.integers(0, 4), st.integers(0, 31))
def test_one_bit_of_the_limits_is_not_lost_on_their_crc(limits: Limits, piece: int, bit: int) -> None:
    pieces = list(o.limits(limits))
    value = int.from_bytes(pieces[piece], "little") ^ 1 << bit
    pieces[piece] = value.to_bytes(4, "little")
    assert o.crc_of(tuple(pieces)) != o.crc_of(o.limits(limits))
