"""The fast model through time: second order, no NaN, sane limits, and like the disc by finite elements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.body.column.anatomy import DISCS, Size, curve, disc_segment, ring_of
from opentraction.body.column.chosen import PARAMETERS, drawn, typical
from opentraction.body.column.curve import offsets
from opentraction.body.column.march import Accuracy, Loads, march
from opentraction.body.column.packed import pack
from opentraction.body.column.play import Seen, middle, play, play_many, quantiles
from opentraction.body.column.pores import mean_volume
from opentraction.body.column.posterior import Facets
from opentraction.body.column.scenario import (
    DIRECTIONS,
    LYING,
    PLAIN,
    POSTURES,
    SPLIT,
    Scenario,
    Somebody,
    Specimen,
    Stage,
    Traction,
)
from opentraction.body.column.segment import PRESSURE, SWELL, UP, Segment, at_rest
from opentraction.body.column.wall import Wall
from opentraction.body.disc.disc import PARAMETERS as BY_ELEMENTS
from opentraction.body.estimate import LOWER_BODY_SHARE
from opentraction.body.person import PARAMETERS as ON_THE_TABLE
from opentraction.quantities.streams import Streams

FloatArray = npt.NDArray[np.float64]
HOUR = 3600.0
SHE = Somebody(mass=62.0, stature=1.66, age=38.0, sex="female")


def loads(levels: int, *points: tuple[float, float]) -> Loads:
    """Forces on every level, linear between (time [s], force [N])."""
    times, forces = np.array(points).T
    count = times.size
    return Loads(times, np.repeat(forces[:, None], levels, 1), np.zeros((count, levels, 3)), np.zeros(count))


def like_the_elements() -> Segment:
    """A round disc of the finite-element model's size and tissues, without ligaments."""
    g, n, a, e = (
        {k: v.value for k, v in BY_ELEMENTS[name].items()}
        for name in ("geometry", "healthy_nucleus", "healthy_annulus", "healthy_endplate")
    )
    one = disc_segment(4, Size(), typical())
    area = math.pi * g["radius"] ** 2
    share = (g["nucleus"] / g["radius"]) ** 2
    wall = Wall(
        a["shear"], a["fibre"], a["fibre_growth"], a["angle"], a["angle"], g["radius"], g["radius"] - g["nucleus"],
        g["height"], area * (1 - share) * g["height"], area * share * g["height"],
    )  # fmt: skip
    door = e["permeability"] / g["endplate"]
    half = 0.5 * g["height"] - g["endplate"]
    return one._replace(
        wall=wall,
        depth=g["radius"],
        width=g["radius"],
        ring=ring_of(wall, g["radius"], g["radius"]),
        nucleus_shear=n["shear"],
        bands=np.zeros((0, 6)),
        facets=Facets(0.03, 0.02, 0.0, 0.0, 1e-3, 1e-3, 1e-3, 1.0),
        relaxing=np.zeros((2, 4)),
        bulging=np.zeros(2),
        nucleus=one.nucleus._replace(
            length=half, charge=n["charge"], water=n["water"], lame=n["lame"], ease=n["permeability"], door=door
        ),
        annulus=one.annulus._replace(
            charge=a["charge"], water=a["water"], lame=a["lame"], ease=a["permeability"], door=door
        ),
        give=0.0,
        floor=-1e9,
    )


def marched(of: Segment, force: Loads, asked: Sequence[float], accuracy: Accuracy | None = None) -> FloatArray:
    """x of one level at the asked times."""
    state = at_rest(1, of.nucleus.cells, of.annulus.cells)
    shape = curve(Size(), typical())
    told = march(pack([of]), shape, 1, force, state, 0.0, np.array(asked), accuracy or Accuracy())
    assert told.done == len(asked)
    return told.x[:, 0]


LAIN = 48 * HOUR


@pytest.mark.parametrize(
    ("force", "hours", "height_mm", "kilopascals"),
    [
        (-600.0, 0.0014, -0.63, 624.0),
        (-600.0, 1.0, -1.61, 474.0),
        (-600.0, 4.0, -2.22, 394.0),
        (-600.0, 16.0, -2.47, 366.0),
        (180.0, 0.0014, 0.64, 13.0),
        (180.0, 0.5, 1.06, 108.0),
        (300.0, 0.5, 1.48, 71.0),
    ],
)
def test_it_does_what_the_disc_by_finite_elements_does(
    force: float, hours: float, height_mm: float, kilopascals: float
) -> None:
    """Same size, same tissues, nothing fitted: within 15 % of height and 20 % (or 60 kPa) of pressure.

    The numbers are those of `tests/numerics/test_disc.py`'s coarse disc, which lies for two days at 120 N first.
    """
    at = LAIN + hours * HOUR
    x = marched(
        like_the_elements(), loads(1, (0, -120), (LAIN, -120), (LAIN + 5, force), (at + HOUR, force)), [LAIN, at]
    )
    assert 1e3 * (x[1, UP] - x[0, UP]) == pytest.approx(height_mm, rel=0.15)
    assert 1e-3 * x[1, PRESSURE] == pytest.approx(kilopascals, rel=0.20, abs=60.0)


def test_the_error_falls_with_the_square_of_the_step() -> None:
    of = disc_segment(4, Size(), typical())
    force = loads(1, (0, -120), (2 * HOUR, -600), (6 * HOUR, -600))

    def end(steps: int) -> FloatArray:
        x = marched(of, force, [6 * HOUR], Accuracy(1e9, 1e9, 6 * HOUR / steps))
        return x[0, [UP, PRESSURE, SWELL]]

    best = end(3200)
    coarse, fine = np.abs(end(100) - best), np.abs(end(200) - best)
    order = np.log2(coarse / fine)
    assert np.all(order > 1.5), order


def test_a_tenth_of_the_allowed_error_changes_little() -> None:
    """The default accuracy is worth half a percent of every change."""
    of = disc_segment(4, Size(), typical())
    force = loads(1, (0, -120), (5, -600), (8 * HOUR, -600), (8 * HOUR + 20, 250), (9 * HOUR, 250))
    asked = [60.0, HOUR, 8 * HOUR, 8 * HOUR + 60, 9 * HOUR]
    usual = marched(of, force, asked)
    best = marched(of, force, asked, Accuracy(2e-6, 1e-5))
    for i in (UP, PRESSURE, SWELL):
        assert np.abs(usual[:, i] - best[:, i]).max() <= 0.005 * np.ptp(best[:, i])


def test_water_that_is_squeezed_out_is_height_that_is_lost() -> None:
    """What the two tissues hold is what is between the endplates: room within the wall, and the wall."""
    of = disc_segment(4, Size(), typical())._replace(give=0.0)
    state = at_rest(1, of.nucleus.cells, of.annulus.cells)
    force = loads(1, (0, 0), (5, -700), (10 * HOUR, -700))
    told = march(pack([of]), curve(Size(), typical()), 1, force, state, 0.0, np.array([10.0, 10 * HOUR]), Accuracy())
    assert told.filled[1, 0] == pytest.approx(mean_volume(state.nucleus[0], of.nucleus), rel=1e-12)
    assert told.x[1, 0, SWELL] == pytest.approx(mean_volume(state.annulus[0], of.annulus), abs=1e-9)
    assert told.filled[1, 0] < 0.95
    lost = of.wall.nucleus * (told.filled[0, 0] - told.filled[1, 0]) + of.wall.volume * (
        told.x[0, 0, SWELL] - told.x[1, 0, SWELL]
    )
    fallen = told.x[0, 0, UP] - told.x[1, 0, UP]
    area = math.pi * of.wall.radius**2
    assert 0.5 * area * fallen <= lost <= 1.6 * area * fallen  # the rest is bulge


# ---- scenarios ---------------------------------------------------------------------------------------------------
def seen(who: Somebody | Specimen, *stages: Stage, at: Sequence[float]) -> Seen:
    return middle(Scenario(who, stages), np.array(at, float))


@cache
def day() -> Seen:
    return seen(SHE, Stage("standing", 16 * HOUR), Stage("supine", 8 * HOUR), at=[HOUR, 16 * HOUR, 24 * HOUR])


def test_a_day_shortens_and_a_night_gives_back() -> None:
    stature = 1e3 * day().stature
    assert -25.0 < stature[1] < -10.0
    assert 0.35 <= stature[0] / stature[1] <= 0.75
    assert stature[2] > stature[1] + 10.0
    assert np.all(day().volume[1] < day().volume[2])


@pytest.mark.parametrize("couch", [SPLIT, PLAIN])
def test_a_pull_opens_more_than_lying_and_a_split_couch_more_than_a_plain_one(couch: str) -> None:
    pull = Traction(330.0, couch)
    with_it = seen(SHE, Stage("standing", 4 * HOUR), Stage("supine", 1200.0, pull), at=[4 * HOUR + 1199])
    without = seen(SHE, Stage("standing", 4 * HOUR), Stage("supine", 1200.0), at=[4 * HOUR + 1199])
    gain = 1e3 * (with_it.column - without.column)[0]
    assert gain > 1.0
    assert with_it.friction[0] == pytest.approx(152.0 if couch == PLAIN else 6.0, rel=0.02)
    assert np.all(with_it.height > without.height)
    assert np.all(with_it.pressure < without.pressure)
    if couch == SPLIT:
        assert gain > 6.0


def test_a_pull_that_friction_holds_does_nothing() -> None:
    """No force at the spine, and the same as lying, up to a smile of guarding."""
    weak = Traction(100.0, PLAIN)
    held = seen(SHE, Stage("supine", 1200.0, weak), at=[1199])
    bare = seen(SHE, Stage("supine", 1200.0), at=[1199])
    assert held.friction[0] == pytest.approx(100.0, abs=0.1)
    assert held.height == pytest.approx(bare.height, rel=0.02)


def test_no_friction_and_no_angle_send_all_of_a_pull_to_the_spine() -> None:
    c = {section: dict(ones) for section, ones in typical().items()}
    c["pull"] |= {"friction": 0.0, "rollers": 0.0, "guard": 0.0, "let_go": 1.0}
    scenario = Scenario(SHE, (Stage("supine", 600.0), Stage("supine", 600.0, Traction(300.0, PLAIN))))
    one = play(scenario, np.array([599.0, 1199.0]), c)
    assert one.spine_force[1] - one.spine_force[0] == pytest.approx(300.0, abs=1e-6)
    slanted = replace(scenario.stages[1], traction=Traction(300.0, PLAIN, math.radians(30.0)))
    two = play(replace(scenario, stages=(scenario.stages[0], slanted)), np.array([599.0, 1199.0]), c)
    assert two.spine_force[1] - two.spine_force[0] == pytest.approx(300.0 * math.cos(math.radians(30.0)), abs=1e-6)


def test_nothing_done_to_a_specimen_changes_nothing_at_once() -> None:
    one = seen(Specimen("segment"), Stage("unloaded", 60.0), at=[0.0, 60.0])
    assert np.abs(one.height[1] - one.height[0]) < 1e-5
    assert one.spine_force == pytest.approx([0.0, 0.0])


def test_a_fused_level_moves_less_and_leaves_more_to_the_others() -> None:
    """A level stiff as bone turns hardly; a force divides itself no further: the chain is in series."""
    of = [disc_segment(i, Size(), typical()) for i in range(len(DISCS))]
    fused = of[3]._replace(
        wall=of[3].wall._replace(shear=5e8, fibre=5e8), relaxing=of[3].relaxing * 0.0, bulging=of[3].bulging * 0.0
    )
    shape = curve(Size(), typical())
    ends = []
    for segments in (of, [*of[:3], fused, *of[4:]]):
        force = Loads(
            np.array([0.0, 20.0, 60.0]),
            np.repeat([[0.0], [300.0], [300.0]], 6, 1),
            np.zeros((3, 6, 3)),
            np.array([0.0, 300.0, 300.0]),
        )
        told = march(pack(segments), shape, 6, force, at_rest(6, 6, 5), 0.0, np.array([60.0]), Accuracy())
        assert told.done == 1
        ends.append(told.x[0])
    assert abs(ends[1][3, UP]) < 0.02 * ends[0][3, UP]
    others = [0, 1, 2, 4, 5]
    assert ends[1][others, UP] == pytest.approx(ends[0][others, UP], rel=0.2)


def test_a_pull_straightens_the_curve() -> None:
    shape, high = curve(Size(), typical()), np.full(6, 0.010)
    away, flat = np.empty(6), np.empty(6)
    curved = offsets(shape, high, np.zeros(6), np.zeros(6), away)
    straight = offsets(shape, high, np.zeros(6), np.full(6, 0.05), flat)
    assert np.all(away > 0.0)
    assert away[3] > 0.015
    assert straight > curved
    assert np.all(flat[1:-1] < away[1:-1])


@pytest.mark.parametrize("who", [Specimen("lumbar-column"), replace(SHE, mass=80.0)])
def test_a_stronger_pull_lengthens_more_to_the_end_of_what_is_played(who: Somebody | Specimen) -> None:
    """And holds still under a steady pull: above 1500 N the chain once folded, and came out shorter."""
    posture = "unloaded" if isinstance(who, Specimen) else "supine"
    ends = []
    for force in (300.0, 1000.0, 2000.0, 3000.0):
        one = seen(who, Stage(posture, 60.0), Stage(posture, 60.0, axial_force=force), at=[60.0, 80.0, 90.0, 120.0])
        assert np.ptp(one.column[1:]) < 5e-4
        ends.append(one.column[-1] - one.column[0])
    assert np.all(np.diff(ends) > 3e-4), ends


def test_the_lower_body_weighs_about_the_same_wherever_it_is_reckoned() -> None:
    """The estimate on the console, the virtual table and the column read it from three places, of one source."""
    first_floor, column = ON_THE_TABLE["body"]["lower_share"], PARAMETERS["pull"]["lower_body"]
    assert first_floor.value == LOWER_BODY_SHARE
    assert column.low <= LOWER_BODY_SHARE <= column.high
    assert first_floor.low <= column.value <= first_floor.high


def test_ribs_bear_some_of_the_trunk() -> None:
    c = {section: dict(ones) for section, ones in typical().items()}
    lost = []
    for ribs in (0.0, 0.3):
        c["above"] |= {"ribs": ribs}
        one = play(Scenario(SHE, (Stage("standing", 4 * HOUR),)), np.array([4 * HOUR]), c)
        lost.append((one.stature[0], one.column[0]))
    assert lost[1][0] > lost[0][0] + 1e-3
    assert lost[1][1] == pytest.approx(lost[0][1], abs=1e-5), "the lumbar spine bears what it bore"


def test_a_degenerate_disc_at_rest_holds_pressure_and_a_pull_takes_it() -> None:
    """Ramos 1994: from 30 to 75 mmHg at rest to below -100 mmHg; what a pull changes is what was measured."""
    he = Somebody(75.0, 1.74, 45.0, "male", (4.0,) * len(DISCS))
    pull = Stage("prone", 300.0, Traction(333.0))
    one = seen(he, Stage("standing", 3 * HOUR), Stage("prone", 600.0), pull, at=[3 * HOUR + 600, 3 * HOUR + 660])
    rest, pulled = 1e-3 * one.pressure[:, 4]
    assert 0.0 < rest < 25.0
    assert pulled < -10.0


postures = st.sampled_from(POSTURES)
stage = st.builds(
    Stage,
    posture=postures,
    duration=st.floats(5.0, 30 * HOUR),
    axial_force=st.floats(-3000.0, 3000.0),
    moment=st.floats(0.0, 8.0),
    direction=st.sampled_from(DIRECTIONS),
)
pulled = st.builds(
    Stage,
    posture=st.sampled_from(LYING),
    duration=st.floats(60.0, HOUR),
    traction=st.builds(
        Traction, st.floats(20.0, 600.0), st.sampled_from((SPLIT, PLAIN)), st.floats(-0.5, 0.5), st.none(), st.none()
    ),
)
somebody = st.builds(
    Somebody,
    mass=st.floats(40.0, 160.0),
    stature=st.floats(1.45, 2.0),
    age=st.floats(18.0, 90.0),
    sex=st.sampled_from(("female", "male", "unstated")),
    grades=st.tuples(*[st.floats(1.0, 5.0)] * len(DISCS)),
)


@given(somebody, st.lists(stage | pulled, min_size=1, max_size=4), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_whoever_and_whatever_every_number_is_a_number(who: Somebody, stages: list[Stage], seed: int) -> None:
    c = drawn(3, Streams(seed))[1]
    whole = sum(one.duration for one in stages)
    one = play(Scenario(who, tuple(stages)), np.linspace(0.0, whole, 5), c)
    for name, values in vars(one).items():
        assert np.all(np.isfinite(values)), name
    assert np.all(one.height > 0.001)
    assert np.all(one.fluid > 0.0)


def test_one_seed_replays_everything_and_bands_hold_their_middles() -> None:
    scenario = Scenario(SHE, (Stage("standing", HOUR), Stage("supine", 600.0, Traction(250.0))))
    first = play_many(scenario, np.array([HOUR, HOUR + 599]), 8, Streams(3))
    again = play_many(scenario, np.array([HOUR, HOUR + 599]), 8, Streams(3))
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one.pressure, two.pressure)
    q = quantiles(first)
    for values in q.values():
        assert np.all(np.diff(values, axis=0) >= 0.0)
    assert np.all(q["height"][2] - q["height"][0] > 1e-4)
