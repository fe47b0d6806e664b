"""One seed replays everything, and a new use of chance never disturbs an old one."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.quantities import FakeClock, Streams

SOURCE = Path(__file__).parents[2] / "src"
DRAW = "from opentraction.quantities import Streams; print(Streams(7).stream('load cell', 2).bytes(16).hex())"


def drawn_elsewhere(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", DRAW], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_stream_is_the_same_in_every_process() -> None:
    here = Streams(7).stream("load cell", 2).bytes(16).hex()
    assert {drawn_elsewhere("0"), drawn_elsewhere("4242")} == {here}


def test_a_stream_is_the_same_in_every_release() -> None:
    """Recordings name their seed; this value changes only on purpose, with a note in the changelog."""
    assert Streams(7).stream("breathing").bytes(8).hex() == "1b6c515cbfa44078"


@given(st.integers(0, 2**64), st.text(max_size=20))
def test_asking_twice_gives_two_equal_generators(seed: int, name: str) -> None:
    streams = Streams(seed)
    first = streams.stream(name).normal(size=4)
    streams.stream("something else").normal(size=100)
    assert np.array_equal(streams.stream(name).normal(size=4), first)


def test_streams_differ_by_name_and_by_seed_and_are_uncorrelated() -> None:
    names = [("cough",), ("breathing",), ("load cell", 1), ("load cell", 2), ("load cell", "2b")]
    drawn = [Streams(seed).stream(*name).normal(size=4000) for seed in (1, 2) for name in names]
    for one, other in combinations(drawn, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.08  # five standard errors of 4000 draws


def test_a_seed_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Streams(-1)


def test_a_fake_clock_moves_only_when_told_and_never_back() -> None:
    clock = FakeClock()
    start = clock.civil()
    clock.sleep_until(2.5)
    clock.sleep_until(1.0)
    assert clock.now() == 2.5
    assert (clock.civil() - start).total_seconds() == 2.5
