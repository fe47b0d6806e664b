"""Who is treated: a body that can be, a ceiling that holds, and never a name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.patient import Body, Complaint, Patient, default_ceiling, parse_patient, read_patient
from opentraction.patient.patient import check_bmi
from opentraction.quantities import GRAVITY, BadInput

EXAMPLE = Path(__file__).parents[2] / "examples" / "patient.toml"
POUND = 4.4482216152605


def test_the_example_is_read() -> None:
    patient = read_patient(EXAMPLE)
    assert patient.body == Body(70.0, 1.76, 54.0, "male", 3)
    assert patient.complaint == Complaint(levels=("L5-S1",), kind="radiculopathy")
    assert (patient.pseudonym, patient.ceiling) == ("017", 400.0)


def test_what_is_not_known_is_not_zero() -> None:
    patient = parse_patient('[patient]\npseudonym = "a"\n[body]\nmass = "154 lb"\nstature = "69 in"\nage = 40\n')
    assert patient.body.disc_grade is None
    assert patient.body.mass == pytest.approx(69.85, abs=0.01)
    assert patient.ceiling == default_ceiling(patient.body.mass)
    assert patient.document()["disc_grade"] is None


@pytest.mark.parametrize(
    ("mass", "ceiling"),
    [
        (50.0, 0.60 * 50.0 * GRAVITY),
        (90.0, 0.60 * 90.0 * GRAVITY),
        (110.0, 0.5 * 110.0 * GRAVITY + 20.0 * POUND),
        (200.0, 1050.0),
    ],
)
def test_the_default_ceiling_is_the_least_of_three(mass: float, ceiling: float) -> None:
    assert default_ceiling(mass) == pytest.approx(ceiling)


@given(st.floats(35.0, 200.0))
def test_the_default_ceiling_is_always_allowed(mass: float) -> None:
    assert 50.0 <= default_ceiling(mass) <= 0.6 * mass * GRAVITY * (1.0 + 1e-15)


@given(st.floats(20.0, 40.0), st.floats(1.5, 2.0))
def test_pounds_taken_for_kilograms_are_asked_about(bmi: float, stature: float) -> None:
    """Whoever has a body mass index above 20 is caught when the pounds are written with kg behind them."""
    pounds = bmi * stature**2 / 0.45359237
    with pytest.raises(BadInput, match="were pounds meant, that is"):
        check_bmi(pounds, stature, confirmed=False)


def test_a_heavy_person_is_weighed_twice() -> None:
    text = '[patient]\npseudonym = "a"\n[body]\nmass = "150 kg"\nstature = "1.75 m"\nage = 40\n'
    with pytest.raises(BadInput, match="mass_confirmed = true"):
        parse_patient(text)
    assert parse_patient(text + "mass_confirmed = true\n").body.mass == 150.0


def test_a_patient_never_changes_and_never_has_a_name() -> None:
    patient = read_patient(EXAMPLE)
    with pytest.raises(dataclasses.FrozenInstanceError):
        patient.ceiling = 900.0  # type: ignore[misc]
    assert set(patient.document()) == {"pseudonym", "mass_kg", "stature_m", "age", "sex", "disc_grade", "levels"}
    with pytest.raises(BadInput, match="never a name"):
        Patient("Jane Doe", patient.body)


def test_a_ceiling_of_zero_is_not_a_default() -> None:
    with pytest.raises(BadInput, match=r"limits\.ceiling"):
        Patient("a", Body(70.0, 1.76, 54.0), ceiling=0.0)
