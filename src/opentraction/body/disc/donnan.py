"""Osmotic pressure of fixed charges against a salt bath (Donnan), and how it falls as the tissue takes up water.

Ideal solution of one salt: pi = R T (sqrt(cF^2 + 4 c^2) - 2 c). Only the water takes part in a change of volume, so the
charge density is cF = cF0 phi0 / (phi0 - 1 + J) at volume ratio J (Lanir 1987; Schroeder 2006, Eur Spine J 15:S361).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
GAS_CONSTANT: Final = 8.314462618
"""[J/(mol K)] (CODATA 2018, exact)."""
BODY_TEMPERATURE: Final = 310.0
"""[K]"""
SALINE: Final = 150.0
"""[mol/m^3] salt of a physiological bath."""


@dataclass(frozen=True, slots=True)
class Charges:
    """Fixed charges of a tissue; every field a number or one value for each element.

    charge: fixed-charge density at J = 1 [mol/m^3]; water: share of the volume that is water at J = 1 [-];
    salt: of the bath [mol/m^3]; temperature [K].
    """

    charge: FloatArray | float
    water: FloatArray | float
    salt: float = SALINE
    temperature: float = BODY_TEMPERATURE


def charge_density(volume: FloatArray, c: Charges) -> FloatArray:
    """Fixed-charge density [mol/m^3] at volume ratio `volume` [-]."""
    return np.asarray(c.charge * c.water / (c.water - 1.0 + volume))


def osmotic_pressure(volume: FloatArray, c: Charges) -> FloatArray:
    """Pressure above that of the bath [Pa]."""
    fixed = charge_density(volume, c)
    return GAS_CONSTANT * c.temperature * (np.sqrt(fixed**2 + 4.0 * c.salt**2) - 2.0 * c.salt)


def osmotic_slope(volume: FloatArray, c: Charges) -> FloatArray:
    """Derivative of the pressure by the volume ratio [Pa]; negative: swelling dilutes."""
    fixed = charge_density(volume, c)
    dilution = -fixed / (c.water - 1.0 + volume)
    return np.asarray(GAS_CONSTANT * c.temperature * fixed / np.sqrt(fixed**2 + 4.0 * c.salt**2) * dilution)


def osmotic_energy(volume: FloatArray, c: Charges) -> FloatArray:
    """Stored by fixed charges, per reference volume [J/m^3]: its slope by the volume ratio is minus the pressure."""
    water = c.water - 1.0 + volume
    fixed = np.asarray(c.charge * c.water)
    root = np.sqrt(fixed**2 + 4.0 * c.salt**2 * water**2)
    gathered = root - fixed * np.arcsinh(fixed / (2.0 * c.salt * water)) - 2.0 * c.salt * water
    return np.asarray(-GAS_CONSTANT * c.temperature * gathered)
