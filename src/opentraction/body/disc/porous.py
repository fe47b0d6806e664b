"""The equations of a porous body on a mesh: forces in balance, and no water lost.

    forces:  integral P(u, mu) : grad v = loads . v
    water:   d/dt integral J(u) q + integral grad q . K(u) grad mu = 0

`Porous` evaluates both and their derivatives; `stepping.py` marches them through time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from opentraction.body.disc import kernel, kernel_slopes
from opentraction.body.disc.donnan import GAS_CONSTANT, osmotic_energy
from opentraction.body.disc.shapes import Shapes
from opentraction.body.disc.solid import IDENTITY, energy, volume_ratio
from opentraction.body.disc.tissue import Tissue

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Evaluated:
    """All of a state: inner forces [N], water held above the reference [m^3] and leaving [m^3/s], by unknown."""

    forces: FloatArray
    held: FloatArray
    leaving: FloatArray


class Porous:
    """A tissue on a mesh."""

    def __init__(self, shapes: Shapes, tissue: Tissue) -> None:
        self.shapes = shapes
        self.tissue = tissue
        s = shapes
        self._grid = kernel.Grid(
            s.value, s.slope, s.pressure_value, s.pressure_slope, s.weight, s.radius,
            s.displacement_dofs, s.pressure_dofs,
        )  # fmt: skip
        self._matter = matter_of(tissue, s.elements)

    def evaluate(self, u: FloatArray, mu: FloatArray) -> Evaluated:
        """Both balances at a state; not a number where an element is turned inside out."""
        nu, np_ = self.shapes.sizes
        made = Evaluated(np.zeros(nu), np.zeros(np_), np.zeros(np_))
        kernel.evaluate(u, mu, self._grid, self._matter, made.forces, made.held, made.leaving)
        return made

    def slopes(self, u: FloatArray, mu: FloatArray, share: float, closing: bool = False) -> FloatArray:
        """Element matrices of an implicit stage of `share` [s]; rows as in `unknowns`.

        Symmetric, for the pores are taken as they are; exact where their `closing` is told as well.
        """
        width = self.unknowns.shape[1]
        out = np.empty((self.shapes.elements, width, width))
        kernel_slopes.slopes(u, mu, self._grid, self._matter, share, closing, out)
        return out

    def deformations(self, u: FloatArray) -> FloatArray:
        """F at the quadrature points [e, q, 5]."""
        s = self.shapes
        radial, axial = u[s.displacement_dofs[:, 0]], u[s.displacement_dofs[:, 1]]
        f: FloatArray = np.zeros((*s.weight.shape, 5)) + IDENTITY
        f[..., :2] += np.einsum("eqci,ei->eqc", s.slope, radial)
        f[..., 2:4] += np.einsum("eqci,ei->eqc", s.slope, axial)
        around = np.where(s.radius > 0.0, s.radius, np.inf)
        f[..., 4] += np.einsum("qi,ei->eq", s.value, radial) / around
        return f

    def volumes(self, u: FloatArray) -> FloatArray:
        """J at the quadrature points [e, q]."""
        return volume_ratio(self.deformations(u))

    def stored(self, u: FloatArray) -> float:
        """Energy of solid and charges [J]; the rest of the work that was done went into moving water."""
        f, tissue = self.deformations(u), self.tissue
        by_charges = osmotic_energy(volume_ratio(f), tissue.charges) if tissue.charges else 0.0
        return float(np.sum(self.shapes.weight * (energy(f, tissue.solid) + by_charges)))

    def thirst(self) -> FloatArray:
        """The potential at which nothing pushes in the reference [Pa]: minus the osmotic pressure around each unknown.

        A charged tissue begins from it: at mu = 0 its solid would bear all of the osmotic pressure at once.
        """
        s = self.shapes
        osmotic = np.broadcast_to(self.tissue.swelling(np.ones((s.elements, 1))), (s.elements, s.value.shape[0]))
        size = s.sizes[1]
        parts = np.einsum("eq,qn->en", s.weight, s.pressure_value).ravel()
        push = np.einsum("eq,qn->en", s.weight * osmotic, s.pressure_value).ravel()
        dofs = s.pressure_dofs.ravel()
        return np.asarray(-np.bincount(dofs, push, size) / np.bincount(dofs, parts, size))

    @cached_property
    def unknowns(self) -> npt.NDArray[np.int64]:
        """Unknowns of each element: radial and axial displacements, then pressures, counted on from those."""
        u, p = self.shapes.displacement_dofs, self.shapes.pressure_dofs
        return np.concatenate([u.reshape(u.shape[0], -1), p + self.shapes.sizes[0]], axis=1)


def matter_of(tissue: Tissue, elements: int) -> kernel.Matter:
    """A tissue as the kernel takes it: one value for each element."""

    def each(value: FloatArray | float) -> FloatArray:
        return np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype=np.float64).reshape(-1), (elements,)))

    s, k, c = tissue.solid, tissue.water, tissue.charges
    angle = each(s.angle)
    return kernel.Matter(
        each(s.shear), each(s.lame), each(s.fibre), each(s.fibre_growth), np.sin(angle) ** 2, np.cos(angle) ** 2,
        each(k.at_rest), each(k.solid), each(k.power), each(k.growth),
        each(c.charge if c else 0.0), each(c.water if c else 1.0),
        c.salt if c else 0.0, GAS_CONSTANT * c.temperature if c else 0.0,
    )  # fmt: skip
