"""A porous, charged, fibre-reinforced tissue full of water: what it answers to a deformation and a pressure.

Total stress P = P_solid - (mu + pi(J)) J F^-T with mu the water's potential, the pressure that a drop of the bath would
have in balance with it (fluid pressure less osmotic pressure). Water flows down mu; water and solid keep their volume.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.donnan import Charges, osmotic_pressure, osmotic_slope
from opentraction.body.disc.solid import Solid, cofactor, cofactor_slope, stress, tangent, volume_ratio
from opentraction.body.disc.water import Permeability, permeability

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tissue:
    """The material of a mesh; without charges it is a plain biphasic tissue."""

    solid: Solid
    water: Permeability
    charges: Charges | None = None

    def swelling(self, j: FloatArray) -> FloatArray:
        """Osmotic pressure [Pa] at volume ratio `j`."""
        return np.zeros_like(j) if self.charges is None else osmotic_pressure(j, self.charges)

    def swelling_slope(self, j: FloatArray) -> FloatArray:
        """Its derivative [Pa]."""
        return np.zeros_like(j) if self.charges is None else osmotic_slope(j, self.charges)

    def total(self, f: FloatArray, mu: FloatArray) -> FloatArray:
        """Total first Piola-Kirchhoff stress [Pa]."""
        push = mu + self.swelling(volume_ratio(f))
        return stress(f, self.solid) - push[..., None] * cofactor(f)

    def total_slope(self, f: FloatArray, mu: FloatArray) -> FloatArray:
        """dP/dF at fixed mu [Pa]."""
        j, normal = volume_ratio(f), cofactor(f)
        push, slope = mu + self.swelling(j), self.swelling_slope(j)
        around = slope[..., None, None] * normal[..., :, None] * normal[..., None, :]
        return np.asarray(tangent(f, self.solid) - push[..., None, None] * cofactor_slope(f) - around)

    def conductance(self, f: FloatArray) -> FloatArray:
        """Permeability seen from the reference [m^4/(N s)], (..., 2, 2): k J C^-1 in the plane of the mesh."""
        a, b, c, d, t = np.moveaxis(f, -1, 0)
        j = volume_ratio(f)
        # J C^-1 in the plane: with F^-1 = adj / det, J = det * t
        det = a * d - b * c
        rr, zz, rz = d * d + b * b, a * a + c * c, -(d * c + a * b)
        plane = np.stack([np.stack([rr, rz], axis=-1), np.stack([rz, zz], axis=-1)], axis=-2)
        return np.asarray(permeability(j, self.water)[..., None, None] * (t / det)[..., None, None] * plane)
