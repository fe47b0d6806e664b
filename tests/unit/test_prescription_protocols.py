"""Every shipped protocol says where it comes from, treats bodies from 5th to 95th percentile, and stays gentle."""

from __future__ import annotations

from pathlib import Path

import pytest

from opentraction.patient import Body, Patient, read_patient
from opentraction.prescription import protocols, read_prescription
from opentraction.prescription.segments import steepest

NAMES = sorted(protocols())
BODIES = [(45.0, 1.50), (50.0, 1.53), (60.0, 1.62), (75.0, 1.72), (92.0, 1.80), (110.0, 1.87), (160.0, 1.90)]
POUND = 4.4482216152605
EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_published_protocols_are_there() -> None:
    asked = {"vax-d-1997", "drx-case", "idd-oscillation", "triton-progressive", "triton-regressive"}
    asked |= {"kdt-first-visit", "fritz-prone-static", "fowler-supine-static", "cervical-supine", "two-level-split"}
    assert asked <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("mass", "stature"), BODIES)
def test_every_protocol_fits_every_body(name: str, mass: float, stature: float) -> None:
    recipe = read_prescription(protocols()[name])
    patient = Patient("any", Body(mass, stature, 50.0))
    for session in range(1, (recipe.course.sessions if recipe.course else 1) + 1):
        plan = recipe.resolve(patient, session)
        assert max(steepest(row) for row in plan.rows) <= 60.0
        assert plan.peak <= 0.60 * mass * 9.80665
        assert plan.total_time <= 31.0 * 60.0


@pytest.mark.parametrize("name", NAMES)
def test_every_protocol_says_where_it_comes_from(name: str) -> None:
    recipe = read_prescription(protocols()[name])
    assert len(recipe.source) > 60
    assert len(recipe.notes) > 60
    promises = ("cure", "heals", "risk-free", "no risk", "success rate", "fda approved")
    assert not [word for word in promises if word in (recipe.source + recipe.notes).lower()]


def test_the_drx_case_is_the_published_one_for_a_heavy_person() -> None:
    """90/45 lb at first and 110/55 lb at last, 18 cycles within 28 min."""
    recipe = read_prescription(protocols()["drx-case"])
    patient = Patient("any", Body(110.0, 1.87, 50.0))
    first, last = recipe.resolve(patient, 1), recipe.resolve(patient, 20)
    assert (first.peak / POUND, first.base / POUND) == pytest.approx((90.0, 45.0))
    assert (last.peak / POUND, last.base / POUND) == pytest.approx((110.0, 55.0))
    assert (first.cycles, last.cycles) == (18, 18)


def test_vax_d_is_fifteen_pulls_in_about_half_an_hour() -> None:
    plan = read_prescription(protocols()["vax-d-1997"]).resolve(Patient("any", Body(75.0, 1.72, 50.0)))
    assert (plan.cycles, plan.position, plan.couch) == (15, "prone", "split")
    assert plan.total_time / 60.0 == pytest.approx(30.0, abs=1.0)


def test_the_examples_work_together() -> None:
    plan = read_prescription(EXAMPLES / "prescription.toml").resolve(read_patient(EXAMPLES / "patient.toml"))
    assert plan.cycles == 14
