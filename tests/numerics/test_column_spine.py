"""The column in the table's loop: what the plant opens by is what the column says, and time may be cut anyhow."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import numpy as np
import pytest

from opentraction.body.column.chosen import drawn, typical
from opentraction.body.column.scenario import Somebody
from opentraction.body.person import typical_person
from opentraction.quantities import Streams
from opentraction.session.rows import Rows
from opentraction.twin.column_spine import ColumnSpine
from opentraction.twin.compiled import compiled_run
from opentraction.twin.lockstep import run_ticks
from opentraction.twin.treatment import Treatment
from tests.lab import short_plan

WHO = Somebody(mass=75.0, stature=1.76, age=45.0)
LONG = 5000
"""Ticks: into the first hold."""


def laid() -> ColumnSpine:
    return ColumnSpine(WHO, "supine", typical())


def treatment_of(column: ColumnSpine, plain: bool = False) -> Treatment:
    person = column.in_place_of(typical_person(WHO.mass))
    run = column.run(run_ticks if plain else compiled_run())
    return Treatment(short_plan(300.0), person, Streams(5), run=run)


@functools.cache
def whole() -> tuple[Treatment, ColumnSpine, Rows]:
    column = laid()
    treatment = treatment_of(column)
    return treatment, column, treatment.advance(LONG)


@pytest.mark.parametrize(("degrees", "seed"), [(0, 6), (10, 4), (15, 1), (30, 2)])
def test_whatever_the_angle_plant_and_column_stay_together(degrees: int, seed: int) -> None:
    """An angled pull may bend a column so that it hardly grows longer; the plant keeps a spring."""
    angle = math.radians(degrees)
    (chosen,) = drawn(1, Streams(seed))
    worn = Somebody(50.0, 1.6, 80.0, "female", (5.0,) * 6)
    column = ColumnSpine(worn, "supine", chosen, angle)
    plan = replace(short_plan(200.0), angle=angle)
    person = column.in_place_of(typical_person(worn.mass))
    treatment = Treatment(plan, person, Streams(seed), run=column.run(compiled_run()))
    treatment.advance(LONG)
    plant = treatment._plant
    assert min(column.k1, person.body.spine.compression) > 0.0
    assert plant.pelvis - plant.thorax + plant.length == pytest.approx(column.lengthening, abs=2e-4)
    assert 0.0 < plant.spine < 220.0


def test_the_plant_opens_by_what_the_column_lengthened() -> None:
    treatment, column, _ = whole()
    plant = treatment._plant
    opened = plant.pelvis - plant.thorax + plant.length
    assert column.lengthening > 8e-3
    assert opened == pytest.approx(column.lengthening, rel=0.01)


@pytest.mark.parametrize("piece", [7, 1000])
def test_the_rows_do_not_depend_on_how_time_is_cut(piece: int) -> None:
    treatment = treatment_of(laid())
    rows = np.concatenate([treatment.advance(min(piece, LONG - at)) for at in range(0, LONG, piece)])
    assert rows.tobytes() == whole()[2].tobytes()


def test_the_plain_loop_gives_the_same_bits() -> None:
    assert treatment_of(laid(), plain=True).advance(2000).tobytes() == whole()[2][:2000].tobytes()


def test_it_creeps_on_under_a_steady_pull_and_comes_back_without_one() -> None:
    column, lying = laid(), laid()
    plant = whole()[0]._plant
    at = []
    for force, seconds in ((300.0, 1.0), (300.0, 299.0), (0.0, 120.0)):
        for _ in range(round(seconds * 10)):
            column.follow(plant._replace(spine=force))
            lying.follow(plant._replace(spine=0.0))
        at.append((column.lengthening, lying.lengthening))
    (quick, _), (crept, lay), (after, alone) = at
    assert crept > 1.1 * quick
    assert after - alone < 0.3 * (crept - lay)


def test_its_spring_is_about_as_soft_as_a_quick_pull_finds_it() -> None:
    column = laid()
    before = whole()[0]._plant
    column.follow(before._replace(spine=200.0))
    quick = column.lengthening
    spring = 2.0 * 200.0 / (column.k1 + math.sqrt(column.k1**2 + 4.0 * column.k2 * 200.0))
    assert spring == pytest.approx(quick, rel=0.25)
