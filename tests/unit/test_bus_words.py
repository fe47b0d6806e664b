"""What crosses the bus each cycle: the same on both sides, within a frame, and harmless where it is no number."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.table.canopen import words as w

COUNTS = st.integers(0, 255)
SPEEDS = st.floats(-1.0, 1.0)
WORDS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "asked": (st.builds(w.Asked, st.integers(0, 0xFFFF), SPEEDS, COUNTS), w.asked, w.read_asked),
    "permitted": (
        st.builds(w.Permitted, SPEEDS, st.booleans(), st.integers(0, 255), COUNTS),
        w.permitted,
        w.read_permitted,
    ),
    "moved": (st.builds(w.Moved, st.integers(0, 0xFFFF), SPEEDS, COUNTS), w.moved, w.read_moved),
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
    size = {"asked": 7, "permitted": 7, "moved": 7, "felt": 6, "switched": 3}[name]
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
    heard = w.read_permitted(w.permitted(w.Permitted(math.nan, True, 0, 3)))
    assert heard == w.Permitted(0.0, False, 0, 3)


@pytest.mark.parametrize("value", [2, 0x80, 0xFF])
def test_only_a_plain_one_permits_or_is_valid(value: int) -> None:
    heard = w.read_permitted(struct.pack("<iBBB", 1000, value, 0, 1))
    assert heard is not None
    assert not heard.pull
    force = w.read_felt(struct.pack("<fBB", 100.0, value, 1))
    assert force is not None
    assert not force.valid


def test_a_force_that_is_no_number_stays_none_on_the_way() -> None:
    heard = w.read_felt(w.felt(w.Felt(math.nan, True, 9)))
    assert heard is not None
    assert math.isnan(heard.force)


@given(st.integers(0, 255), st.integers(0, 255))
def test_what_is_old_lies_behind(newest: int, steps: int) -> None:
    assert w.behind((newest - steps) % 256, newest) == steps


def test_the_bytes_are_little_endian() -> None:
    assert w.asked(w.Asked(0x000F, 0.02, 1)) == bytes.fromhex("0f00 204e0000 01".replace(" ", ""))
    assert w.felt(w.Felt(300.0, True, 2)) == struct.pack("<f", 300.0) + b"\x01\x02"
