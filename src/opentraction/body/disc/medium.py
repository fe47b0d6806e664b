"""How solutes move through a deforming, water-filled tissue, told in its reference shape.

    d/dt (n c) + Div (c W - D n m C^-1 Grad c) = what cells make

n = J - s water in a reference volume, c concentration in that water [mol/m^3], W water past the solid seen from the
reference [m/s], D diffusivity in plain water, m = (f / (2 - f))^2 with f = n / J the hindrance by the solid (Mackie and
Meares 1955), C = F^T F. Storage is gathered at the nodes, so that n c is a room times a concentration.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import splu

from opentraction.body.disc.porous import Porous
from opentraction.body.disc.scatter import Pattern
from opentraction.body.disc.solid import volume_ratio

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Medium:
    """A porous body as solutes see it. `drained`: nodes of pressure that the bath keeps; `open_`: share by element."""

    def __init__(self, porous: Porous, drained: IntArray, open_: FloatArray | float = 1.0) -> None:
        s = porous.shapes
        self.porous = porous
        self.nodes = s.sizes[1]
        self.open = np.broadcast_to(np.asarray(open_, dtype=np.float64).reshape(-1), (s.elements,))[:, None]
        self.solid = np.broadcast_to(np.asarray(porous.tissue.water.solid, dtype=np.float64).reshape(-1), (s.elements,))
        self._free = np.setdiff1d(np.arange(self.nodes), drained)
        column = np.full(self.nodes, -1)
        column[self._free] = np.arange(self._free.size)
        self._within = Pattern(column[s.pressure_dofs], self._free.size)

    def gather(self, density: FloatArray) -> FloatArray:
        """The integral of a density around each node, given at the quadrature points (e, q)."""
        s = self.porous.shapes
        parts = np.einsum("eq,qn->en", s.weight * density, s.pressure_value)
        return np.bincount(s.pressure_dofs.ravel(), parts.ravel(), self.nodes).astype(np.float64)

    def at_points(self, nodal: FloatArray) -> FloatArray:
        """Values at the quadrature points (..., e, q) of values at the nodes (..., n)."""
        s = self.porous.shapes
        return np.asarray(nodal[..., s.pressure_dofs] @ s.pressure_value.T)

    def room(self, u: FloatArray) -> FloatArray:
        """Water around each node [m^3] at displacements `u`."""
        return self.gather(self.porous.volumes(u) - self.solid[:, None])

    def spreading(self, u: FloatArray) -> FloatArray:
        """Element matrices of diffusion for a diffusivity in water of one [m]; columns add up to nothing."""
        f = self.porous.deformations(u)
        j = volume_ratio(f)
        water = j - self.solid[:, None]
        hindered = (water / (2.0 * j - water)) ** 2
        return self._along((self.open * water * hindered)[..., None, None] * unstretched(f))

    def carrying(self, flow: FloatArray) -> FloatArray:
        """Element matrices of convection with the water [m^3/s]; columns add up to nothing."""
        s = self.porous.shapes
        off = np.einsum("eqcn,eqc->eqn", s.pressure_slope, flow * s.weight[..., None])
        return np.asarray(-np.einsum("eqn,qm->enm", off, s.pressure_value))

    def flow(self, u: FloatArray, filling: FloatArray) -> FloatArray:
        """Water past the solid (e, q, 2) [m/s], from how fast the room of each node grows [m^3/s].

        Found from a potential whose gradient drives it and which the bath keeps at zero: the same water balance as in
        the march, held exactly over the step, so that a concentration that is even stays even.
        """
        s = self.porous.shapes
        conductance = self.porous.tissue.conductance(self.porous.deformations(u))
        matrix = self._within.matrix(self._along(conductance))
        potential = np.zeros(self.nodes)
        potential[self._free] = splu(matrix).solve(-filling[self._free])
        slope = np.einsum("eqcn,en->eqc", s.pressure_slope, potential[s.pressure_dofs])
        return np.asarray(-np.einsum("eqcd,eqd->eqc", conductance, slope))

    def _along(self, tensor: FloatArray) -> FloatArray:
        """Element matrices of grad q . tensor grad c."""
        s = self.porous.shapes
        push = np.einsum("eqcd,eqdm->eqcm", tensor * s.weight[..., None, None], s.pressure_slope)
        return np.asarray(np.einsum("eqcn,eqcm->enm", s.pressure_slope, push))


def unstretched(f: FloatArray) -> FloatArray:
    """C^-1 in the plane of the mesh (..., 2, 2), from the five components of F."""
    a, b, c, d, _ = np.moveaxis(f, -1, 0)
    rr, zz, rz = d * d + b * b, a * a + c * c, -(d * c + a * b)
    plane = np.stack([np.stack([rr, rz], axis=-1), np.stack([rz, zz], axis=-1)], axis=-2)
    return np.asarray(plane / ((a * d - b * c) ** 2)[..., None, None])
