"""Shape functions of a mesh at its quadrature points, as plain arrays.

Displacement is quadratic and pressure linear (Taylor-Hood), so that no pressure oscillates where the water has nowhere
to go (Stokes 2010, PMC2867042).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import skfem

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
AXISYMMETRIC: Final = "axisymmetric"
PLANE: Final = "plane"
ORDER: Final = 5
"""Polynomials up to this degree are integrated exactly (the radius takes one)."""


@dataclass(frozen=True)
class Shapes:
    """Arrays by element e, quadrature point q, node of displacement i, node of pressure n.

    value (q, i) and slope (e, q, 2, i): displacement; pressure_value (q, n) and pressure_slope (e, q, 2, n): pressure;
    weight (e, q): [m^3] of a whole turn when axisymmetric, of a metre of depth when plane; radius (e, q) [m], 0 where
    there is no hoop strain; displacement_dofs (e, 2, i), pressure_dofs (e, n).
    """

    displacement: Any
    pressure: Any
    value: FloatArray
    slope: FloatArray
    pressure_value: FloatArray
    pressure_slope: FloatArray
    weight: FloatArray
    radius: FloatArray
    place: FloatArray
    displacement_dofs: IntArray
    pressure_dofs: IntArray

    @property
    def sizes(self) -> tuple[int, int]:
        """How many unknowns of displacement and of pressure."""
        return int(self.displacement.N), int(self.pressure.N)

    @property
    def elements(self) -> int:
        """How many elements."""
        return int(self.weight.shape[0])


def shapes_of(mesh: Any, geometry: str = AXISYMMETRIC) -> Shapes:
    """Shapes on a mesh of quadrilaterals or triangles; its first coordinate is the radius when axisymmetric."""
    quads = isinstance(mesh, skfem.MeshQuad1)
    quadratic = skfem.ElementQuad2() if quads else skfem.ElementTriP2()
    linear = skfem.ElementQuad1() if quads else skfem.ElementTriP1()
    scalar = skfem.Basis(mesh, quadratic, intorder=ORDER)
    vector, pressure = scalar.with_element(skfem.ElementVector(quadratic)), scalar.with_element(linear)
    place = np.moveaxis(np.asarray(scalar.global_coordinates()), 0, -1)
    around = geometry == AXISYMMETRIC
    return Shapes(
        displacement=vector,
        pressure=pressure,
        value=_values(scalar),
        slope=_slopes(scalar),
        pressure_value=_values(pressure),
        pressure_slope=_slopes(pressure),
        weight=np.ascontiguousarray(scalar.dx * (2.0 * np.pi * place[..., 0] if around else 1.0)),
        radius=np.ascontiguousarray(place[..., 0] if around else np.zeros(place.shape[:2])),
        place=place,
        displacement_dofs=_pairs(vector.element_dofs.T),
        pressure_dofs=np.ascontiguousarray(pressure.element_dofs.T.astype(np.int64)),
    )


def _values(basis: Any) -> FloatArray:
    """The same in every element."""
    return np.ascontiguousarray(np.stack([np.atleast_2d(np.asarray(one))[0] for (one,) in basis.basis], axis=-1))


def _slopes(basis: Any) -> FloatArray:
    return np.ascontiguousarray(np.stack([np.moveaxis(one.grad, 0, -1) for (one,) in basis.basis], axis=-1))


def _pairs(dofs: Any) -> IntArray:
    """Radial and axial ones apart; the library counts them node by node."""
    return np.ascontiguousarray(np.swapaxes(dofs.reshape(dofs.shape[0], -1, 2), 1, 2).astype(np.int64))


def line(axis: int, value: float) -> Callable[[FloatArray], npt.NDArray[np.bool_]]:
    """Edges on a straight line: where a coordinate is `value` [m]."""
    return lambda x: np.isclose(x[axis], value, atol=1e-9)


def dofs_on(basis: Any, where: Any, *which: str) -> IntArray:
    """Unknowns on the edges that `where` names; of one direction where asked for, `u^1` radial or `u^2` axial."""
    return np.asarray(basis.get_dofs(where).all(*which), dtype=np.int64)
