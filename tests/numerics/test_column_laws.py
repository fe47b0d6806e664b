"""Water and energy balance, and nobody and nothing breaks it: random bodies and scenarios over all declared bounds.

`OPENTRACTION_COLUMN_EXAMPLES=200` looks deeper (some minutes).
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from opentraction.body.column.anatomy import DISCS, Size, curve, disc_segment
from opentraction.body.column.chosen import Chosen, drawn, typical
from opentraction.body.column.living import NotSolved
from opentraction.body.column.march import Accuracy, Loads, march
from opentraction.body.column.packed import pack
from opentraction.body.column.play import Seen, play, play_many, quantiles
from opentraction.body.column.scenario import (
    DIRECTIONS,
    LYING,
    PLAIN,
    POSTURES,
    SPLIT,
    Scenario,
    Somebody,
    Stage,
    Traction,
)
from opentraction.body.column.segment import (
    ANNULUS,
    BEND,
    FLEX,
    PRESSURE,
    SECTORS,
    SWELL,
    TURN,
    UP,
    Segment,
    State,
    at_rest,
    make_room,
    step_level,
)
from opentraction.quantities.streams import Streams
from tests.numerics import column_energy as energy

FloatArray = npt.NDArray[np.float64]
HOUR = 3600.0
DEEP = int(os.environ.get("OPENTRACTION_COLUMN_EXAMPLES", "0"))
SHE = Somebody(mass=62.0, stature=1.66, age=38.0, sex="female")


def examples(usual: int) -> int:
    return DEEP or usual


# ---- one level ---------------------------------------------------------------------------------------------------
sizes = st.builds(
    Size,
    st.floats(1.2, 2.3),
    st.sampled_from(("female", "male", "unstated")),
    st.tuples(*[st.floats(1.0, 5.0)] * len(DISCS)),
)
levels = st.builds(
    lambda index, size, seed: disc_segment(index, size, drawn(3, Streams(seed))[1]),
    st.integers(0, len(DISCS) - 1),
    sizes,
    st.integers(0, 10**6),
)
loaded = st.builds(
    lambda force, moment, axis: (force, *(moment if i == axis else 0.0 for i in range(3))),
    st.floats(-3000.0, 3000.0),
    st.floats(-40.0, 40.0),
    st.integers(0, 2),
) | st.tuples(st.floats(-1500.0, 500.0), st.floats(-6.0, 6.0), st.floats(-5.0, 5.0), st.floats(-4.0, 4.0))


def stepped(one: Segment, load: tuple[float, ...], dt: float, s: State) -> State:
    """One implicit step on from `s` under the whole load."""
    new = State(*(array.copy() for array in s))
    done = step_level(
        one, load[0], np.array(load[1:]), dt, s.memory[0], s.nucleus[0], s.annulus[0], new.x[0], new.bulge[0],
        new.nucleus[0], new.annulus[0], make_room(8),
    )  # fmt: skip
    assume(done)  # a march would take shorter steps, or refuse
    return new


def settled(one: Segment, load: tuple[float, ...], dt: float) -> tuple[State, State]:
    """Before and after a step of `dt` [s] under a load that came on in forty."""
    s = at_rest(1, one.nucleus.cells, one.annulus.cells)
    for n in range(1, 41):
        s = stepped(one, tuple(0.025 * n * part for part in load), 1.0, s)
    for _ in range(2):  # a Newton step this small was the last, so its rest is gone after another turn
        new = stepped(one, load, dt, s)
        new = State(new.x, new.bulge, s.memory, new.nucleus, new.annulus)
    return s, new


@given(levels, loaded, st.floats(0.01, 2 * HOUR))
@settings(max_examples=examples(25))
def test_what_a_tissue_loses_has_flowed_out_through_its_endplate(
    one: Segment, load: tuple[float, ...], dt: float
) -> None:
    """In every cell and in the whole: less volume is water that left, in one implicit step, to rounding."""
    before, after = settled(one, load, dt)
    pairs = zip(energy.tissues(one, before), energy.tissues(one, after), strict=True)
    for (_, old, _, _), (p, new, pressure, _) in pairs:
        flow, _ = energy.flows(p, new, pressure)
        size = p.length * np.array([energy.cell_size(c, p) for c in range(p.cells)])
        out = np.diff(flow, prepend=0.0)
        assert size * (old - new) == pytest.approx(dt * out, abs=1e-7 * p.length, rel=1e-5)
        assert p.length * (energy.mean(old, p) - energy.mean(new, p)) == pytest.approx(
            dt * flow[-1], abs=1e-8 * p.length, rel=1e-6
        )
        assert np.all(new > 1.0 - p.water)


@given(levels, loaded)
@settings(max_examples=examples(25))
def test_the_nucleus_fills_its_room_and_the_annulus_its_wall(one: Segment, load: tuple[float, ...]) -> None:
    _, s = settled(one, load, 60.0)
    x = s.x[0]
    assert energy.room(one, x, s.bulge[0]) == pytest.approx(energy.filling(one, x, s.nucleus[0]), rel=2e-6)
    assert x[SWELL] == pytest.approx(energy.mean(s.annulus[0], one.annulus), rel=1e-8)


@given(levels, loaded)
@settings(max_examples=examples(25))
def test_forces_are_the_slopes_of_what_is_stored(one: Segment, load: tuple[float, ...]) -> None:
    """Force and moments carried by a level, from energies that are written down by themselves, are those applied."""
    _, s = settled(one, load, 0.0)
    x, bulge, memory = s.x[0], s.bulge[0], s.memory[0]
    taut = 1.0 + max(x[PRESSURE], 0.0) / one.firming

    def total(x: FloatArray, bulge: FloatArray) -> float:
        stored = energy.solid(one, x, bulge) - x[PRESSURE] * energy.room(one, x, bulge)
        stored += 0.5 * float(np.sum(one.relaxing * (x[:4] - memory[:, :4]) ** 2))
        stored += 0.5 * taut * float(np.sum(one.bulging[:, None] * (bulge - memory[:, 4:]) ** 2))
        return stored - one.wall.volume * x[ANNULUS] * x[SWELL]

    wanted = {UP: load[0], FLEX: load[1], BEND: load[2], TURN: load[3], SWELL: 0.0}
    scale = {UP: 1e-3 * one.wall.height, FLEX: 1e-4, BEND: 1e-4, TURN: 1e-4, SWELL: 1e-4}
    for i, step in scale.items():
        found = _slope(lambda d, i=i: total(x + d * np.eye(7)[i], bulge), 0.01 * step)  # type: ignore[misc]
        unit = 100.0 if i in {UP, SWELL} else 1.0
        assert found == pytest.approx(wanted[i], rel=2e-4, abs=2e-3 * unit), i
    for k in range(SECTORS):
        found = _slope(lambda d, k=k: total(x, bulge + d * np.eye(SECTORS)[k]), 1e-7)  # type: ignore[misc]
        assert found == pytest.approx(0.0, abs=0.2), k


def _slope(of, step: float) -> float:  # type: ignore[no-untyped-def]
    return float((of(step) - of(-step)) / (2.0 * step))


class Ledger:
    """Work done on a level along a history, and where it went [J]."""

    def __init__(self) -> None:
        self.work = self.solid = self.springs = self.chemical = self.water = self.relaxed = self.firmed = 0.0
        self.turnover = 0.0
        self.lowest = 0.0

    @property
    def off(self) -> float:
        """What is missing."""
        return self.work + self.firmed - self.solid - self.springs - self.chemical - self.water - self.relaxed


def booked(one: Segment, points: FloatArray, dt: float) -> Ledger:
    """March a level through loads [time, 4] between which it goes in straight lines, and keep the books.

    What is stored is taken by differences, work and losses by the trapezoid between steps of `dt` [s].
    """
    s = at_rest(1, one.nucleus.cells, one.annulus.cells)
    of, shape, book = pack([one]), curve(Size(), typical()), Ledger()
    times = dt * np.arange(points.shape[0])
    loads = Loads(times, points[:, :1].copy(), points[:, None, 1:].copy(), np.zeros(times.size))
    tight = Accuracy(1e9, 1e9, 0.5 * dt)
    march(of, shape, 1, loads, s, 0.0, times[:1] + 1e-6, tight)
    old = State(*(array.copy() for array in s))
    for k in range(1, times.size):
        told = march(of, shape, 1, loads, s, float(times[k - 1]), times[k : k + 1], tight)
        assert told.done == 1
        _book(one, book, old, s, 0.5 * (points[k] + points[k - 1]), dt)
        old = State(*(array.copy() for array in s))
    return book


def _book(one: Segment, book: Ledger, old: State, new: State, load: FloatArray, dt: float) -> None:
    done = float(load @ (new.x[0, :4] - old.x[0, :4]))
    book.work += done
    book.turnover += abs(done)
    book.solid += energy.solid(one, new.x[0], new.bulge[0]) - energy.solid(one, old.x[0], old.bulge[0])
    book.springs += energy.springs(one, new) - energy.springs(one, old)
    both = zip(energy.tissues(one, old), energy.tissues(one, new), energy.thirsts(one, old), energy.thirsts(one, new),
               strict=True)  # fmt: skip
    for (p, before, _, volume), (_, after, _, _), thirsty, thirstier in both:
        share = np.array([energy.cell_size(c, p) for c in range(p.cells)])
        book.chemical += volume * float(share @ (0.5 * (thirsty + thirstier) * (after - before)))
    losses = [np.array(energy.lost(one, s)) for s in (old, new)]
    assert min(losses[1]) >= 0.0
    water, relaxed = 0.5 * dt * (losses[0] + losses[1])
    book.water += water
    book.relaxed += relaxed
    off = [np.sum(one.bulging[:, None] * (s.bulge[0] - s.memory[0, :, 4:]) ** 2) for s in (old, new)]
    firmer = max(new.x[0, PRESSURE], 0.0) - max(old.x[0, PRESSURE], 0.0)
    book.firmed += float(0.25 * (off[0] + off[1]) * firmer / one.firming)
    book.lowest = min(book.lowest, book.work)


def history(seed: int, steps: int = 240) -> FloatArray:
    """A load that wanders from nothing to nothing, smooth and never twice the same [time, 4]."""
    rng = np.random.default_rng(seed)
    at = np.linspace(0.0, 1.0, steps + 1)
    waves = np.sin(np.pi * np.outer(np.arange(1, 6), at))
    size = np.array([400.0, 2.5, 2.0, 2.0])[:, None] / np.sqrt(np.arange(1, 6))
    return np.asarray((rng.normal(size=(4, 5)) * size @ waves).T)


@given(levels, st.integers(0, 10**6), st.sampled_from((0.25, 4.0, 60.0)))
@settings(max_examples=examples(6))
def test_work_is_stored_or_lost_and_never_gained(one: Segment, seed: int, dt: float) -> None:
    """Closed cycles of force and moments over a minute, a quarter of an hour, four hours.

    A bulge's memory grows firmer under pressure without pressing back (`segment.py`): what that adds or takes is
    booked by itself, and is small beside what is lost.
    """
    book = booked(one, history(seed), dt)
    assert abs(book.off) <= 0.02 * book.turnover
    assert book.water >= 0.0
    assert book.relaxed >= 0.0
    assert abs(book.firmed) <= 0.5 * (book.water + book.relaxed)
    assert book.work >= 0.0
    assert book.lowest >= -0.01 * book.turnover
    event(f"firming adds {round(100 * book.firmed / book.turnover)} % of the turnover")


# ---- whole bodies ------------------------------------------------------------------------------------------------
durations = st.sampled_from((1.0, 2.0, 10.0, 60.0, 600.0, 2700.0, 8 * HOUR, 48 * HOUR)) | st.floats(1.0, 5 * 24 * HOUR)


@st.composite
def profiles(draw: st.DrawFn) -> Traction:
    """A pull as a prescription has it: up, held, down, several times."""
    gaps = draw(st.lists(st.floats(0.5, 120.0), min_size=2, max_size=8))
    forces = [0.0, *draw(st.lists(st.floats(0.0, 1000.0), min_size=len(gaps), max_size=len(gaps)))]
    return Traction(
        max(forces), draw(st.sampled_from((SPLIT, PLAIN))), draw(st.floats(-0.8, 0.8)), np.r_[0.0, np.cumsum(gaps)],
        np.array(forces),
    )  # fmt: skip


statics = st.builds(
    Traction, st.floats(0.0, 1000.0), st.sampled_from((SPLIT, PLAIN)), st.floats(-0.8, 0.8), st.none(), st.none()
)
stages = st.builds(
    Stage,
    posture=st.sampled_from(POSTURES),
    duration=durations,
    axial_force=st.just(0.0) | st.sampled_from((-3000.0, 3000.0)) | st.floats(-3000.0, 3000.0),
    moment=st.just(0.0) | st.sampled_from((-40.0, 40.0)) | st.floats(-40.0, 40.0),
    direction=st.sampled_from(DIRECTIONS),
) | st.builds(Stage, posture=st.sampled_from(LYING), duration=durations, traction=statics | profiles())
bodies = st.builds(
    Somebody,
    mass=st.floats(30.0, 250.0),
    stature=st.floats(1.2, 2.3),
    age=st.floats(16.0, 100.0),
    sex=st.sampled_from(("female", "male", "unstated")),
    grades=st.tuples(*[st.none() | st.floats(1.0, 5.0)] * len(DISCS)),
)


def whole(of: list[Stage]) -> float:
    return sum(one.duration for one in of)


def all_sane(seen: Seen) -> None:
    """Numbers, discs between their plates, water in them."""
    for name, values in vars(seen).items():
        assert np.all(np.isfinite(values)), name
    for gap in (seen.height, seen.anterior, seen.posterior):
        assert np.all(gap > 0.0)
    for of in (seen.foramen, seen.bulge):
        assert np.all(of >= -100.0)
    assert np.max(np.abs(seen.pressure)) < 50e6
    assert np.all(seen.fluid > 0.0)
    assert np.all(seen.volume > seen.fluid)
    assert np.all(seen.column > 0.0)
    assert np.all(np.abs(seen.friction) <= 1000.0)


def told_or_refused(scenario: Scenario, at: FloatArray, c: Chosen) -> Seen | str:
    """What was seen, or why nothing was."""
    try:
        return play(scenario, at, c)
    except NotSolved as refusal:
        return str(refusal)


@given(bodies, st.lists(stages, min_size=1, max_size=4), st.integers(0, 10**6))
@settings(max_examples=examples(12))
def test_whoever_is_in_bounds_gets_numbers_or_a_refusal(who: Somebody, of: list[Stage], seed: int) -> None:
    """A refusal says when; how rare it is: `benchmarks/column_bounds.py`, and the test below."""
    c = drawn(3, Streams(seed))[1]
    got = told_or_refused(Scenario(who, tuple(of)), np.linspace(0.0, whole(of), 6), c)
    if isinstance(got, str):
        event("refused")
        assert re.search("between .* s and .* s$|in the days before it$", got)
    else:
        all_sane(got)


@pytest.mark.parametrize("grade", [1.0, 3.0, 4.0, 5.0])
@pytest.mark.parametrize("stature", [1.2, 1.45, 2.3])
def test_the_ends_of_what_is_declared_are_told(grade: float, stature: float) -> None:
    """Grades, statures and masses, pressed and pulled as far as is played, bent as far in every direction, in turn."""
    masses, ways = itertools.cycle((30.0, 250.0, 60.0)), itertools.cycle(itertools.product(DIRECTIONS, (-40.0, 40.0)))
    loads = itertools.product(POSTURES[:3], (-3000.0, 3000.0))
    for (posture, force), c in zip(loads, drawn(6, Streams(2)), strict=True):
        who = Somebody(next(masses), stature, 60.0, "female", (grade,) * len(DISCS))
        direction, moment = next(ways)
        loaded = Stage(posture, HOUR, None, force, moment, direction)
        all_sane(play(Scenario(who, (loaded, Stage("sitting", 600.0))), np.array([HOUR, HOUR + 600.0]), c))


@given(bodies, st.lists(stages, min_size=1, max_size=3), st.integers(0, 10**6))
@settings(max_examples=examples(3))
def test_bands_are_in_order(who: Somebody, of: list[Stage], seed: int) -> None:
    scenario, at = Scenario(who, tuple(of)), np.linspace(0.0, whole(of), 4)
    made = quantiles([play(scenario, at, c) for c in drawn(4, Streams(seed))])
    for name, (low, middle, high) in made.items():
        assert np.all((low <= middle) & (middle <= high)), name


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    """Every bit, whatever runs beside them."""
    scenario = Scenario(SHE, (Stage("standing", HOUR), Stage("supine", 600.0, Traction(250.0))))
    at = np.array([HOUR, HOUR + 60.0, HOUR + 600.0])
    at_once = play_many(scenario, at, 5, Streams(8))
    for one, c in zip(at_once, drawn(5, Streams(8)), strict=True):
        alone = play(scenario, at, c)
        for name, values in vars(one).items():
            assert np.array_equal(values, getattr(alone, name)), name


# ---- limits ------------------------------------------------------------------------------------------------------
def changed(**sections: Mapping[str, float]) -> Chosen:
    """The typical body, some of its parameters set."""
    return {section: {**ones, **sections.get(section, {})} for section, ones in typical().items()}


@given(bodies, st.sampled_from(LYING), st.floats(-0.8, 0.8))
@settings(max_examples=examples(4))
def test_a_pull_of_nothing_is_lying(who: Somebody, posture: str, angle: float) -> None:
    """To the last bit."""
    lying = Stage(posture, 900.0)
    at = np.array([1.0, 60.0, 900.0])
    one = play(Scenario(who, (lying,)), at, typical())
    two = play(Scenario(who, (replace(lying, traction=Traction(0.0, PLAIN, angle)),)), at, typical())
    for name, values in vars(one).items():
        assert np.array_equal(values, getattr(two, name)), name


def test_no_friction_lets_everything_through() -> None:
    c = changed(pull={"friction": 0.0, "rollers": 0.0})
    both = [
        play(Scenario(SHE, (Stage("supine", 600.0, Traction(300.0, couch)),)), np.array([30.0, 600.0]), c)
        for couch in (SPLIT, PLAIN)
    ]
    for name, values in vars(both[0]).items():
        assert np.array_equal(values, getattr(both[1], name)), name
    assert np.all(both[0].friction == 0.0)


@pytest.mark.parametrize("stiffness", [1e-3, 10.0, 1e9])
def test_a_harness_of_no_stiffness_stretches_and_the_spine_feels_the_same(stiffness: float) -> None:
    """The machine holds the force: a soft harness costs travel, not force."""
    scenario = Scenario(SHE, (Stage("supine", 600.0, Traction(300.0)),))
    at = np.array([30.0, 600.0])
    usual, soft = (play(scenario, at, c) for c in (typical(), changed(harness={"stiffness": stiffness})))
    for name in ("height", "pressure", "spine_force", "column"):
        assert np.array_equal(getattr(usual, name), getattr(soft, name)), name
    assert np.all(np.isfinite(soft.travel))
    assert np.all((soft.travel > usual.travel) == (stiffness < 1e3))
    assert np.all((soft.travel > 100.0 * usual.travel) == (stiffness < 100.0))
    assert np.all(soft.travel > 0.0)


@given(st.sampled_from(POSTURES), st.floats(-800.0, 200.0), st.floats(0.2, 0.8), st.floats(60.0, 8 * HOUR))
@settings(max_examples=examples(5))
def test_a_stage_cut_in_two_is_the_same_stage(posture: str, force: float, share: float, duration: float) -> None:
    """Whatever the length: what presses or bends goes on pressing where one stage ends and another begins."""
    stage = Stage(posture, duration, axial_force=force, moment=3.0, direction="lateral")
    cut = (replace(stage, duration=share * duration), replace(stage, duration=duration - share * duration))
    before = Stage("standing", HOUR)
    at = HOUR + np.array([share * duration, duration])
    one = play(Scenario(SHE, (before, stage)), np.r_[1.0, at], typical())
    two = play(Scenario(SHE, (before, *cut)), np.r_[1.0, at], typical())
    for name in ("height", "pressure", "volume", "column"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-9), name
