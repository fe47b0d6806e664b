"""How easily water moves through the tissue: squeezed pores let less through.

k = k0 ((J - s) / (1 - s))^a exp(m (J^2 - 1) / 2), s the solid's share of the volume at J = 1 (Holmes and Mow 1990,
doi:10.1016/0021-9290(90)90007-P).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Permeability:
    """Each a number or one value for each element: at_rest k0 [m^4/(N s)], solid s [-], power a, growth m."""

    at_rest: FloatArray | float
    solid: FloatArray | float = 0.2
    power: FloatArray | float = 0.0
    growth: FloatArray | float = 0.0


def permeability(volume: FloatArray, p: Permeability) -> FloatArray:
    """[m^4/(N s)] at volume ratio `volume` [-]."""
    pores = np.maximum((volume - p.solid) / (1.0 - np.asarray(p.solid)), 1e-6)
    return np.asarray(p.at_rest * pores**p.power * np.exp(0.5 * p.growth * (volume**2 - 1.0)))
