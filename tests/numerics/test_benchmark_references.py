"""What the benchmarks compare with is what they say: the same equations in C, the same plant in LSODA, a finer step."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opentraction.quantities.vocabulary import HOLD
from opentraction.session.rows import COMMAND, N_COLUMNS, PHASE, PRESCRIBED, RATE_HZ, TRUE_FORCE, T
from opentraction.twin.campaign.draw import drawn
from opentraction.twin.campaign.play import judged
from opentraction.twin.compiled import compiled_run

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import _agreement
import _c_run
import _c_source
import _figures
import _lsoda
from _long_session import LongSession


@pytest.fixture(scope="module")
def session() -> LongSession:
    """The first two minutes: slack, pretension, a rise, a hold, a fall."""
    return LongSession(seed=3, minutes=2)


@pytest.fixture(scope="module")
def run() -> Callable[..., Any]:
    return compiled_run()


@pytest.mark.slow
@pytest.mark.skipif(not _c_run.available(), reason="gcc is not here")
def test_c_gives_every_bit_of_the_compiled_session(session: LongSession, run: Callable[..., Any]) -> None:
    ours = session.play(run).copy()
    assert np.nanmax(ours[:, TRUE_FORCE]) > 50.0, "two minutes in which nothing is pulled prove nothing"
    theirs = session.play(_c_run.c_run(_c_run.EXACT))
    assert np.array_equal(ours, theirs, equal_nan=True)


def unknown(x: float) -> float:
    """A kernel with a construct that has no plain meaning in C."""
    return sum(one for one in (x, x))


def test_what_cannot_be_written_in_c_is_refused() -> None:
    with pytest.raises(_c_source.Untranslatable):
        _c_source.Program().function(unknown)


@pytest.mark.parametrize(("value", "text"), [(1, "1"), (0.1, "0.1"), (True, "true"), (math.nan, "NAN")])
def test_numbers_keep_their_value_and_kind(value: object, text: str) -> None:
    assert _c_source.literal(value)[0] == text


@pytest.mark.slow
def test_lsoda_pulls_the_same_force(session: LongSession, run: Callable[..., Any]) -> None:
    first, upto = 22 * RATE_HZ, 24 * RATE_HZ
    state = session.piece(run, 0, first, session.fresh(), 5)
    session.piece(run, first, upto, state, 5)
    rows, p = session.rows[first:upto], session.treatment.parameters
    assert np.ptp(rows[:, TRUE_FORCE]) > 5.0, "the force must move"
    commands = rows[:, COMMAND].copy()
    made = _lsoda.kernels(p)
    tension = _lsoda.play(state[1], p, session.world[first:upto], commands, np.ones(len(rows)), 1e-6, made)
    assert np.abs(tension[1:] - rows[1:, TRUE_FORCE]).max() < 0.005 * np.nanmax(session.rows[:, TRUE_FORCE])


@pytest.mark.slow
def test_forces_do_not_depend_on_the_step(session: LongSession, run: Callable[..., Any]) -> None:
    for name, _, largest, _ in _agreement.closed_loop(session, run):
        if name != "speed":  # it follows the noise through a learnt gain; its own table says how far
            assert largest < 0.5, name


def made_up_hold(seconds: float) -> np.ndarray:
    """Rows [n, 18] of one hold at 300 N, exactly met."""
    rows = np.zeros((round(seconds * RATE_HZ), N_COLUMNS))
    rows[:, T] = np.arange(len(rows)) / RATE_HZ
    rows[:, PHASE] = HOLD
    rows[:, PRESCRIBED] = rows[:, TRUE_FORCE] = 300.0
    return rows


def test_ripple_is_the_rms_of_what_breathing_leaves() -> None:
    rows = made_up_hold(62.0)
    error = 1.5 * np.sin(2.0 * np.pi * 0.25 * rows[:, T]) + 4.0 * np.sin(2.0 * np.pi * 2.0 * rows[:, T]) + 3.0
    assert _figures.breathing_ripple(error, rows[:, PHASE]) == pytest.approx(1.5 / math.sqrt(2.0), rel=1e-3)


def test_a_cough_is_over_when_the_force_stays_back() -> None:
    rows = made_up_hold(30.0)
    since = rows[:, T] - 10.0
    rows[(since >= 0.0) & (since < 0.5), TRUE_FORCE] = 360.0
    rows[(since >= 0.6) & (since < 0.7), TRUE_FORCE] = 280.0
    found = _figures.cough_figures(rows, 10.0)
    assert found["back"] == pytest.approx(0.7 - _figures.COUGH_S, abs=0.006)
    assert found["peak"] == pytest.approx(60.0)
    assert found["dip"] == pytest.approx(20.0)


def test_a_cough_after_the_end_is_not_counted() -> None:
    rows = made_up_hold(30.0)
    rows[:, PHASE] = 18.0
    assert _figures.cough_figures(rows, 10.0)["back"] is None


@pytest.mark.slow
@pytest.mark.skipif(not _c_run.available(), reason="gcc is not here")
@pytest.mark.parametrize("number", [3, 40, 181])
def test_c_gives_every_bit_of_a_bad_day(number: int) -> None:
    run = drawn(11, number)
    assert judged(run, _c_run.c_faulted(_c_run.EXACT)).digest == judged(run).digest
