"""Oxygen, glucose and lactate of a disc: rates and slopes, balances, supply closed, cells crowded, a pull, refusals."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opentraction.body.disc.disc import Cells, Disc
from opentraction.body.disc.living import CELLS, FEED, GLUCOSE, LACTATE, OXYGEN
from opentraction.body.disc.nutrients import SMALLEST_OPENING, Fed, Nutrients
from opentraction.body.disc.stepping import Accuracy, Point
from opentraction.body.disc.turnover import Moment
from opentraction.quantities import BadInput

FloatArray = npt.NDArray[np.float64]
HOUR, LYING, STANDING = 3600.0, -120.0, -600.0
Stages = list[tuple[float, float]]


@cache
def coarse() -> Disc:
    return Disc(cells=Cells(5, 4, 4, 2))


@cache
def unmoved() -> Point:
    return coarse().under(lambda _t: 0.0).start()


@cache
def rested() -> Point:
    march = coarse().under(lambda _t: LYING, Accuracy(relative=1e-3, smallest=0.1))
    return march.run(march.start(mu=coarse().porous.thirst()), 24 * HOUR)


def through(stages: Stages) -> list[Point]:
    """Points of a march from rest through (hours, force [N]), each reached in 5 s."""
    ends = rested().t + HOUR * np.cumsum([hours for hours, _ in stages])
    begins = np.r_[rested().t, ends[:-1]]
    times = np.stack([begins, begins + 5.0], axis=1).ravel()
    forces = np.r_[LYING, np.repeat([force for _, force in stages], 2)[:-1]]
    points, march = (
        [rested()],
        coarse().under(lambda t: float(np.interp(t, times, forces)), Accuracy(relative=1e-3, smallest=0.5)),
    )
    march.run(rested(), float(ends[-1]), breaks=times, each=points.append)
    return points


def steady(point: Point, **how: float) -> Fed:
    feed = Nutrients(coarse(), **how)
    return feed.read(feed.steady(point))


amounts = st.tuples(st.floats(1e-4, 0.2), st.floats(1e-3, 6.0), st.floats(0.1, 15.0))


@given(amounts)
def test_slopes_of_the_rates_are_their_derivatives(at: tuple[float, float, float]) -> None:
    c = np.array(at)[:, None]
    _, slopes = CELLS.rates(c)
    for k in range(3):
        step = 1e-6 * c[k, 0] * (np.arange(3) == k)[:, None]
        numeric = (CELLS.rates(c + step)[0] - CELLS.rates(c - step)[0]) / (2e-6 * c[k, 0])
        assert slopes[:, k] == pytest.approx(numeric, rel=1e-4, abs=1e-6 * float(np.abs(slopes).max()))


def test_cells_breathe_and_sour_as_published() -> None:
    """Some 100 nmol of lactate an hour from a million cells, less where it is sour (Bibby 2005, from memory)."""
    hour = 3600.0 * 1e6 * 1e9
    air = 3.0 * FEED["solubility"]["oxygen"].value
    sweet, sour = (CELLS.rates(np.array([[air], [4.0], [lactate]]))[0][:, 0] * hour for lactate in (3.33, 8.0))
    assert 60.0 < sweet[LACTATE] < 130.0
    assert sweet[GLUCOSE] == pytest.approx(-0.5 * sweet[LACTATE])
    assert -8.0 < sweet[OXYGEN] < -2.0
    assert sour[LACTATE] < sweet[LACTATE]
    assert sour[OXYGEN] > sweet[OXYGEN]


def test_without_glucose_or_oxygen_nothing_is_taken_up() -> None:
    rates, _ = CELLS.rates(np.array([[0.0, -0.01], [0.0, -1.0], [3.0, 30.0]]))
    assert rates == pytest.approx(np.zeros((3, 2)))


def test_in_the_middle_it_is_poor_and_sour_and_its_cells_live() -> None:
    """Models of healthy discs say 0.5 to 1.5 mmol/l of glucose at least, pH down to 6.9 to 7.1 (from memory)."""
    fed = steady(rested())
    assert 0.5 < fed.glucose < 2.0
    assert 6.8 < fed.acid < 7.1
    assert 0.0 < fed.oxygen < 2.0
    assert fed.viable == 1.0
    assert fed.glucose < fed.mean_glucose < 4.0


def test_a_steady_disc_is_supplied_with_what_its_cells_take_up() -> None:
    feed = Nutrients(coarse())
    moment = feed.steady(rested())
    hour = feed.turnover.step(moment, moment.u, HOUR)
    assert hour.c == pytest.approx(moment.c, rel=1e-9)
    assert hour.supplied == pytest.approx(-hour.made, rel=1e-9)
    assert hour.made[LACTATE] == pytest.approx(-2.0 * hour.made[GLUCOSE], rel=1e-12)


def test_less_of_the_endplate_and_more_cells_leave_less() -> None:
    openings = [steady(unmoved(), endplate=one) for one in (1.0, 0.5, 0.2, SMALLEST_OPENING)]
    crowds = [steady(unmoved(), crowding=one) for one in (0.0, 0.5, 1.0, 3.0)]
    for row in (openings, crowds):
        assert all(a.glucose > b.glucose and a.oxygen > b.oxygen for a, b in pairwise(row))
        assert all(a.acid > b.acid and a.viable >= b.viable for a, b in pairwise(row))
        assert row[-1].glucose >= 0.0
        assert row[-1].viable < 1.0


def test_a_degenerate_disc_has_as_many_cells_in_each_tissue_and_is_fed() -> None:
    """One set of cells stands for both; a partly closed endplate starves the worn disc more."""
    worn = Disc("degenerate", cells=Cells(5, 4, 4, 2))
    still = worn.under(lambda _t: 0.0).start()
    feeds = [Nutrients(worn, endplate) for endplate in (1.0, 0.3)]
    assert set(feeds[0].density.ravel()) == set(Nutrients(coarse()).density.ravel())
    open_, shut = (feed.read(feed.steady(still)) for feed in feeds)
    assert open_.viable == 1.0
    assert shut.mean_glucose < steady(unmoved(), endplate=0.3).mean_glucose < open_.mean_glucose


def like(glucose: float, lactate: float) -> Moment:
    """A disc in which there is the same everywhere [mol/m^3]."""
    moment = Nutrients(coarse()).steady(unmoved())
    c = moment.c.copy()
    c[GLUCOSE], c[LACTATE] = glucose, lactate
    return Moment(moment.t, moment.u, c, moment.stored, moment.supplied, moment.made)


def test_cells_die_of_acid_as_well_as_of_hunger() -> None:
    """Fed but sour, sweet but starved: neither lives, whichever the cells lack."""
    feed, life, acid = Nutrients(coarse()), FEED["life"], FEED["acid"]
    killing = (acid["rested"].value - life["acid"].value) * acid["buffer"].value
    enough = life["glucose"].value
    shares = {
        at: feed.viable(like(*at))
        for at in ((4.0, 1.0), (4.0, 0.99 * killing), (4.0, 1.01 * killing), (1.01 * enough, 1.0), (0.99 * enough, 1.0))
    }
    assert list(shares.values()) == [1.0, 1.0, 0.0, 1.0, 0.0], shares


def test_where_half_of_it_is_sour_about_half_of_its_cells_die() -> None:
    feed = Nutrients(coarse())
    moment = like(4.0, 1.0)
    order = np.argsort(feed.steady(unmoved()).c[LACTATE], kind="stable")
    moment.c[LACTATE, order[order.size // 2 :]] = 30.0
    assert 0.1 < feed.viable(moment) < 0.9


def test_lactate_is_told_as_lactate() -> None:
    """The mean lies between supply and the sourest place; more cells make more of it, while glucose falls."""
    crowds = [steady(unmoved(), crowding=one) for one in (0.0, 0.5, 1.0, 2.0)]
    supply = [FEED[where]["lactate"].value for where in ("rim", "endplate")]
    assert min(supply) * (1.0 - 1e-9) <= crowds[0].mean_lactate <= max(supply) * (1.0 + 1e-9)
    for few, many in pairwise(crowds):
        assert many.mean_lactate > few.mean_lactate + 0.1
        assert many.mean_glucose < few.mean_glucose
        assert few.mean_lactate <= few.lactate
    assert steady(rested()).mean_lactate < steady(rested()).lactate


def test_two_of_lactate_for_one_of_glucose_by_the_ways_they_go() -> None:
    """At rest diffusion alone carries both: twice the glucose missing, over how much slower lactate goes."""
    fed, bare = steady(unmoved()), steady(unmoved(), crowding=0.0)
    slower = FEED["diffusivity"]["glucose"].value / FEED["diffusivity"]["lactate"].value
    gained, missing = fed.mean_lactate - bare.mean_lactate, bare.mean_glucose - fed.mean_glucose
    assert gained == pytest.approx(2.0 * slower * missing, rel=0.02)


def test_without_cells_it_holds_what_it_is_supplied_with() -> None:
    fed = steady(unmoved(), crowding=0.0)
    assert 4.0 <= fed.mean_glucose <= 5.0
    assert fed.viable == 1.0


@given(
    st.lists(st.tuples(st.floats(0.1, 3.0), st.floats(-800.0, 250.0)), min_size=1, max_size=3),
    st.floats(0.05, 1.0),
    st.floats(0.2, 3.0),
)
@settings(max_examples=6, deadline=None)
def test_what_is_supplied_and_made_is_stored_whatever_it_goes_through(
    stages: Stages, endplate: float, crowding: float
) -> None:
    moments = Nutrients(coarse(), endplate, crowding).along(through(stages))
    for moment in moments:
        turned_over = np.abs(moment.made) + np.abs(moment.supplied) + moments[0].stored
        gained = moment.stored - moments[0].stored
        assert np.abs(gained - moment.supplied - moment.made).max() <= 1e-9 * turned_over.max()
        assert (moment.c >= 0.0).all()


def test_water_flows_as_along_the_march() -> None:
    """Found from how the room changes, it is what the march's potential drives."""
    points = through([(1.0, STANDING)])
    before, after = points[-2:]
    medium, porous = Nutrients(coarse()).medium, coarse().porous
    middle, dt = 0.5 * (before.u + after.u), after.t - before.t
    found = medium.flow(middle, (medium.room(after.u) - medium.room(before.u)) / dt)
    s, mu = porous.shapes, 0.5 * (before.mu + after.mu)
    slope = np.einsum("eqcn,en->eqc", s.pressure_slope, mu[s.pressure_dofs])
    expected = -np.einsum("eqcd,eqd->eqc", porous.tissue.conductance(porous.deformations(middle)), slope)
    assert np.abs(expected).max() > 1e-9
    assert found == pytest.approx(expected, abs=0.02 * float(np.abs(expected).max()))


def test_a_pull_brings_water_and_feeds_the_nucleus_a_little_and_soon_lost() -> None:
    """Against lying: some glucose comes with the water and goes again; the poorest place hardly changes."""
    feed = Nutrients(coarse())
    pulled = through([(0.75, LYING + 300.0), (6.0, LYING)])
    moments = feed.along(pulled)
    held = [one for one in moments if one.t <= rested().t + 0.75 * HOUR * (1.0 + 1e-12)][-1]
    first, end, after = (feed.read(one) for one in (moments[0], held, moments[-1]))
    assert 0.0 < end.mean_glucose - first.mean_glucose < 0.5
    assert abs(end.glucose - first.glucose) < 0.05 * first.glucose
    assert abs(after.mean_glucose - first.mean_glucose) < 0.5 * (end.mean_glucose - first.mean_glucose)


def test_half_the_step_says_the_same() -> None:
    points = through([(6.0, STANDING)])
    feed = Nutrients(coarse())
    a, b = (feed.read(feed.along(points, longest=longest)[-1]) for longest in (600.0, 300.0))
    assert a == pytest.approx(b, rel=1e-4)


def test_a_finer_mesh_says_the_same() -> None:
    def on(cells: Cells) -> Fed:
        disc = Disc(cells=cells)
        feed = Nutrients(disc)
        return feed.read(feed.steady(disc.under(lambda _t: 0.0).start()))

    ours, finer = on(Cells()), on(Cells().finer(2))
    assert ours == pytest.approx(finer, rel=0.02)


def test_without_what_flows_a_pull_brings_less() -> None:
    points = through([(0.75, LYING + 300.0)])
    brought = []
    for carried in (True, False):
        feed = Nutrients(coarse(), carried=carried)
        moments = feed.along(points)
        brought.append(feed.read(moments[-1]).mean_glucose - feed.read(moments[0]).mean_glucose)
    assert brought[0] > brought[1]


@pytest.mark.parametrize("endplate", [0.0, -1.0, 1.01, float("nan")])
def test_an_endplate_open_by_no_share_is_refused(endplate: float) -> None:
    with pytest.raises(BadInput, match=r"a share from 0\.01 to 1"):
        Nutrients(coarse(), endplate)


@pytest.mark.parametrize("crowding", [-0.1, float("inf"), float("nan")])
def test_cells_fewer_than_none_are_refused(crowding: float) -> None:
    with pytest.raises(BadInput, match="0 or more"):
        Nutrients(coarse(), crowding=crowding)


def test_a_way_that_is_none_is_refused() -> None:
    feed = Nutrients(coarse())
    with pytest.raises(BadInput, match="at least one point"):
        feed.along([])
    with pytest.raises(BadInput, match="time goes on"):
        feed.along([unmoved(), unmoved()])
    with pytest.raises(BadInput, match="a step above 0 s"):
        feed.along([unmoved()], longest=0.0)
    other = Disc(cells=Cells(3, 3, 3, 2)).under(lambda _t: 0.0).start()
    with pytest.raises(BadInput, match="of a march of this disc"):
        feed.along([unmoved(), later(other)])
    with pytest.raises(BadInput, match="where the march begins"):
        feed.along([unmoved()], start=at(feed.steady(unmoved()), 50.0))


def later(point: Point) -> Point:
    return Point(point.t + 1.0, point.y, point.u, point.mu, point.balance, point.left)


def at(moment: Moment, t: float) -> Moment:
    return Moment(t, moment.u, moment.c, moment.stored, moment.supplied, moment.made)
