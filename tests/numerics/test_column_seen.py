"""What is told of a marched body follows from its mechanics: front and back, nerve's room, bulge, water, weight."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from opentraction.body.column.anatomy import DISCS, Cut, Size, disc_segment, usual_grade
from opentraction.body.column.chosen import PARAMETERS, Chosen, lists, typical
from opentraction.body.column.play import Seen, middle, play
from opentraction.body.column.scenario import POSTURES, Scenario, Somebody, Specimen, Stage
from opentraction.quantities.units import GRAVITY

FloatArray = npt.NDArray[np.float64]
BENT = Specimen("disc")
STANDING = Somebody(mass=75.0, stature=1.75, age=40.0)


@cache
def bent(direction: str, moment: float = 3.0) -> Seen:
    """A disc before it is bent, just after, and once it holds the moment [N m] still."""
    stages = Stage("unloaded", 10.0), Stage("unloaded", 10.0, moment=moment, direction=direction)
    return middle(Scenario(BENT, stages), np.array([10.0, 10.5, 20.0]))


def by(values: FloatArray) -> float:
    """From before the moment to its end."""
    return float(values[-1, 0] - values[0, 0])


# ---- front and back ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("direction", "way"), [("flexion", 1.0), ("extension", -1.0)])
def test_flexion_opens_the_back_and_closes_the_front_and_extension_the_other_way(direction: str, way: float) -> None:
    seen = bent(direction)
    assert way * by(seen.posterior) > 5e-4
    assert way * by(seen.anterior) < -5e-4


def test_bending_aside_opens_neither_front_nor_back_by_much() -> None:
    seen = bent("lateral")
    assert abs(by(seen.anterior - seen.posterior)) < 0.2 * abs(by(bent("flexion").posterior))


def test_lumbar_discs_are_taller_in_front() -> None:
    """Most at the sacrum; and the middle is halfway."""
    seen = middle(Scenario(STANDING, (Stage("supine", 60.0),)), np.array([60.0]))
    wedge = (seen.anterior - seen.posterior)[0]
    assert np.all(wedge > 0.0)
    assert np.argmax(wedge) == DISCS.index("L5-S1")
    assert 0.5 * (seen.anterior + seen.posterior) == pytest.approx(seen.height, rel=1e-12)


@pytest.mark.parametrize("direction", ["flexion", "extension"])
def test_front_and_back_lie_near_the_rims(direction: str) -> None:
    """A turn opens between them what their distance says: most of the disc's depth, and no more than all of it."""
    seen = bent(direction)
    turned = float(np.ptp(seen.rotation[1:, 0]))
    opened = float(np.ptp((seen.anterior - seen.posterior)[1:, 0]))
    depth = 2.0 * disc_segment(DISCS.index(BENT.level), Size(BENT.stature), typical()).depth
    assert turned > 1e-3
    assert 0.7 * depth < opened / turned <= depth


# ---- the maps ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("direction", ["flexion", "extension"])
def test_the_nerve_gains_room_as_the_back_opens_by_what_its_map_says(direction: str) -> None:
    """Flexion opens the foramen, extension narrows it; so much of its area for each millimetre, for small changes."""
    seen = bent(direction, 0.25)
    opened = 1e3 * by(seen.posterior)
    assert 0.05 < abs(opened) < 0.3
    assert by(seen.foramen) / opened == pytest.approx(100.0 * PARAMETERS["maps"]["foramen"].value, rel=0.06)


def test_the_back_of_the_wall_is_drawn_in_by_flexion_and_pushed_out_by_extension_and_by_load() -> None:
    """In front it is the other way round, so whoever looked there would tell the opposite."""
    assert by(bent("flexion").bulge) < -1.0
    assert by(bent("extension").bulge) > 1.0
    pressed = Stage("unloaded", 10.0), Stage("unloaded", 10.0, axial_force=-500.0)
    assert by(middle(Scenario(BENT, pressed), np.array([10.0, 20.0])).bulge) > 1.0


# ---- water -------------------------------------------------------------------------------------------------------
def squeezed(c: Chosen) -> Seen:
    """A disc as it was cut, and after four hours under 800 N."""
    stages = Stage("unloaded", 1.0), Stage("unloaded", 4 * 3600.0, axial_force=-800.0)
    return play(Scenario(BENT, stages), np.array([1.0, 1.0 + 4 * 3600.0]), c)


def chosen(section: str, **values: float) -> Chosen:
    """The typical body, some of one section set."""
    return {**typical(), section: {**typical()[section], **values}}


def test_a_squeezed_disc_loses_water_and_nothing_else() -> None:
    seen = squeezed(typical())
    assert seen.fluid[1, 0] < 0.96 * seen.fluid[0, 0]
    assert seen.volume[0, 0] - seen.volume[1, 0] == pytest.approx(seen.fluid[0, 0] - seen.fluid[1, 0], rel=1e-9)


def test_what_is_not_water_is_the_dry_share_of_each_tissue() -> None:
    c = chosen("disc", nucleus_water=0.9, annulus_water=0.6)
    grades = (usual_grade(BENT.age),) * len(DISCS)
    one = disc_segment(DISCS.index(BENT.level), Size(BENT.stature, BENT.sex, grades), c, Cut(False, False))
    assert one.nucleus.water > one.annulus.water
    dry = one.wall.nucleus * (1.0 - one.nucleus.water) + one.wall.volume * (1.0 - one.annulus.water)
    seen = squeezed(c)
    assert seen.volume[:, 0] - seen.fluid[:, 0] == pytest.approx([dry, dry], rel=1e-9)


def test_a_disc_with_more_nucleus_holds_more_water() -> None:
    """The nucleus is the wetter tissue."""
    share = typical()["size"]["nucleus_share"]
    little, much = (squeezed(chosen("size", nucleus_share=factor * share)) for factor in (0.8, 1.2))
    wet = [float(one.fluid[0, 0] / one.volume[0, 0]) for one in (little, much)]
    assert wet[1] > wet[0] + 5e-3


# ---- weight ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("posture", ["standing", "suspended", "inverted"])
def test_the_spines_force_is_what_l3_l4_bears(posture: str) -> None:
    """By statics: what is above rests on it, what is below hangs from it, what is above hangs from it; and muscles.

    The levels beside it bear 2.5 to 3 % of body weight more and less.
    """
    above, table = lists()["discs"]["load_above"], lists()["postures"]
    bears = {"standing": 1.0, "suspended": 0.0, "inverted": -1.0}[posture] * above[DISCS.index("L3-L4")]
    if posture == "suspended":
        bears = above[DISCS.index("L3-L4")] - 1.0
    muscles = table["muscle"][POSTURES.index(posture)]
    seen = middle(Scenario(STANDING, (Stage(posture, 600.0),)), np.array([600.0]))
    assert seen.spine_force[0] == pytest.approx(-STANDING.mass * GRAVITY * (bears + muscles), rel=5e-3)


def test_a_load_on_the_spine_is_told_whole() -> None:
    """Whatever the level: a weight on the shoulders is the same at all of them."""
    bare, loaded = (
        middle(Scenario(STANDING, (Stage("standing", 600.0, axial_force=force),)), np.array([600.0])).spine_force[0]
        for force in (0.0, -200.0)
    )
    assert loaded - bare == pytest.approx(-200.0, rel=1e-9)


def test_a_heavier_body_of_the_same_size_bears_more_in_proportion() -> None:
    one, two = (
        middle(Scenario(replace(STANDING, mass=mass), (Stage("standing", 60.0),)), np.array([60.0])).spine_force[0]
        for mass in (60.0, 90.0)
    )
    assert two / one == pytest.approx(1.5, rel=1e-9)
