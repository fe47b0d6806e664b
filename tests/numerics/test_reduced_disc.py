"""The reduced disc: it follows the large one through loads it has not seen, keeps its balances, and refuses."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from opentraction.body.disc import reduced_newton as newton
from opentraction.body.disc.disc import Cells, Disc
from opentraction.body.disc.loading import Loading, stages
from opentraction.body.disc.points import Point
from opentraction.body.disc.reduced import Reduced, State
from opentraction.body.disc.reduced_basis import coordinates, modes_of, points_of
from opentraction.body.disc.reduced_file import load, ready, save
from opentraction.body.disc.reduced_kernel import evaluated
from opentraction.body.disc.reduced_training import Recipe, cycles, healthy, reduce, rest_of, snapshots_of
from opentraction.body.disc.sampling import choose
from opentraction.body.disc.stepping import Accuracy
from opentraction.quantities import BadInput

FloatArray = npt.NDArray[np.float64]
HOUR, LYING = 3600.0, -120.0
RECIPE_ACCURACY = Accuracy(relative=1e-3, smallest=0.1)
RECIPE = Recipe(
    {
        "pressed": stages(LYING, [(3 * HOUR, -650.0), (HOUR, 200.0), (HOUR, LYING)], rise=2.0),
        "pulled": stages(LYING, [(0.5 * HOUR, 200.0), (0.5 * HOUR, -300.0), (HOUR, -500.0), (0.3 * HOUR, 100.0)]),
    },
    cells=Cells(5, 4, 4, 2),
    forces=(-650.0, 200.0),
    modes=(18, 10),
    points=140,
)
UNSEEN = stages(LYING, [(1.5 * HOUR, -560.0), *cycles(60, 30, 150.0, -60.0, 3), (0.5 * HOUR, -400.0)])


@cache
def large() -> tuple[Disc, Point]:
    disc = Disc(cells=RECIPE.cells)
    return disc, rest_of(disc, RECIPE)


@cache
def snapshots() -> tuple[FloatArray, FloatArray]:
    some = [snapshots_of(*large(), one, RECIPE) for one in RECIPE.plan.values()]
    return np.concatenate([u for u, _ in some]), np.concatenate([mu for _, mu in some])


@cache
def small() -> Reduced:
    return reduce(*large(), *snapshots(), RECIPE)


def marched(disc: Disc, rest: Point, loading: Loading) -> FloatArray:
    """Readings of the finite-element disc, (t, 5)."""
    points = [rest]
    disc.under(loading, RECIPE_ACCURACY).run(rest, loading.span[1], breaks=loading.marks, each=points.append)
    rows = np.array([disc.read(point) for point in points])
    rows[:, 0] = np.minimum(rows[:, 0], loading.span[1])
    return rows


def apart(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Largest difference of each reading over its largest change."""
    return np.asarray((np.abs(ours - theirs).max(axis=0) / np.ptp(theirs, axis=0))[1:])


def test_it_follows_the_large_disc_through_a_day_it_has_not_seen() -> None:
    theirs = marched(*large(), UNSEEN)
    ours = small().march(small().rest(LYING), UNSEEN, theirs[:, 0])
    assert (apart(ours.table, theirs) < (0.005, 0.01, 0.01, 0.01)).all()
    assert ours.work.steps < len(theirs)


def test_the_one_that_comes_with_the_project_follows_another_mesh() -> None:
    """Derived from 20,000 unknowns; a mesh of 1,800 is a few tenths of a percent from that."""
    disc = Disc()
    loading = stages(LYING, [(4 * HOUR, -560.0), (300.0, 140.0), (600.0, -330.0)])
    theirs = marched(disc, rest_of(disc, healthy()), loading)
    ours = ready().march(ready().rest(LYING), loading, theirs[:, 0])
    assert (apart(ours.table, theirs) < 0.012).all()


def test_the_one_that_comes_with_the_project_is_what_the_recipe_says() -> None:
    """Where a parameter or the plan changes it is to be derived anew: scripts/reduced_disc.py."""
    told = ready().told
    assert {name: told[name] for name in healthy().told()} == healthy().told()
    assert told["unknowns"] == pytest.approx(20_000, rel=0.01)
    package = Path(__file__).parents[2] / "src" / "opentraction" / "body" / "disc"
    assert (package / "reduced_healthy.npz").stat().st_size < 350_000


def test_a_changed_parameter_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from opentraction.body.disc import reduced_training

    changed = {**reduced_training.PARAMETERS}
    nucleus = dict(changed["healthy_nucleus"])
    nucleus["shear"] = replace(nucleus["shear"], value=61e3)
    monkeypatch.setattr(reduced_training, "PARAMETERS", {**changed, "healthy_nucleus": nucleus})
    assert healthy().told()["parameters"] != ready().told["parameters"]


def test_at_rest_it_stays_at_rest() -> None:
    for force in (LYING, -500.0, 0.0):
        start = ready().rest(force)
        still = Loading(np.array([0.0, 40 * HOUR]), np.array([force, force]))
        table = ready().march(start, still, [0.0, HOUR, 40 * HOUR]).table
        assert np.ptp(table[:, 1]) < 1e-9
        assert np.ptp(table[:, 3]) < 1.0
        assert np.abs(start.z).max() == 0.0


def test_water_and_energy_balance() -> None:
    disc, state = ready(), ready().rest(LYING)
    times = np.unique(np.r_[np.geomspace(0.05, 5.0, 30), np.geomspace(5.0, 4 * HOUR, 300)])
    loading = stages(LYING, [(4 * HOUR, -600.0)])
    states = [state]
    for t in times:  # in pieces, to see the state on the way
        piece = Loading(np.array([states[-1].time, t]), np.array([loading(states[-1].time), loading(t)]))
        states.append(disc.march(states[-1], piece, smallest=0.05, relative=1e-4).end)
    forces = np.array([loading(one.time) for one in states])
    ways = np.array([0.5 * disc.read(one).height for one in states])
    worked = float(np.sum(0.5 * (forces[1:] + forces[:-1]) * np.diff(ways)))
    lost = np.array([disc.warmth(one) for one in states])
    moved = float(np.sum(0.5 * (lost[1:] + lost[:-1]) * np.diff(np.r_[0.0, times])))
    assert (lost >= 0.0).all()
    assert worked == pytest.approx(disc.stored(states[-1]) - disc.stored(state) + moved, rel=0.01)
    held = evaluated(states[-1].y, states[-1].z, disc.points)[1]
    exchanged = np.abs(held - state.held).max()
    assert np.abs(held - states[-1].held).max() < 1e-3 * exchanged


def test_shorter_steps_say_the_same() -> None:
    loading = stages(LYING, [(HOUR, -600.0), (0.5 * HOUR, 200.0), (HOUR, LYING)])
    at = np.linspace(0.0, loading.span[1], 200)
    usual = ready().march(ready().rest(LYING), loading, at)
    exact = ready().march(ready().rest(LYING), loading, at, relative=1e-5, smallest=0.05)
    assert (apart(usual.table, exact.table) < 0.002).all()
    assert exact.work.steps > 2 * usual.work.steps


def test_a_jump_is_a_quick_rise() -> None:
    at = np.r_[0.0, np.geomspace(10.0, HOUR, 20)]
    jump = Loading(np.array([0.0, 0.0, HOUR]), np.array([LYING, -700.0, -700.0]))
    rise = Loading(np.array([0.0, 0.1, HOUR]), np.array([LYING, -700.0, -700.0]))
    ours, theirs = (ready().march(ready().rest(LYING), one, at).table for one in (jump, rise))
    assert (apart(ours, theirs) < 0.005).all()
    later = Loading(np.array([0.0, HOUR]), np.array([-700.0, -700.0]))  # begins elsewhere: a jump as well
    assert ready().march(ready().rest(LYING), later, at).table == pytest.approx(ours)


def test_in_pieces_it_goes_where_it_goes_at_once() -> None:
    whole = stages(LYING, [(HOUR, -600.0), (HOUR, 100.0)])
    first, second = stages(LYING, [(HOUR, -600.0)]), stages(-600.0, [(HOUR, 100.0)], start=HOUR)
    disc, start = ready(), ready().rest(LYING)
    at_once = disc.read(disc.march(start, whole).end)
    in_pieces = disc.read(disc.march(disc.march(start, first).end, second).end)
    assert in_pieces == pytest.approx(at_once, rel=1e-3)


def test_its_newton_steps_solve_the_whole_slopes() -> None:
    """Displacement condensed out, or the two balances solved at once: the same corrections."""
    state, share = ready().march(ready().rest(LYING), stages(LYING, [(600.0, -600.0)])).end, 7.0
    *_, stiffness, coupling, flow = evaluated(state.y, state.z, ready().points)
    m, n, _ = ready().sizes
    by, _ = newton.empty(m, n, 1)
    by.stiffness[:], by.coupling[:], by.flow[:] = stiffness, coupling, flow
    newton.condense(by)
    newton.aim(by, share)
    right = np.random.default_rng(1).standard_normal(m + n)
    whole = np.block([[stiffness, -coupling.T], [-coupling, -share * flow]])
    found = right.copy()
    newton.correct(found, by)
    scale = np.abs(whole) @ np.abs(found)
    assert (np.abs(whole @ found - right) < 1e-9 * scale).all()


def test_the_bulge_crosses_from_out_to_in_without_a_jump() -> None:
    """In a pull the side goes in here and out there; at half the height nothing jumps from one to the other."""
    loading = stages(LYING, [(600.0, 150.0)], rise=20.0)
    table = ready().march(ready().rest(LYING), loading, np.linspace(0.0, 30.0, 3001)).table
    bulge = table[:, 2]
    assert bulge[0] > 0.0 > bulge[-1]
    assert np.abs(np.diff(bulge)).max() < 1e-3 * np.ptp(bulge)


def test_all_points_say_what_the_large_disc_says() -> None:
    """Reduced balances are those of the large disc, seen through the modes; slopes are their derivatives."""
    disc, rest = large()
    u, mu = snapshots()
    modes = modes_of(disc, rest.u, u, mu, (6, 4))
    points, (ys, zs) = points_of(disc, modes), coordinates(disc, modes, u, mu)
    y, z = ys[len(ys) // 2], zs[len(zs) // 2]
    forces, held, leaving, _, stiffness, coupling, flow = evaluated(y, z, points)
    made = disc.porous.evaluate(modes.rest + modes.displacement @ y, modes.potential @ z)
    assert forces == pytest.approx(modes.displacement.T @ made.forces, rel=1e-9, abs=1e-9 * np.abs(forces).max())
    assert held == pytest.approx(modes.potential.T @ made.held, rel=1e-9)
    assert leaving == pytest.approx(modes.potential.T @ made.leaving, rel=1e-9)
    step = 1e-5 * np.abs(ys).max()
    for k in range(6):
        up, down = (evaluated(y + sign * step * np.eye(6)[k], z, points) for sign in (1.0, -1.0))
        scale = np.abs(stiffness).max()
        assert stiffness[:, k] == pytest.approx((up[0] - down[0]) / (2.0 * step), abs=1e-4 * scale)
        assert coupling[:, k] == pytest.approx(
            (up[1] - down[1]) / (2.0 * step), rel=1e-4, abs=1e-4 * np.abs(coupling).max()
        )
    assert flow @ z == pytest.approx(leaving, rel=1e-9)


def test_the_points_chosen_sum_as_all_do() -> None:
    chance, x = np.random.default_rng(3), np.linspace(0.0, 1.0, 400)
    weight = chance.uniform(0.5, 1.5, 400)
    rows = np.stack([weight * x**k for k in range(8)])
    chosen = choose(rows, weight, 12)
    assert (chosen.factors > 0.0).all()
    assert chosen.points.size <= 12
    assert rows[:, chosen.points] @ chosen.factors == pytest.approx(rows.sum(axis=1), rel=1e-3)


def test_it_is_kept_in_a_file_and_read_back(tmp_path: Path) -> None:
    place = tmp_path / "disc.npz"
    save(small(), place)
    back = load(place)
    assert all(np.array_equal(a, b) for a, b in zip(back.points, small().points, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(back.outside, small().outside, strict=True))
    assert back.forces == RECIPE.forces
    assert back.told["cells"] == [5, 4, 4, 2]


@pytest.mark.parametrize("harm", ["cut", "foreign", "not a file of arrays", "changed", "version"])
def test_a_file_that_is_damaged_or_foreign_is_refused(tmp_path: Path, harm: str) -> None:
    place = tmp_path / "disc.npz"
    save(small(), place)
    with np.load(place) as kept:
        arrays = {name: kept[name] for name in kept.files}
    if harm == "cut":
        place.write_bytes(place.read_bytes()[:5000])
    elif harm == "foreign":
        np.savez(place, told=np.array("{}"), seal=np.array(""))
    elif harm == "not a file of arrays":
        place.write_text("hello")
    elif harm == "changed":
        np.savez(place, **{**arrays, "points_weight": 1.01 * arrays["points_weight"]})
    else:
        np.savez(place, **{**arrays, "told": np.array(str(arrays["told"]).replace('"version": 2', '"version": 1'))})
    with pytest.raises(BadInput, match="version 2" if harm == "version" else "disc.npz"):
        load(place)


def test_beyond_its_bounds_it_refuses() -> None:
    disc, start = ready(), ready().rest(LYING)
    with pytest.raises(BadInput, match="-800 to 250 N"):
        disc.march(start, stages(LYING, [(HOUR, 400.0)]))
    with pytest.raises(BadInput, match="-800 to 250 N"):
        disc.rest(-900.0)
    middle = 0.5 * (disc.outside.low + disc.outside.high)
    narrow = replace(disc, outside=disc.outside._replace(low=0.1 * disc.outside.low, high=0.1 * disc.outside.high))
    assert (disc.outside.low < middle).all()
    with pytest.raises(BadInput, match="ask the finite-element disc"):
        narrow.march(start, stages(LYING, [(HOUR, -700.0)]))
    with pytest.raises(BadInput, match="rising times"):
        disc.march(start, stages(LYING, [(HOUR, -300.0)]), [2 * HOUR])
    late = State(5.0, LYING, start.y, start.z, start.held)
    with pytest.raises(BadInput, match="begins at 5 s"):
        disc.march(late, stages(LYING, [(HOUR, -300.0)]))
    with pytest.raises(BadInput, match="healthy"):
        ready("iron")


@pytest.mark.parametrize(
    ("times", "forces"),
    [
        ([0.0], [1.0]),
        ([0.0, 1.0], [1.0]),
        ([0.0, -1.0], [1.0, 1.0]),
        ([0.0, np.nan], [1.0, 1.0]),
        ([0.0] * 3, [1.0] * 3),
    ],
)
def test_a_loading_that_is_none_is_refused(times: list[float], forces: list[float]) -> None:
    with pytest.raises(BadInput, match="loading"):
        Loading(np.array(times), np.array(forces))


def test_a_loading_is_straight_between_its_knots() -> None:
    loading = Loading(np.array([0.0, 10.0, 10.0, 20.0]), np.array([0.0, 100.0, -50.0, -50.0]))
    assert [loading(t) for t in (-1.0, 0.0, 5.0, 10.0, 10.001, 30.0)] == pytest.approx(
        [0, 0, 50, 100, -50, -50], abs=0.1
    )
    assert loading.marks.tolist() == [0.0, 10.0, 20.0]
    with pytest.raises(BadInput, match="longer than"):
        stages(LYING, [(3.0, 100.0)])


def test_a_plan_beyond_its_own_bounds_is_refused() -> None:
    from opentraction.body.disc.reduced_training import derive

    with pytest.raises(BadInput, match="at rest"):
        derive(Recipe({"one": stages(0.0, [(HOUR, -300.0)])}))
    with pytest.raises(BadInput, match="-200 to 100 N"):
        derive(Recipe({"one": stages(LYING, [(HOUR, -300.0)])}, forces=(-200.0, 100.0)))
    with pytest.raises(BadInput, match="one march"):
        derive(Recipe({}))
