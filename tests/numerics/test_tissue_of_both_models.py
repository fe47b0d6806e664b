"""One tissue in two models: the fast column and the disc by finite elements swell and let water through alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.body.column.anatomy import BODY_HEAT, Size, disc_segment
from opentraction.body.column.chosen import PARAMETERS, typical
from opentraction.body.column.pores import Pores, ease, thirst
from opentraction.body.disc.donnan import SALINE, Charges, osmotic_pressure, osmotic_slope
from opentraction.body.disc.water import Permeability, permeability

volumes = st.floats(0.6, 1.6)


def tissue(charge: float, water: float) -> Pores:
    """Charged, its solid without stiffness of its own."""
    return Pores(6, 5e-3, charge, water, 0.0, 1e-15, 2.0, 1.0, 1.0, SALINE, BODY_HEAT)


@given(volumes, st.floats(10.0, 500.0), st.floats(0.6, 0.9))
def test_the_same_charges_draw_the_same_water(volume: float, charge: float, water: float) -> None:
    """Donnan's law stands twice, once compiled; the temperature of the body once."""
    drawn, slope = thirst(volume, tissue(charge, water))
    charges, at = Charges(charge, water), np.array(volume)
    assert -drawn == pytest.approx(float(osmotic_pressure(at, charges)), rel=1e-9)
    assert -slope == pytest.approx(float(osmotic_slope(at, charges)), rel=1e-9)


@given(volumes, st.floats(0.6, 0.9))
def test_the_same_pores_let_the_same_water_through(volume: float, water: float) -> None:
    """Holmes and Mow's law stands twice too."""
    column, _ = ease(volume, tissue(200.0, water))
    disc = float(permeability(np.array(volume), Permeability(1e-15, 1.0 - water, 2.0, 1.0)))
    assert column == pytest.approx(disc, rel=1e-9, abs=0.0)


def test_both_models_bathe_in_the_same_salt_at_the_heat_of_a_body() -> None:
    nucleus = disc_segment(4, Size(), typical()).nucleus
    assert PARAMETERS["disc"]["salt"].value == SALINE == nucleus.salt
    assert nucleus.heat / 8.314462618 == pytest.approx(273.15 + 37.0, abs=0.5)
